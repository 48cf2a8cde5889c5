#include <stdio.h>
#include <unistd.h>

#include "exchange/b64.h"
#include "exchange/jws.h"
#include "exchange/signer_batch.h"
#include "model/base/limits.h"
#include "tests/exchange/sample.h"

#define DATA	"tests/exchange/data/jose/"

static tj_str
data(const char *name, struct tj_arena *arena)
{
	return tj_test_file(tj_str_fmt(arena, DATA "%s", name).p, arena);
}

static struct tj_key *
published_key(struct tj_arena *arena)
{
	struct tj_key *key = NULL;
	struct tj_jwk jwk;

	assert_ok(tj_jwk_read(&jwk, data("es256.pub.jwk", arena), arena, NULL), NULL);
	assert_ok(tj_key_of_point(&key, &jwk.point, NULL), NULL);
	return key;
}

static void
what_others_signed_is_read_and_verified(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_key *key = published_key(arena);
	struct tj_err err = { 0 };
	struct tj_jws jws;

	(void)state;
	assert_ok(tj_jws_parse(&jws, data("es256.jws", arena), arena, &err), &err);
	assert_str("ES256", jws.alg);
	assert_str("vc+jwt", jws.typ);
	assert_str("did:web:steel.example#k1", jws.kid);
	assert_true(tj_str_starts(jws.payload, TJ_S("{\"@context\"")));
	assert_ok(tj_jws_verify(&jws, key, &err), &err);
	tj_key_free(key);
	tj_arena_free(arena);
}

static void
any_changed_byte_is_refused(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_key *key = published_key(arena);
	const tj_str bytes = data("es256.jws", arena);
	char *copy = TJ_NEWN(arena, char, bytes.n + 1);
	struct tj_jws jws;

	(void)state;
	memcpy(copy, bytes.p, bytes.n);
	for (size_t i = 0; i < 8 * bytes.n; i++) {
		struct tj_arena *scratch = tj_arena_new(1 << 20);
		enum tj_rc rc;

		copy[i / 8] = (char)(copy[i / 8] ^ 1 << i % 8);
		rc = tj_jws_parse(&jws, (tj_str){ copy, bytes.n }, scratch, NULL);
		if (rc == TJ_OK)
			rc = tj_jws_verify(&jws, key, NULL);
		assert_true(rc == TJ_E_DATA || rc == TJ_E_REFUSED || rc == TJ_E_LIMIT);
		copy[i / 8] = (char)(copy[i / 8] ^ 1 << i % 8);
		tj_arena_free(scratch);
	}
	tj_key_free(key);
	tj_arena_free(arena);
}

/* A JWS with this header, over an empty object, with a signature of zeros. */
static enum tj_rc
parse_header(const char *header, struct tj_arena *arena, struct tj_err *err)
{
	const char zeros[64] = { 0 };
	const tj_str parts[] = {
		tj_b64_encode(tj_str_of(header), arena),
		tj_b64_encode((tj_str){ zeros, sizeof(zeros) }, arena)
	};
	struct tj_jws jws;

	return tj_jws_parse(&jws, tj_str_fmt(arena, "%s.e30.%s", parts[0].p, parts[1].p), arena,
	    err);
}

static void
a_header_has_only_what_is_allowed(void **state)
{
	static const char *const accepted[] = {
		"{\"alg\":\"ES256\"}", "{\"typ\":\"vc+jwt\",\"alg\":\"ES256\",\"kid\":\"k\"}",
		"{ \"x5c\": [\"MIIB\"], \"alg\": \"ES256\" }",
	};
	static const char *const refused[] = {
		"{\"alg\":\"ES256\",\"crit\":[\"x\"],\"x\":1}",
		"{\"alg\":\"ES256\",\"jku\":\"https://a\"}",
		"{\"alg\":\"ES256\",\"jwk\":{}}", "{\"alg\":\"ES256\",\"x5u\":\"https://a\"}",
		"{\"alg\":\"ES256\",\"zip\":\"DEF\"}", "{\"alg\":\"ES256\",\"b64\":false}",
		"{\"alg\":\"ES256\",\"alg\":\"ES256\"}", "{\"kid\":\"k\"}", "{\"alg\":7}",
		"{\"alg\":\"ES256\",\"kid\":7}", "[\"alg\"]", "{", "",
	};
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_err err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++)
		assert_ok(parse_header(accepted[i], arena, &err), &err);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_rc(TJ_E_DATA, parse_header(refused[i], arena, &err), &err);
	tj_arena_free(arena);
}

