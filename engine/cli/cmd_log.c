#include <stdio.h>
#include <unistd.h>

#include "connectors/tlog_check.h"
#include "engine/cli/log.h"
#include "engine/cli/out.h"
#include "engine/cli/web_args.h"

static const struct tj_option options[] = {
	{ "name", "NAME", { "init: the log's name, its origin: works.example/log",
	    "init：日志名称（origin），如 works.example/log" } },
	{ "dir", "DIR", { "append, prove: all declarations of this company's registry",
	    "append、prove：该企业登记库中的全部声明" } },
	{ "hashes", "FILE", {
	    "append: files by their SHA-256, as sha256sum writes them; - is standard input",
	    "append：按 sha256sum 的输出追加；- 为标准输入" } },
	{ "kind", "KIND", { "what the files are: decl (without it), status, keys, grant, label",
	    "文件种类：decl（缺省）、status、keys、grant、label" } },
	{ "tag-key", "FILE", { "append, prove, subjects: a secret of 32 bytes that makes subject "
	    "tags", "append、prove、subjects：生成主题标签的密钥（32 字节）" } },
	{ "index", "N", { "prove: the leaf at this place, to standard output",
	    "prove：第 N 条，写到标准输出" } },
	{ "vkey", "KEY", { "verify, subjects, fsck: believe the log with this verifier key; may be "
	    "repeated", "verify、subjects、fsck：信任该验证密钥的日志；可重复" } },
	{ "policy", "FILE", { "verify, subjects, fsck, cosign: logs and witnesses to be believed, "
	    "and the quorum", "verify、subjects、fsck、cosign：可信日志、见证者及法定数" } },
	{ "proof", "FILE", { "verify: the proof, where it is not FILE.tlog-proof",
	    "verify：证明文件（缺省为 FILE.tlog-proof）" } },
	{ "head", NULL, { "verify: the files are checkpoints themselves, not what is in the log",
	    "verify：所给文件即检查点本身" } },
	{ "gm", NULL, { "init: every checkpoint is signed with a new SM2 key as well",
	    "init：另生成 SM2 密钥，每个检查点同时以其签名" } },
	{ "log-gm", "FILE.pem", { "verify: the checkpoint must be signed with this SM2 key too",
	    "verify：检查点还须有该 SM2 公钥的签名" } },
	{ "old", "SIZE", { "request: what the witness has seen last; without it 0",
	    "request：见证者上次所见的大小；缺省为 0" } },
	{ "node", "URL", { "anchor: a node of the chain", "anchor：链上节点的地址" } },
	{ "key", "FILE.pem", { "anchor: of an account, Ed25519 or SM2",
	    "anchor：链上账户的密钥（Ed25519 或 SM2）" } },
	TJ_WEB_OPTIONS,
	{ NULL, NULL, { NULL, NULL } }
};

/* A new key; or one that was made before something went wrong, and has signed nothing. */
static enum tj_rc
init_key(struct tj_note_key *key, struct tj_cli *cli, const char *dir, tj_str name)
{
	const tj_str path = tj_str_fmt(cli->arena, "%s/key.pem", dir);
	const tj_str head = tj_str_fmt(cli->arena, "%s/head", dir);
	struct tj_note_key old;

	if (path.p == NULL || head.p == NULL)
		return tj_fail_nomem(&cli->err);
	if (access(path.p, F_OK) != 0 || access(head.p, F_OK) == 0)
		return tj_note_key_make(key, cli, dir, name, TJ_VKEY_ED25519);
	TRY(tj_note_key_read(&old, cli, dir));
	if (!tj_str_eq(old.vkey.name, name) || old.vkey.type != TJ_VKEY_ED25519) {
		tj_note_key_fini(&old);
		return tj_fail(&cli->err, TJ_E_CONFLICT, "%s is the key of something else",
		    path.p);
	}
	*key = old;
	return TJ_OK;
}

