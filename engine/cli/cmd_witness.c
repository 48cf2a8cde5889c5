#include <stdio.h>

#include "connectors/witness_store.h"
#include "engine/cli/note_key.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "engine/cli/witness_logs.h"

static const struct tj_option options[] = {
	{ "name", "NAME", { "init: the witness's name: witness.example",
	    "init：见证者名称，如 witness.example" } },
	{ NULL, NULL, { NULL, NULL } }
};

static enum tj_rc
init(struct tj_cli *cli, const struct tj_args *args, const char *dir)
{
	const char *name = tj_args_value(args, "name");
	struct tj_note_key key;

	if (name == NULL)
		return tj_fail(&cli->err, TJ_E_USAGE,
		    "init wants the witness's name: --name witness.example");
	TRY(tj_note_key_make(&key, cli, dir, tj_str_of(name), TJ_VKEY_COSIGNATURE));
	tj_note_key_fini(&key);
	return tj_witness_logs_begin(cli, dir);
}

static enum tj_rc
answer_tell(struct tj_cli *cli, const struct tj_witness_answer *answer)
{
	struct tj_json_writer json;

	if (!cli->json) {
		(void)fwrite(answer->body.p, 1, answer->body.n, stdout);
		(void)fprintf(stderr, "%u %s\n", answer->status, answer->type);
		return TJ_OK;
	}
	tj_json_begin(&json, TJ_MAX_DOC_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_put_count(&json, "status", answer->status);
	tj_json_put(&json, "type", tj_str_of(answer->type));
	tj_json_put(&json, "body", answer->body);
	tj_json_close(&json, '}');
	return tj_report_json(cli, &json);
}

static enum tj_rc
cosign_with(const struct tj_note_key *key, struct tj_cli *cli, const struct tj_args *args,
    const char *dir, int *status)
{
	struct tj_witness_answer answer;
	struct tj_policy logs;
	struct tj_witness witness = { .vkey = key->vkey, .key = key->key, .logs = &logs };
	tj_str request;

	if (key->vkey.type != TJ_VKEY_COSIGNATURE)
		return tj_fail(&cli->err, TJ_E_CONFIG, "%s is a log, not a witness", dir);
	if (cli->at <= 0)
		return tj_fail(&cli->err, TJ_E_USAGE, "a cosignature is of a time after 1970");
	TRY(tj_witness_logs_read(&logs, cli, dir));
	TRY(tj_note_input(&request, cli, args->operand_count > 2 ? args->operands[2] : "-",
	    TJ_MAX_TLOG_PROOF));
	TRY(tj_witness_store_answer(&answer, dir, &witness, request, (uint64_t)cli->at,
	    cli->arena, &cli->err));
	if (answer.status != 200)
		*status = tj_rc_exit(TJ_E_REFUSED);
	return answer_tell(cli, &answer);
}

/* One request, answered as its HTTP interface would. */
static enum tj_rc
cosign(struct tj_cli *cli, const struct tj_args *args, const char *dir, int *status)
{
	struct tj_note_key key;
	enum tj_rc rc;

	TRY(tj_note_key_read(&key, cli, dir));
	rc = cosign_with(&key, cli, args, dir, status);
	tj_note_key_fini(&key);
	return rc;
}

static enum tj_rc
run(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const tj_str action = tj_str_of(args->operands[0]);
	const char *dir = args->operands[1];

	if (tj_str_eq(action, TJ_S("init")))
		return init(cli, args, dir);
	if (tj_str_eq(action, TJ_S("follow")))
		return args->operand_count < 3 ? tj_fail(&cli->err, TJ_E_USAGE,
		    "follow which log? its verifier key") :
		    tj_witness_logs_add(cli, dir, args->operands[2]);
	if (tj_str_eq(action, TJ_S("cosign")))
		return cosign(cli, args, dir, status);
	return tj_fail(&cli->err, TJ_E_USAGE, "witness init, follow or cosign, not %.*s",
	    TJ_FMT(action));
}

const struct tj_command tj_cmd_witness = {
	.name = "witness",
	.summary = { "cosign the logs of others", "为他人的日志作见证" },
	.operands = "init DIR | follow DIR VKEY | cosign DIR [REQUEST]",
	.operand_min = 2,
	.operand_max = 3,
	.options = options,
	.about = {
		"A witness (C2SP tlog-witness) keeps the latest head of each log that it follows, "
		"and cosigns the next one only if it is proven that the log grew and nothing else: "
		"who shows two histories finds no witness for the second.\n"
		"init makes its key and prints its verifier key. follow adds a log. cosign answers "
		"one add-checkpoint request, a file or standard input: the body of the answer on "
		"standard output, its HTTP status on standard error; it exits with 1 unless that "
		"is 200.",
		"见证者（C2SP tlog-witness）保存其关注的各日志的最新状态；只有证明日志仅有增长才会联署，"
		"因此出示两套历史者得不到第二份见证。\n"
		"init 生成密钥并输出验证密钥；follow 添加日志；cosign 回答一个 add-checkpoint 请求（文件或标准"
		"输入）：回答写到标准输出，HTTP 状态写到标准错误，非 200 时退出状态为 1。",
	},
	.examples = "tanji witness init w --name witness.example\n"
	    "tanji witness follow w \"$(cat log/public/vkey)\"\n"
	    "tanji witness cosign w request > answer",
	.run = run,
};
