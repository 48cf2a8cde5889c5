#include <openssl/err.h>
#include <openssl/ts.h>

#include "exchange/crypto_sm2.h"
#include "exchange/timestamp.h"
#include "exchange/x509_store.h"
#include "model/base/limits.h"

static enum tj_rc
imprint_of(tj_digest *digest, enum tj_imprint imprint, tj_str bytes, struct tj_err *err)
{
	return imprint == TJ_IMPRINT_SM3 ? tj_sm3(digest, bytes, err) :
	    tj_sha256(digest, bytes, err);
}

static bool
set_imprint(TS_REQ *request, enum tj_imprint imprint, const tj_digest *digest)
{
	TS_MSG_IMPRINT *made = TS_MSG_IMPRINT_new();
	X509_ALGOR *algorithm = X509_ALGOR_new();
	tj_digest copy = *digest;
	const bool set = made != NULL && algorithm != NULL &&
	    X509_ALGOR_set0(algorithm, OBJ_nid2obj(imprint == TJ_IMPRINT_SM3 ? NID_sm3 :
		NID_sha256), V_ASN1_NULL, NULL) == 1 &&
	    TS_MSG_IMPRINT_set_algo(made, algorithm) == 1 &&
	    TS_MSG_IMPRINT_set_msg(made, copy.b, TJ_DIGEST_BYTES) == 1 &&
	    TS_REQ_set_msg_imprint(request, made) == 1;

	X509_ALGOR_free(algorithm);
	TS_MSG_IMPRINT_free(made);
	return set;
}

static bool
set_nonce(TS_REQ *request, const uint8_t nonce[TJ_NONCE_BYTES])
{
	BIGNUM *number = BN_bin2bn(nonce, TJ_NONCE_BYTES, NULL);
	ASN1_INTEGER *made = number == NULL ? NULL : BN_to_ASN1_INTEGER(number, NULL);
	const bool set = made != NULL && TS_REQ_set_nonce(request, made) == 1;

	ASN1_INTEGER_free(made);
	BN_free(number);
	return set;
}

enum tj_rc
tj_timestamp_query(tj_str *query, tj_str bytes, enum tj_imprint imprint,
    const uint8_t nonce[TJ_NONCE_BYTES], struct tj_arena *arena, struct tj_err *err)
{
	TS_REQ *request;
	unsigned char *der = NULL;
	tj_digest digest = { 0 };
	tj_str copy = { 0 };
	int n = 0;

	TRY(imprint_of(&digest, imprint, bytes, err));
	request = TS_REQ_new();
	if (request != NULL && TS_REQ_set_version(request, 1) == 1 &&
	    set_imprint(request, imprint, &digest) && set_nonce(request, nonce) &&
	    TS_REQ_set_cert_req(request, 1) == 1)
		n = i2d_TS_REQ(request, &der);
	TS_REQ_free(request);
	if (n > 0)
		copy = tj_str_dup((tj_str){ (const char *)der, (size_t)n }, arena);
	OPENSSL_free(der);
	if (copy.p == NULL)
		return tj_fail_nomem(err);
	*query = copy;
	return TJ_OK;
}

