#ifndef TJ_CONNECTORS_TLOG_READ_H
#define TJ_CONNECTORS_TLOG_READ_H

#include "exchange/merkle.h"
#include "exchange/tlog_tile.h"
#include "model/port/folder.h"

/*
 * The tiles of a log in a folder, read as those of one tree size, which a checkpoint has
 * told.  A tile is read once and kept until another of its level is wanted (the last of each
 * level for ever), so a proof takes at most two files for each level of tiles.  Where a
 * partial tile is gone, the full one that has taken its place is read.  Nothing that is read
 * is believed: whoever uses it compares with the checkpoint's root.
 *
 * One thread at a time.
 */
struct tj_tlog_reader;

/* `folder`: where tile/ lies. */
enum tj_rc tj_tlog_reader_open(struct tj_tlog_reader **, const char *folder, uint64_t size,
	    struct tj_err *) TJ_MUST_USE;
/* The same over any folder, which is borrowed. */
enum tj_rc tj_tlog_reader_over(struct tj_tlog_reader **, struct tj_folder *, uint64_t size,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_tlog_reader_close(struct tj_tlog_reader *);		/* takes NULL */
uint64_t tj_tlog_reader_size(const struct tj_tlog_reader *);

/* Hashes of a tile, valid until the next call.  CORRUPT: not there in this tree, not readable,
 * or of another length; LOCKED: a server does not answer now. */
enum tj_rc tj_tlog_tile(const tj_digest **hashes, unsigned *width, struct tj_tlog_reader *,
	    unsigned level, uint64_t index, struct tj_err *) TJ_MUST_USE;
/* A bundle's bytes, at least `width` entries; valid until the next call.  CORRUPT. */
enum tj_rc tj_tlog_bundle(tj_str *bytes, unsigned *width, struct tj_tlog_reader *,
	    uint64_t index, struct tj_err *) TJ_MUST_USE;
/* For tj_merkle_prove_leaf() and its like; lives as long as the reader. */
struct tj_merkle_nodes tj_tlog_nodes(struct tj_tlog_reader *);
struct tj_sha256 *tj_tlog_sha256(struct tj_tlog_reader *);	/* the reader's own, to be shared */
enum tj_rc tj_tlog_root(tj_digest *, struct tj_tlog_reader *, struct tj_err *) TJ_MUST_USE;

#endif
