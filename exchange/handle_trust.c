#include "exchange/handle_chain.h"
#include "exchange/handle_data.h"
#include "exchange/handle_signature.h"
#include "model/base/limits.h"

static bool
is_signature(const struct tj_value *value)
{
	return tj_str_eq_nocase(value->type, TJ_S(TJ_HS_SIGNATURE));
}

static enum tj_rc
name_of(tj_str *out, const struct tj_reference *who, struct tj_arena *arena,
    struct tj_err *err)
{
	*out = tj_str_fmt(arena, "%u:%.*s", who->index, TJ_FMT(who->handle));
	return out->p == NULL ? tj_fail_nomem(err) : TJ_OK;
}

/* *name: as soon as it is known. */
static enum tj_rc
signature_check(struct tj_handle_verdict *verdict, tj_str *name, bool *covered, tj_str bytes,
    const struct tj_handle_trust *trust, const struct tj_record *record,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_handle_signer signer;
	struct tj_handle_claims claims;
	const struct tj_json *payload;
	struct tj_handle_jws jws;
	enum tj_rc rc;

	TRY(tj_handle_jws_parse(&jws, bytes, arena, err));
	TRY(tj_handle_claims_read(&claims, &payload, &jws, arena, err));
	TRY(name_of(name, &claims.issuer, arena, err));
	TRY(tj_handle_chain_walk(&signer, trust, record->handle, &claims, arena, err));
	rc = tj_handle_signature_check(covered, bytes, record->handle, record->values,
	    record->count, signer.key, trust->at, arena, err);
	tj_rsa_free(signer.key);
	if (rc != TJ_OK || verdict->state != TJ_HANDLE_UNSIGNED)
		return rc;
	verdict->signer = *name;
	verdict->certificates = signer.certificates;
	verdict->state = trust->root_count > 0 ? TJ_HANDLE_CERTIFIED : TJ_HANDLE_SIGNED;
	return trust->root_count > 0 ? name_of(&verdict->root, &signer.root, arena, err) : TJ_OK;
}

/* Whatever is wrong with it, it is no signature of this record: with its index and name. */
static enum tj_rc
refusal(struct tj_err *err, enum tj_rc rc, uint32_t index, tj_str name,
    const struct tj_err *why)
{
	if (rc != TJ_E_REFUSED && rc != TJ_E_DATA && rc != TJ_E_LIMIT && rc != TJ_E_RANGE) {
		if (err != NULL)
			*err = *why;
		return rc;
	}
	return tj_fail(err, TJ_E_REFUSED, "signature %u%s%.*s: %s%s%s", index,
	    name.n > 0 ? " of " : "", TJ_FMT(name), why->field,
	    why->field[0] == '\0' ? "" : ": ", why->text);
}

/* A declaration is signed itself, and another one by the next run: it may stand uncovered. */
static bool
may_stand_alone(const struct tj_value *value)
{
	return tj_str_eq_nocase(value->type, TJ_S(TJ_DECLARATION_TYPE));
}

static enum tj_rc
all_covered(const bool *covered, const struct tj_record *record, struct tj_err *err)
{
	for (size_t i = 0; i < record->count; i++)
		if (tj_handle_is_signed(&record->values[i]) && !covered[i] &&
		    !may_stand_alone(&record->values[i]))
			return tj_fail(err, TJ_E_REFUSED, "value %u is covered by no signature",
			    record->values[i].index);
	return TJ_OK;
}

enum tj_rc
tj_handle_record_check(struct tj_handle_verdict *out, const struct tj_handle_trust *trust,
    const struct tj_record *record, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_handle_verdict verdict = { .signer = TJ_S(""), .root = TJ_S("") };
	bool *covered = TJ_NEWN(arena, bool, record->count + 1);
	size_t signatures = 0;

	if (covered == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < record->count; i++) {
		struct tj_err why = { 0 };
		tj_str name = TJ_S("");
		enum tj_rc rc;

		if (!is_signature(&record->values[i]))
			continue;
		if (++signatures > TJ_MAX_RECORD_SIGNATURES)
			return tj_fail(err, TJ_E_REFUSED, "more than %d signatures",
			    TJ_MAX_RECORD_SIGNATURES);
		rc = signature_check(&verdict, &name, covered, record->values[i].data, trust,
		    record, arena, &why);
		if (rc != TJ_OK)
			return refusal(err, rc, record->values[i].index, name, &why);
	}
	if (signatures > 0)
		TRY(all_covered(covered, record, err));
	*out = verdict;
	return TJ_OK;
}
