#ifndef TJ_ENGINE_SUPPLY_H
#define TJ_ENGINE_SUPPLY_H

#include "engine/solve.h"

/*
 * The forward view of a demand: s = (I - A)^-1 f, and what that much activity
 * emits and buys.  Its total equals the sum of demand x footprint.
 */
struct tj_demand {
	uint32_t	product;
	double		amount;		/* in graph->units[product] */
};

struct tj_supply {
	double	*node_amounts;		/* [node_count] units of each node */
	double	*runs;			/* [activity_count] share x amount / output, summed */
	double	*flows;			/* [flow_count] inventory, in graph->flow_units */
	double	*purchases;		/* [need_count] in units of the need */
	double	 total_kgco2e;
};

/* NOTFOUND, LOOP as tj_solution_product().  O(V + E) and the loops upstream. */
enum tj_rc tj_supply_find(struct tj_supply *, const struct tj_solution *,
	    const struct tj_demand *, size_t demand_count, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
