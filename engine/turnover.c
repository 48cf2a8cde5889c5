#include <math.h>

#include "engine/turnover.h"

static void
add_row(struct tj_turnover *turnover, const struct tj_graph *graph, uint32_t product,
    double amount, tj_unit unit, bool out)
{
	const double each_kg = tj_graph_mass_kg_per_unit(graph, product);
	const double carbon = tj_graph_carbon_kg_per_kg(graph, product);
	double units, kg;

	if (tj_graph_amount(&units, graph, product, amount, unit, NULL) != TJ_OK ||
	    isnan(each_kg)) {
		if (turnover->unknown_mass == TJ_NONE)
			turnover->unknown_mass = product;
		return;
	}
	kg = units * each_kg;
	if (kg != 0 && isnan(carbon) && turnover->unknown_carbon == TJ_NONE)
		turnover->unknown_carbon = product;
	*(out ? &turnover->out_kg : &turnover->in_kg) += kg;
	if (out && tj_graph_class(graph, product) == TJ_CLASS_GAS)
		turnover->out_gas_kg += kg;
	*(out ? &turnover->carbon_out_kg : &turnover->carbon_in_kg) +=
	    isnan(carbon) ? 0 : kg * carbon;
}

struct tj_turnover
tj_turnover_of(const struct tj_graph *graph, uint32_t activity)
{
	struct tj_turnover turnover = { .unknown_mass = TJ_NONE,
	    .unknown_carbon = TJ_NONE };
	const struct tj_rows *inputs = &graph->inputs, *outputs = &graph->outputs;

	for (uint32_t i = inputs->start[activity]; i < inputs->start[activity + 1]; i++) {
		const struct tj_input *in = &graph->book->inputs.v[inputs->rows[i]];

		add_row(&turnover, graph, in->product, in->amount, in->unit, false);
	}
	for (uint32_t i = outputs->start[activity]; i < outputs->start[activity + 1]; i++) {
		const struct tj_output *out = &graph->book->outputs.v[outputs->rows[i]];

		if (out->role != TJ_ROLE_CREDIT)
			add_row(&turnover, graph, out->product, out->amount, out->unit, true);
	}
	return turnover;
}
