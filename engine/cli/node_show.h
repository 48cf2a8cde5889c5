#ifndef TJ_CLI_NODE_SHOW_H
#define TJ_CLI_NODE_SHOW_H

#include "engine/cli/node_prefixes.h"
#include "engine/cli/cmd.h"

/* Registrations as people read them, or as JSON with --json. */
enum tj_rc tj_show_prefix(struct tj_cli *, const struct tj_registration *) TJ_MUST_USE;
enum tj_rc tj_show_prefixes(struct tj_cli *, const struct tj_prefix_list *) TJ_MUST_USE;

#endif
