#include "engine/cli/node_open.h"
#include "exchange/handle_data.h"

#define INDEX_ADMIN	100	/* where clients of the Handle System look first */
/* "011111110011": all but listing and prefixes. */
#define USUAL_RIGHTS	(TJ_ALL_RIGHTS & ~(TJ_LIST_HANDLES | TJ_ADD_PREFIX | TJ_DELETE_PREFIX))

static enum tj_rc
admin_data(tj_str *data, unsigned rights, const struct tj_reference *who,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_handle_admin admin = { rights, *who };
	struct tj_buf out;
	enum tj_rc rc;

	tj_buf_init(&out, who->handle.n + 10);
	tj_handle_admin_write(&out, &admin);
	rc = tj_buf_done(data, &out, arena, err);
	tj_buf_fini(&out);
	return rc;
}

struct founding {
	tj_str				 handle, secret;	/* .p NULL: no key */
	const struct tj_reference	*admin;
	unsigned			 rights;
	uint32_t			 at_s;
};

static enum tj_rc
found_edit(void *ctx, struct tj_record *out, const struct tj_record *old,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct founding *f = ctx;
	struct tj_value *values = TJ_NEWN(arena, struct tj_value, 2);
	size_t n = 0;

	if (values == NULL)
		return tj_fail_nomem(err);
	if (old != NULL)
		return tj_fail(err, TJ_E_CONFLICT, "%.*s is there already", TJ_FMT(f->handle));
	values[n++] = (struct tj_value){ .index = INDEX_ADMIN, .timestamp_s = f->at_s,
	    .ttl_s = TJ_VALUE_TTL_S, .permissions = TJ_VALUE_PERMISSIONS,
	    .type = TJ_S(TJ_HS_ADMIN) };
	TRY(admin_data(&values[0].data, f->rights, f->admin, arena, err));
	if (f->secret.p != NULL)	/* the public may not read it, or it were none */
		values[n++] = (struct tj_value){ .index = f->admin->index,
		    .timestamp_s = f->at_s, .ttl_s = TJ_VALUE_TTL_S,
		    .permissions = TJ_ADMIN_READ | TJ_ADMIN_WRITE,
		    .type = TJ_S(TJ_HS_SECKEY), .data = f->secret };
	if (n == 2 && values[1].index < values[0].index) {
		const struct tj_value first = values[1];

		values[1] = values[0];
		values[0] = first;
	}
	*out = (struct tj_record){ .handle = f->handle, .values = values, .count = n };
	return TJ_OK;
}

/* What is there stays as it is. */
static enum tj_rc
found_one(struct tj_records *records, const struct founding *founding, struct tj_err *err)
{
	struct tj_edit edit = { .handle = founding->handle, .edit = found_edit,
	    .ctx = (void *)(uintptr_t)founding };

	TRY(records->edit(records, &edit, 1, err));
	if (edit.rc == TJ_OK || edit.rc == TJ_E_CONFLICT)
		return TJ_OK;
	if (err != NULL)
		*err = edit.err;
	return edit.rc;
}

static enum tj_rc
secret_check(struct tj_records *records, const struct founding *founding,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_value *key;
	struct tj_record record;

	TRY(records->get(records, &record, founding->handle, arena, err));
	key = tj_record_value(&record, founding->admin->index);
	if (key == NULL || !tj_str_eq(key->data, founding->secret))
		return tj_fail(err, TJ_E_CONFLICT, "%.*s is in the registry already, and has "
		    "another key", TJ_FMT(founding->handle));
	return TJ_OK;
}

enum tj_rc
tj_node_found(struct tj_records *records, tj_str prefix, const struct tj_reference *admin,
    tj_str secret, uint32_t at_s, struct tj_arena *arena, struct tj_err *err)
{
	struct founding founding = { .handle = admin->handle, .secret = secret,
	    .admin = admin, .rights = USUAL_RIGHTS, .at_s = at_s };

	TRY(records->set_home(records, prefix, true, err));
	TRY(found_one(records, &founding, err));
	TRY(secret_check(records, &founding, arena, err));
	founding.handle = tj_str_fmt(arena, "0.NA/%.*s", TJ_FMT(prefix));
	if (founding.handle.p == NULL)
		return tj_fail_nomem(err);
	founding.secret = (tj_str){ NULL, 0 };
	founding.rights = TJ_ALL_RIGHTS;
	return found_one(records, &founding, err);
}
