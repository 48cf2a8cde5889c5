#include <math.h>
#include <stdio.h>

#include "engine/solve_parts.h"

/* What loops are called, what is told of them, and what those without a footprint spoil. */

/*
 * What is left of sixteen digits: twelve at the first figure (a loop of n nodes
 * may have n times as much, for its length).
 */
#define SENSITIVE_AMPLIFICATION	1e4
#define SENSITIVE_PIVOTS	1e-8	/* loops with credits: of rows scaled to one */

/* The activity at a place; of a mix, TJ_NONE. */
static uint32_t
activity_at(const struct tj_solution *solution, uint32_t place)
{
	const struct tj_graph *graph = solution->system->graph;
	const uint32_t node = solution->plan->order[place];

	return node < graph->column_count ? graph->columns[node].activity : TJ_NONE;
}

void
tj_loop_text(char text[TJ_LOOP_TEXT], const struct tj_solution *solution, uint32_t loop)
{
	const struct tj_book *book = solution->system->graph->book;
	const struct tj_plan_loop where = solution->plan->loops[loop];
	size_t used = 0;

	text[0] = '\0';
	for (uint32_t p = where.first; p < where.end; p++) {
		const uint32_t activity = activity_at(solution, p);
		int wrote;

		if (activity == TJ_NONE)
			continue;
		if (used > TJ_LOOP_TEXT / 2) {
			(void)snprintf(text + used, TJ_LOOP_TEXT - used, " and %u more",
			    where.end - p);
			return;
		}
		wrote = snprintf(text + used, TJ_LOOP_TEXT / 2 - 1, "%s%.*s",
		    used > 0 ? ", " : "", TJ_FMT(book->activities.v[activity].key));
		used += wrote < 0 ? 0 : (size_t)wrote < TJ_LOOP_TEXT / 2 - 1
		    ? (size_t)wrote : TJ_LOOP_TEXT / 2 - 2;
	}
}

const char *
tj_loop_reason(const struct tj_loop *loop)
{
	return loop->state == TJ_LOOP_SINGULAR ? "uses up exactly what it makes"
	    : "uses up more of itself than it makes";
}

static tj_place
loop_place(const struct tj_solution *solution, uint32_t loop)
{
	const struct tj_graph *graph = solution->system->graph;
	uint32_t activity = TJ_NONE;

	for (uint32_t p = solution->plan->loops[loop].first; activity == TJ_NONE; p++)
		activity = activity_at(solution, p);	/* mixes alone make no loop */
	return tj_graph_place(graph, graph->book->activities.v[activity].src);
}

static bool
is_sensitive(const struct tj_loop *loop, struct tj_plan_loop where)
{
	return loop->credits ? loop->pivot_ratio < SENSITIVE_PIVOTS
	    : loop->amplification > SENSITIVE_AMPLIFICATION * (where.end - where.first);
}

static void
tell_loop(const struct tj_solution *solution, uint32_t number, struct tj_findings *findings)
{
	const struct tj_loop *loop = &solution->loops[number];
	const struct tj_plan_loop where = solution->plan->loops[number];
	const tj_place place = loop_place(solution, number);
	const tj_str subject = tj_graph_node_name(solution->system->graph,
	    solution->plan->order[where.first]);
	char names[TJ_LOOP_TEXT];

	tj_loop_text(names, solution, number);
	if (loop->state != TJ_LOOP_SOLVED) {
		tj_findings_add(findings, TJ_RULE_BAD_LOOP, place, tj_str_of(names), "%s",
		    tj_loop_reason(loop));
		return;
	}
	if (loop->credits && isinf(loop->amplification))
		tj_findings_add(findings, TJ_RULE_CREDIT_LOOP, place, subject, "%s", names);
	if (is_sensitive(loop, where) && !loop->credits)
		tj_findings_add(findings, TJ_RULE_LOOP_CONDITION, place, subject,
		    "%s: a gain within %.3g of one", names, 1 / loop->amplification);
	else if (is_sensitive(loop, where))
		tj_findings_add(findings, TJ_RULE_LOOP_CONDITION, place, subject,
		    "%s: pivots %.3g apart", names, 1 / loop->pivot_ratio);
}

void
tj_solution_tell(const struct tj_solution *solution, struct tj_findings *findings)
{
	for (uint32_t l = 0; l < solution->plan->loop_count; l++)
		tell_loop(solution, l, findings);
}

/* The loop that spoils a supplier of this place outside [first, end), or TJ_NONE. */
static uint32_t
spoilt_from_outside(const struct tj_solution *solution, uint32_t place,
    struct tj_plan_loop own)
{
	const struct tj_plan *plan = solution->plan;

	for (size_t e = plan->start[place]; e < plan->start[place + 1]; e++) {
		const uint32_t supplier = plan->suppliers[e] & TJ_PLAN_PLACE;

		if (!tj_plan_inside(own, supplier) &&
		    solution->spoilt_by[supplier] != TJ_NONE)
			return solution->spoilt_by[supplier];
	}
	return TJ_NONE;
}

static void
spoil_loop(struct tj_solution *solution, uint32_t number)
{
	const struct tj_plan_loop own = solution->plan->loops[number];
	uint32_t by = solution->loops[number].state == TJ_LOOP_SOLVED ? TJ_NONE : number;

	for (uint32_t p = own.first; p < own.end && by == TJ_NONE; p++)
		by = spoilt_from_outside(solution, p, own);
	for (uint32_t p = own.first; p < own.end; p++)
		solution->spoilt_by[p] = by;
}

enum tj_rc
tj_solution_spoil(struct tj_solution *solution, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_plan *plan = solution->plan;
	uint32_t bad = 0;

	while (bad < plan->loop_count && solution->loops[bad].state == TJ_LOOP_SOLVED)
		bad++;
	if (bad == plan->loop_count)
		return TJ_OK;
	solution->spoilt_by = TJ_NEWN(arena, uint32_t, plan->node_count);
	if (solution->spoilt_by == NULL)
		return tj_fail_nomem(err);
	for (uint32_t p = 0; p < plan->node_count; p++) {
		const uint32_t loop = plan->loop_of[p];

		if (loop == TJ_NONE) {
			solution->spoilt_by[p] = spoilt_from_outside(solution, p,
			    (struct tj_plan_loop){ p, p });
			continue;
		}
		spoil_loop(solution, loop);
		p = plan->loops[loop].end - 1;
	}
	return TJ_OK;
}
