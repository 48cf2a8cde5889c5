#include "connectors/record_bytes.h"
#include "exchange/crypto.h"
#include "exchange/handle_value.h"
#include "exchange/octets.h"
#include "model/base/limits.h"

static enum tj_rc
check(const struct tj_record *record, struct tj_err *err)
{
	uint32_t before = 0;

	if (record->handle.n == 0 || record->count == 0)
		return tj_fail(err, TJ_E_DATA, "a record without a %s",
		    record->count == 0 ? "value" : "name");
	if (record->handle.n > TJ_MAX_IDENT_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a name of more than %d bytes",
		    TJ_MAX_IDENT_BYTES);
	if (record->count > TJ_MAX_RECORD_VALUES)
		return tj_fail(err, TJ_E_LIMIT, "%zu values; a record has %d at most",
		    record->count, TJ_MAX_RECORD_VALUES);
	for (size_t i = 0; i < record->count; before = record->values[i++].index)
		if (record->values[i].index <= before)
			return tj_fail(err, TJ_E_DATA, "index %u behind index %u: a record's "
			    "values stand by ascending index, from 1", record->values[i].index,
			    before);
	return TJ_OK;
}

enum tj_rc
tj_record_encode(tj_str *bytes, tj_digest *version, const struct tj_record *record,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_buf buf;
	tj_digest digest;
	enum tj_rc rc;
	tj_str out;

	TRY(check(record, err));
	tj_buf_init(&buf, TJ_MAX_RECORD_BYTES);
	tj_put_bytes(&buf, record->handle);
	tj_put_u32(&buf, record->count);
	for (size_t i = 0; i < record->count; i++)
		tj_handle_value_write(&buf, &record->values[i]);
	rc = tj_buf_done(&out, &buf, arena, err);
	tj_buf_fini(&buf);
	if (rc == TJ_E_LIMIT)
		return tj_fail(err, rc, "a record of more than %zu bytes", TJ_MAX_RECORD_BYTES);
	TRY(rc);
	TRY(tj_sha256(&digest, out, err));
	*bytes = out;
	*version = digest;
	return TJ_OK;
}

static enum tj_rc
changed_bytes(struct tj_err *err)
{
	return tj_fail(err, TJ_E_CORRUPT, "a record's bytes have changed");
}

/* The smallest value has 26 octets: no count makes more room than is there. */
static enum tj_rc
decode_values(struct tj_record *record, tj_str rest, size_t n, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_value *values;
	enum tj_rc rc;

	if (n > rest.n / 26 || n > TJ_MAX_RECORD_VALUES)
		return changed_bytes(err);
	if ((values = TJ_NEWN(arena, struct tj_value, n)) == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < n; i++) {
		rc = tj_handle_value_read(&values[i], &rest, arena, err);
		if (rc == TJ_E_DATA)
			return changed_bytes(err);
		TRY(rc);
	}
	record->values = values;
	record->count = n;
	return rest.n > 0 || check(record, err) != TJ_OK ? changed_bytes(err) : TJ_OK;
}

enum tj_rc
tj_record_decode(struct tj_record *out, tj_str bytes, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_record record = { 0 };
	tj_str rest = bytes;
	uint32_t n;

	if (!tj_take_bytes(&record.handle, &rest) || !tj_take_u32(&n, &rest))
		return changed_bytes(err);
	TRY(decode_values(&record, rest, n, arena, err));
	*out = record;
	return TJ_OK;
}

static enum tj_rc
encode_next(struct tj_record_state *next, const struct tj_record *made, tj_str handle,
    struct tj_arena *arena, struct tj_err *err)
{
	if (made->count == 0) {
		*next = (struct tj_record_state){ 0 };
		return TJ_OK;
	}
	if (!tj_str_eq_nocase(made->handle, handle))
		return tj_fail(err, TJ_E_DATA, "the record of %.*s instead of %.*s",
		    TJ_FMT(made->handle), TJ_FMT(handle));
	return tj_record_encode(&next->bytes, &next->version, made, arena, err);
}

enum tj_rc
tj_record_apply(struct tj_record_state *next, bool *changed, const struct tj_edit *edit,
    const struct tj_record_state *old, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_record before = { 0 }, made = { 0 };
	struct tj_record_state state = { 0 };

	if (old->bytes.n > 0) {
		TRY(tj_record_decode(&before, old->bytes, arena, err));
		before.version = old->version;
	}
	TRY(edit->edit(edit->ctx, &made, old->bytes.n > 0 ? &before : NULL, arena, err));
	TRY(encode_next(&state, &made, edit->handle, arena, err));
	*changed = !tj_str_eq(state.bytes, old->bytes);
	*next = *changed ? state : *old;
	return TJ_OK;
}

tj_str
tj_record_key_in(char *key, tj_str handle)
{
	if (handle.n > TJ_MAX_IDENT_BYTES)
		return (tj_str){ NULL, 0 };
	for (size_t i = 0; i < handle.n; i++) {
		const char c = handle.p[i];

		key[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	return (tj_str){ key, handle.n };
}
