#include "exchange/b64_std.h"
#include "exchange/handle_data.h"
#include "exchange/handle_format.h"
#include "exchange/handle_json.h"
#include "model/base/limits.h"

/* Which format a value of this type is shown in, if its data allow it. */
struct format {
	const char		*name;
	const char		*type;	/* NULL: it is never chosen by type */
	tj_handle_reader	*read;
	tj_handle_writer	*write;
};

static tj_handle_reader read_string, read_base64, read_hex;

static const struct format formats[] = {
	{ "string", NULL, read_string, NULL },
	{ "base64", NULL, read_base64, NULL },
	{ "hex", NULL, read_hex, NULL },
	{ "admin", TJ_HS_ADMIN, tj_handle_read_admin, tj_handle_write_admin },
	{ "vlist", TJ_HS_VLIST, tj_handle_read_vlist, tj_handle_write_vlist },
	{ "key", TJ_HS_PUBKEY, tj_handle_read_key, tj_handle_write_key },
	{ "site", TJ_HS_SITE, tj_handle_read_site, tj_handle_write_site },
};

#define FORMATS	(sizeof(formats) / sizeof(formats[0]))

static enum tj_rc
need_text(const struct tj_json *value, struct tj_err *err)
{
	if (tj_json_type(value) != TJ_JSON_TEXT)
		return tj_fail(err, TJ_E_DATA, "the value of this data is %s, expected a text",
		    tj_json_type_name(tj_json_type(value)));
	return TJ_OK;
}

static enum tj_rc
read_string(tj_str *data, const struct tj_json *value, struct tj_arena *arena,
    struct tj_err *err)
{
	(void)arena;
	TRY(need_text(value, err));
	*data = tj_json_text(value);
	return TJ_OK;
}

static enum tj_rc
read_base64(tj_str *data, const struct tj_json *value, struct tj_arena *arena,
    struct tj_err *err)
{
	TRY(need_text(value, err));
	return tj_b64_std_decode(data, tj_json_text(value), arena, err);
}

static enum tj_rc
read_hex(tj_str *data, const struct tj_json *value, struct tj_arena *arena,
    struct tj_err *err)
{
	const tj_str text = tj_json_text(value);
	uint8_t *bytes;

	TRY(need_text(value, err));
	if (text.n % 2 != 0)
		return tj_fail(err, TJ_E_DATA, "an odd number of hexadecimal digits");
	if ((bytes = TJ_NEWN(arena, uint8_t, text.n / 2 + 1)) == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < text.n; i += 2) {
		const int high = tj_hex_digit(text.p[i]), low = tj_hex_digit(text.p[i + 1]);

		if (high < 0 || low < 0)
			return tj_fail(err, TJ_E_DATA, "byte %zu is no hexadecimal digit", i);
		bytes[i / 2] = (uint8_t)(high * 16 + low);
	}
	*data = (tj_str){ (const char *)bytes, text.n / 2 };
	return TJ_OK;
}

enum tj_rc
tj_handle_data_get(tj_str *data, const struct tj_json *from, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *value;
	tj_str format;

	if (tj_json_type(from) == TJ_JSON_TEXT)
		return read_string(data, from, arena, err);
	TRY(tj_json_get_text(&format, from, "format", err));
	if ((value = tj_json_find(from, "value")) == NULL)
		return tj_fail(err, TJ_E_DATA, "data have a format, but no \"value\"");
	for (size_t i = 0; i < FORMATS; i++)
		if (tj_str_eq(format, tj_str_of(formats[i].name)))
			return formats[i].read(data, value, arena, err);
	return tj_fail(err, TJ_E_DATA, "format \"%.*s\" of data is not known", TJ_FMT(format));
}

/* As the Handle.Net server tells text from bytes: 0x09 to 0x13 pass. */
static bool
is_text(tj_str data)
{
	for (size_t i = 0; i < data.n; i++) {
		const uint8_t c = (uint8_t)data.p[i];

		if (c < 0x20 && (c < 0x09 || c > 0x13))
			return false;
	}
	return tj_str_is_utf8(data);
}

enum tj_rc
tj_handle_put_plain(struct tj_json_writer *out, tj_str data, struct tj_arena *arena,
    struct tj_err *err)
{
	const bool is_string = is_text(data);
	const tj_str value = is_string ? data : tj_b64_std_encode(data, arena);

	if (value.p == NULL && data.n > 0)
		return tj_fail_nomem(err);
	tj_json_put(out, "format", is_string ? TJ_S("string") : TJ_S("base64"));
	tj_json_put(out, "value", value);
	return TJ_OK;
}

static const struct format *
format_of(tj_str type)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (formats[i].type != NULL && tj_str_eq_nocase(type, tj_str_of(formats[i].type)))
			return &formats[i];
	return NULL;
}

enum tj_rc
tj_handle_data_put(struct tj_json_writer *out, tj_str type, tj_str data,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct format *format = format_of(type);
	enum tj_rc rc = TJ_E_NOTFOUND;

	tj_json_open(out, "data", '{');
	if (format != NULL)
		rc = format->write(out, data, arena, err);
	if (rc == TJ_E_NOTFOUND)
		rc = tj_handle_put_plain(out, data, arena, err);
	tj_json_close(out, '}');
	return rc;
}
