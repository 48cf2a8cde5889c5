#include <math.h>
#include <stdlib.h>

#include "engine/loop.h"
#include "engine/trace_parts.h"
#include "engine/trace_picture.h"
#include "model/base/limits.h"

struct drawing {
	const struct tj_solution	*solution;
	const struct tj_plan		*plan;
	const struct tj_supply		*supply;
	const struct tj_trace_options	*options;
	struct tj_picture		*picture;
	double				 threshold_kgco2e;
	TJ_VEC(struct tj_picture_node)	 nodes;
	TJ_VEC(struct tj_picture_edge)	 edges;
	uint32_t			 room;		/* of TJ_MAX_DOT_NODES */
	uint32_t			*of_node;	/* [node_count] its number + 1, or 0 */
	uint32_t			*of_need;	/* [need_count] */
	struct tj_parts			 parts;
	struct tj_takens		 takens;
	struct tj_arena			*arena, *scratch;
	struct tj_err			*err;
};

/* A node has a rest beside it. */
static enum tj_rc
select_node(struct drawing *d, uint32_t node)
{
	if (d->of_node[node] != 0 || d->room < 2 ||
	    fabs(d->supply->node_amounts[node]) *
	    tj_size_of(d->solution, node).absolute_kgco2e < d->threshold_kgco2e)
		return TJ_OK;
	if (!TJ_PUSH(d->arena, &d->nodes, (struct tj_picture_node){ .node = node,
	    .need = TJ_NONE }))
		return tj_fail_nomem(d->err);
	d->of_node[node] = (uint32_t)d->nodes.n;
	d->room -= 2;
	return TJ_OK;
}

static enum tj_rc
select_need(struct drawing *d, uint32_t need)
{
	if (d->of_need[need] != 0 || d->room < 1 ||
	    fabs(d->supply->purchases[need]) *
	    tj_size_of_offer(&d->solution->offers[need]).absolute_kgco2e <
	    d->threshold_kgco2e)
		return TJ_OK;
	if (!TJ_PUSH(d->arena, &d->nodes, (struct tj_picture_node){ .node = TJ_NONE,
	    .need = need }))
		return tj_fail_nomem(d->err);
	d->of_need[need] = (uint32_t)d->nodes.n;
	d->room--;
	return TJ_OK;
}

/* The parts and suppliers of a node, in d->parts and d->takens. */
static enum tj_rc
look(struct drawing *d, uint32_t node)
{
	TRY(tj_parts_find(&d->parts, d->solution, node, d->scratch, d->err));
	return tj_takens_find(&d->takens, d->solution, node, d->scratch, d->err);
}

static enum tj_rc
select_suppliers(struct drawing *d, uint32_t node)
{
	TRY(look(d, node));
	for (size_t i = 0; i < d->parts.list.n; i++)
		if (d->parts.list.v[i].kind == TJ_PART_BOUGHT)
			TRY(select_need(d, d->parts.list.v[i].number));
	for (size_t i = 0; i < d->takens.list.n; i++)
		TRY(select_node(d, d->takens.list.v[i].node));
	return TJ_OK;
}

/* Level after level. */
static enum tj_rc
select_all(struct drawing *d, const struct tj_answer *answer)
{
	size_t at = 0;

	d->threshold_kgco2e = 0;	/* the product is drawn whatever it weighs */
	if (answer->node == TJ_NONE)
		return select_need(d, answer->need);
	TRY(select_node(d, answer->node));
	d->threshold_kgco2e = d->picture->threshold_kgco2e;
	for (uint32_t depth = 0; depth < d->options->depth && at < d->nodes.n; depth++)
		for (const size_t end = d->nodes.n; at < end; at++)
			if (d->nodes.v[at].node != TJ_NONE)
				TRY(select_suppliers(d, d->nodes.v[at].node));
	return TJ_OK;
}

static enum tj_rc
edge_add(struct drawing *d, struct tj_picture_edge edge)
{
	return TJ_PUSH(d->arena, &d->edges, edge) ? TJ_OK : tj_fail_nomem(d->err);
}

static void
rest_add(struct tj_picture_node *at, double kgco2e)
{
	at->rest_kgco2e += kgco2e;
	at->rest_count++;
}

/* Several purchases of one thing are one edge: the last one drawn to it from here. */
static enum tj_rc
bring_bought(struct drawing *d, uint32_t to, size_t first_edge, const struct tj_part *part,
    double units)
{
	const uint32_t from = d->of_need[part->number];
	const double amount = units * part->amount, kgco2e = units * part->kgco2e;

	if (from == 0) {
		rest_add(&d->nodes.v[to], kgco2e);
		return TJ_OK;
	}
	d->nodes.v[from - 1].amount += amount;
	d->nodes.v[from - 1].own_kgco2e += kgco2e;
	d->nodes.v[from - 1].through_kgco2e += kgco2e;
	for (size_t i = first_edge; i < d->edges.n; i++)
		if (d->edges.v[i].from == from - 1) {
			d->edges.v[i].amount += amount;
			d->edges.v[i].kgco2e += kgco2e;
			return TJ_OK;
		}
	return edge_add(d, (struct tj_picture_edge){ from - 1, to, amount, kgco2e, false });
}

