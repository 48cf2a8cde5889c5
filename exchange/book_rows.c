#include <math.h>

#include "exchange/book_rows.h"

#define BATCH	64	/* rows whose names are asked for together */

/* The row being taken: number i of its part. */
struct row {
	struct tj_book_reader	*reader;
	struct tj_book_part	*part;
	size_t			 i;
};

static tj_name
name_of(struct row row, enum tj_row_name which)
{
	return row.part->names[which].v[row.i];
}

/* Where the row is, by its line in the part. */
static tj_src
place(struct row row, tj_src src)
{
	return (tj_src){ row.reader->file, src.line + row.part->part.shift };
}

/* Findings about rows that are taken stand behind those about the rows before them. */
static void
go_to(struct row row, tj_src src)
{
	row.reader->sheet.row.line = src.line;
	tj_part_tell(&row.reader->sheet, &row.part->part, src.line);
}

static void
report(struct row row, tj_src src, enum tj_rule rule, size_t column, const char *field,
    const char *text)
{
	go_to(row, src);
	tj_sheet_report(&row.reader->sheet, rule, row.reader->position[column], field, "%s",
	    text);
}

/* A key that came before: the same data is counted once, other data is an error. */
static void
report_again(struct row row, tj_src src, size_t column, tj_str key, tj_src before, bool same)
{
	const struct tj_book *book = row.reader->book;

	go_to(row, src);
	tj_sheet_report(&row.reader->sheet, same ? TJ_RULE_REPEATED_ROW : TJ_RULE_DUPLICATE,
	    row.reader->position[column], "", "found \"%.*s\" again, %s as at %.*s:%u",
	    TJ_FMT(key), same ? "the same" : "not the same",
	    TJ_FMT(book->files.list.v[before.file]), before.line);
}

static bool
same_number(double a, double b)
{
	return (isnan(a) && isnan(b)) || (a >= b && a <= b);
}

static bool
same_product(const struct tj_product *a, const struct tj_product *b)
{
	return tj_str_eq(a->name, b->name) && tj_str_eq(a->id, b->id) &&
	    tj_str_eq(a->factor, b->factor) && a->unit == b->unit &&
	    same_number(a->mass_kg_per_unit, b->mass_kg_per_unit) &&
	    same_number(a->energy_mj_per_unit, b->energy_mj_per_unit) &&
	    same_number(a->carbon_kg_per_kg, b->carbon_kg_per_kg) &&
	    a->granularity == b->granularity && a->owner == b->owner &&
	    a->class == b->class && a->model == b->model;
}

/* A product counted in a unit of mass says its mass already. */
static bool
mass_agrees(struct row row, const struct tj_product *product)
{
	const tj_unit kg = tj_unit_base(TJ_DIM_MASS);
	double ratio;

	if (isnan(product->mass_kg_per_unit) ||
	    tj_unit_dimension(product->unit) != TJ_DIM_MASS ||
	    tj_unit_ratio(&ratio, product->unit, kg, NULL) != TJ_OK ||
	    fabs(product->mass_kg_per_unit - ratio) <= 1e-9 * ratio)
		return true;
	go_to(row, product->src);
	tj_sheet_report(&row.reader->sheet, TJ_RULE_BAD_CELL,
	    row.reader->position[TJ_COL_products_mass_kg_per_unit], "mass_kg_per_unit",
	    "found %g, expected %g: that is one %s", product->mass_kg_per_unit, ratio,
	    tj_unit_symbol(product->unit));
	return false;
}

/* Or TJ_NONE: nobody has named it yet. */
static uint32_t
known_product(struct row row, enum tj_row_name which)
{
	return tj_names_find_name(&row.reader->book->product_names, name_of(row, which));
}

/* Numbers of names, old or new. */
static enum tj_rc
number_product(uint32_t *number, uint32_t known, struct row row, enum tj_row_name which,
    struct tj_err *err)
{
	*number = known != TJ_NONE ? known
	    : tj_book_product(row.reader->book, name_of(row, which).text);
	return *number == TJ_NONE ? tj_fail_nomem(err) : TJ_OK;
}

static enum tj_rc
find_product(uint32_t *number, struct row row, enum tj_row_name which, struct tj_err *err)
{
	return number_product(number, known_product(row, which), row, which, err);
}

