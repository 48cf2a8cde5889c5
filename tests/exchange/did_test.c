#include "exchange/did.h"
#include "model/base/buf.h"
#include "tests/exchange/sample.h"

#define X	"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"	/* RFC 7515 A.3 */
#define Y	"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define EC(more)								\
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" Y "\"" more "}"
#define JWK	EC("")
#define OKP	"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" X "\"}"
#define METHOD(id, jwk)	"{\"id\":\"" id "\",\"publicKeyJwk\":" jwk "}"
#define DID(methods, assertions)						\
	"{\"id\":\"did:web:a.example\",\"verificationMethod\":[" methods "],"	\
	"\"assertionMethod\":[" assertions "]}"

static void
a_document_comes_back_as_it_was_written(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_did did, back, set = { 0 };
	struct tj_jwk jwk;
	tj_str pem, json;

	(void)state;
	sample_keys(&pem, &did, arena);
	assert_ok(tj_did_write(&json, &did, arena, NULL), NULL);
	assert_ok(tj_did_read(&back, json, arena, NULL), NULL);
	assert_str(SAMPLE_DID, back.id);
	assert_int_equal(back.keys.n, 1);
	assert_str(SAMPLE_KID, back.keys.v[0].kid);
	assert_memory_equal(&back.keys.v[0].point, &did.keys.v[0].point, sizeof(tj_point));
	assert_ok(tj_jwks_write(&json, &did, arena, NULL), NULL);
	assert_ok(tj_jwks_read(&set, json, arena, NULL), NULL);
	assert_str(SAMPLE_KID, set.keys.v[0].kid);
	assert_ok(tj_jwk_write(&json, &did.keys.v[0], arena, NULL), NULL);
	assert_ok(tj_jwk_read(&jwk, json, arena, NULL), NULL);
	assert_memory_equal(&jwk.point, &did.keys.v[0].point, sizeof(tj_point));
	tj_arena_free(arena);
}

static void
documents_of_others_are_read(void **state)
{
	static const char *const good[] = {
		DID(METHOD("did:web:a.example#k1", JWK), "\"did:web:a.example#k1\""),
		DID(METHOD("#k1", JWK), "\"did:web:a.example#k1\""),
		DID(METHOD("did:web:a.example#k1", JWK), "\"#k1\""),
		DID("", METHOD("#k1", JWK)),
		DID(METHOD("#k0", OKP) "," METHOD("#k1", JWK), "\"#k0\",\"#k1\",\"#k2\""),
		DID(METHOD("did:web:b.example#k1", JWK) "," METHOD("#k1", JWK),
		    "\"did:web:b.example#k1\",\"#k1\""),
	};
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_err err = { 0 };
	struct tj_did did;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_ok(tj_did_read(&did, tj_str_of(good[i]), arena, &err), &err);
		assert_int_equal(did.keys.n, 1);
		assert_str("did:web:a.example#k1", did.keys.v[0].kid);
	}
	tj_arena_free(arena);
}

static void
a_document_without_a_key_of_its_own_to_sign_with_is_refused(void **state)
{
	static const char *const bad[] = {
		DID(METHOD("#k1", JWK), ""), DID("", "\"#k1\""), DID(METHOD("#k1", OKP), "\"#k1\""),
		DID(METHOD("did:web:b.example#k1", JWK), "\"did:web:b.example#k1\""),
		DID(METHOD("did:web:a.example.evil#k1", JWK), "\"did:web:a.example.evil#k1\""),
		DID(METHOD("#", JWK), "\"#\""), DID("7", "\"#k1\""), DID("{}", "\"#k1\""),
		"{\"id\":\"https://a.example\",\"verificationMethod\":[],\"assertionMethod\":[]}",
		"{\"id\":\"did:web:a.example\"}", "{}", "[]", "7", "",
	};
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_did did;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_rc(TJ_E_DATA, tj_did_read(&did, tj_str_of(bad[i]), arena, NULL), NULL);
	tj_arena_free(arena);
}

