#ifndef TJ_ENGINE_LOOP_KRYLOV_H
#define TJ_ENGINE_LOOP_KRYLOV_H

#include "engine/loop_split.h"

/*
 * BiCGSTAB (van der Vorst 1992), preconditioned from the right by one sweep.  What it
 * iterates on is (shift - U M^-1) c = g, over the feedback rows only; lanes go side by
 * side and end one by one, each as if it were alone.
 */
struct tj_krylov {
	const struct tj_split	*split;
	unsigned		 width;
	double			*block;
	double			*z;	/* [n][width] scratch, M^-1 of something */
	/* [feedback_count][width] */
	double			*c;	/* the answer */
	double			*r;	/* g; used up */
	double			*shadow, *p, *v, *t;
};

struct tj_krylov_lane {
	double		left;		/* norm of what is left over that of g; 0: g was zero */
	uint32_t	iterations;
};

/* One block on the heap.  NOMEM. */
enum tj_rc tj_krylov_init(struct tj_krylov *, const struct tj_split *, unsigned width,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_krylov_fini(struct tj_krylov *);

/*
 * Until `left` of every lane is at most `tolerance`, or nothing more can be had.
 * c is zero where nothing could be had (left is 1).
 */
void	 tj_krylov_solve(struct tj_krylov_lane *lanes, struct tj_krylov *, double shift,
	    double tolerance);

#endif
