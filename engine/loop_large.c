#include <math.h>

#include "engine/loop_bounds.h"
#include "engine/loop_iterate.h"
#include "engine/loop_parts.h"
#include "model/base/mem.h"

/* Lanes that are solved side by side, with one matrix. */
struct group {
	const struct tj_split	*split;
	enum tj_split_of	 of;
	uint32_t		 lanes[TJ_LANES_WIDE];
	uint32_t		 count;
	bool			 solved;
	uint32_t		 iterations;
	bool			 out_of_memory;
};

struct large {
	struct tj_loop_task	*task;
	bool			 secondary;
	struct tj_split		 sizes, amounts, primary;	/* the latter where they differ */
	struct group		*groups;	/* [group_count] */
	uint32_t		 group_count;
};

static void
look_at_entries(struct large *large)
{
	const struct tj_loop_task *task = large->task;
	const struct tj_plan *plan = task->plan;

	for (uint32_t p = task->where.first; p < task->where.end; p++)
		for (size_t e = plan->start[p]; e < plan->start[p + 1]; e++) {
			const uint32_t supplier = plan->suppliers[e] & TJ_PLAN_PLACE;

			if (!tj_plan_inside(task->where, supplier))
				continue;
			if (plan->suppliers[e] & TJ_PLAN_SECONDARY)
				large->secondary = true;
			if (task->amounts[e] < 0)
				task->loop->credits = true;
		}
}

/* Another of the matrices, in the units that the sizes were found to be alike in. */
static enum tj_rc
split_like(struct tj_split *out, const struct large *large, enum tj_split_of of)
{
	const struct tj_loop_task *task = large->task;

	return tj_split_like(out, &large->sizes, task->plan, task->amounts, task->number, of,
	    task->err);
}

static bool
takes_more(const struct group *group, const struct tj_split *split)
{
	return group->split == split && group->count < TJ_LANES_WIDE;
}

static void
add_lane(struct large *large, uint32_t lane, const struct tj_split *split,
    enum tj_split_of of)
{
	struct group *last;

	if (large->group_count == 0 || !takes_more(&large->groups[large->group_count - 1], split))
		large->groups[large->group_count++] = (struct group){ .split = split, .of = of };
	last = &large->groups[large->group_count - 1];
	last->lanes[last->count++] = lane;
}

static enum tj_rc
make_groups(struct large *large)
{
	const struct tj_loop_task *task = large->task;
	const struct tj_lanes *lanes = task->lanes;
	const bool credits = task->loop->credits;

	large->groups = tj_mem_calloc(lanes->count, sizeof(*large->groups));
	if (large->groups == NULL)
		return tj_fail_nomem(task->err);
	if (credits)
		TRY(split_like(&large->amounts, large, TJ_SPLIT_AMOUNTS));
	if (large->secondary && lanes->primary != TJ_NONE)
		TRY(split_like(&large->primary, large, TJ_SPLIT_PRIMARY));
	for (uint32_t l = 0; l < lanes->count; l++) {
		if (l < lanes->by_amount && credits)
			add_lane(large, l, &large->amounts, TJ_SPLIT_AMOUNTS);
		else if (l != lanes->primary || !large->secondary)
			add_lane(large, l, &large->sizes, TJ_SPLIT_SIZES);
	}
	if (large->secondary && lanes->primary != TJ_NONE)
		add_lane(large, lanes->primary, &large->primary, TJ_SPLIT_PRIMARY);
	return TJ_OK;
}

/* The k-th lane of a group, of the member that a row is. */
static inline double *
value_of(const struct large *large, const struct group *group, uint32_t row, uint32_t k)
{
	return large->task->x + (size_t)group->split->members[row] *
	    large->task->lanes->count + group->lanes[k];
}

/* Right sides into a block; lanes that are spoilt, or too large, are left out. */
static void
load(double *block, bool *spoilt, const struct large *large, const struct group *group,
    unsigned width)
{
	const struct tj_split *split = group->split;

	memset(spoilt, 0, TJ_LANES_WIDE * sizeof(*spoilt));
	for (uint32_t i = 0; i < split->n; i++)
		for (uint32_t k = 0; k < group->count; k++) {
			const double right = *value_of(large, group, i, k) / split->scale[i];

			block[(size_t)i * width + k] = right;
			spoilt[k] = spoilt[k] || !isfinite(right);
		}
	for (uint32_t k = 0; k < group->count; k++)
		for (uint32_t i = 0; spoilt[k] && i < split->n; i++)
			block[(size_t)i * width + k] = 0;
}

