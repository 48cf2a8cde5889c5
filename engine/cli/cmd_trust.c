#include <stdio.h>
#include <unistd.h>

#include "connectors/file.h"
#include "engine/cli/env.h"
#include "engine/cli/note_key.h"
#include "engine/cli/out.h"
#include "engine/cli/trust_lists.h"
#include "model/base/limits.h"

#define DAYS	90	/* that a list is valid, where nothing is said */

static const struct tj_option options[] = {
	{ "name", "NAME", { "key: the signer's name; make: the list's (steel.example/trust)",
	    "key：签署者名称；make：列表名称（如 steel.example/trust）" } },
	{ "days", "N", { "make: how long it is valid; 90 without it", "make：有效天数，缺省 90" } },
	{ "policy", "FILE", { "make: which logs and witnesses count for what those in the list "
	    "sign in batches", "make：对所列各方批量签名的内容采信的日志与见证策略" } },
	{ "signer", "KEY", { "use: whose word counts, instead of [trust] signer; may be repeated",
	    "use：认可的签署者公钥，代替 [trust] signer；可重复" } },
	{ "threshold", "N", { "use: so many of them must have signed; all without it",
	    "use：须有多少签署者签署；缺省为全部" } },
	{ NULL, NULL, { NULL, NULL } }
};

/* ---- make ---- */

/* All that the company believes, but itself. */
static enum tj_rc
issuers_take(struct tj_trust_list *list, const struct tj_trust *trust, tj_str own,
    struct tj_cli *cli)
{
	for (size_t i = 0; i < trust->issuers.n; i++) {
		struct tj_trust_issuer issuer;

		if (tj_str_eq(trust->issuers.v[i].id, own))
			continue;
		TRY(tj_trust_issuer_of(&issuer, &trust->issuers.v[i], cli->arena, &cli->err));
		if (!TJ_PUSH(cli->arena, &list->issuers.list, issuer))
			return tj_fail_nomem(&cli->err);
	}
	return list->issuers.list.n > 0 ? TJ_OK : tj_fail(&cli->err, TJ_E_CONFIG,
	    "nobody else is named under [trust] in " TJ_CONF_FILE);
}

static enum tj_rc
issuers_read(struct tj_trust_list *list, struct tj_cli *cli, const char *dir)
{
	struct tj_workspace ws;
	struct tj_trust trust;
	enum tj_rc rc;

	TRY(tj_workspace_read(&ws, dir, cli->arena, &cli->err));
	rc = tj_env_trust(&trust, &ws, cli->at, cli->arena, &cli->err);
	if (rc == TJ_OK)
		rc = issuers_take(list, &trust, ws.issuer, cli);
	tj_trust_fini(&trust);
	return rc;
}

/* One more than that of the list it takes the place of, under the same name. */
static enum tj_rc
head_make(struct tj_trust_list *list, struct tj_cli *cli, const struct tj_args *args,
    const char *path)
{
	const tj_str name = tj_str_of(tj_args_value(args, "name"));
	struct tj_trust_list before = { .name = name };
	tj_str bytes;

	if (access(path, F_OK) == 0)
		TRY(tj_trust_file_read(&before, &bytes, cli, path));
	if (before.name.n == 0 || (name.n > 0 && !tj_str_eq(name, before.name)))
		return tj_fail(&cli->err, TJ_E_USAGE, before.name.n == 0 ?
		    "--name steel.example/trust: what is the list called?" :
		    "the list is called otherwise: another name is another list and file");
	TRY(tj_args_until(&list->expires, args, cli->at, DAYS, &cli->err));
	list->name = before.name;
	list->version = before.version + 1;
	return TJ_OK;
}

static enum tj_rc
make(struct tj_cli *cli, const struct tj_args *args, const char *path, const char *dir)
{
	const char *policy = tj_args_value(args, "policy");
	struct tj_trust_list list = { .policy = TJ_S("") }, again;
	tj_str text = TJ_S("");

	TRY(head_make(&list, cli, args, path));
	TRY(issuers_read(&list, cli, dir));
	if (policy != NULL)
		TRY(tj_file_read(&list.policy, policy, TJ_MAX_POLICY_BYTES, cli->arena,
		    &cli->err));
	TRY(tj_trust_list_write(&text, &list, cli->arena, &cli->err));
	TRY(tj_trust_list_read(&again, text, cli->arena, &cli->err));
	TRY(tj_file_write(path, text, 0644, &cli->err));
	(void)printf(TJ_SAY(cli, "%s: version %u, %zu issuers; not signed yet\n",
	    "%s：第 %u 版，%zu 个签发者；尚未签署\n"), path, list.version, list.issuers.list.n);
	return TJ_OK;
}

