#include "exchange/base58.h"
#include "exchange/crypto_sm2.h"
#include "exchange/did_bid.h"
#include "exchange/json.h"
#include "model/ident.h"
#include "tests/support/support.h"

static const struct tj_json *
vectors(const char *name, struct tj_arena *arena)
{
	const struct tj_json *json;

	assert_ok(tj_json_read(&json, tj_test_file(tj_str_fmt(arena, "tests/exchange/data/%s",
	    name).p, arena), arena, NULL), NULL);
	return json;
}

static tj_str
text(const struct tj_json *json, const char *name)
{
	tj_str found;

	assert_ok(tj_json_get_text(&found, json, name, NULL), NULL);
	return found;
}

static void
the_published_addresses_follow_from_their_keys(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	const struct tj_json *list = vectors("bif/bif-vectors.json", arena);

	(void)state;
	assert_int_equal(tj_json_count(list), 6);
	for (size_t i = 0; i < tj_json_count(list); i++) {
		const struct tj_json *v = tj_json_at(list, i);
		uint8_t secret[TJ_BID_PRIVATE_BYTES];
		enum tj_bid_type type;
		tj_bid_key key;
		tj_ident ident;
		tj_str did, hex;

		assert_ok(tj_bid_key_parse(&key, text(v, "enc_public_key"), NULL), NULL);
		assert_ok(tj_bid_of_key(&did, &key, arena, NULL), NULL);
		assert_str(text(v, "address").p, did);
		assert_ok(tj_bid_check(did, &key, arena, NULL), NULL);
		assert_ok(tj_ident_parse(&ident, did, arena, NULL), NULL);
		assert_ok(tj_bid_key_text(&hex, &key, arena, NULL), NULL);
		assert_str(text(v, "enc_public_key").p, hex);
		assert_ok(tj_bid_private_parse(secret, &type, text(v, "enc_private_key"), NULL), NULL);
		assert_int_equal(type, key.type);
		assert_int_equal(type, text(v, "key_type").p[0]);
		for (size_t k = 0; k < 32; k++)
			assert_int_equal(secret[k], 16 * tj_hex_digit(text(v, "raw_private").p[2 * k]) +
			    tj_hex_digit(text(v, "raw_private").p[2 * k + 1]));
	}
	tj_arena_free(arena);
}

static void
the_published_sm2_key_has_its_address_and_signature(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const struct tj_json *v = vectors("gm/did-bid-sm2.json", arena);
	uint8_t signature[TJ_SIGNATURE_BYTES];
	struct tj_sm2 *sm2;
	tj_bid_key key;

	(void)state;
	assert_ok(tj_bid_key_parse(&key, text(v, "bif_public_key_hex"), NULL), NULL);
	assert_ok(tj_bid_check(text(v, "did"), &key, arena, NULL), NULL);
	for (size_t i = 0; i < sizeof(signature); i++)
		signature[i] = (uint8_t)(16 * tj_hex_digit(text(v, "signature_rs_hex").p[2 * i]) +
		    tj_hex_digit(text(v, "signature_rs_hex").p[2 * i + 1]));
	assert_ok(tj_sm2_of_point(&sm2, key.raw, NULL), NULL);
	assert_ok(tj_sm2_verify(sm2, signature, TJ_S("\x83\x94\x02"), NULL), NULL);
	tj_sm2_free(sm2);
	tj_arena_free(arena);
}

static void
the_address_of_another_key_is_refused(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const struct tj_json *v = vectors("gm/did-bid-sm2.json", arena);
	struct tj_err err = { 0 };
	tj_bid_key key;

	(void)state;
	assert_ok(tj_bid_key_parse(&key, text(v, "bif_public_key_hex"), NULL), NULL);
	assert_ok(tj_bid_check(TJ_S("did:bid:6cc8:zf5EHbHLDDEgY5rA2hnwp5YPhaw9iUPu"), &key, arena,
	    &err), &err);
	assert_rc(TJ_E_REFUSED, tj_bid_check(TJ_S("did:bid:zf5EHBHLDDEgY5rA2hnwp5YPhaw9iUPu"),
	    &key, arena, &err), &err);
	assert_rc(TJ_E_REFUSED, tj_bid_check(TJ_S("did:bid:zf5EHbHLDDEgY5rA2hnwp5YPhaw9iUP"), &key,
	    arena, &err), &err);
	assert_rc(TJ_E_REFUSED, tj_bid_check(TJ_S("did:bid:"), &key, arena, NULL), NULL);
	assert_rc(TJ_E_DATA, tj_bid_check(TJ_S("did:web:a.example"), &key, arena, NULL), NULL);
	key.raw[64] ^= 1;
	assert_rc(TJ_E_REFUSED, tj_bid_check(text(v, "did"), &key, arena, NULL), NULL);
	tj_arena_free(arena);
}

static void
keys_that_are_none_are_refused(void **state)
{
	static const char *const bad[] = {
		"", "b06566", "b0656", "b06566xx", "b16566", "b06466",
		"b06566da9b97a860598e14469cb1dd3af1bf6c5cb88d549379d49d83b5b0bb23d63b",
		"b07a66da9b97a860598e14469cb1dd3af1bf6c5cb88d549379d49d83b5b0bb23d63bff",
		"b06565da9b97a860598e14469cb1dd3af1bf6c5cb88d549379d49d83b5b0bb23d63bff",
	};
	static const char *const secrets[] = {
		"", "pri", "priSPKt2hVqYmUoyJ24vYb8uzhu7VCab9X9BHz8K68sQZ61Yy",
		"priSPKt2hVqYmUoyJ24vYb8uzhu7VCab9X9BHz8K68sQZ61Yy0",
		"11111111111111111111111111111111111111111111111111111111111111111111111111",
	};
	uint8_t secret[TJ_BID_PRIVATE_BYTES];
	enum tj_bid_type type;
	tj_bid_key key;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_rc(TJ_E_DATA, tj_bid_key_parse(&key, tj_str_of(bad[i]), NULL), NULL);
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		assert_rc(TJ_E_DATA, tj_bid_private_parse(secret, &type, tj_str_of(secrets[i]), NULL),
		    NULL);
}

static void
base58_comes_back(void **state)
{
	uint8_t bytes[TJ_BASE58_BYTES], back[TJ_BASE58_BYTES];
	char out[TJ_BASE58_TEXT];
	uint64_t random = 1;

	(void)state;
	for (size_t round = 0; round < 4000; round++) {
		const size_t n = round % (TJ_BASE58_BYTES + 1), zeros = round / 65 % 5;
		size_t written, got = 0;

		for (size_t i = 0; i < n; i++)
			bytes[i] = i < zeros ? 0 : (uint8_t)(tj_test_random(&random) >> 13);
		written = tj_base58_write(out, bytes, n);
		assert_true(tj_base58_read(back, &got, (tj_str){ out, written }));
		assert_int_equal(got, n);
		assert_memory_equal(bytes, back, n);
	}
	memset(out, 'z', sizeof(out));
	assert_false(tj_base58_read(back, &(size_t){ 0 }, (tj_str){ out, sizeof(out) }));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_published_addresses_follow_from_their_keys),
		test(the_published_sm2_key_has_its_address_and_signature),
		test(the_address_of_another_key_is_refused),
		test(keys_that_are_none_are_refused),
		test(base58_comes_back),
	};

	return RUN(tests);
}
