#include <math.h>

#include "engine/assembler.h"

/* What every step needs to write into the book: keys, activities, rows, quantities. */
enum tj_rc
tj_assembler_join(tj_str *text, struct tj_assembler *a, tj_str x, tj_str y, tj_str z,
    struct tj_err *err)
{
	a->text.n = 0;
	tj_buf_put(&a->text, x);
	tj_buf_put(&a->text, y);
	tj_buf_put(&a->text, z);
	if (a->text.failed)
		return tj_fail_nomem(err);
	*text = tj_buf_view(&a->text);
	return TJ_OK;
}

enum tj_rc
tj_assembler_activity(uint32_t *activity, struct tj_assembler *a, tj_str key, tj_src src,
    struct tj_err *err)
{
	const size_t before = a->book->activities.n;
	uint32_t number;

	key = tj_str_dup(key, a->book->arena);
	if (key.p == NULL ||
	    (number = tj_book_activity(a->book, key)) == TJ_NONE)
		return tj_fail_nomem(err);
	if (number < before) {
		tj_assembler_again(a, false, key, a->book->activities.v[number].src, src);
		*activity = TJ_NONE;
		return TJ_OK;
	}
	a->book->activities.v[number].src = src;
	*activity = number;
	return TJ_OK;
}

enum tj_rc
tj_assembler_make(struct tj_assembler *a, struct tj_output row, struct tj_err *err)
{
	if (row.unit == TJ_UNIT_NONE)
		row.unit = a->book->products.v[row.product].unit;
	row.energy_mj_per_unit = NAN;
	return TJ_RESERVE(a->book->arena, &a->book->outputs, 1) &&
	    TJ_PUSH(a->book->arena, &a->book->outputs, row) ? TJ_OK :
	    tj_fail_nomem(err);
}

enum tj_rc
tj_assembler_use(struct tj_assembler *a, struct tj_input row, struct tj_err *err)
{
	if (row.unit == TJ_UNIT_NONE)
		row.unit = a->book->products.v[row.product].unit;
	row.provider = TJ_NONE;
	row.gsd2 = NAN;
	return TJ_RESERVE(a->book->arena, &a->book->inputs, 1) &&
	    TJ_PUSH(a->book->arena, &a->book->inputs, row) ? TJ_OK :
	    tj_fail_nomem(err);
}

/* Mass of one `unit` of the product; 0: not known. */
static double
kg_per(const struct tj_product *product, tj_unit unit)
{
	double ratio;

	if (tj_unit_ratio(&ratio, unit, tj_unit_base(TJ_DIM_MASS), NULL) == TJ_OK)
		return ratio;
	if (product->unit != TJ_UNIT_NONE && product->mass_kg_per_unit > 0 &&
	    tj_unit_ratio(&ratio, unit, product->unit, NULL) == TJ_OK)
		return ratio * product->mass_kg_per_unit;
	return 0;
}

bool
tj_assembler_convert(double *out, const struct tj_product *product, double amount,
    tj_unit from, tj_unit to)
{
	double ratio, kg;

	from = from == TJ_UNIT_NONE ? product->unit : from;
	to = to == TJ_UNIT_NONE ? product->unit : to;
	if (from == to) {
		*out = amount;
		return true;
	}
	if (from == TJ_UNIT_NONE || to == TJ_UNIT_NONE)
		return false;
	if (tj_unit_ratio(&ratio, from, to, NULL) != TJ_OK) {
		kg = kg_per(product, to);
		ratio = kg > 0 ? kg_per(product, from) / kg : 0;
	}
	*out = amount * ratio;
	return ratio > 0;
}

double
tj_assembler_price(const struct tj_assembler *a, uint32_t material, tj_unit unit,
    double given, tj_unit given_unit)
{
	const struct tj_known *known = &a->materials.v[material];
	double one;

	if (isnan(given) && known->row != TJ_NONE) {
		given = a->ledger->materials.v[known->row].price_per_unit;
		given_unit = TJ_UNIT_NONE;
	}
	return tj_assembler_convert(&one, &a->book->products.v[known->product], 1, unit,
	    given_unit) ? given * one : NAN;
}
