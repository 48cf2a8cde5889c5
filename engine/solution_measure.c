#include <float.h>
#include <math.h>

#include "engine/solve_parts.h"
#include "model/base/mem.h"
#include "model/base/sum.h"

/* How exact a solution is: residuals of the totals, and what they may come to. */

#define PLACES_PER_PART	4096
#define TOLERANCE	1e-9	/* of the sizes that were summed: what rounding may do */

/* A compensated sum, and the sizes in it. */
struct sum {
	struct tj_sum	sum;
	double		size;
};

struct worst {
	double		ratio;
	uint32_t	place;		/* TJ_NONE: nothing was measured */
};

struct measuring {
	const struct tj_solution	*solution;
	double				*totals;	/* [node_count] by place */
	double				*bounds;	/* the same: residuals before */
	struct worst			*worst;		/* [parts] residuals */
};

static inline void
add(struct sum *s, double x)
{
	tj_sum_add(&s->sum, x);
	s->size += fabs(x);
}

static void
add_direct(struct sum *s, const struct tj_solution *solution, uint32_t node)
{
	const struct tj_system *system = solution->system;
	const struct tj_graph *graph = system->graph;

	if (node < graph->column_count) {
		const uint32_t activity = graph->columns[node].activity;

		add(s, system->credits_kgco2e[node]);
		for (uint32_t i = graph->release_start[activity];
		    i < graph->release_start[activity + 1]; i++)
			add(s, system->scales[node] * graph->releases[i].kgco2e);
	}
	for (size_t p = system->purchase_start[node]; p < system->purchase_start[node + 1];
	    p++)
		for (int category = 0; category < TJ_CATEGORIES; category++)
			add(s, system->purchases[p].amount *
			    solution->offers[system->purchases[p].need].kgco2e[category]);
}

static void
find_totals(void *ctx, size_t part, unsigned worker)
{
	const struct measuring *m = ctx;
	const struct tj_lanes *lanes = &m->solution->lanes;
	const size_t first = part * PLACES_PER_PART;

	(void)worker;
	for (size_t p = first; p < m->solution->plan->node_count &&
	    p < first + PLACES_PER_PART; p++) {
		struct tj_sum total = { 0, 0 };

		for (uint32_t l = 0; l < lanes->by_amount; l++)
			tj_sum_add(&total, m->solution->x[p * lanes->count + l]);
		m->totals[p] = tj_sum_of(&total);
	}
}

/* Answers |r| over the sizes; NAN where there is no footprint. */
static double
find_residual(const struct measuring *m, uint32_t place)
{
	const struct tj_plan *plan = m->solution->plan;
	struct sum r = { .size = 0 };
	double size, residual;

	add_direct(&r, m->solution, plan->order[place]);
	for (uint32_t e = plan->start[place]; e < plan->start[place + 1]; e++)
		add(&r, m->solution->amounts[e] *
		    m->totals[plan->suppliers[e] & TJ_PLAN_PLACE]);
	size = r.size;
	add(&r, -m->totals[place]);
	if (!isfinite(r.size))
		return NAN;
	residual = fabs(tj_sum_of(&r.sum));
	m->bounds[place] = residual + DBL_EPSILON * size;
	return size == 0 && residual == 0 ? 0 : residual / size;
}

static void
find_residuals(void *ctx, size_t part, unsigned worker)
{
	const struct measuring *m = ctx;
	const size_t first = part * PLACES_PER_PART;
	struct worst worst = { 0, TJ_NONE };

	(void)worker;
	for (size_t p = first; p < m->solution->plan->node_count &&
	    p < first + PLACES_PER_PART; p++) {
		const double ratio = find_residual(m, (uint32_t)p);

		if (ratio > worst.ratio || (worst.place == TJ_NONE && ratio == 0))
			worst = (struct worst){ ratio, (uint32_t)p };
	}
	m->worst[part] = worst;
}

static enum tj_rc
check_residuals(struct tj_numerics *out, const struct measuring *m, size_t parts,
    struct tj_err *err)
{
	const struct tj_plan *plan = m->solution->plan;
	struct worst worst = { 0, TJ_NONE };

