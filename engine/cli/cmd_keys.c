#include <stdio.h>
#include <unistd.h>

#include "connectors/file.h"
#include "engine/cli/env.h"
#include "engine/cli/key_files.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "engine/cli/run_log.h"
#include "exchange/did_bid.h"
#include "exchange/json.h"
#include "model/base/limits.h"

static const struct tj_option options[] = {
	{ "reason", "TEXT", { "why a key is revoked", "吊销密钥的原因" } },
	{ NULL, NULL, { NULL, NULL } }
};

/* What an action works on. */
struct ring {
	struct tj_cli		*cli;
	struct tj_workspace	 ws;
	struct tj_key_history	 history;
	struct tj_key		*key;		/* NULL until made or read */
	const char		*kid;		/* of revoke */
	tj_str			 reason;
};

static enum tj_rc
key_make(struct ring *ring)
{
	struct tj_cli *cli = ring->cli;
	tj_str pem;

	TRY(tj_key_generate(&ring->key, &cli->err));
	TRY(tj_key_write_pem(&pem, ring->key, cli->arena, &cli->err));
	TRY(tj_key_file_write(ring->ws.key_path, pem, cli->arena, &cli->err));
	(void)fprintf(stderr, "%s (0600: %s)\n", ring->ws.key_path,
	    TJ_SAY(cli, "keep it secret, keep a copy", "请保密并备份"));
	return TJ_OK;
}

/* The public files, and the history among them into the company's log. */
static enum tj_rc
ring_publish(struct ring *ring)
{
	const tj_str path = tj_str_fmt(ring->cli->arena, "%s/" TJ_KEY_HISTORY_FILE,
	    ring->ws.keys);
	struct tj_run_artefact history = { .path = path.p };
	struct tj_cli *cli = ring->cli;

	if (path.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_run_log_artefacts(cli, &ring->ws, TJ_LEAF_keys, NULL, 0));
	TRY(tj_key_files_publish(&ring->history, ring->key, &ring->ws, cli->arena, &cli->err));
	TRY(tj_file_read(&history.bytes, path.p, TJ_MAX_DOC_BYTES, cli->arena, &cli->err));
	return tj_run_log_artefacts(cli, &ring->ws, TJ_LEAF_keys, &history, 1);
}

/* The company's key into the history, behind those that are there. */
static enum tj_rc
key_add(struct ring *ring)
{
	struct tj_cli *cli = ring->cli;
	struct tj_jwk jwk = { 0 };

	TRY(tj_key_files_jwk(&jwk, ring->key, &ring->ws, &cli->err));
	TRY(tj_key_history_rotate(&ring->history, &jwk, cli->at, cli->arena, &cli->err));
	return ring_publish(ring);
}

static enum tj_rc
keys_new(struct ring *ring)
{
	if (access(ring->ws.key_path, F_OK) == 0)
		return tj_fail(&ring->cli->err, TJ_E_CONFLICT, "%s is there already; "
		    "name another `kid` and `key` in " TJ_CONF_FILE " and `tanji keys rotate`, "
		    "to change keys", ring->ws.key_path);
	if (ring->history.keys.n > 0)
		return tj_fail(&ring->cli->err, TJ_E_CONFLICT, "%s has published keys before; "
		    "name another `kid` and `key` in " TJ_CONF_FILE " and `tanji keys rotate`",
		    ring->ws.keys);
	TRY(key_make(ring));
	return key_add(ring);
}

/* tanji.conf names the new one; it is made here, unless it is there. */
static enum tj_rc
keys_rotate(struct ring *ring)
{
	if (tj_key_history_find(&ring->history, ring->ws.kid) != NULL)
		return tj_fail(&ring->cli->err, TJ_E_CONFLICT, "%.*s is in use or was; give the "
		    "new key a new `kid` and a new `key` file under [company] in " TJ_CONF_FILE,
		    TJ_FMT(ring->ws.kid));
	if (access(ring->ws.key_path, F_OK) == 0)
		TRY(tj_key_file_read(&ring->key, &ring->ws, ring->cli->arena, &ring->cli->err));
	else
		TRY(key_make(ring));
	return key_add(ring);
}

/* The record of the company's own key, which must be the one in its file. */
static enum tj_rc
own_record(struct tj_key_record **record, const struct ring *ring)
{
	struct tj_key_record *own = tj_key_history_find(&ring->history, ring->ws.kid);
	struct tj_err *err = &ring->cli->err;
	struct tj_jwk jwk = { 0 };

	TRY(tj_key_files_jwk(&jwk, ring->key, &ring->ws, err));
	if (own != NULL && memcmp(&own->jwk.point, &jwk.point, sizeof(jwk.point)) != 0)
		return tj_fail(err, TJ_E_CONFLICT, "another key was published as %.*s; give this "
		    "one a new `kid` in " TJ_CONF_FILE " and `tanji keys rotate`",
		    TJ_FMT(ring->ws.kid));
	*record = own;
	return TJ_OK;
}

