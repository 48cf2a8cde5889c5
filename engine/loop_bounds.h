#ifndef TJ_ENGINE_LOOP_BOUNDS_H
#define TJ_ENGINE_LOOP_BOUNDS_H

#include "engine/loop_split.h"

/*
 * Whether a loop with entries >= 0 has gain, the spectral radius of B, below one.
 * w > 0 with w > B w proves it, row by row and rounding included (Collatz 1942,
 * Wielandt 1950).
 */
enum tj_loop_proof {
	TJ_LOOP_PRODUCTIVE,	/* gain < 1, proven */
	TJ_LOOP_AT_ONE,		/* so close to it that nothing would be left of x */
	TJ_LOOP_ABOVE_ONE,	/* proven */
	TJ_LOOP_UNPROVEN
};

struct tj_loop_bounds {
	enum tj_loop_proof	proof;
	double			gain_low, gain_high;	/* of B; high may be INFINITY */
};

/* Rescales the split to units in which its members are alike.  NOMEM. */
enum tj_rc tj_loop_bounds_find(struct tj_loop_bounds *, struct tj_split *,
	    struct tj_err *) TJ_MUST_USE;

/* The units alone, by a few sweeps.  NOMEM. */
enum tj_rc tj_loop_balance(struct tj_split *, struct tj_err *) TJ_MUST_USE;

#endif