/* ---- key, sign ---- */

static enum tj_rc
key_make(struct tj_cli *cli, const struct tj_args *args, const char *dir)
{
	const char *name = tj_args_value(args, "name");
	struct tj_note_key key;

	if (name == NULL)
		return tj_fail(&cli->err, TJ_E_USAGE, "--name NAME: what is the signer called?");
	TRY(tj_note_key_make(&key, cli, dir, tj_str_of(name), TJ_VKEY_ED25519));
	tj_note_key_fini(&key);
	return TJ_OK;
}

/* NOTFOUND: this key has not signed. */
static enum tj_rc
find_signature(tj_str bytes, const tj_vkey *vkey, struct tj_cli *cli)
{
	struct tj_note_seen seen;
	struct tj_note note;

	TRY(tj_note_parse(&note, bytes, cli->arena, &cli->err));
	TRY(tj_note_verify(&seen, &note, vkey, cli->arena, &cli->err));
	return seen.is_signed ? TJ_OK : TJ_E_NOTFOUND;
}

static enum tj_rc
sign_with(const struct tj_note_key *key, struct tj_cli *cli, const char *path)
{
	struct tj_trust_list list;
	tj_str bytes, text, lines, line = TJ_S("");
	enum tj_rc rc;

	TRY(tj_trust_file_read(&list, &bytes, cli, path));
	tj_trust_text_split(&text, &lines, bytes);
	rc = lines.n == 0 ? TJ_E_NOTFOUND : find_signature(bytes, &key->vkey, cli);
	if (rc != TJ_E_NOTFOUND)
		return rc;
	TRY(tj_note_sign(&line, text, &key->vkey, key->key, 0, cli->arena, &cli->err));
	bytes = tj_str_fmt(cli->arena, "%.*s\n%.*s%.*s", TJ_FMT(text), TJ_FMT(lines),
	    TJ_FMT(line));
	if (bytes.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_file_write(path, bytes, 0644, &cli->err));
	(void)printf("%.*s", TJ_FMT(line));
	return TJ_OK;
}

static enum tj_rc
sign(struct tj_cli *cli, const char *path, const char *dir)
{
	struct tj_note_key key;
	enum tj_rc rc;

	TRY(tj_note_key_read(&key, cli, dir));
	rc = key.vkey.type == TJ_VKEY_ED25519 ? sign_with(&key, cli, path) : tj_fail(&cli->err,
	    TJ_E_CONFIG, "%s is the folder of a witness; `tanji trust key` makes a signer's", dir);
	tj_note_key_fini(&key);
	return rc;
}

/* ---- show, use ---- */

static void
issuer_show(const struct tj_trust_issuer *issuer)
{
	(void)printf("  %.*s ", TJ_FMT(issuer->did.id));
	for (size_t i = 0; i < issuer->authorities.n; i++)
		(void)printf(" %.*s", TJ_FMT(issuer->authorities.v[i]));
	(void)printf("\n");
}

/* What it says; whether to believe it, is another question. */
static enum tj_rc
show(struct tj_cli *cli, const char *path)
{
	struct tj_trust_list list;
	tj_str bytes, text, lines, line;
	char until[TJ_TIME_TEXT];

	TRY(tj_trust_file_read(&list, &bytes, cli, path));
	tj_trust_text_split(&text, &lines, bytes);
	if (cli->json) {
		(void)tj_note_line(&line, &text);
		(void)printf("%.*s", TJ_FMT(text));
		return TJ_OK;
	}
	(void)printf(TJ_SAY(cli, "%.*s, version %u, until %s\n", "%.*s，第 %u 版，有效至 %s\n"),
	    TJ_FMT(list.name), list.version, tj_time_text(until, list.expires));
	for (size_t i = 0; i < list.issuers.list.n; i++)
		issuer_show(&list.issuers.list.v[i]);
	while (tj_note_line(&line, &list.policy))
		(void)printf("  %.*s\n", TJ_FMT(line));
	(void)printf("%.*s", TJ_FMT(lines));
	return TJ_OK;
}

