#include <stdio.h>

#include "exchange/registry/auth.h"
#include "exchange/registry/rights.h"
#include "model/base/limits.h"

#define PREFIXES	"0.NA/"

static enum tj_rc
put_key(void *ctx, tj_str key, struct tj_err *err)
{
	(void)err;
	tj_json_put(ctx, NULL, key);
	return TJ_OK;
}

static void
put_text_count(struct tj_json_writer *out, size_t count)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%zu", count);
	tj_json_put(out, "totalCount", tj_str_of(text));
}

/* Which of them: a page, or all where no page or no size is said. */
struct page {
	uint32_t	number, size;
	bool		is_given;
};

static struct page
read_page(const struct tj_call *call)
{
	struct page page = { .is_given = false };

	page.is_given = tj_params_number(&page.number, tj_params_find(&call->params, "page")) &&
	    tj_params_number(&page.size, tj_params_find(&call->params, "pageSize"));
	return page;
}

static enum tj_rc
collect(tj_str *handles, size_t *total, struct tj_call *call, tj_str prefix,
    const struct page *page, struct tj_err *err)
{
	struct tj_records *records = call->node->records;
	struct tj_json_writer out;
	enum tj_rc rc;

	tj_json_begin(&out, TJ_MAX_LIST_BYTES);
	tj_json_open(&out, NULL, '[');
	rc = records->list(records, total, prefix,
	    page->is_given ? (size_t)page->number * page->size : 0,
	    page->is_given ? page->size : SIZE_MAX, put_key, &out, err);
	tj_json_close(&out, ']');
	if (rc != TJ_OK) {
		tj_buf_fini(&out.buf);
		return rc;
	}
	rc = tj_json_end(handles, &out, call->arena, err);
	return rc == TJ_E_LIMIT ? tj_call_refuse(call, TJ_HS_PROTOCOL,
	    "Too many handles for one reply; ask with page and pageSize") : rc;
}

/* Of "0.NA/88.111.1" too: the prefix itself. */
static tj_str
bare_prefix(tj_str prefix)
{
	return tj_is_prefix_record(prefix) ?
	    tj_str_cut(prefix, strlen(PREFIXES), prefix.n) : prefix;
}

static enum tj_rc
may_list(struct tj_call *call, tj_str prefix, struct tj_err *err)
{
	unsigned granted;
	tj_str any;

	TRY(tj_auth(call, err));
	TRY(tj_auth_need(call));
	if (!call->node->records->is_home(call->node->records, prefix))
		return tj_call_refuse(call, TJ_HS_NOT_HOME, "That prefix doesn't live here");
	if ((any = tj_str_fmt(call->arena, "%.*s/", TJ_FMT(prefix))).p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_rights_of_prefix(&granted, call, any, err));
	if ((granted & TJ_LIST_HANDLES) == 0)
		return tj_call_refuse(call, TJ_HS_NOT_PERMITTED,
		    "No permission to list handles under this prefix");
	return TJ_OK;
}

enum tj_rc
tj_call_list(struct tj_call *call, tj_str rest, struct tj_err *err)
{
	const tj_str asked = tj_params_find(&call->params, "prefix");
	const tj_str prefix = bare_prefix(asked);
	const struct page page = read_page(call);
	struct tj_json_writer out;
	tj_str handles;
	size_t total;

	(void)rest;
	if (!tj_call_is_method(call, "GET"))
		return tj_call_refuse_as(call, 405, TJ_HS_PROTOCOL, "Method not allowed");
	if (prefix.n == 0 || prefix.n > TJ_MAX_IDENT_BYTES ||
	    tj_str_find(prefix, '/') < prefix.n)
		return tj_call_refuse(call, TJ_HS_PROTOCOL, "Invalid prefix");
	TRY(may_list(call, prefix, err));
	TRY(collect(&handles, &total, call, prefix, &page, err));
	tj_reply_begin(call, &out, TJ_HS_OK);
	tj_json_put(&out, "prefix", asked);
	put_text_count(&out, total);
	if (page.is_given) {
		tj_json_put_count(&out, "page", page.number);
		tj_json_put_count(&out, "pageSize", page.size);
	}
	tj_json_put_literal(&out, "handles", handles);
	return tj_reply_end(call, &out, 200, err);
}

struct homes {
	struct tj_json_writer	*out;
	size_t			 count;
	struct tj_arena		*arena;
};

static enum tj_rc
put_home(void *ctx, tj_str prefix, struct tj_err *err)
{
	struct homes *homes = ctx;
	const tj_str name = tj_str_fmt(homes->arena, PREFIXES "%.*s", TJ_FMT(prefix));

	if (name.p == NULL)
		return tj_fail_nomem(err);
	tj_json_put(homes->out, NULL, name);
	homes->count++;
	return TJ_OK;
}

static enum tj_rc
list_homes(struct tj_call *call, struct tj_err *err)
{
	struct tj_records *records = call->node->records;
	struct tj_json_writer list, out;
	struct homes homes = { .out = &list, .arena = call->arena };
	enum tj_rc rc;
	tj_str text;

	tj_json_begin(&list, TJ_MAX_LIST_BYTES);
	tj_json_open(&list, NULL, '[');
	rc = records->each_home(records, put_home, &homes, err);
	tj_json_close(&list, ']');
	if (rc != TJ_OK) {
		tj_buf_fini(&list.buf);
		return rc;
	}
	TRY(tj_json_end(&text, &list, call->arena, err));
	tj_reply_begin(call, &out, TJ_HS_OK);
	put_text_count(&out, homes.count);
	tj_json_put_literal(&out, "prefixes", text);
	return tj_reply_end(call, &out, 200, err);
}

static enum tj_rc
change_home(struct tj_call *call, struct tj_err *err)
{
	struct tj_records *records = call->node->records;
	const tj_str prefix = bare_prefix(call->key);
	const bool is_home = records->is_home(records, prefix);

	if (tj_call_is_method(call, "POST")) {
		TRY(records->set_home(records, prefix, true, err));
		return tj_reply_done(call, 200, err);
	}
	if (!is_home)
		return tj_call_refuse(call, TJ_HS_NOT_HOME, "That prefix doesn't live here");
	if (tj_call_is_method(call, "DELETE"))
		TRY(records->set_home(records, prefix, false, err));
	else if (!tj_call_is_method(call, "GET"))
		return tj_call_refuse_as(call, 405, TJ_HS_PROTOCOL, "Method not allowed");
	return tj_reply_done(call, 200, err);
}

enum tj_rc
tj_call_prefixes(struct tj_call *call, tj_str rest, struct tj_err *err)
{
	tj_str prefix;

	TRY(tj_auth(call, err));
	TRY(tj_auth_need(call));
	if (!call->who.is_node_admin)
		return tj_call_refuse(call, TJ_HS_NOT_ADMIN, "Not an administrator of this node");
	if (rest.n == 0 && tj_call_is_method(call, "GET"))
		return list_homes(call, err);
	if (rest.n == 0)
		return tj_call_refuse(call, TJ_HS_PROTOCOL,
		    "Which prefix?  /api/prefixes/0.NA/88.111.1");
	TRY(tj_call_handle(call, rest, err));
	prefix = bare_prefix(call->key);
	if (!tj_is_prefix_record(call->key) || prefix.n == 0 ||
	    tj_str_find(prefix, '/') < prefix.n || tj_str_control(prefix) < prefix.n)
		return tj_call_refuse(call, TJ_HS_BAD_HANDLE, "Invalid prefix");
	return change_home(call, err);
}
