#include "exchange/handle_value.h"
#include "exchange/octets.h"

void
tj_handle_value_write(struct tj_buf *buf, const struct tj_value *value)
{
	tj_put_u32(buf, value->index);
	tj_put_u32(buf, value->timestamp_s);
	tj_buf_putc(buf, value->ttl_is_absolute ? 1 : 0);
	tj_put_u32(buf, value->ttl_s);
	tj_buf_putc(buf, (char)value->permissions);
	tj_put_bytes(buf, value->type);
	tj_put_bytes(buf, value->data);
	tj_put_u32(buf, value->reference_count);
	for (size_t i = 0; i < value->reference_count; i++) {
		tj_put_bytes(buf, value->references[i].handle);
		tj_put_u32(buf, value->references[i].index);
	}
}

static enum tj_rc
cut_off(struct tj_err *err)
{
	return tj_fail(err, TJ_E_DATA, "a value of a record is cut off");
}

/* Each takes eight octets at least: no count makes more room than was sent. */
static enum tj_rc
read_references(struct tj_value *value, tj_str *rest, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_reference *references;
	uint32_t n;

	if (!tj_take_u32(&n, rest) || n > rest->n / 8)
		return cut_off(err);
	if (n == 0)
		return TJ_OK;
	if ((references = TJ_NEWN(arena, struct tj_reference, n)) == NULL)
		return tj_fail_nomem(err);
	for (uint32_t i = 0; i < n; i++)
		if (!tj_take_bytes(&references[i].handle, rest) ||
		    !tj_take_u32(&references[i].index, rest))
			return cut_off(err);
	value->references = references;
	value->reference_count = n;
	return TJ_OK;
}

enum tj_rc
tj_handle_value_read(struct tj_value *out, tj_str *rest, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_value value = { 0 };
	tj_str left = *rest;
	uint8_t ttl_type;

	if (!tj_take_u32(&value.index, &left) || !tj_take_u32(&value.timestamp_s, &left) ||
	    !tj_take_u8(&ttl_type, &left) || !tj_take_u32(&value.ttl_s, &left) ||
	    !tj_take_u8(&value.permissions, &left) || !tj_take_bytes(&value.type, &left) ||
	    !tj_take_bytes(&value.data, &left))
		return cut_off(err);
	if (ttl_type > 1)
		return tj_fail(err, TJ_E_DATA, "ttl type %d of a value; there are 0 and 1",
		    ttl_type);
	if (value.permissions > 15)
		return tj_fail(err, TJ_E_DATA, "permissions 0x%02x of a value; there are four",
		    value.permissions);
	value.ttl_is_absolute = ttl_type == 1;
	TRY(read_references(&value, &left, arena, err));
	*out = value;
	*rest = left;
	return TJ_OK;
}
