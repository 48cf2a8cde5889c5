#ifndef TJ_CONNECTORS_TLOG_H
#define TJ_CONNECTORS_TLOG_H

#include "connectors/tlog_read.h"
#include "exchange/checkpoint.h"
#include "model/base/crew.h"

/*
 * A log in a folder.
 *
 *	DIR/public/checkpoint		its head, with the cosignatures of witnesses
 *	DIR/public/tile/…		C2SP tlog-tiles, as they may be served
 *	DIR/head			the head as it was signed: what this log stands by
 *	DIR/lock			flock(2) of the one who writes
 *
 * What is appended is there once tj_tlog_commit() has returned OK: then tiles and entries are
 * on the disk, then DIR/head, then DIR/public/checkpoint, each file by rename.  A head that
 * was signed and may have been seen is therefore never lost, and no other is signed in its
 * place: open finishes what was cut off behind DIR/head, and what was cut off before it
 * was seen by nobody, is not part of the log, and is written over by the next batch.
 *
 * Where witnesses are to cosign a head before anybody sees it, they are asked between these two:
 * until enough have, the head stands and DIR/public/checkpoint is the one before.
 *
 * open computes the root again from the tiles at the right edge, and compares the last
 * bundle's entries with their hashes: O(log n) files.  Everything else is looked at by
 * tj_tlog_check().
 */
struct tj_tlog;

/* The lines that sign a checkpoint's text. */
struct tj_tlog_signer {
	enum tj_rc (*sign)(void *ctx, tj_str *lines, tj_str text, struct tj_arena *,
	    struct tj_err *);
	void	*ctx;
	/* *head, which is on the disk, with the lines of witnesses.  Where it fails the head is not
	 * shown.  NULL: it is shown as it is. */
	enum tj_rc (*cosign)(void *ctx, tj_str *head, struct tj_arena *, struct tj_err *);
};

/* An empty log of this origin, its head signed.  CONFLICT: there is one. */
enum tj_rc tj_tlog_make(const char *dir, tj_str origin, const struct tj_tlog_signer *,
	    struct tj_err *) TJ_MUST_USE;
/* To write.  NOINPUT: no log there; LOCKED; CORRUPT, with what to do; CONFLICT: the head is not
 * of this key's origin or not signed by it. */
enum tj_rc tj_tlog_open(struct tj_tlog **, const char *dir, const tj_vkey *,
	    struct tj_err *) TJ_MUST_USE;
/* The same; but a head that was not shown is left so until the next commit. */
enum tj_rc tj_tlog_open_held(struct tj_tlog **, const char *dir, const tj_vkey *,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_tlog_close(struct tj_tlog *);	/* takes NULL; drops what was not committed */
uint64_t tj_tlog_size(const struct tj_tlog *);	/* with what was appended */

/*
 * Behind what is there, in this order; not empty entries, none over TJ_MAX_LOG_ENTRY.
 * Bundles are hashed and written by the crew.  After a failure nothing of this call
 * is part of the log.
 */
enum tj_rc tj_tlog_append(struct tj_tlog *, const tj_str *entries, size_t n, struct tj_crew *,
	    struct tj_err *) TJ_MUST_USE;
/* One head for all that was appended.  Where nothing was, and the head is shown, nothing happens.
 * After a failure close and open it again: the head is the old one or the new one, whole. */
enum tj_rc tj_tlog_commit(struct tj_tlog *, const struct tj_tlog_signer *,
	    struct tj_err *) TJ_MUST_USE;
/* The public checkpoint with more signature lines, those of witnesses.  CONFLICT: its text is not
 * that of the head. */
enum tj_rc tj_tlog_publish(struct tj_tlog *, tj_str checkpoint, struct tj_err *) TJ_MUST_USE;

/* The public checkpoint's bytes.  NOINPUT: no log there. */
enum tj_rc tj_tlog_checkpoint(tj_str *bytes, const char *dir, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* A reader of DIR/public. */
enum tj_rc tj_tlog_read(struct tj_tlog_reader **, const char *dir, uint64_t size,
	    struct tj_err *) TJ_MUST_USE;

#endif
