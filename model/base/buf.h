#ifndef TJ_BASE_BUF_H
#define TJ_BASE_BUF_H

#include "model/base/str.h"

/*
 * Bytes being written.  Never grows over its ceiling.  A write that fails
 * (memory, ceiling) sets `failed` and all later writes do nothing, so that a
 * writer looks once, at the end: tj_buf_done().
 */
struct tj_buf {
	char	*p;
	size_t	 n, cap, max;
	bool	 failed, too_long;	/* too_long: failed at the ceiling */
};

void	 tj_buf_init(struct tj_buf *, size_t max);
void	 tj_buf_fini(struct tj_buf *);
void	 tj_buf_put(struct tj_buf *, tj_str);
/* Room for n bytes that the caller writes and tj_buf_add()s; NULL: failed. */
char	*tj_buf_room(struct tj_buf *, size_t n);
static inline void
tj_buf_add(struct tj_buf *buf, size_t n)
{
	buf->n += n;
}
void	 tj_buf_putc(struct tj_buf *, char);
void	 tj_buf_fmt(struct tj_buf *, const char *fmt, ...) TJ_PRINTF(2, 3);
tj_str	 tj_buf_view(const struct tj_buf *);	/* valid until the next write */
/* NOMEM or LIMIT if a write failed; else a NUL-terminated copy in the arena. */
enum tj_rc tj_buf_done(tj_str *out, struct tj_buf *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