/* Comparing every name with every method must not cost the length of the id each time. */
static void
many_methods_of_a_long_id_take_little_memory(void **state)
{
	struct tj_arena *arena = tj_arena_new(8 << 20);
	struct tj_buf buf;
	struct tj_did did;
	struct tj_err err = { 0 };

	(void)state;
	tj_buf_init(&buf, 1 << 16);
	tj_buf_fmt(&buf, "{\"id\":\"did:web:%04000d\",\"verificationMethod\":[", 0);
	for (int i = 0; i < 2000; i++)
		tj_buf_fmt(&buf, "{\"id\":\"#a\"},");
	tj_buf_fmt(&buf, METHOD("#k1", JWK) "],\"assertionMethod\":[\"#k1\"");
	for (int i = 0; i < 4000; i++)
		tj_buf_fmt(&buf, ",\"#b\"");
	tj_buf_fmt(&buf, "]}");
	assert_false(buf.failed);
	assert_ok(tj_did_read(&did, tj_buf_view(&buf), arena, &err), &err);
	assert_int_equal(did.keys.n, 1);
	tj_buf_fini(&buf);
	tj_arena_free(arena);
}

static void
a_private_key_is_refused_and_named(void **state)
{
	static const char private_jwk[] = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X
	    "\",\"y\":\"" Y "\",\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\"}";
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_err err = { 0 };
	struct tj_jwk jwk;
	struct tj_did did;

	(void)state;
	assert_rc(TJ_E_DATA, tj_jwk_read(&jwk, tj_str_of(private_jwk), arena, &err), &err);
	assert_non_null(strstr(err.text, "private key"));
	assert_rc(TJ_E_DATA, tj_jwks_read(&did, tj_str_fmt(arena, "{\"keys\":[" JWK ",%s]}",
	    private_jwk), arena, &err), &err);
	assert_non_null(strstr(err.text, "private key"));
	assert_rc(TJ_E_DATA, tj_did_read(&did, tj_str_fmt(arena, "{\"id\":\"did:web:a.example\","
	    "\"verificationMethod\":[{\"id\":\"#k1\",\"publicKeyJwk\":%s}],\"assertionMethod\":"
	    "[\"#k1\"]}", private_jwk), arena, &err), &err);
	assert_non_null(strstr(err.text, "private key"));
	assert_rc(TJ_E_DATA, tj_jwk_read(&jwk,
	    tj_test_file("tests/exchange/data/jose/rfc7520/3_2.ec_private_key.json", arena), arena,
	    &err), &err);
	assert_non_null(strstr(err.text, "private key"));
	tj_arena_free(arena);
}

static void
keys_of_other_kinds_and_lengths_are_refused(void **state)
{
	static const char *const bad[] = {
		OKP, "{\"kty\":\"EC\",\"crv\":\"P-256\"}", "{\"kty\":7,\"crv\":\"P-256\"}", "[]",
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"" Y "\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "=\",\"y\":\"" Y "\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" Y "\",\"kid\":7}",
		EC(",\"use\":\"enc\""), EC(",\"alg\":\"ECDH-ES\""), EC(",\"use\":7"),
	};
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_jwk jwk;
	struct tj_did did = { .id = TJ_S("as before") };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_rc(TJ_E_DATA, tj_jwk_read(&jwk, tj_str_of(bad[i]), arena, NULL), NULL);
	assert_rc(TJ_E_DATA, tj_jwk_read(&jwk,		/* P-521 */
	    tj_test_file("tests/exchange/data/jose/rfc7520/3_1.ec_public_key.json", arena), arena,
	    NULL), NULL);
	assert_rc(TJ_E_DATA, tj_jwks_read(&did, TJ_S("{\"keys\":[" OKP "]}"), arena, NULL), NULL);
	assert_str("as before", did.id);
	tj_arena_free(arena);
}

static enum tj_rc
write_and_read(const struct tj_did *did)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_did back = { 0 };
	tj_str json;

	if (rc == TJ_OK)
		rc = tj_did_write(&json, did, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_did_read(&back, json, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_jwks_write(&json, did, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_jwks_read(&back, json, arena, NULL);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_did did;
	tj_str pem;

	(void)state;
	sample_keys(&pem, &did, arena);
	OOM_LOOP(write_and_read(&did));
	tj_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_document_comes_back_as_it_was_written),
		test(documents_of_others_are_read),
		test(a_document_without_a_key_of_its_own_to_sign_with_is_refused),
		test(many_methods_of_a_long_id_take_little_memory),
		test(a_private_key_is_refused_and_named),
		test(keys_of_other_kinds_and_lengths_are_refused),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
