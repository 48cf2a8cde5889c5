#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "exchange/x5c_leaf.h"
#include "model/base/limits.h"

#define COORD	32

enum tj_rc
tj_x5c_subject(tj_str *subject, struct x509_st *cert, struct tj_arena *arena,
    struct tj_err *err)
{
	char *line = X509_NAME_oneline(X509_get_subject_name(cert), NULL, 0);
	const tj_str copy = tj_str_dup(tj_str_of(line == NULL ? "" : line), arena);

	OPENSSL_free(line);
	if (copy.p == NULL)
		return tj_fail_nomem(err);
	*subject = copy;
	return TJ_OK;
}

/*
 * Uses that are for whole documents: signing them (RFC 9336), mail (what most certificates
 * of seals say), any.  A certificate of a web server is not: its key lies on that server.
 */
static bool
is_for_documents(const ASN1_OBJECT *use)
{
	static const char *const uses[] = {
		"1.3.6.1.5.5.7.3.36", "1.3.6.1.5.5.7.3.4", "2.5.29.37.0"
	};
	char text[TJ_MAX_OID_TEXT];
	const int n = OBJ_obj2txt(text, sizeof(text), use, 1);

	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
		if (n > 0 && n < (int)sizeof(text) && strcmp(text, uses[i]) == 0)
			return true;
	return false;
}

/* RFC 5280 sections 4.2.1.3 and 4.2.1.12: where nothing is said, nothing is excluded. */
static enum tj_rc
check_uses(X509 *cert, struct tj_err *err)
{
	const uint32_t usage = X509_get_key_usage(cert);	/* all bits: not said */
	EXTENDED_KEY_USAGE *uses;
	bool good;
	int crit = 0;

	if (X509_check_ca(cert) != 0)
		return tj_fail(err, TJ_E_REFUSED, "the first certificate is that of an "
		    "authority, which signs certificates alone");
	if ((usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0)
		return tj_fail(err, TJ_E_REFUSED, "the certificate is not for signing: its key "
		    "usage is neither digitalSignature nor nonRepudiation");
	uses = X509_get_ext_d2i(cert, NID_ext_key_usage, &crit, NULL);
	good = uses == NULL && crit == -1;	/* there is none */
	for (int i = 0; uses != NULL && i < sk_ASN1_OBJECT_num(uses); i++)
		good = good || is_for_documents(sk_ASN1_OBJECT_value(uses, i));
	sk_ASN1_OBJECT_pop_free(uses, ASN1_OBJECT_free);
	return good ? TJ_OK : tj_fail(err, TJ_E_REFUSED, "the certificate is not for signing "
	    "documents: its extended key usage is another");
}

static enum tj_rc
get_point(tj_point *point, X509 *cert, struct tj_err *err)
{
	const EVP_PKEY *pkey = X509_get0_pubkey(cert);
	const ASN1_BIT_STRING *bits = X509_get0_pubkey_bitstr(cert);
	const unsigned char *octets = bits == NULL ? NULL : ASN1_STRING_get0_data(bits);
	char group[32];
	size_t n;

	if (pkey == NULL || EVP_PKEY_is_a(pkey, "EC") != 1 ||
	    EVP_PKEY_get_group_name(pkey, group, sizeof(group), &n) != 1 ||
	    strcmp(group, "prime256v1") != 0 || octets == NULL ||
	    ASN1_STRING_length(bits) != 1 + 2 * COORD || octets[0] != 4)
		return tj_fail(err, TJ_E_REFUSED,
		    "the certificate's key is not one for " TJ_ES256 " (P-256, uncompressed)");
	memcpy(point->x, octets + 1, COORD);
	memcpy(point->y, octets + 1 + COORD, COORD);
	return TJ_OK;
}

static tj_str
text_of(const ASN1_STRING *string)
{
	return (tj_str){ (const char *)ASN1_STRING_get0_data(string),
	    (size_t)ASN1_STRING_length(string) };
}

/* `host`: empty where a DNS name is not enough. */
static bool
is_name(const GENERAL_NAME *name, tj_str did, tj_str host)
{
	int type = 0;
	const void *held = GENERAL_NAME_get0_value(name, &type);

	if (type == GEN_URI)
		return tj_str_eq(text_of(held), did);
	return type == GEN_DNS && host.n > 0 && tj_str_eq_nocase(text_of(held), host);
}

static enum tj_rc
check_name(X509 *cert, tj_str did, struct tj_err *err)
{
	const tj_str prefix = TJ_S("did:web:");
	tj_str host = tj_str_starts(did, prefix) ? tj_str_cut(did, prefix.n, did.n) : TJ_S("");
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	bool found = false;

	if (tj_str_find(host, ':') < host.n || tj_str_find(host, '%') < host.n ||
	    tj_str_find(host, '*') < host.n)
		host = TJ_S("");
	for (int i = 0; names != NULL && i < sk_GENERAL_NAME_num(names); i++)
		found = found || is_name(sk_GENERAL_NAME_value(names, i), did, host);
	GENERAL_NAMES_free(names);
	return found ? TJ_OK : tj_fail(err, TJ_E_REFUSED, "the certificate is not for %.*s: none "
	    "of its alternative names is that URI%s%.*s", TJ_FMT(did),
	    host.n > 0 ? " or the DNS name " : "", TJ_FMT(host));
}

enum tj_rc
tj_x5c_leaf_check(tj_point *out, struct x509_st *cert, tj_str did, struct tj_err *err)
{
	tj_point point = { { 0 }, { 0 } };

	if (X509_check_purpose(cert, -1, 0) != 1)	/* looks at the extensions, once */
		return tj_fail(err, TJ_E_REFUSED, "the certificate's extensions cannot be read");
	TRY(check_uses(cert, err));
	TRY(check_name(cert, did, err));
	TRY(get_point(&point, cert, err));
	*out = point;
	return TJ_OK;
}
