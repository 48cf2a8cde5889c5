#ifndef TJ_CLI_NODE_PARENT_H
#define TJ_CLI_NODE_PARENT_H

#include "connectors/remote.h"
#include "engine/cli/conf_folder.h"

/*
 * The node above this one: [parent] of node.conf.  The prefixes handed out here are reported
 * there, by `as` with the secret key in a file that only its owner may read.
 */
struct tj_node_parent {
	tj_str			 url;		/* empty: none */
	const char		*as, *secret;	/* secret: a path */
	const char		*ca;		/* the same; NULL: the system's */
	TJ_VEC(tj_range)	 allowed;
};

enum tj_rc tj_node_parent_read(struct tj_node_parent *,
	    const struct tj_conf_folder *) TJ_MUST_USE;

/* For tj_remote_open(); reads the secret.  Lives as long as the parent and the arena. */
enum tj_rc tj_node_parent_options(struct tj_remote_options *, const struct tj_node_parent *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
