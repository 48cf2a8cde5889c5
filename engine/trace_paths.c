#include <math.h>
#include <stdlib.h>

#include "engine/trace_parts.h"

/*
 * Suppliers and members of loops looked at, all together: under a second.  What waits
 * then is remainder; no cut-off that people read by comes near it.
 */
#define MAX_WORK	500000u

/* A path as far as it goes: a node, how much of it, and how one came there. */
struct reach {
	double		amount;
	double		bound_kgco2e;	/* no end from here is worth more */
	uint32_t	node;
	uint32_t	from;		/* number of the reach before, or TJ_NONE */
	uint32_t	depth;
	bool		round;		/* of a loop, by its closed form: it leaves, or ends */
};

struct end {
	double		kgco2e, amount;
	uint32_t	from;		/* number of its reach; TJ_NONE: bought as such */
	uint32_t	need;		/* TJ_NONE: its own emissions */
};

struct searching {
	struct tj_tracing	*t;
	struct tj_trace_rounds	 rounds;
	TJ_VEC(struct reach)	 reached;
	TJ_VEC(uint32_t)	 heap;		/* of numbers in reached, largest bound first */
	TJ_VEC(struct end)	 ends;
	struct tj_parts		 parts;		/* of the node that is being opened */
	struct tj_takens	 takens;
	struct tj_sum		 remainder;
	size_t			 work;
};

/* First what is worth most; what was reached first among equals. */
static bool
is_before(const struct searching *s, uint32_t a, uint32_t b)
{
	const double x = s->reached.v[a].bound_kgco2e, y = s->reached.v[b].bound_kgco2e;

	return x != y ? x > y : a < b;
}

static void
heap_swap(struct searching *s, size_t i, size_t j)
{
	const uint32_t kept = s->heap.v[i];

	s->heap.v[i] = s->heap.v[j];
	s->heap.v[j] = kept;
}

static enum tj_rc
heap_push(struct searching *s, uint32_t number)
{
	if (!TJ_PUSH(s->t->scratch, &s->heap, number))
		return tj_fail_nomem(s->t->err);
	for (size_t i = s->heap.n - 1;
	    i > 0 && is_before(s, s->heap.v[i], s->heap.v[(i - 1) / 2]); i = (i - 1) / 2)
		heap_swap(s, i, (i - 1) / 2);
	return TJ_OK;
}

static uint32_t
heap_pop(struct searching *s)
{
	const uint32_t first = s->heap.v[0];
	size_t i = 0, child;

	s->heap.v[0] = s->heap.v[--s->heap.n];
	while ((child = 2 * i + 1) < s->heap.n) {
		if (child + 1 < s->heap.n &&
		    is_before(s, s->heap.v[child + 1], s->heap.v[child]))
			child++;
		if (!is_before(s, s->heap.v[child], s->heap.v[i]))
			break;
		heap_swap(s, i, child);
		i = child;
	}
	return first;
}

/* Goes on there, or leaves it to the remainder.  `size` is of one unit. */
static enum tj_rc
reach(struct searching *s, struct reach it, struct tj_size size)
{
	it.bound_kgco2e = fabs(it.amount) * size.absolute_kgco2e;
	if (it.bound_kgco2e < s->t->threshold_kgco2e || it.bound_kgco2e == 0 ||
	    it.depth > s->t->options->depth || s->work >= MAX_WORK) {
		tj_sum_add(&s->remainder, it.amount * size.kgco2e);
		return TJ_OK;
	}
	if (!TJ_PUSH(s->t->scratch, &s->reached, it))
		return tj_fail_nomem(s->t->err);
	return heap_push(s, (uint32_t)s->reached.n - 1);
}

static enum tj_rc
end_add(struct searching *s, struct end it, uint32_t depth)
{
	if (it.kgco2e == 0)
		return TJ_OK;
	if (fabs(it.kgco2e) < s->t->threshold_kgco2e || depth > s->t->options->depth) {
		tj_sum_add(&s->remainder, it.kgco2e);
		return TJ_OK;
	}
	return TJ_PUSH(s->t->scratch, &s->ends, it) ? TJ_OK : tj_fail_nomem(s->t->err);
}

