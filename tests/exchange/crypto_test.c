#include "exchange/b64.h"
#include "exchange/crypto.h"
#include "model/base/crew.h"
#include "tests/support/support.h"

/* RFC 7515 appendix A.3. */
#define A3_X	"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define A3_Y	"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define A3_INPUT								\
	"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA"	\
	"6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
#define A3_SIGNATURE								\
	"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3"	\
	"-Kg6NU1Q"

static void
decode(uint8_t *out, size_t n, const char *text)
{
	struct tj_arena *arena = tj_arena_new(1 << 16);
	tj_str bytes;

	assert_ok(tj_b64_decode(&bytes, tj_str_of(text), arena, NULL), NULL);
	assert_int_equal(bytes.n, n);
	memcpy(out, bytes.p, n);
	tj_arena_free(arena);
}

static struct tj_key *
published_key(void)
{
	struct tj_key *key = NULL;
	tj_point point;

	decode(point.x, 32, A3_X);
	decode(point.y, 32, A3_Y);
	assert_ok(tj_key_of_point(&key, &point, NULL), NULL);
	return key;
}

static void
sha256_gives_the_published_digests(void **state)
{
	tj_digest digest;
	char hex[TJ_DIGEST_HEX];

	(void)state;
	assert_ok(tj_sha256(&digest, TJ_S("abc"), NULL), NULL);	/* FIPS 180-4 examples */
	assert_string_equal(tj_digest_hex(hex, &digest),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_ok(tj_sha256(&digest, TJ_S(""), NULL), NULL);
	assert_string_equal(tj_digest_hex(hex, &digest),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void
the_published_signature_is_good(void **state)
{
	struct tj_key *key = published_key();
	uint8_t signature[TJ_SIGNATURE_BYTES];

	(void)state;
	decode(signature, sizeof(signature), A3_SIGNATURE);
	assert_ok(tj_key_verify(key, signature, TJ_S(A3_INPUT), NULL), NULL);
	for (size_t i = 0; i < sizeof(signature); i++) {
		signature[i] ^= 1;
		assert_rc(TJ_E_REFUSED, tj_key_verify(key, signature, TJ_S(A3_INPUT), NULL), NULL);
		signature[i] ^= 1;
	}
	assert_rc(TJ_E_REFUSED, tj_key_verify(key, signature, TJ_S(A3_INPUT "x"), NULL), NULL);
	tj_key_free(key);
}

static const uint8_t order[32] = {
	0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84,
	0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51
};

static void
r_and_s_out_of_range_are_refused(void **state)
{
	struct tj_key *key = published_key();

	(void)state;
	for (int half = 0; half < 2; half++)
		for (int kind = 0; kind < 3; kind++) {
			uint8_t signature[TJ_SIGNATURE_BYTES];
			struct tj_err err = { 0 };

			decode(signature, sizeof(signature), A3_SIGNATURE);
			memset(signature + 32 * half, kind == 1 ? 0xff : 0, 32);
			if (kind == 2)
				memcpy(signature + 32 * half, order, 32);
			assert_rc(TJ_E_REFUSED, tj_key_verify(key, signature, TJ_S(A3_INPUT), &err),
			    &err);
			assert_string_equal(err.text, "the signature is out of range");
		}
	tj_key_free(key);
}

static void
what_is_signed_verifies_and_has_the_lower_s(void **state)
{
	struct tj_key *key = NULL, *public = NULL;
	tj_point point;

	(void)state;
	assert_ok(tj_key_generate(&key, NULL), NULL);
	assert_ok(tj_key_point(&point, key, NULL), NULL);
	assert_ok(tj_key_of_point(&public, &point, NULL), NULL);
	for (int i = 0; i < 64; i++) {
		uint8_t signature[TJ_SIGNATURE_BYTES];
		const tj_str message = { (const char *)&i, sizeof(i) };
		tj_digest digest;

		assert_ok(tj_sha256(&digest, message, NULL), NULL);
		assert_ok(tj_key_sign(signature, key, &digest, NULL), NULL);
		assert_true(signature[32] <= 0x7f);
		assert_ok(tj_key_verify(public, signature, message, NULL), NULL);
		assert_rc(TJ_E_REFUSED, tj_key_verify(public, signature, TJ_S("x"), NULL), NULL);
	}
	assert_rc(TJ_E_INTERNAL, tj_key_sign((uint8_t[64]){ 0 }, public, &(tj_digest){ 0 },
	    NULL), NULL);
	tj_key_free(key);
	tj_key_free(public);
}

/* More than there are contexts kept of a key. */
#define THREADS	20
#define TURNS	400

struct shared {
	struct tj_key	*key;
	uint8_t		 signature[TJ_SIGNATURE_BYTES];	/* of A3_INPUT */
	bool		 holds[TURNS];
};

/* Good ones and bad ones by turns, and now and then one is made. */
static void
use_key(void *ctx, size_t part, unsigned worker)
{
	struct shared *s = ctx;
	uint8_t signature[TJ_SIGNATURE_BYTES];
	tj_digest digest;

	(void)worker;
	memcpy(signature, s->signature, sizeof(signature));
	signature[part % sizeof(signature)] ^= part % 2 == 0 ? 0 : 1;
	s->holds[part] = tj_key_verify(s->key, signature, TJ_S(A3_INPUT), NULL) ==
	    (part % 2 == 0 ? TJ_OK : TJ_E_REFUSED);
	if (part % 8 == 0)
		s->holds[part] &= tj_sha256(&digest, TJ_S("x"), NULL) == TJ_OK &&
		    tj_key_sign(signature, s->key, &digest, NULL) == TJ_OK &&
		    tj_key_verify(s->key, signature, TJ_S("x"), NULL) == TJ_OK;
}

static void
many_threads_use_one_key_at_once(void **state)
{
	struct shared s = { .key = NULL };
	struct tj_crew *crew = NULL;
	tj_digest digest;

	(void)state;
	assert_ok(tj_key_generate(&s.key, NULL), NULL);
	assert_ok(tj_sha256(&digest, TJ_S(A3_INPUT), NULL), NULL);
	assert_ok(tj_key_sign(s.signature, s.key, &digest, NULL), NULL);
	assert_ok(tj_crew_new(&crew, THREADS, NULL), NULL);
	tj_crew_run(crew, use_key, &s, TURNS);
	for (size_t i = 0; i < TURNS; i++)
		assert_true(s.holds[i]);
	tj_crew_free(crew);
	tj_key_free(s.key);
}

static enum tj_rc
verify_once(const tj_point *point, const uint8_t signature[TJ_SIGNATURE_BYTES])
{
	struct tj_key *key = NULL;
	enum tj_rc rc = tj_key_of_point(&key, point, NULL);

	if (rc == TJ_OK)
		rc = tj_key_verify(key, signature, TJ_S(A3_INPUT), NULL);
	tj_key_free(key);
	return rc;
}

static void
memory_may_run_out_while_a_key_is_made(void **state)
{
	uint8_t signature[TJ_SIGNATURE_BYTES];
	tj_point point;

	(void)state;
	decode(point.x, 32, A3_X);
	decode(point.y, 32, A3_Y);
	decode(signature, sizeof(signature), A3_SIGNATURE);
	OOM_LOOP(verify_once(&point, signature));
}

static void
a_key_comes_back_from_its_pem(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_key *key = NULL, *back = NULL;
	tj_point points[2];
	tj_str pem;

	(void)state;
	assert_ok(tj_key_generate(&key, NULL), NULL);
	assert_ok(tj_key_write_pem(&pem, key, arena, NULL), NULL);
	assert_true(tj_str_starts(pem, TJ_S("-----BEGIN PRIVATE KEY-----\n")));
	assert_ok(tj_key_read_pem(&back, pem, NULL), NULL);
	assert_ok(tj_key_point(&points[0], key, NULL), NULL);
	assert_ok(tj_key_point(&points[1], back, NULL), NULL);
	assert_memory_equal(&points[0], &points[1], sizeof(points[0]));
	tj_key_free(key);
	tj_key_free(back);
	tj_arena_free(arena);
}

/* Made with openssl genpkey; nobody's. */
static const char encrypted_pem[] =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAj1VetxxUgDAQICCAAw\n"
    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEHK0ouv2RX7F6g9ugy6l0agEgZCh\n"
    "9INMSArEhNtQs1Z/awPP25W4aEKFkgk3DV0XytVHjqJE8tVRynHceFb3DvVd0fzs\n"
    "h8UW+wnuAK6uBMYY7lOnFgaYQYe8jdEz7fY2gEGjXy+GI27JC7uyYZLGbm7IR2my\n"
    "v8F23AfyTC6ixeZh8Z7DT5RVN/jjww0ahmM5Rvq+ZFcBbYzVmnBPO9IeVg6Fer4=\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";
static const char p384_pem[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDD7F8s4vOBvOWxq8iCC\n"
    "GIdfwPOs7b8GOTI4q/iPNK2JZwfojxbDSQoW4/Zhy6OYxdyhZANiAATRvyGtH6KU\n"
    "B/YvPStwn5TTYn90qGVNr8UcJNmFDPnwBfgn4q4w2gp7VOl/v2hKauir49DV2jeJ\n"
    "7I28zBP/U7fLrRS9Jg+POzMFjwNtYt3jxr9UGx7+4Y/kuy6UwWNdWHc=\n"
    "-----END PRIVATE KEY-----\n";

static void
other_keys_are_refused_without_asking_anybody(void **state)
{
	struct tj_key *key = NULL;
	struct tj_err err = { 0 };

	(void)state;
	assert_rc(TJ_E_DATA, tj_key_read_pem(&key, TJ_S(""), &err), &err);
	assert_rc(TJ_E_DATA, tj_key_read_pem(&key, TJ_S("-----BEGIN PRIVATE KEY-----\n"), &err),
	    &err);
	assert_rc(TJ_E_DATA, tj_key_read_pem(&key, tj_str_of(encrypted_pem), &err), &err);
	assert_rc(TJ_E_DATA, tj_key_read_pem(&key, tj_str_of(p384_pem), &err), &err);
	assert_string_equal(err.text, "the private key is not of the curve P-256");
	assert_null(key);
}

static void
a_point_off_the_curve_is_refused(void **state)
{
	struct tj_key *key = NULL;
	tj_point point;

	(void)state;
	decode(point.x, 32, A3_X);
	decode(point.y, 32, A3_Y);
	point.y[31] ^= 1;
	assert_rc(TJ_E_DATA, tj_key_of_point(&key, &point, NULL), NULL);
	memset(&point, 0, sizeof(point));
	assert_rc(TJ_E_DATA, tj_key_of_point(&key, &point, NULL), NULL);
	assert_null(key);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(sha256_gives_the_published_digests),
		test(the_published_signature_is_good),
		test(r_and_s_out_of_range_are_refused),
		test(what_is_signed_verifies_and_has_the_lower_s),
		test(many_threads_use_one_key_at_once),
		test(memory_may_run_out_while_a_key_is_made),
		test(a_key_comes_back_from_its_pem),
		test(other_keys_are_refused_without_asking_anybody),
		test(a_point_off_the_curve_is_refused),
	};

	return RUN(tests);
}
