#ifndef TJ_ENGINE_LOOP_PASSES_H
#define TJ_ENGINE_LOOP_PASSES_H

#include "engine/loop_krylov.h"

/*
 * What all the time goes into: passes over a loop's entries, for several lanes that
 * stand side by side in blocks of [n][width] or [feedback_count][width].  The width
 * is 1 or TJ_LANES_WIDE; a lane's bits are the same in both.
 */

/* z = M^-1 (right + feedback in its rows); right and feedback may be NULL. */
void	 tj_pass_sweep(double *z, const struct tj_split *, const double *right,
	    const double *feedback, unsigned width);
/* feedback = U z. */
void	 tj_pass_upper(double *feedback, const struct tj_split *, const double *z,
	    unsigned width);
/* out = right - (I - B) x, as if computed with twice the digits. */
void	 tj_pass_residual(double *out, const struct tj_split *, const double *right,
	    const double *x, unsigned width);

/* One number for each lane. */
struct tj_each {
	double	of[TJ_LANES_WIDE];
};

/* BiCGSTAB: p = r + beta (p - omega v), v = (shift - U M^-1) p; shadow v. */
void	 tj_pass_first_half(struct tj_each *shadow_v, const struct tj_krylov *, double shift,
	    const struct tj_each *beta, const struct tj_each *omega);
/* r = r - alpha v, t = (shift - U M^-1) r; t r and t t. */
void	 tj_pass_second_half(struct tj_each *t_r, struct tj_each *t_t,
	    const struct tj_krylov *, double shift, const struct tj_each *alpha);
/* c = c + alpha p + omega r, r = r - omega t; shadow r and r r. */
void	 tj_pass_step(struct tj_each *shadow_r, struct tj_each *r_r, const struct tj_krylov *,
	    const struct tj_each *alpha, const struct tj_each *omega);

#endif
