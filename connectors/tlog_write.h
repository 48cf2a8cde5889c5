#ifndef TJ_CONNECTORS_TLOG_WRITE_H
#define TJ_CONNECTORS_TLOG_WRITE_H

#include "connectors/tlog_edge.h"
#include "model/base/crew.h"

/*
 * Tiles and bundles of a log that grows: the full ones are written as they fill, those that
 * are not full when a head is to be signed.  No file that an earlier head needs is written
 * again with other bytes: a full tile is new, and a partial one has its width in its name.
 * Nothing is synced here.
 */
struct tj_tlog_writer {
	const char		*folder;	/* where tile/ lies */
	struct tj_tlog_edge	 edge;
	struct tj_buf		 tail;		/* entries of the last, partial bundle */
	struct tj_sha256	*sha;		/* the caller's */
};

/* Of an empty log.  `folder` is kept. */
enum tj_rc tj_tlog_writer_init(struct tj_tlog_writer *, const char *folder,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_tlog_writer_fini(struct tj_tlog_writer *);	/* may be all zero */
/* To where the reader's tree ends.  CORRUPT: the last bundle's entries are not those of the
 * last tile. */
enum tj_rc tj_tlog_writer_load(struct tj_tlog_writer *, struct tj_tlog_reader *,
	    struct tj_err *) TJ_MUST_USE;
/* Unchanged on failure, but for files beyond its size.  LIMIT, DATA, IO, PERM. */
enum tj_rc tj_tlog_writer_append(struct tj_tlog_writer *, const tj_str *entries, size_t n,
	    struct tj_crew *, struct tj_err *) TJ_MUST_USE;
/* The partial tiles of the size reached that a tree of `before` leaves has not. */
enum tj_rc tj_tlog_writer_finish(const struct tj_tlog_writer *, uint64_t before,
	    struct tj_err *) TJ_MUST_USE;
/* Removes the partial tiles that a tree of `before` leaves had and full ones have replaced. */
void	 tj_tlog_writer_tidy(const struct tj_tlog_writer *, uint64_t before);

#endif
