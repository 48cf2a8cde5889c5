#include <math.h>
#include <stdlib.h>

#include "engine/declare.h"
#include "engine/explain.h"

/* What every step of explaining needs. */
struct explaining {
	const struct tj_solution	*solution;
	const struct tj_graph		*graph;
	const struct tj_supply		*supply;
	TJ_VEC(struct tj_explained)	 lines;
	struct tj_arena			*arena;
	struct tj_err			*err;
};

static enum tj_rc
line_add(struct explaining *x, struct tj_explained line, tj_src src)
{
	line.place = tj_book_place(x->graph->book, src, x->arena);
	line.rate_kgco2e = line.amount != 0 ? line.kgco2e / line.amount : 0;
	if (line.place.p == NULL || !TJ_PUSH(x->arena, &x->lines, line))
		return tj_fail_nomem(x->err);
	return TJ_OK;
}

static enum tj_rc
release_add(struct explaining *x, const struct tj_activity *activity,
    const struct tj_release *release, double runs)
{
	const bool row = release->row != TJ_NONE;

	if (release->kgco2e == 0)
		return TJ_OK;
	return line_add(x, (struct tj_explained){
	    .from = row ? TJ_FROM_EMISSION : TJ_FROM_CARBON,
	    .stage = activity->stage, .activity = activity->key,
	    .what = x->graph->flows[release->flow],
	    .amount = release->amount * runs,
	    .unit = tj_unit_symbol(x->graph->flow_units[release->flow]),
	    .kgco2e = release->kgco2e * runs },
	    row ? x->graph->book->emissions.v[release->row].src : activity->src);
}

static double
offer_kgco2e(const struct tj_offer *offer)
{
	double sum = 0;

	for (size_t i = 0; i < TJ_CATEGORIES; i++)
		sum += offer->kgco2e[i];
	return sum;
}

static enum tj_rc
purchase_add(struct explaining *x, tj_str activity, enum tj_stage stage, uint32_t need,
    double amount, tj_src src)
{
	static const enum tj_line_from from[] = {
		[TJ_OFFER_DECLARATION] = TJ_FROM_DECLARATION,
		[TJ_OFFER_FACTOR] = TJ_FROM_FACTOR,
		[TJ_OFFER_ZERO] = TJ_FROM_ZERO,
	};
	const struct tj_offer *offer = &x->solution->offers[need];
	const uint32_t product = x->graph->needs[need].product;

	return line_add(x, (struct tj_explained){
	    .from = from[offer->kind], .stage = stage, .activity = activity,
	    .what = x->graph->needs[need].key,
	    .name = product == TJ_NONE ? TJ_S("") : x->graph->book->products.v[product].name,
	    .source = offer->declaration != NULL ? offer->declaration->id : offer->source,
	    .amount = amount, .unit = tj_unit_symbol(x->graph->needs[need].unit),
	    .kgco2e = amount * offer_kgco2e(offer) }, src);
}

static enum tj_rc
activity_add(struct explaining *x, uint32_t number)
{
	const struct tj_graph *g = x->graph;
	const struct tj_activity *activity = &g->book->activities.v[number];
	const double runs = x->supply->runs[number];

	for (uint32_t i = g->release_start[number]; i < g->release_start[number + 1]; i++)
		TRY(release_add(x, activity, &g->releases[i], runs));
	for (uint32_t i = g->line_start[number]; i < g->line_start[number + 1]; i++) {
		const struct tj_line *line = &g->lines[i];

		if (line->bought && line->amount != 0)
			TRY(purchase_add(x, activity->key, (enum tj_stage)line->stage,
			    line->target, line->amount * runs,
			    tj_graph_line_src(g, line)));
	}
	return TJ_OK;
}