static void
store(const struct large *large, const struct group *group, const double *block,
    const bool *spoilt, unsigned width)
{
	const struct tj_split *split = group->split;

	for (uint32_t i = 0; i < split->n; i++)
		for (uint32_t k = 0; k < group->count; k++)
			*value_of(large, group, i, k) = spoilt[k] ? NAN
			    : block[(size_t)i * width + k] * split->scale[i];
}

static void
solve_group(void *ctx, size_t part, unsigned worker)
{
	struct large *large = ctx;
	struct group *group = &large->groups[part];
	const unsigned width = group->count == 1 ? 1 : TJ_LANES_WIDE;
	double *block = tj_mem_calloc((size_t)group->split->n * width, sizeof(*block));
	bool spoilt[TJ_LANES_WIDE];

	(void)worker;
	group->out_of_memory = true;
	if (block == NULL)
		return;
	load(block, spoilt, large, group, width);
	if (tj_loop_iterate(&group->solved, &group->iterations, block, group->split, width,
	    NULL) == TJ_OK)
		group->out_of_memory = false;
	if (group->solved)
		store(large, group, block, spoilt, width);
	tj_mem_free(block);
}

static enum tj_rc
solve_groups(struct large *large)
{
	struct tj_loop_task *task = large->task;

	TRY(make_groups(large));
	tj_crew_run(task->crew, solve_group, large, large->group_count);
	for (uint32_t g = 0; g < large->group_count; g++) {
		struct group *group = &large->groups[g];

		if (group->out_of_memory)
			return tj_fail_nomem(task->err);
		if (group->iterations > task->loop->iterations)
			task->loop->iterations = group->iterations;
		if (!group->solved)
			TRY(tj_loop_direct_lanes(task, group->of, group->lanes,
			    group->count));
	}
	return TJ_OK;
}

/* What the bounds say of the loop; *done: nothing is left to do. */
static void
take_bounds(bool *done, struct tj_loop_task *task, const struct tj_loop_bounds *bounds)
{
	struct tj_loop *loop = task->loop;

	*done = false;
	loop->gain_low = bounds->gain_low;
	loop->gain_high = bounds->gain_high;
	if (bounds->proof == TJ_LOOP_PRODUCTIVE) {
		loop->amplification = 1 / (1 - bounds->gain_high);
		loop->pivot_ratio = loop->credits ? 1 - bounds->gain_high : 0;
		return;
	}
	task->no_gain_below_one = bounds->proof != TJ_LOOP_UNPROVEN;
	if (loop->credits || bounds->proof == TJ_LOOP_UNPROVEN)
		return;
	tj_loop_spoil(task, bounds->proof == TJ_LOOP_AT_ONE ? TJ_LOOP_SINGULAR
	    : TJ_LOOP_GAIN);
	*done = true;
}

static enum tj_rc
solve(bool *done, struct large *large)
{
	struct tj_loop_task *task = large->task;
	struct tj_loop_bounds bounds;

	task->loop->method = TJ_LOOP_ITERATIVE;
	look_at_entries(large);
	TRY(tj_split_init(&large->sizes, task->plan, task->amounts, task->number,
	    TJ_SPLIT_SIZES, task->err));
	TRY(tj_loop_bounds_find(&bounds, &large->sizes, task->err));
	take_bounds(done, task, &bounds);
	if (bounds.proof != TJ_LOOP_PRODUCTIVE)
		return TJ_OK;
	TRY(solve_groups(large));
	*done = true;
	return TJ_OK;
}

enum tj_rc
tj_loop_large(bool *done, struct tj_loop_task *task)
{
	struct large large = { .task = task };
	const enum tj_rc rc = solve(done, &large);

	tj_split_fini(&large.sizes);
	tj_split_fini(&large.amounts);
	tj_split_fini(&large.primary);
	tj_mem_free(large.groups);
	return rc;
}
