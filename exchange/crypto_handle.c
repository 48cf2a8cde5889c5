#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "exchange/crypto_handle.h"
#include "exchange/pem.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

#define RSA_BITS_MIN	1024		/* old nodes of the Handle System have such keys */
#define RSA_E_BYTES_MAX	8		/* 65537 takes three */

struct tj_rsa {
	EVP_PKEY	*pkey;
};

static const EVP_MD *
md_of(enum tj_hash hash)
{
	return hash == TJ_SHA1 ? EVP_sha1() : EVP_sha256();
}

static const unsigned char *
octets(tj_str s)
{
	return s.n == 0 ? (const unsigned char *)"" : (const unsigned char *)s.p;
}

enum tj_rc
tj_hash_of(tj_mac *out, enum tj_hash hash, const tj_str *parts, size_t n, struct tj_err *err)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	tj_mac made = { .n = 0 };
	unsigned length = 0;
	bool good;

	if (ctx == NULL)
		return tj_fail_nomem(err);
	good = EVP_DigestInit_ex(ctx, md_of(hash), NULL) == 1;
	for (size_t i = 0; good && i < n; i++)
		good = EVP_DigestUpdate(ctx, octets(parts[i]), parts[i].n) == 1;
	good = good && EVP_DigestFinal_ex(ctx, made.b, &length) == 1;
	EVP_MD_CTX_free(ctx);
	if (!good)
		return tj_fail(err, TJ_E_INTERNAL, "a digest failed");
	made.n = length;
	*out = made;
	return TJ_OK;
}

enum tj_rc
tj_hmac(tj_mac *out, enum tj_hash hash, tj_str key, tj_str message, struct tj_err *err)
{
	tj_mac made = { .n = 0 };
	unsigned length = 0;

	if (key.n > INT_MAX || HMAC(md_of(hash), octets(key), (int)key.n, octets(message),
	    message.n, made.b, &length) == NULL)
		return tj_fail(err, TJ_E_INTERNAL, "an HMAC failed");
	made.n = length;
	*out = made;
	return TJ_OK;
}

enum tj_rc
tj_pbkdf2_sha1(uint8_t *key, size_t n, tj_str password, tj_str salt, uint32_t iterations,
    struct tj_err *err)
{
	if (n > INT_MAX || password.n > INT_MAX || salt.n > INT_MAX || iterations > INT_MAX ||
	    PKCS5_PBKDF2_HMAC((const char *)octets(password), (int)password.n, octets(salt),
	    (int)salt.n, (int)iterations, EVP_sha1(), (int)n, key) != 1)
		return tj_fail(err, TJ_E_INTERNAL, "PBKDF2 failed");
	return TJ_OK;
}

bool
tj_same_secret(tj_str a, tj_str b)
{
	tj_mac of_a, of_b;

	/* Digests are of one length whatever the texts are. */
	return tj_hash_of(&of_a, TJ_SHA256, &a, 1, NULL) == TJ_OK &&
	    tj_hash_of(&of_b, TJ_SHA256, &b, 1, NULL) == TJ_OK &&
	    CRYPTO_memcmp(of_a.b, of_b.b, of_a.n) == 0;
}

enum tj_rc
tj_random(void *bytes, size_t n, struct tj_err *err)
{
	if (n > INT_MAX || RAND_bytes(bytes, (int)n) != 1)
		return tj_fail(err, TJ_E_INTERNAL, "no random numbers can be had");
	return TJ_OK;
}

void
tj_rsa_free(struct tj_rsa *rsa)
{
	if (rsa == NULL)
		return;
	EVP_PKEY_free(rsa->pkey);
	tj_mem_free(rsa);
}

