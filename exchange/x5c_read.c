#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "exchange/b64.h"
#include "exchange/x5c.h"
#include "exchange/x5c_leaf.h"
#include "model/base/limits.h"

/* What a signer puts into its headers. */

static enum tj_rc
encode(tj_str *base64, X509 *cert, struct tj_arena *arena, struct tj_err *err)
{
	unsigned char *der = NULL;
	const int n = i2d_X509(cert, &der);
	char *text = n > 0 ? TJ_NEWN(arena, char, TJ_B64_STANDARD_BYTES((size_t)n)) : NULL;

	if (text != NULL)
		*base64 = (tj_str){ text, tj_b64_standard_write(text,
		    (tj_str){ (const char *)der, (size_t)n }) };
	OPENSSL_free(der);
	return text == NULL ? tj_fail_nomem(err) : TJ_OK;
}

static enum tj_rc
check_leaf(X509 *cert, const tj_point *point, tj_str did, struct tj_err *err)
{
	tj_point held = { { 0 }, { 0 } };

	TRY(tj_x5c_leaf_check(&held, cert, did, err));
	return memcmp(&held, point, sizeof(held)) == 0 ? TJ_OK : tj_fail(err, TJ_E_REFUSED,
	    "the first certificate is for another key than the company's");
}

static enum tj_rc
read_one(bool *more, tj_str texts[TJ_MAX_CHAIN], size_t count, BIO *bio,
    const tj_point *point, tj_str did, struct tj_arena *arena, struct tj_err *err)
{
	X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	enum tj_rc rc = TJ_OK;

	*more = cert != NULL;
	if (cert == NULL)
		return TJ_OK;
	if (count == TJ_MAX_CHAIN)
		rc = tj_fail(err, TJ_E_LIMIT, "more than %u certificates", TJ_MAX_CHAIN);
	if (rc == TJ_OK && count == 0)
		rc = check_leaf(cert, point, did, err);
	if (rc == TJ_OK)
		rc = encode(&texts[count], cert, arena, err);
	X509_free(cert);
	return rc;
}

enum tj_rc
tj_x5c_read(const tj_str **base64, size_t *out, tj_str pem, const tj_point *point, tj_str did,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_str *texts = TJ_NEWN(arena, tj_str, TJ_MAX_CHAIN);
	enum tj_rc rc = TJ_OK;
	size_t count = 0;
	bool more = true;
	BIO *bio;

	if (pem.n > TJ_MAX_KEYS_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "certificates in more than %zu bytes",
		    TJ_MAX_KEYS_BYTES);
	if (texts == NULL || (bio = BIO_new_mem_buf(pem.p, (int)pem.n)) == NULL)
		return tj_fail_nomem(err);
	for (; rc == TJ_OK && more; count += more)
		rc = read_one(&more, texts, count, bio, point, did, arena, err);
	BIO_free(bio);
	ERR_clear_error();	/* the end of the text is an error to it */
	if (rc != TJ_OK)
		return rc;
	if (count == 0)
		return tj_fail(err, TJ_E_DATA, "no certificate in PEM form");
	*base64 = texts;
	*out = count;
	return TJ_OK;
}
