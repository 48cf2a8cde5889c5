#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "connectors/log.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

#define MOST_CHECKED	((uint64_t)4 << 30)

enum { WINDOW = 9 << 20 };	/* two of the largest entries and some */

/* What of the file is in memory. */
struct window {
	int		 fd;
	uint64_t	 offset, end;	/* of the window; of what is looked at */
	uint8_t		*bytes;
	size_t		 n;
	uint64_t	 checked;	/* bytes that have been in a check */
};

/* Bytes from `at` on, at least `want` where there are so many. */
static enum tj_rc
look(tj_str *out, struct window *w, uint64_t at, size_t want, struct tj_err *err)
{
	const size_t skip = (size_t)(at - w->offset);
	ssize_t got;

	if (skip + want > w->n) {
		memmove(w->bytes, w->bytes + skip, w->n - skip);
		w->n -= skip;
		w->offset = at;
		while (w->n < WINDOW && w->offset + w->n < w->end) {
			const uint64_t left = w->end - w->offset - w->n;

			got = pread(w->fd, w->bytes + w->n,
			    left < WINDOW - w->n ? (size_t)left : WINDOW - w->n,
			    (off_t)(w->offset + w->n));
			if (got < 0 && errno != EINTR)
				return tj_fail(err, TJ_E_IO, "cannot read: %s", strerror(errno));
			if (got == 0)
				break;
			w->n += got > 0 ? (size_t)got : 0;
		}
	}
	*out = (tj_str){ (const char *)w->bytes + (at - w->offset),
	    w->n - (size_t)(at - w->offset) };
	return TJ_OK;
}

/* *n 0: there is no whole entry. */
static enum tj_rc
next_entry(struct tj_entry *entry, size_t *n, struct window *w, uint64_t at,
    struct tj_err *err)
{
	size_t length;
	tj_str bytes;

	*n = 0;
	TRY(look(&bytes, w, at, TJ_ENTRY_HEAD, err));
	if (bytes.n < TJ_ENTRY_HEAD)
		return TJ_OK;
	if ((length = tj_entry_length((const uint8_t *)bytes.p)) == 0)
		return TJ_OK;
	TRY(look(&bytes, w, at, length, err));
	if (bytes.n < length)
		return TJ_OK;
	w->checked += length;
	if (tj_entry_read(entry, tj_str_cut(bytes, 0, length), NULL) == TJ_OK)
		*n = length;
	return TJ_OK;
}

/* Not for ever: who writes lengths everywhere could have it check each byte a million times. */
static enum tj_rc
find_more(bool *more, struct window *w, uint64_t at, struct tj_err *err)
{
	struct tj_entry entry;
	size_t n = 0;

	w->checked = 0;
	for (; n == 0 && at < w->end && w->checked < MOST_CHECKED; at++)
		TRY(next_entry(&entry, &n, w, at, err));
	*more = n > 0;
	return TJ_OK;
}

static enum tj_rc
scan(uint64_t *whole, bool *more, struct window *w, const struct tj_segment *segment,
    tj_log_visit *visit, void *ctx, struct tj_err *err)
{
	struct tj_entry entry = { .sequence = 0 };
	uint64_t at = 0;
	size_t n;

	for (; at < w->end; at += n) {
		const struct tj_place place = { segment->number, segment->generation,
		    (uint32_t)at, 0 };
		struct tj_place found = place;

		TRY(next_entry(&entry, &n, w, at, err));
		if (n == 0)
			break;
		found.bytes = (uint32_t)n;
		TRY(visit(ctx, &found, &entry, err));
	}
	*whole = at;
	*more = false;
	return at < w->end ? find_more(more, w, at + 1, err) : TJ_OK;
}

enum tj_rc
tj_log_scan(uint64_t *whole, bool *more, const struct tj_log *log,
    const struct tj_segment *segment, tj_log_visit *visit, void *ctx, struct tj_err *err)
{
	char path[TJ_MAX_PATH_BYTES + TJ_LOG_NAME + 1], name[TJ_LOG_NAME];
	struct window w = { .end = segment->bytes };
	enum tj_rc rc;

	(void)tj_log_name(name, segment->number, segment->generation);
	(void)snprintf(path, sizeof(path), "%s/%s", log->folder, name);
	if ((w.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) < 0)
		return tj_fail(err, errno == ENOENT ? TJ_E_NOTFOUND : TJ_E_IO, "%s: %s", path,
		    strerror(errno));
	if ((w.bytes = tj_mem_calloc(1, WINDOW)) == NULL)
		rc = tj_fail_nomem(err);
	else
		rc = scan(whole, more, &w, segment, visit, ctx, err);
	tj_mem_free(w.bytes);
	(void)close(w.fd);
	return rc;
}

enum tj_rc
tj_log_walk(const struct tj_log *log, const struct tj_segment *segment, tj_log_visit *visit,
    void *ctx, struct tj_err *err)
{
	char name[TJ_LOG_NAME];
	uint64_t whole = 0;
	bool more;

	TRY(tj_log_scan(&whole, &more, log, segment, visit, ctx, err));
	if (whole == segment->bytes)
		return TJ_OK;
	return tj_fail(err, TJ_E_CORRUPT, "%s, byte %ju: an entry's bytes have changed",
	    tj_log_name(name, segment->number, segment->generation), (uintmax_t)whole);
}
