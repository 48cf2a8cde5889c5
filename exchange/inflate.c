#include <limits.h>
#include <zlib.h>

#include "exchange/inflate.h"
#include "model/base/buf.h"
#include "model/base/mem.h"

#define PIECE		16384u
#define WINDOW		15		/* log2 of 32 KiB, the largest */
#define GZIP_WRAPPER	16		/* zlib.h: added to the window */

static void *
zalloc(void *ctx, unsigned n, unsigned size)
{
	(void)ctx;
	return tj_mem_calloc(n, size);
}

static void
zfree(void *ctx, void *p)
{
	(void)ctx;
	tj_mem_free(p);
}

static int
window_of(enum tj_deflate kind)
{
	return kind == TJ_GZIP ? WINDOW + GZIP_WRAPPER : WINDOW;
}

/* zlib promises not to write to it. */
static void
set_input(z_stream *z, tj_str bytes)
{
	z->next_in = (Bytef *)(uintptr_t)bytes.p;
	z->avail_in = (uInt)bytes.n;
}

enum tj_rc
tj_deflate(tj_str *out, tj_str bytes, enum tj_deflate kind, struct tj_arena *arena,
    struct tj_err *err)
{
	z_stream z = { .zalloc = zalloc, .zfree = zfree };
	char *made = NULL;
	size_t room;
	int got;

	if (bytes.n > INT_MAX)
		return tj_fail(err, TJ_E_LIMIT, "too much to compress: %zu bytes", bytes.n);
	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, window_of(kind), 8,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		return tj_fail_nomem(err);
	room = deflateBound(&z, (uLong)bytes.n);
	if ((made = TJ_NEWN(arena, char, room)) == NULL) {
		(void)deflateEnd(&z);
		return tj_fail_nomem(err);
	}
	set_input(&z, bytes);
	z.next_out = (Bytef *)made;
	z.avail_out = (uInt)room;
	got = deflate(&z, Z_FINISH);
	(void)deflateEnd(&z);
	if (got != Z_STREAM_END)
		return tj_fail(err, TJ_E_INTERNAL, "compressing failed");
	*out = (tj_str){ made, room - z.avail_out };
	return TJ_OK;
}

/* To the end of the stream, or to the buffer's ceiling. */
static int
inflate_all(z_stream *z, struct tj_buf *buf)
{
	int got = Z_OK;

	while (got == Z_OK && !buf->failed) {
		char *room = tj_buf_room(buf, PIECE);

		if (room == NULL)
			break;
		z->next_out = (Bytef *)room;
		z->avail_out = PIECE;
		got = inflate(z, Z_NO_FLUSH);
		tj_buf_add(buf, PIECE - z->avail_out);
	}
	return got;
}

enum tj_rc
tj_inflate(tj_str *out, tj_str bytes, enum tj_deflate kind, size_t most,
    struct tj_arena *arena, struct tj_err *err)
{
	z_stream z = { .zalloc = zalloc, .zfree = zfree };
	struct tj_buf buf;
	enum tj_rc rc = TJ_OK;
	int got;

	if (bytes.n > INT_MAX)
		return tj_fail(err, TJ_E_LIMIT, "too much compressed: %zu bytes", bytes.n);
	if (inflateInit2(&z, window_of(kind)) != Z_OK)
		return tj_fail_nomem(err);
	tj_buf_init(&buf, most + PIECE);
	set_input(&z, bytes);
	got = inflate_all(&z, &buf);
	(void)inflateEnd(&z);
	if (got == Z_MEM_ERROR || (buf.failed && !buf.too_long))
		rc = tj_fail_nomem(err);
	else if (buf.failed || buf.n > most)
		rc = tj_fail(err, TJ_E_LIMIT, "more than %zu bytes when decompressed", most);
	else if (got != Z_STREAM_END || z.avail_in > 0)
		rc = tj_fail(err, TJ_E_DATA, "compressed bytes that are damaged or not whole");
	else
		rc = tj_buf_done(out, &buf, arena, err);
	tj_buf_fini(&buf);
	return rc;
}
