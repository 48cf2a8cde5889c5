#include <stdio.h>

#include "engine/cli/native.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "engine/supply.h"

#define JSON_MAX_BYTES	((size_t)1 << 30)	/* a supply vector of ten million activities */

static const struct tj_option options[] = {
	{ "demand", "PRODUCT=AMOUNT[UNIT]", { "what is wanted; may be repeated, one result each",
	    "需求；可重复，每次一个结果" } },
	{ "profile", "NAME", { "method profile, iso14067 without it", "方法规定，缺省为 iso14067" } },
	{ "missing", "zero", { "count what nobody supplies as zero, with a finding",
	    "无来源的投入按零计入，并给出提示" } },
	{ NULL, NULL, { NULL, NULL } }
};

struct amounts {			/* those that are not zero */
	struct { double amount; uint32_t number; } *v;
	uint32_t n;
};

/* One answer, in three views of the same solution. */
struct result {
	tj_str			product, amount;
	tj_unit			unit;
	double			amount_in_unit;	/* of the product's own unit */
	struct tj_values	values;		/* per own unit */
	struct amounts		flows, runs;	/* of all that was wanted */
};

/* "PRODUCT=AMOUNT[UNIT]": the last = divides, since a product's name may hold one. */
static enum tj_rc
demand_read(struct result *r, uint32_t *product, const struct tj_graph *graph, tj_str text,
    struct tj_err *err)
{
	size_t at = text.n;
	struct tj_amount amount;

	while (at > 0 && text.p[at - 1] != '=')
		at--;
	if (at < 2)
		return tj_fail(err, TJ_E_USAGE, "--demand PRODUCT=AMOUNT[UNIT], not \"%.*s\"",
		    TJ_FMT(text));
	r->product = tj_str_cut(text, 0, at - 1);
	*product = tj_names_find(&graph->book->product_names, r->product);
	if (*product == TJ_NONE)
		return tj_fail(err, TJ_E_DATA, "no product %.*s in the book",
		    TJ_FMT(r->product));
	TRY(tj_native_amount(&amount, graph, *product, tj_str_cut(text, at, text.n), err));
	r->amount = amount.text;
	r->unit = amount.unit;
	r->amount_in_unit = amount.in_own_unit;
	return TJ_OK;
}

static enum tj_rc
amounts_copy(struct amounts *out, const struct tj_supplied *used, const double *amounts,
    struct tj_arena *arena, struct tj_err *err)
{
	out->n = used->count;
	if ((out->v = tj_arena_alloc(arena, out->n, sizeof(*out->v))) == NULL)
		return tj_fail_nomem(err);
	for (uint32_t i = 0; i < out->n; i++) {
		out->v[i].number = used->list[i];
		out->v[i].amount = amounts[used->list[i]];
	}
	return TJ_OK;
}

static enum tj_rc
answer(struct result *r, const struct tj_assessment *a, struct tj_supply *supply,
    const char *demand_text, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_demand demand;
	enum tj_rc rc;

	TRY(demand_read(r, &demand.product, &a->graph, tj_str_of(demand_text), err));
	demand.amount = r->amount_in_unit;
	rc = tj_solution_product(&r->values, &a->solution, demand.product, err);
	if (rc == TJ_E_NOTFOUND)
		return tj_fail(err, TJ_E_MISSING, "nobody makes or supplies %.*s",
		    TJ_FMT(r->product));
	if (rc != TJ_OK)
		return rc;
	TRY(tj_supply_find(supply, &demand, 1, err));
	TRY(amounts_copy(&r->flows, &supply->flows_used, supply->flows, arena, err));
	return amounts_copy(&r->runs, &supply->activities, supply->runs, arena, err);
}

static void
sums_json(struct tj_json_writer *json, const struct result *r)
{
	double stages[TJ_STAGES] = { 0 }, categories[TJ_CATEGORIES] = { 0 };

	for (size_t s = 0; s < TJ_STAGES; s++)
		for (size_t c = 0; c < TJ_CATEGORIES; c++) {
			stages[s] += r->values.kgco2e[s][c];
			categories[c] += r->values.kgco2e[s][c];
		}
	tj_json_open(json, "stages", '{');
	for (size_t s = 0; s < TJ_STAGES; s++)
		tj_report_number_json(json, tj_stage_key((enum tj_stage)s),
		    stages[s] * r->amount_in_unit);
	tj_json_close(json, '}');
	tj_json_open(json, "categories", '{');
	for (size_t c = 0; c < TJ_CATEGORIES; c++)
		tj_report_number_json(json, tj_category_key((enum tj_category)c),
		    categories[c] * r->amount_in_unit);
	tj_json_close(json, '}');
}

/* Members named by text that is not NUL-terminated need a copy that is. */
static void
member_json(struct tj_json_writer *json, tj_str name, double value, struct tj_arena *arena)
{
	const tj_str copy = tj_str_dup(name, arena);

	if (copy.p != NULL)
		tj_report_number_json(json, copy.p, value);
	else
		json->buf.failed = true;	/* tj_json_end() says so */
}

static void
supply_json(struct tj_json_writer *json, const struct result *r,
    const struct tj_graph *graph, struct tj_arena *arena)
{
	tj_json_open(json, "flows", '{');
	for (uint32_t i = 0; i < r->flows.n; i++)
		member_json(json, graph->flows[r->flows.v[i].number], r->flows.v[i].amount,
		    arena);
	tj_json_close(json, '}');
	tj_json_open(json, "supply", '{');
	for (uint32_t i = 0; i < r->runs.n; i++)
		member_json(json, graph->book->activities.v[r->runs.v[i].number].key,
		    r->runs.v[i].amount, arena);
	tj_json_close(json, '}');
}

