#include "exchange/registry/auth.h"
#include "exchange/registry/call.h"
#include "exchange/registry/rights.h"
#include "model/base/limits.h"
#include "model/scheme.h"

/*
 * The Handle REST API, as the Handle.Net server speaks it (HN tech manual, section 14):
 * everything under /api/.
 */
#define ROOT	"/api/"

struct part {
	const char	*name;
	tj_call_answer	*answer;
};

static const struct part parts[] = {
	{ "handles", tj_call_handles },
	{ "prefixes", tj_call_prefixes },
	{ "site", tj_call_site },
	{ "sessions", tj_call_sessions },
	{ "verifications", tj_call_verifications },
};

static enum tj_rc
bad_handle(struct tj_call *call, const char *why)
{
	return tj_call_refuse(call, TJ_HS_BAD_HANDLE, "Invalid handle: %s", why);
}

enum tj_rc
tj_call_handle(struct tj_call *call, tj_str encoded, struct tj_err *err)
{
	tj_str handle;
	const enum tj_rc rc = tj_ident_decode(&handle, encoded, TJ_IDENT_handle, 0, call->arena,
	    err);

	if (rc == TJ_E_DATA)
		return bad_handle(call, "a percent sign is not followed by two hexadecimal digits");
	TRY(rc);
	if (handle.n == 0)
		return bad_handle(call, "it is empty");
	if (!tj_str_is_utf8(handle))
		return bad_handle(call, "it is not UTF-8, or holds a NUL");
	if (handle.n > TJ_MAX_IDENT_BYTES)
		return bad_handle(call, "it has more than 2048 bytes");
	call->handle = handle;
	call->key = handle;
	if (tj_str_find(handle, '/') == handle.n &&
	    (call->key = tj_str_fmt(call->arena, "0.NA/%.*s", TJ_FMT(handle))).p == NULL)
		return tj_fail_nomem(err);
	return TJ_OK;
}

/* Of "88.111.1" or of what is above it: a node that is home to 88 keeps 0.NA/88.111. */
static bool
is_home_above(struct tj_records *records, tj_str prefix)
{
	for (size_t n = prefix.n; n > 0; n--)
		if ((n == prefix.n || prefix.p[n] == '.') &&
		    records->is_home(records, tj_str_cut(prefix, 0, n)))
			return true;
	return false;
}

enum tj_rc
tj_call_is_home(struct tj_call *call)
{
	struct tj_records *records = call->node->records;
	const tj_str prefix = tj_record_prefix(call->key);

	if (records->is_home(records, prefix))
		return TJ_OK;
	if (tj_is_prefix_record(call->key) && is_home_above(records,
	    tj_str_cut(call->key, prefix.n + 1, call->key.n)))
		return TJ_OK;
	return tj_call_refuse(call, TJ_HS_NOT_HOME, "That prefix doesn't live here");
}

/* What is asked of a record, by method. */
static enum tj_rc
of_handle(struct tj_call *call, struct tj_err *err)
{
	const tj_str none = { NULL, 0 };

	if (tj_call_is_method(call, "GET"))
		return tj_call_get(call, none, err);
	if (tj_call_is_method(call, "PUT"))
		return tj_call_put(call, none, err);
	if (tj_call_is_method(call, "DELETE"))
		return tj_call_delete(call, none, err);
	if (!tj_call_is_method(call, "POST"))
		return tj_call_refuse_as(call, 405, TJ_HS_PROTOCOL, "Method not allowed");
	if (!tj_call_is_json(call))
		return tj_call_refuse(call, TJ_HS_PROTOCOL,
		    "Content-Type of the request is not application/json");
	TRY(tj_call_input(call, tj_params_of_json(&call->params, call->request->body,
	    call->arena, err), err));
	return tj_call_get(call, none, err);
}

enum tj_rc
tj_call_handles(struct tj_call *call, tj_str rest, struct tj_err *err)
{
	if (rest.n == 0 && tj_params_find(&call->params, "prefix").p != NULL)
		return tj_call_list(call, rest, err);
	if (rest.p == NULL)
		return tj_call_refuse(call, TJ_HS_PROTOCOL,
		    "A handle, or a prefix to list: /api/handles?prefix=88.111.1");
	TRY(tj_call_handle(call, rest, err));
	return of_handle(call, err);
}

static enum tj_rc
preflight(struct tj_call *call)
{
	tj_http_reply(call->response, 200, NULL, TJ_S(""), call->arena);
	tj_http_add(call->response, "Allow", TJ_S("GET,POST,HEAD,PUT,DELETE,OPTIONS"),
	    call->arena);
	return TJ_OK;
}

/* A page elsewhere can have a browser post with its user's password, but not say that what
 * it posts is JSON without asking first. */
static bool
is_forged(const struct tj_call *call)
{
	return tj_call_is_method(call, "POST") && !tj_call_is_json(call) &&
	    tj_http_header(call->request, "Origin").n > 0;
}

static enum tj_rc
answer(struct tj_call *call, const struct part *part, tj_str rest, struct tj_err *err)
{
	if (tj_str_eq(call->request->method, TJ_S("OPTIONS")))
		return preflight(call);
	if (tj_str_eq(call->request->method, TJ_S("PATCH")))
		return tj_call_refuse_as(call, 501, TJ_HS_PROTOCOL, "PATCH is not supported");
	if (is_forged(call))
		return tj_call_refuse(call, TJ_HS_PROTOCOL,
		    "Content-Type of the request is not application/json");
	TRY(tj_call_input(call, tj_params_read(&call->params, call->request->query,
	    call->arena, err), err));
	return part->answer(call, rest, err);
}

/* "handles/88.111.1/a": the part and what follows its slash; .p NULL where there is none. */
static enum tj_rc
route(struct tj_call *call, tj_str path, struct tj_err *err)
{
	tj_str rest = path, name;

	(void)tj_str_next(&name, &rest, '/');
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (tj_str_eq(name, tj_str_of(parts[i].name)))
			return answer(call, &parts[i], rest, err);
	return tj_call_refuse_as(call, 404, TJ_HS_PROTOCOL, "There is no such part of this API");
}

void
tj_face_handle(const struct tj_node *node, const struct tj_http_request *request,
    struct tj_http_response *response, struct tj_arena *arena)
{
	struct tj_call call = {
		.node = node, .request = request, .response = response, .arena = arena
	};
	struct tj_err err = { 0 };
	enum tj_rc rc;

	if (!tj_str_starts(request->path, TJ_S(ROOT)) &&
	    !tj_str_eq(request->path, TJ_S("/api")))
		return;
	rc = route(&call, tj_str_cut(request->path, strlen(ROOT), request->path.n), &err);
	if (rc != TJ_OK)
		tj_reply_failure(&call, rc);
	tj_reply_cors(&call);
}
