#include "engine/graph_build.h"

static void
unit_of_model(tj_unit *units, const struct tj_book *book, uint32_t product)
{
	const uint32_t model = book->products.v[product].model;

	if (units[product] == TJ_UNIT_NONE && model != TJ_NONE)
		units[product] = units[model];
}

/* Of the rows that a product without a unit is in, the first one tells. */
static void
units_of_rows(tj_unit *units, const struct tj_book *book)
{
	for (size_t i = 0; i < book->outputs.n; i++)
		if (units[book->outputs.v[i].product] == TJ_UNIT_NONE)
			units[book->outputs.v[i].product] = book->outputs.v[i].unit;
	for (size_t i = 0; i < book->inputs.n; i++)
		if (units[book->inputs.v[i].product] == TJ_UNIT_NONE)
			units[book->inputs.v[i].product] = book->inputs.v[i].unit;
}

/* A product's own unit, else its model's, else that of the first row it is in. */
enum tj_rc
tj_build_units(struct tj_building *b)
{
	const struct tj_book *book = b->book;
	const uint32_t n = b->graph->product_count;
	tj_unit *units = TJ_NEWN(b->arena, tj_unit, n);
	bool missing = false;

	if (units == NULL)
		return tj_fail_nomem(b->err);
	for (uint32_t p = 0; p < n; p++)
		units[p] = book->products.v[p].unit;
	for (uint32_t p = 0; p < n; p++)
		if (units[p] == TJ_UNIT_NONE) {
			unit_of_model(units, book, p);
			missing = missing || units[p] == TJ_UNIT_NONE;
		}
	if (missing) {		/* or else no row need be looked at */
		units_of_rows(units, book);
		for (uint32_t p = 0; p < n; p++)
			unit_of_model(units, book, p);
	}
	b->graph->units = units;
	return TJ_OK;
}