static int
by_need(const void *a, const void *b)
{
	const struct tj_part *x = a, *y = b;

	if (x->number != y->number)
		return x->number > y->number ? 1 : -1;
	return x->order > y->order ? 1 : -1;
}

/* Purchases of one thing are one end; what is emitted was taken out before. */
static enum tj_rc
bought_ends(struct searching *s, struct tj_part *bought, size_t n, uint32_t number)
{
	const struct reach at = s->reached.v[number];

	if (n > 1)
		qsort(bought, n, sizeof(*bought), by_need);
	for (size_t i = 0; i < n;) {
		const uint32_t need = bought[i].number;
		struct tj_sum kgco2e = { 0, 0 }, amount = { 0, 0 };

		for (; i < n && bought[i].number == need; i++) {
			tj_sum_add(&kgco2e, bought[i].kgco2e);
			tj_sum_add(&amount, bought[i].amount);
		}
		TRY(end_add(s, (struct end){ at.amount * tj_sum_of(&kgco2e),
		    at.amount * tj_sum_of(&amount), number, need }, at.depth + 1));
	}
	return TJ_OK;
}

static enum tj_rc
ends_add(struct searching *s, uint32_t number)
{
	const struct reach at = s->reached.v[number];
	struct tj_sum own = { 0, 0 };
	size_t emitted = 0;

	TRY(tj_parts_find(&s->parts, s->t->solution, at.node, s->t->scratch, s->t->err));
	while (emitted < s->parts.list.n && s->parts.list.v[emitted].kind != TJ_PART_BOUGHT)
		tj_sum_add(&own, s->parts.list.v[emitted++].kgco2e);
	TRY(end_add(s, (struct end){ at.amount * tj_sum_of(&own), at.amount, number,
	    TJ_NONE }, at.depth));
	s->work += s->parts.list.n;
	return emitted == s->parts.list.n ? TJ_OK : bought_ends(s,
	    s->parts.list.v + emitted, s->parts.list.n - emitted, number);
}

static uint32_t
loop_of(const struct searching *s, uint32_t node)
{
	const struct tj_plan *plan = s->t->solution->plan;

	return tj_plan_loop_of(plan, plan->place[node]);
}

/* What one unit of a member of a loop brings, but for what comes from its loop. */
static enum tj_rc
size_outside(struct tj_size *size, struct searching *s, uint32_t node)
{
	const struct tj_solution *solution = s->t->solution;
	const uint32_t loop = loop_of(s, node);
	struct tj_sum sum = { 0, 0 };
	double absolute = 0;

	TRY(tj_parts_find(&s->parts, solution, node, s->t->scratch, s->t->err));
	for (size_t i = 0; i < s->parts.list.n; i++) {
		tj_sum_add(&sum, s->parts.list.v[i].kgco2e);
		absolute += fabs(s->parts.list.v[i].kgco2e);
	}
	TRY(tj_takens_find(&s->takens, solution, node, s->t->scratch, s->t->err));
	for (size_t i = 0; i < s->takens.list.n; i++) {
		const struct tj_taken *it = &s->takens.list.v[i];
		const struct tj_size each = tj_size_of(solution, it->node);

		if (loop_of(s, it->node) == loop)
			continue;
		tj_sum_add(&sum, it->amount * each.kgco2e);
		absolute += fabs(it->amount) * each.absolute_kgco2e;
	}
	*size = (struct tj_size){ tj_sum_of(&sum), absolute };
	return TJ_OK;
}

