#include "exchange/crypto_sm2.h"
#include "exchange/json.h"
#include "tests/support/support.h"

static void
bytes_of(uint8_t *bytes, size_t n, tj_str hex)
{
	assert_int_equal(hex.n, 2 * n);
	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)(16 * tj_hex_digit(hex.p[2 * i]) + tj_hex_digit(hex.p[2 * i + 1]));
}

static void
member(uint8_t *bytes, size_t n, const struct tj_json *json, const char *name)
{
	tj_str hex;

	assert_ok(tj_json_get_text(&hex, json, name, NULL), NULL);
	bytes_of(bytes, n, hex);
}

/* The published example of GB/T 32918.5: key, message, signature. */
struct example {
	struct tj_arena	*arena;
	struct tj_sm2	*key;
	tj_str		 message;
	uint8_t		 signature[TJ_SIGNATURE_BYTES];
};

static void
example_open(struct example *e)
{
	uint8_t point[TJ_SM2_POINT_BYTES] = { 4 };
	const struct tj_json *json;

	e->arena = tj_arena_new(1 << 22);
	assert_ok(tj_json_read(&json, tj_test_file("tests/exchange/data/gm/sm2-gbt32918.json",
	    e->arena), e->arena, NULL), NULL);
	member(point + 1, 32, json, "qx");
	member(point + 33, 32, json, "qy");
	member(e->signature, 32, json, "r");
	member(e->signature + 32, 32, json, "s");
	assert_ok(tj_json_get_text(&e->message, json, "msg_ascii", NULL), NULL);
	assert_ok(tj_sm2_of_point(&e->key, point, NULL), NULL);
}

static void
example_close(struct example *e)
{
	tj_sm2_free(e->key);
	tj_arena_free(e->arena);
}

static void
sm3_gives_the_published_digests(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const struct tj_json *json, *list;

	(void)state;
	assert_ok(tj_json_read(&json, tj_test_file("tests/exchange/data/gm/sm2-gbt32918.json",
	    arena), arena, NULL), NULL);
	assert_ok(tj_json_get(&list, json, "sm3", TJ_JSON_ARRAY, NULL), NULL);
	assert_int_equal(tj_json_count(list), 2);
	for (size_t i = 0; i < tj_json_count(list); i++) {
		char hex[TJ_DIGEST_HEX];
		tj_str text, want;
		tj_digest digest;

		assert_ok(tj_json_get_text(&text, tj_json_at(list, i), "msg_ascii", NULL), NULL);
		assert_ok(tj_json_get_text(&want, tj_json_at(list, i), "hash", NULL), NULL);
		assert_ok(tj_sm3(&digest, text, NULL), NULL);
		assert_str(tj_digest_hex(hex, &digest), want);
	}
	tj_arena_free(arena);
}

