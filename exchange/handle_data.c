#include "exchange/handle_data.h"
#include "model/base/limits.h"

#define RSA_NAME	"RSA_PUB_KEY"

bool
tj_handle_admin_read(struct tj_handle_admin *out, tj_str data)
{
	struct tj_handle_admin admin = { 0 };
	uint16_t rights, short_index;

	if (!tj_take_u16(&rights, &data) || !tj_take_bytes(&admin.who.handle, &data))
		return false;
	/* Very old servers wrote two bytes for the index. */
	if (data.n == 2 && tj_take_u16(&short_index, &data))
		admin.who.index = short_index;
	else if (!tj_take_u32(&admin.who.index, &data))
		return false;
	if (data.n > 0 || !tj_str_is_utf8(admin.who.handle))
		return false;
	admin.rights = rights & TJ_ALL_RIGHTS;
	*out = admin;
	return true;
}

void
tj_handle_admin_write(struct tj_buf *buf, const struct tj_handle_admin *admin)
{
	tj_put_u16(buf, admin->rights);
	tj_put_bytes(buf, admin->who.handle);
	tj_put_u32(buf, admin->who.index);
}

enum tj_rc
tj_handle_list_read(struct tj_handle_list *out, tj_str data, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_handle_list list = { 0 };
	uint32_t n;

	/* Each takes eight octets at least: no count makes more room than was sent. */
	if (!tj_take_u32(&n, &data) || n > data.n / 8)
		return tj_fail(err, TJ_E_DATA, "a list that is cut off");
	if (n > 0 && (list.items = TJ_NEWN(arena, struct tj_reference, n)) == NULL)
		return tj_fail_nomem(err);
	for (; list.count < n; list.count++)
		if (!tj_take_bytes(&list.items[list.count].handle, &data) ||
		    !tj_take_u32(&list.items[list.count].index, &data) ||
		    !tj_str_is_utf8(list.items[list.count].handle))
			return tj_fail(err, TJ_E_DATA, "a list that is cut off");
	if (data.n > 0)
		return tj_fail(err, TJ_E_DATA, "something stands behind a list");
	*out = list;
	return TJ_OK;
}

void
tj_handle_list_write(struct tj_buf *buf, const struct tj_handle_list *list)
{
	tj_put_u32(buf, list->count);
	for (size_t i = 0; i < list->count; i++) {
		tj_put_bytes(buf, list->items[i].handle);
		tj_put_u32(buf, list->items[i].index);
	}
}

static tj_str
without_zeros(tj_str number)
{
	size_t zeros = 0;

	while (zeros < number.n && number.p[zeros] == '\0')
		zeros++;
	return tj_str_cut(number, zeros, number.n);
}

bool
tj_handle_key_read(tj_rsa_numbers *out, tj_str data)
{
	tj_str name, e, n;
	uint16_t flags;

	if (!tj_take_bytes(&name, &data) || !tj_str_eq(name, TJ_S(RSA_NAME)) ||
	    !tj_take_u16(&flags, &data) || !tj_take_bytes(&e, &data) ||
	    !tj_take_bytes(&n, &data))
		return false;
	*out = (tj_rsa_numbers){ .n = without_zeros(n), .e = without_zeros(e) };
	return out->n.n > 0 && out->e.n > 0;
}

/* As a signed number: its first bit is no sign. */
static void
put_number(struct tj_buf *buf, tj_str number)
{
	const bool pad = number.n > 0 && ((uint8_t)number.p[0] & 0x80) != 0;

	tj_put_u32(buf, number.n + pad);
	if (pad)
		tj_put_u8(buf, 0);
	tj_buf_put(buf, number);
}

void
tj_handle_key_write(struct tj_buf *buf, const tj_rsa_numbers *numbers)
{
	tj_put_bytes(buf, TJ_S(RSA_NAME));
	tj_put_u16(buf, 0);
	put_number(buf, without_zeros(numbers->e));
	put_number(buf, without_zeros(numbers->n));
	tj_put_u32(buf, 0);
}

/* The number before the colon and where the handle begins. */
static bool
split(uint32_t *index, tj_str *handle, tj_str text)
{
	uint64_t number = 0;
	size_t i = 0;

	for (; i < text.n && tj_is_digit(text.p[i]) && number <= INT32_MAX; i++)
		number = number * 10 + (uint64_t)(text.p[i] - '0');
	if (i == 0 || number > INT32_MAX || i == text.n)
		return false;
	if (text.p[i] == ':')
		*handle = tj_str_cut(text, i + 1, text.n);
	else if (tj_str_eq_nocase(tj_str_cut(text, i, 3), TJ_S("%3a")))
		*handle = tj_str_cut(text, i + 3, text.n);
	else
		return false;
	*index = (uint32_t)number;
	return handle->n > 0 && handle->n <= TJ_MAX_IDENT_BYTES;
}

enum tj_rc
tj_reference_parse(struct tj_reference *out, tj_str text, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_reference made;
	tj_str handle;

	if (!split(&made.index, &handle, text) || !tj_str_is_utf8(handle))
		return tj_fail(err, TJ_E_DATA, "expected an index, a colon and a handle, such as "
		    "300:88.111.1/ADMIN");
	if ((made.handle = tj_str_dup(handle, arena)).p == NULL)
		return tj_fail_nomem(err);
	*out = made;
	return TJ_OK;
}

bool
tj_reference_matches(const struct tj_reference *pattern, const struct tj_reference *who)
{
	return (pattern->index == 0 || pattern->index == who->index) &&
	    tj_str_eq_nocase(pattern->handle, who->handle);
}
