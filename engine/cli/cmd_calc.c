#include <stdio.h>

#include "engine/assess.h"
#include "engine/cli/load.h"
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

/* One answer, in three views of the same solution. */
struct result {
	tj_str			product, amount;
	tj_unit			unit;
	double			amount_in_unit;	/* of the product's own unit */
	struct tj_values	values;		/* per own unit */
	struct tj_supply	supply;
};

/* How many bytes at the start of `text` are of a set. */
static size_t
span(tj_str text, const char *set)
{
	size_t n = 0;

	while (n < text.n && strchr(set, text.p[n]) != NULL)
		n++;
	return n;
}

/* How much of "1.5e3kWh" is the number; an e without digits behind it begins a unit. */
static size_t
number_bytes(tj_str text)
{
	const size_t mantissa = span(text, "+-.0123456789");
	size_t exponent = 0;

	if (mantissa < text.n && (text.p[mantissa] == 'e' || text.p[mantissa] == 'E'))
		exponent = span(tj_str_cut(text, mantissa + 1, text.n), "+-0123456789");
	return exponent == 0 ? mantissa : mantissa + 1 + exponent;
}

/* "PRODUCT=AMOUNT[UNIT]": the last = divides, since a product's name may hold one. */
static enum tj_rc
demand_split(tj_str *product, tj_str *amount, tj_str *unit, tj_str text, struct tj_err *err)
{
	size_t at = text.n, end;
	tj_str wanted;

	while (at > 0 && text.p[at - 1] != '=')
		at--;
	if (at < 2)
		return tj_fail(err, TJ_E_USAGE, "--demand PRODUCT=AMOUNT[UNIT], not \"%.*s\"",
		    TJ_FMT(text));
	wanted = tj_str_cut(text, at, text.n);
	end = number_bytes(wanted);
	*product = tj_str_cut(text, 0, at - 1);
	*amount = tj_str_cut(wanted, 0, end);
	*unit = tj_str_trim(tj_str_cut(wanted, end, wanted.n));
	return TJ_OK;
}

static enum tj_rc
demand_read(struct result *r, uint32_t *product, const struct tj_graph *graph, tj_str text,
    struct tj_err *err)
{
	tj_str unit;
	tj_dec amount;

	TRY(demand_split(&r->product, &r->amount, &unit, text, err));
	TRY(tj_dec_parse(&amount, r->amount, err));
	*product = tj_names_find(&graph->book->product_names, r->product);
	if (*product == TJ_NONE)
		return tj_fail(err, TJ_E_DATA, "no product %.*s in the book",
		    TJ_FMT(r->product));
	r->unit = graph->units[*product];
	if (unit.n > 0)
		TRY(tj_unit_parse(&r->unit, unit, err));
	return tj_graph_amount(&r->amount_in_unit, graph, *product, tj_dec_double(amount),
	    r->unit, err);
}

static enum tj_rc
answer(struct result *r, const struct tj_assessment *a, const char *demand_text,
    struct tj_arena *arena, struct tj_err *err)
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
	return tj_supply_find(&r->supply, &a->solution, &demand, 1, arena, err);
}

static void
number_json(struct tj_json_writer *json, const char *name, double value)
{
	char text[TJ_NUMBER_TEXT];

	tj_json_put(json, name, tj_str_of(tj_report_number(text, value)));
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
		number_json(json, tj_stage_key((enum tj_stage)s),
		    stages[s] * r->amount_in_unit);
	tj_json_close(json, '}');
	tj_json_open(json, "categories", '{');
	for (size_t c = 0; c < TJ_CATEGORIES; c++)
		number_json(json, tj_category_key((enum tj_category)c),
		    categories[c] * r->amount_in_unit);
	tj_json_close(json, '}');
}

/* Members named by text that is not NUL-terminated need a copy that is. */
static void
member_json(struct tj_json_writer *json, tj_str name, double value, struct tj_arena *arena)
{
	const tj_str copy = tj_str_dup(name, arena);

	if (copy.p != NULL)
		number_json(json, copy.p, value);
	else
		json->buf.failed = true;	/* tj_json_end() says so */
}

static void
supply_json(struct tj_json_writer *json, const struct result *r,
    const struct tj_graph *graph, struct tj_arena *arena)
{
	tj_json_open(json, "flows", '{');
	for (uint32_t i = 0; i < graph->flow_count; i++)
		if (r->supply.flows[i] != 0)
			member_json(json, graph->flows[i], r->supply.flows[i], arena);
	tj_json_close(json, '}');
	tj_json_open(json, "supply", '{');
	for (uint32_t i = 0; i < graph->activity_count; i++)
		if (r->supply.runs[i] != 0)
			member_json(json, graph->book->activities.v[i].key,
			    r->supply.runs[i], arena);
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
	number_json(json, "total_kgco2e",
	    tj_values_total_kgco2e(&r->values) * r->amount_in_unit);
	sums_json(json, r);
	supply_json(json, r, graph, arena);
	number_json(json, "primary_data_share", primary_share(&r->values.quality));
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

static enum tj_rc
book_assess(struct tj_assessment *a, struct tj_book *book, struct tj_profile *profile,
    struct tj_findings *findings, struct tj_cli *cli, const struct tj_args *args)
{
	const char *name = tj_args_value(args, "profile");
	const char *missing = tj_args_value(args, "missing");
	const struct tj_resolve_options resolve = { .at = cli->at,
	    .missing_zero = missing != NULL };
	tj_digest digest;

	if (missing != NULL && strcmp(missing, "zero") != 0)
		return tj_fail(&cli->err, TJ_E_USAGE, "--missing zero, not %s", missing);
	TRY(tj_load_profile(profile, &digest, tj_str_of(name == NULL ? "iso14067" : name),
	    cli->arena, &cli->err));
	TRY(tj_load_book(book, args->operands[0], findings, cli->arena, &cli->err));
	return tj_assess(a, book, profile, &resolve, findings, cli->arena, &cli->err);
}

/* All answers, or none. */
static enum tj_rc
answers(struct result *results, size_t n, const struct tj_assessment *a,
    const struct tj_args *args, struct tj_cli *cli)
{
	for (size_t i = 0; i < n; i++)
		TRY(answer(&results[i], a, tj_args_nth(args, "demand", i), cli->arena,
		    &cli->err));
	return TJ_OK;
}

static enum tj_rc
answers_show(const struct result *results, size_t n, const struct tj_assessment *a,
    const struct tj_findings *findings, struct tj_cli *cli)
{
	struct tj_json_writer json;

	for (size_t i = 0; i < n && !cli->json; i++)
		result_text(&results[i], cli->lang);
	if (!cli->json)
		return TJ_OK;
	tj_json_begin(&json, JSON_MAX_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_open(&json, "results", '[');
	for (size_t i = 0; i < n; i++)
		result_json(&json, &results[i], &a->graph, cli->arena);
	tj_json_close(&json, ']');
	tj_report_findings_json(&json, findings, cli->lang);
	tj_json_close(&json, '}');
	return tj_report_json(cli, &json);
}

static enum tj_rc
calc(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	struct tj_assessment a;
	struct tj_book book;
	struct tj_profile profile;
	struct tj_findings findings;
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
	tj_findings_init(&findings, cli->arena);
	rc = book_assess(&a, &book, &profile, &findings, cli, args);
	if (rc == TJ_OK)
		rc = answers(results, n, &a, args, cli);
	if (!cli->json || rc != TJ_OK)
		tj_out_findings(stderr, &findings, cli->lang, cli->quiet);
	if (rc != TJ_OK)
		return rc;
	return answers_show(results, n, &a, &findings, cli);
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
