#include <stdio.h>

#include "engine/cli/compute.h"
#include "engine/cli/native.h"
#include "engine/cli/out.h"
#include "engine/cli/trace_show.h"
#include "engine/graph_dot.h"
#include "engine/graph_svg.h"

static const struct tj_option options[] = {
	{ "amount", "AMOUNT[UNIT]", { "of the product; 1 of its unit without it",
	    "产品数量；缺省为一个单位" } },
	{ "by", "VIEW", { "supplier, process, gas, stage or site; all of them without it",
	    "supplier（供应来源）、process（工序）、gas（气体）、stage（阶段）或 site（场所）；缺省为全部" } },
	{ "cutoff", "PERCENT", { "what is smaller is gathered in one line; 1 without it",
	    "更小的合并为一行；缺省为 1" } },
	{ "depth", "N", { "steps upstream that are followed, 1 to 100; 12 without it",
	    "向上游追踪的步数，1 至 100；缺省为 12" } },
	{ "format", "FORMAT", { "text, json, csv, dot or svg", "text、json、csv、dot 或 svg" } },
	{ "book", "BOOK", { "a native book in place of a company's folder",
	    "以原生账册代替企业目录" } },
	{ "profile", "NAME", { "with --book: method profile, iso14067 without it",
	    "与 --book 合用：方法规定，缺省为 iso14067" } },
	{ "missing", "zero", { "with --book: count what nobody supplies as zero",
	    "与 --book 合用：无来源的投入按零计入" } },
	{ NULL, NULL, { NULL, NULL } }
};

#define DEPTH		12
#define CUT_OFF_PERCENT	1

static enum tj_rc
draw_dot(tj_str *dot, struct tj_cli *cli, const struct tj_traced *x)
{
	return tj_graph_dot(dot, &x->picture, cli->lang, cli->arena, &cli->err);
}

static enum tj_rc
show_dot(struct tj_cli *cli, const struct tj_traced *x)
{
	tj_str dot;

	TRY(draw_dot(&dot, cli, x));
	(void)fwrite(dot.p, 1, dot.n, stdout);
	return TJ_OK;
}

static enum tj_rc
show_svg(struct tj_cli *cli, const struct tj_traced *x)
{
	tj_str dot, svg;

	TRY(draw_dot(&dot, cli, x));
	TRY(tj_graph_svg(&svg, dot, cli->arena, &cli->err));
	(void)fwrite(svg.p, 1, svg.n, stdout);
	return TJ_OK;
}

static const struct format {
	const char	*name;
	bool		 drawn;		/* needs the picture */
	enum tj_rc	(*show)(struct tj_cli *, const struct tj_traced *);
} formats[] = {
	{ "text", false, tj_traced_text }, { "json", true, tj_traced_json },
	{ "csv", false, tj_traced_csv }, { "dot", true, show_dot }, { "svg", true, show_svg },
};

static enum tj_rc
format_read(const struct format **out, struct tj_cli *cli, const struct tj_args *args)
{
	const char *name = tj_args_value(args, "format");

	if (name == NULL)
		name = cli->json ? "json" : "text";
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(name, formats[i].name) == 0) {
			*out = &formats[i];
			return TJ_OK;
		}
	return tj_fail(&cli->err, TJ_E_USAGE, "--format text, json, csv, dot or svg, not %s",
	    name);
}

static enum tj_rc
cut_off_read(double *cut_off, const char *text, struct tj_err *err)
{
	tj_str number = tj_str_of(text);
	tj_dec percent;

	if (number.n > 0 && number.p[number.n - 1] == '%')
		number = tj_str_trim(tj_str_cut(number, 0, number.n - 1));
	if (tj_dec_parse(&percent, number, NULL) != TJ_OK || tj_dec_sign(percent) < 0 ||
	    tj_dec_cmp(percent, tj_dec_int(100)) > 0)
		return tj_fail(err, TJ_E_USAGE, "--cutoff PERCENT, 0 to 100, not \"%s\"", text);
	*cut_off = tj_dec_double(percent) / 100;
	return TJ_OK;
}

static enum tj_rc
depth_read(uint32_t *depth, const char *text, struct tj_err *err)
{
	uint32_t n = 0;

	for (const char *p = text; *p != '\0' && n <= TJ_TRACE_MAX_DEPTH; p++)
		n = tj_is_digit(*p) ? n * 10 + (uint32_t)(*p - '0') : UINT32_MAX;
	if (n < 1 || n > TJ_TRACE_MAX_DEPTH)
		return tj_fail(err, TJ_E_USAGE, "--depth N, 1 to %d, not \"%s\"",
		    TJ_TRACE_MAX_DEPTH, text);
	*depth = n;
	return TJ_OK;
}

static enum tj_rc
options_read(struct tj_traced *x, const struct tj_args *args, struct tj_err *err)
{
	const char *cut_off = tj_args_value(args, "cutoff");
	const char *depth = tj_args_value(args, "depth");
	const char *by = tj_args_value(args, "by");
	enum tj_trace_view view = TJ_TRACE_VIEWS;

	x->options = (struct tj_trace_options){ .cut_off = CUT_OFF_PERCENT / 100.0,
	    .depth = DEPTH };
	if (cut_off != NULL)
		TRY(cut_off_read(&x->options.cut_off, cut_off, err));
	if (depth != NULL)
		TRY(depth_read(&x->options.depth, depth, err));
	if (by != NULL && !tj_trace_view_parse(&view, tj_str_of(by)))
		return tj_fail(err, TJ_E_USAGE,
		    "--by supplier, process, gas, stage or site, not %s", by);
	for (size_t i = 0; i < TJ_TRACE_VIEWS; i++)
		x->views[i] = by == NULL || i == (size_t)view;
	return TJ_OK;
}

