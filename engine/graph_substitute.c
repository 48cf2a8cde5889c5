#include <math.h>

#include "engine/graph_build.h"

/*
 * By-products of a class that replaces something else (slag for clinker): the
 * activity is credited with the avoided product, one for one by its unit, and
 * the by-product carries what it replaces.
 */
/* The need of a substitute that the book does not know: by factor, in the by-product's unit. */
static uint32_t
foreign_need(struct tj_building *b, tj_str key, tj_unit unit, tj_src src)
{
	const struct tj_graph *graph = b->graph;

	for (uint32_t i = 0; i < graph->need_count; i++)
		if (graph->needs[i].product == TJ_NONE && graph->needs[i].unit == unit &&
		    tj_str_eq(graph->needs[i].key, key))
			return i;
	return tj_building_need(b, &(struct tj_need){ .key = key, .product = TJ_NONE,
	    .unit = unit, .src = src });
}

/* In the unit of what is replaced, or by mass where the by-product's mass is known. */
static void
substitute_amount(double *amount, tj_unit *unit, const struct tj_building *b,
    const struct tj_column *column, uint32_t substitute)
{
	const double each_kg = tj_graph_mass_kg_per_unit(b->graph, column->product);
	double same;

	*amount = column->amount;
	*unit = b->graph->units[column->product];
	if (tj_graph_amount(&same, b->graph, substitute, 1, *unit, NULL) == TJ_OK ||
	    isnan(each_kg))
		return;
	*amount *= each_kg;
	*unit = tj_unit_base(TJ_DIM_MASS);
}

enum tj_rc
tj_match_substitute(struct tj_line *line, struct tj_building *b,
    const struct tj_column *column)
{
	const enum tj_class class = tj_graph_class(b->graph, column->product);
	const tj_str key = b->profile->classes[class].substitute;
	const uint32_t product = tj_names_find(&b->book->product_names, key);
	const tj_src src = b->book->outputs.v[column->row].src;
	uint32_t need;
	double amount;
	tj_unit unit;

	if (product != TJ_NONE) {
		substitute_amount(&amount, &unit, b, column, product);
		return tj_match_use(line, b, product, -amount, unit, src);
	}
	line->bought = true;
	line->amount = -column->amount;
	need = foreign_need(b, key, b->graph->units[column->product], src);
	line->target = need & TJ_LINE_MAX_TARGET;
	return need == TJ_NONE ? tj_fail_nomem(b->err) : TJ_OK;
}
