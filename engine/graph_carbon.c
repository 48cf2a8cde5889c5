#include "engine/graph_build.h"
#include "engine/turnover.h"

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
	const struct tj_turnover turnover = tj_turnover_of(b->graph, NULL, activity);
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
