#include <stdarg.h>
#include <stdio.h>

#include "exchange/registry/auth.h"
#include "exchange/registry/call.h"
#include "model/base/limits.h"

#define JSON_TYPE	"application/json;charset=UTF-8"
#define SCRIPT_TYPE	"application/javascript;charset=UTF-8"
#define CALLBACK_MAX	128		/* longer names are no names */

enum tj_rc
tj_call_refuse(struct tj_call *call, enum tj_hs_code code, const char *fmt, ...)
{
	va_list ap;

	call->code = code;
	call->status = 0;
	va_start(ap, fmt);
	(void)vsnprintf(call->message, sizeof(call->message), fmt, ap);
	va_end(ap);
	return TJ_E_REFUSED;
}

enum tj_rc
tj_call_refuse_as(struct tj_call *call, unsigned status, enum tj_hs_code code,
    const char *why)
{
	const enum tj_rc rc = tj_call_refuse(call, code, "%s", why);

	call->status = status;
	return rc;
}

enum tj_rc
tj_call_input(struct tj_call *call, enum tj_rc rc, const struct tj_err *err)
{
	if (rc == TJ_E_DATA || rc == TJ_E_LIMIT)
		return tj_call_refuse(call, TJ_HS_PROTOCOL, "%s", err->text);
	if (rc == TJ_E_RANGE)
		return tj_call_refuse(call, TJ_HS_BAD_VALUE, "%s", err->text);
	if (rc == TJ_E_CONFLICT)
		return tj_call_refuse(call, TJ_HS_VALUE_EXISTS, "%s", err->text);
	return rc;
}

bool
tj_call_is_method(const struct tj_call *call, const char *method)
{
	return tj_str_eq(call->request->method, tj_str_of(method)) ||
	    (tj_str_eq(call->request->method, TJ_S("HEAD")) && strcmp(method, "GET") == 0);
}

bool
tj_call_header_has(const struct tj_call *call, const char *name, tj_str token)
{
	tj_str rest = tj_http_header(call->request, name), part;

	while (tj_str_next(&part, &rest, ',')) {
		part = tj_str_trim(part);
		if (tj_str_starts(part, TJ_S("W/")))
			part = tj_str_cut(part, 2, part.n);
		if (tj_str_eq(part, token))
			return true;
	}
	return false;
}

bool
tj_call_is_json(const struct tj_call *call)
{
	const tj_str header = tj_http_header(call->request, "Content-Type");
	const tj_str type = tj_str_trim(tj_str_cut(header, 0, tj_str_find(header, ';')));

	return tj_str_eq_nocase(type, TJ_S("application/json"));
}

void
tj_reply_begin(const struct tj_call *call, struct tj_json_writer *out, enum tj_hs_code code)
{
	tj_json_begin(out, TJ_MAX_LIST_BYTES);
	tj_json_open(out, NULL, '{');
	tj_json_put_count(out, "responseCode", code);
	if (call->handle.p != NULL)
		tj_json_put(out, "handle", call->handle);
}

/* cb({…}); with nothing in the name that could be more than a name. */
static enum tj_rc
as_script(tj_str *body, tj_str callback, struct tj_arena *arena, struct tj_err *err)
{
	const tj_str cut = tj_str_cut(callback, 0, CALLBACK_MAX);
	tj_str script;
	char name[CALLBACK_MAX];

	for (size_t i = 0; i < cut.n; i++) {
		const char c = cut.p[i];

		name[i] = (char)(tj_is_alnum(c) || c == '$' ? c : '_');
	}
	script = tj_str_fmt(arena, "%.*s(%.*s);", (int)cut.n, name, TJ_FMT(*body));
	if (script.p == NULL)
		return tj_fail_nomem(err);
	*body = script;
	return TJ_OK;
}

enum tj_rc
tj_reply_end(struct tj_call *call, struct tj_json_writer *out, unsigned status,
    struct tj_err *err)
{
	const tj_str callback = tj_params_find(&call->params, "callback");
	const bool is_script = callback.n > 0 && tj_call_is_method(call, "GET");
	tj_str body;

	tj_json_close(out, '}');
	TRY(tj_json_end(&body, out, call->arena, err));
	if (tj_params_is_true(&call->params, "pretty", false))
		TRY(tj_json_pretty(&body, body, 2 * TJ_MAX_LIST_BYTES, call->arena, err));
	if (is_script)
		TRY(as_script(&body, callback, call->arena, err));
	tj_http_reply(call->response, status, is_script ? SCRIPT_TYPE : JSON_TYPE, body,
	    call->arena);
	tj_http_add(call->response, "X-Content-Type-Options", TJ_S("nosniff"), call->arena);
	return TJ_OK;
}

