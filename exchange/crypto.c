#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <pthread.h>

#include "exchange/crypto.h"
#include "exchange/pem.h"
#include "exchange/pkey_spares.h"
#include "exchange/sig_der.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

#define COORD	32

struct tj_key {
	EVP_PKEY		*pkey;
	struct tj_pkey_spares	*signing, *verifying;
};

/* Order n of P-256 and n / 2, rounded down (SP 800-186 section 3.2.1.3). */
static const uint8_t order[COORD] = {
	0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84,
	0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51
};
static const uint8_t half_order[COORD] = {
	0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf, 0x42,
	0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8
};

static EVP_MD		*sha256;	/* NULL: cannot be had */

static void
sha256_fetch(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
}

/* Looked up once a process: asking each time takes longer than a short digest. */
enum tj_rc
tj_sha256(tj_digest *digest, tj_str bytes, struct tj_err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	tj_digest made;

	(void)pthread_once(&once, sha256_fetch);
	if (sha256 == NULL ||
	    EVP_Digest(bytes.p, bytes.n, made.b, NULL, sha256, NULL) != 1)
		return tj_fail(err, TJ_E_INTERNAL, "SHA-256 failed");
	*digest = made;
	return TJ_OK;
}

void
tj_key_free(struct tj_key *key)
{
	if (key == NULL)
		return;
	tj_pkey_spares_free(key->signing);
	tj_pkey_spares_free(key->verifying);
	EVP_PKEY_free(key->pkey);
	tj_mem_free(key);
}

/* Takes pkey over, also when it fails. */
static enum tj_rc
own(struct tj_key **key, EVP_PKEY *pkey, struct tj_err *err)
{
	struct tj_key *made = tj_mem_calloc(1, sizeof(*made));

	if (made == NULL) {
		EVP_PKEY_free(pkey);
		return tj_fail_nomem(err);
	}
	made->pkey = pkey;
	made->signing = tj_pkey_spares_new(pkey, EVP_PKEY_sign_init);
	made->verifying = tj_pkey_spares_new(pkey, EVP_PKEY_verify_init);
	if (made->signing == NULL || made->verifying == NULL) {
		tj_key_free(made);
		return tj_fail_nomem(err);
	}
	*key = made;
	return TJ_OK;
}

enum tj_rc
tj_key_generate(struct tj_key **key, struct tj_err *err)
{
	EVP_PKEY *pkey = EVP_EC_gen("P-256");

	if (pkey == NULL)
		return tj_fail(err, TJ_E_INTERNAL, "cannot generate a key");
	return own(key, pkey, err);
}

static bool
is_p256(const EVP_PKEY *pkey)
{
	char group[32];
	size_t n;

	return EVP_PKEY_is_a(pkey, "EC") == 1 &&
	    EVP_PKEY_get_group_name(pkey, group, sizeof(group), &n) == 1 &&
	    strcmp(group, "prime256v1") == 0;
}

enum tj_rc
tj_key_read_pem(struct tj_key **key, tj_str pem, struct tj_err *err)
{
	EVP_PKEY *pkey;

	TRY(tj_pem_read(&pkey, pem, false, err));
	if (!is_p256(pkey)) {
		EVP_PKEY_free(pkey);
		return tj_fail(err, TJ_E_DATA, "the private key is not of the curve P-256");
	}
	return own(key, pkey, err);
}

enum tj_rc
tj_key_write_pem(tj_str *pem, const struct tj_key *key, struct tj_arena *arena,
    struct tj_err *err)
{
	return tj_pem_write(pem, key->pkey, false, arena, err);
}

enum tj_rc
tj_key_of_point(struct tj_key **key, const tj_point *point, struct tj_err *err)
{
	char group[] = "P-256";
	uint8_t octets[1 + 2 * COORD] = { POINT_CONVERSION_UNCOMPRESSED };
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, octets, sizeof(octets)),
		OSSL_PARAM_construct_end()
	};
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *pkey = NULL;
	int made;

	if (ctx == NULL)
		return tj_fail_nomem(err);
	memcpy(octets + 1, point->x, COORD);
	memcpy(octets + 1 + COORD, point->y, COORD);
	made = EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) == 1;
	EVP_PKEY_CTX_free(ctx);
	if (!made)
		return tj_fail(err, TJ_E_DATA, "x and y are not a point of the curve P-256");
	return own(key, pkey, err);
}