/* From a supplier outside the loop (if any) of the consumer. */
static enum tj_rc
bring_made(struct drawing *d, uint32_t to, const struct tj_taken *taken, double units)
{
	const uint32_t from = d->of_node[taken->node];
	const double amount = units * taken->amount;
	const double kgco2e = amount * tj_size_of(d->solution, taken->node).kgco2e;

	if (from == 0) {
		rest_add(&d->nodes.v[to], kgco2e);
		return TJ_OK;
	}
	d->nodes.v[from - 1].amount += amount;
	d->nodes.v[from - 1].through_kgco2e += kgco2e;
	return edge_add(d, (struct tj_picture_edge){ from - 1, to, amount, kgco2e, false });
}

static uint32_t
loop_of(const struct drawing *d, uint32_t node)
{
	return tj_plan_loop_of(d->plan, d->plan->place[node]);
}

/* Is this supplier in the same loop as its consumer? */
static bool
goes_round(const struct drawing *d, uint32_t consumer, uint32_t supplier)
{
	const uint32_t loop = loop_of(d, consumer);

	return loop != TJ_NONE && loop_of(d, supplier) == loop;
}

/* What `units` of a node cause, drawn at number `to`. */
static enum tj_rc
bring(struct drawing *d, uint32_t node, uint32_t to, double units)
{
	const size_t first_edge = d->edges.n;

	TRY(look(d, node));
	for (size_t i = 0; i < d->parts.list.n; i++) {
		const struct tj_part *part = &d->parts.list.v[i];

		if (part->kind == TJ_PART_BOUGHT)
			TRY(bring_bought(d, to, first_edge, part, units));
		else
			d->nodes.v[to].own_kgco2e += units * part->kgco2e;
	}
	for (size_t i = 0; i < d->takens.list.n; i++) {
		const struct tj_taken *it = &d->takens.list.v[i];

		if (!goes_round(d, node, it->node))
			TRY(bring_made(d, to, it, units));
		else if (d->of_node[it->node] != 0)
			TRY(edge_add(d, (struct tj_picture_edge){
			    .from = d->of_node[it->node] - 1, .to = to,
			    .amount = units * it->amount, .round = true }));
	}
	return TJ_OK;
}

/* The same for a member of a loop that is not drawn: all of it is rest at `to`. */
static enum tj_rc
bring_undrawn(struct drawing *d, uint32_t node, uint32_t to, double units)
{
	struct tj_sum sum = { 0, 0 };

	TRY(look(d, node));
	for (size_t i = 0; i < d->parts.list.n; i++)
		tj_sum_add(&sum, units * d->parts.list.v[i].kgco2e);
	for (size_t i = 0; i < d->takens.list.n; i++) {
		const struct tj_taken *it = &d->takens.list.v[i];

		if (!goes_round(d, node, it->node))
			tj_sum_add(&sum, units * it->amount *
			    tj_size_of(d->solution, it->node).kgco2e);
	}
	rest_add(&d->nodes.v[to], tj_sum_of(&sum));
	return TJ_OK;
}

/* Each member of a loop with all its rounds; `first` is the first drawn one. */
static enum tj_rc
bring_loop(struct drawing *d, uint32_t loop)
{
	const struct tj_plan_loop where = d->plan->loops[loop];
	double *amounts = TJ_NEWN(d->scratch, double, (size_t)where.end - where.first);
	uint32_t first = TJ_NONE;

	if (amounts == NULL)
		return tj_fail_nomem(d->err);
	for (uint32_t p = where.first; p < where.end; p++) {
		const uint32_t number = d->of_node[d->plan->order[p]];

		if (number == 0)
			continue;
		amounts[p - where.first] = d->nodes.v[number - 1].amount;
		first = number - 1 < first ? number - 1 : first;
	}
	TRY(tj_loop_solve_forward(amounts, d->plan, d->solution->amounts, loop, d->err));
	for (uint32_t p = where.first; p < where.end; p++) {
		const uint32_t node = d->plan->order[p], number = d->of_node[node];
		const double amount = amounts[p - where.first];

		if (number == 0 && amount != 0)
			TRY(bring_undrawn(d, node, first, amount));
		if (number == 0)
			continue;
		d->nodes.v[number - 1].amount = amount;
		TRY(bring(d, node, number - 1, amount));
	}
	return TJ_OK;
}

