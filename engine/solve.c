#include "engine/solve_parts.h"

#define LINE	64	/* bytes: rows of eight lanes or a multiple share no line of the cache */

/* [n], zeroed, at the beginning of a line. */
static double *
lines_alloc(struct tj_arena *arena, size_t n)
{
	double *p = TJ_NEWN(arena, double, n + LINE / sizeof(*p));

	return p == NULL ? NULL : p + (LINE - (uintptr_t)p % LINE) / sizeof(*p);
}

enum tj_rc
tj_solve(struct tj_solution *out, const struct tj_system *system,
    const struct tj_plan *plan, const struct tj_offer *offers, struct tj_crew *crew,
    struct tj_findings *findings, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_solution solution = { .system = system, .plan = plan, .offers = offers };

	tj_direct_lanes(&solution);
	solution.amounts = TJ_NEWN(arena, double, plan->start[plan->node_count]);
	solution.loops = TJ_NEWN(arena, struct tj_loop, plan->loop_count);
	solution.x = lines_alloc(arena, (size_t)plan->node_count * solution.lanes.count);
	if (solution.amounts == NULL || solution.loops == NULL || solution.x == NULL)
		return tj_fail_nomem(err);
	tj_plan_amounts(solution.amounts, plan, &system->matrix, crew);
	TRY(tj_direct_fill(solution.x, &solution, crew, err));
	TRY(tj_sweep(solution.x, solution.loops, plan, solution.amounts, &solution.lanes,
	    crew, err));
	TRY(tj_solution_spoil(&solution, arena, err));
	TRY(tj_solution_measure(&solution, crew, err));
	tj_solution_tell(&solution, findings);
	if (findings->out_of_memory)
		return tj_fail_nomem(err);
	*out = solution;
	return TJ_OK;
}