/* What a by-product carries itself: its fixed credit, or the purchase it replaces. */
static enum tj_rc
byproduct_add(struct explaining *x, uint32_t number)
{
	const struct tj_graph *g = x->graph;
	const struct tj_column *column = &g->columns[number];
	const struct tj_activity *activity = &g->book->activities.v[column->activity];
	const double amount = x->supply->node_amounts[number];
	const tj_src src = g->book->outputs.v[column->row].src;

	if (column->function == TJ_FUNCTION_SUBSTITUTE) {
		const struct tj_line *line = &g->lines[column->substitute];

		return !line->bought ? TJ_OK : purchase_add(x, activity->key,
		    (enum tj_stage)line->stage, line->target,
		    -line->amount / fabs(column->amount) * amount, src);
	}
	return line_add(x, (struct tj_explained){ .from = TJ_FROM_CARBON,
	    .stage = activity->stage, .activity = activity->key,
	    .what = g->book->products.v[column->product].key,
	    .amount = amount, .unit = tj_unit_symbol(g->units[column->product]),
	    .kgco2e = amount * x->solution->system->credits_kgco2e[number] }, src);
}

static enum tj_rc
byproducts_add(struct explaining *x)
{
	for (uint32_t i = 0; i < x->supply->nodes.count; i++) {
		const uint32_t node = x->supply->nodes.list[i];
		enum tj_function function;

		if (node >= x->graph->column_count)
			break;			/* mixes, which come last, make nothing */
		function = x->graph->columns[node].function;
		if (function == TJ_FUNCTION_CREDIT || function == TJ_FUNCTION_SUBSTITUTE)
			TRY(byproduct_add(x, node));
	}
	return TJ_OK;
}

/* Largest first; then by place, so that the order is the same everywhere. */
static int
line_order(const void *a, const void *b)
{
	const struct tj_explained *x = a, *y = b;
	const double by_size = fabs(y->kgco2e) - fabs(x->kgco2e);
	int order;

	if (by_size != 0)
		return by_size > 0 ? 1 : -1;
	if ((order = tj_str_cmp(x->place, y->place)) != 0)
		return order;
	return tj_str_cmp(x->what, y->what);
}

static enum tj_rc
lines_round(struct tj_explanation *out, struct explaining *x, double total_kgco2e)
{
	const int digits = tj_declared_digits(total_kgco2e, x->graph->profile);
	double *parts = TJ_NEWN(x->arena, double, x->lines.n);
	tj_dec *rounded = TJ_NEWN(x->arena, tj_dec, x->lines.n), total;

	if (parts == NULL || rounded == NULL)
		return tj_fail_nomem(x->err);
	for (size_t i = 0; i < x->lines.n; i++)
		parts[i] = x->lines.v[i].kgco2e;
	TRY(tj_dec_of_double(&total, total_kgco2e, digits, x->err));
	TRY(tj_dec_apportion_to(rounded, total, parts, x->lines.n, digits, x->err));
	for (size_t i = 0; i < x->lines.n; i++)
		x->lines.v[i].declared_kgco2e = rounded[i];
	*out = (struct tj_explanation){ x->lines.v, x->lines.n, total };
	return TJ_OK;
}

enum tj_rc
tj_explain(struct tj_explanation *out, const struct tj_solution *solution,
    uint32_t product, const struct tj_supply *supply, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_graph *graph = solution->system->graph;
	const struct tj_answer answer = tj_graph_answer(graph, product);
	struct explaining x = { .solution = solution, .graph = graph, .supply = supply,
	    .arena = arena, .err = err };
	struct tj_values values;

	TRY(tj_solution_product(&values, solution, product, err));
	for (uint32_t i = 0; i < supply->activities.count; i++)
		TRY(activity_add(&x, supply->activities.list[i]));
	TRY(byproducts_add(&x));
	if (answer.node == TJ_NONE && answer.need != TJ_NONE)
		TRY(purchase_add(&x, TJ_S(""), TJ_STAGE_RAW, answer.need, 1,
		    graph->needs[answer.need].src));
	if (x.lines.n > 1)
		qsort(x.lines.v, x.lines.n, sizeof(x.lines.v[0]), line_order);
	return lines_round(out, &x, tj_values_total_kgco2e(&values));
}
