#ifndef TJ_ENGINE_SOLVE_PARTS_H
#define TJ_ENGINE_SOLVE_PARTS_H

#include "engine/solve.h"

/*
 * Between solve.c and its parts.
 */

/* The lanes that can be other than zero, and which value has which. */
void	 tj_direct_lanes(struct tj_solution *);
/* E, one row for each place: what the node's own activity emits and buys, per unit.
 * x is all zero.  NOMEM. */
enum tj_rc tj_direct_fill(double *x, const struct tj_solution *, struct tj_crew *,
	    struct tj_err *) TJ_MUST_USE;

/* Which loop spoils which node, where one has no solution.  NOMEM. */
enum tj_rc tj_solution_spoil(struct tj_solution *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* Why it has no footprint. */
const char *tj_loop_reason(const struct tj_loop *);
/* Its numerics.  NOMEM; INTERNAL.  Two sweeps of one lane. */
enum tj_rc tj_solution_measure(struct tj_solution *, struct tj_crew *,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_solution_tell(const struct tj_solution *, struct tj_findings *);

#endif