static double
primary_share(const struct tj_quality *quality)
{
	return quality->absolute > 0 ? 100 * quality->primary / quality->absolute : 0;
}

static void
result_json(struct tj_json_writer *json, const struct result *r,
    const struct tj_graph *graph, struct tj_arena *arena)
{
	tj_json_open(json, NULL, '{');
	tj_json_put(json, "product", r->product);
	tj_json_put(json, "amount", r->amount);
	tj_json_put(json, "unit", tj_str_of(tj_unit_symbol(r->unit)));
	tj_report_number_json(json, "total_kgco2e",
	    tj_values_total_kgco2e(&r->values) * r->amount_in_unit);
	sums_json(json, r);
	supply_json(json, r, graph, arena);
	tj_report_number_json(json, "primary_data_share", primary_share(&r->values.quality));
	tj_json_close(json, '}');
}

static void
result_text(const struct result *r, enum tj_lang lang)
{
	char text[TJ_NUMBER_TEXT];

	(void)printf("%.*s %.*s %s: %s kg CO2e\n", TJ_FMT(r->product), TJ_FMT(r->amount),
	    tj_unit_symbol(r->unit), tj_report_number(text,
	    tj_values_total_kgco2e(&r->values) * r->amount_in_unit));
	for (size_t s = 0; s < TJ_STAGES; s++)
		for (size_t c = 0; c < TJ_CATEGORIES; c++)
			if (r->values.kgco2e[s][c] != 0)
				(void)printf("  %-16s %-18s %s\n",
				    tj_stage_label((enum tj_stage)s, lang),
				    tj_category_label((enum tj_category)c, lang),
				    tj_report_number(text,
				    r->values.kgco2e[s][c] * r->amount_in_unit));
}

/* All answers, or none. */
static enum tj_rc
answers(struct result *results, size_t n, const struct tj_assessment *a,
    const struct tj_args *args, struct tj_cli *cli)
{
	struct tj_supply *supply;
	enum tj_rc rc = TJ_OK;

	TRY(tj_supply_new(&supply, &a->solution, &cli->err));
	for (size_t i = 0; i < n && rc == TJ_OK; i++)
		rc = answer(&results[i], a, supply, tj_args_nth(args, "demand", i),
		    cli->arena, &cli->err);
	tj_supply_free(supply);
	return rc;
}

static enum tj_rc
answers_show(const struct result *results, size_t n, const struct tj_assessment *a,
    const struct tj_findings *findings, struct tj_cli *cli)
{
	struct tj_json_writer json;

	for (size_t i = 0; i < n && !cli->json; i++)
		result_text(&results[i], cli->lang);
	if (!cli->json) {
		tj_report_numerics(stdout, &a->solution, cli->lang);
		return TJ_OK;
	}
	tj_json_begin(&json, JSON_MAX_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_open(&json, "results", '[');
	for (size_t i = 0; i < n; i++)
		result_json(&json, &results[i], &a->graph, cli->arena);
	tj_json_close(&json, ']');
	tj_report_numerics_json(&json, &a->solution);
	tj_report_findings_json(&json, findings, cli->lang);
	tj_json_close(&json, '}');
	return tj_report_json(cli, &json);
}

static enum tj_rc
calc(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	struct tj_native native;
	struct result *results;
	size_t n = 0;
	enum tj_rc rc;

	(void)status;
	while (tj_args_nth(args, "demand", n) != NULL)
		n++;
	if (n == 0)
		return tj_fail(&cli->err, TJ_E_USAGE, "what is wanted? --demand PRODUCT=AMOUNT");
	if ((results = TJ_NEWN(cli->arena, struct result, n)) == NULL)
		return tj_fail_nomem(&cli->err);
	rc = tj_native_assess(&native, cli, args, args->operands[0]);
	if (rc == TJ_OK)
		rc = answers(results, n, &native.assessment, args, cli);
	if (!cli->json || rc != TJ_OK)
		tj_out_findings(stderr, &native.findings, cli->lang, cli->quiet);
	if (rc != TJ_OK)
		return rc;
	return answers_show(results, n, &native.assessment, &native.findings, cli);
}

const struct tj_command tj_cmd_calc = {
	.name = "calc",
	.summary = { "compute from a native book", "由原生账册计算" },
	.operands = "BOOK",
	.operand_min = 1,
	.operand_max = 1,
	.options = options,
	.about = {
		"Reads the folder BOOK (products.csv, activities.csv, outputs.csv, inputs.csv, "
		"emissions.csv, factors.csv, gwp.csv, allocation.csv) and answers each demand "
		"with its footprint by stage and category, the inventory by flow, and how often "
		"each activity runs. Needs no keys and no registry, and writes nothing.",
		"读取目录 BOOK（products.csv、activities.csv、outputs.csv、inputs.csv、emissions.csv、"
		"factors.csv、gwp.csv、allocation.csv），对每个需求给出分阶段、分类别的足迹、各流清单"
		"以及各活动的运行次数。无需密钥与登记库，不写任何文件。",
	},
	.examples = "tanji calc tests/cases/calc-heijungs-suh/in "
	    "--demand electricity=1000kWh --json",
	.run = calc,
};
