#include <math.h>

#include "engine/cli/out.h"
#include "engine/cli/report.h"

static const char *const methods[] = {
	[TJ_LOOP_DENSE] = "dense LU",
	[TJ_LOOP_ITERATIVE] = "BiCGSTAB",
	[TJ_LOOP_SPARSE] = "sparse LU",
};

/* Loops without a footprint are among the findings. */
static void
loop_json(struct tj_json_writer *json, const struct tj_solution *solution, uint32_t number)
{
	const struct tj_loop *loop = &solution->loops[number];
	char names[TJ_LOOP_TEXT];

	if (loop->state != TJ_LOOP_SOLVED)
		return;
	tj_loop_text(names, solution, number);
	tj_json_open(json, NULL, '{');
	tj_json_put(json, "activities", tj_str_of(names));
	tj_json_put(json, "method", tj_str_of(methods[loop->method]));
	if (isfinite(loop->amplification)) {
		tj_report_number_json(json, "gain_bound", 1 - 1 / loop->amplification);
		tj_report_number_json(json, "amplification", loop->amplification);
	}
	if (loop->method == TJ_LOOP_ITERATIVE)
		tj_json_put_count(json, "iterations", loop->iterations);
	tj_json_close(json, '}');
}

void
tj_report_numerics_json(struct tj_json_writer *json, const struct tj_solution *solution)
{
	const struct tj_numerics *numerics = &solution->numerics;

	tj_json_open(json, "numerics", '{');
	tj_report_number_json(json, "residual", numerics->residual);
	if (numerics->bound_node != TJ_NONE)
		tj_report_number_json(json, "error_bound", numerics->error_bound);
	tj_json_put_count(json, "without_bound", numerics->unbounded);
	tj_json_open(json, "loops", '[');
	for (uint32_t l = 0; l < solution->plan->loop_count; l++)
		loop_json(json, solution, l);
	tj_json_close(json, ']');
	tj_json_close(json, '}');
}

void
tj_report_numerics(FILE *out, const struct tj_solution *solution, enum tj_lang lang)
{
	const struct tj_numerics *numerics = &solution->numerics;
	const bool chinese = lang == TJ_ZH;

	if (numerics->bound_node != TJ_NONE)
		(void)fprintf(out, chinese
		    ? "计算误差不超过总量的 %.2g（%.*s），残差不超过 %.2g\n"
		    : "computed to within %.2g of the total (%.*s), residuals within %.2g\n",
		    numerics->error_bound, TJ_FMT(tj_graph_node_name(solution->system->graph,
		    numerics->bound_node)), numerics->residual);
	if (numerics->unbounded > 0)
		(void)fprintf(out, chinese
		    ? "%u 个结果处于含抵扣且增益不小于一的循环之中或其下游，没有误差上界\n"
		    : "%u results are in or downstream of a loop with credits and a gain of one "
		    "or more: no bound of the error\n", numerics->unbounded);
}