/* Into a loop: to each of its members by the closed form. */
static enum tj_rc
loop_enter(struct searching *s, uint32_t number)
{
	const struct reach at = s->reached.v[number];
	const struct tj_plan *plan = s->t->solution->plan;
	const struct tj_plan_loop where = plan->loops[loop_of(s, at.node)];
	const double *amounts;

	TRY(tj_trace_rounds_find(&amounts, &s->rounds, s->t->solution, at.node,
	    s->t->scratch, s->t->err));
	for (uint32_t p = where.first; p < where.end; p++) {
		const bool same = plan->order[p] == at.node;
		struct tj_size size;

		if (amounts[p - where.first] == 0)
			continue;
		TRY(size_outside(&size, s, plan->order[p]));
		TRY(reach(s, (struct reach){ .node = plan->order[p], .round = true,
		    .amount = at.amount * amounts[p - where.first],
		    .from = same ? at.from : number,
		    .depth = same ? at.depth : at.depth + 1 }, size));
	}
	s->work += where.end - where.first;
	return TJ_OK;
}

static enum tj_rc
suppliers_reach(struct searching *s, uint32_t number)
{
	const struct reach at = s->reached.v[number];
	const uint32_t loop = loop_of(s, at.node);

	TRY(tj_takens_find(&s->takens, s->t->solution, at.node, s->t->scratch, s->t->err));
	for (size_t i = 0; i < s->takens.list.n; i++) {
		const struct tj_taken *it = &s->takens.list.v[i];

		if (loop == TJ_NONE || loop_of(s, it->node) != loop)
			TRY(reach(s, (struct reach){ .node = it->node,
			    .amount = at.amount * it->amount, .from = number,
			    .depth = at.depth + 1 },
			    tj_size_of(s->t->solution, it->node)));
	}
	s->work += s->takens.list.n;
	return TJ_OK;
}

static enum tj_rc
open_best(struct searching *s)
{
	const uint32_t number = heap_pop(s);
	const struct reach at = s->reached.v[number];

	if (loop_of(s, at.node) != TJ_NONE && !at.round)
		return loop_enter(s, number);
	TRY(ends_add(s, number));
	return suppliers_reach(s, number);
}

/* What was never opened. */
static enum tj_rc
leave_rest(struct searching *s)
{
	while (s->heap.n > 0) {
		const struct reach at = s->reached.v[heap_pop(s)];
		struct tj_size size = tj_size_of(s->t->solution, at.node);

		if (at.round)
			TRY(size_outside(&size, s, at.node));
		tj_sum_add(&s->remainder, at.amount * size.kgco2e);
	}
	return TJ_OK;
}

static enum tj_rc
search(struct searching *s)
{
	const struct tj_answer answer = s->t->answer;
	const double amount = s->t->options->amount;

	if (answer.node == TJ_NONE)
		return end_add(s, (struct end){ amount *
		    tj_size_of_offer(&s->t->solution->offers[answer.need]).kgco2e,
		    amount, TJ_NONE, answer.need }, 0);
	TRY(reach(s, (struct reach){ .node = answer.node,
	    .amount = amount * answer.per_unit, .from = TJ_NONE },
	    tj_size_of(s->t->solution, answer.node)));
	while (s->heap.n > 0 && s->work < MAX_WORK)
		TRY(open_best(s));
	return leave_rest(s);
}

/* Largest first; then in the order they were found, which is the same everywhere. */
static int
by_size(const void *a, const void *b)
{
	const struct end *x = a, *y = b;
	const double more = fabs(y->kgco2e) - fabs(x->kgco2e);

	if (more != 0)
		return more > 0 ? 1 : -1;
	if (x->from != y->from)
		return x->from > y->from ? 1 : -1;
	return x->need > y->need ? 1 : -1;
}

static struct tj_trace_step
step_of_node(const struct tj_graph *graph, const struct reach *at)
{
	const uint32_t number = tj_graph_node_product(graph, at->node);
	const struct tj_product *product = &graph->book->products.v[number];
	const struct tj_activity *activity = tj_trace_activity(graph, at->node);

	return (struct tj_trace_step){ .key = product->key, .name = product->name,
	    .activity = activity == NULL ? TJ_S("") : activity->key,
	    .site = activity == NULL ? TJ_S("") : activity->site,
	    .amount = at->amount, .unit = tj_unit_symbol(graph->units[number]),
	    .round = at->round };
}

