#include "exchange/b64.h"
#include "exchange/handle_data.h"
#include "exchange/handle_format.h"
#include "exchange/handle_json.h"
#include "model/base/limits.h"

/* In the order in which a text of 12 digits names them. */
static const char *const right_names[] = {
	"list_handles", "read_value", "add_admin", "remove_admin", "modify_admin", "add_value",
	"remove_value", "modify_value", "delete_prefix", "add_prefix", "delete_handle",
	"add_handle",
};

#define RIGHTS	(sizeof(right_names) / sizeof(right_names[0]))

static enum tj_rc
no_rights(struct tj_err *err)
{
	return tj_fail(err, TJ_E_DATA, "permissions of an administrator are \"*\" or twelve "
	    "digits, 0 or 1, such as 011111110011");
}

static enum tj_rc
rights_of_text(unsigned *rights, tj_str text, struct tj_err *err)
{
	unsigned made = 0;

	if (tj_str_eq(text, TJ_S("*"))) {
		*rights = TJ_ALL_RIGHTS;
		return TJ_OK;
	}
	if (text.n == 0 || text.n > RIGHTS)
		return no_rights(err);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != '0' && text.p[i] != '1')
			return no_rights(err);
		made = made << 1 | (unsigned)(text.p[i] - '0');
	}
	*rights = made;
	return TJ_OK;
}

static bool
right_of_name(unsigned *right, tj_str name)
{
	for (unsigned i = 0; i < RIGHTS; i++)
		if (tj_str_eq_nocase(name, tj_str_of(right_names[i]))) {
			*right = 0x800u >> i;
			return true;
		}
	return false;
}

/* Twelve of true and false or 1 and 0, or the names of what is permitted. */
static enum tj_rc
rights_of_array(unsigned *rights, const struct tj_json *list, struct tj_err *err)
{
	unsigned made = 0, right;

	if (tj_json_count(list) > RIGHTS)
		return no_rights(err);
	for (unsigned i = 0; i < tj_json_count(list); i++) {
		const struct tj_json *item = tj_json_at(list, i);

		if (tj_json_type(item) == TJ_JSON_TEXT) {
			if (!right_of_name(&right, tj_json_text(item)))
				return no_rights(err);
			made |= right;
		} else if (tj_json_is_true(item) || tj_json_number(item) == 1) {
			made |= 0x800u >> i;
		}
	}
	*rights = made;
	return TJ_OK;
}

static enum tj_rc
read_rights(unsigned *rights, const struct tj_json *from, struct tj_err *err)
{
	const struct tj_json *value = tj_json_find(from, "permissions");
	uint32_t mask;

	if (value == NULL)
		return no_rights(err);
	switch (tj_json_type(value)) {
	case TJ_JSON_TEXT:
		return rights_of_text(rights, tj_json_text(value), err);
	case TJ_JSON_ARRAY:
		return rights_of_array(rights, value, err);
	case TJ_JSON_BOOL:
		*rights = tj_json_is_true(value) ? TJ_ALL_RIGHTS : 0;
		return TJ_OK;
	case TJ_JSON_NUMBER:
		TRY(tj_json_get_whole(&mask, from, "permissions", TJ_ALL_RIGHTS, err));
		*rights = mask;
		return TJ_OK;
	case TJ_JSON_OBJECT:
	case TJ_JSON_NULL:
	default:
		return no_rights(err);
	}
}

static enum tj_rc
read_reference(struct tj_reference *out, const struct tj_json *from, struct tj_err *err)
{
	struct tj_reference made;

	TRY(tj_json_get_text(&made.handle, from, "handle", err));
	if (made.handle.n > TJ_MAX_IDENT_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a handle of more than %d bytes",
		    TJ_MAX_IDENT_BYTES);
	made.index = 0;
	if (tj_json_find(from, "index") != NULL)
		TRY(tj_json_get_whole(&made.index, from, "index", INT32_MAX, err));
	*out = made;
	return TJ_OK;
}

enum tj_rc
tj_handle_read_admin(tj_str *data, const struct tj_json *value, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_handle_admin admin;
	struct tj_buf buf;
	enum tj_rc rc;

	TRY(read_reference(&admin.who, value, err));
	TRY(read_rights(&admin.rights, value, err));
	tj_buf_init(&buf, TJ_MAX_RECORD_BYTES);
	tj_handle_admin_write(&buf, &admin);
	rc = tj_buf_done(data, &buf, arena, err);
	tj_buf_fini(&buf);
	return rc;
}

