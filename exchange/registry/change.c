#include "exchange/registry/change.h"
#include "exchange/registry/etag.h"
#include "model/base/limits.h"

static bool
is_admin(const struct tj_value *value)
{
	return tj_str_eq_nocase(value->type, TJ_S(TJ_HS_ADMIN));
}

static enum tj_rc
not_permitted(struct tj_change *change, const char *what, uint32_t index)
{
	return tj_call_refuse(change->call, TJ_HS_NOT_PERMITTED, "No permission to %s value %u",
	    what, index);
}

/* Anyone who is known may write what the public may write; the rest needs a right and that
 * the value lets administrators write. */
static bool
may_write(const struct tj_change *change, unsigned granted, const struct tj_value *old,
    unsigned right)
{
	if (change->rights.who.is_node_admin || (old->permissions & TJ_PUBLIC_WRITE) != 0)
		return true;
	return (granted & right) != 0 && (old->permissions & TJ_ADMIN_WRITE) != 0;
}

static enum tj_rc
check_removal(struct tj_change *change, unsigned granted, const struct tj_value *old)
{
	const unsigned right = is_admin(old) ? TJ_REMOVE_ADMIN : TJ_REMOVE_VALUE;

	return may_write(change, granted, old, right) ? TJ_OK :
	    not_permitted(change, "remove", old->index);
}

static enum tj_rc
check_addition(struct tj_change *change, unsigned granted, const struct tj_value *new)
{
	const unsigned right = is_admin(new) ? TJ_ADD_ADMIN : TJ_ADD_VALUE;

	return (granted & right) != 0 ? TJ_OK : not_permitted(change, "add", new->index);
}

/* Becoming an administrator's value, or ceasing to be one, is an administrator's matter:
 * what the public may write must not become one. */
static enum tj_rc
check_modification(struct tj_change *change, unsigned granted, const struct tj_value *old,
    const struct tj_value *new)
{
	if (is_admin(new) && !is_admin(old)) {
		TRY(check_removal(change, granted, old));
		return check_addition(change, granted, new);
	}
	return may_write(change, granted, old, is_admin(old) ? TJ_MODIFY_ADMIN :
	    TJ_MODIFY_VALUE) ? TJ_OK : not_permitted(change, "modify", old->index);
}

/* From one list of values to another, both by index: each difference is permitted? */
static enum tj_rc
check_difference(struct tj_change *change, const struct tj_record *old,
    const struct tj_record *new)
{
	const unsigned granted = tj_rights_in(&change->rights, old);
	size_t i = 0, k = 0;

	while (i < old->count || k < new->count) {
		const struct tj_value *was = i < old->count ? &old->values[i] : NULL;
		const struct tj_value *is = k < new->count ? &new->values[k] : NULL;

		if (was != NULL && (is == NULL || was->index < is->index)) {
			TRY(check_removal(change, granted, was));
			i++;
		} else if (is != NULL && (was == NULL || is->index < was->index)) {
			TRY(check_addition(change, granted, is));
			k++;
		} else if (was != NULL && is != NULL) {
			if (was->data.p != is->data.p)	/* else it is the old one, kept */
				TRY(check_modification(change, granted, was, is));
			i++;
			k++;
		}
	}
	return TJ_OK;
}

/* A new record is created by who may create under its prefix. */
static enum tj_rc
check_creation(struct tj_change *change)
{
	const bool is_prefix = tj_is_prefix_record(change->call->key);
	const unsigned right = is_prefix ? TJ_ADD_PREFIX : TJ_ADD_HANDLE;

	if ((change->prefix_rights & right) != 0)
		return TJ_OK;
	return tj_call_refuse(change->call, TJ_HS_NOT_PERMITTED,
	    "No permission to create under this prefix");
}

static enum tj_rc
replace_record(struct tj_change *change, struct tj_record *out, const struct tj_record *old)
{
	out->values = change->values;
	out->count = change->count;
	if (old == NULL) {
		change->is_new = true;
		return check_creation(change);
	}
	change->has_overwritten = true;
	if (!change->may_overwrite)
		return tj_call_refuse(change->call, TJ_HS_EXISTS, "Handle already exists");
	return check_difference(change, old, out);
}

