#include "connectors/publisher_request.h"
#include "connectors/url.h"
#include "exchange/handle_data.h"
#include "exchange/json.h"
#include "model/base/limits.h"

#define ADMIN_INDEX	100u
#define ADMIN_MAY	"011111110011"	/* all but list and delete prefixes: what clients write */

static void
value_put(struct tj_json_writer *json, tj_str jws)
{
	tj_json_open(json, NULL, '{');
	tj_json_put_count(json, "index", TJ_PUBLISH_INDEX);
	tj_json_put(json, "type", TJ_S(TJ_DECLARATION_TYPE));
	tj_json_open(json, "data", '{');
	tj_json_put(json, "format", TJ_S("string"));
	tj_json_put(json, "value", jws);
	tj_json_close(json, '}');
	tj_json_close(json, '}');
}

static void
admin_put(struct tj_json_writer *json, const char *as)
{
	const tj_str who = tj_str_of(as);
	const size_t colon = tj_str_find(who, ':');

	tj_json_open(json, NULL, '{');
	tj_json_put_count(json, "index", ADMIN_INDEX);
	tj_json_put(json, "type", TJ_S("HS_ADMIN"));
	tj_json_open(json, "data", '{');
	tj_json_put(json, "format", TJ_S("admin"));
	tj_json_open(json, "value", '{');
	tj_json_put(json, "handle", tj_str_cut(who, colon + 1, who.n));
	tj_json_put_literal(json, "index", tj_str_cut(who, 0, colon));
	tj_json_put(json, "permissions", TJ_S(ADMIN_MAY));
	tj_json_close(json, '}');
	tj_json_close(json, '}');
	tj_json_close(json, '}');
}

static enum tj_rc
body_make(tj_str *body, const struct tj_publish_request *request, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_json_writer json;

	tj_json_begin(&json, 2 * TJ_MAX_JWS_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_put(&json, "handle", request->handle);
	tj_json_open(&json, "values", '[');
	if (request->step == TJ_PUBLISH_CREATE)
		admin_put(&json, request->as);
	value_put(&json, request->jws);
	tj_json_close(&json, ']');
	tj_json_close(&json, '}');
	return tj_json_end(body, &json, arena, err);
}

enum tj_rc
tj_publish_request_make(struct tj_fetch *fetch, const struct tj_publish_request *request,
    struct tj_arena *arena, struct tj_err *err)
{
	static const char *const queries[] = { [TJ_PUBLISH_CREATE] = "?overwrite=false",
	    [TJ_PUBLISH_UPDATE] = "?index=1000&overwrite=true", [TJ_PUBLISH_LOOK] = "?auth=true" };
	const bool is_conditional = request->step == TJ_PUBLISH_UPDATE && request->etag.n > 0;

	fetch->method = request->step == TJ_PUBLISH_LOOK ? "GET" : "PUT";
	fetch->url = tj_url_of_handle(request->node, request->handle, queries[request->step],
	    arena);
	if (request->step == TJ_PUBLISH_CREATE)
		fetch->condition = TJ_S("If-None-Match: *");
	else if (is_conditional)
		fetch->condition = tj_str_fmt(arena, "If-Match: %.*s", TJ_FMT(request->etag));
	if (fetch->url.p == NULL || (is_conditional && fetch->condition.p == NULL))
		return tj_fail_nomem(err);
	return request->step == TJ_PUBLISH_LOOK ? TJ_OK : body_make(&fetch->body, request, arena,
	    err);
}
