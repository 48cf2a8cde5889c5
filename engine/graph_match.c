#include "engine/graph_build.h"

/*
 * Where a line goes: the provider it names, who makes the product, who treats
 * the waste, else a need.
 */
static void
tell_mix(struct tj_building *b, uint32_t node, tj_src src)
{
	const struct tj_graph *graph = b->graph;
	uint32_t mix, n;

	if (node < graph->column_count || b->mix_told[node - graph->column_count])
		return;
	mix = node - graph->column_count;
	n = graph->member_start[mix + 1] - graph->member_start[mix];
	b->mix_told[mix] = true;
	tj_findings_add(b->findings, TJ_RULE_MIX, tj_graph_place(graph, src),
	    tj_graph_node_name(graph, node), "the mix of %u activities", n);
}

/* In another unit of the same dimension, without a look at the product. */
static bool
convert_alike(double *out, double amount, tj_unit unit, tj_unit to)
{
	double ratio;

	if (unit == to || unit == TJ_UNIT_NONE)
		ratio = 1;
	else if (tj_unit_ratio(&ratio, unit, to, NULL) != TJ_OK)
		return false;
	*out = amount * ratio;
	return true;
}

static void
to_node(struct tj_line *line, struct tj_building *b, uint32_t node, double amount,
    tj_unit unit, tj_src src)
{
	line->target = node & TJ_LINE_MAX_TARGET;
	line->bought = false;
	tell_mix(b, node, src);
	(void)tj_building_amount(&line->amount, b, tj_graph_node_product(b->graph, node),
	    amount, unit, src);
}

uint32_t
tj_building_need(struct tj_building *b, const struct tj_need *need)
{
	struct tj_graph *graph = b->graph;
	size_t n = graph->need_count;

	if (n == b->need_cap && !tj_vec_grow_(b->arena, &graph->needs, &b->need_cap, n,
	    sizeof(*graph->needs)))
		return TJ_NONE;
	graph->needs[n] = *need;
	return graph->need_count++;
}

static enum tj_rc
match_need(struct tj_line *line, struct tj_building *b, uint32_t product,
    double amount, tj_unit unit, tj_src src, bool waste)
{
	uint32_t *need = &b->graph->need_of[product];

	if (*need == TJ_NONE)
		*need = tj_building_need(b, &(struct tj_need){
		    .key = b->book->products.v[product].key, .product = product,
		    .unit = b->graph->units[product], .waste = waste, .src = src });
	if (*need == TJ_NONE)
		return tj_fail_nomem(b->err);
	b->graph->needs[*need].waste = b->graph->needs[*need].waste && waste;
	line->target = *need & TJ_LINE_MAX_TARGET;
	line->bought = true;
	(void)tj_building_amount(&line->amount, b, product, amount, unit, src);
	return TJ_OK;
}

enum tj_rc
tj_match_use(struct tj_line *line, struct tj_building *b, uint32_t product, double amount,
    tj_unit unit, tj_src src)
{
	const struct tj_graph *graph = b->graph;
	const uint32_t made = graph->made[product];
	uint32_t treated;

	if (made < graph->column_count &&
	    convert_alike(&line->amount, amount, unit, b->made_units[product])) {
		line->target = made & TJ_LINE_MAX_TARGET;
		return TJ_OK;
	}
	if (made != TJ_NONE) {
		to_node(line, b, made, amount, unit, src);
		return TJ_OK;
	}
	treated = graph->treated[product];
	if (treated != TJ_NONE && tj_graph_is_notation(graph, treated))
		to_node(line, b, treated, -amount, unit, src);
	else
		return match_need(line, b, product, amount, unit, src, false);
	return TJ_OK;
}

enum tj_rc
tj_match_waste(struct tj_line *line, struct tj_building *b, const struct tj_output *out)
{
	const uint32_t treated = b->graph->treated[out->product];

	if (treated == TJ_NONE)
		return match_need(line, b, out->product, out->amount, out->unit,
		    out->src, true);
	to_node(line, b, treated, out->amount, out->unit, out->src);
	return TJ_OK;
}

/* Does the column make this product, a batch of it, or what it is a batch of? */
static int
likeness(const struct tj_book *book, const struct tj_column *column, uint32_t product)
{
	if (column->treats)
		return 0;
	if (column->product == product)
		return 3;
	if (book->products.v[column->product].model == product)
		return 2;
	return book->products.v[product].model == column->product;
}

static uint32_t
column_of_provider(const struct tj_building *b, const struct tj_input *in)
{
	const struct tj_graph *graph = b->graph;
	uint32_t best = TJ_NONE;
	int best_likeness = 0;

	for (uint32_t c = graph->column_start[in->provider];
	    c < graph->column_start[in->provider + 1]; c++) {
		const int like = likeness(b->book, &graph->columns[c], in->product);

		if (like > best_likeness) {
			best = c;
			best_likeness = like;
		}
	}
	return best;
}

void
tj_match_provider(struct tj_line *line, struct tj_building *b, const struct tj_input *in)
{
	const uint32_t column = column_of_provider(b, in);

	if (column == TJ_NONE)
		tj_building_refuse(b, TJ_RULE_BAD_ROW, TJ_E_DATA, in->src,
		    b->book->products.v[in->product].key,
		    "the provider %.*s does not make it",
		    TJ_FMT(b->book->activities.v[in->provider].key));
	else
		to_node(line, b, column,
		    b->graph->columns[column].amount < 0 ? -in->amount : in->amount,
		    in->unit, in->src);
}
