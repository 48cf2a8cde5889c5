#ifndef TJ_CLI_NODE_PLACE_H
#define TJ_CLI_NODE_PLACE_H

#include "connectors/remote.h"
#include "engine/cli/node_open.h"
#include "engine/cli/opt.h"

/*
 * Where the actions of `tanji node` work on records: in a node's folder, whether `tanji serve`
 * runs on it or not, or at a node that runs, over its REST API (--node, --as, --secret-file).
 */
struct tj_place {
	struct tj_cli			*cli;
	struct tj_node_conf		 conf;
	struct tj_node_registry		 registry;
	struct tj_remote_options	 options;
	struct tj_remote		*remote;	/* NULL: the folder */
};

/* operand: which of the operands is the folder. */
enum tj_rc tj_place_open(struct tj_place *, struct tj_cli *, const struct tj_args *,
	    size_t operand) TJ_MUST_USE;
void	 tj_place_close(struct tj_place *);

/* NOTFOUND.  In the cli's arena. */
enum tj_rc tj_place_get(struct tj_record *, struct tj_place *, tj_str handle) TJ_MUST_USE;
/* One value of a record that is there; see tj_remote_put_value(). */
enum tj_rc tj_place_put(bool *written, struct tj_place *, tj_str handle, tj_value_make *,
	    void *ctx) TJ_MUST_USE;

#endif
