#include <stdarg.h>
#include <stdio.h>

#include "model/base/buf.h"
#include "model/base/mem.h"

void
tj_buf_init(struct tj_buf *buf, size_t max)
{
	*buf = (struct tj_buf){ .max = max };
}

void
tj_buf_fini(struct tj_buf *buf)
{
	tj_mem_free(buf->p);
	*buf = (struct tj_buf){ 0 };
}

/* Room for n more bytes and a NUL. */
static bool
reserve(struct tj_buf *buf, size_t n)
{
	size_t cap = buf->cap == 0 ? 256 : buf->cap;
	char *grown;

	if (buf->failed)
		return false;
	if (n > buf->max - buf->n) {
		buf->failed = buf->too_long = true;
		return false;
	}
	while (cap < buf->n + n + 1)
		cap *= 2;
	if (cap == buf->cap)
		return true;
	if ((grown = tj_mem_realloc(buf->p, cap)) == NULL) {
		buf->failed = true;
		return false;
	}
	buf->p = grown;
	buf->cap = cap;
	return true;
}

char *
tj_buf_room(struct tj_buf *buf, size_t n)
{
	return reserve(buf, n) ? buf->p + buf->n : NULL;
}

void
tj_buf_put(struct tj_buf *buf, tj_str s)
{
	if (s.n == 0 || !reserve(buf, s.n))
		return;
	memcpy(buf->p + buf->n, s.p, s.n);
	buf->n += s.n;
}

void
tj_buf_putc(struct tj_buf *buf, char c)
{
	if (reserve(buf, 1))
		buf->p[buf->n++] = c;
}

void
tj_buf_fmt(struct tj_buf *buf, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0) {
		buf->failed = true;
		return;
	}
	if (!reserve(buf, (size_t)n))
		return;
	va_start(ap, fmt);
	(void)vsnprintf(buf->p + buf->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	buf->n += (size_t)n;
}

tj_str
tj_buf_view(const struct tj_buf *buf)
{
	return (tj_str){ buf->p == NULL ? "" : buf->p, buf->n };
}

enum tj_rc
tj_buf_done(tj_str *out, struct tj_buf *buf, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str copy;

	if (buf->too_long)
		return tj_fail(err, TJ_E_LIMIT, "output over %zu bytes", buf->max);
	if (buf->failed)
		return tj_fail_nomem(err);
	copy = tj_str_dup(tj_buf_view(buf), arena);
	if (copy.p == NULL)
		return tj_fail_nomem(err);
	*out = copy;
	return TJ_OK;
}