/* Is it of these bytes?  By SHA-256 or SM3; other digests nobody here asks for. */
static enum tj_rc
check_imprint(TS_TST_INFO *info, tj_str bytes, struct tj_err *err)
{
	TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(info);
	const ASN1_OBJECT *oid = NULL;
	const ASN1_OCTET_STRING *message = TS_MSG_IMPRINT_get_msg(imprint);
	tj_digest digest = { 0 };
	int nid;

	X509_ALGOR_get0(&oid, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
	nid = OBJ_obj2nid(oid);
	if (nid != NID_sha256 && nid != NID_sm3)
		return tj_fail(err, TJ_E_REFUSED, "the timestamp is over a digest of another kind "
		    "than SHA-256 or SM3");
	TRY(imprint_of(&digest, nid == NID_sm3 ? TJ_IMPRINT_SM3 : TJ_IMPRINT_SHA256, bytes, err));
	if (ASN1_STRING_length(message) != TJ_DIGEST_BYTES ||
	    memcmp(ASN1_STRING_get0_data(message), digest.b, TJ_DIGEST_BYTES) != 0)
		return tj_fail(err, TJ_E_REFUSED, "the timestamp is of other bytes");
	return TJ_OK;
}

static enum tj_rc
check_nonce(const TS_TST_INFO *info, tj_str query, struct tj_err *err)
{
	const unsigned char *der = (const unsigned char *)query.p;
	TS_REQ *request;
	const ASN1_INTEGER *asked, *got = TS_TST_INFO_get_nonce(info);
	bool same;

	if (query.n == 0)
		return TJ_OK;
	if (query.n > TJ_MAX_STAMP_BYTES ||
	    (request = d2i_TS_REQ(NULL, &der, (long)query.n)) == NULL)
		return tj_fail(err, TJ_E_DATA, "the query is not one of RFC 3161");
	asked = TS_REQ_get_nonce(request);
	same = asked == NULL || (got != NULL && ASN1_INTEGER_cmp(asked, got) == 0);
	TS_REQ_free(request);
	return same ? TJ_OK : tj_fail(err, TJ_E_REFUSED,
	    "the timestamp answers another query: its nonce is not the one asked with");
}

/* Milliseconds and less are rounded up: by then it was there. */
static tj_time
accuracy_of(TS_TST_INFO *info)
{
	const TS_ACCURACY *accuracy = TS_TST_INFO_get_accuracy(info);
	const ASN1_INTEGER *seconds = accuracy == NULL ? NULL : TS_ACCURACY_get_seconds(accuracy);
	const bool parts = accuracy != NULL && (TS_ACCURACY_get_millis(accuracy) != NULL ||
	    TS_ACCURACY_get_micros(accuracy) != NULL);
	int64_t n = 0;

	if (seconds != NULL && ASN1_INTEGER_get_int64(&n, seconds) != 1)
		return -1;
	return n < 0 || n > TJ_MAX_STAMP_ACCURACY ? -1 : n + parts;
}

static enum tj_rc
read_time(tj_time *by, tj_time *at, TS_TST_INFO *info, struct tj_err *err)
{
	const ASN1_GENERALIZEDTIME *time = TS_TST_INFO_get_time(info);
	const tj_time accuracy = accuracy_of(info);
	struct tm tm;
	tj_date date;

	if (time == NULL || ASN1_TIME_to_tm(time, &tm) != 1 ||
	    !tj_date_make(&date, tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) || accuracy < 0)
		return tj_fail(err, TJ_E_DATA, "the timestamp's time cannot be read");
	*at = tj_time_of(date) + tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
	*by = *at + accuracy + (memchr(ASN1_STRING_get0_data(time), '.',
	    (size_t)ASN1_STRING_length(time)) != NULL);
	return TJ_OK;
}

static enum tj_rc
read_policy(tj_str *policy, TS_TST_INFO *info, tj_str wanted, struct tj_arena *arena,
    struct tj_err *err)
{
	char text[TJ_MAX_OID_TEXT];
	const int n = OBJ_obj2txt(text, sizeof(text), TS_TST_INFO_get_policy_id(info), 1);

	if (n <= 0 || n >= (int)sizeof(text))
		return tj_fail(err, TJ_E_DATA, "the timestamp's policy cannot be read");
	if (wanted.n > 0 && !tj_str_eq(wanted, tj_str_of(text)))
		return tj_fail(err, TJ_E_REFUSED, "the timestamp is under the policy %s, expected "
		    "%.*s", text, TJ_FMT(wanted));
	*policy = tj_str_dup(tj_str_of(text), arena);
	return policy->p == NULL ? tj_fail_nomem(err) : TJ_OK;
}

static enum tj_rc
read_authority(tj_str *authority, PKCS7 *token, struct tj_arena *arena, struct tj_err *err)
{
	STACK_OF(X509) *signers = PKCS7_get0_signers(token, NULL, 0);
	char *text = signers == NULL || sk_X509_num(signers) != 1 ? NULL :
	    X509_NAME_oneline(X509_get_subject_name(sk_X509_value(signers, 0)), NULL, 0);

	*authority = tj_str_dup(tj_str_of(text == NULL ? "" : text), arena);
	OPENSSL_free(text);
	sk_X509_free(signers);
	return authority->p == NULL ? tj_fail_nomem(err) : TJ_OK;
}

/* OpenSSL's word for the last thing that went wrong, and what it says of a certificate. */
static enum tj_rc
bad_signature(struct tj_err *err)
{
	const char *detail = NULL;
	int flags = 0;
	const unsigned long code = ERR_peek_last_error_data(&detail, &flags);
	const char *reason = ERR_reason_error_string(code);
	const bool has_detail = detail != NULL && (flags & ERR_TXT_STRING) != 0;
	const enum tj_rc rc = tj_fail(err, TJ_E_REFUSED, "the timestamp is not signed by an "
	    "authority under these certificates (%s%s%s)", reason == NULL ? "unknown" : reason,
	    has_detail ? "; " : "", has_detail ? detail : "");

	ERR_clear_error();
	return rc;
}

/* Signature and chain.  An authority's certificate ends before what it stamped is of no
 * interest any more: what counts is the time that the stamp says. */
static enum tj_rc
check_signature(TS_RESP *reply, const struct tj_stamp_check *check, tj_time at,
    struct tj_err *err)
{
	TS_VERIFY_CTX *ctx;
	struct x509_store_st *store = NULL;
	bool good;

	TRY(tj_x509_store_new(&store, check->roots, check->crls, at, err));
	if ((ctx = TS_VERIFY_CTX_new()) == NULL) {
		tj_x509_store_free(store);
		return tj_fail_nomem(err);
	}
	(void)TS_VERIFY_CTX_set_flags(ctx, TS_VFY_VERSION | TS_VFY_SIGNATURE);
	(void)TS_VERIFY_CTX_set_store(ctx, store);	/* owns it now */
	good = TS_RESP_verify_response(ctx, reply) == 1;
	TS_VERIFY_CTX_free(ctx);
	return good ? TJ_OK : bad_signature(err);
}

static enum tj_rc
check_reply(struct tj_timestamp *stamp, TS_RESP *reply, const struct tj_stamp_check *check,
    struct tj_arena *arena, struct tj_err *err)
{
	TS_TST_INFO *info = TS_RESP_get_tst_info(reply);
	tj_time at = 0;

	if (info == NULL)
		return tj_fail(err, TJ_E_REFUSED, "the authority gave no timestamp: status %ld",
		    ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(reply))));
	TRY(check_imprint(info, check->bytes, err));
	TRY(check_nonce(info, check->query, err));
	TRY(read_policy(&stamp->policy, info, check->policy, arena, err));
	TRY(read_time(&stamp->by, &at, info, err));
	TRY(check_signature(reply, check, at, err));
	return read_authority(&stamp->authority, TS_RESP_get_token(reply), arena, err);
}

enum tj_rc
tj_timestamp_check(struct tj_timestamp *out, tj_str bytes, const struct tj_stamp_check *check,
    struct tj_arena *arena, struct tj_err *err)
{
	const unsigned char *der = (const unsigned char *)bytes.p;
	struct tj_timestamp stamp = { 0 };
	TS_RESP *reply;
	enum tj_rc rc;

	if (bytes.n > TJ_MAX_STAMP_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a timestamp of more than %zu bytes",
		    TJ_MAX_STAMP_BYTES);
	reply = d2i_TS_RESP(NULL, &der, (long)bytes.n);
	if (reply == NULL || der != (const unsigned char *)bytes.p + bytes.n) {
		TS_RESP_free(reply);
		ERR_clear_error();
		return tj_fail(err, TJ_E_DATA, "not a reply of RFC 3161");
	}
	rc = check_reply(&stamp, reply, check, arena, err);
	TS_RESP_free(reply);
	ERR_clear_error();
	if (rc == TJ_OK)
		*out = stamp;
	return rc;
}
