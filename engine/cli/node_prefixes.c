#include "engine/cli/node_prefixes.h"

/* One edit, and why it failed. */
static enum tj_rc
edit_one(struct tj_records *records, tj_str handle, tj_record_edit *edit, void *ctx,
    struct tj_err *err)
{
	struct tj_edit one = { .handle = handle, .edit = edit, .ctx = ctx };

	TRY(records->edit(records, &one, 1, err));
	if (one.rc != TJ_OK && err != NULL)
		*err = one.err;
	return one.rc;
}

/* Values that are as they were keep their time. */
static enum tj_rc
stamp(struct tj_record *record, const struct tj_record *old, uint32_t at_s,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_value *values = TJ_NEWN(arena, struct tj_value, record->count);

	if (values == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < record->count; i++) {
		const struct tj_value *now = &record->values[i];
		const struct tj_value *before = old == NULL ? NULL :
		    tj_record_value(old, now->index);

		values[i] = *now;
		values[i].timestamp_s = before != NULL &&
		    tj_str_eq(before->data, now->data) ? before->timestamp_s : at_s;
	}
	record->values = values;
	return TJ_OK;
}

struct registering {
	const struct tj_registration	*registration;
	bool				 replace;
	uint32_t			 at_s;
	bool				 changed;
};

static enum tj_rc
say_taken(const struct tj_record *old, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_registration there;

	if (tj_registration_read(&there, old, arena, NULL) != TJ_OK)
		return tj_fail(err, TJ_E_CONFLICT, "%.*s is there already; --replace to write "
		    "over it", TJ_FMT(old->handle));
	return tj_fail(err, TJ_E_CONFLICT, "%.*s is taken, by %.*s (%.*s); --replace to write "
	    "over it", TJ_FMT(there.prefix.text), TJ_FMT(there.entity.items[TJ_ENTITY_name]),
	    TJ_FMT(there.entity.items[TJ_ENTITY_creditCode]));
}

static enum tj_rc
register_edit(void *ctx, struct tj_record *out, const struct tj_record *old,
    struct tj_arena *arena, struct tj_err *err)
{
	struct registering *r = ctx;
	struct tj_registration wanted = *r->registration, there;
	struct tj_record record;

	if (old != NULL && tj_registration_read(&there, old, arena, NULL) == TJ_OK) {
		wanted.reported = there.reported;
		if (wanted.key.n == 0)
			wanted.key = there.key;
	}
	TRY(tj_registration_write(&record, &wanted, old, arena, err));
	r->changed = old == NULL || !tj_registration_same(&record, old);
	if (old != NULL && r->changed && !r->replace)
		return say_taken(old, arena, err);
	TRY(stamp(&record, old, r->at_s, arena, err));
	*out = record;
	return TJ_OK;
}

static bool
is_home_above(struct tj_records *records, tj_str prefix)
{
	for (prefix = tj_prefix_parent(prefix); prefix.n > 0; prefix = tj_prefix_parent(prefix))
		if (records->is_home(records, prefix))
			return true;
	return false;
}

enum tj_rc
tj_prefix_register(bool *changed, struct tj_records *records, const struct tj_registration *r,
    bool replace, uint32_t at_s, struct tj_err *err)
{
	struct registering registering = { .registration = r, .replace = replace, .at_s = at_s };
	struct tj_arena *arena;
	tj_str handle;
	enum tj_rc rc;

	if (!is_home_above(records, r->prefix.text))
		return tj_fail(err, TJ_E_DATA, "%.*s is not below a prefix that this node is home "
		    "to: register it at the node that is", TJ_FMT(r->prefix.text));
	if ((arena = tj_arena_new(1 << 20)) == NULL)
		return tj_fail_nomem(err);
	handle = tj_prefix_handle(r->prefix.text, arena);
	rc = handle.p == NULL ? tj_fail_nomem(err) :
	    edit_one(records, handle, register_edit, &registering, err);
	tj_arena_free(arena);
	if (rc == TJ_OK)
		*changed = registering.changed;
	return rc;
}

struct removing {
	bool		is_reported;
	uint32_t	at_s;
	bool		gone;
};

static enum tj_rc
remove_edit(void *ctx, struct tj_record *out, const struct tj_record *old,
    struct tj_arena *arena, struct tj_err *err)
{
	struct removing *r = ctx;
	struct tj_registration there;
	struct tj_record record = { .handle = TJ_S("") };

	if (old == NULL)
		return tj_fail(err, TJ_E_NOTFOUND, "no such prefix was registered here");
	TRY(tj_registration_read(&there, old, arena, err));
	r->gone = !r->is_reported;
	if (r->gone) {
		*out = (struct tj_record){ .handle = old->handle };
		return TJ_OK;
	}
	there.entity.items[TJ_ENTITY_status] = TJ_S("revoked");
	TRY(tj_registration_write(&record, &there, old, arena, err));
	TRY(stamp(&record, old, r->at_s, arena, err));
	*out = record;
	return TJ_OK;
}

