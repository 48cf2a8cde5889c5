#include <math.h>

#include "engine/graph.h"

/* What the model says of one of its units, of one unit of the product; NAN: cannot be told. */
static double
by_model(const struct tj_graph *graph, uint32_t product, double per_unit_of_model)
{
	const uint32_t model = graph->book->products.v[product].model;
	const tj_unit unit = graph->units[product], models = graph->units[model];
	double ratio;

	if (unit == models)
		return per_unit_of_model;
	if (unit == TJ_UNIT_NONE || models == TJ_UNIT_NONE ||
	    tj_unit_ratio(&ratio, unit, models, NULL) != TJ_OK)
		return NAN;
	return ratio * per_unit_of_model;
}

/* The product itself where it says, else its model. */
static double
given_mass_kg_per_unit(const struct tj_graph *graph, uint32_t product)
{
	const struct tj_product *it = &graph->book->products.v[product];

	return isnan(it->mass_kg_per_unit) && it->model != TJ_NONE ? by_model(graph,
	    product, graph->book->products.v[it->model].mass_kg_per_unit)
	    : it->mass_kg_per_unit;
}

static double
given_energy_mj_per_unit(const struct tj_graph *graph, uint32_t product)
{
	const struct tj_product *it = &graph->book->products.v[product];

	return isnan(it->energy_mj_per_unit) && it->model != TJ_NONE ? by_model(graph,
	    product, graph->book->products.v[it->model].energy_mj_per_unit)
	    : it->energy_mj_per_unit;
}

double
tj_graph_carbon_kg_per_kg(const struct tj_graph *graph, uint32_t product)
{
	const struct tj_product *it = &graph->book->products.v[product];

	if (isnan(it->carbon_kg_per_kg) && it->model != TJ_NONE)
		return graph->book->products.v[it->model].carbon_kg_per_kg;
	return it->carbon_kg_per_kg;
}

enum tj_class
tj_graph_class(const struct tj_graph *graph, uint32_t product)
{
	const struct tj_product *it = &graph->book->products.v[product];

	if (it->class == TJ_CLASS_PRODUCT && it->model != TJ_NONE)
		return graph->book->products.v[it->model].class;
	return it->class;
}

static bool
may_have_mass(tj_unit unit)
{
	if (unit == TJ_UNIT_NONE)
		return true;
	switch (tj_unit_dimension(unit)) {
	case TJ_DIM_ENERGY:
	case TJ_DIM_FREIGHT:
	case TJ_DIM_TIME:
	case TJ_DIM_CNY:
	case TJ_DIM_USD:
	case TJ_DIM_EUR:
		return false;
	case TJ_DIM_MASS:
	case TJ_DIM_VOLUME:
	case TJ_DIM_GAS_VOLUME:
	case TJ_DIM_COUNT:
	case TJ_DIM_AREA:
	case TJ_DIM_LENGTH:
	case TJ_DIM_COUNT_:
		break;
	}
	return true;
}

double
tj_graph_mass_kg_per_unit(const struct tj_graph *graph, uint32_t product)
{
	const tj_unit unit = graph->units[product];
	const double given = given_mass_kg_per_unit(graph, product);
	double kg;

	if (!isnan(given))
		return given;
	if (!may_have_mass(unit))
		return 0;
	if (unit != TJ_UNIT_NONE &&
	    tj_unit_ratio(&kg, unit, tj_unit_base(TJ_DIM_MASS), NULL) == TJ_OK)
		return kg;
	return NAN;
}

/* A mass in some unit as an amount of a product that is counted otherwise. */
static bool
amount_of_mass(double *out, const struct tj_graph *graph, uint32_t product, double amount,
    tj_unit unit)
{
	const double each_kg = given_mass_kg_per_unit(graph, product);
	double kg;

	if (!(each_kg > 0) || tj_unit_dimension(graph->units[product]) == TJ_DIM_MASS ||
	    tj_unit_ratio(&kg, unit, tj_unit_base(TJ_DIM_MASS), NULL) != TJ_OK)
		return false;
	*out = amount * kg / each_kg;
	return true;
}

enum tj_rc
tj_graph_amount(double *out, const struct tj_graph *graph, uint32_t product,
    double amount, tj_unit unit, struct tj_err *err)
{
	const tj_unit own = graph->units[product];
	double ratio;

	if (unit == own || unit == TJ_UNIT_NONE) {
		*out = amount;
		return TJ_OK;
	}
	if (own != TJ_UNIT_NONE && tj_unit_dimension(unit) != tj_unit_dimension(own) &&
	    amount_of_mass(out, graph, product, amount, unit))
		return TJ_OK;
	if (own == TJ_UNIT_NONE)
		return tj_fail(err, TJ_E_UNIT, "the product has no unit");
	TRY(tj_unit_ratio(&ratio, unit, own, err));
	*out = amount * ratio;
	return TJ_OK;
}

double
tj_graph_output_mj(const struct tj_graph *graph, const struct tj_output *out)
{
	const double each_mj = given_energy_mj_per_unit(graph, out->product);
	const tj_unit unit = out->unit == TJ_UNIT_NONE ? graph->units[out->product]
	    : out->unit;
	double amount = 0, mj;

	if (!isnan(out->energy_mj_per_unit))
		return out->amount * out->energy_mj_per_unit;
	if (!isnan(each_mj) && tj_graph_amount(&amount, graph, out->product, out->amount,
	    unit, NULL) == TJ_OK)
		return amount * each_mj;
	if (tj_unit_ratio(&mj, unit, tj_unit_base(TJ_DIM_ENERGY), NULL) == TJ_OK)
		return out->amount * mj;
	return NAN;
}
