#include <stdio.h>

#include "tests/exchange/handle_world.h"

static enum tj_rc
check(struct world *w, struct tj_handle_verdict *verdict)
{
	struct tj_err clean = { 0 };

	world_err = clean;
	return tj_handle_record_check(verdict, &w->trust, &w->product, w->arena, &world_err);
}

/* Refused, and the reason says `text`. */
static void
refused(struct world *w, const char *text)
{
	struct tj_handle_verdict verdict = { .certificates = 77 };

	assert_rc(TJ_E_REFUSED, check(w, &verdict), &world_err);
	if (strstr(world_err.text, text) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", world_err.text, text);
	assert_int_equal(verdict.certificates, 77);
}

static void
accepted(struct world *w, enum tj_handle_state state)
{
	struct tj_handle_verdict verdict;

	assert_ok(check(w, &verdict), &world_err);
	assert_int_equal(verdict.state, state);
}

/* The product's value with this index. */
static struct tj_value *
value(struct world *w, uint32_t index)
{
	return (struct tj_value *)(uintptr_t)tj_record_value(&w->product, index);
}

static void
certificates_lead_from_the_root_to_who_signed(void **state)
{
	struct tj_handle_verdict verdict;
	struct world w;

	(void)state;
	world_open(&w);
	assert_ok(check(&w, &verdict), &world_err);
	assert_int_equal(verdict.state, TJ_HANDLE_CERTIFIED);
	assert_str(ENTERPRISE, verdict.signer);
	assert_str(ROOT, verdict.root);
	assert_int_equal(verdict.certificates, 2);
	/* Names are compared without case, and any key of the root's will do where it is so said. */
	w.product.handle = TJ_S("88.111.1/sn0001");
	w.root.who.index = 0;
	accepted(&w, TJ_HANDLE_CERTIFIED);
	/* What the root has signed itself needs no certificate. */
	world_sign(&w, VALUES, ROOT, KEY_ROOT);
	assert_ok(check(&w, &verdict), &world_err);
	assert_int_equal(verdict.certificates, 0);
	world_close(&w);
}

static void
without_a_root_the_key_that_is_published_tells_who_signed(void **state)
{
	struct tj_handle_verdict verdict;
	struct world w;
	tj_str jwk;

	(void)state;
	world_open(&w);
	w.trust.root_count = 0;
	refused(&w, "signature 400 of " ENTERPRISE ": 88.111.1/ADMIN shows no HS_PUBKEY at 301");
	jwk = world_jwk(&w, KEY_ENTERPRISE);
	world_put(&w, "88.111.1/ADMIN", tj_str_fmt(w.arena, "[{\"index\":301,\"type\":\"HS_PUBKEY\","
	    "\"data\":{\"format\":\"key\",\"value\":%.*s}}]", TJ_FMT(jwk)));
	assert_ok(check(&w, &verdict), &world_err);
	assert_int_equal(verdict.state, TJ_HANDLE_SIGNED);
	assert_str(ENTERPRISE, verdict.signer);
	assert_str("", verdict.root);
	jwk = world_jwk(&w, KEY_INDUSTRY);
	world_put(&w, "88.111.1/ADMIN", tj_str_fmt(w.arena, "[{\"index\":301,\"type\":\"HS_PUBKEY\","
	    "\"data\":{\"format\":\"key\",\"value\":%.*s}}]", TJ_FMT(jwk)));
	refused(&w, "does not fit these bytes and this key");
	world_put(&w, "88.111.1/ADMIN", TJ_S("[{\"index\":301,\"type\":\"HS_PUBKEY\",\"data\":\"x\"}]"));
	refused(&w, "none of RSA");
	/* As China's industrial internet writes them too. */
	world_put(&w, "88.111.1/ADMIN", TJ_S("[{\"index\":301,\"type\":\"HS_PUBKEY\",\"data\":"
	    "\"-----BEGIN PUBLIC KEY-----\\nAAAA\\n-----END PUBLIC KEY-----\\n\"}]"));
	refused(&w, "no public key in PEM form");
	w.count--;
	refused(&w, "there is no record 88.111.1/ADMIN");
	world_close(&w);
}

static void
a_record_that_is_not_signed_is_said_to_be_so(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	w.product.count--;
	accepted(&w, TJ_HANDLE_UNSIGNED);
	w.product.count = 0;
	accepted(&w, TJ_HANDLE_UNSIGNED);
	world_close(&w);
}

static void
whatever_was_changed_in_the_record_is_noticed(void **state)
{
	static const struct tj_value added = { .index = 9, .ttl_s = 86400,
	    .permissions = TJ_VALUE_PERMISSIONS, .type = { "NOTE", 4 }, .data = { "new", 3 } };
	struct tj_value declared = added;
	struct tj_record whole;
	struct world w;

	(void)state;
	world_open(&w);
	whole = w.product;
	value(&w, 2)->data = TJ_S("1.31");
	refused(&w, "signature 400 of " ENTERPRISE ": value 2 is not the one that was signed");
	value(&w, 2)->data = TJ_S("2.31");
	value(&w, 2)->ttl_s = 1;
	refused(&w, "value 2 is not");
	value(&w, 2)->ttl_s = 86400;
	value(&w, 1)->type = TJ_S("URI");
	refused(&w, "value 1 is not");
	value(&w, 1)->type = TJ_S("URL");
	value(&w, 1)->timestamp_s = 7;		/* the server's own */
	accepted(&w, TJ_HANDLE_CERTIFIED);
	value(&w, 3)->data = TJ_S("another secret");	/* no signature tells of it */
	accepted(&w, TJ_HANDLE_CERTIFIED);
	value(&w, 3)->permissions = TJ_VALUE_PERMISSIONS;
	refused(&w, "value 3 is covered by no signature");
	value(&w, 3)->permissions = TJ_ADMIN_READ;
	assert_ok(tj_record_with(&w.product, &whole, &added, w.arena, &world_err), &world_err);
	refused(&w, "value 9 is covered by no signature");
	declared.type = TJ_S(TJ_DECLARATION_TYPE);	/* which is signed itself */
	assert_ok(tj_record_with(&w.product, &whole, &declared, w.arena, &world_err), &world_err);
	accepted(&w, TJ_HANDLE_CERTIFIED);
	/* A part of it. */
	w.product = (struct tj_record){ whole.handle, whole.values + 1, whole.count - 1, whole.version };
	accepted(&w, TJ_HANDLE_CERTIFIED);
	w.product.handle = TJ_S("88.111.1/SN0002");
	refused(&w, "it is about 88.111.1/SN0001");
	world_close(&w);
}

static void
signatures_that_are_none_are_refused_with_their_index(void **state)
{
	static const char *const bad[] = { "", "a.b", "a.b.c", "e30.e30.AAAA", "{}", "....",
	    "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJSUzI1NiJ9.e30.AAAA",
	    "eyJhbGciOiJSUzI1NiJ9.bnVsbA.AAAA", "eyJhbGciOiJSUzI1NiJ9.W10.AAAA" };
	struct world w;

	(void)state;
	world_open(&w);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		value(&w, 400)->data = tj_str_of(bad[i]);
		refused(&w, "signature 400");
	}
	world_close(&w);
}

