#ifndef TJ_CONNECTORS_TLOG_INDEX_H
#define TJ_CONNECTORS_TLOG_INDEX_H

#include "connectors/tlog_read.h"

/*
 * Where in a log a leaf is, by its hash: read from the tiles of level 0 as a whole, 32 bytes
 * a leaf, and kept in memory with 8 to 16 bytes more.  About 0.1 s for a million leaves.
 */
struct tj_tlog_index {
	tj_digest	*leaves;	/* [n] in the order of the log */
	uint64_t	*slots;		/* [slot_count] place + 1, 0: free */
	size_t		 n, cap, slot_count;	/* slot_count: a power of two */
};

#define TJ_LEAF_NONE	UINT64_MAX

/* CORRUPT: tiles that cannot be read; NOMEM. */
enum tj_rc tj_tlog_index_read(struct tj_tlog_index *, struct tj_tlog_reader *,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_tlog_index_fini(struct tj_tlog_index *);	/* may be all zero */
/* The first of this hash, or TJ_LEAF_NONE. */
uint64_t tj_tlog_index_find(const struct tj_tlog_index *, const tj_digest *leaf);
/* One more leaf behind the last. */
enum tj_rc tj_tlog_index_add(struct tj_tlog_index *, const tj_digest *leaf,
	    struct tj_err *) TJ_MUST_USE;

#endif
