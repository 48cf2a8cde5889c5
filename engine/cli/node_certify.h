#ifndef TJ_CLI_NODE_CERTIFY_H
#define TJ_CLI_NODE_CERTIFY_H

#include "engine/cli/opt.h"

/*
 * `tanji node certify`: the action of cmd_node.c by which one key vouches for another
 * (HS_CERT, exchange/handle_cert.h).  A certificate stands in the record of whom it is about,
 * where readers look for it; who issues it need not be able to write there, and then hands it
 * over in a file.
 */
enum tj_rc tj_node_certify(struct tj_cli *, const struct tj_args *) TJ_MUST_USE;

#endif
