#include <stdio.h>

#include "connectors/file.h"
#include "engine/cli/log.h"
#include "engine/cli/log_trust.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "model/base/limits.h"

static enum tj_rc
tell(struct tj_cli *cli, const char *path, const struct tj_logged *logged, bool is_head,
    tj_str refusal)
{
	struct tj_json_writer json;

	if (!cli->json && refusal.n > 0)
		(void)printf("%s: %s: %.*s\n", path, TJ_SAY(cli, "REFUSED", "未通过"),
		    TJ_FMT(refusal));
	else if (!cli->json && is_head)
		(void)printf(TJ_SAY(cli, "%s: checkpoint of the %llu of %.*s, cosigned by %zu\n",
		    "%s：检查点（共 %llu 条），日志 %.*s，见证 %zu 个\n"), path,
		    (unsigned long long)logged->size, TJ_FMT(logged->origin), logged->witnesses);
	else if (!cli->json)
		(void)printf(TJ_SAY(cli, "%s: leaf %llu of the %llu of %.*s, cosigned by %zu\n",
		    "%s：第 %llu 条（共 %llu 条），日志 %.*s，见证 %zu 个\n"), path,
		    (unsigned long long)logged->index, (unsigned long long)logged->size,
		    TJ_FMT(logged->origin), logged->witnesses);
	if (!cli->json)
		return TJ_OK;
	tj_json_begin(&json, TJ_MAX_DOC_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_put(&json, "file", tj_str_of(path));
	tj_json_put_bool(&json, "accepted", refusal.n == 0);
	if (refusal.n == 0) {
		tj_json_put(&json, "origin", logged->origin);
		if (!is_head)
			tj_json_put_count(&json, "index", (size_t)logged->index);
		tj_json_put_count(&json, "size", (size_t)logged->size);
		tj_json_put_count(&json, "witnesses", logged->witnesses);
	} else {
		tj_json_put(&json, "reason", refusal);
	}
	tj_json_close(&json, '}');
	return tj_report_json(cli, &json);
}

/* What is asked of each file: that a log has it, or is_head: that it is a checkpoint. */
struct asked {
	const struct tj_log_trust	*trust;
	const char			*proof;		/* NULL: beside the file */
	enum tj_leaf_kind		 kind;
	bool				 is_head;
};

static enum tj_rc
judge(struct tj_logged *logged, tj_str *refusal, const struct asked *asked, const char *path,
    struct tj_cli *cli)
{
	const tj_str beside = tj_str_fmt(cli->arena, "%s.tlog-proof", path);
	tj_str bytes;

	if (beside.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_file_read(&bytes, path, TJ_MAX_DOC_BYTES, cli->arena, &cli->err));
	if (asked->is_head)
		return tj_log_trust_judge_head(logged, refusal, asked->trust, bytes, cli);
	return tj_log_trust_judge(logged, refusal, asked->trust, tj_log_kind(asked->kind, bytes),
	    asked->proof == NULL ? beside.p : asked->proof, bytes, cli);
}

static enum tj_rc
verify_one(struct tj_cli *cli, const char *path, const struct asked *asked, int *status)
{
	struct tj_logged logged = { .index = 0 };
	tj_str refusal = TJ_S("");

	TRY(judge(&logged, &refusal, asked, path, cli));
	if (refusal.n > 0)
		*status = tj_rc_exit(TJ_E_REFUSED);
	return tell(cli, path, &logged, asked->is_head, refusal);
}

static enum tj_rc
verify_all(struct tj_cli *cli, const struct tj_args *args, const struct tj_log_trust *trust,
    int *status)
{
	struct asked asked = { .trust = trust, .proof = tj_args_value(args, "proof"),
	    .is_head = tj_args_has(args, "head") };
	struct tj_log_leaves leaves;

	if (trust->policy.logs.n == 0)
		return tj_fail(&cli->err, TJ_E_USAGE,
		    "which log is to be believed? --vkey KEY, or --policy FILE with a log line");
	TRY(tj_log_leaves_read(&leaves, cli, args));
	asked.kind = leaves.kind;
	for (size_t i = 1; i < args->operand_count; i++)
		TRY(verify_one(cli, args->operands[i], &asked, status));
	return TJ_OK;
}

enum tj_rc
tj_cmd_log_verify(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	struct tj_log_trust trust;
	enum tj_rc rc;

	if (tj_args_has(args, "proof") && args->operand_count != 2)
		return tj_fail(&cli->err, TJ_E_USAGE, "--proof is of one file");
	if (tj_args_has(args, "proof") && tj_args_has(args, "head"))
		return tj_fail(&cli->err, TJ_E_USAGE, "--head: a checkpoint has no proof");
	rc = tj_log_trust_read(&trust, cli, args);
	if (rc == TJ_OK)
		rc = verify_all(cli, args, &trust, status);
	tj_log_trust_fini(&trust);
	return rc;
}
