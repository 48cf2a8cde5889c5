#ifndef TJ_CLI_WITNESS_LOGS_H
#define TJ_CLI_WITNESS_LOGS_H

#include "engine/cli/cmd.h"
#include "exchange/tlog_policy.h"

/* The logs that a witness follows: DIR/logs, a policy without witnesses. */
enum tj_rc tj_witness_logs_begin(struct tj_cli *, const char *dir) TJ_MUST_USE;
enum tj_rc tj_witness_logs_read(struct tj_policy *, struct tj_cli *,
	    const char *dir) TJ_MUST_USE;
/* One more, by its verifier key.  DATA: it is there, or is not a log's. */
enum tj_rc tj_witness_logs_add(struct tj_cli *, const char *dir, const char *vkey) TJ_MUST_USE;

#endif
