#ifndef TJ_ENGINE_LOOP_ITERATE_H
#define TJ_ENGINE_LOOP_ITERATE_H

#include "engine/loop_split.h"

/*
 * (I - B) x = right, for [n][width] right sides at once, in the units of the split:
 * BiCGSTAB and refinement by residuals of twice the digits, until x no
 * longer changes in its last digits.
 *
 * x: right before, solution after.  *solved is false, and x of no use, where one of
 * the lanes could not be had.  *iterations: of the slowest lane.
 * right is finite.  NOMEM.
 */
enum tj_rc tj_loop_iterate(bool *solved, uint32_t *iterations, double *x,
	    const struct tj_split *, unsigned width, struct tj_err *) TJ_MUST_USE;

#endif
