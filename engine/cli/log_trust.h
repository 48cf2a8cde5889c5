#ifndef TJ_CLI_LOG_TRUST_H
#define TJ_CLI_LOG_TRUST_H

#include "engine/cli/opt.h"
#include "exchange/logged.h"

/* Whose logs are believed: --policy, --vkey and --log-gm of `verify` and `log verify`. */
struct tj_log_trust {
	struct tj_policy	 policy;	/* without logs: none is */
	struct tj_sm2		*gm;		/* whose line a checkpoint must have too; or NULL */
};

/* The policy alone.  USAGE: neither --policy nor --vkey names a log. */
enum tj_rc tj_log_policy_read(struct tj_policy *, struct tj_cli *,
	    const struct tj_args *) TJ_MUST_USE;
/* End with tj_log_trust_fini(), also after a failure. */
enum tj_rc tj_log_trust_read(struct tj_log_trust *, struct tj_cli *,
	    const struct tj_args *) TJ_MUST_USE;
void	 tj_log_trust_fini(struct tj_log_trust *);

/*
 * Does the proof in this file hold for these bytes?  *refusal says why not, or is empty.  Fails
 * where the file cannot be read or the machine fails: no proof is no answer.
 */
enum tj_rc tj_log_trust_judge(struct tj_logged *, tj_str *refusal, const struct tj_log_trust *,
	    enum tj_leaf_kind, const char *proof_path, tj_str bytes, struct tj_cli *) TJ_MUST_USE;
/* Likewise: are these bytes a checkpoint that is believed? */
enum tj_rc tj_log_trust_judge_head(struct tj_logged *, tj_str *refusal,
	    const struct tj_log_trust *, tj_str bytes, struct tj_cli *) TJ_MUST_USE;

#endif
