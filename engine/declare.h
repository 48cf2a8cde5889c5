#ifndef TJ_ENGINE_DECLARE_H
#define TJ_ENGINE_DECLARE_H

#include "engine/supply.h"
#include "model/declaration.h"

/*
 * Turns what was solved into what is declared.  Here, and here only, numbers are
 * rounded: the total half-even to the profile's digits (more where the total is so
 * small that it would lose its significant digits), the parts by largest remainder,
 * so that they add up to it.
 */

struct tj_declarer {			/* the same for all declarations of a run */
	tj_str				 issuer, issuer_name;
	tj_str				 status_url;	/* that its status is published under; or empty */
	tj_date				 start, end;	/* period, end inclusive */
	tj_digest			 profile_digest;
	const struct tj_factor_set	*sets;		/* [set_count] those the book's factors are of */
	const uint32_t			*set_of_file;	/* [book->files.list.n] or TJ_NONE */
	size_t				 set_count;
};

/*
 * The declaration of one product, but for its id and what it replaces.
 * DATA: mass per unit unknown, a product that is no identifier, more of the mass
 * bought counted as zero than the profile allows; LOOP, NOTFOUND as
 * tj_solution_product().  `supply` is that of one unit of it.  O(activities + needs)
 * upstream.
 */
enum tj_rc tj_declare(struct tj_declaration *, const struct tj_solution *,
	    uint32_t product, const struct tj_supply *, const struct tj_declarer *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* Fails as tj_declare() would, without what it takes to supply the product.  O(1). */
enum tj_rc tj_declare_check(const struct tj_solution *, uint32_t product,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* Digits after the point of a declared total, by the profile. */
int	 tj_declared_digits(double total_kgco2e, const struct tj_profile *);

#endif
