#include <math.h>

#include "engine/carbon.h"
#include "engine/graph_build.h"

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
tj_carbon_turnover(const struct tj_graph *graph, uint32_t activity)
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

static void
tell_unknown(struct tj_building *b, uint32_t activity, enum tj_rule rule, uint32_t product,
    const char *what)
{
	const struct tj_activity *it = &b->book->activities.v[activity];

	if (product == TJ_NONE || b->carbon_told[product])
		return;
	b->carbon_told[product] = true;
	tj_findings_add(b->findings, rule, tj_graph_place(b->graph, it->src),
	    b->book->products.v[product].key,
	    "%s not known, counted as zero in carbon balances, first in that of %.*s", what,
	    TJ_FMT(it->key));
}

double
tj_carbon_balance_kgco2(struct tj_building *b, uint32_t activity)
{
	const struct tj_turnover turnover = tj_carbon_turnover(b->graph, activity);
	const struct tj_activity *it = &b->book->activities.v[activity];
	const double kgco2 = (turnover.carbon_in_kg - turnover.carbon_out_kg) *
	    b->profile->co2_per_c;

	tell_unknown(b, activity, TJ_RULE_NO_MASS, turnover.unknown_mass, "mass per unit");
	tell_unknown(b, activity, TJ_RULE_CARBON_BALANCE, turnover.unknown_carbon,
	    "carbon content");
	if (kgco2 < 0)
		tj_findings_add(b->findings, TJ_RULE_CARBON_BALANCE,
		    tj_graph_place(b->graph, it->src), it->key,
		    "more carbon out (%g kg) than in (%g kg)", turnover.carbon_out_kg,
		    turnover.carbon_in_kg);
	return kgco2;
}