static enum tj_rc
keys_publish(struct ring *ring)
{
	struct tj_cli *cli = ring->cli;
	struct tj_key_record *own = NULL;

	TRY(tj_key_file_read(&ring->key, &ring->ws, cli->arena, &cli->err));
	TRY(own_record(&own, ring));
	if (own == NULL)
		return key_add(ring);
	if (ring->history.version == 0)
		ring->history.version = 1;
	return ring_publish(ring);
}

static enum tj_rc
keys_revoke(struct ring *ring)
{
	struct tj_cli *cli = ring->cli;
	struct tj_key_record *record, *own = NULL;

	record = tj_key_history_find(&ring->history, tj_str_of(ring->kid));
	if (record == NULL)
		return tj_fail(&cli->err, TJ_E_NOTFOUND, "no key \"%s\" in the history; "
		    "`tanji keys history` shows them", ring->kid);
	TRY(tj_key_file_read(&ring->key, &ring->ws, cli->arena, &cli->err));
	TRY(own_record(&own, ring));
	if (own == NULL || own == record)
		return tj_fail(&cli->err, TJ_E_CONFLICT, "the word that %.*s is revoked must be "
		    "signed with another key: give [company] a new `kid` and `key` in "
		    TJ_CONF_FILE ", `tanji keys rotate`, then revoke",
		    TJ_FMT(record->jwk.kid));
	TRY(tj_key_history_revoke(&ring->history, record, cli->at, ring->reason, &cli->err));
	return ring_publish(ring);
}

static void
record_show(const struct ring *ring, const struct tj_key_record *record)
{
	const struct tj_cli *cli = ring->cli;
	const tj_time times[] = { record->valid_from, record->valid_until, record->revoked_at };
	const char *const names[] = {
		TJ_SAY(cli, "from", "启用"), TJ_SAY(cli, "until", "停用"),
		TJ_SAY(cli, "revoked", "吊销")
	};
	char text[TJ_TIME_TEXT];

	(void)printf("%.*s", TJ_FMT(record->jwk.kid));
	for (size_t i = 0; i < 3; i++)
		if (times[i] != TJ_TIME_NONE)
			(void)printf("  %s %s", names[i], tj_time_text(text, times[i]));
	(void)printf("%s%.*s\n", record->reason.n > 0 ? "  " : "", TJ_FMT(record->reason));
}

static enum tj_rc
keys_history(struct ring *ring)
{
	struct tj_cli *cli = ring->cli;
	tj_str payload = TJ_S("");

	if (cli->json) {
		TRY(tj_key_history_write(&payload, &ring->history, cli->arena, &cli->err));
		(void)printf("%.*s\n", TJ_FMT(payload));
		return TJ_OK;
	}
	for (size_t i = 0; i < ring->history.keys.n; i++)
		record_show(ring, &ring->history.keys.v[i]);
	return TJ_OK;
}

/* Makes the SM2 key that [gm] names, unless it is there, and publishes its other half. */
static enum tj_rc
gm_open(struct tj_sm2 **key, struct ring *ring)
{
	struct tj_cli *cli = ring->cli;
	tj_str pem = TJ_S("");

	if (ring->ws.gm_key == NULL)
		return tj_fail(&cli->err, TJ_E_CONFIG, "no SM2 key is named: `key = "
		    "out/keys/sm2.pem` under [gm] in " TJ_CONF_FILE);
	if (access(ring->ws.gm_key, F_OK) == 0)
		return tj_env_gm(key, &ring->ws, cli->arena, &cli->err);
	TRY(tj_sm2_generate(key, &cli->err));
	TRY(tj_sm2_write_pem(&pem, *key, false, cli->arena, &cli->err));
	return tj_key_file_write(ring->ws.gm_key, pem, cli->arena, &cli->err);
}

static enum tj_rc
gm_publish(const struct tj_sm2 *key, struct ring *ring)
{
	struct tj_cli *cli = ring->cli;
	const tj_str path = tj_str_fmt(cli->arena, "%s/sm2.pub.pem", ring->ws.keys);
	tj_bid_key bid = { .type = TJ_BID_SM2 };
	tj_str pem = TJ_S(""), did = TJ_S("");

	if (path.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_sm2_point(bid.raw, key, &cli->err));
	TRY(tj_bid_of_key(&did, &bid, cli->arena, &cli->err));
	TRY(tj_sm2_write_pem(&pem, key, true, cli->arena, &cli->err));
	TRY(tj_file_make_folder(ring->ws.keys, 0755, &cli->err));
	TRY(tj_file_write(path.p, pem, 0644, &cli->err));
	(void)fprintf(stderr, "%s\n", path.p);
	(void)printf("%.*s\n", TJ_FMT(did));
	return TJ_OK;
}