/* An SM2 key for a log that is there: its next checkpoint has the line. */
static enum tj_rc
gm_add(struct tj_cli *cli, const char *dir, tj_str name)
{
	struct tj_note_key key;
	enum tj_rc rc;

	TRY(tj_note_key_read(&key, cli, dir));
	if (!tj_str_eq(key.vkey.name, name) || key.sm2 != NULL)
		rc = tj_fail(&cli->err, TJ_E_CONFLICT, key.sm2 != NULL ?
		    "%s has an SM2 key already" : "%s is the log of another name", dir);
	else
		rc = tj_note_key_make_gm(&key, cli, dir);
	tj_note_key_fini(&key);
	return rc;
}

static enum tj_rc
init(struct tj_cli *cli, const struct tj_args *args, const char *dir)
{
	const char *name = tj_args_value(args, "name");
	const bool gm = tj_args_has(args, "gm");
	const tj_str head = tj_str_fmt(cli->arena, "%s/head", dir);
	struct tj_note_key key;
	enum tj_rc rc;

	if (name == NULL)
		return tj_fail(&cli->err, TJ_E_USAGE,
		    "init wants the log's name: --name works.example/log");
	if (head.p == NULL)
		return tj_fail_nomem(&cli->err);
	if (gm && access(head.p, F_OK) == 0)
		return gm_add(cli, dir, tj_str_of(name));
	TRY(init_key(&key, cli, dir, tj_str_of(name)));
	rc = gm && key.sm2 == NULL ? tj_note_key_make_gm(&key, cli, dir) : TJ_OK;
	if (rc == TJ_OK)
		rc = tj_tlog_make(dir, key.vkey.name,
		    &(struct tj_tlog_signer){ tj_note_key_sign, &key, NULL }, &cli->err);
	tj_note_key_fini(&key);
	return rc;
}

static enum tj_rc
checkpoint(struct tj_cli *cli, const struct tj_args *args, const char *dir)
{
	struct tj_log_view view;

	(void)args;
	TRY(tj_log_view_open(&view, cli, dir));
	(void)fwrite(view.bytes.p, 1, view.bytes.n, stdout);
	tj_log_view_close(&view);
	return TJ_OK;
}

/* All of it, and that a key which is believed has signed it. */
static enum tj_rc
fsck(struct tj_cli *cli, const struct tj_args *args, const char *place)
{
	struct tj_log_view view;
	enum tj_rc rc;

	TRY(tj_log_view_find(&view, cli, args, place));
	rc = tj_tlog_check(view.reader, &view.checkpoint.root, &cli->err);
	if (rc == TJ_OK)
		(void)printf(TJ_SAY(cli, "%llu leaves of %.*s: sound\n", "%llu 条，%.*s：完好\n"),
		    (unsigned long long)view.checkpoint.size, TJ_FMT(view.checkpoint.origin));
	tj_log_view_close(&view);
	return rc;
}

static const struct {
	const char	*name;
	enum tj_rc	(*run)(struct tj_cli *, const struct tj_args *, const char *dir);
} actions[] = {
	{ "init", init }, { "append", tj_cmd_log_append }, { "checkpoint", checkpoint },
	{ "prove", tj_cmd_log_prove }, { "fsck", fsck }, { "request", tj_cmd_log_request },
	{ "cosign", tj_cmd_log_cosign }, { "anchor", tj_cmd_log_anchor },
};

static enum tj_rc
run(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const tj_str action = tj_str_of(args->operands[0]);

	if (tj_str_eq(action, TJ_S("verify")))
		return tj_cmd_log_verify(cli, args, status);
	if (tj_str_eq(action, TJ_S("subjects")))
		return tj_cmd_log_subjects(cli, args, status);
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (tj_str_eq(action, tj_str_of(actions[i].name)))
			return actions[i].run(cli, args, args->operands[1]);
	return tj_fail(&cli->err, TJ_E_USAGE, "log init, append, checkpoint, prove, verify, fsck, "
	    "subjects, request, cosign or anchor, not %.*s", TJ_FMT(action));
}

