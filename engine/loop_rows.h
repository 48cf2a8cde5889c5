#ifndef TJ_ENGINE_LOOP_ROWS_H
#define TJ_ENGINE_LOOP_ROWS_H

#include "engine/plan.h"

/*
 * What the members of one loop use of each other: row j holds a_ij for the
 * suppliers i of member j, both numbered from the loop's first place.
 * Columns of a row ascend, several entries of one supplier are one.
 */
struct tj_loop_rows {
	uint32_t	 n;
	uint32_t	*start;		/* [n + 1] into columns, amounts */
	uint32_t	*columns;
	double		*amounts;	/* signed */
	double		*sizes;		/* sums of |entry| */
	double		*primary;	/* of it, what may carry primary data */
	bool		 credits;	/* an entry is negative */
	bool		 secondary;	/* an entry carries no primary data */
};

/* Two blocks on the heap; tj_loop_rows_fini().  NOMEM; LIMIT: 2^32 entries. */
enum tj_rc tj_loop_rows_init(struct tj_loop_rows *, const struct tj_plan *,
	    const double *amounts, uint32_t loop, struct tj_err *) TJ_MUST_USE;
void	 tj_loop_rows_fini(struct tj_loop_rows *);

#endif
