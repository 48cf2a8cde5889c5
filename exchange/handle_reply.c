#include "exchange/handle_reply.h"
#include "model/base/limits.h"
#include "model/record.h"

#define MAX_INDEX	2147483647.0	/* a signed 32-bit number in Handle.Net */
#define MAX_TTL_S	4294967295.0

static enum tj_rc
whole(uint32_t *out, const struct tj_json *object, const char *name, double most,
    struct tj_err *err)
{
	double number;

	TRY(tj_json_get_number(&number, object, name, err));
	if (!(number >= 0 && number <= most) || number != (double)(uint32_t)number) {
		(void)tj_err_at(err, NULL, 0, 0, name);
		return tj_fail(err, TJ_E_DATA, "expected a whole number up to %.0f", most);
	}
	*out = (uint32_t)number;
	return TJ_OK;
}

/* Seconds, or the instant at which it ends. */
static enum tj_rc
ttl_read(uint32_t *ttl_s, const struct tj_json *object, struct tj_err *err)
{
	const struct tj_json *ttl = tj_json_find(object, "ttl");

	*ttl_s = TJ_VALUE_TTL_S;
	if (ttl == NULL)
		return TJ_OK;
	if (tj_json_type(ttl) == TJ_JSON_NUMBER)
		return whole(ttl_s, object, "ttl", MAX_TTL_S, err);
	*ttl_s = 0;
	return TJ_OK;
}

/* Texts; or {"format":…,"value":…}. */
static void
data_read(struct tj_reply_value *value, const struct tj_json *object)
{
	const struct tj_json *data = tj_json_find(object, "data");
	const struct tj_json *format = data == NULL ? NULL : tj_json_find(data, "format");

	value->text = TJ_S("");
	if (data == NULL)
		return;
	value->data = tj_json_type(data) == TJ_JSON_OBJECT ? tj_json_find(data, "value") : data;
	if (value->data != NULL && (format == NULL ||
	    tj_str_eq(tj_json_text(format), TJ_S("string"))))
		value->text = tj_json_text(value->data);
}

static enum tj_rc
value_read(struct tj_reply_value *value, const struct tj_json *object, struct tj_err *err)
{
	const struct tj_json *timestamp = tj_json_find(object, "timestamp");

	if (tj_json_type(object) != TJ_JSON_OBJECT)
		return tj_fail(err, TJ_E_DATA, "a value is not an object");
	TRY(whole(&value->index, object, "index", MAX_INDEX, err));
	TRY(tj_json_get_text(&value->type, object, "type", err));
	TRY(ttl_read(&value->ttl_s, object, err));
	data_read(value, object);
	if (timestamp != NULL && !tj_time_parse(&value->timestamp, tj_json_text(timestamp))) {
		(void)tj_err_at(err, NULL, 0, 0, "timestamp");
		return tj_fail(err, TJ_E_DATA, "expected an instant like 2026-10-01T00:00:00Z");
	}
	return TJ_OK;
}

static enum tj_rc
values_read(struct tj_reply *reply, const struct tj_json *root, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *values;

	if (tj_json_find(root, "values") == NULL)
		return TJ_OK;
	TRY(tj_json_get(&values, root, "values", TJ_JSON_ARRAY, err));
	for (size_t i = 0; i < tj_json_count(values); i++) {
		struct tj_reply_value value = { 0 };

		TRY(value_read(&value, tj_json_at(values, i), err));
		if (!TJ_PUSH(arena, &reply->values, value))
			return tj_fail_nomem(err);
	}
	return TJ_OK;
}

enum tj_rc
tj_reply_read(struct tj_reply *out, tj_str json, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_reply reply = { .handle = TJ_S(""), .message = TJ_S("") };
	const struct tj_json *root, *member;
	uint32_t code;

	TRY(tj_json_read(&root, json, arena, err));
	if (tj_json_type(root) != TJ_JSON_OBJECT)
		return tj_fail(err, TJ_E_DATA, "the answer is not an object");
	TRY(whole(&code, root, "responseCode", MAX_INDEX, err));
	reply.code = code;
	if ((member = tj_json_find(root, "handle")) != NULL)
		reply.handle = tj_json_text(member);
	if ((member = tj_json_find(root, "message")) != NULL)
		reply.message = tj_json_text(member);
	TRY(values_read(&reply, root, arena, err));
	*out = reply;
	return TJ_OK;
}