static enum tj_rc
keys_gm(struct ring *ring)
{
	struct tj_sm2 *key = NULL;
	enum tj_rc rc = gm_open(&key, ring);

	if (rc == TJ_OK)
		rc = gm_publish(key, ring);
	tj_sm2_free(key);
	return rc;
}

static enum tj_rc
keys_show(struct ring *ring)
{
	struct tj_cli *cli = ring->cli;
	const tj_str path = tj_str_fmt(cli->arena, "%s/did.json", ring->ws.keys);
	tj_str did;

	if (path.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_file_read(&did, path.p, TJ_MAX_DOC_BYTES, cli->arena, &cli->err));
	(void)fwrite(did.p, 1, did.n, stdout);
	(void)putchar('\n');
	return TJ_OK;
}

static const struct action {
	const char	*name;
	size_t		 operands;	/* before DIR */
	bool		 no_history;	/* it is not looked at */
	enum tj_rc	(*run)(struct ring *);
} actions[] = {
	{ "new", 0, false, keys_new },
	{ "show", 0, true, keys_show },
	{ "publish", 0, false, keys_publish },
	{ "rotate", 0, false, keys_rotate },
	{ "revoke", 1, false, keys_revoke },
	{ "history", 0, false, keys_history },
	{ "gm", 0, true, keys_gm },
};

static const struct action *
action_find(const char *name)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
	return NULL;
}

static enum tj_rc
keys(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const struct action *action = action_find(args->operands[0]);
	struct ring ring = { .cli = cli, .reason = tj_str_of(tj_args_value(args, "reason")) };
	const char *dir = ".";
	enum tj_rc rc;

	(void)status;
	if (action == NULL || args->operand_count < 1 + action->operands ||
	    args->operand_count > 2 + action->operands)
		return tj_fail(&cli->err, TJ_E_USAGE, "keys new, show, publish, rotate, "
		    "revoke KID, history or gm, and a folder, not %s", args->operands[0]);
	if (action->operands > 0)
		ring.kid = args->operands[1];
	if (args->operand_count == 2 + action->operands)
		dir = args->operands[1 + action->operands];
	TRY(tj_workspace_read(&ring.ws, dir, cli->arena, &cli->err));
	if (!action->no_history)
		TRY(tj_key_files_history(&ring.history, &ring.ws, cli->arena, &cli->err));
	rc = action->run(&ring);
	tj_key_free(ring.key);
	return rc;
}

const struct tj_command tj_cmd_keys = {
	.name = "keys",
	.summary = { "make, show, change and revoke signing keys",
	    "生成、查看、更换与吊销企业的签名密钥" },
	.operands = "new|show|publish|rotate|revoke KID|history|gm [DIR]",
	.operand_min = 1,
	.operand_max = 3,
	.options = options,
	.about = {
		"new makes a P-256 key (a file only its owner may read; it is never printed) and "
		"the public files others need: did.json for https://HOST/.well-known/did.json, "
		"jwks.json, one .jwk, and key-history.jws, which says since when each key is "
		"used.\n"
		"show prints the DID document. publish writes the public files again from the "
		"key.\n"
		"rotate: name a new `kid` and `key` under [company] in tanji.conf, then rotate "
		"makes that key and ends the one before, whose signatures still count.\n"
		"revoke KID says that a key is in other hands as of now, or of --at TIME: what it "
		"signed counts only with proof that it was signed before. A key that is in use is "
		"rotated first. history shows all keys.\n"
		"gm makes the SM2 key that `key` under [gm] names, writes sm2.pub.pem and prints "
		"its did:bid. With such a key every FILE.jws has a FILE.jws.sm2 beside it.",
		"new 生成 P-256 密钥（仅所有者可读，从不显示）以及供他人使用的公开文件：did.json"
		"（放在 https://主机/.well-known/did.json）、jwks.json、.jwk 与 key-history.jws"
		"（各密钥的使用时间）。\n"
		"show 显示 DID 文档；publish 由密钥重新写出公开文件。\n"
		"rotate：先在 tanji.conf 的 [company] 中写明新的 `kid` 与 `key`，再执行 rotate 生成新密钥"
		"并停用旧密钥，旧密钥已签的仍有效。\n"
		"revoke KID 声明某密钥自现在（或 --at 时刻）起已落入他人之手："
		"它所签的内容，只有能证明签于此前的才有效。正在使用的密钥须先更换。\n"
		"history 列出全部密钥。\n"
		"gm 生成 [gm] 的 `key` 所指的 SM2 密钥，写出 sm2.pub.pem 并显示其 did:bid。有此密钥时，"
		"每个 FILE.jws 旁都有国密签名 FILE.jws.sm2。",
	},
	.examples = "tanji keys new works\ntanji keys show works\ntanji keys rotate works\n"
	    "tanji keys revoke k1 works --at 2026-11-03T08:00:00Z --reason stolen",
	.run = keys,
};
