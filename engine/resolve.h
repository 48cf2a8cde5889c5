#ifndef TJ_ENGINE_RESOLVE_H
#define TJ_ENGINE_RESOLVE_H

#include "engine/graph.h"
#include "model/port/resolver.h"

/*
 * What the book's activities buy: for each need of the graph the supplier's
 * declaration, else a factor, else nothing (an error, or zero if so told).
 */
enum tj_offer_kind {
	TJ_OFFER_DECLARATION,
	TJ_OFFER_FACTOR,
	TJ_OFFER_ZERO		/* cut off, or a waste that nobody treats */
};

/* Data quality as numerators, kg CO2e: they add up along the chain by |amount|. */
struct tj_quality {
	double	absolute;	/* sum of |parts| */
	double	primary;	/* of it, primary data */
	double	rated;		/* of it, with a rating on the profile's scale */
	double	technology, time, geography;	/* rating x rated */
};

struct tj_offer {			/* per unit of the need */
	enum tj_offer_kind		 kind;
	double				 kgco2e[TJ_CATEGORIES];
	struct tj_quality		 quality;
	const struct tj_declaration	*declaration;	/* or NULL */
	tj_digest			 digest;	/* of the declaration's signing input */
	tj_str				 source;	/* of the declaration or factor */
	double				 factor_units;	/* supplied per unit of the need */
	const uint32_t			*factors;	/* [factor_count] rows of book->factors */
	uint32_t			 factor_count;
};

struct tj_resolve_options {
	struct tj_resolver	*resolver;	/* NULL: factors only */
	tj_time			 at;
	tj_str			 region;	/* preferred: "CN-ZJ", then "CN", then none */
	bool			 refuse_placeholders;	/* when something will be declared */
	bool			 missing_zero;	/* what nobody supplies counts as zero */
};

/*
 * *offers: [graph->need_count], in the arena with all it refers to.  The
 * resolver is asked once, for all.  MISSING: naming the product and the first
 * row that needs it, each also a finding NO_FACTOR; DATA: a placeholder that is
 * refused, a factor given twice; UNIT.  Findings: FACTOR_USED, FACTOR_STALE,
 * FACTOR_CHOICE, OTHER_REGION, FACTOR_MEMORY, PLACEHOLDER, OTHER_GWP,
 * UNUSED_DECLARATION, UNDECLARED, CUT_OFF, NO_TREATMENT.  O(needs + factors).
 */
enum tj_rc tj_resolve(struct tj_offer **offers, const struct tj_graph *,
	    const struct tj_resolve_options *, struct tj_findings *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
