#ifndef TJ_ENGINE_LOOP_H
#define TJ_ENGINE_LOOP_H

#include "engine/sweep.h"

/*
 * Solves one loop, all lanes at once: its members' x, E before and X after, given
 * that all suppliers outside it have theirs.  A loop that cannot be solved is no
 * failure: its state says so and its members are NAN.  NOMEM; LIMIT.
 */
enum tj_rc tj_loop_solve(double *x, struct tj_loop *, const struct tj_plan *,
	    const double *amounts, const struct tj_lanes *, uint32_t loop, struct tj_crew *,
	    struct tj_err *) TJ_MUST_USE;

/*
 * The forward view of a loop that has a solution, s = (I - A)^-1 right: made ready
 * once, solved as often as asked.  Keeps nothing of the plan and the amounts.  Not
 * by two threads at a time.  Free with tj_loop_solver_free().
 */
struct tj_loop_solver;

/* NOMEM; LIMIT. */
enum tj_rc tj_loop_prepare(struct tj_loop_solver **, const struct tj_plan *,
	    const double *amounts, uint32_t loop, struct tj_err *) TJ_MUST_USE;
/* right[members] becomes s, both in the order of the plan.  NOMEM; LIMIT. */
enum tj_rc tj_loop_forward(double *right, struct tj_loop_solver *,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_loop_solver_free(struct tj_loop_solver *);	/* takes NULL */

/* The same for one right side only. */
enum tj_rc tj_loop_solve_forward(double *right, const struct tj_plan *,
	    const double *amounts, uint32_t loop, struct tj_err *) TJ_MUST_USE;

#endif