static enum tj_rc
find_activity(uint32_t *number, struct row row, enum tj_row_name which, struct tj_err *err)
{
	struct tj_book *book = row.reader->book;
	const tj_name name = name_of(row, which);

	*number = tj_names_find_name(&book->activity_names, name);
	if (*number == TJ_NONE)
		*number = tj_book_activity(book, name.text);
	return *number == TJ_NONE ? tj_fail_nomem(err) : TJ_OK;
}

/* Rows of one activity mostly stand together. */
static enum tj_rc
find_same_activity(uint32_t *number, struct row row, struct tj_err *err)
{
	struct tj_book_reader *reader = row.reader;
	const tj_str text = name_of(row, TJ_ROW_ACTIVITY).text;

	if (reader->activity.p == NULL || !tj_str_eq(reader->activity, text)) {
		TRY(find_activity(&reader->activity_number, row, TJ_ROW_ACTIVITY, err));
		reader->activity = text;
	}
	*number = reader->activity_number;
	return TJ_OK;
}

static enum tj_rc
find_flow(uint32_t *number, struct row row, struct tj_err *err)
{
	const tj_name name = name_of(row, TJ_ROW_FLOW);

	*number = tj_names_find_name(&row.reader->book->flows, name);
	if (*number == TJ_NONE)
		*number = tj_names_add(&row.reader->book->flows, name.text);
	return *number == TJ_NONE ? tj_fail_nomem(err) : TJ_OK;
}

/* Its description is now this file's. */
static enum tj_rc
note(struct tj_book_reader *reader, uint32_t number, size_t known, struct tj_err *err)
{
	if (number < known && !TJ_PUSH(reader->scratch, &reader->mark.described, number))
		return tj_fail_nomem(err);
	return TJ_OK;
}

static enum tj_rc
products_row(struct row row, struct tj_err *err)
{
	struct tj_book *book = row.reader->book;
	struct tj_product product = row.part->rows.products.v[row.i], *before;
	uint32_t number;

	TRY(find_product(&number, row, TJ_ROW_PRODUCT, err));
	if (name_of(row, TJ_ROW_OTHER).text.n > 0)
		TRY(find_product(&product.model, row, TJ_ROW_OTHER, err));
	product.src = place(row, product.src);
	before = &book->products.v[number];
	if (product.model == number) {
		report(row, product.src, TJ_RULE_BAD_CELL, TJ_COL_products_model, "model",
		    "found the product itself, expected the product it is a batch of");
	} else if (before->src.line != 0) {
		report_again(row, product.src, TJ_COL_products_product, product.key,
		    before->src, same_product(before, &product));
	} else if (mass_agrees(row, &product)) {
		TRY(note(row.reader, number, row.reader->mark.sizes.products.n, err));
		*before = product;
	}
	return TJ_OK;
}

static bool
same_activity(const struct tj_activity *a, const struct tj_activity *b)
{
	return tj_str_eq(a->name, b->name) && tj_str_eq(a->site, b->site) &&
	    a->start == b->start && a->end == b->end && a->stage == b->stage &&
	    a->allocation == b->allocation && a->carbon_balance == b->carbon_balance;
}

static enum tj_rc
activities_row(struct row row, struct tj_err *err)
{
	struct tj_activity activity = row.part->rows.activities.v[row.i], *before;
	uint32_t number;

	TRY(find_activity(&number, row, TJ_ROW_ACTIVITY, err));
	activity.src = place(row, activity.src);
	before = &row.reader->book->activities.v[number];
	if (activity.end != TJ_DATE_NONE && activity.end < activity.start) {
		report(row, activity.src, TJ_RULE_BAD_CELL, TJ_COL_activities_period_end,
		    "period_end", "found a day before period_start");
	} else if (before->src.line != 0) {
		report_again(row, activity.src, TJ_COL_activities_activity, activity.key,
		    before->src, same_activity(before, &activity));
	} else {
		TRY(note(row.reader, number, row.reader->mark.sizes.activities.n, err));
		*before = activity;
	}
	return TJ_OK;
}

/* Can an amount in this unit be one of the product, if that is known?  A mass can, where the
 * product's mass is known. */
static bool
unit_fits(struct row row, uint32_t number, tj_src src, size_t column, tj_unit unit)
{
	const struct tj_book *book = row.reader->book;
	const struct tj_product *product;
	enum tj_dimension dimension;

	if (number == TJ_NONE || book->products.v[number].unit == TJ_UNIT_NONE ||
	    book->products.v[number].unit == unit)
		return true;
	product = &book->products.v[number];
	dimension = tj_unit_dimension(unit);
	if (dimension == tj_unit_dimension(product->unit) ||
	    (dimension == TJ_DIM_MASS && !isnan(product->mass_kg_per_unit)))
		return true;
	go_to(row, src);
	tj_sheet_report(&row.reader->sheet, TJ_RULE_WRONG_DIMENSION,
	    row.reader->position[column], "unit",
	    "found %s, expected a unit such as %s, in which \"%.*s\" is counted",
	    tj_unit_symbol(unit), tj_unit_symbol(product->unit), TJ_FMT(product->key));
	return false;
}