static void
several_may_sign_each_a_part(void **state)
{
	struct tj_value first, old;
	struct tj_record all;
	struct world w;

	(void)state;
	world_open(&w);
	all = w.product;
	old = *value(&w, 400);
	world_sign(&w, "[{\"index\":5,\"type\":\"NOTE\",\"data\":\"x\"}]", INDUSTRY, KEY_INDUSTRY);
	first = *value(&w, 400);
	first.index = 401;
	assert_ok(tj_record_with(&all, &all, &first, w.arena, &world_err), &world_err);
	first = *value(&w, 5);
	assert_ok(tj_record_with(&w.product, &all, &first, w.arena, &world_err), &world_err);
	/* The industry may speak for prefixes below its own, and so for this record. */
	accepted(&w, TJ_HANDLE_CERTIFIED);
	value(&w, 401)->data = TJ_S("x");
	refused(&w, "signature 401");
	for (uint32_t i = 402; i < 420; i++) {
		old.index = i;
		assert_ok(tj_record_with(&w.product, &w.product, &old, w.arena, &world_err), &world_err);
	}
	value(&w, 401)->data = old.data;
	refused(&w, "more than 16 signatures");
	world_close(&w);
}

static void
times_are_those_of_the_question(void **state)
{
	struct world w;
	tj_str cert;

	(void)state;
	world_open(&w);
	w.trust.at = WORLD_UNTIL;
	refused(&w, "the certificate of " ENTERPRISE " has expired");
	w.trust.at = 1699999999;
	refused(&w, "the certificate of " ENTERPRISE " is not valid yet");
	/* The signature alone. */
	w.trust.at = WORLD_AT;
	cert = world_jwk(&w, KEY_INDUSTRY);
	cert = world_jws(&w, KEY_ROOT, tj_str_fmt(w.arena, "{\"perms\":" EVERYTHING ",\"publicKey\":%.*s,"
	    "\"iss\":\"" ROOT "\",\"sub\":\"" INDUSTRY "\",\"exp\":1790812800}", TJ_FMT(cert)));
	world_put_cert(&w, "88.111/ADMIN", cert);
	refused(&w, "the certificate of " INDUSTRY " has expired");
	w.trust.at--;
	accepted(&w, TJ_HANDLE_CERTIFIED);
	world_sign(&w, VALUES, ROOT, KEY_ROOT);
	w.trust.at = WORLD_UNTIL;
	refused(&w, "it has expired");
	world_close(&w);
}

