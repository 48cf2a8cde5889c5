#ifndef TJ_ENGINE_EXPLAIN_H
#define TJ_ENGINE_EXPLAIN_H

#include "engine/supply.h"

/*
 * Where a footprint comes from: one line for every emission and every purchase
 * that any activity upstream of one unit of a product has part in, each with its
 * row.  The rounded lines add up to the rounded total, exactly.
 */
enum tj_line_from {
	TJ_FROM_EMISSION,	/* a row of emissions */
	TJ_FROM_CARBON,		/* an activity's carbon balance, or a fixed credit */
	TJ_FROM_DECLARATION,	/* a supplier's declaration */
	TJ_FROM_FACTOR,
	TJ_FROM_ZERO		/* cut off: named, so that nothing is hidden */
};

struct tj_explained {
	enum tj_line_from	from;
	enum tj_stage		stage;
	tj_str			activity;	/* who emitted or bought it; empty: bought itself */
	tj_str			what;		/* the flow, the product's key */
	tj_str			name;		/* of the product, for people; or empty */
	tj_str			source;		/* declaration id, factor's source, or "" */
	tj_str			place;		/* "file:line" of the row */
	double			amount;		/* of `what`, per unit of the product */
	const char		*unit;
	double			rate_kgco2e;	/* per unit of `what` */
	double			kgco2e;		/* amount x rate, unrounded */
	tj_dec			declared_kgco2e;	/* its share of the rounded total */
};

struct tj_explanation {
	struct tj_explained	*lines;		/* [count], largest first */
	size_t			 count;
	tj_dec			 total_kgco2e;
};

/* `supply` is that of one unit of the product.  O(lines log lines). */
enum tj_rc tj_explain(struct tj_explanation *, const struct tj_solution *,
	    uint32_t product, const struct tj_supply *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
