#ifndef TJ_CLI_NODE_REPORT_H
#define TJ_CLI_NODE_REPORT_H

#include "connectors/remote.h"
#include "engine/cli/node_prefixes.h"

/*
 * Tells the node above of the prefixes handed out here.  What it has acknowledged stands in
 * the records themselves (TANJI.REPORTED), so that a report can be broken off at any
 * moment and begun again: what is told twice is told as it stands there already.
 */
struct tj_node_reported {
	size_t	told, removed, known, refused;	/* known: told at an earlier time */
};

/* All of them, or `only` this one ("0.NA/88.101.0042") where it is not empty.  Of one that the
 * node above refuses, say() is told why, and the others go on.  LOCKED: the node above is not
 * to be reached now. */
enum tj_rc tj_node_report(struct tj_node_reported *, struct tj_records *, tj_str only,
	    struct tj_remote *, const struct tj_remote_options *, uint32_t at_s,
	    void (*say)(void *ctx, tj_str handle, const struct tj_err *), void *ctx,
	    struct tj_err *) TJ_MUST_USE;

#endif
