#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "exchange/b64.h"
#include "exchange/x509_store.h"
#include "exchange/x5c.h"
#include "exchange/x5c_leaf.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

#define SECURITY_LEVEL	2	/* of OpenSSL: 112 bits, so neither SHA-1 nor RSA below 2048 */

struct tj_anchors {
	X509_STORE	*store;
	bool		 unlisted;	/* certificates without a list are accepted */
};

/* A walk up one chain. */
struct walk {
	const struct tj_anchors	*anchors;
	tj_time			 seen;
	bool			 unlisted;	/* met one without a list */
};

void
tj_anchors_close(struct tj_anchors *anchors)
{
	if (anchors == NULL)
		return;
	tj_x509_store_free(anchors->store);
	tj_mem_free(anchors);
}

enum tj_rc
tj_anchors_open(struct tj_anchors **out, tj_str roots, tj_str crls, bool unlisted,
    struct tj_err *err)
{
	struct tj_anchors *anchors = tj_mem_calloc(1, sizeof(*anchors));
	enum tj_rc rc;

	if (anchors == NULL)
		return tj_fail_nomem(err);
	rc = tj_x509_store_new(&anchors->store, roots, crls, 0, err);
	if (rc != TJ_OK) {
		tj_mem_free(anchors);
		return rc;
	}
	/* Without a list at all the question is asked none the less. */
	(void)X509_STORE_set_flags(anchors->store, X509_V_FLAG_CRL_CHECK |
	    X509_V_FLAG_CRL_CHECK_ALL | X509_V_FLAG_PARTIAL_CHAIN);
	anchors->unlisted = unlisted;
	*out = anchors;
	return TJ_OK;
}

/* ---- while OpenSSL walks up the chain ---- */

static bool
is_anchor(X509_STORE_CTX *ctx)
{
	return X509_STORE_CTX_get_error_depth(ctx) + 1 ==
	    sk_X509_num(X509_STORE_CTX_get0_chain(ctx));
}

static bool
is_after(const ASN1_TIME *bound, tj_time time)
{
	return ASN1_TIME_cmp_time_t(bound, time) == 1;
}

/* Not yet, when somebody saw what was signed: also not as of an earlier time that the list
 * gives for the theft (RFC 5280 section 5.3.2). */
static bool
was_revoked_later(X509_STORE_CTX *ctx, tj_time seen)
{
	X509_CRL *crl = X509_STORE_CTX_get0_current_crl(ctx);
	X509_REVOKED *entry = NULL;
	ASN1_GENERALIZEDTIME *invalid;
	bool later;
	int crit = 0;

	if (seen == TJ_TIME_NONE || crl == NULL || X509_CRL_get0_by_cert(crl, &entry,
	    X509_STORE_CTX_get_current_cert(ctx)) != 1)
		return false;
	later = is_after(X509_REVOKED_get0_revocationDate(entry), seen);
	invalid = X509_REVOKED_get_ext_d2i(entry, NID_invalidity_date, &crit, NULL);
	if (invalid != NULL || crit != -1)
		later = later && invalid != NULL && is_after(invalid, seen);
	ASN1_GENERALIZEDTIME_free(invalid);
	return later;
}

/* A list that is not there, or not of today. */
static int
list_may_lack(X509_STORE_CTX *ctx, struct walk *walk)
{
	if (is_anchor(ctx))
		return 1;	/* nobody above it is asked: the reader believes it */
	walk->unlisted = walk->unlisted || walk->anchors->unlisted;
	return walk->anchors->unlisted;
}

/* Times of certificates are looked at afterwards: which one counts OpenSSL does not know.
 * A list of revocations from after the time looked at knows more than one from before. */
static int
judge(int good, X509_STORE_CTX *ctx)
{
	struct walk *walk = X509_STORE_CTX_get_app_data(ctx);

	if (good == 1)
		return 1;
	switch (X509_STORE_CTX_get_error(ctx)) {
	case X509_V_ERR_CERT_NOT_YET_VALID:
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CRL_NOT_YET_VALID:
		return 1;
	case X509_V_ERR_UNABLE_TO_GET_CRL:
	case X509_V_ERR_CRL_HAS_EXPIRED:
		return list_may_lack(ctx, walk);
	case X509_V_ERR_CERT_REVOKED:
		return was_revoked_later(ctx, walk->seen);
	default:
		return 0;
	}
}

/* ---- afterwards ---- */

static const char *
what_to_do(int code)
{
	switch (code) {
	case X509_V_ERR_UNABLE_TO_GET_CRL:
		return "; get the newest list of who issued it (--crl)";
	case X509_V_ERR_CRL_HAS_EXPIRED:
		return "; get the newest (--crl)";
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		return ": it does not lead to an authority that is believed here (--ca)";
	default:
		return "";
	}
}

