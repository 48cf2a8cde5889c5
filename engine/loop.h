#ifndef TJ_ENGINE_LOOP_H
#define TJ_ENGINE_LOOP_H

#include "engine/plan.h"

/*
 * What the nodes of one loop use of each other: row j holds a_ij for the
 * suppliers i of node j, both numbered by their place in the component.
 * Columns of a row ascend, several edges between two nodes are one entry.
 */
struct tj_loop_rows {
	uint32_t	 n;
	uint32_t	*start;		/* [n + 1] into columns, amounts */
	uint32_t	*columns;
	double		*amounts;	/* signed */
	double		*sizes;		/* sums of |edge| */
	double		*primary;	/* of it, through lines that may carry primary data */
	bool		 credits;	/* an edge is negative */
	bool		 secondary;	/* an edge carries no primary data */
};

/* One block on the heap; tj_loop_rows_fini().  `local`: [node_count] scratch. */
enum tj_rc tj_loop_rows_init(struct tj_loop_rows *, const struct tj_system *,
	    const struct tj_plan *, uint32_t component, uint32_t *local,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_loop_rows_fini(struct tj_loop_rows *);

#endif
