#include "exchange/crypto_handle.h"
#include "exchange/handle_data.h"
#include "exchange/locations.h"
#include "exchange/registry/proxy.h"
#include "model/base/limits.h"

/*
 * GET /88.111.1/x: where the thing is, as the Handle proxy answers it.  302 to the first URL
 * of its record; with ?noredirect, or where there is none, the record itself as a page.
 */
struct target {
	tj_str		url;		/* .p NULL: there is none */
	uint32_t	ttl_s;
	bool		ttl_is_absolute;
};

static bool
is_type(const struct tj_value *value, const char *type)
{
	return tj_str_eq_nocase(value->type, tj_str_of(type));
}

/* Of what the public may read, what ?type= and ?index= let through. */
static enum tj_rc
pick(const struct tj_value ***out, size_t *n, struct tj_call *call,
    const struct tj_record *record, struct tj_err *err)
{
	const struct tj_value **list = TJ_NEWN(call->arena, const struct tj_value *, record->count);
	const bool by_type = tj_params_find(&call->params, "type").p != NULL;
	struct tj_indexes indexes;
	size_t count = 0;

	if (list == NULL)
		return tj_fail_nomem(err);
	TRY(tj_call_indexes(&indexes, call, err));
	for (size_t i = 0; i < record->count; i++) {
		const struct tj_value *value = &record->values[i];

		if ((value->permissions & TJ_PUBLIC_READ) != 0 &&
		    ((!by_type && !indexes.is_given) || tj_indexes_has(&indexes, value->index) ||
		    tj_call_asks_type(call, value->type)))
			list[count++] = value;
	}
	*out = list;
	*n = count;
	return TJ_OK;
}

static enum tj_rc
chance(double *out, struct tj_err *err)
{
	uint32_t random;

	TRY(tj_random(&random, sizeof(random), err));
	*out = random * 0x1p-32;
	return TJ_OK;
}

/* A list of locations goes before a URL, as one who wrote it wanted. */
static enum tj_rc
find_location(struct target *target, struct tj_call *call, const struct tj_value *value,
    struct tj_err *err)
{
	double random;
	enum tj_rc rc;

	TRY(chance(&random, err));
	rc = tj_location_choose(&target->url, value->data,
	    tj_params_find(&call->params, "locatt"), random, call->arena, err);
	if (rc == TJ_E_NOMEM)
		return rc;
	if (rc != TJ_OK)
		target->url.p = NULL;
	return TJ_OK;
}

/* What a URL of our time may not hold as it is, Chinese above all, is escaped. */
static enum tj_rc
to_ascii(tj_str *url, struct tj_arena *arena, struct tj_err *err)
{
	static const char hex[] = "0123456789ABCDEF";
	char *text = TJ_NEWN(arena, char, 3 * url->n + 1);
	size_t n = 0;

	if (text == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < url->n; i++) {
		const uint8_t c = (uint8_t)url->p[i];

		if (c > ' ' && c <= '~') {
			text[n++] = (char)c;
			continue;
		}
		text[n++] = '%';
		text[n++] = hex[c >> 4];
		text[n++] = hex[c & 15];
	}
	*url = (tj_str){ text, n };
	return TJ_OK;
}

static enum tj_rc
find_target(struct target *out, struct tj_call *call, const struct tj_value *const *values,
    size_t n, struct tj_err *err)
{
	struct target target = { .url = { NULL, 0 } };
	const struct tj_value *from = NULL;

	for (size_t i = 0; i < n && target.url.p == NULL; i++)
		if (is_type(values[i], TJ_LOCATIONS_TYPE)) {
			TRY(find_location(&target, call, values[i], err));
			from = values[i];
		}
	for (size_t i = 0; i < n && target.url.p == NULL; i++)
		if (is_type(values[i], "URL")) {
			target.url = values[i]->data;
			from = values[i];
		}
	if (target.url.p != NULL) {
		target.url = tj_str_trim(target.url);
		TRY(to_ascii(&target.url, call->arena, err));
		target.ttl_s = from->ttl_s;
		target.ttl_is_absolute = from->ttl_is_absolute;
	}
	*out = target;
	return TJ_OK;
}

/* "Thu, 01 Oct 2026 00:00:00 GMT" (RFC 9110 section 5.6.7). */
static tj_str
http_date(tj_time at, struct tj_arena *arena)
{
	static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
	    "Aug", "Sep", "Oct", "Nov", "Dec" };
	const tj_date date = (tj_date)(at / 86400);
	const int second = (int)(at % 86400);
	int year, month, day;

	tj_date_split(&year, &month, &day, date);
	return tj_str_fmt(arena, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[date % 7], day,
	    months[month - 1], year, second / 3600, second / 60 % 60, second % 60);
}

