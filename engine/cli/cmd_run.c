#include <stdio.h>

#include "connectors/store.h"
#include "engine/cli/env.h"
#include "engine/cli/issue.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "engine/cli/run_log.h"
#include "engine/cli/since.h"
#include "engine/cli/times.h"
#include "exchange/signer_batch.h"
#include "model/base/limits.h"

static const struct tj_option options[] = {
	{ "dry-run", NULL, { "compute and compare; sign and write nothing",
	    "仅计算与比对，不签名、不写入" } },
	{ "since", NULL, { "declare again only what changed since the last run",
	    "仅重新声明上次运行以来有变化的" } },
	{ "times", NULL, {
	    "show where the time went: on standard error, or with --json in the answer",
	    "显示各阶段用时：输出到标准错误，使用 --json 时在结果中" } },
	{ NULL, NULL, { NULL, NULL } }
};

static const char *const states[3][2] = {
	{ "unchanged", "未变" }, { "new", "新增" }, { "replaces", "替换" }
};

/* What is said of declarations, as they come. */
struct showing {
	struct tj_cli		*cli;
	struct tj_json_writer	 json;
	size_t			 counts[3];	/* by state */
	struct tj_since		 since;
	struct tj_run_log	 log;
	bool			 changes;	/* --since: the unchanged are only counted */
};

/* Of what is in another unit than it was, nothing. */
static bool
difference(tj_dec *out, const struct tj_publication *p)
{
	return p->state == TJ_PUBLISH_REPLACES && p->unit == p->old_unit &&
	    tj_dec_sub(out, p->total_kgco2e, p->old_total_kgco2e, NULL) == TJ_OK;
}

static void
old_json(struct tj_json_writer *json, const struct tj_publication *p)
{
	char text[TJ_DEC_TEXT];
	tj_dec by;

	if (p->state != TJ_PUBLISH_REPLACES)
		return;
	tj_json_put(json, "replaces", p->old_id);
	tj_json_put(json, "old_total_kgco2e", tj_str_of(tj_dec_text(text,
	    p->old_total_kgco2e)));
	tj_json_put(json, "old_unit", tj_str_of(tj_unit_symbol(p->old_unit)));
	if (difference(&by, p))
		tj_json_put(json, "difference_kgco2e", tj_str_of(tj_dec_text(text, by)));
}

static void
old_text(const struct tj_publication *p, const struct tj_cli *cli)
{
	char old[TJ_DEC_TEXT], text[TJ_DEC_TEXT];
	tj_dec by = TJ_DEC_ZERO;

	if (p->state != TJ_PUBLISH_REPLACES)
		return;
	(void)printf(TJ_SAY(cli, "%14s kg CO2e/%-6s before", "%14s kg CO2e/%-6s 原值"),
	    tj_dec_text(old, p->old_total_kgco2e), tj_unit_symbol(p->old_unit));
	if (difference(&by, p))
		(void)printf(TJ_SAY(cli, ", a difference of %s", "，相差 %s"),
		    tj_dec_text(text, by));
	(void)putchar('\n');
}

static void
one_json(struct tj_json_writer *json, const struct tj_publication *p, bool changes)
{
	char text[TJ_DEC_TEXT];

	tj_json_open(json, NULL, '{');
	tj_json_put(json, "product", p->stored.product);
	tj_json_put(json, "id", p->stored.id);
	tj_json_put(json, "state", tj_str_of(states[p->state][TJ_EN]));
	tj_json_put(json, "total_kgco2e", tj_str_of(tj_dec_text(text, p->total_kgco2e)));
	tj_json_put(json, "unit", tj_str_of(tj_unit_symbol(p->unit)));
	if (changes)
		old_json(json, p);
	tj_json_close(json, '}');
}

static void
one_text(const struct tj_publication *p, const struct showing *showing)
{
	tj_report_line(stdout, p->stored.product, p->total_kgco2e, p->unit,
	    states[p->state][showing->cli->lang]);
	if (showing->changes)
		old_text(p, showing->cli);
}

static enum tj_rc
show(void *ctx, const struct tj_publication *p, size_t n)
{
	struct showing *showing = ctx;
	struct tj_cli *cli = showing->cli;

	for (size_t i = 0; i < n; i++) {
		showing->counts[p[i].state]++;
		if (showing->changes && p[i].state == TJ_PUBLISH_UNCHANGED)
			continue;
		if (cli->json)
			one_json(&showing->json, &p[i], showing->changes);
		else
			one_text(&p[i], showing);
	}
	tj_since_note(&showing->since, p, n);
	TRY(tj_run_log_note(&showing->log, p, n));
	return cli->json ? tj_report_json_part(&showing->json, &cli->err) : TJ_OK;
}

