#ifndef TJ_ENGINE_TURNOVER_H
#define TJ_ENGINE_TURNOVER_H

#include "engine/graph.h"

/*
 * Mass and carbon that cross the boundary of one activity, by its rows: inputs
 * and treated wastes come in; products, by-products and wastes go out; credits
 * are avoided elsewhere and count on neither side.  Emissions are not counted.
 */
struct tj_turnover {
	double		in_kg, out_kg, carbon_in_kg, carbon_out_kg;
	double		out_gas_kg;		/* of out_kg, of class gas: mostly air nobody books */
	uint32_t	unknown_mass;		/* first product without, or TJ_NONE */
	uint32_t	unknown_carbon;		/* first product with mass and no carbon content */
};

/* O(rows of the activity). */
struct tj_turnover tj_turnover_of(const struct tj_graph *, uint32_t activity);

#endif
