#include "exchange/format_vc.h"
#include "exchange/key_history.h"
#include "exchange/verify.h"
#include "tests/exchange/sample.h"

/* A company with two keys: k1, which was stolen, and k2, which took its place. */
struct company {
	struct tj_arena		*arena;
	struct tj_signer	*signers[2];
	struct tj_did		 dids[2];
	struct tj_key_history	 history;
};

static const char *const kids[2] = { SAMPLE_DID "#k1", SAMPLE_DID "#k2" };

static void
company_open(struct company *c)
{
	static const char *const since[2] = { "2026-09-01", "2026-11-01" };

	memset(c, 0, sizeof(*c));
	c->arena = tj_arena_new(1 << 24);
	c->history.issuer = TJ_S(SAMPLE_DID);
	for (size_t i = 0; i < 2; i++) {
		c->signers[i] = sample_signer(&c->dids[i], c->arena);
		c->signers[i]->kid = tj_str_of(kids[i]);
		c->dids[i].keys.v[0].kid = tj_str_of(kids[i]);
		assert_ok(tj_key_history_rotate(&c->history, &c->dids[i].keys.v[0],
		    sample_time(since[i]), c->arena, NULL), NULL);
	}
}

static void
company_close(struct company *c)
{
	for (size_t i = 0; i < 2; i++)
		c->signers[i]->close(c->signers[i]);
	tj_arena_free(c->arena);
}

static void
revoke_first(struct company *c, const char *at)
{
	assert_ok(tj_key_history_revoke(&c->history, tj_key_history_find(&c->history, TJ_S("k1")),
	    sample_time(at), TJ_S("stolen"), NULL), NULL);
}

static tj_str
signed_by(struct company *c, size_t signer)
{
	tj_str payload, jws;

	assert_ok(tj_key_history_write(&payload, &c->history, c->arena, NULL), NULL);
	assert_ok(tj_jws_build_as(&jws, NULL, payload, TJ_S(TJ_KEY_HISTORY_TYP),
	    c->signers[signer], c->arena, NULL), NULL);
	return jws;
}

/* Somebody who has the did.json of today. */
static void
reader_open(struct tj_trust *trust, const struct tj_did *did, struct tj_arena *arena)
{
	const tj_str any = TJ_S("*");
	tj_str json;

	assert_ok(tj_did_write(&json, did, arena, NULL), NULL);
	tj_trust_init(trust, arena);
	assert_ok(tj_trust_add(trust, TJ_S(SAMPLE_DID), json, &any, 1, NULL), NULL);
}

static void
a_history_comes_back_as_it_was_written(void **state)
{
	struct tj_key_history back;
	struct company c;
	struct tj_jws jws;

	(void)state;
	company_open(&c);
	assert_int_equal(c.history.version, 2);
	revoke_first(&c, "2026-10-20T06:30:00Z");
	assert_ok(tj_key_history_parse(&back, &jws, signed_by(&c, 1), c.arena, NULL), NULL);
	assert_str(kids[1], jws.kid);
	assert_int_equal(back.version, 3);
	assert_int_equal(back.keys.n, 2);
	for (size_t i = 0; i < 2; i++)
		assert_memory_equal(&back.keys.v[i].jwk.point, &c.dids[i].keys.v[0].point,
		    sizeof(tj_point));
	assert_int_equal(back.keys.v[0].valid_from, sample_time("2026-09-01"));
	assert_int_equal(back.keys.v[0].valid_until, sample_time("2026-11-01"));
	assert_int_equal(back.keys.v[0].revoked_at, sample_time("2026-10-20T06:30:00Z"));
	assert_str("stolen", back.keys.v[0].reason);
	assert_true(back.keys.v[1].valid_until == TJ_TIME_NONE);
	assert_true(back.keys.v[1].revoked_at == TJ_TIME_NONE);
	company_close(&c);
}

static void
a_revocation_can_be_made_earlier_and_never_later(void **state)
{
	struct tj_key_record *first;
	struct company c;

	(void)state;
	company_open(&c);
	first = tj_key_history_find(&c.history, tj_str_of(kids[0]));
	revoke_first(&c, "2026-10-20");
	assert_rc(TJ_E_CONFLICT, tj_key_history_revoke(&c.history, first, sample_time("2026-10-21"),
	    TJ_S(""), NULL), NULL);
	revoke_first(&c, "2026-10-19");
	assert_int_equal(c.history.version, 4);
	assert_rc(TJ_E_CONFLICT, tj_key_history_rotate(&c.history, &c.dids[0].keys.v[0], 0, c.arena,
	    NULL), NULL);
	assert_null(tj_key_history_find(&c.history, TJ_S("k3")));
	company_close(&c);
}