static void
the_key_tells_the_algorithm(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_key *key = published_key(arena);
	struct tj_err err = { 0 };
	struct tj_jws jws;

	(void)state;
	assert_ok(tj_jws_parse(&jws, data("es256.jws", arena), arena, &err), &err);
	for (size_t i = 0; i < 4; i++) {
		static const char *const other[] = { "none", "HS256", "ES384", "es256" };

		jws.alg = tj_str_of(other[i]);
		assert_rc(TJ_E_REFUSED, tj_jws_verify(&jws, key, &err), &err);
	}
	assert_rc(TJ_E_DATA, tj_jws_parse(&jws, data("crit.jws", arena), arena, &err), &err);
	assert_string_equal(err.text, "a header with \"crit\" is not accepted");
	tj_key_free(key);
	tj_arena_free(arena);
}

/* RSA, RSA-PSS, ES512, HMAC: the examples of RFC 7520. */
static void
signatures_of_other_kinds_are_refused(void **state)
{
	static const char *const files[] = {
		"rfc7520/4_1.rsa_v15_signature.json", "rfc7520/4_2.rsa-pss_signature.json",
		"rfc7520/4_3.ecdsa_signature.json",
		"rfc7520/4_4.hmac-sha2_integrity_protection.json",
	};
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_jws jws;

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const char *at = strstr(data(files[i], arena).p, "\"compact\": \"");

		assert_non_null(at);
		at += strlen("\"compact\": \"");
		assert_rc(TJ_E_DATA, tj_jws_parse(&jws, (tj_str){ at, strcspn(at, "\"") }, arena,
		    NULL), NULL);
	}
	tj_arena_free(arena);
}

static void
only_three_parts_and_nothing_else_are_a_jws(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 23);
	const tj_str good = data("es256.jws", arena);
	struct tj_jws jws;
	const tj_str refused[] = {
		TJ_S(""), TJ_S("."), TJ_S(".."), TJ_S("..."), TJ_S("e30.e30"),
		TJ_S("{\"payload\":1}"),
		tj_str_fmt(arena, "%s\n", good.p), tj_str_fmt(arena, " %s", good.p),
		tj_str_fmt(arena, "%s.", good.p), tj_str_fmt(arena, "%s=", good.p),
		tj_str_fmt(arena, "%sAA", good.p), tj_str_cut(good, 0, good.n - 2),
	};
	const size_t n = TJ_MAX_JWS_BYTES + 1;
	const tj_str long_one = { TJ_NEWN(arena, char, n), n };

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_rc(TJ_E_DATA, tj_jws_parse(&jws, refused[i], arena, NULL), NULL);
	assert_non_null(long_one.p);
	assert_rc(TJ_E_LIMIT, tj_jws_parse(&jws, long_one, arena, NULL), NULL);
	tj_arena_free(arena);
}

static void
what_is_built_is_byte_exact_and_verifies(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_did did;
	struct tj_signer *signer = sample_signer(&did, arena);
	struct tj_key *key = NULL;
	tj_digest digests[2];
	struct tj_jws jws;
	tj_str text;

	(void)state;
	assert_ok(tj_jws_build(&text, &digests[0], TJ_S("{}"), signer, arena, NULL), NULL);
	assert_true(tj_str_starts(text, TJ_S("eyJhbGciOiJFUzI1NiIsImtpZCI6ImRpZDp3ZWI6c3RlZWwuZXh"
	    "hbXBsZSNrMSIsInR5cCI6InZjK2p3dCJ9.e30.")));
	assert_ok(tj_jws_parse(&jws, text, arena, NULL), NULL);
	assert_ok(tj_key_of_point(&key, &did.keys.v[0].point, NULL), NULL);
	assert_ok(tj_jws_verify(&jws, key, NULL), NULL);
	assert_ok(tj_jws_digest(&digests[1], &jws, NULL), NULL);
	assert_true(tj_digest_eq(&digests[0], &digests[1]));
	signer->alg = TJ_S("SM2");
	assert_rc(TJ_E_CONFIG, tj_jws_build(&text, NULL, TJ_S("{}"), signer, arena, NULL), NULL);
	tj_key_free(key);
	signer->close(signer);
	tj_arena_free(arena);
}

