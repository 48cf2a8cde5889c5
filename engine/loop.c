#include <math.h>

#include "engine/loop_parts.h"
#include "model/base/limits.h"

void
tj_loop_spoil(struct tj_loop_task *task, enum tj_loop_state why)
{
	const size_t n = task->where.end - task->where.first;

	task->loop->state = why;
	for (size_t i = 0; i < n * task->lanes->count; i++)
		task->x[i] = NAN;
}

enum tj_rc
tj_loop_solve(double *x, struct tj_loop *loop, const struct tj_plan *plan,
    const double *amounts, const struct tj_lanes *lanes, uint32_t number,
    struct tj_crew *crew, struct tj_err *err)
{
	const struct tj_plan_loop where = plan->loops[number];
	struct tj_loop_task task = { .loop = loop, .plan = plan, .amounts = amounts,
	    .lanes = lanes, .number = number, .where = where,
	    .x = x + (size_t)where.first * lanes->count, .crew = crew, .err = err };
	bool done = false;

	for (uint32_t p = where.first; p < where.end; p++)
		tj_sweep_row(x, p, plan, amounts, lanes, where.first, where.end);
	*loop = (struct tj_loop){ .state = TJ_LOOP_SOLVED, .amplification = INFINITY,
	    .gain_high = INFINITY };
	if (where.end - where.first > TJ_MAX_DENSE_LOOP)
		TRY(tj_loop_large(&done, &task));
	return done ? TJ_OK : tj_loop_direct(&task);
}
