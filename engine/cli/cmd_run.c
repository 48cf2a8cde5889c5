#include <stdio.h>

#include "connectors/store.h"
#include "engine/cli/compute.h"
#include "engine/cli/env.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/progress.h"
#include "engine/cli/publish.h"
#include "engine/cli/report.h"
#include "model/base/limits.h"

static const struct tj_option options[] = {
	{ "dry-run", NULL, { "compute and compare; sign and write nothing",
	    "仅计算与比对，不签名、不写入" } },
	{ NULL, NULL, { NULL, NULL } }
};

static const char *const states[3][2] = {
	{ "unchanged", "未变" }, { "new", "新增" }, { "replaces", "替换" }
};

struct publications {
	struct tj_publication	*v;
	size_t			 n;
};

static enum tj_rc
declare_all(struct publications *all, const struct tj_computed *c, struct tj_cli *cli)
{
	struct tj_numbers products;
	struct tj_declaration *declarations;

	TRY(tj_compute_declared(&products, c, cli->arena, &cli->err));
	all->n = products.list.n;
	all->v = TJ_NEWN(cli->arena, struct tj_publication, all->n);
	declarations = TJ_NEWN(cli->arena, struct tj_declaration, all->n);
	if (all->v == NULL || declarations == NULL)
		return tj_fail_nomem(&cli->err);
	for (size_t i = 0; i < all->n; i++) {
		tj_progress("declaring", i, all->n);
		all->v[i].declaration = &declarations[i];
		TRY(tj_compute_declaration(&declarations[i], c, products.list.v[i],
		    cli->arena, &cli->err));
	}
	tj_progress_end();
	return TJ_OK;
}

/* With what is published; where there is no registry yet, all is new. */
static enum tj_rc
compare_all(struct publications *all, const struct tj_workspace *ws, struct tj_cli *cli)
{
	struct tj_store *store = NULL;
	enum tj_rc rc;

	rc = tj_store_lmdb_open(&store, ws->registry, TJ_STORE_READ, &cli->err);
	if (rc == TJ_E_NOINPUT) {
		tj_err_clear(&cli->err);
		rc = TJ_OK;
	}
	for (size_t i = 0; i < all->n && rc == TJ_OK; i++)
		rc = tj_publish_compare(&all->v[i], store, cli->arena, &cli->err);
	if (store != NULL)
		store->close(store);
	return rc;
}

/* Key and folder come first: without them the registry is not touched. */
static enum tj_rc
publish_changed(struct publications *all, const struct tj_workspace *ws,
    struct tj_cli *cli)
{
	struct tj_signer *signer;
	struct tj_store *store = NULL;
	enum tj_rc rc;

	TRY(tj_env_signer(&signer, ws, cli->arena, &cli->err));
	rc = tj_publish_folder(ws->declarations, &cli->err);
	if (rc == TJ_OK)
		rc = tj_store_lmdb_open(&store, ws->registry, TJ_STORE_WRITE, &cli->err);
	if (rc == TJ_OK)
		rc = tj_publish_commit(all->v, all->n, store, signer, cli->arena,
		    &cli->err);
	if (store != NULL)
		store->close(store);
	signer->close(signer);
	return rc;
}

static enum tj_rc
publish_all(struct publications *all, const struct tj_workspace *ws, struct tj_cli *cli)
{
	size_t changed = 0;

	for (size_t i = 0; i < all->n; i++)
		changed += all->v[i].state != TJ_PUBLISH_UNCHANGED;
	if (changed > 0)
		TRY(publish_changed(all, ws, cli));
	else
		TRY(tj_publish_folder(ws->declarations, &cli->err));
	return tj_publish_files(all->v, all->n, ws->declarations, cli->arena, &cli->err);
}

static enum tj_rc
show_json(const struct publications *all, const struct tj_computed *c, struct tj_cli *cli)
{
	struct tj_json_writer json;
	char text[TJ_DEC_TEXT];

	tj_json_begin(&json, TJ_MAX_TABLE_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_open(&json, "declarations", '[');
	for (size_t i = 0; i < all->n; i++) {
		const struct tj_declaration *decl = all->v[i].declaration;

		tj_json_open(&json, NULL, '{');
		tj_json_put(&json, "product", decl->product);
		tj_json_put(&json, "id", decl->id);
		tj_json_put(&json, "state", tj_str_of(states[all->v[i].state][TJ_EN]));
		tj_json_put(&json, "total_kgco2e",
		    tj_str_of(tj_dec_text(text, decl->total_kgco2e)));
		tj_json_put(&json, "unit", tj_str_of(tj_unit_symbol(decl->unit)));
		tj_json_close(&json, '}');
	}
	tj_json_close(&json, ']');
	tj_report_findings_json(&json, &c->findings, cli->lang);
	tj_json_close(&json, '}');
	return tj_report_json(cli, &json);
}

static enum tj_rc
show(const struct publications *all, const struct tj_computed *c, bool dry,
    struct tj_cli *cli)
{
	size_t counts[3] = { 0 };

	if (cli->json)
		return show_json(all, c, cli);
	for (size_t i = 0; i < all->n; i++) {
		counts[all->v[i].state]++;
		tj_report_line(stdout, all->v[i].declaration,
		    states[all->v[i].state][cli->lang]);
	}
	(void)printf(TJ_SAY(cli,
	    "%zu declarations: %zu new, %zu replacing earlier ones, %zu unchanged\n",
	    "声明 %zu 份：新增 %zu，替换 %zu，未变 %zu\n"), all->n, counts[TJ_PUBLISH_NEW],
	    counts[TJ_PUBLISH_REPLACES], counts[TJ_PUBLISH_UNCHANGED]);
	if (!dry)
		(void)printf(TJ_SAY(cli, "registry %s, files %s/*.jws\n",
		    "登记库 %s，文件 %s/*.jws\n"), c->ws.registry, c->ws.declarations);
	return TJ_OK;
}

static enum tj_rc
run(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const bool dry = tj_args_has(args, "dry-run");
	struct tj_computed c;
	struct publications all = { 0 };

	(void)status;
	TRY(tj_compute(&c, cli, args->operand_count > 0 ? args->operands[0] : "."));
	TRY(declare_all(&all, &c, cli));
	TRY(compare_all(&all, &c.ws, cli));
	if (!dry)
		TRY(publish_all(&all, &c.ws, cli));
	return show(&all, &c, dry, cli);
}

const struct tj_command tj_cmd_run = {
	.name = "run",
	.summary = { "compute, declare, sign and publish", "计算、声明、签名并发布" },
	.operands = "[DIR]",
	.operand_max = 1,
	.options = options,
	.about = {
		"Reads the company's exports, asks the suppliers' registries for what was "
		"bought, computes every batch, and writes one signed declaration for each batch "
		"of the materials under [declare]: into the registry, all or none, and as *.jws "
		"files.\n"
		"Running again changes nothing where nothing changed: what is published is not "
		"signed again. A changed footprint gives a new declaration that names the one it "
		"replaces.",
		"读取企业导出的文件，向供应商的登记库查询外购品，逐批计算，并为 [declare] 所列物料的每一批写出一份"
		"签名声明：一次性写入登记库（全部成功或全部不写），并另存为 *.jws 文件。\n"
		"再次运行时，未变化的不会重新签名；足迹有变化的会产生新声明，并写明所替换的声明。",
	},
	.examples = "tanji run works\ntanji run --dry-run works\n"
	    "tanji run works --at 2026-10-15 --json",
	.run = run,
};
