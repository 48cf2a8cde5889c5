#ifndef TJ_ENGINE_SWEEP_H
#define TJ_ENGINE_SWEEP_H

#include "engine/plan.h"

/*
 * All nodes at once, suppliers first:
 *	x_j = e_j + sum over its row a_ij x_i	i.e.  X = (I - A^T)^-1 E
 * with all the components that are carried (the lanes) side by side, loops solved
 * as they are met.  Sums run in the order of the row: the same bits with any number
 * of threads.
 */
struct tj_lanes {
	uint32_t	count;		/* 1, or a multiple of 4; unused ones are zero */
	uint32_t	by_amount;	/* the first ones are weighed by a, the others by |a| */
	uint32_t	primary;	/* lane that secondary entries do not feed, or TJ_NONE */
	uint32_t	absolute;	/* lane that is the sum of |by_amount| in a loop with
					 * credits where the |a| have no sum, or TJ_NONE */
	bool		compensated;	/* Neumaier's sums instead of plain ones */
};

enum tj_loop_state {
	TJ_LOOP_SOLVED,
	TJ_LOOP_GAIN,		/* makes no more of itself than it uses up */
	TJ_LOOP_SINGULAR
};

enum tj_loop_method {
	TJ_LOOP_DENSE,		/* LU with partial pivoting */
	TJ_LOOP_ITERATIVE,	/* BiCGSTAB, preconditioned */
	TJ_LOOP_SPARSE		/* KLU */
};

struct tj_loop {
	enum tj_loop_state	state;
	enum tj_loop_method	method;
	bool			credits;	/* an entry is negative */
	/*
	 * Bound of the largest sum of a row of (I - |A|^T)^-1 in the best units: what the
	 * loop makes of one unit of direct emissions; its gain is at most
	 * 1 - 1 / amplification.  INFINITY: |A| has gain 1 or more.
	 */
	double			amplification;
	double			gain_low, gain_high;	/* bounds of the gain of |A|, its
							 * spectral radius; high may be INFINITY */
	double			pivot_ratio;	/* credits: smallest pivot over the largest;
						 * ITERATIVE: 1 / amplification */
	uint32_t		iterations;	/* ITERATIVE: of the slowest lane */
};

/*
 * x: [node_count][lanes->count] by place, E before and X after.  A loop without a
 * solution leaves NAN in all its members, and so in all that is downstream of it.
 * loops: [plan->loop_count], filled in.  NOMEM; LIMIT: a loop too closely linked.
 * O(V + E) and the loops.
 */
enum tj_rc tj_sweep(double *x, struct tj_loop *loops, const struct tj_plan *,
	    const double *amounts, const struct tj_lanes *, struct tj_crew *,
	    struct tj_err *) TJ_MUST_USE;

/* One row: x_j += sum of a x_i over suppliers outside [first, end), x being all nodes'. */
void	 tj_sweep_row(double *x, uint32_t place, const struct tj_plan *,
	    const double *amounts, const struct tj_lanes *, uint32_t first, uint32_t end);

#endif
