#ifndef TJ_CONNECTORS_TLOG_CHECK_H
#define TJ_CONNECTORS_TLOG_CHECK_H

#include "connectors/tlog_read.h"

/*
 * Every entry and every tile of the reader's tree: each entry is hashed and compared with its
 * tile, each tile with the one above, and what all entries give is the root.  CORRUPT names
 * the first place that is wrong.  O(size): about 0.7 microseconds a leaf.
 */
enum tj_rc tj_tlog_check(struct tj_tlog_reader *, const tj_digest *root,
	    struct tj_err *) TJ_MUST_USE;

/* The same, and each entry in its order is shown to somebody, who may stop it with a failure.
 * What was seen is to be believed once this has returned OK. */
enum tj_rc tj_tlog_check_each(struct tj_tlog_reader *, const tj_digest *root,
	    enum tj_rc (*visit)(void *ctx, uint64_t index, tj_str entry, struct tj_err *),
	    void *ctx, struct tj_err *) TJ_MUST_USE;

#endif
