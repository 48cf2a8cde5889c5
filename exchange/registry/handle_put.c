#include "exchange/handle_json.h"
#include "exchange/registry/auth.h"
#include "exchange/registry/change.h"
#include "exchange/registry/etag.h"
#include "model/base/limits.h"

#define MINTED_BYTES	16

/* The rights are looked up before the record is locked, and hold for it as it is then. */
static enum tj_rc
find_rights(struct tj_change *change, struct tj_err *err)
{
	struct tj_records *records = change->call->node->records;
	struct tj_record record;
	enum tj_rc rc;

	TRY(tj_rights_of_prefix(&change->prefix_rights, change->call, change->call->key, err));
	rc = records->get(records, &record, change->call->key, change->call->arena, err);
	if (rc != TJ_OK && rc != TJ_E_NOTFOUND)
		return rc;
	return tj_rights_find(&change->rights, change->call, rc == TJ_OK ? &record : NULL, err);
}

/* Says the new tag, so that the next condition needs no reading first. */
static enum tj_rc
make(struct tj_change *change, struct tj_err *err)
{
	struct tj_call *call = change->call;
	tj_digest version;
	tj_str tag;

	TRY(find_rights(change, err));
	TRY(tj_call_input(call, tj_change_make(&version, change, err), err));
	TRY(tj_reply_done(call, change->kind == TJ_CHANGE_DELETE ||
	    change->kind == TJ_CHANGE_REMOVE || change->has_overwritten ? 200 : 201, err));
	if (change->kind == TJ_CHANGE_DELETE)
		return TJ_OK;
	if ((tag = tj_etag(&version, NULL, call->arena)).p == NULL)
		return tj_fail_nomem(err);
	tj_http_add(call->response, "ETag", tag, call->arena);
	return TJ_OK;
}

/* The handle that was asked for, and behind it what nobody can have chosen. */
static enum tj_rc
mint(struct tj_call *call, struct tj_err *err)
{
	static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";	/* no I, L, O, U */
	uint8_t random[MINTED_BYTES];
	char suffix[MINTED_BYTES + 1] = "";

	if (tj_str_find(call->handle, '/') == call->handle.n)
		return tj_call_refuse(call, TJ_HS_BAD_HANDLE,
		    "A prefix and its slash: the server makes what follows");
	TRY(tj_random(random, sizeof(random), err));
	for (size_t i = 0; i < MINTED_BYTES; i++)
		suffix[i] = letters[random[i] % 32];
	call->handle = tj_str_fmt(call->arena, "%.*s%s", TJ_FMT(call->handle), suffix);
	if (call->handle.p == NULL)
		return tj_fail_nomem(err);
	call->key = call->handle;
	if (call->handle.n > TJ_MAX_IDENT_BYTES)
		return tj_call_refuse(call, TJ_HS_BAD_HANDLE, "Invalid handle: too long");
	return TJ_OK;
}

/* Clocks of the registry's records are 32 bits wide: seconds until 2106. */
static enum tj_rc
stamp(struct tj_change *change, const struct tj_handle_body *body, struct tj_err *err)
{
	struct tj_value *values = TJ_NEWN(change->call->arena, struct tj_value, body->count);

	if (values == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < body->count; i++) {
		values[i] = body->values[i];
		values[i].timestamp_s = (uint32_t)change->call->request->at;
	}
	change->values = values;
	change->count = body->count;
	return TJ_OK;
}

/* Those named in the query are those in the body. */
static enum tj_rc
check_indexes(struct tj_call *call, const struct tj_indexes *indexes,
    const struct tj_handle_body *body)
{
	if (!indexes->is_given || indexes->is_various)
		return TJ_OK;
	if (indexes->list.n != body->count)
		return tj_call_refuse(call, TJ_HS_PROTOCOL,
		    "The indexes of the query are not those of the values");
	for (size_t i = 0; i < body->count; i++)
		if (indexes->list.v[i] != body->values[i].index)
			return tj_call_refuse(call, TJ_HS_PROTOCOL,
			    "The indexes of the query are not those of the values");
	return TJ_OK;
}

static enum tj_rc
read_body(struct tj_handle_body *body, struct tj_call *call,
    const struct tj_indexes *indexes, struct tj_err *err)
{
	if (!tj_call_is_json(call))
		return tj_call_refuse(call, TJ_HS_PROTOCOL,
		    "Content-Type of the request is not application/json");
	TRY(tj_call_input(call, tj_handle_json_read(body, call->request->body, call->arena, err),
	    err));
	if (body->handle.p != NULL && !tj_str_eq_nocase(body->handle, call->handle))
		return tj_call_refuse(call, TJ_HS_PROTOCOL,
		    "The handle of the body is not that of the path");
	if (body->count == 0)
		return tj_call_refuse(call, TJ_HS_BAD_VALUE, "A record has at least one value");
	return check_indexes(call, indexes, body);
}

enum tj_rc
tj_call_put(struct tj_call *call, tj_str rest, struct tj_err *err)
{
	struct tj_change change = { .call = call };
	struct tj_handle_body body;
	struct tj_indexes indexes;

	(void)rest;
	TRY(tj_auth(call, err));
	TRY(tj_auth_need(call));
	TRY(tj_call_indexes(&indexes, call, err));
	TRY(tj_call_is_home(call));
	TRY(read_body(&body, call, &indexes, err));
	change.kind = indexes.is_given ? TJ_CHANGE_VALUES : TJ_CHANGE_RECORD;
	change.may_overwrite = tj_params_is_true(&call->params, "overwrite", true);
	if (tj_params_is_true(&call->params, "mintNewSuffix", false)) {
		TRY(mint(call, err));
		change.may_overwrite = false;
	}
	TRY(stamp(&change, &body, err));
	return make(&change, err);
}

enum tj_rc
tj_call_delete(struct tj_call *call, tj_str rest, struct tj_err *err)
{
	struct tj_change change = { .call = call };
	struct tj_indexes indexes;

	(void)rest;
	TRY(tj_auth(call, err));
	TRY(tj_auth_need(call));
	TRY(tj_call_indexes(&indexes, call, err));
	if (indexes.is_various)
		return tj_call_refuse(call, TJ_HS_PROTOCOL, "Invalid index \"various\"");
	TRY(tj_call_is_home(call));
	change.kind = indexes.is_given ? TJ_CHANGE_REMOVE : TJ_CHANGE_DELETE;
	change.indexes = &indexes;
	return make(&change, err);
}
