#include "exchange/book_rows.h"

#define CELL(column)	(&part->cells[TJ_COL_##column])

/* The word's number, or what stands for an empty cell. */
static int
code_or(const struct tj_cell *cell, int otherwise)
{
	return cell->given ? cell->code : otherwise;
}

static tj_src
here(const struct tj_book_part *part)
{
	return (tj_src){ TJ_NONE, part->part.sheet.row.line };
}

static bool
name(struct tj_book_part *part, enum tj_row_name which, tj_str text)
{
	return TJ_PUSH(part->part.scratch, &part->names[which], tj_name_of(text));
}

static bool
products_row(struct tj_book_part *part)
{
	return name(part, TJ_ROW_PRODUCT, CELL(products_product)->text) &&
	    name(part, TJ_ROW_OTHER, CELL(products_model)->text) &&
	    TJ_PUSH(part->part.scratch, &part->rows.products, (struct tj_product){
		.key = CELL(products_product)->text,
		.name = CELL(products_name)->text,
		.id = CELL(products_id)->text,
		.factor = CELL(products_factor)->text,
		.mass_kg_per_unit = CELL(products_mass_kg_per_unit)->number,
		.energy_mj_per_unit = CELL(products_energy_mj_per_unit)->number,
		.carbon_kg_per_kg = CELL(products_carbon_kg_per_kg)->number,
		.model = TJ_NONE,
		.src = here(part),
		.unit = CELL(products_unit)->unit,
		.granularity = (enum tj_granularity)code_or(CELL(products_granularity), TJ_MODEL),
		.owner = (enum tj_owner)code_or(CELL(products_owner), TJ_OWN),
		.class = (enum tj_class)code_or(CELL(products_class), TJ_CLASS_PRODUCT),
	    });
}

static bool
activities_row(struct tj_book_part *part)
{
	return name(part, TJ_ROW_ACTIVITY, CELL(activities_activity)->text) &&
	    TJ_PUSH(part->part.scratch, &part->rows.activities, (struct tj_activity){
		.key = CELL(activities_activity)->text,
		.name = CELL(activities_name)->text,
		.site = CELL(activities_site)->text,
		.start = CELL(activities_period_start)->date,
		.end = CELL(activities_period_end)->date,
		.src = here(part),
		.stage = (enum tj_stage)code_or(CELL(activities_stage), TJ_STAGE_MANUFACTURING),
		.allocation = (enum tj_rule_of_share)code_or(CELL(activities_allocation),
		    TJ_SHARE_PROFILE),
		.carbon_balance = CELL(activities_carbon_balance)->code == 1,
	    });
}

static bool
outputs_row(struct tj_book_part *part)
{
	return name(part, TJ_ROW_ACTIVITY, CELL(outputs_activity)->text) &&
	    name(part, TJ_ROW_PRODUCT, CELL(outputs_product)->text) &&
	    TJ_PUSH(part->part.scratch, &part->rows.outputs, (struct tj_output){
		.amount = CELL(outputs_amount)->number,
		.price_per_unit = CELL(outputs_price)->number,
		.energy_mj_per_unit = CELL(outputs_energy_mj_per_unit)->number,
		.src = here(part),
		.unit = CELL(outputs_unit)->unit,
		.role = (enum tj_role)code_or(CELL(outputs_role), TJ_ROLE_MAIN),
	    });
}

static bool
inputs_row(struct tj_book_part *part)
{
	return name(part, TJ_ROW_ACTIVITY, CELL(inputs_activity)->text) &&
	    name(part, TJ_ROW_PRODUCT, CELL(inputs_product)->text) &&
	    name(part, TJ_ROW_OTHER, CELL(inputs_provider)->text) &&
	    TJ_PUSH(part->part.scratch, &part->rows.inputs, (struct tj_input){
		.provider = TJ_NONE,
		.amount = CELL(inputs_amount)->number,
		.gsd2 = CELL(inputs_uncertainty_gsd2)->number,
		.src = here(part),
		.unit = CELL(inputs_unit)->unit,
		.stage = (int8_t)CELL(inputs_stage)->code,
		.treat = CELL(inputs_role)->code == 1,
	    });
}

static bool
emissions_row(struct tj_book_part *part)
{
	return name(part, TJ_ROW_ACTIVITY, CELL(emissions_activity)->text) &&
	    name(part, TJ_ROW_FLOW, tj_gas_canonical(CELL(emissions_flow)->text)) &&
	    TJ_PUSH(part->part.scratch, &part->rows.emissions, (struct tj_emission){
		.amount = CELL(emissions_amount)->number,
		.gsd2 = CELL(emissions_uncertainty_gsd2)->number,
		.src = here(part),
		.unit = CELL(emissions_unit)->unit,
		.category = (int8_t)CELL(emissions_category)->code,
	    });
}

static bool
factors_row(struct tj_book_part *part)
{
	return name(part, TJ_ROW_FLOW, tj_gas_canonical(CELL(factors_flow)->text)) &&
	    TJ_PUSH(part->part.scratch, &part->rows.factors, (struct tj_factor){
		.product = CELL(factors_product)->text,
		.unit = CELL(factors_unit)->unit,
		.amount_kg_per_unit = CELL(factors_amount_kg_per_unit)->number,
		.gsd2 = CELL(factors_uncertainty_gsd2)->number,
		.region = CELL(factors_region)->text,
		.source = CELL(factors_source)->text,
		.quality = CELL(factors_quality)->text,
		.gwp_basis = CELL(factors_gwp_basis)->text,
		.year = code_or(CELL(factors_year), 0),
		.dqr = CELL(factors_dqr)->dqr,
		.src = here(part),
		.category = (int8_t)CELL(factors_category)->code,
	    });
}

static bool
gwp_row(struct tj_book_part *part)
{
	return name(part, TJ_ROW_FLOW, tj_gas_canonical(CELL(gwp_flow)->text)) &&
	    TJ_PUSH(part->part.scratch, &part->rows.gwp, (struct tj_gwp_row){
		.kgco2e_per_kg = CELL(gwp_kgco2e_per_kg)->number,
		.src = here(part),
	    });
}

static bool
allocation_row(struct tj_book_part *part)
{
	return name(part, TJ_ROW_ACTIVITY, CELL(allocation_activity)->text) &&
	    name(part, TJ_ROW_PRODUCT, CELL(allocation_product)->text) &&
	    TJ_PUSH(part->part.scratch, &part->rows.shares, (struct tj_share){
		.share = CELL(allocation_share)->number,
		.src = here(part),
	    });
}

enum tj_rc
tj_book_row_read(struct tj_book_part *part, enum tj_table table, struct tj_err *err)
{
	static bool (*const read[TJ_TABLES])(struct tj_book_part *) = {
#define TABLE(name) name##_row,
#include "exchange/table.def"
	};

	if (!read[table](part))
		return tj_fail_nomem(err);
	part->count++;
	return TJ_OK;
}