enum tj_rc
tj_reply_done(struct tj_call *call, unsigned status, struct tj_err *err)
{
	struct tj_json_writer out;

	tj_reply_begin(call, &out, TJ_HS_OK);
	return tj_reply_end(call, &out, status, err);
}

/* The status that the Handle.Net server gives with each code. */
static unsigned
status_of(const struct tj_call *call)
{
	switch (call->code) {
	case TJ_HS_NOT_FOUND:
		return 404;
	case TJ_HS_EXISTS:
	case TJ_HS_VALUE_EXISTS:
		return 409;
	case TJ_HS_PROTOCOL:
	case TJ_HS_BAD_HANDLE:
	case TJ_HS_BAD_VALUE:
	case TJ_HS_NO_VALUES:
	case TJ_HS_NOT_HOME:
		return 400;
	case TJ_HS_NEED_AUTH:	/* over plain HTTP there is no way to prove anything */
		return call->request->is_secure ? 401 : 403;
	case TJ_HS_NOT_ADMIN:
	case TJ_HS_NOT_PERMITTED:
	case TJ_HS_AUTH_FAILED:
		return 403;
	case TJ_HS_BUSY:
		return 503;
	case TJ_HS_OK:
	case TJ_HS_ERROR:
	default:
		return 500;
	}
}

static enum tj_rc
refusal(struct tj_call *call, unsigned status)
{
	struct tj_json_writer out;

	tj_reply_begin(call, &out, call->code);
	if (call->message[0] != '\0')
		tj_json_put(&out, "message", tj_str_of(call->message));
	return tj_reply_end(call, &out, status, NULL);
}

static void
take_failure(struct tj_call *call, enum tj_rc rc)
{
	if (rc == TJ_E_REFUSED)
		return;
	if (rc == TJ_E_LOCKED)
		(void)tj_call_refuse(call, TJ_HS_BUSY, "The records are in use; try again");
	else
		(void)tj_call_refuse(call, TJ_HS_ERROR, "%s", tj_rc_text(rc, TJ_EN));
}

void
tj_reply_failure(struct tj_call *call, enum tj_rc rc)
{
	unsigned status;

	take_failure(call, rc);
	status = call->status != 0 ? call->status : status_of(call);
	/* What a part had begun to say is not said. */
	call->response->status = 0;
	call->response->headers.n = 0;
	if (call->is_bare) {
		call->response->status = status;
		call->response->body = TJ_S("");
	} else if (refusal(call, status) != TJ_OK) {
		call->response->status = 500;
		call->response->body = TJ_S("{\"responseCode\":2}");
	}
	if (status == 401)
		tj_auth_challenge(call);
	if (status == 503)
		tj_http_add(call->response, "Retry-After", TJ_S("1"), call->arena);
}

/* Only what a header's name may hold is said back. */
static bool
is_header_list(tj_str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!tj_is_alnum(text.p[i]) && strchr("-_, ", text.p[i]) == NULL)
			return false;
	return text.n > 0;
}

void
tj_reply_cors(struct tj_call *call)
{
	const tj_str origin = tj_http_header(call->request, "Origin");
	const tj_str asked = tj_http_header(call->request, "Access-Control-Request-Headers");

	if (origin.n == 0 || tj_str_control(origin) < origin.n)
		return;
	tj_http_add(call->response, "Access-Control-Allow-Origin", origin, call->arena);
	tj_http_add(call->response, "Vary", TJ_S("Origin"), call->arena);
	if (!tj_str_eq(call->request->method, TJ_S("OPTIONS"))) {
		tj_http_add(call->response, "Access-Control-Expose-Headers",
		    TJ_S("ETag,Location,WWW-Authenticate"), call->arena);
		return;
	}
	tj_http_add(call->response, "Access-Control-Allow-Methods",
	    TJ_S("GET,POST,HEAD,PUT,DELETE"), call->arena);
	tj_http_add(call->response, "Access-Control-Max-Age", TJ_S("86400"), call->arena);
	if (is_header_list(asked))
		tj_http_add(call->response, "Access-Control-Allow-Headers", asked, call->arena);
}