static enum tj_rc
fail_at(X509_STORE_CTX *ctx, struct tj_arena *arena, struct tj_err *err)
{
	X509 *cert = X509_STORE_CTX_get_current_cert(ctx);
	const int code = X509_STORE_CTX_get_error(ctx);
	tj_str subject = TJ_S("");

	if (code == X509_V_ERR_OUT_OF_MEM)
		return tj_fail_nomem(err);
	if (cert != NULL)
		TRY(tj_x5c_subject(&subject, cert, arena, err));
	return tj_fail(err, TJ_E_REFUSED, "the certificate of %.*s: %s%s", TJ_FMT(subject),
	    X509_verify_cert_error_string(code), what_to_do(code));
}

/* All of the chain at the time that counts. */
static enum tj_rc
check_times(X509_STORE_CTX *ctx, const struct tj_chain *chain, struct tj_arena *arena,
    struct tj_err *err)
{
	const tj_time time = chain->seen == TJ_TIME_NONE ? chain->at : chain->seen;
	STACK_OF(X509) *certs = X509_STORE_CTX_get0_chain(ctx);
	char text[TJ_TIME_TEXT];

	for (int i = 0; i < sk_X509_num(certs); i++) {
		X509 *cert = sk_X509_value(certs, i);
		const bool early = is_after(X509_get0_notBefore(cert), time);
		tj_str subject = TJ_S("");

		if (!early && is_after(X509_get0_notAfter(cert), time))
			continue;
		TRY(tj_x5c_subject(&subject, cert, arena, err));
		return tj_fail(err, TJ_E_REFUSED, "the certificate of %.*s %s at %s%s",
		    TJ_FMT(subject), early ? "was not yet valid" : "had expired",
		    tj_time_text(text, time), chain->seen == TJ_TIME_NONE ?
		    "; a timestamp, or a log's proof with a time, shows that it was signed before"
		    : ", when what it signed was seen");
	}
	return TJ_OK;
}

static enum tj_rc
walk_up(struct tj_certified *made, X509_STORE_CTX *ctx, const struct tj_anchors *anchors,
    const struct tj_chain *chain, struct tj_arena *arena, struct tj_err *err)
{
	struct walk walk = { .anchors = anchors, .seen = chain->seen };
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);

	X509_VERIFY_PARAM_set_time(param, chain->at);
	X509_VERIFY_PARAM_set_depth(param, (int)TJ_MAX_CHAIN);
	X509_VERIFY_PARAM_set_auth_level(param, SECURITY_LEVEL);
	(void)X509_STORE_CTX_set_app_data(ctx, &walk);
	X509_STORE_CTX_set_verify_cb(ctx, judge);
	if (X509_verify_cert(ctx) != 1)
		return fail_at(ctx, arena, err);
	TRY(check_times(ctx, chain, arena, err));
	made->unlisted = walk.unlisted;
	return TJ_OK;
}

static enum tj_rc
check(struct tj_certified *out, STACK_OF(X509) *certs, const struct tj_anchors *anchors,
    const struct tj_chain *chain, struct tj_arena *arena, struct tj_err *err)
{
	X509 *leaf = sk_X509_value(certs, 0);
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	struct tj_certified made = { .unlisted = false };
	enum tj_rc rc;

	if (ctx == NULL || X509_STORE_CTX_init(ctx, anchors->store, leaf, certs) != 1) {
		X509_STORE_CTX_free(ctx);
		return tj_fail_nomem(err);
	}
	rc = walk_up(&made, ctx, anchors, chain, arena, err);
	X509_STORE_CTX_free(ctx);
	if (rc == TJ_OK)
		rc = tj_x5c_leaf_check(&made.point, leaf, chain->did, err);
	if (rc == TJ_OK)
		rc = tj_x5c_subject(&made.subject, leaf, arena, err);
	if (rc == TJ_OK)
		*out = made;
	return rc;
}

/* Each exactly one certificate; no byte behind it. */
static enum tj_rc
certs_read(STACK_OF(X509) *certs, const struct tj_chain *chain, struct tj_err *err)
{
	for (size_t i = 0; i < chain->count; i++) {
		const unsigned char *der = (const unsigned char *)chain->ders[i].p;
		X509 *cert = d2i_X509(NULL, &der, (long)chain->ders[i].n);

		if (cert == NULL || der != (const unsigned char *)chain->ders[i].p +
		    chain->ders[i].n || sk_X509_push(certs, cert) == 0) {
			X509_free(cert);
			return tj_fail(err, TJ_E_DATA, "number %zu of x5c is not a certificate",
			    i + 1);
		}
	}
	return chain->count > 0 ? TJ_OK : tj_fail(err, TJ_E_DATA, "no certificate");
}

enum tj_rc
tj_anchors_check(struct tj_certified *out, const struct tj_anchors *anchors,
    const struct tj_chain *chain, struct tj_arena *arena, struct tj_err *err)
{
	STACK_OF(X509) *certs = sk_X509_new_null();
	enum tj_rc rc;

	if (certs == NULL)
		return tj_fail_nomem(err);
	rc = certs_read(certs, chain, err);
	if (rc == TJ_OK)
		rc = check(out, certs, anchors, chain, arena, err);
	sk_X509_pop_free(certs, X509_free);
	ERR_clear_error();
	return rc;
}
