#include <stdio.h>

#include "engine/cli/compute.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "engine/explain.h"
#include "model/base/limits.h"

static const char *const origins[][3] = {
	[TJ_FROM_EMISSION] = { "emission", "emission", "排放" },
	[TJ_FROM_CARBON] = { "carbon-balance", "carbon balance", "碳平衡" },
	[TJ_FROM_DECLARATION] = { "declaration", "declaration", "声明" },
	[TJ_FROM_FACTOR] = { "factor", "factor", "因子" },
	[TJ_FROM_ZERO] = { "zero", "counted as zero", "按零计" },
};

/* Where lines come from, each told once and referred to by number. */
struct sources {
	struct source {
		enum tj_line_from	from;
		tj_str			text;
	}	*v;
	size_t	 n;
};

static size_t
source_number(struct sources *sources, const struct tj_explained *line)
{
	size_t i = 0;

	while (i < sources->n && (sources->v[i].from != line->from ||
	    !tj_str_eq(sources->v[i].text, line->source)))
		i++;
	if (i == sources->n)
		sources->v[sources->n++] = (struct source){ line->from, line->source };
	return i + 1;
}

static void
line_text(const struct tj_explained *line, size_t source)
{
	char text[TJ_DEC_TEXT];

	(void)printf("%12s = %11.6g %-5s x %11.6g  [%zu] ", tj_dec_text(text,
	    line->declared_kgco2e), line->amount, line->unit, line->rate_kgco2e, source);
	if (line->name.n > 0)
		(void)printf("%.*s (%.*s)", TJ_FMT(line->name), TJ_FMT(line->what));
	else
		(void)printf("%.*s", TJ_FMT(line->what));
	if (line->activity.n > 0)
		(void)printf(" @ %.*s", TJ_FMT(line->activity));
	(void)printf("  %.*s\n", TJ_FMT(line->place));
}

static enum tj_rc
lines_text(struct tj_cli *cli, const struct tj_explanation *x)
{
	struct sources sources = { .v = TJ_NEWN(cli->arena, struct source, x->count) };
	char text[TJ_DEC_TEXT];

	if (sources.v == NULL)
		return tj_fail_nomem(&cli->err);
	(void)printf(TJ_SAY(cli,
	    "\nkg CO2e = amount per unit x kg CO2e per unit of it  [source] what @ where  row\n",
	    "\nkg CO2e = 每单位用量 x 单位足迹  [来源] 物料 @ 活动  所在行\n"));
	for (size_t i = 0; i < x->count; i++)
		line_text(&x->lines[i], source_number(&sources, &x->lines[i]));
	(void)printf("%12s = %s\n\n", tj_dec_text(text, x->total_kgco2e),
	    TJ_SAY(cli, "total, the sum of the lines", "合计，即以上各行之和"));
	for (size_t i = 0; i < sources.n; i++)
		(void)printf("[%zu] %s%s%.*s\n", i + 1,
		    origins[sources.v[i].from][1 + (cli->lang == TJ_ZH)],
		    sources.v[i].text.n > 0 ? ": " : "", TJ_FMT(sources.v[i].text));
	return TJ_OK;
}

static void
choices_text(struct tj_cli *cli, const struct tj_assessment *a,
    const struct tj_supply *supply)
{
	for (uint32_t i = 0; i < supply->activities.count; i++) {
		const struct tj_choice *choice = tj_system_choice(&a->system,
		    supply->activities.list[i]);

		if (choice != NULL)
			(void)printf(TJ_SAY(cli, "allocation at %.*s: %s (%.*s)\n",
			    "分配 %.*s：%s（%.*s）\n"),
			    TJ_FMT(a->graph.book->activities.v[choice->activity].key),
			    tj_share_key(choice->rule), TJ_FMT(choice->reason));
	}
}

static void
line_json(struct tj_json_writer *json, const struct tj_explained *line)
{
	char dec[TJ_DEC_TEXT];

	tj_json_open(json, NULL, '{');
	tj_json_put(json, "kgco2e", tj_str_of(tj_dec_text(dec, line->declared_kgco2e)));
	tj_json_put(json, "from", tj_str_of(origins[line->from][0]));
	tj_json_put(json, "stage", tj_str_of(tj_stage_key(line->stage)));
	tj_json_put(json, "what", line->what);
	tj_json_put(json, "name", line->name);
	tj_report_number_json(json, "amount", line->amount);
	tj_json_put(json, "unit", tj_str_of(line->unit));
	tj_report_number_json(json, "kgco2e_per_unit", line->rate_kgco2e);
	tj_json_put(json, "activity", line->activity);
	tj_json_put(json, "source", line->source);
	tj_json_put(json, "row", line->place);
	tj_json_close(json, '}');
}

static enum tj_rc
show_json(struct tj_cli *cli, const struct tj_explanation *x,
    const struct tj_declaration *decl)
{
	struct tj_json_writer json;
	char text[TJ_DEC_TEXT];

	tj_json_begin(&json, TJ_MAX_TABLE_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_put(&json, "product", decl->product);
	tj_json_put(&json, "unit", tj_str_of(tj_unit_symbol(decl->unit)));
	tj_json_put(&json, "total_kgco2e", tj_str_of(tj_dec_text(text, x->total_kgco2e)));
	tj_json_open(&json, "lines", '[');
	for (size_t i = 0; i < x->count; i++)
		line_json(&json, &x->lines[i]);
	tj_json_close(&json, ']');
	tj_json_close(&json, '}');
	return tj_report_json(cli, &json);
}

static enum tj_rc
show(struct tj_cli *cli, const struct tj_computed *c, uint32_t product,
    struct tj_supply *supply)
{
	struct tj_declaration decl;
	struct tj_explanation x;

	TRY(tj_compute_declaration(&decl, c, product, supply, cli->arena, &cli->err));
	TRY(tj_explain(&x, &c->assessment.solution, product, supply, cli->arena, &cli->err));
	if (cli->json)
		return show_json(cli, &x, &decl);
	tj_report_declaration(stdout, &decl, cli->lang);
	TRY(lines_text(cli, &x));
	choices_text(cli, &c->assessment, supply);
	return TJ_OK;
}

static enum tj_rc
explain(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	struct tj_computed c;
	struct tj_supply *supply;
	uint32_t product;
	enum tj_rc rc;

	(void)status;
	cli->quiet = true;	/* the findings are check's business */
	TRY(tj_compute(&c, cli, args->operand_count > 1 ? args->operands[1] : "."));
	TRY(tj_compute_find(&product, &c, tj_str_of(args->operands[0]), cli->arena,
	    &cli->err));
	TRY(tj_supply_new(&supply, &c.assessment.solution, &cli->err));
	rc = show(cli, &c, product, supply);
	tj_supply_free(supply);
	return rc;
}

const struct tj_command tj_cmd_explain = {
	.name = "explain",
	.summary = { "the arithmetic behind a footprint, row by row", "逐行列出足迹的算式" },
	.operands = "PRODUCT [DIR]",
	.operand_min = 1,
	.operand_max = 2,
	.about = {
		"PRODUCT is a batch number, MATERIAL#BATCH, or a public identifier. Every "
		"kilogram is traced to a supplier's declaration, a factor, or a row of a file "
		"(file:line); the lines add up to the declared total exactly. Rules used for "
		"co-products are named.",
		"PRODUCT 为批号、“物料#批号”或公开标识。每一千克都追溯到供应商声明、因子或文件的某一行（文件:行号），"
		"各行之和与声明总量完全一致，并写明联产品所用的分配规则。",
	},
	.examples = "tanji explain H2609012 works",
	.run = explain,
};