static enum tj_rc
redirect(struct tj_call *call, const struct target *target, struct tj_err *err)
{
	const tj_str append = tj_params_find(&call->params, "urlappend");
	const tj_time until = target->ttl_is_absolute ? (tj_time)target->ttl_s :
	    call->request->at + target->ttl_s;
	tj_str url = tj_str_fmt(call->arena, "%.*s%.*s", TJ_FMT(target->url), TJ_FMT(append));

	if (url.p == NULL)
		return tj_fail_nomem(err);
	TRY(to_ascii(&url, call->arena, err));
	if (!tj_proxy_may_link(url))
		return tj_page_error(call, 400, "What is to be appended is no part of a URL", err);
	TRY(tj_page_redirect(call, url, err));
	tj_http_add(call->response, "Location", url, call->arena);
	tj_http_add(call->response, "Expires", http_date(until, call->arena), call->arena);
	return TJ_OK;
}

/* Where the record is another name for another one. */
static const struct tj_value *
alias_of(const struct tj_record *record)
{
	for (size_t i = 0; i < record->count; i++)
		if (is_type(&record->values[i], TJ_HS_ALIAS) &&
		    (record->values[i].permissions & TJ_PUBLIC_READ) != 0)
			return &record->values[i];
	return NULL;
}

/* The record at the end of the aliases.  NOTFOUND, LOOP. */
static enum tj_rc
follow(struct tj_seen *seen, struct tj_call *call, struct tj_err *err)
{
	const bool ignores_aliases = tj_params_is_true(&call->params, "ignore_aliases", false);
	const struct tj_value *alias;

	for (unsigned hops = 0; hops <= TJ_MAX_ALIAS_HOPS; hops++) {
		if (tj_call_is_home(call) != TJ_OK)
			return tj_fail(err, TJ_E_NOTFOUND, "not here");
		TRY(tj_seen_get(seen, call, call->key, err));
		if (ignores_aliases || (alias = alias_of(&seen->record)) == NULL)
			return TJ_OK;
		if (alias->data.n == 0 || alias->data.n > TJ_MAX_IDENT_BYTES ||
		    !tj_str_is_utf8(alias->data))
			return tj_fail(err, TJ_E_NOTFOUND, "an alias that is no handle");
		call->key = alias->data;
	}
	return tj_fail(err, TJ_E_LOOP, "aliases in a circle");
}

static enum tj_rc
show(struct tj_call *call, struct tj_err *err)
{
	const struct tj_value **values;
	struct target target;
	struct tj_seen seen;
	enum tj_rc rc;
	size_t n;

	rc = follow(&seen, call, err);
	if (rc == TJ_E_NOTFOUND)
		return tj_page_error(call, 404, "Handle not found", err);
	if (rc == TJ_E_LOOP)
		return tj_page_error(call, 500, "This handle is an alias of an alias without end",
		    err);
	TRY(rc);
	TRY(pick(&values, &n, call, &seen.record, err));
	TRY(find_target(&target, call, values, n, err));
	if (target.url.p != NULL && tj_proxy_may_link(target.url) &&
	    !tj_params_is_true(&call->params, "noredirect", false))
		return redirect(call, &target, err);
	return tj_page_record(call, values, n, err);
}

static enum tj_rc
answer(struct tj_call *call, tj_str encoded, struct tj_err *err)
{
	const enum tj_rc rc = tj_params_read(&call->params, call->request->query, call->arena,
	    err);

	if (rc == TJ_E_DATA || rc == TJ_E_LIMIT)
		return tj_page_error(call, 400, err->text, err);
	TRY(rc);
	TRY(tj_call_handle(call, encoded, err));
	return show(call, err);
}

/* "/PREFIX/SUFFIX", with a prefix as they are: digits, letters and dots. */
static bool
is_handle_path(tj_str path)
{
	const tj_str rest = tj_str_cut(path, 1, path.n);
	const size_t slash = tj_str_find(rest, '/');

	if (path.n < 2 || path.p[0] != '/' || slash == 0)
		return false;
	for (size_t i = 0; i < slash; i++) {
		if (i > 0 && tj_str_eq_nocase(tj_str_cut(rest, i, 3), TJ_S("%2f")))
			return true;
		if (!tj_is_alnum(rest.p[i]) && rest.p[i] != '.')
			return false;
	}
	return slash < rest.n;
}

void
tj_face_proxy(const struct tj_node *node, const struct tj_http_request *request,
    struct tj_http_response *response, struct tj_arena *arena)
{
	struct tj_call call = {
		.node = node, .request = request, .response = response, .arena = arena
	};
	struct tj_err err = { 0 };
	enum tj_rc rc;

	if (!tj_call_is_method(&call, "GET") || !is_handle_path(request->path))
		return;
	rc = answer(&call, tj_str_cut(request->path, 1, request->path.n), &err);
	if (rc == TJ_E_REFUSED)
		rc = tj_page_error(&call, 400, call.message, &err);
	if (rc != TJ_OK) {
		response->status = 500;
		response->body = TJ_S("500\n");
		response->headers.n = 0;
	}
	tj_reply_cors(&call);
}