static void
only_a_key_of_today_may_sign_it(void **state)
{
	struct tj_trust trust;
	struct company c;
	struct tj_err err = { 0 };

	(void)state;
	company_open(&c);
	reader_open(&trust, &c.dids[1], c.arena);
	assert_ok(tj_trust_add_history(&trust, TJ_S(SAMPLE_DID), signed_by(&c, 1), &err), &err);
	assert_int_equal(trust.issuers.v[0].keys.n, 2);
	tj_trust_fini(&trust);

	reader_open(&trust, &c.dids[1], c.arena);	/* the thief's own history */
	assert_rc(TJ_E_REFUSED, tj_trust_add_history(&trust, TJ_S(SAMPLE_DID), signed_by(&c, 0),
	    &err), &err);
	assert_non_null(strstr(err.text, "does not show"));
	c.history.keys.v[1].valid_until = sample_time("2026-12-01");
	assert_rc(TJ_E_REFUSED, tj_trust_add_history(&trust, TJ_S(SAMPLE_DID), signed_by(&c, 1),
	    &err), &err);
	assert_non_null(strstr(err.text, "by its own word"));
	c.history.keys.v[1].valid_until = TJ_TIME_NONE;
	c.history.issuer = TJ_S("did:web:ore.example");
	c.history.keys.v[0].jwk.kid = TJ_S("did:web:ore.example#k1");
	c.history.keys.v[1].jwk.kid = TJ_S("did:web:ore.example#k2");
	assert_rc(TJ_E_DATA, tj_trust_add_history(&trust, TJ_S(SAMPLE_DID), signed_by(&c, 1),
	    &err), &err);
	assert_rc(TJ_E_NOTFOUND, tj_trust_add_history(&trust, TJ_S("did:web:ore.example"),
	    signed_by(&c, 1), &err), &err);
	tj_trust_fini(&trust);
	company_close(&c);
}

static void
a_history_at_odds_with_the_document_is_refused(void **state)
{
	struct tj_trust trust;
	struct company c;
	struct tj_err err = { 0 };
	tj_str jws;

	(void)state;
	company_open(&c);
	if (!TJ_PUSH(c.arena, &c.dids[1].keys, c.dids[1].keys.v[0]))
		fail();
	c.dids[1].keys.v[1].kid = tj_str_of(kids[0]);	/* k1 with the point of k2 */
	jws = signed_by(&c, 1);
	reader_open(&trust, &c.dids[1], c.arena);
	assert_rc(TJ_E_DATA, tj_trust_add_history(&trust, TJ_S(SAMPLE_DID), jws, &err), &err);
	assert_non_null(strstr(err.text, "two keys of the name"));
	tj_trust_fini(&trust);
	company_close(&c);
}

static struct tj_verdict
verdict(const struct company *c, tj_str jws, const struct tj_trust *trust, const char *stamped)
{
	const tj_time time = stamped == NULL ? 0 : sample_time(stamped);
	const struct tj_evidence evidence = { .stamped = stamped == NULL ? NULL : &time };
	struct tj_verdict verdict;

	assert_ok(tj_verify_with(&verdict, jws, trust, NULL, sample_time("2026-12-01"), &evidence,
	    c->arena, NULL), NULL);
	return verdict;
}

