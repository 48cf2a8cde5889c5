#ifndef TJ_CLI_LOG_ASK_H
#define TJ_CLI_LOG_ASK_H

#include "connectors/witness_ask.h"
#include "engine/cli/log.h"
#include "exchange/tlog_policy.h"

/* Who is to cosign a log's heads, and how they are asked. */
struct tj_log_witnesses {
	struct tj_policy		 policy;
	struct tj_witness_ask_options	 ask;
	bool				 aside;	/* what came of it is talk, also with --json */
};

/* USAGE: no witness of the policy has a URL. */
enum tj_rc tj_log_ask_check(struct tj_cli *, const struct tj_policy *) TJ_MUST_USE;
/* Asks each witness of the policy that has a URL to cosign the view's head, and tells
 * what came of each.  USAGE: none has one. */
enum tj_rc tj_log_ask(struct tj_witness_asked **, size_t *n, struct tj_cli *,
	    const struct tj_log_witnesses *, const struct tj_log_view *) TJ_MUST_USE;
/* The head of the log in this folder with the lines of all that cosign it, who are asked now.
 * REFUSED: they are no quorum. */
enum tj_rc tj_log_cosigned(tj_str *checkpoint, struct tj_cli *, const char *dir,
	    const struct tj_log_witnesses *) TJ_MUST_USE;

#endif
