#include <gnutls/gnutls.h>

#include "exchange/registry/http_tls.h"
#include "model/base/mem.h"

static gnutls_datum_t
datum(tj_str text)
{
	return (gnutls_datum_t){ (unsigned char *)(uintptr_t)text.p, (unsigned)text.n };
}

static enum tj_rc
key_read(struct tj_tls_identity *identity, tj_str pem, struct tj_err *err)
{
	const gnutls_datum_t data = datum(pem);
	int rc;

	if (gnutls_privkey_init(&identity->key) != 0)
		return tj_fail_nomem(err);
	rc = gnutls_privkey_import_x509_raw(identity->key, &data, GNUTLS_X509_FMT_PEM, NULL, 0);
	return rc == 0 ? TJ_OK : tj_fail(err, TJ_E_DATA,
	    "the key is no private key in PEM form without a password: %s",
	    gnutls_strerror(rc));
}

/* Whether the certificate's public key is that of the private one. */
static bool
belongs(const struct tj_tls_identity *identity)
{
	unsigned char of_key[64], of_certificate[64];
	size_t n = sizeof(of_key), m = sizeof(of_certificate);
	gnutls_pubkey_t public;
	bool same;

	if (gnutls_pubkey_init(&public) != 0)
		return false;
	same = gnutls_pubkey_import_privkey(public, identity->key, 0, 0) == 0 &&
	    gnutls_pubkey_get_key_id(public, GNUTLS_KEYID_USE_SHA256, of_key, &n) == 0 &&
	    gnutls_pubkey_get_key_id(identity->chain[0].pubkey, GNUTLS_KEYID_USE_SHA256,
	    of_certificate, &m) == 0 && n == m && memcmp(of_key, of_certificate, n) == 0;
	gnutls_pubkey_deinit(public);
	return same;
}

static enum tj_rc
identity_fill(struct tj_tls_identity *identity, tj_str certificate, tj_str key,
    struct tj_err *err)
{
	const gnutls_datum_t data = datum(certificate);
	unsigned n = TJ_TLS_CHAIN;
	const int rc = gnutls_pcert_list_import_x509_raw(identity->chain, &n, &data,
	    GNUTLS_X509_FMT_PEM, GNUTLS_X509_CRT_LIST_IMPORT_FAIL_IF_EXCEED);

	if (rc != 0)
		return tj_fail(err, TJ_E_DATA, "the certificate is none in PEM form, or has "
		    "more than %d behind it: %s", TJ_TLS_CHAIN - 1, gnutls_strerror(rc));
	identity->chain_count = n;
	TRY(key_read(identity, key, err));
	return belongs(identity) ? TJ_OK : tj_fail(err, TJ_E_DATA,
	    "the key is not the one of the certificate");
}

enum tj_rc
tj_tls_identity_read(struct tj_tls_identity **out, tj_str certificate, tj_str key,
    struct tj_err *err)
{
	struct tj_tls_identity *identity = tj_mem_calloc(1, sizeof(*identity));
	enum tj_rc rc;

	if (identity == NULL)
		return tj_fail_nomem(err);
	if ((rc = identity_fill(identity, certificate, key, err)) != TJ_OK) {
		tj_tls_identity_free(identity);
		return rc;
	}
	*out = identity;
	return TJ_OK;
}

void
tj_tls_identity_free(struct tj_tls_identity *identity)
{
	struct tj_tls_identity *before;

	for (; identity != NULL; identity = before) {
		before = identity->before;
		for (unsigned i = 0; i < identity->chain_count; i++)
			gnutls_pcert_deinit(&identity->chain[i]);
		if (identity->key != NULL)
			gnutls_privkey_deinit(identity->key);
		tj_mem_free(identity);
	}
}
