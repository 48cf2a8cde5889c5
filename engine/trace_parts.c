#include <math.h>
#include <stdlib.h>

#include "engine/loop.h"
#include "engine/trace_parts.h"

static enum tj_rc
part_add(struct tj_parts *parts, struct tj_part part, struct tj_arena *arena,
    struct tj_err *err)
{
	part.order = (uint32_t)parts->list.n;
	return TJ_PUSH(arena, &parts->list, part) ? TJ_OK : tj_fail_nomem(err);
}

static enum tj_rc
releases_add(struct tj_parts *parts, const struct tj_system *system, uint32_t column,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_graph *graph = system->graph;
	const uint32_t activity = graph->columns[column].activity;
	const double scale = system->scales[column];

	for (uint32_t i = graph->release_start[activity];
	    scale != 0 && i < graph->release_start[activity + 1]; i++)
		TRY(part_add(parts, (struct tj_part){ .kind = TJ_PART_EMITTED, .number = i,
		    .kgco2e = scale * graph->releases[i].kgco2e,
		    .amount = scale * graph->releases[i].amount }, arena, err));
	if (system->credits_kgco2e[column] == 0)
		return TJ_OK;
	return part_add(parts, (struct tj_part){ .kind = TJ_PART_CREDITED,
	    .number = column, .kgco2e = system->credits_kgco2e[column],
	    .amount = system->credits_kgco2e[column] }, arena, err);
}

enum tj_rc
tj_parts_find(struct tj_parts *parts, const struct tj_solution *solution, uint32_t node,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_system *system = solution->system;

	parts->list.n = 0;
	if (node < system->graph->column_count)
		TRY(releases_add(parts, system, node, arena, err));
	for (size_t p = system->purchase_start[node]; p < system->purchase_start[node + 1];
	    p++) {
		const struct tj_purchase *it = &system->purchases[p];
		const struct tj_size size = tj_size_of_offer(&solution->offers[it->need]);

		TRY(part_add(parts, (struct tj_part){ .kind = TJ_PART_BOUGHT,
		    .number = it->need, .kgco2e = it->amount * size.kgco2e,
		    .amount = it->amount }, arena, err));
	}
	return TJ_OK;
}

static int
by_node(const void *a, const void *b)
{
	const struct tj_taken *x = a, *y = b;

	if (x->node != y->node)
		return x->node > y->node ? 1 : -1;
	return x->order > y->order ? 1 : -1;
}

/* A row may hold one supplier many times: each delivery is a line. */
static void
takens_merge(struct tj_takens *takens)
{
	size_t kept = 0;

	for (size_t i = 0; i < takens->list.n; i++)
		if (kept > 0 && takens->list.v[kept - 1].node == takens->list.v[i].node)
			takens->list.v[kept - 1].amount += takens->list.v[i].amount;
		else
			takens->list.v[kept++] = takens->list.v[i];
	takens->list.n = kept;
}

enum tj_rc
tj_takens_find(struct tj_takens *takens, const struct tj_solution *solution, uint32_t node,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_plan *plan = solution->plan;
	const uint32_t place = plan->place[node];

	takens->list.n = 0;
	for (size_t e = plan->start[place]; e < plan->start[place + 1]; e++)
		if (!TJ_PUSH(arena, &takens->list, (struct tj_taken){ solution->amounts[e],
		    plan->order[plan->suppliers[e] & TJ_PLAN_PLACE],
		    (uint32_t)takens->list.n }))
			return tj_fail_nomem(err);
	if (takens->list.n > 1)
		qsort(takens->list.v, takens->list.n, sizeof(takens->list.v[0]), by_node);
	takens_merge(takens);
	return TJ_OK;
}

struct tj_size
tj_size_of(const struct tj_solution *solution, uint32_t node)
{
	struct tj_values values;

	tj_solution_values(&values, solution, node);
	return (struct tj_size){ tj_values_total_kgco2e(&values), values.quality.absolute };
}

struct tj_size
tj_size_of_offer(const struct tj_offer *offer)
{
	struct tj_size size = { 0, 0 };

	for (int category = 0; category < TJ_CATEGORIES; category++) {
		size.kgco2e += offer->kgco2e[category];
		size.absolute_kgco2e += fabs(offer->kgco2e[category]);
	}
	return size;
}

const struct tj_activity *
tj_trace_activity(const struct tj_graph *graph, uint32_t node)
{
	return node >= graph->column_count ? NULL
	    : &graph->book->activities.v[graph->columns[node].activity];
}

enum tj_trace_from
tj_trace_from(const struct tj_offer *offer)
{
	return offer->kind == TJ_OFFER_DECLARATION ? TJ_TRACE_DECLARED
	    : offer->kind == TJ_OFFER_FACTOR ? TJ_TRACE_BY_FACTOR : TJ_TRACE_AS_ZERO;
}

tj_str
tj_trace_source(const struct tj_offer *offer)
{
	return offer->declaration != NULL ? offer->declaration->issuer : offer->source;
}

double
tj_trace_share(const struct tj_trace *trace, double kgco2e)
{
	return tj_dec_sign(trace->declared_kgco2e) == 0 ? (double)NAN
	    : kgco2e / trace->total_kgco2e;
}

static enum tj_rc
rounds_solve(double **out, const struct tj_solution *solution, uint32_t place,
    struct tj_arena *arena, struct tj_err *err)
{
	const uint32_t loop = tj_plan_loop_of(solution->plan, place);
	const struct tj_plan_loop where = solution->plan->loops[loop];
	double *amounts = TJ_NEWN(arena, double, (size_t)where.end - where.first);

	if (amounts == NULL)
		return tj_fail_nomem(err);
	amounts[place - where.first] = 1;
	TRY(tj_loop_solve_forward(amounts, solution->plan, solution->amounts, loop, err));
	*out = amounts;
	return TJ_OK;
}

enum tj_rc
tj_trace_rounds_find(const double **out, struct tj_trace_rounds *rounds,
    const struct tj_solution *solution, uint32_t node, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_plan *plan = solution->plan;
	const uint32_t place = plan->place[node];
	double *amounts;

	if (rounds->at == NULL &&
	    (rounds->at = TJ_NEWN(arena, const double *, plan->node_count)) == NULL)
		return tj_fail_nomem(err);
	if (rounds->at[place] == NULL) {
		TRY(rounds_solve(&amounts, solution, place, arena, err));
		rounds->at[place] = amounts;
	}
	*out = rounds->at[place];
	return TJ_OK;
}