static bool
is_zero(double number)
{
	return !(number < 0) && !(number > 0);
}

static enum tj_rc
outputs_row(struct row row, struct tj_err *err)
{
	struct tj_book *book = row.reader->book;
	struct tj_output output = row.part->rows.outputs.v[row.i];
	const uint32_t known = known_product(row, TJ_ROW_PRODUCT);

	output.src = place(row, output.src);
	if (!unit_fits(row, known, output.src, TJ_COL_outputs_unit, output.unit))
		return TJ_OK;
	if (is_zero(output.amount) && output.role == TJ_ROLE_MAIN)
		report(row, output.src, TJ_RULE_BAD_CELL, TJ_COL_outputs_amount, "amount",
		    "found 0, expected what one run makes: a main output may not be zero");
	if (is_zero(output.amount))
		return TJ_OK;
	TRY(find_same_activity(&output.activity, row, err));
	TRY(number_product(&output.product, known, row, TJ_ROW_PRODUCT, err));
	return TJ_PUSH(book->arena, &book->outputs, output) ? TJ_OK : tj_fail_nomem(err);
}

static enum tj_rc
inputs_row(struct row row, struct tj_err *err)
{
	struct tj_book *book = row.reader->book;
	struct tj_input input = row.part->rows.inputs.v[row.i];
	const uint32_t known = known_product(row, TJ_ROW_PRODUCT);

	input.src = place(row, input.src);
	if (!unit_fits(row, known, input.src, TJ_COL_inputs_unit, input.unit) ||
	    is_zero(input.amount))
		return TJ_OK;
	TRY(find_same_activity(&input.activity, row, err));
	TRY(number_product(&input.product, known, row, TJ_ROW_PRODUCT, err));
	if (name_of(row, TJ_ROW_OTHER).text.n > 0)
		TRY(find_activity(&input.provider, row, TJ_ROW_OTHER, err));
	return TJ_PUSH(book->arena, &book->inputs, input) ? TJ_OK : tj_fail_nomem(err);
}

/* A greenhouse gas is weighed by the kilogram; other flows are kept in any unit. */
static bool
flow_fits(struct row row, const struct tj_emission *emission)
{
	const tj_str flow = name_of(row, TJ_ROW_FLOW).text;
	double gwp;

	if (tj_unit_dimension(emission->unit) == TJ_DIM_MASS ||
	    !tj_gwp(&gwp, flow, -1, TJ_GWP_AR6))
		return true;
	go_to(row, emission->src);
	tj_sheet_report(&row.reader->sheet, TJ_RULE_WRONG_DIMENSION,
	    row.reader->position[TJ_COL_emissions_unit], "unit",
	    "found %s, expected a unit of mass: %.*s is a greenhouse gas",
	    tj_unit_symbol(emission->unit), TJ_FMT(flow));
	return false;
}

static enum tj_rc
emissions_row(struct row row, struct tj_err *err)
{
	struct tj_book *book = row.reader->book;
	struct tj_emission emission = row.part->rows.emissions.v[row.i];

	emission.src = place(row, emission.src);
	TRY(find_same_activity(&emission.activity, row, err));
	TRY(find_flow(&emission.flow, row, err));
	if (!flow_fits(row, &emission) || is_zero(emission.amount))
		return TJ_OK;
	return TJ_PUSH(book->arena, &book->emissions, emission) ? TJ_OK : tj_fail_nomem(err);
}

static enum tj_rc
factors_row(struct row row, struct tj_err *err)
{
	struct tj_book *book = row.reader->book;
	struct tj_factor factor = row.part->rows.factors.v[row.i];

	factor.src = place(row, factor.src);
	TRY(find_flow(&factor.flow, row, err));
	return TJ_PUSH(book->arena, &book->factors, factor) ? TJ_OK : tj_fail_nomem(err);
}

