#include "exchange/handle_json.h"
#include "exchange/registry/auth.h"
#include "exchange/registry/declared.h"
#include "exchange/registry/etag.h"
#include "exchange/registry/rights.h"
#include "model/base/limits.h"

struct filter {
	struct tj_indexes	indexes;
	bool			has_types;
	bool			admins_read;	/* the one who asks may read as administrator */
};

static bool
is_asked_for(const struct filter *filter, const struct tj_call *call,
    const struct tj_value *value)
{
	if (!filter->indexes.is_given && !filter->has_types)
		return true;
	if (tj_indexes_has(&filter->indexes, value->index))
		return true;
	return tj_call_asks_type(call, value->type);
}

static bool
is_readable(const struct filter *filter, const struct tj_value *value)
{
	return (value->permissions & TJ_PUBLIC_READ) != 0 ||
	    (filter->admins_read && (value->permissions & TJ_ADMIN_READ) != 0);
}

/*
 * Who is known and may read as administrator sees more, unless publicOnly says that it need
 * not be; who asks for more and may not have it is told so.  What a page elsewhere reads as
 * a script is never more than the public's, whoever looks at that page.
 */
static enum tj_rc
find_reader(struct filter *filter, struct tj_call *call, const struct tj_seen *seen,
    struct tj_err *err)
{
	const bool public_only = tj_params_is_true(&call->params, "publicOnly",
	    !call->who.is_known);
	struct tj_rights rights;

	if (public_only || tj_params_find(&call->params, "callback").n > 0)
		return TJ_OK;
	TRY(tj_auth_need(call));
	TRY(tj_rights_find(&rights, call, &seen->record, err));
	filter->admins_read = (tj_rights_in(&rights, &seen->record) & TJ_READ_VALUE) != 0;
	if (!filter->admins_read && tj_params_find(&call->params, "publicOnly").p != NULL)
		return tj_call_refuse(call, TJ_HS_NOT_PERMITTED,
		    "No permission to read what is not public");
	return TJ_OK;
}

static bool
is_shown(const struct filter *filter, const struct tj_call *call,
    const struct tj_value *value)
{
	return is_asked_for(filter, call, value) && is_readable(filter, value);
}

static enum tj_rc
put_values(struct tj_json_writer *out, struct tj_call *call, const struct filter *filter,
    const struct tj_record *record, struct tj_err *err)
{
	tj_json_open(out, "values", '[');
	for (size_t i = 0; i < record->count; i++)
		if (is_shown(filter, call, &record->values[i]))
			TRY(tj_handle_json_put(out, &record->values[i], call->arena, err));
	tj_json_close(out, ']');
	return TJ_OK;
}

static enum tj_rc
reply(struct tj_call *call, const struct filter *filter, const struct tj_record *record,
    struct tj_err *err)
{
	struct tj_json_writer out;
	bool any = false;
	enum tj_rc rc;

	for (size_t i = 0; i < record->count && !any; i++)
		any = is_shown(filter, call, &record->values[i]);
	tj_reply_begin(call, &out, any ? TJ_HS_OK : TJ_HS_NO_VALUES);
	if ((rc = put_values(&out, call, filter, record, err)) != TJ_OK) {
		tj_buf_fini(&out.buf);
		return rc;
	}
	return tj_reply_end(call, &out, 200, err);
}

static enum tj_rc
read_filter(struct filter *filter, struct tj_call *call, struct tj_err *err)
{
	*filter = (struct filter){ .has_types = tj_params_find(&call->params, "type").p != NULL };
	TRY(tj_call_indexes(&filter->indexes, call, err));
	if (filter->indexes.is_various)
		return tj_call_refuse(call, TJ_HS_PROTOCOL, "Invalid index \"various\"");
	return TJ_OK;
}

enum tj_rc
tj_call_get(struct tj_call *call, tj_str rest, struct tj_err *err)
{
	struct filter filter;
	struct tj_seen seen;
	enum tj_rc rc;
	tj_str tag;

	(void)rest;
	TRY(read_filter(&filter, call, err));
	TRY(tj_auth(call, err));
	TRY(tj_call_is_home(call));
	rc = tj_seen_get(&seen, call, call->key, err);
	if (rc == TJ_E_NOTFOUND)
		return tj_call_refuse(call, TJ_HS_NOT_FOUND, "%s", "");
	TRY(rc);
	TRY(find_reader(&filter, call, &seen, err));
	if ((tag = tj_seen_tag(&seen, call->arena)).p == NULL)
		return tj_fail_nomem(err);
	if (tj_etag_is_known(call, tag))
		tj_http_reply(call->response, 304, NULL, TJ_S(""), call->arena);
	else
		TRY(reply(call, &filter, &seen.record, err));
	tj_http_add(call->response, "ETag", tag, call->arena);
	tj_http_add(call->response, "Vary", TJ_S("Authorization"), call->arena);
	return TJ_OK;
}