static void
each_certificate_is_signed_with_the_key_above_it(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	world_put_cert(&w, "88.111.1/ADMIN", world_cert(&w, INDUSTRY, KEY_ENTERPRISE, ENTERPRISE,
	    KEY_ENTERPRISE, EVERYTHING, ""));
	refused(&w, "the certificate of " ENTERPRISE " was not signed by " INDUSTRY);
	world_put_cert(&w, "88.111.1/ADMIN", world_cert(&w, ROOT, KEY_INDUSTRY, ENTERPRISE,
	    KEY_ENTERPRISE, EVERYTHING, ""));
	refused(&w, "the certificate of " ENTERPRISE " was not signed by " ROOT);
	world_put_cert(&w, "88.111.1/ADMIN", world_cert(&w, INDUSTRY, KEY_INDUSTRY, ENTERPRISE,
	    KEY_INDUSTRY, EVERYTHING, ""));
	refused(&w, "does not fit these bytes and this key");
	world_close(&w);
}

static void
a_chain_ends_at_a_root_that_is_trusted(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	world_put_cert(&w, "88.111/ADMIN", world_cert(&w, INDUSTRY, KEY_INDUSTRY, INDUSTRY,
	    KEY_INDUSTRY, EVERYTHING, ""));
	refused(&w, "the chain ends at " INDUSTRY ", who is no root that is trusted here");
	world_put_cert(&w, "88.111.1/ADMIN", world_cert(&w, ENTERPRISE, KEY_ENTERPRISE, ENTERPRISE,
	    KEY_ENTERPRISE, EVERYTHING, ""));
	refused(&w, "the chain ends at " ENTERPRISE);
	world_close(&w);
}

static void
chains_that_go_in_a_circle_are_refused(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	world_put_cert(&w, "88.111/ADMIN", world_cert(&w, ENTERPRISE, KEY_ENTERPRISE, INDUSTRY,
	    KEY_INDUSTRY, EVERYTHING, ""));
	refused(&w, "goes in a circle, over 88.111.1/ADMIN");
	/* The same, said in so many words. */
	world_put_cert(&w, "88.111.1/ADMIN", world_cert(&w, INDUSTRY, KEY_INDUSTRY, ENTERPRISE,
	    KEY_ENTERPRISE, EVERYTHING, "\"chain\":[\"400:88.111/ADMIN\",\"400:88.111/admin\"],"));
	refused(&w, "goes in a circle, over 88.111/admin");
	world_close(&w);
}