static enum tj_rc
use(struct tj_cli *cli, const struct tj_args *args, const char *path, const char *dir)
{
	struct tj_trust_list list;
	struct tj_workspace ws;
	tj_str bytes;

	TRY(tj_workspace_read(&ws, dir, cli->arena, &cli->err));
	if (ws.list.path == NULL)
		return tj_fail(&cli->err, TJ_E_CONFIG, "where is it to be kept? `list = "
		    "trust.note` under [trust] in %s/" TJ_CONF_FILE, dir);
	TRY(tj_trust_options(&ws.list, cli, args));
	TRY(tj_trust_file_open(&list, &bytes, cli, path, &ws.list));
	TRY(tj_file_write(ws.list.path, bytes, 0644, &cli->err));
	(void)printf(TJ_SAY(cli, "%s: version %u of %.*s\n", "%s：第 %u 版 %.*s\n"), ws.list.path,
	    list.version, TJ_FMT(list.name));
	return TJ_OK;
}

static enum tj_rc
trust(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const tj_str action = tj_str_of(args->operands[0]);
	const char *first = args->operands[1];
	const char *second = args->operand_count > 2 ? args->operands[2] : ".";

	(void)status;
	if (tj_str_eq(action, TJ_S("key")) && args->operand_count == 2)
		return key_make(cli, args, first);
	if (tj_str_eq(action, TJ_S("make")))
		return make(cli, args, first, second);
	if (tj_str_eq(action, TJ_S("sign")) && args->operand_count == 3)
		return sign(cli, first, second);
	if (tj_str_eq(action, TJ_S("show")) && args->operand_count == 2)
		return show(cli, first);
	if (tj_str_eq(action, TJ_S("use")))
		return use(cli, args, first, second);
	return tj_fail(&cli->err, TJ_E_USAGE, "trust key KEYS, make LIST [DIR], sign LIST KEYS, "
	    "show LIST or use LIST [DIR]");
}

const struct tj_command tj_cmd_trust = {
	.name = "trust",
	.summary = { "lists of whom to believe, signed, for readers without a network",
	    "已签署的信任列表，供离线核验者使用" },
	.operands = "key KEYS|make LIST [DIR]|sign LIST KEYS|show LIST|use LIST [DIR]",
	.operand_min = 2,
	.operand_max = 3,
	.options = options,
	.about = {
		"A trust list names issuers, their keys and what they may speak for. An "
		"association, a customer or an authority signs it; readers take it for their "
		"[trust].\n"
		"key makes a signer's key in the folder KEYS and prints the line that readers "
		"name. make writes LIST with all whom the folder DIR names under [trust]; over a "
		"list that is there, the next version of it. sign adds a signature.\n"
		"With --policy the list also says which logs and witnesses count for what those "
		"in it sign in batches; it is given anew with each version. A reader's own "
		"[log ISSUER] goes before it.\n"
		"use puts a list into service where `list` under [trust] says, if so many "
		"(`threshold`, all without it) of those under `signer` have signed it, it has "
		"not expired, and its version is not lower than that of the list there. Once it "
		"expires, nothing is verified with it: get the next. `tanji verify --trust` takes "
		"a list without putting it into service.",
		"信任列表写明各签发者、其公钥及其可声明的标识，由协会、客户或主管机构签署，供核验者用作 [trust]。\n"
		"key 在目录 KEYS 中生成签署密钥，并显示核验者需要写明的公钥行。make 把 DIR 的 [trust] 所列各方写入 "
		"LIST；若该列表已存在，则写出下一版。sign 追加一个签名。\n"
		"--policy 使列表一并写明：对其中各方批量签名的内容采信哪些日志与见证者；每一版须重新给出。"
		"核验者自己的 [log 签发者] 优先。\n"
		"use 启用列表，存放于 [trust] 的 `list` 所指之处；条件是 `signer` 所列签署者中有足够数量"
		"（`threshold`，缺省为全部）已签署、尚未过期，且版本不低于现有列表。过期后不再用于核验，须取得新版。"
		"`tanji verify --trust` 可直接使用列表而不启用。",
	},
	.examples = "tanji trust key ~/signer --name steel.example\n"
	    "tanji trust make trust.note works --name steel.example/trust\n"
	    "tanji trust sign trust.note ~/signer\n"
	    "tanji trust use trust.note buyer",
	.run = trust,
};
