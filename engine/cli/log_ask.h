#ifndef TJ_CLI_LOG_ASK_H
#define TJ_CLI_LOG_ASK_H

#include "connectors/witness_ask.h"
#include "engine/cli/log.h"
#include "exchange/tlog_policy.h"

/* Asks each witness of the policy that has a URL to cosign the view's head, and tells
 * what came of each.  USAGE: none has one. */
enum tj_rc tj_log_ask(struct tj_witness_asked **, size_t *n, struct tj_cli *,
	    const struct tj_args *, const struct tj_log_view *,
	    const struct tj_policy *) TJ_MUST_USE;

#endif