static void
chains_have_an_end(void **state)
{
	char issuer[64], subject[64];
	struct world w;

	(void)state;
	world_open(&w);
	/* 300:88/1 is certified by 300:88/2, and so on. */
	for (int i = 1; i <= 17; i++) {
		const tj_str name = tj_str_fmt(w.arena, "88/%d", i);

		(void)snprintf(subject, sizeof(subject), "300:88/%d", i);
		(void)snprintf(issuer, sizeof(issuer), "300:88/%d", i + 1);
		world_put_cert(&w, name.p, world_cert(&w, i == 16 ? ROOT : issuer,
		    i == 16 ? KEY_ROOT : KEY_INDUSTRY, subject, KEY_INDUSTRY, EVERYTHING, ""));
	}
	world_sign(&w, VALUES, "300:88/1", KEY_INDUSTRY);
	accepted(&w, TJ_HANDLE_CERTIFIED);	/* sixteen */
	world_put_cert(&w, "88/16", world_cert(&w, "300:88/17", KEY_INDUSTRY, "300:88/16",
	    KEY_INDUSTRY, EVERYTHING, ""));
	refused(&w, "more than 16 certificates");
	world_close(&w);
}

static void
a_link_that_is_missing_is_named(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	w.records[0].handle = TJ_S("elsewhere");
	refused(&w, "there is no record 88.111/ADMIN");
	w.records[0].handle = TJ_S("88.111/ADMIN");
	world_put(&w, "88.111/ADMIN", TJ_S("[{\"index\":400,\"type\":\"URL\",\"data\":\"x\"}]"));
	refused(&w, "there is no certificate of " INDUSTRY " in 88.111/ADMIN");
	/* One of somebody else. */
	world_put_cert(&w, "88.111/ADMIN", world_cert(&w, ROOT, KEY_ROOT, "301:88.111/ADMIN",
	    KEY_INDUSTRY, EVERYTHING, ""));
	refused(&w, "there is no certificate of " INDUSTRY " in 88.111/ADMIN");
	world_put_cert(&w, "88.111.1/ADMIN", world_cert(&w, INDUSTRY, KEY_INDUSTRY, ENTERPRISE,
	    KEY_ENTERPRISE, EVERYTHING, "\"chain\":[\"400:88.111/ADMIN\"],"));
	refused(&w, "the chain is broken: the certificate in 88.111/ADMIN is of 301:88.111/ADMIN");
	w.fails = TJ_E_LOCKED;
	assert_rc(TJ_E_LOCKED, tj_handle_record_check(&(struct tj_handle_verdict){ 0 }, &w.trust,
	    &w.product, w.arena, &world_err), &world_err);
	assert_string_equal(world_err.text, "nobody answers");
	world_close(&w);
}