	for (size_t i = 0; i < parts; i++)
		if (m->worst[i].place != TJ_NONE &&
		    (worst.place == TJ_NONE || m->worst[i].ratio > worst.ratio))
			worst = m->worst[i];
	out->residual = worst.ratio;
	out->residual_node = worst.place == TJ_NONE ? TJ_NONE : plan->order[worst.place];
	if (worst.ratio > TOLERANCE)
		return tj_fail(err, TJ_E_INTERNAL,
		    "%.*s: %.17g is not the sum of its suppliers', by %.3g of it",
		    TJ_FMT(tj_graph_node_name(m->solution->system->graph, out->residual_node)),
		    m->totals[worst.place], worst.ratio);
	return TJ_OK;
}

/* What is in or downstream of a loop whose sizes have no sum has no bound: NAN. */
static void
spread_unbounded(const struct measuring *m)
{
	const struct tj_plan *plan = m->solution->plan;

	for (uint32_t p = 0; plan->loop_count > 0 && p < plan->node_count; p++) {
		const uint32_t loop = plan->loop_of[p];
		const uint32_t end = loop == TJ_NONE ? p + 1 : plan->loops[loop].end;
		bool none = loop != TJ_NONE && isinf(m->solution->loops[loop].amplification);

		for (uint32_t e = plan->start[p]; e < plan->start[end] && !none; e++)
			none = isnan(m->bounds[plan->suppliers[e] & TJ_PLAN_PLACE]);
		for (; none && p < end; p++)
			m->bounds[p] = NAN;
		p = end - 1;
	}
}

static enum tj_rc
find_bounds(const struct measuring *m, struct tj_crew *crew, struct tj_err *err)
{
	static const struct tj_lanes by_size = { .count = 1, .primary = TJ_NONE,
	    .absolute = TJ_NONE };
	const struct tj_plan *plan = m->solution->plan;
	struct tj_loop *loops = tj_mem_calloc(plan->loop_count, sizeof(*loops));
	enum tj_rc rc;

	if (loops == NULL)
		return tj_fail_nomem(err);
	rc = tj_sweep(m->bounds, loops, plan, m->solution->amounts, &by_size, crew, err);
	tj_mem_free(loops);
	if (rc == TJ_OK)
		spread_unbounded(m);
	return rc;
}

static void
judge_bounds(struct tj_numerics *out, const struct measuring *m)
{
	const struct tj_plan *plan = m->solution->plan;

	out->bound_node = TJ_NONE;
	for (uint32_t p = 0; p < plan->node_count; p++) {
		const double size = fabs(m->totals[p]), ratio = m->bounds[p] / size;

		if (!isfinite(size))
			continue;
		if (!isfinite(m->bounds[p]))
			out->unbounded++;
		else if (size > 0 && (out->bound_node == TJ_NONE || ratio > out->error_bound)) {
			out->error_bound = ratio;
			out->bound_node = plan->order[p];
		}
	}
}

static enum tj_rc
measure(struct tj_numerics *out, const struct measuring *m, size_t parts,
    struct tj_crew *crew, struct tj_err *err)
{
	struct measuring all = *m;

	tj_crew_run(crew, find_totals, &all, parts);
	tj_crew_run(crew, find_residuals, &all, parts);
	TRY(check_residuals(out, m, parts, err));
	TRY(find_bounds(m, crew, err));
	judge_bounds(out, m);
	return TJ_OK;
}

enum tj_rc
tj_solution_measure(struct tj_solution *solution, struct tj_crew *crew, struct tj_err *err)
{
	const size_t n = solution->plan->node_count;
	const size_t parts = (n + PLACES_PER_PART - 1) / PLACES_PER_PART;
	struct tj_numerics numerics = { 0 };
	struct measuring m = { .solution = solution };
	enum tj_rc rc;

	m.totals = tj_mem_calloc(n, sizeof(*m.totals));
	m.bounds = tj_mem_calloc(n, sizeof(*m.bounds));
	m.worst = tj_mem_calloc(parts, sizeof(*m.worst));
	rc = m.totals == NULL || m.bounds == NULL || m.worst == NULL ? tj_fail_nomem(err)
	    : measure(&numerics, &m, parts, crew, err);
	if (rc == TJ_OK)
		solution->numerics = numerics;
	tj_mem_free(m.totals);
	tj_mem_free(m.bounds);
	tj_mem_free(m.worst);
	return rc;
}