/* Takes pkey over, also when it fails. */
static enum tj_rc
own(struct tj_rsa **rsa, EVP_PKEY *pkey, struct tj_err *err)
{
	struct tj_rsa *made;

	if (pkey == NULL || EVP_PKEY_is_a(pkey, "RSA") != 1 ||
	    EVP_PKEY_get_bits(pkey) < RSA_BITS_MIN ||
	    EVP_PKEY_get_bits(pkey) > TJ_MAX_RSA_BITS) {
		EVP_PKEY_free(pkey);
		return tj_fail(err, TJ_E_DATA, "no RSA key of %d to %d bits", RSA_BITS_MIN,
		    TJ_MAX_RSA_BITS);
	}
	if ((made = tj_mem_calloc(1, sizeof(*made))) == NULL) {
		EVP_PKEY_free(pkey);
		return tj_fail_nomem(err);
	}
	made->pkey = pkey;
	*rsa = made;
	return TJ_OK;
}

static EVP_PKEY *
key_of(BIGNUM *n, BIGNUM *e)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *pkey = NULL;

	if (build != NULL && ctx != NULL &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1 &&
	    (params = OSSL_PARAM_BLD_to_param(build)) != NULL &&
	    EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

enum tj_rc
tj_rsa_of_numbers(struct tj_rsa **rsa, const tj_rsa_numbers *numbers, struct tj_err *err)
{
	BIGNUM *n, *e;
	EVP_PKEY *pkey = NULL;

	if (numbers->n.n > TJ_MAX_RSA_BITS / 8 + 1 || numbers->e.n > RSA_E_BYTES_MAX)
		return tj_fail(err, TJ_E_DATA, "an RSA key of more than %d bits",
		    TJ_MAX_RSA_BITS);
	n = BN_bin2bn(octets(numbers->n), (int)numbers->n.n, NULL);
	e = BN_bin2bn(octets(numbers->e), (int)numbers->e.n, NULL);
	/* An even modulus or exponent is no key, and arithmetic with it may not end. */
	if (n != NULL && e != NULL && BN_is_odd(n) && BN_is_odd(e) && !BN_is_one(e))
		pkey = key_of(n, e);
	BN_free(n);
	BN_free(e);
	return own(rsa, pkey, err);
}

enum tj_rc
tj_rsa_read_pem(struct tj_rsa **rsa, tj_str pem, bool is_public, struct tj_err *err)
{
	EVP_PKEY *pkey;

	TRY(tj_pem_read(&pkey, pem, is_public, err));
	return own(rsa, pkey, err);
}

static enum tj_rc
number(tj_str *out, const EVP_PKEY *pkey, const char *name, struct tj_arena *arena,
    struct tj_err *err)
{
	BIGNUM *n = NULL;
	uint8_t *bytes;
	size_t length;

	if (EVP_PKEY_get_bn_param(pkey, name, &n) != 1)
		return tj_fail(err, TJ_E_DATA, "no RSA key");
	length = (size_t)BN_num_bytes(n);
	if ((bytes = TJ_NEWN(arena, uint8_t, length + 1)) != NULL)
		(void)BN_bn2bin(n, bytes);
	BN_free(n);
	if (bytes == NULL)
		return tj_fail_nomem(err);
	*out = (tj_str){ (const char *)bytes, length };
	return TJ_OK;
}

static enum tj_rc
numbers_of(tj_rsa_numbers *out, const EVP_PKEY *pkey, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_rsa_numbers made;

	TRY(number(&made.n, pkey, OSSL_PKEY_PARAM_RSA_N, arena, err));
	TRY(number(&made.e, pkey, OSSL_PKEY_PARAM_RSA_E, arena, err));
	*out = made;
	return TJ_OK;
}

enum tj_rc
tj_rsa_numbers_of(tj_rsa_numbers *out, const struct tj_rsa *rsa, struct tj_arena *arena,
    struct tj_err *err)
{
	return numbers_of(out, rsa->pkey, arena, err);
}

enum tj_rc
tj_rsa_sign(tj_str *signature, const struct tj_rsa *rsa, enum tj_hash hash, tj_str message,
    struct tj_arena *arena, struct tj_err *err)
{
	size_t n = (size_t)EVP_PKEY_get_size(rsa->pkey);
	uint8_t *bytes = TJ_NEWN(arena, uint8_t, n);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good;

	if (bytes == NULL || ctx == NULL) {
		EVP_MD_CTX_free(ctx);
		return tj_fail_nomem(err);
	}
	good = EVP_DigestSignInit(ctx, NULL, md_of(hash), NULL, rsa->pkey) == 1 &&
	    EVP_DigestSign(ctx, bytes, &n, octets(message), message.n) == 1;
	EVP_MD_CTX_free(ctx);
	if (!good)
		return tj_fail(err, TJ_E_INTERNAL, "cannot sign with this key");
	*signature = (tj_str){ (const char *)bytes, n };
	return TJ_OK;
}

enum tj_rc
tj_rsa_verify(const struct tj_rsa *rsa, enum tj_hash hash, tj_str signature, tj_str message,
    struct tj_err *err)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good;

	if (ctx == NULL)
		return tj_fail_nomem(err);
	/* PKCS #1 v1.5 is what an RSA key verifies by unless told otherwise. */
	good = EVP_DigestVerifyInit(ctx, NULL, md_of(hash), NULL, rsa->pkey) == 1 &&
	    EVP_DigestVerify(ctx, octets(signature), signature.n, octets(message),
	    message.n) == 1;
	EVP_MD_CTX_free(ctx);
	if (!good)
		return tj_fail(err, TJ_E_REFUSED,
		    "the signature does not fit these bytes and this key");
	return TJ_OK;
}