static void
certificates_may_lie_elsewhere_if_the_chain_says_so(void **state)
{
	struct world w;
	tj_str cert, other;

	(void)state;
	world_open(&w);
	cert = world_cert(&w, ROOT, KEY_ROOT, INDUSTRY, KEY_INDUSTRY, EVERYTHING, "");
	world_put(&w, "88/CERTS", tj_str_fmt(w.arena, "[{\"index\":7,\"type\":\"HS_CERT\",\"data\":\"%.*s\"}]",
	    TJ_FMT(cert)));
	w.records[0].handle = TJ_S("elsewhere");
	world_put_cert(&w, "88.111.1/ADMIN", world_cert(&w, INDUSTRY, KEY_INDUSTRY, ENTERPRISE,
	    KEY_ENTERPRISE, EVERYTHING, "\"chain\":[\"7:88/CERTS\"],"));
	accepted(&w, TJ_HANDLE_CERTIFIED);
	world_put_cert(&w, "88.111.1/ADMIN", world_cert(&w, INDUSTRY, KEY_INDUSTRY, ENTERPRISE,
	    KEY_ENTERPRISE, EVERYTHING, "\"chain\":[\"88/CERTS\"],"));
	accepted(&w, TJ_HANDLE_CERTIFIED);
	world_put_cert(&w, "88.111.1/ADMIN", world_cert(&w, INDUSTRY, KEY_INDUSTRY, ENTERPRISE,
	    KEY_ENTERPRISE, EVERYTHING, "\"chain\":[\"8:88/CERTS\"],"));
	refused(&w, "there is no certificate of " INDUSTRY " in 88/CERTS");
	/* Of several the one that was issued last. */
	other = world_jwk(&w, KEY_ROOT);
	other = world_jws(&w, KEY_ROOT, tj_str_fmt(w.arena, "{\"perms\":" EVERYTHING ",\"publicKey\":%.*s,"
	    "\"iss\":\"" ROOT "\",\"sub\":\"" INDUSTRY "\",\"iat\":1}", TJ_FMT(other)));
	world_put(&w, "88/CERTS", tj_str_fmt(w.arena, "[{\"index\":7,\"type\":\"HS_CERT\",\"data\":\"%.*s\"},"
	    "{\"index\":8,\"type\":\"HS_CERT\",\"data\":\"%.*s\"},{\"index\":9,\"type\":\"HS_CERT\",\"data\":\"x\"}]",
	    TJ_FMT(cert), TJ_FMT(other)));
	world_put_cert(&w, "88.111.1/ADMIN", world_cert(&w, INDUSTRY, KEY_INDUSTRY, ENTERPRISE,
	    KEY_ENTERPRISE, EVERYTHING, "\"chain\":[\"88/CERTS\"],"));
	accepted(&w, TJ_HANDLE_CERTIFIED);
	world_close(&w);
}

static void
nobody_signs_what_he_is_not_permitted_to(void **state)
{
	static const struct {
		const char *perms, *more;
		bool is_good;
	} own[] = {	/* of who signs */
		{ EVERYTHING, "", true },
		{ UNDER("88.111.1"), "", true },
		{ UNDER("88.111"), "", false },
		{ UNDER("88.111.12"), "", false },
		{ "[{\"handle\":\"88.111.1/sn0001\",\"perm\":\"thisHandle\"}]", "", true },
		{ "[{\"handle\":\"88.111.1/SN0002\",\"perm\":\"thisHandle\"}]", "", false },
		{ "[{\"handle\":\"0.na/88.111.1\",\"perm\":\"thisHandle\"}]", "", true },
		{ "[{\"handle\":\"0.NA/88.111\",\"perm\":\"derivedPrefixes\"}]", "", true },
		{ "[{\"handle\":\"0.NA/88.111.1\",\"perm\":\"derivedPrefixes\"}]", "", false },
		{ "[{\"handle\":\"88.111.1\",\"perm\":\"handlesUnderThisPrefix\"}]", "", false },
		{ "[]", "", false },
		{ "[{\"perm\":\"more than everything\"}]", "", false },
		{ EVERYTHING, "\"ca\":false,", true },
		{ "[{\"perm\":\"everything\",\"ca\":false}]", "", true },
	};
	struct world w;

	(void)state;
	world_open(&w);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		world_put_cert(&w, "88.111.1/ADMIN", world_cert(&w, INDUSTRY, KEY_INDUSTRY, ENTERPRISE,
		    KEY_ENTERPRISE, own[i].perms, own[i].more));
		if (own[i].is_good)
			accepted(&w, TJ_HANDLE_CERTIFIED);
		else
			refused(&w, ENTERPRISE " is not permitted to sign 88.111.1/SN0001");
	}
	world_close(&w);
}

static void
nobody_certifies_whom_he_is_not_permitted_to(void **state)
{
	static const char *const perms[] = { UNDER("88.111"), "[]",
	    "[{\"handle\":\"0.NA/88.112\",\"perm\":\"derivedPrefixes\"}]",
	    "[{\"perm\":\"everything\",\"ca\":false}]" };
	struct world w;

	(void)state;
	world_open(&w);
	for (size_t i = 0; i < sizeof(perms) / sizeof(perms[0]); i++) {
		world_put_cert(&w, "88.111/ADMIN", world_cert(&w, ROOT, KEY_ROOT, INDUSTRY, KEY_INDUSTRY,
		    perms[i], ""));
		refused(&w, INDUSTRY " is not permitted to certify who signs 88.111.1/SN0001");
	}
	world_put_cert(&w, "88.111/ADMIN", world_cert(&w, ROOT, KEY_ROOT, INDUSTRY, KEY_INDUSTRY,
	    EVERYTHING, "\"ca\":false,"));
	refused(&w, INDUSTRY " is not permitted to certify");
	world_close(&w);
}

