#include <stdio.h>
#include <unistd.h>

#include "connectors/file.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/workspace.h"
#include "exchange/did.h"
#include "model/base/limits.h"

/* Writes what others need: did.json, jwks.json and <name>.jwk. */
static enum tj_rc
public_write(struct tj_cli *cli, const struct tj_workspace *ws, const struct tj_key *key)
{
	const char *name = strchr(ws->kid.p, '#') + 1;
	struct tj_jwk jwk = { .kid = ws->kid };
	struct tj_did did = { .id = ws->issuer };
	tj_str json[3], path[3];

	TRY(tj_key_point(&jwk.point, key, &cli->err));
	if (!TJ_PUSH(cli->arena, &did.keys, jwk))
		return tj_fail_nomem(&cli->err);
	TRY(tj_did_write(&json[0], &did, cli->arena, &cli->err));
	TRY(tj_jwks_write(&json[1], &did, cli->arena, &cli->err));
	TRY(tj_jwk_write(&json[2], &jwk, cli->arena, &cli->err));
	path[0] = tj_str_fmt(cli->arena, "%s/did.json", ws->keys);
	path[1] = tj_str_fmt(cli->arena, "%s/jwks.json", ws->keys);
	path[2] = tj_str_fmt(cli->arena, "%s/%s.jwk", ws->keys, name);
	TRY(tj_file_make_folder(ws->keys, 0755, &cli->err));
	for (size_t i = 0; i < 3; i++) {
		if (path[i].p == NULL)
			return tj_fail_nomem(&cli->err);
		TRY(tj_file_write(path[i].p, json[i], 0644, &cli->err));
		(void)fprintf(stderr, "%s\n", path[i].p);
	}
	return TJ_OK;
}

static enum tj_rc
private_write(struct tj_cli *cli, const struct tj_workspace *ws, const struct tj_key *key)
{
	/* A slash is always there: see tj_workspace_path(). */
	const tj_str folder = tj_str_dup((tj_str){ ws->key_path,
	    (size_t)(strrchr(ws->key_path, '/') - ws->key_path) }, cli->arena);
	enum tj_rc rc;
	tj_str pem;

	if (folder.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_file_make_folder(folder.p, 0755, &cli->err));
	TRY(tj_key_write_pem(&pem, key, cli->arena, &cli->err));
	rc = tj_file_write(ws->key_path, pem, 0600, &cli->err);
	explicit_bzero((void *)(uintptr_t)pem.p, pem.n);
	if (rc == TJ_OK)
		(void)fprintf(stderr, "%s (0600: %s)\n", ws->key_path,
		    TJ_SAY(cli, "keep it secret, keep a copy", "请保密并备份"));
	return rc;
}

static enum tj_rc
keys_new(struct tj_cli *cli, const struct tj_workspace *ws)
{
	struct tj_key *key;
	enum tj_rc rc;

	if (access(ws->key_path, F_OK) == 0)
		return tj_fail(&cli->err, TJ_E_CONFLICT, "%s is there already; "
		    "name another `kid` and `key` in " TJ_CONF_FILE " to change keys",
		    ws->key_path);
	TRY(tj_key_generate(&key, &cli->err));
	rc = private_write(cli, ws, key);
	if (rc == TJ_OK)
		rc = public_write(cli, ws, key);
	tj_key_free(key);
	return rc;
}

/* Writes the public files again from the private key. */
static enum tj_rc
keys_publish(struct tj_cli *cli, const struct tj_workspace *ws)
{
	struct tj_key *key;
	enum tj_rc rc;
	tj_str pem;

	TRY(tj_file_read_private(&pem, ws->key_path, TJ_MAX_DOC_BYTES, cli->arena,
	    &cli->err));
	rc = tj_key_read_pem(&key, pem, &cli->err);
	explicit_bzero((void *)(uintptr_t)pem.p, pem.n);
	if (rc != TJ_OK)
		return tj_err_at(&cli->err, ws->key_path, 0, 0, NULL);
	rc = public_write(cli, ws, key);
	tj_key_free(key);
	return rc;
}

static enum tj_rc
keys_show(struct tj_cli *cli, const struct tj_workspace *ws)
{
	const tj_str path = tj_str_fmt(cli->arena, "%s/did.json", ws->keys);
	tj_str did;

	if (path.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_file_read(&did, path.p, TJ_MAX_DOC_BYTES, cli->arena, &cli->err));
	(void)fwrite(did.p, 1, did.n, stdout);
	(void)putchar('\n');
	return TJ_OK;
}

static enum tj_rc
keys(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const tj_str action = tj_str_of(args->operands[0]);
	struct tj_workspace ws;

	(void)status;
	TRY(tj_workspace_read(&ws, args->operand_count > 1 ? args->operands[1] : ".",
	    cli->arena, &cli->err));
	if (tj_str_eq(action, TJ_S("new")))
		return keys_new(cli, &ws);
	if (tj_str_eq(action, TJ_S("publish")))
		return keys_publish(cli, &ws);
	if (tj_str_eq(action, TJ_S("show")))
		return keys_show(cli, &ws);
	return tj_fail(&cli->err, TJ_E_USAGE,
	    "keys new, keys show or keys publish, not %.*s", TJ_FMT(action));
}

const struct tj_command tj_cmd_keys = {
	.name = "keys",
	.summary = { "make and show the company's signing key", "生成并查看企业的签名密钥" },
	.operands = "new|show|publish [DIR]",
	.operand_min = 1,
	.operand_max = 2,
	.about = {
		"new makes a P-256 key (a file only its owner may read; it is never printed) and "
		"the public files others need: did.json for https://HOST/.well-known/did.json, "
		"jwks.json and one .jwk.\n"
		"show prints the DID document. publish writes the public files again from the "
		"key.",
		"new 生成 P-256 密钥（仅所有者可读，从不显示）以及供他人使用的公开文件：did.json"
		"（放在 https://主机/.well-known/did.json）、jwks.json 与 .jwk。\n"
		"show 显示 DID 文档；publish 由密钥重新写出公开文件。",
	},
	.examples = "tanji keys new works\ntanji keys show works",
	.run = keys,
};
