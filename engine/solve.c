#include <math.h>
#include <stdio.h>

#include "engine/solve_row.h"

static void
solve_node(struct tj_solver *solver, uint32_t node)
{
	struct tj_solution *solution = solver->solution;
	const uint32_t by = solver->plan->loop_count == 0 ? TJ_NONE
	    : tj_solve_spoilt(solver, node, TJ_NONE);
	double *const flat = (double *)&solution->values[node];

	solution->spoilt_by[node] = by;
	if (by == TJ_NONE) {
		tj_solve_row(&solution->values[node], solver, node, TJ_NONE);
		return;
	}
	for (size_t v = 0; v < TJ_VALUES; v++)
		flat[v] = NAN;
}

static enum tj_rc
solver_init(struct tj_solver *solver, struct tj_arena *arena)
{
	const struct tj_graph *graph = solver->system->graph;
	struct tj_solution *solution = solver->solution;
	const size_t n = solver->plan->node_count;

	solution->values = TJ_NEWN(arena, struct tj_values, n);
	solution->spoilt_by = TJ_NEWN(arena, uint32_t, n);
	solution->loops = TJ_NEWN(arena, struct tj_loop, solver->plan->loop_count);
	solver->need_kg = TJ_NEWN(arena, double, graph->need_count);
	solver->local = TJ_NEWN(arena, uint32_t, n);
	if (solution->values == NULL || solution->spoilt_by == NULL ||
	    solution->loops == NULL || solver->need_kg == NULL || solver->local == NULL)
		return tj_fail_nomem(solver->err);
	memset(solution->spoilt_by, 0xff, n * sizeof(*solution->spoilt_by));
	for (uint32_t i = 0; i < graph->need_count; i++) {
		const struct tj_need *need = &graph->needs[i];
		const double kg = need->product == TJ_NONE || need->waste ? 0
		    : tj_graph_mass_kg_per_unit(graph, need->product);

		solver->need_kg[i] = isnan(kg) ? 0 : kg;
	}
	return TJ_OK;
}

enum tj_rc
tj_solve(struct tj_solution *out, const struct tj_system *system,
    const struct tj_plan *plan, const struct tj_offer *offers,
    struct tj_findings *findings, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_solution solution = { .system = system, .plan = plan, .offers = offers };
	struct tj_solver solver = { .solution = &solution, .system = system, .plan = plan,
	    .offers = offers, .findings = findings, .err = err };
	uint32_t loop = 0;

	TRY(solver_init(&solver, arena));
	for (uint32_t c = 0; c < plan->component_count; c++) {
		if (loop < plan->loop_count && plan->loops[loop] == c) {
			solution.loops[loop].component = c;
			TRY(tj_solve_component(&solver, &solution.loops[loop]));
			loop++;
		} else {
			solve_node(&solver, plan->order[plan->component_start[c]]);
		}
	}
	if (findings->out_of_memory)
		return tj_fail_nomem(err);
	*out = solution;
	return TJ_OK;
}