struct placed {
	uint32_t	place, number;
};

static int
consumers_first(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	return x->place < y->place ? 1 : -1;
}

static enum tj_rc
bring_all(struct drawing *d)
{
	struct placed *placed = TJ_NEWN(d->scratch, struct placed, d->nodes.n);
	size_t n = 0;

	if (placed == NULL)
		return tj_fail_nomem(d->err);
	for (uint32_t i = 0; i < d->nodes.n; i++)
		if (d->nodes.v[i].node != TJ_NONE)
			placed[n++] = (struct placed){ d->plan->place[d->nodes.v[i].node],
			    i };
	if (n > 1)
		qsort(placed, n, sizeof(*placed), consumers_first);
	for (size_t i = 0; i < n; i++) {
		const uint32_t loop = tj_plan_loop_of(d->plan, placed[i].place);
		const struct tj_picture_node *it = &d->nodes.v[placed[i].number];

		if (loop == TJ_NONE)
			TRY(bring(d, it->node, placed[i].number, it->amount));
		else if (i == 0 || tj_plan_loop_of(d->plan, placed[i - 1].place) != loop)
			TRY(bring_loop(d, loop));
	}
	return TJ_OK;
}

/* The product is asked for by nobody that is drawn. */
static enum tj_rc
demand_set(struct drawing *d, const struct tj_answer *answer)
{
	struct tj_picture_node *it = &d->nodes.v[0];

	it->through_kgco2e = d->picture->total_kgco2e;
	it->amount = d->picture->amount;
	if (answer->node == TJ_NONE) {
		it->own_kgco2e = it->through_kgco2e;
		return TJ_OK;
	}
	it->amount *= answer->per_unit;
	return bring_all(d);
}

static enum tj_rc
picture_round(struct drawing *d)
{
	const size_t n = d->nodes.n;
	double *parts = TJ_NEWN(d->scratch, double, 2 * n);
	tj_dec *rounded = TJ_NEWN(d->scratch, tj_dec, 2 * n);

	if (parts == NULL || rounded == NULL)
		return tj_fail_nomem(d->err);
	for (size_t i = 0; i < n; i++) {
		parts[2 * i] = d->nodes.v[i].own_kgco2e;
		parts[2 * i + 1] = d->nodes.v[i].rest_kgco2e;
	}
	TRY(tj_dec_apportion_to(rounded, d->picture->declared_kgco2e, parts, 2 * n,
	    d->picture->digits, d->err));
	for (size_t i = 0; i < n; i++) {
		d->nodes.v[i].own_declared_kgco2e = rounded[2 * i];
		d->nodes.v[i].rest_declared_kgco2e = rounded[2 * i + 1];
	}
	return TJ_OK;
}

static enum tj_rc
draw(struct drawing *d)
{
	const struct tj_graph *graph = d->solution->system->graph;
	const struct tj_answer answer = tj_graph_answer(graph, d->picture->product);

	d->of_node = TJ_NEWN(d->scratch, uint32_t, tj_graph_node_count(graph));
	d->of_need = TJ_NEWN(d->scratch, uint32_t, graph->need_count);
	if (d->of_node == NULL || d->of_need == NULL)
		return tj_fail_nomem(d->err);
	TRY(select_all(d, &answer));
	if (d->nodes.v == NULL)
		return tj_fail(d->err, TJ_E_INTERNAL, "the product is not drawn");
	TRY(demand_set(d, &answer));
	return picture_round(d);
}

enum tj_rc
tj_picture_make(struct tj_picture *out, const struct tj_solution *solution,
    const struct tj_trace *trace, const struct tj_trace_options *options,
    const struct tj_supply *supply, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_picture picture = { .solution = solution, .product = trace->product,
	    .amount = trace->amount, .total_kgco2e = trace->total_kgco2e,
	    .scale_kgco2e = trace->scale_kgco2e,
	    .threshold_kgco2e = options->cut_off * trace->scale_kgco2e, .digits = trace->digits,
	    .declared_kgco2e = trace->declared_kgco2e };
	struct drawing d = { .solution = solution, .plan = solution->plan, .supply = supply,
	    .options = options, .picture = &picture, .room = TJ_MAX_DOT_NODES,
	    .arena = arena, .err = err };
	enum tj_rc rc;

	if ((d.scratch = tj_arena_new(TJ_MAX_ARENA_BYTES)) == NULL)
		return tj_fail_nomem(err);
	rc = draw(&d);
	tj_arena_free(d.scratch);
	if (rc != TJ_OK)
		return rc;
	picture.nodes = d.nodes.v;
	picture.node_count = (uint32_t)d.nodes.n;
	picture.edges = d.edges.v;
	picture.edge_count = d.edges.n;
	*out = picture;
	return TJ_OK;
}
