#include <math.h>

#include "engine/solve_parts.h"
#include "model/base/sum.h"

/* What may be asked of a solution. */

void
tj_solution_values(struct tj_values *out, const struct tj_solution *solution, uint32_t node)
{
	const double *x = solution->x +
	    (size_t)solution->plan->place[node] * solution->lanes.count;
	double *flat = (double *)out;

	for (size_t v = 0; v < TJ_VALUES; v++)
		flat[v] = solution->lane_of[v] == TJ_NO_LANE ? 0 : x[solution->lane_of[v]];
}

enum tj_rc
tj_solution_check(const struct tj_solution *solution, uint32_t node, struct tj_err *err)
{
	const tj_str name = tj_graph_node_name(solution->system->graph, node);
	const uint32_t by = solution->spoilt_by == NULL ? TJ_NONE
	    : solution->spoilt_by[solution->plan->place[node]];
	char names[TJ_LOOP_TEXT];
	struct tj_values values;

	if (by != TJ_NONE) {
		tj_loop_text(names, solution, by);
		return tj_fail(err, TJ_E_LOOP, "%.*s has no footprint: the loop of %s %s",
		    TJ_FMT(name), names, tj_loop_reason(&solution->loops[by]));
	}
	tj_solution_values(&values, solution, node);
	if (!isfinite(tj_values_total_kgco2e(&values)))
		return tj_fail(err, TJ_E_RANGE, "%.*s: the footprint overflows", TJ_FMT(name));
	return TJ_OK;
}

/* What is bought and never made: all of it lands in raw materials. */
static void
bought(struct tj_values *out, const struct tj_offer *offer)
{
	*out = (struct tj_values){ .quality = offer->quality };
	for (int category = 0; category < TJ_CATEGORIES; category++)
		out->kgco2e[TJ_STAGE_RAW][category] = offer->kgco2e[category];
}

enum tj_rc
tj_solution_product(struct tj_values *out, const struct tj_solution *solution,
    uint32_t product, struct tj_err *err)
{
	const struct tj_graph *graph = solution->system->graph;
	const struct tj_answer answer = tj_graph_answer(graph, product);
	double *flat = (double *)out;

	if (answer.node == TJ_NONE && answer.need == TJ_NONE)
		return tj_fail(err, TJ_E_NOTFOUND, "%.*s: nobody makes it, nobody uses it",
		    TJ_FMT(graph->book->products.v[product].key));
	if (answer.node == TJ_NONE) {
		bought(out, &solution->offers[answer.need]);
		return TJ_OK;
	}
	TRY(tj_solution_check(solution, answer.node, err));
	tj_solution_values(out, solution, answer.node);
	for (size_t v = 0; v < TJ_VALUES; v++)
		flat[v] *= v < TJ_PART_COUNT ? answer.per_unit : fabs(answer.per_unit);
	return TJ_OK;
}

double
tj_values_total_kgco2e(const struct tj_values *values)
{
	struct tj_sum total = { 0, 0 };

	for (int stage = 0; stage < TJ_STAGES; stage++)
		for (int category = 0; category < TJ_CATEGORIES; category++)
			tj_sum_add(&total, values->kgco2e[stage][category]);
	return tj_sum_of(&total);
}
