#include "exchange/trust.h"
#include "tests/exchange/sample.h"

static tj_ident
ident(const char *text, struct tj_arena *arena)
{
	tj_ident made = { 0 };

	assert_ok(tj_ident_parse(&made, tj_str_of(text), arena, NULL), NULL);
	return made;
}

static tj_str
document(struct tj_arena *arena)
{
	struct tj_did did;
	tj_str pem, json;

	sample_keys(&pem, &did, arena);
	assert_ok(tj_did_write(&json, &did, arena, NULL), NULL);
	return json;
}

static void
an_issuer_speaks_for_its_prefixes_only(void **state)
{
	const tj_str authorities[] = { TJ_S(SAMPLE_PREFIX), TJ_S("1.2.156.9") };
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const struct tj_issuer *issuer;
	struct tj_trust trust;

	(void)state;
	tj_trust_init(&trust, arena);
	assert_ok(tj_trust_add(&trust, TJ_S(SAMPLE_DID), document(arena), authorities, 2, NULL),
	    NULL);
	assert_non_null(issuer = tj_trust_find(&trust, TJ_S(SAMPLE_DID)));
	assert_null(tj_trust_find(&trust, TJ_S("did:web:steel.exampl")));
	assert_non_null(tj_issuer_key(issuer, TJ_S(SAMPLE_KID)));
	assert_null(tj_issuer_key(issuer, TJ_S(SAMPLE_DID "#k2")));
	assert_true(tj_issuer_may_declare(issuer, ident(SAMPLE_PRODUCT, arena)));
	assert_true(tj_issuer_may_declare(issuer, ident("urn:oid:1.2.156.9.7", arena)));
	assert_false(tj_issuer_may_declare(issuer, ident("hdl:88.999.10012/A", arena)));
	assert_false(tj_issuer_may_declare(issuer, ident("hdl:88.999.1002/A", arena)));
	tj_trust_fini(&trust);
	tj_arena_free(arena);
}

static void
no_authority_is_none_and_a_star_is_any(void **state)
{
	const tj_str any = TJ_S("*");
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_trust trust;
	struct tj_did did;
	tj_str pem, json;

	(void)state;
	tj_trust_init(&trust, arena);
	assert_ok(tj_trust_add(&trust, TJ_S(SAMPLE_DID), document(arena), NULL, 0, NULL), NULL);
	assert_false(tj_issuer_may_declare(&trust.issuers.v[0], ident(SAMPLE_PRODUCT, arena)));
	sample_keys(&pem, &did, arena);
	did.keys.v[0].kid = TJ_S("did:web:b.example#k1");
	assert_ok(tj_jwk_write(&json, &did.keys.v[0], arena, NULL), NULL);
	assert_ok(tj_trust_add_jwk(&trust, json, &any, 1, NULL), NULL);
	assert_str("did:web:b.example", trust.issuers.v[1].id);
	assert_true(tj_issuer_may_declare(&trust.issuers.v[1], ident(SAMPLE_PRODUCT, arena)));
	tj_trust_fini(&trust);
	tj_arena_free(arena);
}

static void
what_is_not_the_issuers_is_refused(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_trust trust;
	struct tj_did did;
	tj_str pem, json;

	(void)state;
	tj_trust_init(&trust, arena);
	assert_rc(TJ_E_DATA, tj_trust_add(&trust, TJ_S("did:web:b.example"), document(arena), NULL,
	    0, NULL), NULL);
	sample_keys(&pem, &did, arena);
	did.keys.v[0].kid = TJ_S("k1");
	assert_ok(tj_jwk_write(&json, &did.keys.v[0], arena, NULL), NULL);
	assert_rc(TJ_E_DATA, tj_trust_add_jwk(&trust, json, NULL, 0, NULL), NULL);
	memset(did.keys.v[0].point.x, 0, 32);
	assert_ok(tj_did_write(&json, &did, arena, NULL), NULL);
	assert_rc(TJ_E_DATA, tj_trust_add(&trust, TJ_S(SAMPLE_DID), json, NULL, 0, NULL), NULL);
	assert_int_equal(trust.issuers.n, 0);
	assert_ok(tj_trust_add(&trust, TJ_S(SAMPLE_DID), document(arena), NULL, 0, NULL), NULL);
	assert_rc(TJ_E_CONFLICT, tj_trust_add(&trust, TJ_S(SAMPLE_DID), document(arena), NULL, 0,
	    NULL), NULL);
	assert_int_equal(trust.issuers.n, 1);
	tj_trust_fini(&trust);
	tj_arena_free(arena);
}

static enum tj_rc
add(tj_str json)
{
	const tj_str authority = TJ_S(SAMPLE_PREFIX);
	struct tj_arena *arena = tj_arena_new(1 << 20);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_trust trust;

	tj_trust_init(&trust, arena);
	if (rc == TJ_OK)
		rc = tj_trust_add(&trust, TJ_S(SAMPLE_DID), json, &authority, 1, NULL);
	tj_trust_fini(&trust);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const tj_str json = document(arena);

	(void)state;
	OOM_LOOP(add(json));
	tj_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(an_issuer_speaks_for_its_prefixes_only),
		test(no_authority_is_none_and_a_star_is_any),
		test(what_is_not_the_issuers_is_refused),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