static enum tj_rc
certify_once(tj_str *jws, const struct world *w, const struct tj_handle_cert *cert)
{
	struct tj_arena *arena = tj_arena_new(1u << 20);
	enum tj_rc rc;

	if (arena == NULL)
		return TJ_E_NOMEM;
	rc = tj_handle_cert_sign(jws, cert, w->keys[KEY_INDUSTRY], arena, &world_err);
	if (rc == TJ_OK)
		*jws = tj_str_dup(*jws, w->arena);
	tj_arena_free(arena);
	return rc == TJ_OK && jws->p == NULL ? TJ_E_NOMEM : rc;
}

static void
certificates_made_here_are_those_that_others_make(void **state)
{
	struct tj_handle_perm perms[] = {
		{ .perm = TJ_PERM_UNDER_PREFIX, .handle = TJ_S("0.NA/88.111.1") },
		{ .perm = TJ_PERM_EVERYTHING, .handle = TJ_S(""), .is_for_signing_only = true },
	};
	struct tj_handle_cert cert = { .claims = { .issuer = { TJ_S("88.111/ADMIN"), 300 },
	    .expires = WORLD_UNTIL, .not_before = 1700000000, .issued = 1700000000 },
	    .subject = { TJ_S("88.111.1/ADMIN"), 301 }, .perms = perms, .perm_count = 1 };
	struct tj_handle_cert back;
	struct world w;
	tj_str jws;

	(void)state;
	world_open(&w);
	world_ok(tj_rsa_numbers_of(&cert.key, w.keys[KEY_ENTERPRISE], w.arena, &world_err));
	OOM_LOOP(certify_once(&jws, &w, &cert));
	assert_true(tj_str_eq(jws, world_cert(&w, INDUSTRY, KEY_INDUSTRY, ENTERPRISE,
	    KEY_ENTERPRISE, UNDER("88.111.1"), "")));
	world_put_cert(&w, "88.111.1/ADMIN", jws);
	accepted(&w, TJ_HANDLE_CERTIFIED);
	cert.perm_count = 2;
	world_ok(certify_once(&jws, &w, &cert));
	world_ok(tj_handle_cert_read(&back, jws, w.arena, &world_err));
	assert_int_equal(back.perm_count, 2);
	assert_int_equal(back.perms[1].perm, TJ_PERM_EVERYTHING);
	assert_true(back.perms[1].is_for_signing_only);
	assert_true(tj_handle_cert_permits(&back, TJ_S("88.112.1/x"), false));
	assert_false(tj_handle_cert_permits(&back, TJ_S("88.112.1/x"), true));
	world_close(&w);
}

