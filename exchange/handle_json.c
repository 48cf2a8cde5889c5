#include <stdlib.h>

#include "exchange/handle_json.h"
#include "model/base/limits.h"

static bool
whole_of(double *out, const struct tj_json *value)
{
	const tj_str text = tj_json_text(value);
	double number = 0;

	if (tj_json_type(value) == TJ_JSON_NUMBER) {
		*out = tj_json_number(value);
		return true;
	}
	if (text.n == 0 || text.n > 10)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (!tj_is_digit(text.p[i]))
			return false;
		number = number * 10 + (text.p[i] - '0');
	}
	*out = number;
	return true;
}

enum tj_rc
tj_json_get_whole(uint32_t *out, const struct tj_json *object, const char *name,
    uint32_t most, struct tj_err *err)
{
	const struct tj_json *value = tj_json_find(object, name);
	double number;

	if (value == NULL || !whole_of(&number, value)) {
		(void)tj_fail(err, TJ_E_DATA, "expected a number in \"%s\"", name);
		(void)tj_err_at(err, NULL, 0, 0, name);
		return TJ_E_DATA;
	}
	if (!(number >= 0 && number <= most) || number != (double)(uint32_t)number)
		return tj_fail(err, TJ_E_RANGE, "\"%s\" is not a whole number from 0 to %u", name,
		    most);
	*out = (uint32_t)number;
	return TJ_OK;
}

static enum tj_rc
read_ttl(struct tj_value *value, const struct tj_json *from, struct tj_err *err)
{
	const struct tj_json *ttl = tj_json_find(from, "ttl");
	tj_time until;

	value->ttl_s = TJ_VALUE_TTL_S;
	if (ttl == NULL)
		return TJ_OK;
	if (tj_json_type(ttl) == TJ_JSON_TEXT && tj_time_parse(&until, tj_json_text(ttl))) {
		if (until < 0 || until > UINT32_MAX)
			return tj_fail(err, TJ_E_RANGE, "a ttl until before 1970 or after 2106");
		value->ttl_is_absolute = true;
		value->ttl_s = (uint32_t)until;
		return TJ_OK;
	}
	return tj_json_get_whole(&value->ttl_s, from, "ttl", INT32_MAX, err);
}

/* "1110": of the administrator to read and write, of the public to read and write. */
static enum tj_rc
read_permissions(struct tj_value *value, const struct tj_json *from, struct tj_err *err)
{
	tj_str text;
	unsigned bits = 0;

	value->permissions = TJ_VALUE_PERMISSIONS;
	if (tj_json_find(from, "permissions") == NULL)
		return TJ_OK;
	TRY(tj_json_get_text(&text, from, "permissions", err));
	if (text.n != 4)
		return tj_fail(err, TJ_E_DATA, "permissions of a value are four digits, 0 or 1");
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != '0' && text.p[i] != '1')
			return tj_fail(err, TJ_E_DATA,
			    "permissions of a value are four digits, 0 or 1");
		bits = bits << 1 | (unsigned)(text.p[i] - '0');
	}
	value->permissions = (uint8_t)bits;
	return TJ_OK;
}

static enum tj_rc
read_references(struct tj_value *value, const struct tj_json *from, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *list;
	struct tj_reference *made;
	size_t n;

	if (tj_json_find(from, "references") == NULL)
		return TJ_OK;
	TRY(tj_json_get(&list, from, "references", TJ_JSON_ARRAY, err));
	n = tj_json_count(list);
	if (n > TJ_MAX_RECORD_VALUES)
		return tj_fail(err, TJ_E_LIMIT, "a value with more than %d references",
		    TJ_MAX_RECORD_VALUES);
	if ((made = TJ_NEWN(arena, struct tj_reference, n)) == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < n; i++) {
		TRY(tj_json_get_text(&made[i].handle, tj_json_at(list, i), "handle", err));
		TRY(tj_json_get_whole(&made[i].index, tj_json_at(list, i), "index", INT32_MAX,
		    err));
	}
	value->references = made;
	value->reference_count = n;
	return TJ_OK;
}

static enum tj_rc
check_type(tj_str type, struct tj_err *err)
{
	if (type.n == 0 || type.n > TJ_MAX_IDENT_BYTES || tj_str_control(type) < type.n)
		return tj_fail(err, TJ_E_RANGE, "the type of a value is empty, too long or holds a "
		    "control character");
	return TJ_OK;
}

