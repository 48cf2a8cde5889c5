#include "exchange/json.h"

static void
line(struct tj_buf *buf, size_t depth)
{
	tj_buf_putc(buf, '\n');
	for (size_t i = 0; i < depth; i++)
		tj_buf_put(buf, TJ_S("  "));
}

/* Past the text that begins here. */
static size_t
text_end(tj_str json, size_t i)
{
	for (i++; i < json.n && json.p[i] != '"'; i++)
		if (json.p[i] == '\\')
			i++;
	return i < json.n ? i + 1 : json.n;
}

static void
put(struct tj_buf *buf, tj_str json, size_t i, size_t *depth)
{
	const char c = json.p[i], next = (char)(i + 1 < json.n ? json.p[i + 1] : '\0');

	if (c == '{' || c == '[') {
		tj_buf_putc(buf, c);
		++*depth;
		if (next != '}' && next != ']')
			line(buf, *depth);
	} else if (c == '}' || c == ']') {
		--*depth;
		if (i > 0 && json.p[i - 1] != '{' && json.p[i - 1] != '[')
			line(buf, *depth);
		tj_buf_putc(buf, c);
	} else {
		tj_buf_putc(buf, c);
		if (c == ',')
			line(buf, *depth);
		else if (c == ':')
			tj_buf_putc(buf, ' ');
	}
}

enum tj_rc
tj_json_pretty(tj_str *out, tj_str json, size_t max_bytes, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_buf buf;
	size_t depth = 0;
	enum tj_rc rc;

	tj_buf_init(&buf, max_bytes);
	for (size_t i = 0, end; i < json.n; i = end) {
		end = i + 1;
		if (json.p[i] == '"') {
			end = text_end(json, i);
			tj_buf_put(&buf, tj_str_cut(json, i, end - i));
		} else {
			put(&buf, json, i, &depth);
		}
	}
	rc = tj_buf_done(out, &buf, arena, err);
	tj_buf_fini(&buf);
	return rc;
}
