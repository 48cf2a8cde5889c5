#ifndef TJ_CLI_LOG_FILL_H
#define TJ_CLI_LOG_FILL_H

#include "connectors/tlog_index.h"
#include "engine/cli/log.h"
#include "model/port/signer.h"
#include "model/port/store.h"

/*
 * Leaves into a log, each once: what is there already is passed over, so that the same may be
 * added again after anything.  Nothing is of the log before tj_log_fill_commit().
 */
struct tj_log_told {		/* of a file: to be said once the head is on the disk */
	const char	*path;
	uint64_t	 index;
};

struct tj_log_item;
struct tj_log_witnesses;

struct tj_log_fill {
	struct tj_cli		*cli;
	struct tj_log_leaves	 leaves;
	struct tj_note_key	 key;
	const char		*dir;
	/* Who declares what the log holds as batches: signs the checkpoint too.  NULL: nobody. */
	struct tj_signer	*declarer;
	const struct tj_key	*declarer_key;	/* its public half */
	const struct tj_log_witnesses *witnesses;	/* see a head before others do; NULL: none */
	struct tj_tlog		*log;
	struct tj_tlog_index	 index;
	struct tj_arena		*chunk;		/* bytes of the items */
	struct tj_log_item	*items;
	size_t			 n, bytes;
	tj_str			*entries;	/* those that are new */
	size_t			 added, known;
	TJ_VEC(struct tj_log_told) told;
};

/* Of a log's folder: takes its lock, reads what is in it.  As tj_note_key_read() and
 * tj_tlog_open() fail.  The witnesses, or NULL, are borrowed.  End with tj_log_fill_close(),
 * also after a failure. */
enum tj_rc tj_log_fill_open(struct tj_log_fill *, struct tj_cli *, const char *dir,
	    const struct tj_log_leaves *, const struct tj_log_witnesses *) TJ_MUST_USE;
void	 tj_log_fill_close(struct tj_log_fill *);	/* may be all zero */

/* A file's bytes, in the chunk or of as long a life as this; `path` (or NULL) is told of. */
enum tj_rc tj_log_fill_bytes(struct tj_log_fill *, tj_str bytes, const char *path) TJ_MUST_USE;
/* A leaf that is made already. */
enum tj_rc tj_log_fill_leaf(struct tj_log_fill *, const tj_leaf *) TJ_MUST_USE;
/* All declarations of a registry, oldest first. */
enum tj_rc tj_log_fill_store(struct tj_log_fill *, struct tj_store *) TJ_MUST_USE;

/* One checkpoint over all; none where nothing is new, but for the declarer's line, which it gets
 * where it lacks that.  REFUSED: it is signed, and not shown for want of a quorum of witnesses; the
 * next commit asks them again. */
enum tj_rc tj_log_fill_commit(struct tj_log_fill *) TJ_MUST_USE;

#endif