static void
the_published_signature_is_good_and_no_other(void **state)
{
	struct example e;

	(void)state;
	example_open(&e);
	assert_ok(tj_sm2_verify(e.key, e.signature, e.message, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_sm2_verify(e.key, e.signature, TJ_S("message digesu"), NULL),
	    NULL);
	for (size_t i = 0; i < sizeof(e.signature); i++) {
		e.signature[i] ^= 1;
		assert_rc(TJ_E_REFUSED, tj_sm2_verify(e.key, e.signature, e.message, NULL), NULL);
		e.signature[i] ^= 1;
	}
	memset(e.signature, 0, 32);
	assert_rc(TJ_E_REFUSED, tj_sm2_verify(e.key, e.signature, e.message, NULL), NULL);
	memset(e.signature, 0xff, 64);
	assert_rc(TJ_E_REFUSED, tj_sm2_verify(e.key, e.signature, e.message, NULL), NULL);
	example_close(&e);
}

static void
what_is_signed_verifies_with_the_public_half(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_sm2 *key, *again, *public;
	uint8_t signature[TJ_SIGNATURE_BYTES], point[TJ_SM2_POINT_BYTES], same[TJ_SM2_POINT_BYTES];
	tj_str secret, open;

	(void)state;
	assert_ok(tj_sm2_generate(&key, NULL), NULL);
	assert_ok(tj_sm2_write_pem(&secret, key, false, arena, NULL), NULL);
	assert_ok(tj_sm2_write_pem(&open, key, true, arena, NULL), NULL);
	assert_ok(tj_sm2_read_pem(&again, secret, false, NULL), NULL);
	assert_ok(tj_sm2_read_pem(&public, open, true, NULL), NULL);
	assert_ok(tj_sm2_point(point, key, NULL), NULL);
	assert_ok(tj_sm2_point(same, public, NULL), NULL);
	assert_memory_equal(point, same, sizeof(point));
	for (int i = 0; i < 16; i++) {
		assert_ok(tj_sm2_sign(signature, again, TJ_S("89 coils"), NULL), NULL);
		assert_ok(tj_sm2_verify(public, signature, TJ_S("89 coils"), NULL), NULL);
		assert_rc(TJ_E_REFUSED, tj_sm2_verify(public, signature, TJ_S(""), NULL), NULL);
	}
	assert_rc(TJ_E_DATA, tj_sm2_read_pem(&public, secret, true, NULL), NULL);
	assert_rc(TJ_E_DATA, tj_sm2_read_pem(&public, open, false, NULL), NULL);
	tj_sm2_free(key);
	tj_sm2_free(again);
	tj_sm2_free(public);
	tj_arena_free(arena);
}

static void
keys_of_other_kinds_are_refused(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	uint8_t point[TJ_SM2_POINT_BYTES] = { 4, 1 };
	struct tj_sm2 *sm2 = NULL;
	struct tj_key *key;
	struct tj_err err = { 0 };
	tj_str pem;

	(void)state;
	assert_ok(tj_key_generate(&key, NULL), NULL);
	assert_ok(tj_key_write_pem(&pem, key, arena, NULL), NULL);
	assert_rc(TJ_E_DATA, tj_sm2_read_pem(&sm2, pem, false, &err), &err);
	assert_string_equal(err.text, "the key is not an SM2 key");
	assert_rc(TJ_E_DATA, tj_sm2_read_pem(&sm2, TJ_S(""), true, NULL), NULL);
	assert_rc(TJ_E_DATA, tj_sm2_of_point(&sm2, point, NULL), NULL);
	point[0] = 2;
	assert_rc(TJ_E_DATA, tj_sm2_of_point(&sm2, point, NULL), NULL);
	assert_null(sm2);
	tj_key_free(key);
	tj_arena_free(arena);
}

static void
a_sidecar_is_of_one_file_and_one_form(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const tj_str file = TJ_S("a.b.c");
	struct tj_sm2 *key;
	char copy[TJ_SM2_SIDECAR_BYTES + 1];
	tj_str sidecar;

	(void)state;
	assert_ok(tj_sm2_generate(&key, NULL), NULL);
	assert_ok(tj_sm2_sidecar_write(&sidecar, key, file, arena, NULL), NULL);
	assert_in_range(sidecar.n, 66, TJ_SM2_SIDECAR_BYTES);
	assert_ok(tj_sm2_sidecar_verify(key, sidecar, file, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_sm2_sidecar_verify(key, sidecar, TJ_S("a.b.d"), NULL), NULL);
	memcpy(copy, sidecar.p, sidecar.n);
	copy[sidecar.n] = '\n';
	assert_rc(TJ_E_DATA, tj_sm2_sidecar_verify(key, (tj_str){ copy, sidecar.n + 1 }, file,
	    NULL), NULL);
	for (size_t i = 0; i < sidecar.n; i++) {
		copy[i] ^= 1;
		assert_int_not_equal(tj_sm2_sidecar_verify(key, (tj_str){ copy, sidecar.n }, file,
		    NULL), TJ_OK);
		assert_int_not_equal(tj_sm2_sidecar_verify(key, (tj_str){ copy, i }, file, NULL),
		    TJ_OK);
		copy[i] ^= 1;
	}
	tj_sm2_free(key);
	tj_arena_free(arena);
}

static enum tj_rc
make_and_check(void)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_sm2 *key = NULL, *back = NULL;
	tj_str pem, sidecar;

	if (rc == TJ_OK)
		rc = tj_sm2_generate(&key, NULL);
	if (rc == TJ_OK)
		rc = tj_sm2_write_pem(&pem, key, true, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_sm2_read_pem(&back, pem, true, NULL);
	if (rc == TJ_OK)
		rc = tj_sm2_sidecar_write(&sidecar, key, pem, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_sm2_sidecar_verify(back, sidecar, pem, NULL);
	tj_sm2_free(key);
	tj_sm2_free(back);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(make_and_check());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(sm3_gives_the_published_digests),
		test(the_published_signature_is_good_and_no_other),
		test(what_is_signed_verifies_with_the_public_half),
		test(keys_of_other_kinds_are_refused),
		test(a_sidecar_is_of_one_file_and_one_form),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
