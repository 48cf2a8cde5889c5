#include <math.h>

#include "exchange/book_rows.h"

#define CELL(column)	(&reader->cells[TJ_COL_##column])

/* The word's number, or what stands for an empty cell. */
static int
code_or(const struct tj_cell *cell, int otherwise)
{
	return cell->given ? cell->code : otherwise;
}

static tj_src
here(const struct tj_book_reader *reader)
{
	return (tj_src){ TJ_NONE, reader->sheet.row.line };
}

static void
report(struct tj_book_reader *reader, enum tj_rule rule, size_t column, const char *field,
    const char *text)
{
	tj_sheet_report(&reader->sheet, rule, reader->position[column], field, "%s", text);
}

/* A key that came before: the same data is counted once, other data is an error. */
static void
report_again(struct tj_book_reader *reader, size_t column, const struct tj_book *book,
    tj_src before, bool same)
{
	const bool elsewhere = before.file < book->files.list.n;
	const tj_str file = elsewhere ? book->files.list.v[before.file] : reader->sheet.file;

	tj_sheet_report(&reader->sheet, same ? TJ_RULE_REPEATED_ROW : TJ_RULE_DUPLICATE,
	    reader->position[column], "", "found \"%.*s\" again, %s as at %.*s:%u",
	    TJ_FMT(reader->cells[column].text), same ? "the same" : "not the same",
	    TJ_FMT(file), before.line);
}

static bool
same_number(double a, double b)
{
	return (isnan(a) && isnan(b)) || (a >= b && a <= b);
}

static tj_str
model_key(const struct tj_book *book, const struct tj_product *product)
{
	return product->model == TJ_NONE ? TJ_S("") : book->products.v[product->model].key;
}

static bool
same_product(const struct tj_product *a, const struct tj_book *book_a,
    const struct tj_product *b, const struct tj_book *book_b)
{
	return tj_str_eq(a->name, b->name) && tj_str_eq(a->id, b->id) &&
	    tj_str_eq(a->factor, b->factor) && a->unit == b->unit &&
	    same_number(a->mass_kg_per_unit, b->mass_kg_per_unit) &&
	    same_number(a->energy_mj_per_unit, b->energy_mj_per_unit) &&
	    same_number(a->carbon_kg_per_kg, b->carbon_kg_per_kg) &&
	    a->granularity == b->granularity && a->owner == b->owner &&
	    a->class == b->class &&
	    tj_str_eq(model_key(book_a, a), model_key(book_b, b));
}

/* A product counted in a unit of mass says its mass already. */
static bool
mass_agrees(struct tj_book_reader *reader, const struct tj_product *product)
{
	const tj_unit kg = tj_unit_base(TJ_DIM_MASS);
	double ratio;

	if (isnan(product->mass_kg_per_unit) ||
	    tj_unit_dimension(product->unit) != TJ_DIM_MASS ||
	    tj_unit_ratio(&ratio, product->unit, kg, NULL) != TJ_OK ||
	    fabs(product->mass_kg_per_unit - ratio) <= 1e-9 * ratio)
		return true;
	tj_sheet_report(&reader->sheet, TJ_RULE_BAD_CELL,
	    reader->position[TJ_COL_products_mass_kg_per_unit], "mass_kg_per_unit",
	    "found %g, expected %g: that is one %s", product->mass_kg_per_unit, ratio,
	    tj_unit_symbol(product->unit));
	return false;
}

static enum tj_rc
product_of_row(struct tj_product *product, struct tj_book_reader *reader, struct tj_err *err)
{
	const struct tj_cell *model = CELL(products_model);

	*product = (struct tj_product){
		.key = CELL(products_product)->text,
		.name = CELL(products_name)->text,
		.id = CELL(products_id)->text,
		.factor = CELL(products_factor)->text,
		.mass_kg_per_unit = CELL(products_mass_kg_per_unit)->number,
		.energy_mj_per_unit = CELL(products_energy_mj_per_unit)->number,
		.carbon_kg_per_kg = CELL(products_carbon_kg_per_kg)->number,
		.model = TJ_NONE,
		.src = here(reader),
		.unit = CELL(products_unit)->unit,
		.granularity = (enum tj_granularity)code_or(CELL(products_granularity), TJ_MODEL),
		.owner = (enum tj_owner)code_or(CELL(products_owner), TJ_OWN),
		.class = (enum tj_class)code_or(CELL(products_class), TJ_CLASS_PRODUCT),
	};
	if (model->given &&
	    (product->model = tj_book_product(&reader->rows, model->text)) == TJ_NONE)
		return tj_fail_nomem(err);
	return TJ_OK;
}

