#include "engine/plan_parts.h"

/*
 * Entries and places of a part: some ten microseconds, so that handing it out and
 * waiting for others cost little of it.
 */
#define PART_WEIGHT	16384

struct cutting {
	const struct tj_plan		*plan;
	TJ_VEC(struct tj_plan_part)	 parts;
	uint32_t			 open;		/* place: the part at hand begins here */
	bool				 failed;
	struct tj_arena			*arena;
};

static uint64_t
weight(const struct tj_plan *plan, uint32_t first, uint32_t end)
{
	return (uint64_t)(plan->start[end] - plan->start[first]) + (end - first);
}

/* The part at hand ends here. */
static void
cut(struct cutting *c, uint32_t place, uint32_t after)
{
	if (place == c->open)
		return;
	if (!TJ_PUSH(c->arena, &c->parts, (struct tj_plan_part){ c->open, after }))
		c->failed = true;
	c->open = place;
}

/* One node, or the loop that begins here: where the next one does, and what it weighs. */
static uint32_t
step_over(uint64_t *weighs, const struct tj_plan *plan, uint32_t place)
{
	const uint32_t loop = tj_plan_loop_of(plan, place);
	const uint32_t end = loop == TJ_NONE ? place + 1 : plan->loops[loop].end;
	const uint64_t n = end - place;

	*weighs = weight(plan, place, end) + (loop == TJ_NONE ? 0 : n * n);
	return end;
}

/* The nodes of a wide level need nothing of each other. */
static void
cut_level(struct cutting *c, uint32_t first, uint32_t end)
{
	uint32_t after, next;
	uint64_t weighs, sum = 0;

	cut(c, first, (uint32_t)c->parts.n);
	after = (uint32_t)c->parts.n;
	for (uint32_t p = first; p < end; p = next) {
		next = step_over(&weighs, c->plan, p);
		if (next - p > TJ_PLAN_LARGE_LOOP) {
			cut(c, p, after);
			after = (uint32_t)c->parts.n;
			cut(c, next, after);
			after = (uint32_t)c->parts.n;
			sum = 0;
		} else if ((sum += weighs) >= PART_WEIGHT) {
			cut(c, next, after);
			sum = 0;
		}
	}
	cut(c, end, after);
}

static bool
is_wide(const struct tj_plan *plan, uint32_t first, uint32_t end)
{
	uint64_t weighs, sum = 0;

	for (uint32_t p = first; p < end && sum < (uint64_t)2 * PART_WEIGHT;) {
		p = step_over(&weighs, plan, p);
		sum += weighs;
	}
	return sum >= (uint64_t)2 * PART_WEIGHT;
}

enum tj_rc
tj_plan_cut(struct tj_plan *plan, const uint32_t *level_start, uint32_t level_count,
    struct tj_arena *arena, struct tj_err *err)
{
	struct cutting c = { .plan = plan, .arena = arena };

	for (uint32_t l = level_count; l-- > 0;) {
		const uint32_t first = level_start[l];
		const uint32_t end = l == 0 ? plan->node_count : level_start[l - 1];

		if (is_wide(plan, first, end))
			cut_level(&c, first, end);
		else if (weight(plan, c.open, end) >= PART_WEIGHT)
			cut(&c, end, (uint32_t)c.parts.n);
	}
	cut(&c, plan->node_count, (uint32_t)c.parts.n);
	plan->part_count = (uint32_t)c.parts.n;
	if (c.failed || !TJ_PUSH(arena, &c.parts, (struct tj_plan_part){
	    plan->node_count, plan->part_count }))
		return tj_fail_nomem(err);
	plan->parts = c.parts.v;
	return TJ_OK;
}