static void
certificates_that_cannot_be_read_say_why(void **state)
{
	static const struct {
		const char *payload, *says;
	} cases[] = {
		{ "{}", "iss" },
		{ "{\"iss\":\"" ROOT "\",\"sub\":\"x\"}", "expected an index" },
		{ "{\"iss\":\"" ROOT "\",\"sub\":\"" ENTERPRISE "\"}", "publicKey" },
		{ "{\"iss\":\"" ROOT "\",\"sub\":\"" ENTERPRISE "\",\"publicKey\":{\"kty\":\"DSA\"}}", "DSA" },
		{ "{\"iss\":\"" ROOT "\",\"sub\":\"" ENTERPRISE "\",\"publicKey\":{\"kty\":\"RSA\",\"n\":\"AQ\","
		    "\"e\":\"AQ\"}}", "perms" },
		{ "{\"iss\":\"" ROOT "\",\"sub\":\"" ENTERPRISE "\",\"publicKey\":{\"kty\":\"RSA\",\"n\":\"AQ\","
		    "\"e\":\"AQ\"},\"perms\":[{\"perm\":\"thisHandle\"}]}", "handle" },
		{ "{\"iss\":\"" ROOT "\",\"sub\":\"" ENTERPRISE "\",\"publicKey\":{\"kty\":\"RSA\",\"n\":\"AQ\","
		    "\"e\":\"AQ\"},\"perms\":[],\"ca\":1}", "\"ca\"" },
		{ "{\"iss\":\"" ROOT "\",\"sub\":\"" ENTERPRISE "\",\"chain\":[1]}", "\"chain\"" },
		{ "{\"iss\":\"" ROOT "\",\"sub\":\"" ENTERPRISE "\",\"chain\":[1,2,3,4,5,6,7,8,9,10,11,12,13,"
		    "14,15,16,17]}", "more than 16" },
		{ "{\"iss\":\"" ROOT "\",\"sub\":\"" ENTERPRISE "\",\"exp\":-1}", "exp" },
		{ "{\"iss\":\"" ROOT "\",\"sub\":\"" ENTERPRISE "\",\"publicKey\":{\"kty\":\"RSA\",\"n\":\"AQ\","
		    "\"e\":\"AQ\"},\"perms\":" EVERYTHING "}", "was not signed by" },
	};
	struct tj_handle_claims claims = { .subject = TJ_S("88.111.1/SN0001"), .expires = WORLD_UNTIL };
	const struct tj_reference chain = { TJ_S("88.111.1/ADMIN"), 400 };
	struct world w;

	(void)state;
	world_open(&w);
	claims.issuer = (struct tj_reference){ TJ_S("88.111.1/ADMIN"), 301 };
	claims.chain = &chain;
	claims.chain_count = 1;
	assert_ok(tj_handle_sign(&value(&w, 400)->data, &claims, w.product.values, 3,
	    w.keys[KEY_ENTERPRISE], w.arena, &world_err), &world_err);
	accepted(&w, TJ_HANDLE_CERTIFIED);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		world_put_cert(&w, "88.111.1/ADMIN", world_jws(&w, KEY_INDUSTRY,
		    tj_str_of(cases[i].payload)));
		refused(&w, "signature 400 of " ENTERPRISE);
		if (strstr(world_err.text, cases[i].says) == NULL &&
		    strstr(world_err.field, cases[i].says) == NULL)
			fail_msg("case %zu: %s", i, world_err.text);
	}
	world_close(&w);
}

static enum tj_rc
check_once(const struct world *w)
{
	struct tj_arena *arena = tj_arena_new(1u << 20);
	struct tj_handle_verdict verdict;
	enum tj_rc rc;

	if (arena == NULL)
		return TJ_E_NOMEM;
	rc = tj_handle_record_check(&verdict, &w->trust, &w->product, arena, &world_err);
	tj_arena_free(arena);
	return rc;
}

static void
memory_that_runs_out_accepts_nothing(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	OOM_LOOP(check_once(&w));
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(certificates_lead_from_the_root_to_who_signed),
		test(without_a_root_the_key_that_is_published_tells_who_signed),
		test(a_record_that_is_not_signed_is_said_to_be_so),
		test(whatever_was_changed_in_the_record_is_noticed),
		test(signatures_that_are_none_are_refused_with_their_index),
		test(several_may_sign_each_a_part),
		test(times_are_those_of_the_question),
		test(each_certificate_is_signed_with_the_key_above_it),
		test(a_chain_ends_at_a_root_that_is_trusted),
		test(chains_that_go_in_a_circle_are_refused),
		test(chains_have_an_end),
		test(a_link_that_is_missing_is_named),
		test(certificates_may_lie_elsewhere_if_the_chain_says_so),
		test(nobody_signs_what_he_is_not_permitted_to),
		test(nobody_certifies_whom_he_is_not_permitted_to),
		test(certificates_made_here_are_those_that_others_make),
		test(certificates_that_cannot_be_read_say_why),
		test(memory_that_runs_out_accepts_nothing),
	};

	return RUN(tests);
}