/* Each flow of this file is in `seen` once, so its number there is also that of its row. */
static enum tj_rc
gwp_row(struct row row, struct tj_err *err)
{
	struct tj_book *book = row.reader->book;
	const size_t first = row.reader->mark.sizes.gwp.n;
	struct tj_gwp_row gwp = row.part->rows.gwp.v[row.i];
	const tj_str flow = name_of(row, TJ_ROW_FLOW).text;
	const uint32_t seen = tj_names_add(&row.reader->seen, flow);
	const struct tj_gwp_row *before;

	if (seen == TJ_NONE)
		return tj_fail_nomem(err);
	gwp.src = place(row, gwp.src);
	if (seen < book->gwp.n - first) {
		before = &book->gwp.v[first + seen];
		report_again(row, gwp.src, TJ_COL_gwp_flow, flow, before->src,
		    same_number(before->kgco2e_per_kg, gwp.kgco2e_per_kg));
		return TJ_OK;
	}
	TRY(find_flow(&gwp.flow, row, err));
	return TJ_PUSH(book->arena, &book->gwp, gwp) ? TJ_OK : tj_fail_nomem(err);
}

static enum tj_rc
allocation_row(struct row row, struct tj_err *err)
{
	struct tj_book *book = row.reader->book;
	struct tj_share share = row.part->rows.shares.v[row.i];

	share.src = place(row, share.src);
	if (share.share < 0 || share.share > 1) {
		report(row, share.src, TJ_RULE_BAD_CELL, TJ_COL_allocation_share, "share",
		    "found a share outside 0 to 1");
		return TJ_OK;
	}
	TRY(find_same_activity(&share.activity, row, err));
	TRY(find_product(&share.product, row, TJ_ROW_PRODUCT, err));
	return TJ_PUSH(book->arena, &book->shares, share) ? TJ_OK : tj_fail_nomem(err);
}

/* Asks for all that taking these rows will touch. */
static void
prefetch(const struct tj_book_reader *reader, const struct tj_book_part *part, size_t i,
    size_t count)
{
	const struct tj_book *book = reader->book;
	const struct tj_names *tables[TJ_ROW_NAMES] = {
		[TJ_ROW_ACTIVITY] = &book->activity_names,
		[TJ_ROW_PRODUCT] = &book->product_names,
		[TJ_ROW_FLOW] = &book->flows,
		[TJ_ROW_OTHER] = reader->table == TJ_TABLE_products ?
		    &book->product_names : &book->activity_names,
	};
	uint32_t likely[BATCH];

	for (size_t k = 0; k < TJ_ROW_NAMES; k++) {
		if (part->names[k].n == 0)
			continue;
		tj_names_prefetch(likely, tables[k], part->names[k].v + i, count);
		for (size_t j = 0; k == TJ_ROW_PRODUCT && j < count; j++)
			if (likely[j] != TJ_NONE)
				__builtin_prefetch(&book->products.v[likely[j]].unit);
	}
}

/* Large tables grow by whole parts and leave nothing behind. */
static bool
reserve(struct tj_book *book, enum tj_table table, size_t count)
{
	switch (table) {
	case TJ_TABLE_products:
		return TJ_RESERVE(book->arena, &book->products, count);
	case TJ_TABLE_activities:
		return TJ_RESERVE(book->arena, &book->activities, count);
	case TJ_TABLE_outputs:
		return TJ_RESERVE(book->arena, &book->outputs, count);
	case TJ_TABLE_inputs:
		return TJ_RESERVE(book->arena, &book->inputs, count);
	case TJ_TABLE_emissions:
		return TJ_RESERVE(book->arena, &book->emissions, count);
	case TJ_TABLE_factors:
		return TJ_RESERVE(book->arena, &book->factors, count);
	case TJ_TABLE_allocation:
		return TJ_RESERVE(book->arena, &book->shares, count);
	case TJ_TABLE_gwp:
		return true;
	case TJ_TABLES:
		break;
	}
	return false;
}

enum tj_rc
tj_book_rows_take(struct tj_book_reader *reader, struct tj_book_part *part, struct tj_err *err)
{
	static enum tj_rc (*const take[TJ_TABLES])(struct row, struct tj_err *) = {
#define TABLE(name) name##_row,
#include "exchange/table.def"
	};

	if (!reserve(reader->book, reader->table, part->count))
		return tj_fail_nomem(err);
	for (size_t i = 0; i < part->count; i++) {
		if (i % BATCH == 0)
			prefetch(reader, part, i, part->count - i < BATCH ?
			    part->count - i : BATCH);
		TRY(take[reader->table]((struct row){ reader, part, i }, err));
	}
	return TJ_OK;
}
