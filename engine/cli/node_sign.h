#ifndef TJ_CLI_NODE_SIGN_H
#define TJ_CLI_NODE_SIGN_H

#include "engine/cli/opt.h"

/*
 * `tanji node key|sign|verify`: the actions of cmd_node.c on signatures of records
 * (HS_PUBKEY, HS_SIGNATURE, HS_CERT); see exchange/handle_trust.h.
 */
enum tj_rc tj_node_key(struct tj_cli *, const struct tj_args *) TJ_MUST_USE;
enum tj_rc tj_node_sign(struct tj_cli *, const struct tj_args *) TJ_MUST_USE;
/* status: 1 where the record is not what was signed, or nobody has signed it. */
enum tj_rc tj_node_verify(struct tj_cli *, const struct tj_args *, int *status) TJ_MUST_USE;

#endif
