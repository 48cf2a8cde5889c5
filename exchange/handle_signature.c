#include "exchange/b64_std.h"
#include "exchange/handle_json.h"
#include "exchange/handle_signature.h"
#include "exchange/handle_value.h"
#include "model/base/limits.h"

static enum tj_rc
digest_of(tj_str *base64, const struct tj_value *value, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_buf buf;
	tj_str bytes;
	tj_mac digest;
	enum tj_rc rc;

	tj_buf_init(&buf, 2 * TJ_MAX_RECORD_BYTES);
	tj_handle_value_write(&buf, value);
	rc = tj_buf_done(&bytes, &buf, arena, err);
	tj_buf_fini(&buf);
	TRY(rc);
	bytes = tj_str_cut(bytes, TJ_HANDLE_VALUE_UNSIGNED, bytes.n);
	TRY(tj_hash_of(&digest, TJ_SHA256, &bytes, 1, err));
	*base64 = tj_b64_std_encode((tj_str){ (const char *)digest.b, digest.n }, arena);
	return base64->p == NULL ? tj_fail_nomem(err) : TJ_OK;
}

bool
tj_handle_is_signed(const struct tj_value *value)
{
	return !tj_str_eq_nocase(value->type, TJ_S(TJ_HS_SIGNATURE)) &&
	    (value->permissions & TJ_PUBLIC_READ) != 0;
}

static enum tj_rc
put_digests(struct tj_json_writer *out, const struct tj_value *values, size_t count,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_str digest;

	tj_json_open(out, "digests", '{');
	tj_json_put(out, "alg", TJ_S("SHA-256"));
	tj_json_open(out, "digests", '[');
	for (size_t i = 0; i < count; i++) {
		if (!tj_handle_is_signed(&values[i]))
			continue;
		TRY(digest_of(&digest, &values[i], arena, err));
		tj_json_open(out, NULL, '{');
		tj_json_put_count(out, "index", values[i].index);
		tj_json_put(out, "digest", digest);
		tj_json_close(out, '}');
	}
	tj_json_close(out, ']');
	tj_json_close(out, '}');
	return TJ_OK;
}

static enum tj_rc
write_payload(tj_str *payload, const struct tj_handle_claims *claims,
    const struct tj_value *values, size_t count, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_json_writer out;
	enum tj_rc rc;

	tj_json_begin(&out, TJ_MAX_HANDLE_JWS / 2);
	tj_json_open(&out, NULL, '{');
	rc = put_digests(&out, values, count, arena, err);
	if (rc == TJ_OK)
		rc = tj_handle_claims_put(&out, claims, arena, err);
	tj_json_close(&out, '}');
	return tj_json_end_if(rc, payload, &out, arena, err);
}

enum tj_rc
tj_handle_sign(tj_str *jws, const struct tj_handle_claims *claims,
    const struct tj_value *values, size_t count, const struct tj_rsa *rsa,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_str payload;

	TRY(write_payload(&payload, claims, values, count, arena, err));
	return tj_handle_jws_sign(jws, payload, rsa, arena, err);
}

/* .p NULL: none.  Not two: which of them was meant, nobody could say. */
static enum tj_rc
find_digest(tj_str *digest, const struct tj_json *list, uint32_t index, struct tj_err *err)
{
	uint32_t at;

	*digest = (tj_str){ NULL, 0 };
	for (size_t i = 0; i < tj_json_count(list); i++) {
		const struct tj_json *item = tj_json_at(list, i);

		TRY(tj_json_get_whole(&at, item, "index", INT32_MAX, err));
		if (at != index)
			continue;
		if (digest->p != NULL)
			return tj_fail(err, TJ_E_REFUSED, "two digests of value %u", index);
		TRY(tj_json_get_text(digest, item, "digest", err));
	}
	return TJ_OK;
}

static enum tj_rc
check_values(bool *covered, const struct tj_json *payload, const struct tj_value *values,
    size_t count, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_json *list;
	tj_str alg, signed_digest, digest;

	TRY(tj_json_get_text(&alg, payload, "digests.alg", err));
	if (!tj_str_eq(alg, TJ_S("SHA-256")))
		return tj_fail(err, TJ_E_DATA, "digests by \"%.*s\", expected SHA-256",
		    TJ_FMT(alg));
	TRY(tj_json_get(&list, payload, "digests.digests", TJ_JSON_ARRAY, err));
	if (tj_json_count(list) > TJ_MAX_RECORD_VALUES)
		return tj_fail(err, TJ_E_LIMIT, "more than %d digests", TJ_MAX_RECORD_VALUES);
	for (size_t i = 0; i < count; i++) {
		TRY(find_digest(&signed_digest, list, values[i].index, err));
		if (signed_digest.p == NULL)
			continue;
		TRY(digest_of(&digest, &values[i], arena, err));
		if (!tj_str_eq(digest, signed_digest))
			return tj_fail(err, TJ_E_REFUSED, "value %u is not the one that was signed",
			    values[i].index);
		covered[i] = true;
	}
	return TJ_OK;
}

enum tj_rc
tj_handle_signature_check(bool *covered, tj_str bytes, tj_str handle,
    const struct tj_value *values, size_t count, const struct tj_rsa *rsa, tj_time at,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_handle_claims claims;
	const struct tj_json *payload;
	struct tj_handle_jws jws;

	TRY(tj_handle_jws_parse(&jws, bytes, arena, err));
	TRY(tj_handle_jws_verify(&jws, rsa, err));
	TRY(tj_handle_claims_read(&claims, &payload, &jws, arena, err));
	if (!tj_str_eq_nocase(claims.subject, handle))
		return tj_fail(err, TJ_E_REFUSED, "it is about %.*s", TJ_FMT(claims.subject));
	TRY(tj_handle_claims_check_time(&claims, at, err));
	return check_values(covered, payload, values, count, arena, err);
}

/* REFUSED: another value of this index. */
static enum tj_rc
claims_fit(struct tj_reference *issuer, tj_str bytes, const struct tj_value *value,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_handle_claims claims;
	const struct tj_json *payload;
	struct tj_handle_jws jws;
	bool covered;

	TRY(tj_handle_jws_parse(&jws, bytes, arena, err));
	TRY(tj_handle_claims_read(&claims, &payload, &jws, arena, err));
	*issuer = claims.issuer;
	return check_values(&covered, payload, value, 1, arena, err);
}

enum tj_rc
tj_handle_signers_of_another(struct tj_handle_list *who, const struct tj_value *value,
    const struct tj_value *record, size_t count, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_reference *issuers = TJ_NEWN(arena, struct tj_reference,
	    TJ_MAX_RECORD_SIGNATURES);
	size_t n = 0;

	if (issuers == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < count && n < TJ_MAX_RECORD_SIGNATURES; i++) {
		enum tj_rc rc;

		if (!tj_str_eq_nocase(record[i].type, TJ_S(TJ_HS_SIGNATURE)))
			continue;
		rc = claims_fit(&issuers[n], record[i].data, value, arena, NULL);
		if (rc == TJ_E_NOMEM)
			return tj_fail_nomem(err);
		n += rc == TJ_E_REFUSED;
	}
	*who = (struct tj_handle_list){ issuers, n };
	return TJ_OK;
}