enum tj_rc
tj_prefix_remove(bool *gone, struct tj_records *records, tj_str prefix, bool is_reported,
    uint32_t at_s, struct tj_err *err)
{
	struct removing removing = { .is_reported = is_reported, .at_s = at_s };
	struct tj_arena *arena = tj_arena_new(1 << 20);
	tj_str handle;
	enum tj_rc rc;

	if (arena == NULL)
		return tj_fail_nomem(err);
	handle = tj_prefix_handle(prefix, arena);
	rc = handle.p == NULL ? tj_fail_nomem(err) :
	    edit_one(records, handle, remove_edit, &removing, err);
	tj_arena_free(arena);
	if (rc == TJ_OK)
		*gone = removing.gone;
	return rc;
}

struct acknowledging {
	tj_str		reporter, url, receipt;
	uint32_t	at_s;
};

static enum tj_rc
acknowledge_edit(void *ctx, struct tj_record *out, const struct tj_record *old,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct acknowledging *a = ctx;
	struct tj_registration there;
	struct tj_record record;
	tj_str receipt;

	if (old == NULL)
		return tj_fail(err, TJ_E_NOTFOUND, "removed while it was reported");
	TRY(tj_registration_read(&there, old, arena, err));
	TRY(tj_registration_report(&record, old, a->reporter, arena, err));
	TRY(tj_registration_receipt(&receipt, &record, a->url, arena, err));
	if (!tj_str_eq(receipt, a->receipt))
		return tj_fail(err, TJ_E_CONFLICT, "changed while it was reported");
	there.reported = receipt;
	TRY(tj_registration_write(&record, &there, old, arena, err));
	TRY(stamp(&record, old, a->at_s, arena, err));
	*out = record;
	return TJ_OK;
}

enum tj_rc
tj_prefix_acknowledge(struct tj_records *records, tj_str handle, tj_str reporter, tj_str url,
    tj_str receipt, uint32_t at_s, struct tj_err *err)
{
	struct acknowledging a = { .reporter = reporter, .url = url, .receipt = receipt,
	    .at_s = at_s };
	struct tj_err why = { 0 };
	const enum tj_rc rc = edit_one(records, handle, acknowledge_edit, &a, &why);

	if (rc == TJ_OK || rc == TJ_E_CONFLICT || rc == TJ_E_NOTFOUND)
		return TJ_OK;
	if (err != NULL)
		*err = why;
	return rc;
}

static enum tj_rc
forget_edit(void *ctx, struct tj_record *out, const struct tj_record *old,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_registration there;

	(void)ctx;
	if (old == NULL)
		return TJ_E_CONFLICT;
	TRY(tj_registration_read(&there, old, arena, err));
	if (!tj_registration_is_revoked(&there))
		return TJ_E_CONFLICT;
	*out = (struct tj_record){ .handle = old->handle };
	return TJ_OK;
}

enum tj_rc
tj_prefix_forget(struct tj_records *records, tj_str handle, struct tj_err *err)
{
	const enum tj_rc rc = edit_one(records, handle, forget_edit, NULL, err);

	return rc == TJ_E_CONFLICT ? TJ_OK : rc;
}

/* Listing: the keys first, since a record must not be read while they are shown. */

struct keys {
	TJ_VEC(tj_str)	 list;
	struct tj_arena	*arena;
};

static enum tj_rc
key_keep(void *ctx, tj_str key, struct tj_err *err)
{
	struct keys *keys = ctx;
	const tj_str copy = tj_str_dup(key, keys->arena);

	return copy.p != NULL && TJ_PUSH(keys->arena, &keys->list, copy) ? TJ_OK :
	    tj_fail_nomem(err);
}

enum tj_rc
tj_prefix_list_add(struct tj_prefix_list *list, struct tj_records *records, tj_str handle,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_registration registration;
	struct tj_record record;
	enum tj_rc rc = records->get(records, &record, handle, arena, err);

	if (rc == TJ_E_NOTFOUND)	/* removed meanwhile */
		return TJ_OK;
	TRY(rc);
	rc = tj_registration_read(&registration, &record, arena, err);
	if (rc == TJ_E_DATA)
		return TJ_OK;
	TRY(rc);
	return TJ_PUSH(arena, &list->records, record) &&
	    TJ_PUSH(arena, &list->registrations, registration) ? TJ_OK : tj_fail_nomem(err);
}

enum tj_rc
tj_prefix_list(struct tj_prefix_list *out, struct tj_records *records, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_prefix_list list = { 0 };
	struct keys keys = { .arena = arena };
	size_t total;

	TRY(records->list(records, &total, TJ_S("0.NA"), 0, SIZE_MAX, key_keep, &keys, err));
	for (size_t i = 0; i < keys.list.n; i++)
		TRY(tj_prefix_list_add(&list, records, keys.list.v[i], arena, err));
	if (err != NULL)
		tj_err_clear(err);
	*out = list;
	return TJ_OK;
}
