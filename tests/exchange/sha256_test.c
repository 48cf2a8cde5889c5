#include "exchange/crypto.h"
#include "exchange/crypto_ed25519.h"
#include "exchange/sha256.h"
#include "tests/support/support.h"

static void
parts_are_hashed_one_behind_the_other(void **state)
{
	const tj_str parts[] = { TJ_S("a"), TJ_S(""), TJ_S("bc") };
	struct tj_sha256 *sha;
	char hex[TJ_DIGEST_HEX];
	tj_digest digest;

	(void)state;
	assert_ok(tj_sha256_new(&sha, NULL), NULL);
	for (size_t i = 0; i < 3; i++) {	/* the context is used again */
		assert_ok(tj_sha256_of(&digest, sha, parts, 3, NULL), NULL);
		assert_string_equal(tj_digest_hex(hex, &digest),	/* FIPS 180-4 */
		    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	}
	assert_ok(tj_sha256_of(&digest, sha, NULL, 0, NULL), NULL);
	assert_string_equal(tj_digest_hex(hex, &digest),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	tj_sha256_free(sha);
}

/* RFC 4231, cases 1 to 3 and 6. */
static void
hmac_gives_the_published_codes(void **state)
{
	char key[131], data[50], hex[TJ_DIGEST_HEX];
	tj_digest digest;

	(void)state;
	memset(key, 0x0b, 20);
	assert_ok(tj_hmac_sha256(&digest, (tj_str){ key, 20 }, TJ_S("Hi There"), NULL), NULL);
	assert_string_equal(tj_digest_hex(hex, &digest),
	    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	assert_ok(tj_hmac_sha256(&digest, TJ_S("Jefe"), TJ_S("what do ya want for nothing?"), NULL), NULL);
	assert_string_equal(tj_digest_hex(hex, &digest),
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	memset(data, 0xdd, sizeof(data));
	assert_ok(tj_hmac_sha256(&digest, (tj_str){ key, 20 }, (tj_str){ data, 50 }, NULL), NULL);
	assert_string_equal(tj_digest_hex(hex, &digest),
	    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	assert_ok(tj_hmac_sha256(&digest, (tj_str){ key, 131 },
	    TJ_S("Test Using Larger Than Block-Size Key - Hash Key First"), NULL), NULL);
	assert_string_equal(tj_digest_hex(hex, &digest),
	    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void
bytes_of_hex(uint8_t *out, const char *hex)
{
	for (size_t i = 0; hex[2 * i] != '\0'; i++)
		out[i] = (uint8_t)(tj_hex_digit(hex[2 * i]) << 4 | tj_hex_digit(hex[2 * i + 1]));
}

/* RFC 8032 section 7.1, tests 1 and 3: verified here, as a signature cannot be chosen. */
static void
the_published_ed25519_signatures_are_good(void **state)
{
	static const struct {
		const char	*key, *message, *signature;
	} cases[] = {
		{ "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
		    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
		    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
		{ "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
		    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
		    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		uint8_t key[32], message[2], signature[64];
		const tj_str text = { (const char *)message, strlen(cases[i].message) / 2 };

		bytes_of_hex(key, cases[i].key);
		bytes_of_hex(message, cases[i].message);
		bytes_of_hex(signature, cases[i].signature);
		assert_ok(tj_ed25519_verify(key, signature, text, NULL), NULL);
		for (size_t bit = 0; bit < 512; bit++) {
			signature[bit / 8] = (uint8_t)(signature[bit / 8] ^ 1u << bit % 8);
			assert_rc(TJ_E_REFUSED, tj_ed25519_verify(key, signature, text, NULL), NULL);
			signature[bit / 8] = (uint8_t)(signature[bit / 8] ^ 1u << bit % 8);
		}
	}
}

static enum tj_rc
write_and_read(tj_str *pem, struct tj_arena **kept)
{
	struct tj_arena *arena = tj_arena_new(1 << 16);
	struct tj_ed25519 *key = NULL, *again = NULL;
	uint8_t signature[64], public_key[32], same[32];
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : tj_ed25519_generate(&key, NULL);

	if (rc == TJ_OK)
		rc = tj_ed25519_write_pem(pem, key, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_ed25519_read_pem(&again, *pem, NULL);
	if (rc == TJ_OK) {
		tj_ed25519_public(public_key, key);
		tj_ed25519_public(same, again);
		assert_memory_equal(public_key, same, 32);
		rc = tj_ed25519_sign(signature, again, TJ_S("text"), NULL);
	}
	if (rc == TJ_OK)
		rc = tj_ed25519_verify(public_key, signature, TJ_S("text"), NULL);
	tj_ed25519_free(key);
	tj_ed25519_free(again);
	if (kept != NULL)
		*kept = arena;
	else
		tj_arena_free(arena);
	return rc;
}

static void
a_key_is_written_and_read(void **state)
{
	struct tj_ed25519 *key;
	struct tj_key *other;
	struct tj_arena *arena;
	struct tj_err err = { 0 };
	tj_str pem, p256;

	(void)state;
	assert_ok(write_and_read(&pem, &arena), NULL);
	assert_rc(TJ_E_DATA, tj_ed25519_read_pem(&key, tj_str_cut(pem, 0, pem.n / 2), &err), &err);
	assert_rc(TJ_E_DATA, tj_ed25519_read_pem(&key, TJ_S(""), &err), &err);
	assert_rc(TJ_E_DATA, tj_key_read_pem(&other, pem, &err), &err);
	assert_ok(tj_key_generate(&other, &err), &err);
	assert_ok(tj_key_write_pem(&p256, other, arena, &err), &err);
	assert_rc(TJ_E_DATA, tj_ed25519_read_pem(&key, p256, &err), &err);
	tj_key_free(other);
	tj_arena_free(arena);
	OOM_LOOP(write_and_read(&pem, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(parts_are_hashed_one_behind_the_other),
		test(hmac_gives_the_published_codes),
		test(the_published_ed25519_signatures_are_good),
		test(a_key_is_written_and_read),
	};

	return RUN(tests);
}