/* Both by index; of two with one index the new one. */
static enum tj_rc
merge(struct tj_change *change, struct tj_record *out, const struct tj_record *old,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_value *values = TJ_NEWN(arena, struct tj_value, old->count + change->count);
	size_t i = 0, k = 0, n = 0;

	if (values == NULL)
		return tj_fail_nomem(err);
	while (i < old->count || k < change->count) {
		if (k == change->count || (i < old->count &&
		    old->values[i].index < change->values[k].index)) {
			values[n++] = old->values[i++];
			continue;
		}
		if (i < old->count && old->values[i].index == change->values[k].index) {
			change->has_overwritten = true;
			if (!change->may_overwrite)
				return tj_call_refuse(change->call, TJ_HS_VALUE_EXISTS,
				    "Index conflict for %u", change->values[k].index);
			i++;
		}
		values[n++] = change->values[k++];
	}
	out->values = values;
	out->count = n;
	return TJ_OK;
}

static enum tj_rc
put_values(struct tj_change *change, struct tj_record *out, const struct tj_record *old,
    struct tj_arena *arena, struct tj_err *err)
{
	if (old == NULL)
		return tj_call_refuse(change->call, TJ_HS_NOT_FOUND, "Handle not found");
	TRY(merge(change, out, old, arena, err));
	if (out->count > TJ_MAX_RECORD_VALUES)
		return tj_call_refuse(change->call, TJ_HS_BAD_VALUE, "More than %d values",
		    TJ_MAX_RECORD_VALUES);
	return check_difference(change, old, out);
}

static enum tj_rc
remove_values(struct tj_change *change, struct tj_record *out, const struct tj_record *old,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_indexes *indexes = change->indexes;
	struct tj_value *values;

	if (old == NULL)
		return tj_call_refuse(change->call, TJ_HS_NOT_FOUND, "Handle not found");
	for (size_t i = 0; i < indexes->list.n; i++)
		if (tj_record_value(old, indexes->list.v[i]) == NULL)
			return tj_call_refuse(change->call, TJ_HS_NO_VALUES, "No value at index %u",
			    indexes->list.v[i]);
	if ((values = TJ_NEWN(arena, struct tj_value, old->count)) == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < old->count; i++)
		if (!tj_indexes_has(indexes, old->values[i].index))
			values[out->count++] = old->values[i];
	out->values = values;
	return check_difference(change, old, out);
}

static enum tj_rc
delete_record(struct tj_change *change, const struct tj_record *old)
{
	const bool is_prefix = tj_is_prefix_record(change->call->key);

	if (old == NULL)
		return tj_call_refuse(change->call, TJ_HS_NOT_FOUND, "Handle not found");
	if ((tj_rights_in(&change->rights, old) & TJ_DELETE_HANDLE) != 0 ||
	    (is_prefix && (change->prefix_rights & TJ_DELETE_PREFIX) != 0))
		return TJ_OK;
	return tj_call_refuse(change->call, TJ_HS_NOT_PERMITTED,
	    "No permission to delete this handle");
}

/*
 * Who knows nothing of a record because he may do nothing with it learns nothing from a
 * failed condition: so rights come first, conditions behind them.
 */
static enum tj_rc
edit(void *ctx, struct tj_record *out, const struct tj_record *old, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_change *change = ctx;
	struct tj_record made = {
		.handle = old != NULL ? old->handle : change->call->key
	};
	enum tj_rc rc = TJ_OK;

	change->has_overwritten = false;
	change->is_new = false;
	switch (change->kind) {
	case TJ_CHANGE_RECORD:
		rc = replace_record(change, &made, old);
		break;
	case TJ_CHANGE_VALUES:
		rc = put_values(change, &made, old, arena, err);
		break;
	case TJ_CHANGE_REMOVE:
		rc = remove_values(change, &made, old, arena, err);
		break;
	case TJ_CHANGE_DELETE:
	default:
		rc = delete_record(change, old);
		break;
	}
	if (rc != TJ_OK && !(rc == TJ_E_REFUSED && (change->call->code == TJ_HS_NOT_FOUND ||
	    change->call->code == TJ_HS_EXISTS)))
		return rc;
	TRY(tj_etag_check(change->call, old));
	if (rc == TJ_OK)
		*out = made;
	return rc;
}

enum tj_rc
tj_change_make(tj_digest *version, struct tj_change *change, struct tj_err *err)
{
	struct tj_records *records = change->call->node->records;
	struct tj_edit one = { .handle = change->call->key, .edit = edit, .ctx = change };

	TRY(records->edit(records, &one, 1, err));
	if (one.rc != TJ_OK) {
		if (err != NULL)
			*err = one.err;
		return one.rc;
	}
	*version = one.version;
	return TJ_OK;
}
