#include "exchange/registry/declared.h"
#include "exchange/registry/etag.h"
#include "model/ident.h"
#include "model/scheme.h"

static enum tj_rc
newest(struct tj_stored *stored, const struct tj_call *call, tj_str key, struct tj_err *err)
{
	struct tj_store *store = call->node->declarations;
	tj_str upper, product;

	if (store == NULL)
		return TJ_E_NOTFOUND;
	if ((upper = tj_record_key(key, call->arena)).p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_ident_join(&product, TJ_S("hdl:"), upper, call->arena, err));
	/* Mostly there is none, and nobody reads in which words. */
	return store->newest(store, stored, product, call->arena, NULL);
}

static bool
declares_itself(const struct tj_record *record)
{
	for (size_t i = 0; i < record->count; i++)
		if (tj_str_eq_nocase(record->values[i].type, TJ_S(TJ_DECLARATION_TYPE)))
			return true;
	return false;
}

/* The declaration says itself when it was made and how long it holds; this value may be
 * replaced by the next run. */
static enum tj_rc
add(struct tj_seen *seen, const struct tj_stored *stored, const struct tj_call *call,
    struct tj_err *err)
{
	const struct tj_record *old = &seen->record;
	struct tj_value *values = TJ_NEWN(call->arena, struct tj_value, old->count + 1);
	struct tj_value made = {
		.index = TJ_DECLARATION_INDEX, .ttl_s = TJ_VALUE_TTL_S,
		.timestamp_s = (uint32_t)call->request->at,
		.permissions = TJ_ADMIN_READ | TJ_PUBLIC_READ,
		.type = TJ_S(TJ_DECLARATION_TYPE), .data = stored->jws,
	};
	size_t n = 0;

	if (values == NULL)
		return tj_fail_nomem(err);
	for (; n < old->count && old->values[n].index <= made.index; n++) {
		values[n] = old->values[n];
		if (old->values[n].index == made.index)
			made.index++;
	}
	values[n] = made;
	for (; n < old->count; n++)
		values[n + 1] = old->values[n];
	seen->record.values = values;
	seen->record.count = n + 1;
	seen->is_declared = true;
	seen->declaration = stored->digest;
	return TJ_OK;
}

enum tj_rc
tj_seen_get(struct tj_seen *out, const struct tj_call *call, tj_str key, struct tj_err *err)
{
	struct tj_records *records = call->node->records;
	struct tj_seen seen = { .record = { .handle = key } };
	struct tj_stored stored;
	enum tj_rc rc = records->get(records, &seen.record, key, call->arena, err);

	if (rc != TJ_OK && rc != TJ_E_NOTFOUND)
		return rc;
	seen.is_stored = rc == TJ_OK;
	if (!seen.is_stored || !declares_itself(&seen.record)) {
		rc = newest(&stored, call, key, err);
		if (rc == TJ_OK)
			TRY(add(&seen, &stored, call, err));
		else if (rc != TJ_E_NOTFOUND)
			return rc;
	}
	if (!seen.is_stored && !seen.is_declared)
		return tj_fail(err, TJ_E_NOTFOUND, "neither record nor declaration");
	*out = seen;
	return TJ_OK;
}

tj_str
tj_seen_tag(const struct tj_seen *seen, struct tj_arena *arena)
{
	return tj_etag(seen->is_stored ? &seen->record.version : NULL,
	    seen->is_declared ? &seen->declaration : NULL, arena);
}
