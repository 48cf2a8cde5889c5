#include <math.h>
#include <stdio.h>

#include "engine/solve_row.h"

/* What may be asked of a solution, and what loops are called. */
/* The activity of the i-th node of a loop; of a mix, TJ_NONE. */
static uint32_t
activity_in(const struct tj_solution *solution, const struct tj_loop *loop, uint32_t i)
{
	const struct tj_graph *graph = solution->system->graph;
	const struct tj_plan *plan = solution->plan;
	const uint32_t node = plan->order[plan->component_start[loop->component] + i];

	return node < graph->column_count ? graph->columns[node].activity : TJ_NONE;
}

void
tj_loop_text(char text[TJ_LOOP_TEXT], const struct tj_solution *solution,
    const struct tj_loop *loop)
{
	const struct tj_book *book = solution->system->graph->book;
	const uint32_t *start = &solution->plan->component_start[loop->component];
	const uint32_t n = start[1] - start[0];
	size_t used = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < n; i++) {
		const uint32_t activity = activity_in(solution, loop, i);
		int wrote;

		if (activity == TJ_NONE)
			continue;
		if (used > TJ_LOOP_TEXT / 2) {
			(void)snprintf(text + used, TJ_LOOP_TEXT - used, " and %u more",
			    n - i);
			return;
		}
		wrote = snprintf(text + used, TJ_LOOP_TEXT / 2 - 1, "%s%.*s",
		    used > 0 ? ", " : "", TJ_FMT(book->activities.v[activity].key));
		used += wrote < 0 ? 0 : (size_t)wrote < TJ_LOOP_TEXT / 2 - 1
		    ? (size_t)wrote : TJ_LOOP_TEXT / 2 - 2;
	}
}

tj_place
tj_loop_place(const struct tj_solution *solution, const struct tj_loop *loop)
{
	const struct tj_graph *graph = solution->system->graph;
	uint32_t activity = TJ_NONE;

	for (uint32_t i = 0; activity == TJ_NONE; i++)	/* mixes alone make no loop */
		activity = activity_in(solution, loop, i);
	return tj_graph_place(graph, graph->book->activities.v[activity].src);
}

const char *
tj_loop_reason(const struct tj_loop *loop)
{
	return loop->state == TJ_LOOP_SINGULAR ? "uses up exactly what it makes"
	    : "uses up more of itself than it makes";
}

enum tj_rc
tj_solution_check(const struct tj_solution *solution, uint32_t node, struct tj_err *err)
{
	const struct tj_loop *loop;
	char names[TJ_LOOP_TEXT];

	if (solution->spoilt_by[node] == TJ_NONE) {
		if (isfinite(tj_values_total_kgco2e(&solution->values[node])))
			return TJ_OK;
		return tj_fail(err, TJ_E_RANGE, "%.*s: the footprint overflows",
		    TJ_FMT(tj_graph_node_name(solution->system->graph, node)));
	}
	loop = &solution->loops[solution->spoilt_by[node]];
	tj_loop_text(names, solution, loop);
	return tj_fail(err, TJ_E_LOOP, "%.*s has no footprint: the loop of %s %s",
	    TJ_FMT(tj_graph_node_name(solution->system->graph, node)), names,
	    tj_loop_reason(loop));
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
	*out = solution->values[answer.node];
	for (size_t v = 0; v < TJ_VALUES; v++)
		flat[v] *= v < TJ_PART_COUNT ? answer.per_unit : fabs(answer.per_unit);
	return TJ_OK;
}

double
tj_values_total_kgco2e(const struct tj_values *values)
{
	double sum = 0, rest = 0;

	for (int stage = 0; stage < TJ_STAGES; stage++)
		for (int category = 0; category < TJ_CATEGORIES; category++) {
			const double x = values->kgco2e[stage][category];
			const double next = sum + x;
			const double part = next - sum;

			rest += (sum - (next - part)) + (x - part);
			sum = next;
		}
	return sum + rest;
}
