#include "exchange/registry/rights.h"
#include "model/base/limits.h"

#define PREFIXES	"0.NA/"

static bool
is_admin(const struct tj_value *value)
{
	return tj_str_eq_nocase(value->type, TJ_S(TJ_HS_ADMIN));
}

struct search {
	const struct tj_call	*call;
	struct tj_reference	 who;
	unsigned		 looks;		/* records read so far */
	struct tj_err		*err;
};

static enum tj_rc is_in_group(bool *, struct search *, const struct tj_reference *, unsigned);

static enum tj_rc
is_in_list(bool *found, struct search *search, tj_str data, unsigned depth)
{
	struct tj_handle_list list;
	const enum tj_rc rc = tj_handle_list_read(&list, data, search->call->arena, search->err);

	if (rc == TJ_E_DATA)
		return TJ_OK;
	TRY(rc);
	for (size_t i = 0; i < list.count && !*found; i++)
		if (tj_reference_matches(&list.items[i], &search->who))
			*found = true;
	for (size_t i = 0; i < list.count && !*found; i++)
		TRY(is_in_group(found, search, &list.items[i], depth + 1));
	return TJ_OK;
}

/* Groups may name each other in a circle: depth and looks end it. */
static enum tj_rc
is_in_group(bool *found, struct search *search, const struct tj_reference *group,
    unsigned depth)
{
	struct tj_records *records = search->call->node->records;
	struct tj_record record;
	enum tj_rc rc;

	if (depth >= TJ_MAX_GROUP_DEPTH || search->looks >= TJ_MAX_GROUP_LOOKS ||
	    group->handle.n == 0)
		return TJ_OK;
	search->looks++;
	rc = records->get(records, &record, group->handle, search->call->arena, search->err);
	if (rc == TJ_E_NOTFOUND)
		return TJ_OK;
	TRY(rc);
	for (size_t i = 0; i < record.count && !*found; i++) {
		const struct tj_value *value = &record.values[i];

		if ((group->index == 0 || group->index == value->index) &&
		    tj_str_eq_nocase(value->type, TJ_S(TJ_HS_VLIST)))
			TRY(is_in_list(found, search, value->data, depth));
	}
	return TJ_OK;
}

enum tj_rc
tj_rights_find(struct tj_rights *out, const struct tj_call *call,
    const struct tj_record *record, struct tj_err *err)
{
	struct search search = { .call = call, .who = call->who.id, .err = err };
	struct tj_rights rights = { .who = call->who };
	struct tj_handle_admin admin;

	for (size_t i = 0; record != NULL && rights.who.is_known &&
	    !rights.who.is_node_admin && i < record->count; i++) {
		bool found = false;

		if (!is_admin(&record->values[i]) ||
		    !tj_handle_admin_read(&admin, record->values[i].data))
			continue;
		if (!tj_reference_matches(&admin.who, &search.who)) {
			TRY(is_in_group(&found, &search, &admin.who, 0));
			if (found && !TJ_PUSH(call->arena, &rights.names, admin.who))
				return tj_fail_nomem(err);
		}
	}
	*out = rights;
	return TJ_OK;
}

static bool
stands_for(const struct tj_rights *rights, const struct tj_reference *name)
{
	if (tj_reference_matches(name, &rights->who.id))
		return true;
	for (size_t i = 0; i < rights->names.n; i++)
		if (rights->names.v[i].index == name->index &&
		    tj_str_eq_nocase(rights->names.v[i].handle, name->handle))
			return true;
	return false;
}

unsigned
tj_rights_in(const struct tj_rights *rights, const struct tj_record *record)
{
	struct tj_handle_admin admin;
	unsigned granted = 0;

	if (!rights->who.is_known)
		return 0;
	if (rights->who.is_node_admin)
		return TJ_ALL_RIGHTS;
	for (size_t i = 0; record != NULL && i < record->count; i++)
		if (is_admin(&record->values[i]) &&
		    tj_handle_admin_read(&admin, record->values[i].data) &&
		    stands_for(rights, &admin.who))
			granted |= admin.rights;
	return granted;
}

bool
tj_is_prefix_record(tj_str key)
{
	return tj_str_eq_nocase(tj_str_cut(key, 0, strlen(PREFIXES)), TJ_S(PREFIXES));
}

tj_str
tj_record_of_prefix(tj_str key, struct tj_arena *arena)
{
	size_t dot;

	if (!tj_is_prefix_record(key)) {
		const tj_str prefix = tj_record_prefix(key);

		return tj_str_fmt(arena, PREFIXES "%.*s", TJ_FMT(prefix));
	}
	for (dot = key.n; dot > strlen(PREFIXES) && key.p[dot - 1] != '.'; dot--)
		;
	if (dot == strlen(PREFIXES))
		return TJ_S("0.NA/0.NA");
	return tj_str_cut(key, 0, dot - 1);
}

enum tj_rc
tj_rights_of_prefix(unsigned *out, const struct tj_call *call, tj_str key,
    struct tj_err *err)
{
	struct tj_records *records = call->node->records;
	const tj_str handle = tj_record_of_prefix(key, call->arena);
	struct tj_rights rights;
	struct tj_record record;
	enum tj_rc rc;

	if (handle.p == NULL)
		return tj_fail_nomem(err);
	*out = call->who.is_node_admin ? TJ_ALL_RIGHTS : 0;
	if (call->who.is_node_admin || !call->who.is_known)
		return TJ_OK;
	rc = records->get(records, &record, handle, call->arena, err);
	if (rc == TJ_E_NOTFOUND)
		return TJ_OK;
	TRY(rc);
	TRY(tj_rights_find(&rights, call, &record, err));
	*out = tj_rights_in(&rights, &record);
	return TJ_OK;
}
