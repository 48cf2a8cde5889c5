#include <math.h>

#include "engine/graph_build.h"

/*
 * Who makes and who treats each product: nobody, one column, or a mix of
 * several, weighted by what each makes.  A model is also made by whoever makes
 * a batch of it.
 */
struct groups {
	uint32_t	*start;		/* [product_count + 1] into columns */
	uint32_t	*columns;
};

static bool
is_maker(const struct tj_column *column)
{
	return column->amount > 0 && !column->treats;
}

static bool
is_treater(const struct tj_column *column)
{
	return column->amount != 0 && !is_maker(column);
}

/* The products a column counts for: its own and, of makers, the model. */
static size_t
products_of(uint32_t products[2], const struct tj_building *b,
    const struct tj_column *column, bool treat)
{
	const uint32_t model = b->book->products.v[column->product].model;

	if (treat ? !is_treater(column) : !is_maker(column))
		return 0;
	products[0] = column->product;
	products[1] = model;
	return model == TJ_NONE || model == column->product || treat ? 1 : 2;
}

static enum tj_rc
group(struct groups *out, struct tj_building *b, bool treat)
{
	const struct tj_graph *graph = b->graph;
	const uint32_t n = graph->product_count;
	uint32_t *start = TJ_NEWN(b->arena, uint32_t, (size_t)n + 2);
	uint32_t *columns, products[2];

	if (start == NULL)
		return tj_fail_nomem(b->err);
	for (uint32_t c = 0; c < graph->column_count; c++)
		for (size_t k = products_of(products, b, &graph->columns[c], treat); k > 0; k--)
			start[products[k - 1] + 2]++;
	for (uint32_t p = 0; p < n; p++)
		start[p + 2] += start[p + 1];
	if ((columns = TJ_NEWN(b->arena, uint32_t, start[n + 1])) == NULL)
		return tj_fail_nomem(b->err);
	for (uint32_t c = 0; c < graph->column_count; c++)
		for (size_t k = products_of(products, b, &graph->columns[c], treat); k > 0; k--)
			columns[start[products[k - 1] + 1]++] = c;
	*out = (struct groups){ start, columns };
	return TJ_OK;
}

static uint32_t
count_mixes(const struct groups *groups, uint32_t product_count, size_t *members)
{
	uint32_t mixes = 0;

	for (uint32_t p = 0; p < product_count; p++) {
		const uint32_t n = groups->start[p + 1] - groups->start[p];

		if (n > 1) {
			mixes++;
			*members += n;
		}
	}
	return mixes;
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

static void
add_mix(struct tj_building *b, uint32_t product, const uint32_t *columns, uint32_t n)
{
	struct tj_graph *graph = b->graph;
	struct tj_member *members = graph->members + graph->member_start[graph->mix_count];
	double sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += weight_of(b, product, &graph->columns[columns[i]]);
	for (uint32_t i = 0; i < n; i++)
		members[i] = (struct tj_member){
			.amount = fabs(graph->columns[columns[i]].amount) / sum,
			.column = columns[i]
		};
	graph->mix_product[graph->mix_count++] = product;
	graph->member_start[graph->mix_count] =
	    graph->member_start[graph->mix_count - 1] + n;
}

static void
name_makers(uint32_t *node_of, struct tj_building *b, const struct groups *groups)
{
	struct tj_graph *graph = b->graph;

	for (uint32_t p = 0; p < graph->product_count; p++) {
		const uint32_t n = groups->start[p + 1] - groups->start[p];
		const uint32_t *columns = groups->columns + groups->start[p];

		node_of[p] = n == 0 ? TJ_NONE : n == 1 ? columns[0]
		    : graph->column_count + graph->mix_count;
		if (n > 1)
			add_mix(b, p, columns, n);
	}
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
	graph->made = TJ_NEWN(b->arena, uint32_t, graph->product_count);
	graph->treated = TJ_NEWN(b->arena, uint32_t, graph->product_count);
	b->mix_told = TJ_NEWN(b->arena, bool, mixes);
	if (graph->member_start == NULL || graph->members == NULL ||
	    graph->mix_product == NULL || graph->made == NULL ||
	    graph->treated == NULL || b->mix_told == NULL)
		return tj_fail_nomem(b->err);
	return TJ_OK;
}

enum tj_rc
tj_build_makers(struct tj_building *b)
{
	struct tj_graph *graph = b->graph;
	struct groups makers, treaters;
	size_t members = 0;
	uint32_t mixes;

	TRY(group(&makers, b, false));
	TRY(group(&treaters, b, true));
	mixes = count_mixes(&makers, graph->product_count, &members);
	mixes += count_mixes(&treaters, graph->product_count, &members);
	TRY(mixes_alloc(b, mixes, members));
	name_makers(graph->made, b, &makers);
	name_makers(graph->treated, b, &treaters);
	batches_by_model(b);
	return TJ_OK;
}
