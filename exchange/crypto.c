#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include "exchange/crypto.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

#define COORD	32
#define DER_MAX	80		/* a P-256 signature in DER: at most 72 bytes */

struct tj_key {
	EVP_PKEY *pkey;
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

enum tj_rc
tj_sha256(tj_digest *digest, tj_str bytes, struct tj_err *err)
{
	tj_digest made;

	if (SHA256((const unsigned char *)bytes.p, bytes.n, made.b) == NULL)
		return tj_fail(err, TJ_E_INTERNAL, "SHA-256 failed");
	*digest = made;
	return TJ_OK;
}

void
tj_key_free(struct tj_key *key)
{
	if (key != NULL)
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

/* Nobody is asked for a passphrase: the program must not wait for a terminal. */
static int
no_passphrase(char *buf, int size, int writing, void *ctx)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)ctx;
	return -1;
}

enum tj_rc
tj_key_read_pem(struct tj_key **key, tj_str pem, struct tj_err *err)
{
	BIO *bio;
	EVP_PKEY *pkey;

	if (pem.n > TJ_MAX_KEY_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a key of more than %d bytes", TJ_MAX_KEY_BYTES);
	if ((bio = BIO_new_mem_buf(pem.p, (int)pem.n)) == NULL)
		return tj_fail_nomem(err);
	pkey = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	if (pkey == NULL)
		return tj_fail(err, TJ_E_DATA,
		    "no private key in PEM form, or one that is encrypted");
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
	BIO *bio = BIO_new(BIO_s_secmem());
	tj_str copy = { 0 };
	char *text = NULL;
	long n;

	if (bio == NULL)
		return tj_fail_nomem(err);
	if (PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL, NULL, 0, NULL, NULL) == 1 &&
	    (n = BIO_get_mem_data(bio, &text)) > 0)
		copy = tj_str_dup((tj_str){ text, (size_t)n }, arena);
	BIO_free(bio);
	if (text == NULL)
		return tj_fail(err, TJ_E_INTERNAL, "cannot write the key");
	if (copy.p == NULL)
		return tj_fail_nomem(err);
	*pem = copy;
	return TJ_OK;
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

/* DER ECDSA-Sig-Value to r || s. */
static bool
raw_of_der(uint8_t raw[TJ_SIGNATURE_BYTES], const uint8_t *der, size_t n)
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)n);
	const bool fits = sig != NULL &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, COORD) == COORD &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + COORD, COORD) == COORD;

	ECDSA_SIG_free(sig);
	return fits;
}

enum tj_rc
tj_key_sign(uint8_t signature[TJ_SIGNATURE_BYTES], const struct tj_key *key,
    tj_str message, struct tj_err *err)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t der[DER_MAX], raw[TJ_SIGNATURE_BYTES];
	size_t n = sizeof(der);
	bool made;

	if (ctx == NULL)
		return tj_fail_nomem(err);
	made = EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key->pkey) == 1 &&
	    EVP_DigestSign(ctx, der, &n, (const unsigned char *)message.p, message.n) == 1;
	EVP_MD_CTX_free(ctx);
	if (!made || !raw_of_der(raw, der, n) || !lower_s(raw + COORD))
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

/* r || s to DER; 0 on no memory. */
static size_t
der_of_raw(uint8_t der[DER_MAX], const uint8_t raw[TJ_SIGNATURE_BYTES])
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(raw, COORD, NULL);
	BIGNUM *s = BN_bin2bn(raw + COORD, COORD, NULL);
	int n = 0;

	if (sig != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(sig, r, s) == 1) {
		n = i2d_ECDSA_SIG(sig, &der);
	} else {
		BN_free(r);
		BN_free(s);
	}
	ECDSA_SIG_free(sig);
	return n < 0 ? 0 : (size_t)n;
}

enum tj_rc
tj_key_verify(const struct tj_key *key, const uint8_t signature[TJ_SIGNATURE_BYTES],
    tj_str message, struct tj_err *err)
{
	uint8_t der[DER_MAX];
	EVP_MD_CTX *ctx;
	size_t n;
	bool good;

	if (!in_range(signature) || !in_range(signature + COORD))
		return tj_fail(err, TJ_E_REFUSED, "the signature is out of range");
	if ((n = der_of_raw(der, signature)) == 0 || (ctx = EVP_MD_CTX_new()) == NULL)
		return tj_fail_nomem(err);
	good = EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key->pkey) == 1 &&
	    EVP_DigestVerify(ctx, der, n, (const unsigned char *)message.p, message.n) == 1;
	EVP_MD_CTX_free(ctx);
	if (!good)
		return tj_fail(err, TJ_E_REFUSED,
		    "the signature does not fit these bytes and this key");
	return TJ_OK;
}