static bool
coordinate(uint8_t out[COORD], const EVP_PKEY *pkey, const char *name)
{
	BIGNUM *n = NULL;
	const bool got = EVP_PKEY_get_bn_param(pkey, name, &n) == 1 &&
	    BN_bn2binpad(n, out, COORD) == COORD;

	BN_free(n);
	return got;
}

enum tj_rc
tj_key_point(tj_point *point, const struct tj_key *key, struct tj_err *err)
{
	tj_point p;

	if (!coordinate(p.x, key->pkey, OSSL_PKEY_PARAM_EC_PUB_X) ||
	    !coordinate(p.y, key->pkey, OSSL_PKEY_PARAM_EC_PUB_Y))
		return tj_fail(err, TJ_E_INTERNAL, "the key has no coordinates");
	*point = p;
	return TJ_OK;
}

/* s or n - s, whichever is lower: both are good, and one must be chosen. */
static bool
lower_s(uint8_t s[COORD])
{
	unsigned borrow = 0;

	if (memcmp(s, half_order, COORD) <= 0)
		return true;
	for (size_t i = COORD; i-- > 0;) {
		const unsigned d = 256u + order[i] - s[i] - borrow;

		s[i] = (uint8_t)d;
		borrow = d < 256;
	}
	return borrow == 0;
}

enum tj_rc
tj_key_sign(uint8_t signature[TJ_SIGNATURE_BYTES], struct tj_key *key,
    const tj_digest *of_message, struct tj_err *err)
{
	EVP_PKEY_CTX *ctx = tj_pkey_spares_take(key->signing);
	uint8_t der[TJ_SIG_DER_BYTES], raw[TJ_SIGNATURE_BYTES];
	size_t n = sizeof(der);
	bool made;

	if (ctx == NULL)
		return tj_fail(err, TJ_E_INTERNAL, "cannot sign with this key");
	made = EVP_PKEY_sign(ctx, der, &n, of_message->b, TJ_DIGEST_BYTES) == 1;
	tj_pkey_spares_give(key->signing, ctx);
	if (!made || !tj_sig_of_der(raw, der, n) || !lower_s(raw + COORD))
		return tj_fail(err, TJ_E_INTERNAL, "cannot sign with this key");
	memcpy(signature, raw, sizeof(raw));
	return TJ_OK;
}

/* 1 to n - 1. */
static bool
in_range(const uint8_t number[COORD])
{
	static const uint8_t zero[COORD];

	return memcmp(number, zero, COORD) != 0 && memcmp(number, order, COORD) < 0;
}

enum tj_rc
tj_key_verify(const struct tj_key *key, const uint8_t signature[TJ_SIGNATURE_BYTES],
    tj_str message, struct tj_err *err)
{
	uint8_t der[TJ_SIG_DER_BYTES];
	tj_digest digest;
	EVP_PKEY_CTX *ctx;
	size_t n;
	bool good;

	if (!in_range(signature) || !in_range(signature + COORD))
		return tj_fail(err, TJ_E_REFUSED, "the signature is out of range");
	TRY(tj_sha256(&digest, message, err));
	if ((ctx = tj_pkey_spares_take(key->verifying)) == NULL)
		return tj_fail_nomem(err);
	n = tj_sig_to_der(der, signature);
	good = EVP_PKEY_verify(ctx, der, n, digest.b, TJ_DIGEST_BYTES) == 1;
	tj_pkey_spares_give(key->verifying, ctx);
	if (!good)
		return tj_fail(err, TJ_E_REFUSED,
		    "the signature does not fit these bytes and this key");
	return TJ_OK;
}
