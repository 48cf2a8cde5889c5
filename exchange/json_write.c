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

#define EACH(byte)	(UINT64_C(0x0101010101010101) * (byte))

/* is_plain() of eight bytes: the top bit of each byte answers, and no sum carries into the
 * next one where all are below 0x80. */
static bool
are_plain(uint64_t bytes)
{
	const uint64_t high = bytes | (bytes + EACH(0x01));	/* 0x7f and above */
	const uint64_t printable = bytes + EACH(0x60);
	const uint64_t no_quote = (bytes ^ EACH('"')) + EACH(0x7f);
	const uint64_t no_solidus = (bytes ^ EACH('\\')) + EACH(0x7f);

	return ((~high & printable & no_quote & no_solidus) & EACH(0x80)) == EACH(0x80);
}

/* Printable ASCII that stands for itself: what nearly all texts are of. */
static bool
is_plain(tj_str text)
{
	uint64_t bytes;
	size_t i = 0;

	for (; text.n - i >= sizeof(bytes); i += sizeof(bytes)) {
		memcpy(&bytes, text.p + i, sizeof(bytes));
		if (!are_plain(bytes))
			return false;
	}
	while (i < text.n && text.p[i] >= 0x20 && text.p[i] < 0x7f && text.p[i] != '"' &&
	    text.p[i] != '\\')
		i++;
	return i == text.n;
}

static void
put_plain(struct tj_buf *buf, tj_str text)
{
	char *to = tj_buf_room(buf, text.n + 2);

	if (to == NULL)
		return;
	to[0] = '"';
	if (text.n > 0)
		memcpy(to + 1, text.p, text.n);
	to[text.n + 1] = '"';
	tj_buf_add(buf, text.n + 2);
}

static void
put_quoted(struct tj_json_writer *out, tj_str text)
{
	size_t from = 0;

	if (is_plain(text)) {
		put_plain(&out->buf, text);
		return;
	}
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
tj_json_put_count(struct tj_json_writer *out, const char *name, size_t count)
{
	char text[24];
	size_t at = sizeof(text);

	do {
		text[--at] = (char)('0' + count % 10);
		count /= 10;
	} while (count > 0);
	tj_json_put_literal(out, name, (tj_str){ text + at, sizeof(text) - at });
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

enum tj_rc
tj_json_end_if(enum tj_rc rc, tj_str *text, struct tj_json_writer *out, struct tj_arena *arena,
    struct tj_err *err)
{
	if (rc == TJ_OK)
		return tj_json_end(text, out, arena, err);
	tj_buf_fini(&out->buf);
	return rc;
}