static struct tj_trace_step
step_of_need(const struct tj_graph *graph, const struct end *end)
{
	const struct tj_need *need = &graph->needs[end->need];

	return (struct tj_trace_step){ .key = need->key, .name = need->product == TJ_NONE
	    ? TJ_S("") : graph->book->products.v[need->product].name,
	    .amount = end->amount, .unit = tj_unit_symbol(need->unit) };
}

static enum tj_rc
path_make(struct tj_trace_path *path, const struct searching *s, const struct end *end)
{
	const struct tj_graph *graph = s->t->graph;
	const bool bought = end->need != TJ_NONE;
	struct tj_trace_step *steps;
	uint32_t n = bought;

	for (uint32_t i = end->from; i != TJ_NONE; i = s->reached.v[i].from)
		n++;
	if ((steps = TJ_NEWN(s->t->arena, struct tj_trace_step, n)) == NULL)
		return tj_fail_nomem(s->t->err);
	*path = (struct tj_trace_path){ .steps = steps, .step_count = n, .bought = bought,
	    .kgco2e = end->kgco2e, .share = tj_trace_share(s->t->trace, end->kgco2e) };
	if (bought) {
		steps[--n] = step_of_need(graph, end);
		path->from = tj_trace_from(&s->t->solution->offers[end->need]);
		path->source = tj_trace_source(&s->t->solution->offers[end->need]);
	}
	for (uint32_t i = end->from; i != TJ_NONE; i = s->reached.v[i].from)
		steps[--n] = step_of_node(graph, &s->reached.v[i]);
	return TJ_OK;
}

static enum tj_rc
paths_round(struct searching *s)
{
	struct tj_trace *trace = s->t->trace;
	const size_t n = trace->path_count;
	double *parts = TJ_NEWN(s->t->scratch, double, n + 1);
	tj_dec *rounded = TJ_NEWN(s->t->scratch, tj_dec, n + 1);

	if (parts == NULL || rounded == NULL)
		return tj_fail_nomem(s->t->err);
	for (size_t i = 0; i < n; i++)
		parts[i] = trace->paths[i].kgco2e;
	parts[n] = trace->remainder_kgco2e;
	TRY(tj_dec_apportion_to(rounded, trace->declared_kgco2e, parts, n + 1,
	    trace->digits, s->t->err));
	for (size_t i = 0; i < n; i++)
		trace->paths[i].declared_kgco2e = rounded[i];
	trace->remainder_declared_kgco2e = rounded[n];
	return TJ_OK;
}

static enum tj_rc
paths_make(struct searching *s)
{
	struct tj_trace *trace = s->t->trace;
	const size_t n = s->ends.n < TJ_TRACE_MAX_PATHS ? s->ends.n : TJ_TRACE_MAX_PATHS;

	if (s->ends.n > 1)
		qsort(s->ends.v, s->ends.n, sizeof(s->ends.v[0]), by_size);
	for (size_t i = n; i < s->ends.n; i++)
		tj_sum_add(&s->remainder, s->ends.v[i].kgco2e);
	if ((trace->paths = TJ_NEWN(s->t->arena, struct tj_trace_path, n)) == NULL)
		return tj_fail_nomem(s->t->err);
	for (size_t i = 0; i < n; i++)
		TRY(path_make(&trace->paths[i], s, &s->ends.v[i]));
	trace->path_count = n;
	trace->remainder_kgco2e = tj_sum_of(&s->remainder);
	trace->remainder_share = tj_trace_share(trace, trace->remainder_kgco2e);
	return paths_round(s);
}

enum tj_rc
tj_trace_paths(struct tj_tracing *t)
{
	struct searching s = { .t = t };

	TRY(search(&s));
	return paths_make(&s);
}