/* Else who has one of them could guess another from its hash in the log. */
static void
each_of_a_batch_has_random_bytes_of_its_own(void **state)
{
	enum { N = 200 };
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_signer *signer = NULL;
	struct tj_jws jws[N];
	tj_str text;

	(void)state;
	assert_ok(tj_signer_batch_open(&signer, TJ_S(SAMPLE_KID), NULL), NULL);
	for (size_t i = 0; i < N; i++) {
		assert_ok(tj_jws_build(&text, NULL, TJ_S("{}"), signer, arena, NULL), NULL);
		assert_ok(tj_jws_parse(&jws[i], text, arena, NULL), NULL);
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(jws[i].signature, jws[k].signature, 16);
	}
	signer->close(signer);
	tj_arena_free(arena);
}

static void
put(const char *dir, const char *name, tj_str bytes)
{
	char path[64];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, file), bytes.n);
	assert_int_equal(fclose(file), 0);
}

static int
jose_says(const char *dir, const char *keys)
{
	char command[200];

	(void)snprintf(command, sizeof(command),
	    "jose jws ver -i %s/d.jws -k %s/%s -O %s/out 2>/dev/null && cmp -s %s/out %s/payload",
	    dir, dir, keys, dir, dir, dir);
	return system(command);
}

/* Debian's `jose`: whoever does not trust our code uses that. */
static void
jose_accepts_ours_and_refuses_a_changed_one(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	char dir[] = "/tmp/tanji-jws-XXXXXX", clean[64];
	struct tj_did did;
	struct tj_signer *signer = sample_signer(&did, arena);
	const tj_str payload = tj_test_file("tests/exchange/data/declaration.json", arena);
	tj_str jws, json;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_ok(tj_jws_build(&jws, NULL, payload, signer, arena, NULL), NULL);
	put(dir, "d.jws", jws);
	put(dir, "payload", payload);
	assert_ok(tj_jwk_write(&json, &did.keys.v[0], arena, NULL), NULL);
	put(dir, "k.jwk", json);
	assert_ok(tj_jwks_write(&json, &did, arena, NULL), NULL);
	put(dir, "k.jwks", json);
	assert_int_equal(jose_says(dir, "k.jwk"), 0);
	assert_int_equal(jose_says(dir, "k.jwks"), 0);
	put(dir, "d.jws", tj_str_fmt(arena, "%.90sX%s", jws.p, jws.p + 91));
	assert_int_not_equal(jose_says(dir, "k.jwk"), 0);
	(void)snprintf(clean, sizeof(clean), "rm -r %s", dir);
	assert_int_equal(system(clean), 0);
	signer->close(signer);
	tj_arena_free(arena);
}

static enum tj_rc
build_and_parse(tj_str pem)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_signer *signer = NULL;
	struct tj_jws jws;
	tj_str text;

	if (rc == TJ_OK)
		rc = tj_signer_es256_open(&signer, pem, TJ_S(SAMPLE_KID), NULL);
	if (rc == TJ_OK)
		rc = tj_jws_build(&text, NULL, TJ_S("{\"a\":1}"), signer, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_jws_parse(&jws, text, arena, NULL);
	if (signer != NULL)
		signer->close(signer);
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
	OOM_LOOP(build_and_parse(pem));
	tj_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_others_signed_is_read_and_verified),
		test(any_changed_byte_is_refused),
		test(a_header_has_only_what_is_allowed),
		test(the_key_tells_the_algorithm),
		test(signatures_of_other_kinds_are_refused),
		test(only_three_parts_and_nothing_else_are_a_jws),
		test(what_is_built_is_byte_exact_and_verifies),
		test(each_of_a_batch_has_random_bytes_of_its_own),
		test(jose_accepts_ours_and_refuses_a_changed_one),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