static enum tj_rc
follow(struct tj_traced *x, const struct tj_solution *solution, uint32_t product,
    struct tj_supply *supply, bool drawn, struct tj_cli *cli)
{
	const struct tj_demand demand = { product, x->options.amount };

	TRY(tj_supply_find(supply, &demand, 1, &cli->err));
	TRY(tj_trace_make(&x->trace, solution, product, &x->options, supply, cli->arena,
	    &cli->err));
	if (!drawn)
		return TJ_OK;
	return tj_picture_make(&x->picture, solution, &x->trace, &x->options, supply,
	    cli->arena, &cli->err);
}

/* What was asked for, and the format shows it. */
static enum tj_rc
trace(struct tj_traced *x, const struct tj_solution *solution, uint32_t product,
    const struct format *format, const struct tj_args *args, struct tj_cli *cli)
{
	const char *text = tj_args_value(args, "amount");
	struct tj_amount amount = { .in_own_unit = 1 };
	struct tj_supply *supply;
	enum tj_rc rc;

	x->graph = solution->system->graph;
	x->product = &x->graph->book->products.v[product];
	x->unit = x->graph->units[product];
	if (text != NULL)
		TRY(tj_native_amount(&amount, x->graph, product, tj_str_of(text), &cli->err));
	x->options.amount = amount.in_own_unit;
	TRY(tj_supply_new(&supply, solution, &cli->err));
	rc = follow(x, solution, product, supply, format->drawn, cli);
	tj_supply_free(supply);
	return rc == TJ_OK ? format->show(cli, x) : rc;
}

static enum tj_rc
trace_company(struct tj_traced *x, const struct format *format, const struct tj_args *args,
    struct tj_cli *cli)
{
	struct tj_computed c;
	uint32_t product;

	cli->quiet = true;	/* the findings are check's business */
	TRY(tj_compute(&c, cli, args->operand_count > 1 ? args->operands[1] : "."));
	TRY(tj_compute_find(&product, &c, tj_str_of(args->operands[0]), cli->arena,
	    &cli->err));
	return trace(x, &c.assessment.solution, product, format, args, cli);
}

static enum tj_rc
trace_book(struct tj_traced *x, const struct format *format, const struct tj_args *args,
    struct tj_cli *cli)
{
	struct tj_native native;
	enum tj_rc rc;
	uint32_t product;

	if (args->operand_count > 1)
		return tj_fail(&cli->err, TJ_E_USAGE, "a company's folder or --book, not both");
	rc = tj_native_assess(&native, cli, args, tj_args_value(args, "book"));
	tj_out_findings(stderr, &native.findings, cli->lang, cli->quiet || rc == TJ_OK);
	if (rc != TJ_OK)
		return rc;
	product = tj_names_find(&native.book.product_names, tj_str_of(args->operands[0]));
	if (product == TJ_NONE)
		return tj_fail(&cli->err, TJ_E_NOTFOUND, "no product %s in the book",
		    args->operands[0]);
	return trace(x, &native.assessment.solution, product, format, args, cli);
}

static enum tj_rc
run(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const struct format *format;
	struct tj_traced x = { .graph = NULL };

	(void)status;
	TRY(format_read(&format, cli, args));
	TRY(options_read(&x, args, &cli->err));
	return tj_args_has(args, "book") ? trace_book(&x, format, args, cli)
	    : trace_company(&x, format, args, cli);
}

const struct tj_command tj_cmd_trace = {
	.name = "trace",
	.summary = { "who and what makes up a footprint, and draw it", "追踪足迹的构成，并绘图" },
	.operands = "PRODUCT [DIR]",
	.operand_min = 1,
	.operand_max = 2,
	.options = options,
	.about = {
		"PRODUCT is a batch number, MATERIAL#BATCH, or a public identifier. Its "
		"footprint is divided by supplier, process, gas, stage and site, and along the "
		"paths by which it comes; loops are closed exactly, and what is not listed is "
		"shown as one remainder. Each list adds up to the declared total.\n"
		"dot and svg draw what stands upstream, from left to right to the product: "
		"edges as wide as the kg CO2e that they carry.",
		"PRODUCT 为批号、“物料#批号”或公开标识。足迹按供应来源、工序、气体、阶段与场所分列，"
		"并按其来源路径列出；循环精确求和，未列出的部分合为一行余量。每个清单之和均等于声明总量。\n"
		"dot 与 svg 绘出上游：连线越粗，所携带的千克二氧化碳当量越多；从左到右流向产品。",
	},
	.examples = "tanji trace H2609012 works --by process\n"
	    "tanji trace H2609012 works --cutoff 2 --format svg > upstream.svg\n"
	    "tanji trace electricity --book tests/cases/calc-heijungs-suh/in --json",
	.run = run,
};
