#ifndef TJ_CLI_NODE_EVIDENCE_H
#define TJ_CLI_NODE_EVIDENCE_H

#include "engine/cli/node_conf.h"
#include "exchange/registry/node.h"

/*
 * What a node shows of a log, and the witness that it is: [evidence] of node.conf, each a
 * folder that `tanji log init` or `tanji witness init` has made.
 */
struct tj_node_evidence {
	struct tj_folder	*log;
	struct tj_witness_desk	*witness;
	struct tj_folder	*witnessed;
};

/* NOINPUT, PERM, CONFIG: what is named there is no log or no witness.  The arena lives longer. */
enum tj_rc tj_node_evidence_open(struct tj_node_evidence *, const struct tj_node_conf *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
void	 tj_node_evidence_close(struct tj_node_evidence *);	/* may be all zero */

#endif