static void
show_begin(struct showing *showing)
{
	if (!showing->cli->json)
		return;
	tj_json_begin(&showing->json, TJ_MAX_TABLE_BYTES);
	tj_json_open(&showing->json, NULL, '{');
	tj_json_open(&showing->json, showing->changes ? "reissue" : "declarations", '[');
}

static void
log_json(struct tj_json_writer *json, const struct tj_run_log *log)
{
	if (!log->is_open)
		return;
	tj_json_open(json, "log", '{');
	tj_json_put(json, "origin", log->fill.key.vkey.name);
	tj_json_put_count(json, "appended", log->fill.added);
	tj_json_put_count(json, "size", (size_t)tj_tlog_size(log->fill.log));
	tj_json_close(json, '}');
}

static void
log_text(const struct tj_cli *cli, const struct tj_run_log *log)
{
	if (log->is_open)
		(void)printf(TJ_SAY(cli, "log %.*s: %zu appended, size %llu\n",
		    "日志 %.*s：新增 %zu 条，共 %llu 条\n"), TJ_FMT(log->fill.key.vkey.name),
		    log->fill.added, (unsigned long long)tj_tlog_size(log->fill.log));
}

static enum tj_rc
end_json(struct showing *showing, const struct tj_computed *c, bool times)
{
	struct tj_json_writer *json = &showing->json;

	tj_json_close(json, ']');
	if (showing->changes)
		tj_json_put_count(json, "unchanged", showing->counts[TJ_PUBLISH_UNCHANGED]);
	log_json(json, &showing->log);
	tj_report_findings_json(json, &c->findings, showing->cli->lang);
	if (times)
		tj_times_json(json);
	tj_json_close(json, '}');
	return tj_report_json(showing->cli, json);
}

static void
end_text(const struct showing *showing, const struct tj_computed *c, bool dry)
{
	const struct tj_cli *cli = showing->cli;
	const size_t *counts = showing->counts;

	(void)printf(TJ_SAY(cli,
	    "%zu declarations: %zu new, %zu replacing earlier ones, %zu unchanged\n",
	    "声明 %zu 份：新增 %zu，替换 %zu，未变 %zu\n"), counts[0] + counts[1] + counts[2],
	    counts[TJ_PUBLISH_NEW], counts[TJ_PUBLISH_REPLACES], counts[TJ_PUBLISH_UNCHANGED]);
	if (!dry && c->ws.files)
		(void)printf(TJ_SAY(cli, "registry %s, files %s/*.jws\n",
		    "登记库 %s，文件 %s/*.jws\n"), c->ws.registry, c->ws.declarations);
	else if (!dry)
		(void)printf(TJ_SAY(cli, "registry %s\n", "登记库 %s\n"), c->ws.registry);
	log_text(cli, &showing->log);
	if (!dry && c->ws.publish.node.n > 0)
		(void)printf(TJ_SAY(cli, "`tanji publish %.*s` sends what is new to %.*s\n",
		    "`tanji publish %.*s` 将新声明发送至 %.*s\n"), TJ_FMT(c->ws.dir),
		    TJ_FMT(c->ws.publish.node));
}

static enum tj_rc
show_end(struct showing *showing, const struct tj_computed *c, bool dry, bool times)
{
	tj_times_end();
	showing->counts[TJ_PUBLISH_UNCHANGED] += showing->since.passed_by;
	if (showing->cli->json)
		return end_json(showing, c, times);
	if (times)
		tj_times_show(stderr, showing->cli->lang);
	end_text(showing, c, dry);
	return TJ_OK;
}

/* What it takes to issue declarations; a registry that is only compared with has no signer. */
struct office {
	struct tj_store		*store;
	struct tj_signer	*signer;
	struct tj_signer	*batch;		/* NULL: each is signed by the signer */
	struct tj_sm2		*gm;
	struct tj_err		 why_not;	/* why there is no signer */
};