/* What it signed before counts; what appears after is refused, whatever it says of itself. */
static void
a_stolen_key_loses_what_nobody_saw_before(void **state)
{
	struct tj_declaration decl;
	struct tj_verdict got;
	struct tj_trust trust;
	struct company c;
	tj_str payload, id, jws;

	(void)state;
	company_open(&c);
	decl = sample_declaration(c.arena);
	assert_ok(tj_vc_write(&payload, &id, &decl, c.arena, NULL), NULL);
	assert_ok(tj_jws_build(&jws, NULL, payload, c.signers[0], c.arena, NULL), NULL);
	reader_open(&trust, &c.dids[1], c.arena);
	assert_false(verdict(&c, jws, &trust, "2026-10-05").accepted);	/* k1 is not known at all */
	assert_ok(tj_trust_add_history(&trust, TJ_S(SAMPLE_DID), signed_by(&c, 1), NULL), NULL);
	assert_true(verdict(&c, jws, &trust, NULL).accepted);	/* changed, not stolen */
	tj_trust_fini(&trust);

	revoke_first(&c, "2026-10-20T06:30:00Z");
	reader_open(&trust, &c.dids[1], c.arena);
	assert_ok(tj_trust_add_history(&trust, TJ_S(SAMPLE_DID), signed_by(&c, 1), NULL), NULL);
	got = verdict(&c, jws, &trust, NULL);
	assert_int_equal(tj_verdict_failed(&got), TJ_GATE_SIGNATURE);
	assert_non_null(strstr(got.reasons[TJ_GATE_SIGNATURE].p, "with proof"));
	assert_true(verdict(&c, jws, &trust, "2026-10-20T06:29:59Z").accepted);
	assert_false(verdict(&c, jws, &trust, "2026-10-20T06:30:00Z").accepted);
	got = verdict(&c, jws, &trust, "2026-08-31");	/* older than the key */
	assert_non_null(strstr(got.reasons[TJ_GATE_SIGNATURE].p, "in use since"));
	tj_trust_fini(&trust);
	company_close(&c);
}

#define K	"{\"kid\":\"did:web:a.example#k1\",\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\","		\
	"\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","				\
	"\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}"
#define HISTORY(version, keys)	"{\"iss\":\"did:web:a.example\",\"version\":" version ",\"keys\":" keys "}"

static void
what_is_no_history_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "[]", "{}", HISTORY("1", "[]"), HISTORY("0", "[" K "}]"), HISTORY("1.5", "[" K "}]"),
		HISTORY("-1", "[" K "}]"), HISTORY("1e300", "[" K "}]"), HISTORY("\"1\"", "[" K "}]"),
		HISTORY("1", "[" K "}," K "}]"), HISTORY("1", "[{}]"), HISTORY("1", K "}"),
		HISTORY("1", "[" K ",\"valid_from\":\"soon\"}]"), HISTORY("1", "[" K ",\"valid_from\":7}]"),
		HISTORY("1", "[" K ",\"valid_from\":\"2026-01-02\",\"valid_until\":\"2026-01-01\"}]"),
		HISTORY("1", "[" K ",\"reason\":\"\\u001b[2J\"}]"),
		"{\"iss\":\"did:web:b.example\",\"version\":1,\"keys\":[" K "}]}",
		"{\"iss\":\"did:web:a.exampl\",\"version\":1,\"keys\":[" K "}]}",
	};
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_key_history history;
	struct tj_jws jws;

	(void)state;
	assert_ok(tj_key_history_read(&history, TJ_S(HISTORY("1", "[" K "}]")), arena, NULL), NULL);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_rc(TJ_E_DATA, tj_key_history_read(&history, tj_str_of(bad[i]), arena, NULL),
		    NULL);
	assert_rc(TJ_E_DATA, tj_key_history_parse(&history, &jws,	/* typ vc+jwt */
	    tj_test_file("tests/exchange/data/declaration.jws", arena), arena, NULL), NULL);
	tj_arena_free(arena);
}

static enum tj_rc
write_and_read(const struct company *c, const tj_str *did)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	const tj_str any = TJ_S("*");
	struct tj_trust trust = { 0 };
	tj_str payload, jws;

	tj_trust_init(&trust, arena);
	if (rc == TJ_OK)
		rc = tj_key_history_write(&payload, &c->history, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_jws_build_as(&jws, NULL, payload, TJ_S(TJ_KEY_HISTORY_TYP), c->signers[1],
		    arena, NULL);
	if (rc == TJ_OK)
		rc = tj_trust_add(&trust, TJ_S(SAMPLE_DID), *did, &any, 1, NULL);
	if (rc == TJ_OK)
		rc = tj_trust_add_history(&trust, TJ_S(SAMPLE_DID), jws, NULL);
	tj_trust_fini(&trust);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct company c;
	tj_str did;

	(void)state;
	company_open(&c);
	assert_ok(tj_did_write(&did, &c.dids[1], c.arena, NULL), NULL);
	OOM_LOOP(write_and_read(&c, &did));
	company_close(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_history_comes_back_as_it_was_written),
		test(a_revocation_can_be_made_earlier_and_never_later),
		test(only_a_key_of_today_may_sign_it),
		test(a_history_at_odds_with_the_document_is_refused),
		test(a_stolen_key_loses_what_nobody_saw_before),
		test(what_is_no_history_is_refused),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
