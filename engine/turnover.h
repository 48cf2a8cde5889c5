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

/* What a balance asks of a product, from the book: 24 bytes. */
struct tj_matter {
	double		kg_per_unit;		/* NAN: unknown */
	double		carbon_kg_per_kg;	/* NAN: unknown */
	tj_unit		unit;
	bool		gas;
};

struct tj_matter tj_matter_of(const struct tj_graph *, uint32_t product);

/* O(rows of the activity).  matter: [product_count], for who asks of many activities;
 * NULL: the book is asked at each row. */
struct tj_turnover tj_turnover_of(const struct tj_graph *, const struct tj_matter *matter,
	    uint32_t activity);

#endif
