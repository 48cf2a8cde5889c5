#include "engine/plan.h"
#include "engine/scc.h"

static bool
is_loop(const struct tj_plan *plan, const struct tj_system *system, uint32_t component)
{
	const uint32_t first = plan->component_start[component];
	const uint32_t node = plan->order[first];

	if (plan->component_start[component + 1] - first > 1)
		return true;
	for (size_t e = system->edge_start[node]; e < system->edge_start[node + 1]; e++)
		if (system->edges[e].node == node)
			return true;
	return false;
}

static enum tj_rc
find_loops(struct tj_plan *plan, const struct tj_system *system, struct tj_arena *arena,
    struct tj_err *err)
{
	TJ_VEC(uint32_t) loops = { 0 };

	for (uint32_t c = 0; c < plan->component_count; c++)
		if (is_loop(plan, system, c) && !TJ_PUSH(arena, &loops, c))
			return tj_fail_nomem(err);
	plan->loops = loops.v;
	plan->loop_count = (uint32_t)loops.n;
	return TJ_OK;
}

enum tj_rc
tj_plan_make(struct tj_plan *out, const struct tj_system *system, struct tj_arena *arena,
    struct tj_err *err)
{
	const size_t n = system->node_count;
	struct tj_plan plan = { .node_count = system->node_count };

	plan.order = TJ_NEWN(arena, uint32_t, n);
	plan.component_start = TJ_NEWN(arena, uint32_t, n + 1);
	plan.component_of = TJ_NEWN(arena, uint32_t, n);
	if (plan.order == NULL || plan.component_start == NULL || plan.component_of == NULL)
		return tj_fail_nomem(err);
	TRY(tj_scc(plan.order, plan.component_start, &plan.component_count, system, err));
	for (uint32_t c = 0; c < plan.component_count; c++)
		for (uint32_t i = plan.component_start[c];
		    i < plan.component_start[c + 1]; i++)
			plan.component_of[plan.order[i]] = c;
	TRY(find_loops(&plan, system, arena, err));
	*out = plan;
	return TJ_OK;
}
