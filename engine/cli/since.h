#ifndef TJ_CLI_SINCE_H
#define TJ_CLI_SINCE_H

#include "engine/basis.h"
#include "engine/cli/compute.h"
#include "engine/cli/publish.h"

/*
 * What changed since the run before.  Every run leaves in the registry's folder what
 * its declarations rest on (engine/kept.h); a run with --since passes by the products
 * for which nothing of that changed and whose declaration is still the newest one.
 */
#define TJ_KEPT_FILE	"kept"

struct tj_since {
	const struct tj_computed *computed;
	uint32_t		*products;	/* [count] still to be declared, in order */
	tj_mark			*bases;		/* [count] of these */
	size_t			 count, passed_by;
	tj_mark			*facts;		/* [fact_count] of all that is declared */
	size_t			 fact_count, noted;	/* noted: of `products` */
	struct tj_arena		*arena;
};

/* Of these products, all are to be declared.  NOMEM.  O(V + E). */
enum tj_rc tj_since_begin(struct tj_since *, const struct tj_computed *,
	    const struct tj_numbers *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* Takes out the products that rest on what they rested on.  `store` NULL: there is no
 * registry, and none is.  Finding NOT_KEPT: what an earlier run left is not there or damaged,
 * and none is. */
enum tj_rc tj_since_pass_by(struct tj_since *, struct tj_store *, struct tj_findings *,
	    struct tj_err *) TJ_MUST_USE;

/* The next ones of `products`, in order, as they stand in the registry now. */
void	 tj_since_note(struct tj_since *, const struct tj_publication *, size_t n);

/* All are noted: leaves it for the next run. */
enum tj_rc tj_since_keep(struct tj_since *, struct tj_err *) TJ_MUST_USE;

#endif
