#include "connectors/file.h"
#include "engine/cli/env.h"
#include "engine/cli/log_trust.h"
#include "engine/cli/note_key.h"
#include "model/base/limits.h"

static enum tj_rc
policy_gather(struct tj_policy *policy, struct tj_cli *cli, const struct tj_args *args)
{
	const char *path = tj_args_value(args, "policy"), *text;
	tj_vkey vkey;

	*policy = (struct tj_policy){ .quorum = 0 };
	if (path != NULL)
		TRY(tj_note_policy_read(policy, path, cli->arena, &cli->err));
	for (size_t i = 0; (text = tj_args_nth(args, "vkey", i)) != NULL; i++) {
		TRY(tj_vkey_parse(&vkey, tj_str_of(text), cli->arena, &cli->err));
		TRY(tj_policy_add_log(policy, &vkey, TJ_S(""), cli->arena, &cli->err));
	}
	return TJ_OK;
}

static enum tj_rc
no_log(struct tj_cli *cli)
{
	return tj_fail(&cli->err, TJ_E_USAGE,
	    "which log is to be believed? --vkey KEY, or --policy FILE with a log line");
}

enum tj_rc
tj_log_policy_read(struct tj_policy *policy, struct tj_cli *cli, const struct tj_args *args)
{
	TRY(policy_gather(policy, cli, args));
	return policy->logs.n == 0 ? no_log(cli) : TJ_OK;
}

enum tj_rc
tj_log_trust_read(struct tj_log_trust *trust, struct tj_cli *cli, const struct tj_args *args)
{
	const char *gm = tj_args_value(args, "log-gm");

	*trust = (struct tj_log_trust){ .gm = NULL };
	TRY(policy_gather(&trust->policy, cli, args));
	if (trust->policy.logs.n == 0 && (tj_args_has(args, "policy") || gm != NULL ||
	    tj_args_has(args, "proof")))
		return no_log(cli);
	return gm == NULL ? TJ_OK : tj_env_sm2_public(&trust->gm, gm, cli->arena, &cli->err);
}

void
tj_log_trust_fini(struct tj_log_trust *trust)
{
	tj_sm2_free(trust->gm);
	trust->gm = NULL;
}

/* Why not; a machine that fails is no refusal. */
static enum tj_rc
refusal_of(tj_str *refusal, enum tj_rc rc, const struct tj_err *why, struct tj_cli *cli)
{
	if (rc == TJ_E_NOMEM || rc == TJ_E_INTERNAL)
		return tj_fail(&cli->err, rc, "%s", why->text);
	*refusal = rc == TJ_OK ? TJ_S("") : tj_str_dup(tj_str_of(why->text), cli->arena);
	return refusal->p == NULL ? tj_fail_nomem(&cli->err) : TJ_OK;
}

enum tj_rc
tj_log_trust_judge(struct tj_logged *logged, tj_str *refusal, const struct tj_log_trust *trust,
    enum tj_leaf_kind kind, const char *path, tj_str bytes, struct tj_cli *cli)
{
	const struct tj_logged_ask ask = { &trust->policy, trust->gm, kind };
	struct tj_err why = { .rc = TJ_OK };
	enum tj_rc rc;
	tj_str proof;

	TRY(tj_file_read(&proof, path, TJ_MAX_TLOG_PROOF, cli->arena, &cli->err));
	rc = tj_logged_check(logged, proof, &ask, bytes, cli->arena, &why);
	return refusal_of(refusal, rc, &why, cli);
}

enum tj_rc
tj_log_trust_judge_head(struct tj_logged *logged, tj_str *refusal,
    const struct tj_log_trust *trust, tj_str bytes, struct tj_cli *cli)
{
	const struct tj_logged_ask ask = { &trust->policy, trust->gm, TJ_LEAF_decl };
	struct tj_err why = { .rc = TJ_OK };
	const enum tj_rc rc = tj_logged_check_head(logged, bytes, &ask, cli->arena, &why);

	return refusal_of(refusal, rc, &why, cli);
}
