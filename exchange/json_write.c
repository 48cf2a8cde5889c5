#include "exchange/json.h"

void
tj_json_begin(struct tj_json_writer *out, size_t max_bytes)
{
	*out = (struct tj_json_writer){ 0 };
	tj_buf_init(&out->buf, max_bytes);
}

/* RFC 8259 section 7: the quotation mark, the reverse solidus, U+0000 to U+001F. */
static void
put_byte(struct tj_buf *buf, char c)
{
	static const char shorts[] = "\bb\tt\nn\ff\rr\"\"\\\\";

	for (const char *s = shorts; *s != '\0'; s += 2)
		if (c == s[0]) {
			tj_buf_putc(buf, '\\');
			tj_buf_putc(buf, s[1]);
			return;
		}
	if ((uint8_t)c < 0x20)
		tj_buf_fmt(buf, "\\u%04x", (unsigned)c);
	else
		tj_buf_putc(buf, c);
}

static bool
must_escape(char c)
{
	return (uint8_t)c < 0x20 || c == '"' || c == '\\';
}

static void
put_quoted(struct tj_json_writer *out, tj_str text)
{
	size_t from = 0;

	if (!tj_str_is_utf8(text))
		out->not_text = true;
	if (tj_str_control(text) < text.n)
		out->control = true;
	tj_buf_putc(&out->buf, '"');
	for (size_t i = 0; i < text.n; i++)
		if (must_escape(text.p[i])) {
			tj_buf_put(&out->buf, tj_str_cut(text, from, i - from));
			put_byte(&out->buf, text.p[i]);
			from = i + 1;
		}
	tj_buf_put(&out->buf, tj_str_cut(text, from, text.n - from));
	tj_buf_putc(&out->buf, '"');
}

/* What stands before a value: a comma, its name. */
static void
lead(struct tj_json_writer *out, const char *name)
{
	if (out->comma)
		tj_buf_putc(&out->buf, ',');
	if (name != NULL) {
		put_quoted(out, tj_str_of(name));
		tj_buf_putc(&out->buf, ':');
	}
	out->comma = true;
}

void
tj_json_open(struct tj_json_writer *out, const char *name, char bracket)
{
	lead(out, name);
	tj_buf_putc(&out->buf, bracket);
	out->comma = false;
}

void
tj_json_close(struct tj_json_writer *out, char bracket)
{
	tj_buf_putc(&out->buf, bracket);
	out->comma = true;
}

void
tj_json_put(struct tj_json_writer *out, const char *name, tj_str text)
{
	lead(out, name);
	put_quoted(out, text);
}

void
tj_json_put_literal(struct tj_json_writer *out, const char *name, tj_str number)
{
	lead(out, name);
	tj_buf_put(&out->buf, number);
}

void
tj_json_put_bool(struct tj_json_writer *out, const char *name, bool value)
{
	tj_json_put_literal(out, name, value ? TJ_S("true") : TJ_S("false"));
}

enum tj_rc
tj_json_end(tj_str *text, struct tj_json_writer *out, struct tj_arena *arena,
    struct tj_err *err)
{
	const enum tj_rc rc = out->not_text ?
	    tj_fail(err, TJ_E_DATA, "a text that is not UTF-8, or holds a NUL") :
	    tj_buf_done(text, &out->buf, arena, err);

	tj_buf_fini(&out->buf);
	return rc;
}