const struct tj_command tj_cmd_log = {
	.name = "log",
	.summary = { "a transparency log: append, prove, verify", "透明日志：追加、证明、核验" },
	.operands = "init|append|checkpoint|prove|fsck|subjects|request|cosign|anchor DIR "
	    "[FILE…] | verify FILE…",
	.operand_min = 2,
	.operand_max = 100000,
	.options = options,
	.about = {
		"A log that only grows: a Merkle tree (RFC 6962) over hashes of files, in tiles "
		"and with signed checkpoints as C2SP has them. DIR/public is what may be served, "
		"DIR/key.pem is the log's key.\n"
		"init makes it and prints the verifier key. append adds files, or with --dir all "
		"declarations of a company, that are not in it yet, signs one checkpoint for all, "
		"and prints the place of each file once that is on the disk. checkpoint prints the "
		"head. prove writes FILE.tlog-proof, which verify checks without the log (and with "
		"--head a checkpoint by itself); with --dir it makes and checks the proofs of all "
		"declarations and writes none. fsck reads all of it.\n"
		"subjects tells which leaves of the log are of the same product and period as the "
		"declarations given, and exits with 1 where there are two figures (equivocation), "
		"or leaves that are not among the files. fsck and subjects take the URL of a log "
		"as well, with --vkey or --policy.\n"
		"cosign asks the witnesses of the policy at their URLs, and publishes the "
		"checkpoint once its quorum has cosigned it. request prints what a witness is "
		"asked with (add-checkpoint), and cosign with files takes such answers.\n"
		"anchor writes the checkpoint's digest into 星火·链网 (BIF-Core).\n"
		"With init --gm, also of a log that is there, every checkpoint is signed with an "
		"SM2 key as well; whoever does not know such keys reads over it. A company names "
		"its log under [log] in tanji.conf, and `tanji run` then logs what it declares. "
		"docs/log.md has the formats.",
		"只增不减的日志：以文件哈希构成 Merkle 树（RFC 6962），按 C2SP 规范存为分块并签名检查点。"
		"DIR/public 可对外提供，DIR/key.pem 为日志密钥。\n"
		"init 建立日志并输出验证密钥；append 追加文件（或用 --dir 追加企业全部声明），一次签名，落盘后"
		"给出各文件的序号；checkpoint 显示当前检查点；prove 写出 FILE.tlog-proof，verify 可离线核验（--head 单独核验检查点），"
		"prove --dir 则逐一核验企业全部声明而不写文件；fsck 检查全部内容。\n"
		"subjects 列出日志中与所给声明同一产品、同一期间的全部条目；存在两个数值（前后不一）或有未出示的条目时"
		"退出状态为 1。fsck 与 subjects 也可用日志的 URL，须加 --vkey 或 --policy。\n"
		"cosign 按策略中的 URL 请求各见证者联署，达到法定数后才发布检查点。request 输出给见证者的请求，"
		"cosign 加文件则并入这些回答。\n"
		"anchor 将检查点摘要写入星火·链网（BIF-Core）。\n"
		"init --gm（亦可用于已有日志）使每个检查点另有 SM2 签名，不识别者可略过。企业在 tanji.conf 的 [log] 中写明日志后，"
		"`tanji run` 自动记录其声明。格式见 docs/log.md。",
	},
	.examples = "tanji log init log --name works.example/log\n"
	    "tanji log append log --dir works\n"
	    "tanji log prove log X.jws\n"
	    "tanji log init log --name works.example/log --gm\n"
	    "tanji log verify X.jws --vkey \"$(cat log/public/vkey)\"\n"
	    "tanji log cosign log --policy policy\n"
	    "tanji log subjects https://works.example/log X.jws Y.jws --tag-key tag.key "
	    "--vkey KEY\n"
	    "tanji log anchor log --node https://bif.example --key account.pem",
	.run = run,
};
