#include <openssl/evp.h>

#include "exchange/crypto_ed25519.h"
#include "exchange/pem.h"
#include "model/base/mem.h"

struct tj_ed25519 {
	EVP_PKEY	*pkey;
	uint8_t		 public_key[TJ_ED25519_PUBLIC];
};

void
tj_ed25519_free(struct tj_ed25519 *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	tj_mem_free(key);
}

/* Takes pkey over, also when it fails. */
static enum tj_rc
own(struct tj_ed25519 **key, EVP_PKEY *pkey, struct tj_err *err)
{
	struct tj_ed25519 *made = tj_mem_calloc(1, sizeof(*made));
	size_t n = TJ_ED25519_PUBLIC;

	if (made == NULL) {
		EVP_PKEY_free(pkey);
		return tj_fail_nomem(err);
	}
	made->pkey = pkey;
	if (EVP_PKEY_get_raw_public_key(pkey, made->public_key, &n) != 1) {
		tj_ed25519_free(made);
		return tj_fail(err, TJ_E_INTERNAL, "the key has no public half");
	}
	*key = made;
	return TJ_OK;
}

enum tj_rc
tj_ed25519_generate(struct tj_ed25519 **key, struct tj_err *err)
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

	if (pkey == NULL)
		return tj_fail(err, TJ_E_INTERNAL, "cannot generate a key");
	return own(key, pkey, err);
}

enum tj_rc
tj_ed25519_read_pem(struct tj_ed25519 **key, tj_str pem, struct tj_err *err)
{
	EVP_PKEY *pkey;

	TRY(tj_pem_read(&pkey, pem, false, err));
	if (EVP_PKEY_is_a(pkey, "ED25519") != 1) {
		EVP_PKEY_free(pkey);
		return tj_fail(err, TJ_E_DATA, "the private key is not of the kind Ed25519");
	}
	return own(key, pkey, err);
}

enum tj_rc
tj_ed25519_write_pem(tj_str *pem, const struct tj_ed25519 *key, struct tj_arena *arena,
    struct tj_err *err)
{
	return tj_pem_write(pem, key->pkey, false, arena, err);
}

void
tj_ed25519_public(uint8_t out[TJ_ED25519_PUBLIC], const struct tj_ed25519 *key)
{
	memcpy(out, key->public_key, TJ_ED25519_PUBLIC);
}

enum tj_rc
tj_ed25519_sign(uint8_t signature[TJ_ED25519_SIGNATURE], const struct tj_ed25519 *key,
    tj_str message, struct tj_err *err)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t made[TJ_ED25519_SIGNATURE];
	size_t n = sizeof(made);
	bool good;

	if (ctx == NULL)
		return tj_fail_nomem(err);
	good = EVP_DigestSignInit(ctx, NULL, NULL, NULL, key->pkey) == 1 &&
	    EVP_DigestSign(ctx, made, &n, (const unsigned char *)message.p, message.n) == 1;
	EVP_MD_CTX_free(ctx);
	if (!good || n != sizeof(made))
		return tj_fail(err, TJ_E_INTERNAL, "cannot sign with this key");
	memcpy(signature, made, sizeof(made));
	return TJ_OK;
}

enum tj_rc
tj_ed25519_verify(const uint8_t public_key[TJ_ED25519_PUBLIC],
    const uint8_t signature[TJ_ED25519_SIGNATURE], tj_str message, struct tj_err *err)
{
	EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key,
	    TJ_ED25519_PUBLIC);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	const bool can = pkey != NULL && ctx != NULL;
	const bool good = can && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
	    EVP_DigestVerify(ctx, signature, TJ_ED25519_SIGNATURE,
	    (const unsigned char *)message.p, message.n) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	if (!can)
		return tj_fail_nomem(err);
	if (!good)
		return tj_fail(err, TJ_E_REFUSED,
		    "the signature does not fit these bytes and this key");
	return TJ_OK;
}
