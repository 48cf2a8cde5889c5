#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include "exchange/x509_store.h"
#include "model/base/limits.h"

void
tj_x509_store_free(struct x509_store_st *store)
{
	X509_STORE_free(store);
}

/* How many were added. */
static size_t
add_roots(X509_STORE *store, BIO *bio)
{
	size_t n = 0;
	X509 *root;

	while ((root = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		n += X509_STORE_add_cert(store, root) == 1;
		X509_free(root);
	}
	return n;
}

static size_t
add_crls(X509_STORE *store, BIO *bio)
{
	size_t n = 0;
	X509_CRL *crl;

	while ((crl = PEM_read_bio_X509_CRL(bio, NULL, NULL, NULL)) != NULL) {
		n += X509_STORE_add_crl(store, crl) == 1;
		X509_CRL_free(crl);
	}
	return n;
}

static enum tj_rc
add(X509_STORE *store, tj_str pem, size_t (*adder)(X509_STORE *, BIO *), const char *what,
    struct tj_err *err)
{
	BIO *bio;
	size_t n;

	if (pem.n > TJ_MAX_DOC_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "%s in more than %zu bytes", what,
		    TJ_MAX_DOC_BYTES);
	if ((bio = BIO_new_mem_buf(pem.p, (int)pem.n)) == NULL)
		return tj_fail_nomem(err);
	n = adder(store, bio);
	BIO_free(bio);
	ERR_clear_error();	/* the end of the text is an error to it */
	return n > 0 ? TJ_OK : tj_fail(err, TJ_E_DATA, "no %s in PEM form", what);
}

/* A revocation list from after the time looked at knows more than one from before. */
static int
newer_lists_count(int good, X509_STORE_CTX *ctx)
{
	return good == 1 || X509_STORE_CTX_get_error(ctx) == X509_V_ERR_CRL_NOT_YET_VALID;
}

enum tj_rc
tj_x509_store_new(struct x509_store_st **out, tj_str roots, tj_str crls, tj_time at,
    struct tj_err *err)
{
	X509_STORE *store = X509_STORE_new();
	enum tj_rc rc;

	if (store == NULL)
		return tj_fail_nomem(err);
	rc = add(store, roots, add_roots, "certificates", err);
	if (rc == TJ_OK && crls.n > 0) {
		rc = add(store, crls, add_crls, "revocation lists", err);
		(void)X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK |
		    X509_V_FLAG_CRL_CHECK_ALL);
	}
	if (rc != TJ_OK) {
		X509_STORE_free(store);
		return rc;
	}
	X509_STORE_set_verify_cb(store, newer_lists_count);
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), at);
	*out = store;
	return TJ_OK;
}