static enum tj_rc
products_row(struct tj_book_reader *reader, struct tj_err *err)
{
	const struct tj_book *book = reader->book;
	const tj_str key = CELL(products_product)->text;
	const uint32_t known = tj_names_find(&book->product_names, key);
	const uint32_t number = tj_book_product(&reader->rows, key);
	struct tj_product product, *before;

	if (number == TJ_NONE)
		return tj_fail_nomem(err);
	TRY(product_of_row(&product, reader, err));
	before = &reader->rows.products.v[number];
	if (product.model == number)
		report(reader, TJ_RULE_BAD_CELL, TJ_COL_products_model, "model",
		    "found the product itself, expected the product it is a batch of");
	else if (before->src.line != 0)
		report_again(reader, TJ_COL_products_product, &reader->rows, before->src,
		    same_product(before, &reader->rows, &product, &reader->rows));
	else if (known != TJ_NONE && book->products.v[known].src.line != 0)
		report_again(reader, TJ_COL_products_product, book,
		    book->products.v[known].src,
		    same_product(&book->products.v[known], book, &product, &reader->rows));
	else if (mass_agrees(reader, &product))
		*before = product;
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
activities_row(struct tj_book_reader *reader, struct tj_err *err)
{
	const struct tj_book *book = reader->book;
	const struct tj_activity activity = {
		.key = CELL(activities_activity)->text,
		.name = CELL(activities_name)->text,
		.site = CELL(activities_site)->text,
		.start = CELL(activities_period_start)->date,
		.end = CELL(activities_period_end)->date,
		.src = here(reader),
		.stage = (enum tj_stage)code_or(CELL(activities_stage), TJ_STAGE_MANUFACTURING),
		.allocation = (enum tj_rule_of_share)code_or(CELL(activities_allocation),
		    TJ_SHARE_PROFILE),
		.carbon_balance = CELL(activities_carbon_balance)->code == 1,
	};
	const uint32_t known = tj_names_find(&book->activity_names, activity.key);
	const uint32_t number = tj_book_activity(&reader->rows, activity.key);
	struct tj_activity *before;

	if (number == TJ_NONE)
		return tj_fail_nomem(err);
	before = &reader->rows.activities.v[number];
	if (activity.end != TJ_DATE_NONE && activity.end < activity.start)
		report(reader, TJ_RULE_BAD_CELL, TJ_COL_activities_period_end, "period_end",
		    "found a day before period_start");
	else if (before->src.line != 0)
		report_again(reader, TJ_COL_activities_activity, &reader->rows, before->src,
		    same_activity(before, &activity));
	else if (known != TJ_NONE && book->activities.v[known].src.line != 0)
		report_again(reader, TJ_COL_activities_activity, book,
		    book->activities.v[known].src,
		    same_activity(&book->activities.v[known], &activity));
	else
		*before = activity;
	return TJ_OK;
}

/* Can an amount in this unit be one of this product?  A mass can, where its mass is known. */
static bool
unit_fits(struct tj_book_reader *reader, size_t column, tj_str key, tj_unit unit)
{
	const uint32_t known = tj_names_find(&reader->book->product_names, key);
	const struct tj_product *product;
	enum tj_dimension dimension;

	if (known == TJ_NONE)
		return true;
	product = &reader->book->products.v[known];
	if (product->unit == TJ_UNIT_NONE)
		return true;
	dimension = tj_unit_dimension(unit);
	if (dimension == tj_unit_dimension(product->unit) ||
	    (dimension == TJ_DIM_MASS && !isnan(product->mass_kg_per_unit)))
		return true;
	tj_sheet_report(&reader->sheet, TJ_RULE_WRONG_DIMENSION, reader->position[column],
	    "unit", "found %s, expected a unit such as %s, in which \"%.*s\" is counted",
	    tj_unit_symbol(unit), tj_unit_symbol(product->unit), TJ_FMT(key));
	return false;
}

/* Numbers of the activity and the product that a row is about. */
static enum tj_rc
ends_of_row(uint32_t *activity, uint32_t *product, struct tj_book_reader *reader,
    const struct tj_cell *activity_cell, const struct tj_cell *product_cell,
    struct tj_err *err)
{
	const uint32_t a = tj_book_activity(&reader->rows, activity_cell->text);
	const uint32_t p = tj_book_product(&reader->rows, product_cell->text);

	if (a == TJ_NONE || p == TJ_NONE)
		return tj_fail_nomem(err);
	*activity = a;
	*product = p;
	return TJ_OK;
}

static bool
is_zero(double number)
{
	return !(number < 0) && !(number > 0);
}

static enum tj_rc
outputs_row(struct tj_book_reader *reader, struct tj_err *err)
{
	struct tj_output row = {
		.amount = CELL(outputs_amount)->number,
		.price_per_unit = CELL(outputs_price)->number,
		.energy_mj_per_unit = CELL(outputs_energy_mj_per_unit)->number,
		.src = here(reader),
		.unit = CELL(outputs_unit)->unit,
		.role = (enum tj_role)code_or(CELL(outputs_role), TJ_ROLE_MAIN),
	};

	if (!unit_fits(reader, TJ_COL_outputs_unit, CELL(outputs_product)->text, row.unit))
		return TJ_OK;
	if (is_zero(row.amount) && row.role == TJ_ROLE_MAIN)
		report(reader, TJ_RULE_BAD_CELL, TJ_COL_outputs_amount, "amount",
		    "found 0, expected what one run makes: a main output may not be zero");
	if (is_zero(row.amount))
		return TJ_OK;
	TRY(ends_of_row(&row.activity, &row.product, reader, CELL(outputs_activity),
	    CELL(outputs_product), err));
	return TJ_PUSH(reader->rows.arena, &reader->rows.outputs, row) ? TJ_OK :
	    tj_fail_nomem(err);
}

static enum tj_rc
inputs_row(struct tj_book_reader *reader, struct tj_err *err)
{
	const struct tj_cell *provider = CELL(inputs_provider);
	struct tj_input row = {
		.provider = TJ_NONE,
		.amount = CELL(inputs_amount)->number,
		.gsd2 = CELL(inputs_uncertainty_gsd2)->number,
		.src = here(reader),
		.unit = CELL(inputs_unit)->unit,
		.stage = (int8_t)CELL(inputs_stage)->code,
		.treat = CELL(inputs_role)->code == 1,
	};

	if (!unit_fits(reader, TJ_COL_inputs_unit, CELL(inputs_product)->text, row.unit) ||
	    is_zero(row.amount))
		return TJ_OK;
	TRY(ends_of_row(&row.activity, &row.product, reader, CELL(inputs_activity),
	    CELL(inputs_product), err));
	if (provider->given &&
	    (row.provider = tj_book_activity(&reader->rows, provider->text)) == TJ_NONE)
		return tj_fail_nomem(err);
	return TJ_PUSH(reader->rows.arena, &reader->rows.inputs, row) ? TJ_OK :
	    tj_fail_nomem(err);
}

/* A greenhouse gas is weighed by the kilogram; other flows are kept in any unit. */
static bool
flow_fits(struct tj_book_reader *reader, tj_str flow, tj_unit unit)
{
	double gwp;

	if (tj_unit_dimension(unit) == TJ_DIM_MASS || !tj_gwp(&gwp, flow, -1, TJ_GWP_AR6))
		return true;
	tj_sheet_report(&reader->sheet, TJ_RULE_WRONG_DIMENSION,
	    reader->position[TJ_COL_emissions_unit], "unit",
	    "found %s, expected a unit of mass: %.*s is a greenhouse gas", tj_unit_symbol(unit),
	    TJ_FMT(flow));
	return false;
}

static enum tj_rc
emissions_row(struct tj_book_reader *reader, struct tj_err *err)
{
	const tj_str flow = tj_gas_canonical(CELL(emissions_flow)->text);
	struct tj_emission row = {
		.activity = tj_book_activity(&reader->rows, CELL(emissions_activity)->text),
		.flow = tj_names_add(&reader->rows.flows, flow),
		.amount = CELL(emissions_amount)->number,
		.gsd2 = CELL(emissions_uncertainty_gsd2)->number,
		.src = here(reader),
		.unit = CELL(emissions_unit)->unit,
		.category = (int8_t)CELL(emissions_category)->code,
	};

	if (row.activity == TJ_NONE || row.flow == TJ_NONE)
		return tj_fail_nomem(err);
	if (!flow_fits(reader, flow, row.unit) || is_zero(row.amount))
		return TJ_OK;
	return TJ_PUSH(reader->rows.arena, &reader->rows.emissions, row) ? TJ_OK :
	    tj_fail_nomem(err);
}

static enum tj_rc
factors_row(struct tj_book_reader *reader, struct tj_err *err)
{
	const tj_str flow = tj_gas_canonical(CELL(factors_flow)->text);
	const struct tj_factor row = {
		.product = CELL(factors_product)->text,
		.unit = CELL(factors_unit)->unit,
		.flow = tj_names_add(&reader->rows.flows, flow),
		.amount_kg_per_unit = CELL(factors_amount_kg_per_unit)->number,
		.gsd2 = CELL(factors_uncertainty_gsd2)->number,
		.region = CELL(factors_region)->text,
		.source = CELL(factors_source)->text,
		.quality = CELL(factors_quality)->text,
		.gwp_basis = CELL(factors_gwp_basis)->text,
		.year = code_or(CELL(factors_year), 0),
		.dqr = CELL(factors_dqr)->dqr,
		.src = here(reader),
		.category = (int8_t)CELL(factors_category)->code,
	};

	if (row.flow == TJ_NONE || !TJ_PUSH(reader->rows.arena, &reader->rows.factors, row))
		return tj_fail_nomem(err);
	return TJ_OK;
}

/* Each flow of this file is in here once, so its number is also that of its row. */
static enum tj_rc
gwp_row(struct tj_book_reader *reader, struct tj_err *err)
{
	const tj_str flow = tj_gas_canonical(CELL(gwp_flow)->text);
	const struct tj_gwp_row row = {
		.flow = tj_names_add(&reader->rows.flows, flow),
		.kgco2e_per_kg = CELL(gwp_kgco2e_per_kg)->number,
		.src = here(reader),
	};
	const struct tj_gwp_row *before;

	if (row.flow == TJ_NONE)
		return tj_fail_nomem(err);
	if (row.flow < reader->rows.gwp.n) {
		before = &reader->rows.gwp.v[row.flow];
		report_again(reader, TJ_COL_gwp_flow, &reader->rows, before->src,
		    same_number(before->kgco2e_per_kg, row.kgco2e_per_kg));
		return TJ_OK;
	}
	return TJ_PUSH(reader->rows.arena, &reader->rows.gwp, row) ? TJ_OK :
	    tj_fail_nomem(err);
}

static enum tj_rc
allocation_row(struct tj_book_reader *reader, struct tj_err *err)
{
	struct tj_share row = { .share = CELL(allocation_share)->number, .src = here(reader) };

	if (row.share < 0 || row.share > 1) {
		report(reader, TJ_RULE_BAD_CELL, TJ_COL_allocation_share, "share",
		    "found a share outside 0 to 1");
		return TJ_OK;
	}
	TRY(ends_of_row(&row.activity, &row.product, reader, CELL(allocation_activity),
	    CELL(allocation_product), err));
	return TJ_PUSH(reader->rows.arena, &reader->rows.shares, row) ? TJ_OK :
	    tj_fail_nomem(err);
}

enum tj_rc
tj_book_row(struct tj_book_reader *reader, struct tj_err *err)
{
	static enum tj_rc (*const add[TJ_TABLES])(struct tj_book_reader *, struct tj_err *) = {
#define TABLE(name) name##_row,
#include "exchange/table.def"
	};

	return add[reader->table](reader, err);
}
