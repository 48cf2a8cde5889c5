#include <math.h>

#include "engine/turnover.h"

#define AHEAD	16	/* rows: as many as memory answers at once */

struct tj_matter
tj_matter_of(const struct tj_graph *graph, uint32_t product)
{
	return (struct tj_matter){
		.kg_per_unit = tj_graph_mass_kg_per_unit(graph, product),
		.carbon_kg_per_kg = tj_graph_carbon_kg_per_kg(graph, product),
		.unit = graph->units[product],
		.gas = tj_graph_class(graph, product) == TJ_CLASS_GAS
	};
}

struct sum {
	struct tj_turnover	 turnover;
	const struct tj_graph	*graph;
	const struct tj_matter	*matter;	/* [product_count], or NULL */
};

static void
add_row(struct sum *sum, uint32_t product, double amount, tj_unit unit, bool out)
{
	const struct tj_matter matter = sum->matter != NULL ? sum->matter[product]
	    : tj_matter_of(sum->graph, product);
	struct tj_turnover *turnover = &sum->turnover;
	double units = amount, kg;

	if (isnan(matter.kg_per_unit) || (unit != matter.unit && tj_graph_amount(&units,
	    sum->graph, product, amount, unit, NULL) != TJ_OK)) {
		if (turnover->unknown_mass == TJ_NONE)
			turnover->unknown_mass = product;
		return;
	}
	kg = units * matter.kg_per_unit;
	if (kg != 0 && isnan(matter.carbon_kg_per_kg) &&
	    turnover->unknown_carbon == TJ_NONE)
		turnover->unknown_carbon = product;
	*(out ? &turnover->out_kg : &turnover->in_kg) += kg;
	if (out && matter.gas)
		turnover->out_gas_kg += kg;
	*(out ? &turnover->carbon_out_kg : &turnover->carbon_in_kg) +=
	    isnan(matter.carbon_kg_per_kg) ? 0 : kg * matter.carbon_kg_per_kg;
}

/* The product of a row further on, in the order of the activities. */
static uint32_t
product_ahead(const struct tj_graph *graph, uint32_t at)
{
	const size_t left = graph->book->inputs.n - at;

	return graph->book->inputs.v[graph->inputs.rows[left > AHEAD ? at + AHEAD
	    : at]].product;
}

struct tj_turnover
tj_turnover_of(const struct tj_graph *graph, const struct tj_matter *matter,
    uint32_t activity)
{
	const struct tj_rows *inputs = &graph->inputs, *outputs = &graph->outputs;
	struct sum sum = { .graph = graph, .matter = matter,
	    .turnover = { .unknown_mass = TJ_NONE, .unknown_carbon = TJ_NONE } };

	for (uint32_t i = inputs->start[activity]; i < inputs->start[activity + 1]; i++) {
		const struct tj_input *in = &graph->book->inputs.v[inputs->rows[i]];

		if (matter != NULL)
			__builtin_prefetch(&matter[product_ahead(graph, i)]);
		add_row(&sum, in->product, in->amount, in->unit, false);
	}
	for (uint32_t i = outputs->start[activity]; i < outputs->start[activity + 1]; i++) {
		const struct tj_output *out = &graph->book->outputs.v[outputs->rows[i]];

		if (out->role != TJ_ROLE_CREDIT)
			add_row(&sum, out->product, out->amount, out->unit, true);
	}
	return sum.turnover;
}
