#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "exchange/sha256.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

struct tj_sha256 {
	EVP_MD		*md;
	EVP_MD_CTX	*ctx;
};

void
tj_sha256_free(struct tj_sha256 *sha)
{
	if (sha == NULL)
		return;
	EVP_MD_CTX_free(sha->ctx);
	EVP_MD_free(sha->md);
	tj_mem_free(sha);
}

enum tj_rc
tj_sha256_new(struct tj_sha256 **out, struct tj_err *err)
{
	struct tj_sha256 *sha = tj_mem_calloc(1, sizeof(*sha));

	if (sha == NULL)
		return tj_fail_nomem(err);
	sha->md = EVP_MD_fetch(NULL, "SHA256", NULL);
	sha->ctx = EVP_MD_CTX_new();
	if (sha->md == NULL || sha->ctx == NULL ||
	    EVP_DigestInit_ex2(sha->ctx, sha->md, NULL) != 1) {
		tj_sha256_free(sha);
		return tj_fail(err, TJ_E_INTERNAL, "SHA-256 failed");
	}
	*out = sha;
	return TJ_OK;
}

enum tj_rc
tj_sha256_of(tj_digest *digest, struct tj_sha256 *sha, const tj_str *parts, size_t n,
    struct tj_err *err)
{
	bool good = EVP_DigestInit_ex2(sha->ctx, NULL, NULL) == 1;

	for (size_t i = 0; i < n && good; i++)
		good = EVP_DigestUpdate(sha->ctx, parts[i].p, parts[i].n) == 1;
	if (!good || EVP_DigestFinal_ex(sha->ctx, digest->b, NULL) != 1)
		return tj_fail(err, TJ_E_INTERNAL, "SHA-256 failed");
	return TJ_OK;
}

enum tj_rc
tj_hmac_sha256(tj_digest *digest, tj_str key, tj_str message, struct tj_err *err)
{
	tj_digest made;

	if (key.n > TJ_MAX_KEY_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a key of more than %d bytes", TJ_MAX_KEY_BYTES);
	if (HMAC(EVP_sha256(), key.p, (int)key.n, (const unsigned char *)message.p, message.n,
	    made.b, NULL) == NULL)
		return tj_fail(err, TJ_E_INTERNAL, "HMAC-SHA-256 failed");
	*digest = made;
	return TJ_OK;
}
