#include <math.h>

#include "engine/graph_build.h"

/*
 * Who makes and who treats each product: nobody, one column, or a mix of
 * several, weighted by what each makes.  A model is also made by whoever makes
 * a batch of it.
 */
enum { MAKES, TREATS };

struct makers {
	struct tj_building	*b;
	uint32_t		*node_of[2];	/* [product_count] graph->made, ->treated */
	uint32_t		*count[2];	/* [product_count] columns; of a mix, members so far */
};

static bool
is_maker(const struct tj_column *column)
{
	return column->amount > 0 && !column->treats;
}

/* The products a column counts for: its own and, of makers, the model. */
static size_t
products_of(uint32_t products[2], const struct tj_building *b,
    const struct tj_column *column)
{
	const uint32_t model = b->book->products.v[column->product].model;

	products[0] = column->product;
	products[1] = model;
	if (column->amount == 0)
		return 0;
	return model == TJ_NONE || model == column->product || !is_maker(column) ? 1 : 2;
}

/* How many columns each product has, and the first of them. */
static void
count_columns(struct makers *m)
{
	const struct tj_graph *graph = m->b->graph;
	uint32_t products[2];

	for (uint32_t c = 0; c < graph->column_count; c++) {
		const int side = is_maker(&graph->columns[c]) ? MAKES : TREATS;

		for (size_t k = products_of(products, m->b, &graph->columns[c]); k > 0; k--)
			if (m->count[side][products[k - 1]]++ == 0)
				m->node_of[side][products[k - 1]] = c;
	}
}

static enum tj_rc
makers_init(struct makers *m, struct tj_building *b)
{
	const uint32_t n = b->graph->product_count;

	m->b = b;
	for (int side = MAKES; side <= TREATS; side++) {
		m->node_of[side] = TJ_NEWN(b->arena, uint32_t, n);
		m->count[side] = TJ_NEWN(b->scratch, uint32_t, n);
		if (m->node_of[side] == NULL || m->count[side] == NULL)
			return tj_fail_nomem(b->err);
		memset(m->node_of[side], 0xff, n * sizeof(*m->node_of[side]));
	}
	return TJ_OK;
}

static void
count_mixes(uint32_t *mixes, size_t *members, const uint32_t *count, uint32_t product_count)
{
	for (uint32_t p = 0; p < product_count; p++)
		if (count[p] > 1) {
			++*mixes;
			*members += count[p];
		}
}

/* What the column makes in the unit of the product of the mix; refused if it cannot be. */
static double
weight_of(struct tj_building *b, uint32_t product, const struct tj_column *column)
{
	double weight = 0;

	(void)tj_building_amount(&weight, b, product, fabs(column->amount),
	    b->graph->units[column->product], b->book->products.v[column->product].src);
	return weight;
}

/* Mixes by product, each with room for its members. */
static void
open_mixes(struct tj_graph *graph, uint32_t *node_of, uint32_t *count)
{
	for (uint32_t p = 0; p < graph->product_count; p++) {
		if (count[p] < 2)
			continue;
		node_of[p] = graph->column_count + graph->mix_count;
		graph->mix_product[graph->mix_count++] = p;
		graph->member_start[graph->mix_count] =
		    graph->member_start[graph->mix_count - 1] + count[p];
		count[p] = 0;
	}
}

static void
fill_mixes(struct makers *m)
{
	struct tj_graph *graph = m->b->graph;
	uint32_t products[2];

	for (uint32_t c = 0; c < graph->column_count; c++) {
		const int side = is_maker(&graph->columns[c]) ? MAKES : TREATS;

		for (size_t k = products_of(products, m->b, &graph->columns[c]); k > 0; k--) {
			const uint32_t p = products[k - 1], node = m->node_of[side][p];

			if (node >= graph->column_count)
				graph->members[graph->member_start[node -
				    graph->column_count] + m->count[side][p]++].column = c;
		}
	}
}

static void
weigh_mix(struct tj_building *b, uint32_t mix)
{
	struct tj_graph *graph = b->graph;
	struct tj_member *members = graph->members + graph->member_start[mix];
	const uint32_t n = graph->member_start[mix + 1] - graph->member_start[mix];
	double sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += weight_of(b, graph->mix_product[mix],
		    &graph->columns[members[i].column]);
	for (uint32_t i = 0; i < n; i++)
		members[i].amount = fabs(graph->columns[members[i].column].amount) / sum;
}

/* Is the node that of an activity which books the product without a batch? */
static bool
makes_itself(const struct tj_graph *graph, uint32_t node, uint32_t product)
{
	if (node == TJ_NONE)
		return false;
	if (node >= graph->column_count)
		node = graph->members[graph->member_start[node -
		    graph->column_count]].column;
	return graph->columns[node].product == product;
}

/* An own batch that no order booked is as good as what its model's activity makes. */
static void
batches_by_model(struct tj_building *b)
{
	struct tj_graph *graph = b->graph;

	for (uint32_t p = 0; p < graph->product_count; p++) {
		const struct tj_product *it = &b->book->products.v[p];

		if (graph->made[p] != TJ_NONE || it->owner != TJ_OWN || it->model == TJ_NONE)
			continue;
		if (makes_itself(graph, graph->made[it->model], it->model))
			graph->made[p] = graph->made[it->model];
	}
}

static enum tj_rc
mixes_alloc(struct tj_building *b, uint32_t mixes, size_t members)
{
	struct tj_graph *graph = b->graph;

	graph->member_start = TJ_NEWN(b->arena, uint32_t, (size_t)mixes + 1);
	graph->members = TJ_NEWN(b->arena, struct tj_member, members);
	graph->mix_product = TJ_NEWN(b->arena, uint32_t, mixes);
	b->made_units = TJ_NEWN(b->scratch, tj_unit, graph->product_count);
	b->mix_told = TJ_NEWN(b->scratch, bool, mixes);
	if (graph->member_start == NULL || graph->members == NULL ||
	    graph->mix_product == NULL || b->made_units == NULL || b->mix_told == NULL)
		return tj_fail_nomem(b->err);
	return TJ_OK;
}

/* So that a line need not look far for the unit of what it gets. */
static void
note_units(struct tj_building *b)
{
	const struct tj_graph *graph = b->graph;

	for (uint32_t p = 0; p < graph->product_count; p++)
		b->made_units[p] = graph->made[p] == TJ_NONE ? TJ_UNIT_NONE
		    : graph->units[tj_graph_node_product(graph, graph->made[p])];
}

enum tj_rc
tj_build_makers(struct tj_building *b)
{
	struct tj_graph *graph = b->graph;
	struct makers m;
	size_t members = 0;
	uint32_t mixes = 0;

	TRY(makers_init(&m, b));
	count_columns(&m);
	count_mixes(&mixes, &members, m.count[MAKES], graph->product_count);
	count_mixes(&mixes, &members, m.count[TREATS], graph->product_count);
	TRY(mixes_alloc(b, mixes, members));
	open_mixes(graph, m.node_of[MAKES], m.count[MAKES]);
	open_mixes(graph, m.node_of[TREATS], m.count[TREATS]);
	if (mixes > 0)
		fill_mixes(&m);
	for (uint32_t mix = 0; mix < mixes; mix++)
		weigh_mix(b, mix);
	graph->made = m.node_of[MAKES];
	graph->treated = m.node_of[TREATS];
	batches_by_model(b);
	note_units(b);
	return TJ_OK;
}
