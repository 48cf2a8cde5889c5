#ifndef TJ_ENGINE_FACTORS_H
#define TJ_ENGINE_FACTORS_H

#include "engine/resolve.h"

/*
 * The book's factors by product.  One factor is the rows that share product,
 * region, year, source and file: one row a gas, or one in CO2e.
 */
struct tj_factor_index {
	const struct tj_graph	*graph;
	struct tj_names		 names;		/* factor products */
	uint32_t		*start;		/* [names + 1] into rows */
	uint32_t		*rows;		/* of book->factors, side by side by factor */
};

enum tj_rc tj_factor_index_make(struct tj_factor_index *, const struct tj_graph *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* Of the factor's or declared `unit`, what is one unit of the need: by dimension, or by
 * mass where the product's is known.  UNIT. */
enum tj_rc tj_need_units(double *, const struct tj_graph *, const struct tj_need *,
	    tj_unit, struct tj_err *) TJ_MUST_USE;

/*
 * The factor for a need, by region, then by year; *found false: there is none.
 * Looks under the product's factor, its key, its model's factor, its model's key.
 * DATA, UNIT: see tj_resolve().
 */
enum tj_rc tj_factor_offer(bool *found, struct tj_offer *, const struct tj_factor_index *,
	    const struct tj_need *, const struct tj_resolve_options *,
	    struct tj_findings *, struct tj_err *) TJ_MUST_USE;

#endif
