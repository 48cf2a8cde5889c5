#include <stdio.h>
#include <unistd.h>

#include "connectors/file.h"
#include "connectors/store.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "engine/cli/workspace.h"
#include "exchange/format_vc.h"
#include "exchange/jws.h"
#include "model/base/limits.h"

/* A declaration as stored; what it says is shown, not vouched for. */
static enum tj_rc
show_jws(struct tj_cli *cli, tj_str bytes)
{
	struct tj_declaration decl;
	struct tj_jws jws;

	TRY(tj_jws_parse(&jws, tj_str_trim(bytes), cli->arena, &cli->err));
	if (cli->json) {
		(void)fwrite(jws.payload.p, 1, jws.payload.n, stdout);
		(void)putchar('\n');
		return TJ_OK;
	}
	TRY(tj_vc_read(&decl, NULL, jws.payload, cli->arena, &cli->err));
	tj_report_declaration(stdout, &decl, cli->lang);
	(void)printf(TJ_SAY(cli, "  not verified here: tanji verify\n",
	    "  此处未核验：请用 tanji verify\n"));
	return TJ_OK;
}

/* One line of JSON. */
static enum tj_rc
list_json(const struct tj_stored *stored, struct tj_arena *arena, struct tj_err *err)
{
	char hex[TJ_DIGEST_HEX];
	struct tj_json_writer json;
	tj_str text;

	tj_json_begin(&json, TJ_MAX_DOC_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_put(&json, "product", stored->product);
	tj_json_put(&json, "id", stored->id);
	tj_json_put(&json, "digest", tj_str_of(tj_digest_hex(hex, &stored->digest)));
	tj_json_close(&json, '}');
	TRY(tj_json_end(&text, &json, arena, err));
	(void)printf("%.*s\n", TJ_FMT(text));
	return TJ_OK;
}

static enum tj_rc
list_text(const struct tj_stored *stored, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_declaration decl;
	struct tj_jws jws;

	TRY(tj_jws_parse(&jws, stored->jws, arena, err));
	TRY(tj_vc_read(&decl, NULL, jws.payload, arena, err));
	tj_report_line(stdout, decl.product, decl.total_kgco2e, decl.unit, "");
	return TJ_OK;
}

/* In an arena of its own: a registry may hold millions. */
static enum tj_rc
list_one(void *ctx, const struct tj_stored *stored, struct tj_err *err)
{
	struct tj_cli *cli = ctx;
	struct tj_arena *arena = tj_arena_new(TJ_MAX_DOC_BYTES);
	enum tj_rc rc;

	if (arena == NULL)
		return tj_fail_nomem(err);
	rc = cli->json ? list_json(stored, arena, err) : list_text(stored, arena, err);
	tj_arena_free(arena);
	return rc;
}

static enum tj_rc
find(struct tj_cli *cli, struct tj_store *store, tj_str name)
{
	struct tj_stored stored;
	tj_ident ident;
	enum tj_rc rc;

	if (name.n == 0)
		return store->each(store, name, list_one, cli, &cli->err);
	if (tj_str_starts(name, TJ_S("urn:uuid:"))) {
		TRY(store->by_id(store, &stored, name, cli->arena, &cli->err));
	} else {
		TRY(tj_ident_parse(&ident, name, cli->arena, &cli->err));
		rc = store->newest(store, &stored, ident.canonical, cli->arena, &cli->err);
		if (rc == TJ_E_NOTFOUND)
			return tj_fail(&cli->err, rc, "no declaration of %.*s here; "
			    "`tanji show` lists what there is", TJ_FMT(name));
		if (rc != TJ_OK)
			return rc;
	}
	return show_jws(cli, stored.jws);
}

static enum tj_rc
show(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const char *name = args->operand_count > 0 ? args->operands[0] : "";
	struct tj_workspace ws;
	struct tj_store *store;
	enum tj_rc rc;
	tj_str bytes;

	(void)status;
	if (*name != '\0' && access(name, R_OK) == 0 && strstr(name, ".jws") != NULL) {
		TRY(tj_file_read(&bytes, name, 2 * TJ_MAX_DECLARATION, cli->arena,
		    &cli->err));
		return show_jws(cli, bytes);
	}
	TRY(tj_workspace_read(&ws, tj_args_value(args, "dir") == NULL ? "." :
	    tj_args_value(args, "dir"), cli->arena, &cli->err));
	TRY(tj_store_lmdb_open(&store, ws.registry, TJ_STORE_READ, &cli->err));
	rc = find(cli, store, tj_str_of(name));
	store->close(store);
	return rc;
}

static const struct tj_option options[] = {
	{ "dir", "DIR", { "the company's folder, . without it", "企业目录，缺省为 ." } },
	{ NULL, NULL, { NULL, NULL } }
};

const struct tj_command tj_cmd_show = {
	.name = "show",
	.summary = { "show a declaration, or list the registry", "显示声明，或列出登记库" },
	.operands = "[FILE.jws | IDENTIFIER | urn:uuid:…]",
	.operand_max = 1,
	.options = options,
	.about = {
		"Shows what a declaration says: a file, the newest one of a product in the "
		"company's registry, or one by its id. Without a word it lists the registry. "
		"With --json the payload as it was signed. It does not vouch for anything: see "
		"tanji verify.",
		"显示声明的内容：文件、登记库中某产品的最新声明，或按编号。不带参数时列出登记库。"
		"--json 输出签名时的原文。显示不等于核验，核验请用 tanji verify。",
	},
	.examples = "tanji show --dir works\ntanji show 88.999.1001/C260901 --dir works\n"
	    "tanji show out/declarations/X.jws --json",
	.run = show,
};