static enum tj_rc
read_value(struct tj_value *out, const struct tj_json *from, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *data = tj_json_find(from, "data");
	struct tj_value value = { 0 };

	if (tj_json_type(from) != TJ_JSON_OBJECT)
		return tj_fail(err, TJ_E_DATA, "a value is %s, expected an object",
		    tj_json_type_name(tj_json_type(from)));
	TRY(tj_json_get_whole(&value.index, from, "index", INT32_MAX, err));
	if (value.index < 1)
		return tj_fail(err, TJ_E_RANGE, "an index is 1 or more");
	TRY(tj_json_get_text(&value.type, from, "type", err));
	TRY(check_type(value.type, err));
	if (data == NULL)
		return tj_fail(err, TJ_E_DATA, "value %u has no \"data\"", value.index);
	TRY(tj_handle_data_get(&value.data, data, arena, err));
	if (value.data.n > TJ_MAX_RECORD_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "value %u has more than %zu bytes of data",
		    value.index, TJ_MAX_RECORD_BYTES);
	TRY(read_ttl(&value, from, err));
	TRY(read_permissions(&value, from, err));
	TRY(read_references(&value, from, arena, err));
	*out = value;
	return TJ_OK;
}

static int
by_index(const void *a, const void *b)
{
	const uint32_t x = ((const struct tj_value *)a)->index;
	const uint32_t y = ((const struct tj_value *)b)->index;

	return (x > y) - (x < y);
}

static enum tj_rc
read_values(struct tj_handle_body *body, const struct tj_json *list, struct tj_arena *arena,
    struct tj_err *err)
{
	const size_t n = tj_json_count(list);
	struct tj_value *values;

	if (n > TJ_MAX_RECORD_VALUES)
		return tj_fail(err, TJ_E_LIMIT, "more than %d values", TJ_MAX_RECORD_VALUES);
	if ((values = TJ_NEWN(arena, struct tj_value, n + 1)) == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < n; i++)
		TRY(read_value(&values[i], tj_json_at(list, i), arena, err));
	if (n > 1)
		qsort(values, n, sizeof(*values), by_index);
	for (size_t i = 1; i < n; i++)
		if (values[i].index == values[i - 1].index)
			return tj_fail(err, TJ_E_CONFLICT, "Index conflict for %u",
			    values[i].index);
	body->values = values;
	body->count = n;
	return TJ_OK;
}

static enum tj_rc
read_one(struct tj_handle_body *body, const struct tj_json *from, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_value *value = TJ_NEW(arena, struct tj_value);

	if (value == NULL)
		return tj_fail_nomem(err);
	TRY(read_value(value, from, arena, err));
	body->values = value;
	body->count = 1;
	return TJ_OK;
}

enum tj_rc
tj_handle_json_read(struct tj_handle_body *out, tj_str json, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_handle_body body = { 0 };
	const struct tj_json *root, *list;

	TRY(tj_json_read(&root, json, arena, err));
	if (tj_json_type(root) == TJ_JSON_ARRAY) {
		TRY(read_values(&body, root, arena, err));
	} else if (tj_json_find(root, "values") == NULL) {
		TRY(read_one(&body, root, arena, err));
	} else {
		if (tj_json_find(root, "handle") != NULL)
			TRY(tj_json_get_text(&body.handle, root, "handle", err));
		TRY(tj_json_get(&list, root, "values", TJ_JSON_ARRAY, err));
		TRY(read_values(&body, list, arena, err));
	}
	*out = body;
	return TJ_OK;
}

static void
put_time(struct tj_json_writer *out, const char *name, uint32_t at)
{
	char text[TJ_TIME_TEXT];

	tj_json_put(out, name, tj_str_of(tj_time_text(text, at)));
}

static void
put_permissions(struct tj_json_writer *out, uint8_t permissions)
{
	char text[5] = "0000";

	for (unsigned i = 0; i < 4; i++)
		if ((permissions & (8u >> i)) != 0)
			text[i] = '1';
	tj_json_put(out, "permissions", tj_str_of(text));
}

static void
put_references(struct tj_json_writer *out, const struct tj_value *value)
{
	tj_json_open(out, "references", '[');
	for (size_t i = 0; i < value->reference_count; i++) {
		tj_json_open(out, NULL, '{');
		tj_json_put(out, "handle", value->references[i].handle);
		tj_json_put_count(out, "index", value->references[i].index);
		tj_json_close(out, '}');
	}
	tj_json_close(out, ']');
}

enum tj_rc
tj_handle_json_put(struct tj_json_writer *out, const struct tj_value *value,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_json_open(out, NULL, '{');
	tj_json_put_count(out, "index", value->index);
	tj_json_put(out, "type", value->type);
	TRY(tj_handle_data_put(out, value->type, value->data, arena, err));
	if (value->permissions != TJ_VALUE_PERMISSIONS)
		put_permissions(out, value->permissions);
	if (value->ttl_is_absolute)
		put_time(out, "ttl", value->ttl_s);
	else
		tj_json_put_count(out, "ttl", value->ttl_s);
	put_time(out, "timestamp", value->timestamp_s);
	if (value->reference_count > 0)
		put_references(out, value);
	tj_json_close(out, '}');
	return TJ_OK;
}
