#include "exchange/b64_std.h"
#include "exchange/crypto_handle.h"
#include "tests/support/support.h"

static void
assert_bytes(const char *hex, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(tj_hex_digit(hex[2 * i]) * 16 + tj_hex_digit(hex[2 * i + 1]), bytes[i]);
	assert_int_equal(strlen(hex), 2 * n);
}

static void
digests_and_macs_are_the_published_ones(void **state)
{
	const tj_str parts[] = { TJ_S("a"), TJ_S(""), TJ_S("bc") };
	struct tj_err err = { 0 };
	uint8_t key[20];
	tj_mac mac;

	(void)state;
	assert_ok(tj_hash_of(&mac, TJ_SHA1, parts, 3, &err), &err);	/* FIPS 180, "abc" */
	assert_bytes("a9993e364706816aba3e25717850c26c9cd0d89d", mac.b, mac.n);
	assert_ok(tj_hash_of(&mac, TJ_SHA256, parts, 3, &err), &err);
	assert_bytes("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", mac.b, mac.n);
	/* RFC 4231 case 2, RFC 2202 case 2 */
	assert_ok(tj_hmac(&mac, TJ_SHA256, TJ_S("Jefe"), TJ_S("what do ya want for nothing?"), &err), &err);
	assert_bytes("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", mac.b, mac.n);
	assert_ok(tj_hmac(&mac, TJ_SHA1, TJ_S("Jefe"), TJ_S("what do ya want for nothing?"), &err), &err);
	assert_bytes("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", mac.b, mac.n);
	/* RFC 6070 case 3 */
	assert_ok(tj_pbkdf2_sha1(key, 20, TJ_S("password"), TJ_S("salt"), 4096, &err), &err);
	assert_bytes("4b007901b765489abead49d926f721d065a429c1", key, 20);
}

static void
secrets_are_the_same_or_not(void **state)
{
	(void)state;
	assert_true(tj_same_secret(TJ_S("abc"), TJ_S("abc")));
	assert_true(tj_same_secret(TJ_S(""), TJ_S("")));
	assert_false(tj_same_secret(TJ_S("abc"), TJ_S("abd")));
	assert_false(tj_same_secret(TJ_S("abc"), TJ_S("abc\0")));
	assert_false(tj_same_secret(TJ_S("abc"), TJ_S("")));
}

static void
numbers_that_are_no_key_are_refused(void **state)
{
	static uint8_t big[2048];
	struct tj_arena *arena = tj_arena_new(1u << 20);
	tj_rsa_numbers numbers;
	struct tj_rsa *pair, *key;
	struct tj_err err = { 0 };
	tj_str signature;

	(void)state;
	assert_ok(tj_rsa_read_pem(&pair, tj_test_file("tests/registry/data/user.key.pem", arena), false, &err), &err);
	assert_ok(tj_rsa_numbers_of(&numbers, pair, arena, &err), &err);
	assert_ok(tj_rsa_sign(&signature, pair, TJ_SHA256, TJ_S("m"), arena, &err), &err);
	assert_ok(tj_rsa_of_numbers(&key, &numbers, &err), &err);
	assert_ok(tj_rsa_verify(key, TJ_SHA256, signature, TJ_S("m"), &err), &err);
	assert_rc(TJ_E_REFUSED, tj_rsa_verify(key, TJ_SHA1, signature, TJ_S("m"), &err), &err);
	assert_rc(TJ_E_REFUSED, tj_rsa_verify(key, TJ_SHA256, signature, TJ_S("n"), &err), &err);
	assert_rc(TJ_E_REFUSED, tj_rsa_verify(key, TJ_SHA256, TJ_S(""), TJ_S("m"), &err), &err);
	tj_rsa_free(key);
	numbers.e = TJ_S("\1");
	assert_rc(TJ_E_DATA, tj_rsa_of_numbers(&key, &numbers, &err), &err);
	numbers.e = TJ_S("\1\0\1");
	numbers.n = TJ_S("\5");
	assert_rc(TJ_E_DATA, tj_rsa_of_numbers(&key, &numbers, &err), &err);
	memset(big, 0xff, sizeof(big));
	numbers.n = (tj_str){ (const char *)big, sizeof(big) };
	assert_rc(TJ_E_DATA, tj_rsa_of_numbers(&key, &numbers, &err), &err);
	numbers.n = TJ_S("");
	assert_rc(TJ_E_DATA, tj_rsa_of_numbers(&key, &numbers, &err), &err);
	assert_rc(TJ_E_DATA, tj_rsa_read_pem(&key, TJ_S("no key"), false, &err), &err);
	tj_rsa_free(pair);
	tj_arena_free(arena);
}

static void
base64_is_read_generously_and_written_with_padding(void **state)
{
	struct tj_arena *arena = tj_arena_new(1u << 20);
	struct tj_err err = { 0 };
	tj_str out;

	(void)state;
	assert_str("", tj_b64_std_encode(TJ_S(""), arena));
	assert_str("Zg==", tj_b64_std_encode(TJ_S("f"), arena));
	assert_str("Zm8=", tj_b64_std_encode(TJ_S("fo"), arena));
	assert_str("Zm9v", tj_b64_std_encode(TJ_S("foo"), arena));
	assert_str("+/+/", tj_b64_std_encode(TJ_S("\xfb\xff\xbf"), arena));
	assert_ok(tj_b64_std_decode(&out, TJ_S("-_ +/\r\n"), arena, &err), &err);
	assert_str("\xfb\xff\xbf", out);
	assert_ok(tj_b64_std_decode(&out, TJ_S("Zg"), arena, &err), &err);
	assert_str("f", out);
	assert_rc(TJ_E_DATA, tj_b64_std_decode(&out, TJ_S("Z"), arena, &err), &err);
	assert_rc(TJ_E_DATA, tj_b64_std_decode(&out, TJ_S("Zg==="), arena, &err), &err);
	assert_rc(TJ_E_DATA, tj_b64_std_decode(&out, TJ_S("=Zg"), arena, &err), &err);
	tj_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(digests_and_macs_are_the_published_ones),
		test(secrets_are_the_same_or_not),
		test(numbers_that_are_no_key_are_refused),
		test(base64_is_read_generously_and_written_with_padding),
	};

	return RUN(tests);
}
