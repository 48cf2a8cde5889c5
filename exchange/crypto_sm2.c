#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include "exchange/crypto_sm2.h"
#include "exchange/pem.h"
#include "exchange/sig_der.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

struct tj_sm2 {
	EVP_PKEY	*pkey;
};

enum tj_rc
tj_sm3(tj_digest *digest, tj_str bytes, struct tj_err *err)
{
	tj_digest made;

	if (EVP_Digest(bytes.p, bytes.n, made.b, NULL, EVP_sm3(), NULL) != 1)
		return tj_fail(err, TJ_E_INTERNAL, "SM3 failed");
	*digest = made;
	return TJ_OK;
}

void
tj_sm2_free(struct tj_sm2 *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	tj_mem_free(key);
}

/* Takes pkey over, also when it fails. */
static enum tj_rc
own(struct tj_sm2 **key, EVP_PKEY *pkey, struct tj_err *err)
{
	struct tj_sm2 *made = tj_mem_calloc(1, sizeof(*made));

	if (made == NULL) {
		EVP_PKEY_free(pkey);
		return tj_fail_nomem(err);
	}
	made->pkey = pkey;
	*key = made;
	return TJ_OK;
}

/* The type must be SM2: an EC key on the same curve cannot be told an id. */
enum tj_rc
tj_sm2_generate(struct tj_sm2 **key, struct tj_err *err)
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");

	if (pkey == NULL)
		return tj_fail(err, TJ_E_INTERNAL, "cannot generate a key");
	return own(key, pkey, err);
}

enum tj_rc
tj_sm2_read_pem(struct tj_sm2 **key, tj_str pem, bool is_public, struct tj_err *err)
{
	EVP_PKEY *pkey;

	TRY(tj_pem_read(&pkey, pem, is_public, err));
	if (EVP_PKEY_is_a(pkey, "SM2") != 1) {
		EVP_PKEY_free(pkey);
		return tj_fail(err, TJ_E_DATA, "the key is not an SM2 key");
	}
	return own(key, pkey, err);
}

enum tj_rc
tj_sm2_write_pem(tj_str *pem, const struct tj_sm2 *key, bool is_public,
    struct tj_arena *arena, struct tj_err *err)
{
	return tj_pem_write(pem, key->pkey, is_public, arena, err);
}

enum tj_rc
tj_sm2_of_point(struct tj_sm2 **key, const uint8_t point[TJ_SM2_POINT_BYTES],
    struct tj_err *err)
{
	char group[] = "SM2";
	uint8_t octets[TJ_SM2_POINT_BYTES];
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, octets, sizeof(octets)),
		OSSL_PARAM_construct_end()
	};
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
	EVP_PKEY *pkey = NULL;
	bool made;

	if (ctx == NULL)
		return tj_fail_nomem(err);
	memcpy(octets, point, sizeof(octets));
	made = point[0] == POINT_CONVERSION_UNCOMPRESSED &&
	    EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) == 1;
	EVP_PKEY_CTX_free(ctx);
	if (!made)
		return tj_fail(err, TJ_E_DATA, "not a point of the SM2 curve");
	return own(key, pkey, err);
}

enum tj_rc
tj_sm2_point(uint8_t point[TJ_SM2_POINT_BYTES], const struct tj_sm2 *key, struct tj_err *err)
{
	uint8_t octets[TJ_SM2_POINT_BYTES];
	size_t n = 0;

	if (EVP_PKEY_get_octet_string_param(key->pkey, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY,
	    octets, sizeof(octets), &n) != 1 || n != sizeof(octets) ||
	    octets[0] != POINT_CONVERSION_UNCOMPRESSED)
		return tj_fail(err, TJ_E_INTERNAL, "the key has no point");
	memcpy(point, octets, sizeof(octets));
	return TJ_OK;
}

static bool
set_id(EVP_PKEY_CTX *ctx)
{
	return EVP_PKEY_CTX_set1_id(ctx, TJ_SM2_ID, (int)strlen(TJ_SM2_ID)) == 1;
}

enum tj_rc
tj_sm2_sign(uint8_t signature[TJ_SIGNATURE_BYTES], const struct tj_sm2 *key, tj_str message,
    struct tj_err *err)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *of_key = NULL;
	uint8_t der[TJ_SIG_DER_BYTES];
	size_t n = sizeof(der);
	bool made;

	if (ctx == NULL)
		return tj_fail_nomem(err);
	made = EVP_DigestSignInit(ctx, &of_key, EVP_sm3(), NULL, key->pkey) == 1 &&
	    set_id(of_key) && EVP_DigestSign(ctx, der, &n, (const unsigned char *)message.p,
	    message.n) == 1 && tj_sig_of_der(signature, der, n);
	EVP_MD_CTX_free(ctx);
	return made ? TJ_OK : tj_fail(err, TJ_E_INTERNAL, "cannot sign with this SM2 key");
}

enum tj_rc
tj_sm2_verify(const struct tj_sm2 *key, const uint8_t signature[TJ_SIGNATURE_BYTES],
    tj_str message, struct tj_err *err)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *of_key = NULL;
	uint8_t der[TJ_SIG_DER_BYTES];
	const size_t n = tj_sig_to_der(der, signature);
	bool good;

	if (ctx == NULL)
		return tj_fail_nomem(err);
	good = EVP_DigestVerifyInit(ctx, &of_key, EVP_sm3(), NULL, key->pkey) == 1 &&
	    set_id(of_key) &&
	    EVP_DigestVerify(ctx, der, n, (const unsigned char *)message.p, message.n) == 1;
	EVP_MD_CTX_free(ctx);
	return good ? TJ_OK : tj_fail(err, TJ_E_REFUSED,
	    "the SM2 signature does not fit these bytes and this key");
}