/* Where there is none, all is new. */
static enum tj_rc
open_to_read(struct office *office, const struct tj_workspace *ws, struct tj_cli *cli)
{
	const enum tj_rc rc = tj_store_lmdb_open(&office->store, ws->registry,
	    TJ_STORE_READ, &cli->err);

	if (rc != TJ_E_NOINPUT)
		return rc;
	tj_err_clear(&cli->err);
	return TJ_OK;
}

/* Key and folder come first: without them the registry is not touched. */
static enum tj_rc
open_to_write(struct office *office, const struct tj_workspace *ws, struct tj_arena *arena)
{
	struct tj_err *err = &office->why_not;
	enum tj_rc rc;

	TRY(tj_env_signer(&office->signer, ws, arena, err));
	rc = tj_env_gm(&office->gm, ws, arena, err);
	if (rc == TJ_OK && ws->batch)
		rc = tj_signer_batch_open(&office->batch, ws->kid, err);
	if (rc == TJ_OK && ws->files)
		rc = tj_publish_folder(ws->declarations, err);
	if (rc == TJ_OK)
		rc = tj_store_lmdb_open(&office->store, ws->registry, TJ_STORE_WRITE, err);
	if (rc == TJ_OK)
		return rc;
	office->signer->close(office->signer);
	office->signer = NULL;
	return rc;
}

static void
close_store(struct office *office)
{
	if (office->store != NULL)
		office->store->close(office->store);
	office->store = NULL;
}

/* Looked at first: one that is damaged is told of before anything is made. */
static enum tj_rc
office_open(struct office *office, const struct tj_workspace *ws, bool dry,
    struct tj_cli *cli)
{
	TRY(open_to_read(office, ws, cli));
	if (dry)
		return TJ_OK;
	close_store(office);
	return open_to_write(office, ws, cli->arena) == TJ_OK ? TJ_OK
	    : open_to_read(office, ws, cli);
}

static void
office_close(struct office *office)
{
	close_store(office);
	tj_sm2_free(office->gm);
	if (office->batch != NULL)
		office->batch->close(office->batch);
	if (office->signer != NULL)
		office->signer->close(office->signer);
}

/* What declarations are signed with; the company's key then signs the checkpoint of a batch. */
static struct tj_signer *
pen_of(const struct office *office)
{
	return office->signer != NULL && office->batch != NULL ? office->batch : office->signer;
}

/* Nothing is left to be issued where all is passed by. */
static enum tj_rc
issue_with(struct showing *showing, const struct tj_computed *c, const struct office *office,
    bool dry, struct tj_cli *cli)
{
	struct tj_since *since = &showing->since;
	const bool has_status = c->ws.status_url.n > 0;
	struct tj_slots slots = { .saved = 0 };
	const struct tj_issuing what = { .computed = c, .group = c->ws.group,
	    .slots = has_status ? &slots : NULL,
	    .crew = cli->crew, .products = since->products, .count = since->count,
	    .store = office->store,
	    .signer = pen_of(office),
	    .why_not = dry || office->signer != NULL ? NULL : &office->why_not,
	    .folder = dry || !c->ws.files ? NULL : c->ws.declarations, .gm = office->gm,
	    .leaves = showing->log.is_open ? &showing->log.fill.leaves : NULL,
	    .show = show, .ctx = showing };

	if (has_status)
		TRY(tj_slots_open(&slots, &c->ws, cli->arena, &cli->err));
	if (office->signer != NULL)
		TRY(tj_run_log_begin(&showing->log, office->store));
	if (since->count > 0)
		TRY(tj_issue(&what, &cli->err));
	if (office->signer == NULL)
		return TJ_OK;
	TRY(tj_since_keep(since, &cli->err));
	tj_times_begin("log");
	return tj_run_log_end(&showing->log);
}

static enum tj_rc
issue(struct showing *showing, const struct tj_computed *c, bool dry,
    struct tj_findings *findings)
{
	struct tj_cli *cli = showing->cli;
	struct office office = { .store = NULL };
	struct tj_numbers products;
	enum tj_rc rc;

	TRY(tj_compute_declared(&products, c, cli->arena, &cli->err));
	TRY(tj_since_begin(&showing->since, c, &products, cli->arena, &cli->err));
	rc = dry ? TJ_OK : tj_run_log_open(&showing->log, cli, &c->ws);
	if (rc == TJ_OK)
		rc = office_open(&office, &c->ws, dry, cli);
	if (rc == TJ_OK && showing->changes)
		rc = tj_since_pass_by(&showing->since, office.store, findings, &cli->err);
	if (rc == TJ_OK)
		rc = issue_with(showing, c, &office, dry, cli);
	office_close(&office);
	return rc;
}