enum tj_rc
tj_handle_write_admin(struct tj_json_writer *out, tj_str data, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_handle_admin admin;
	char digits[RIGHTS + 1] = "";

	(void)arena;
	(void)err;
	if (!tj_handle_admin_read(&admin, data))
		return TJ_E_NOTFOUND;
	for (unsigned i = 0; i < RIGHTS; i++)
		digits[i] = (admin.rights & 0x800u >> i) != 0 ? '1' : '0';
	tj_json_put(out, "format", TJ_S("admin"));
	tj_json_open(out, "value", '{');
	tj_json_put(out, "handle", admin.who.handle);
	tj_json_put_count(out, "index", admin.who.index);
	tj_json_put(out, "permissions", tj_str_of(digits));
	tj_json_close(out, '}');
	return TJ_OK;
}

enum tj_rc
tj_handle_read_vlist(tj_str *data, const struct tj_json *value, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_handle_list list = { 0 };
	struct tj_buf buf;
	enum tj_rc rc;

	if (tj_json_type(value) != TJ_JSON_ARRAY ||
	    tj_json_count(value) > TJ_MAX_RECORD_VALUES)
		return tj_fail(err, TJ_E_DATA, "a vlist is an array of at most %d references",
		    TJ_MAX_RECORD_VALUES);
	list.count = tj_json_count(value);
	if ((list.items = TJ_NEWN(arena, struct tj_reference, list.count)) == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < list.count; i++)
		TRY(read_reference(&list.items[i], tj_json_at(value, i), err));
	tj_buf_init(&buf, TJ_MAX_RECORD_BYTES);
	tj_handle_list_write(&buf, &list);
	rc = tj_buf_done(data, &buf, arena, err);
	tj_buf_fini(&buf);
	return rc;
}

enum tj_rc
tj_handle_write_vlist(struct tj_json_writer *out, tj_str data, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_handle_list list;
	const enum tj_rc rc = tj_handle_list_read(&list, data, arena, NULL);

	if (rc == TJ_E_NOMEM)
		return tj_fail_nomem(err);
	if (rc != TJ_OK)
		return TJ_E_NOTFOUND;
	tj_json_put(out, "format", TJ_S("vlist"));
	tj_json_open(out, "value", '[');
	for (size_t i = 0; i < list.count; i++) {
		tj_json_open(out, NULL, '{');
		tj_json_put(out, "handle", list.items[i].handle);
		tj_json_put_count(out, "index", list.items[i].index);
		tj_json_close(out, '}');
	}
	tj_json_close(out, ']');
	return TJ_OK;
}

enum tj_rc
tj_handle_jwk_read(tj_rsa_numbers *out, const struct tj_json *jwk, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_rsa_numbers numbers;
	tj_str kty, n, e;

	TRY(tj_json_get_text(&kty, jwk, "kty", err));
	if (!tj_str_eq(kty, TJ_S("RSA")))
		return tj_fail(err, TJ_E_DATA, "a key of kind \"%.*s\", expected RSA", TJ_FMT(kty));
	TRY(tj_json_get_text(&n, jwk, "n", err));
	TRY(tj_json_get_text(&e, jwk, "e", err));
	TRY(tj_b64_decode(&numbers.n, n, arena, err));
	TRY(tj_b64_decode(&numbers.e, e, arena, err));
	*out = numbers;
	return TJ_OK;
}

enum tj_rc
tj_handle_jwk_put(struct tj_json_writer *out, const char *name, const tj_rsa_numbers *numbers,
    struct tj_arena *arena, struct tj_err *err)
{
	const tj_str n = tj_b64_encode(numbers->n, arena);
	const tj_str e = tj_b64_encode(numbers->e, arena);

	if (n.p == NULL || e.p == NULL)
		return tj_fail_nomem(err);
	tj_json_open(out, name, '{');
	tj_json_put(out, "kty", TJ_S("RSA"));
	tj_json_put(out, "n", n);
	tj_json_put(out, "e", e);
	tj_json_close(out, '}');
	return TJ_OK;
}

enum tj_rc
tj_handle_key_bytes(tj_str *data, const tj_rsa_numbers *numbers, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_buf buf;
	enum tj_rc rc;

	tj_buf_init(&buf, TJ_MAX_KEY_BYTES);
	tj_handle_key_write(&buf, numbers);
	rc = tj_buf_done(data, &buf, arena, err);
	tj_buf_fini(&buf);
	return rc;
}

enum tj_rc
tj_handle_read_key(tj_str *data, const struct tj_json *value, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_rsa_numbers numbers;

	TRY(tj_handle_jwk_read(&numbers, value, arena, err));
	return tj_handle_key_bytes(data, &numbers, arena, err);
}

enum tj_rc
tj_handle_write_key(struct tj_json_writer *out, tj_str data, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_rsa_numbers numbers;

	if (!tj_handle_key_read(&numbers, data))
		return TJ_E_NOTFOUND;
	tj_json_put(out, "format", TJ_S("key"));
	return tj_handle_jwk_put(out, "value", &numbers, arena, err);
}
