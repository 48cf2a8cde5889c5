#ifndef TJ_CLI_NODE_REGISTER_H
#define TJ_CLI_NODE_REGISTER_H

#include "engine/cli/opt.h"

/*
 * `tanji node register|remove|list|show|report`: the actions of cmd_node.c on prefixes.  In a
 * node's folder, whether `tanji serve` runs on it or not; register, remove and show also at a
 * running node over its REST API (--node).
 */
enum tj_rc tj_node_register(struct tj_cli *, const struct tj_args *) TJ_MUST_USE;
enum tj_rc tj_node_remove(struct tj_cli *, const struct tj_args *) TJ_MUST_USE;
enum tj_rc tj_node_list(struct tj_cli *, const struct tj_args *) TJ_MUST_USE;
enum tj_rc tj_node_show(struct tj_cli *, const struct tj_args *) TJ_MUST_USE;
/* status: what a timer that repeats it looks at. */
enum tj_rc tj_node_report_all(struct tj_cli *, const struct tj_args *, int *status) TJ_MUST_USE;

#endif