/* The one attribute of this kind; NULL: none, or more than one. */
static const ASN1_STRING *
attribute(const X509_NAME *subject, int nid)
{
	const int at = X509_NAME_get_index_by_NID(subject, nid, -1);

	if (at < 0 || X509_NAME_get_index_by_NID(subject, nid, at) >= 0)
		return NULL;
	return X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
}

static enum tj_rc
subject_name(tj_str *name, const X509 *cert, struct tj_arena *arena, struct tj_err *err)
{
	const X509_NAME *subject = X509_get_subject_name(cert);
	const bool has_uid = X509_NAME_get_index_by_NID(subject, NID_userId, -1) >= 0;
	const ASN1_STRING *from = attribute(subject, has_uid ? NID_userId : NID_commonName);
	unsigned char *utf8 = NULL;
	const int n = from == NULL ? -1 : ASN1_STRING_to_UTF8(&utf8, from);
	tj_str copy;

	if (n <= 0) {
		OPENSSL_free(utf8);
		return tj_fail(err, TJ_E_DATA, "the certificate's subject has not one name");
	}
	copy = tj_str_dup((tj_str){ (const char *)utf8, (size_t)n }, arena);
	OPENSSL_free(utf8);
	if (copy.p == NULL)
		return tj_fail_nomem(err);
	*name = copy;
	return TJ_OK;
}

enum tj_rc
tj_certificate_read(tj_str *name, tj_rsa_numbers *numbers, tj_str der,
    struct tj_arena *arena, struct tj_err *err)
{
	const unsigned char *at = octets(der);
	tj_rsa_numbers made;
	tj_str of;
	X509 *cert;
	enum tj_rc rc;

	if (der.n > TJ_MAX_KEYS_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a certificate of more than %zu bytes",
		    TJ_MAX_KEYS_BYTES);
	if ((cert = d2i_X509(NULL, &at, (long)der.n)) == NULL)
		return tj_fail(err, TJ_E_DATA, "no certificate");
	if ((rc = subject_name(&of, cert, arena, err)) == TJ_OK)
		rc = X509_get0_pubkey(cert) == NULL ?
		    tj_fail(err, TJ_E_DATA, "the certificate has no key") :
		    numbers_of(&made, X509_get0_pubkey(cert), arena, err);
	X509_free(cert);
	if (rc != TJ_OK)
		return rc;
	*name = of;
	*numbers = made;
	return TJ_OK;
}