const struct tj_reply_value *
tj_reply_newest(const struct tj_reply *reply, tj_str type)
{
	const struct tj_reply_value *newest = NULL;

	for (size_t i = 0; i < reply->values.n; i++) {
		const struct tj_reply_value *value = &reply->values.v[i];

		if (!tj_str_eq_nocase(value->type, type))
			continue;
		if (newest == NULL || value->timestamp > newest->timestamp ||
		    (value->timestamp == newest->timestamp && value->index > newest->index))
			newest = value;
	}
	return newest;
}

/* Sites. */

static bool
is_address(tj_str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!tj_is_alnum(text.p[i]) && text.p[i] != '.' && text.p[i] != ':' &&
		    text.p[i] != '-')
			return false;
	return text.n > 0;
}

/* What is being read: places of one protocol, and which server they are of. */
struct reading {
	struct tj_places	 places;
	unsigned		 server;
	bool			 secure;
	struct tj_arena		*arena;
	struct tj_err		*err;
};

/* One interface, if it speaks this protocol and answers questions. */
static enum tj_rc
place_add(struct reading *r, const struct tj_json *interface, tj_str address)
{
	const bool is_v6 = tj_str_find(address, ':') < address.n;
	struct tj_place place = { .server = r->server };
	const struct tj_json *query = tj_json_find(interface, "query");
	tj_str protocol;
	uint32_t port;

	TRY(tj_json_get_text(&protocol, interface, "protocol", r->err));
	if (!tj_str_eq_nocase(protocol, r->secure ? TJ_S("HTTPS") : TJ_S("HTTP")) ||
	    (query != NULL && !tj_json_is_true(query)) ||
	    r->places.list.n == TJ_MAX_NODE_PLACES)
		return TJ_OK;
	TRY(whole(&port, interface, "port", 65535, r->err));
	place.url = tj_str_fmt(r->arena, "%s://%s%.*s%s:%u", r->secure ? "https" : "http",
	    is_v6 ? "[" : "", TJ_FMT(address), is_v6 ? "]" : "", port);
	if (place.url.p == NULL || !TJ_PUSH(r->arena, &r->places.list, place))
		return tj_fail_nomem(r->err);
	return TJ_OK;
}

static enum tj_rc
server_read(struct reading *r, const struct tj_json *server)
{
	const struct tj_json *interfaces;
	tj_str address;

	r->server++;
	TRY(tj_json_get_text(&address, server, "address", r->err));
	if (!is_address(address))
		return tj_fail(r->err, TJ_E_DATA, "no address of a server: \"%.*s\"",
		    TJ_FMT(address));
	TRY(tj_json_get(&interfaces, server, "interfaces", TJ_JSON_ARRAY, r->err));
	for (size_t i = 0; i < tj_json_count(interfaces); i++)
		TRY(place_add(r, tj_json_at(interfaces, i), address));
	return TJ_OK;
}

static enum tj_rc
site_read(struct reading *r, const struct tj_reply_value *value)
{
	const struct tj_json *servers;

	if (value->data == NULL || tj_json_type(value->data) != TJ_JSON_OBJECT)
		return tj_fail(r->err, TJ_E_DATA, "an HS_SITE is not of the format site");
	TRY(tj_json_get(&servers, value->data, "servers", TJ_JSON_ARRAY, r->err));
	for (size_t i = 0; i < tj_json_count(servers); i++)
		TRY(server_read(r, tj_json_at(servers, i)));
	return TJ_OK;
}

static bool
is_site(const struct tj_reply_value *value)
{
	return tj_str_eq_nocase(value->type, TJ_S("HS_SITE")) ||
	    tj_str_eq_nocase(value->type, TJ_S("HS_SITE.6"));
}

enum tj_rc
tj_reply_places(struct tj_places *out, const struct tj_reply *reply, struct tj_arena *arena,
    struct tj_err *err)
{
	struct reading r = { .arena = arena, .err = err };
	size_t sites = 0;

	for (int secure = 1; secure >= 0; secure--) {
		r.secure = secure == 1;
		r.server = 0;
		for (size_t i = 0; i < reply->values.n; i++)
			if (is_site(&reply->values.v[i])) {
				sites++;
				TRY(site_read(&r, &reply->values.v[i]));
			}
	}
	if (sites > 0 && r.places.list.n == 0)
		return tj_fail(err, TJ_E_DATA, "its HS_SITE names no interface of HTTP or HTTPS");
	*out = r.places;
	return TJ_OK;
}