/* What was found after all others were told. */
static void
findings_join(struct tj_findings *all, const struct tj_findings *late,
    const struct tj_cli *cli)
{
	tj_out_findings(stderr, late, cli->lang, cli->quiet);
	for (size_t i = 0; i < late->list.n; i++) {
		const struct tj_finding *it = &late->list.v[i];

		tj_findings_add(all, it->rule, it->place, it->subject, "%.*s",
		    TJ_FMT(it->text));
	}
}

static enum tj_rc
run(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const bool dry = tj_args_has(args, "dry-run");
	struct showing showing = { .cli = cli, .changes = tj_args_has(args, "since") };
	struct tj_findings late;
	struct tj_computed c;
	enum tj_rc rc;

	(void)status;
	tj_findings_init(&late, cli->arena);
	TRY(tj_compute(&c, cli, args->operand_count > 0 ? args->operands[0] : "."));
	show_begin(&showing);
	rc = issue(&showing, &c, dry, &late);
	findings_join(&c.findings, &late, cli);
	if (rc == TJ_OK)
		rc = show_end(&showing, &c, dry, tj_args_has(args, "times"));
	tj_run_log_close(&showing.log);
	tj_buf_fini(&showing.json.buf);
	return rc;
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
		"of the materials under [declare]: into the registry, and as *.jws files unless "
		"`files = no` stands under [output].\n"
		"What can be refused is refused before anything is written. Then the registry "
		"takes up to 32768 declarations at once (`group` under [output]), all or none: "
		"a smaller run is published whole or not at all, a larger one group by group, "
		"each on the disk before its lines are shown.\n"
		"Running again changes nothing where nothing changed: what is published is not "
		"signed again, so that a run that was broken off goes on where it stopped. A "
		"changed footprint gives a new declaration that names the one it replaces.\n"
		"With a log under [log] each declaration becomes a leaf of it, one checkpoint is "
		"signed at the end, and FILE.jws.tlog-proof lies beside each file. What a run that "
		"was broken off has not logged, the next one does. With `policy` there, the "
		"checkpoint is shown once a quorum of its witnesses has cosigned it; without one "
		"the run exits with 1, and the next one asks again.\n"
		"With --since only what lies downstream of a change since the last run is declared "
		"and compared at all, which is quicker, and shown: each declaration that must be "
		"issued again with its old and new total; with --dry-run nothing is issued. The "
		"registry is then as a run without --since leaves it; files that were removed are "
		"not written again. What is needed for this lies in the registry's folder as "
		"`kept`; without it everything is declared and compared, as without --since.",
		"读取企业导出的文件，向供应商的登记库查询外购品，逐批计算，并为 [declare] 所列物料的每一批写出一份"
		"签名声明：写入登记库，并另存为 *.jws 文件（[output] 中 `files = no` 则不另存）。\n"
		"凡会被拒绝的，均在写入之前拒绝。登记库每次最多写入 32768 份（[output] 的 `group`），"
		"全部成功或全部不写：较小的运行整体发布，较大的逐组发布，每组落盘后才显示。\n"
		"再次运行时，未变化的不会重新签名，中断的运行可接着进行；足迹有变化的会产生新声明，并写明所替换的声明。\n"
		"[log] 中写有日志时，每份声明都记入该日志，结束时签署一个检查点，各文件旁写出 FILE.jws.tlog-proof；"
		"中断的运行未记入的，由下次运行补记。其中写有 `policy` 时，检查点须有法定数见证者联署方才公布；"
		"未达到则以 1 退出，由下次运行再次请求。\n"
		"使用 --since 时，只对上次运行以来有变化的数据下游重新声明并比对，速度更快，并列出每份须重新签发的"
		"声明及其新旧总量；加 --dry-run 则只列出、不签发。完成后登记库与不用 --since 时相同；已删除的 *.jws "
		"文件不会重新写出。所需记录为登记库文件夹中的 kept 文件；没有该文件时，与不用 --since 相同，全部重新声明并比对。",
	},
	.examples = "tanji run works\ntanji run --dry-run works\ntanji run --since works\n"
	    "tanji run works --at 2026-10-15 --json",
	.run = run,
};
