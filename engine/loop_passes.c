#include "engine/loop_passes.h"

/* Vectors are handed over between functions of this file only. */
#pragma GCC diagnostic ignored "-Wpsabi"

typedef double wide __attribute__((vector_size(TJ_LANES_WIDE * sizeof(double)),
    aligned(8), may_alias));

/* Measured on 10^5 members: fetching ahead costs one lane 15 % and saves four as much. */
#define LANES		double
#define NAME(f)		f##_one
#define FETCH(p)	((void)0)
#include "engine/loop_passes.def"
#undef LANES
#undef NAME
#undef FETCH

#define LANES		wide
#define NAME(f)		f##_wide
#define FETCH(p)	__builtin_prefetch(p)
#include "engine/loop_passes.def"
#undef LANES
#undef NAME
#undef FETCH

void
tj_pass_sweep(double *z, const struct tj_split *split, const double *right,
    const double *feedback, unsigned width)
{
	(width == 1 ? sweep_one : sweep_wide)(z, split, right, feedback);
}

void
tj_pass_upper(double *feedback, const struct tj_split *split, const double *z,
    unsigned width)
{
	(width == 1 ? upper_one : upper_wide)(feedback, split, z);
}

void
tj_pass_residual(double *out, const struct tj_split *split, const double *right,
    const double *x, unsigned width)
{
	(width == 1 ? residual_one : residual_wide)(out, split, right, x);
}

void
tj_pass_first_half(struct tj_each *shadow_v, const struct tj_krylov *k, double shift,
    const struct tj_each *beta, const struct tj_each *omega)
{
	(k->width == 1 ? first_half_one : first_half_wide)(shadow_v, k, shift, beta, omega);
}

void
tj_pass_second_half(struct tj_each *t_r, struct tj_each *t_t, const struct tj_krylov *k,
    double shift, const struct tj_each *alpha)
{
	(k->width == 1 ? second_half_one : second_half_wide)(t_r, t_t, k, shift, alpha);
}

void
tj_pass_step(struct tj_each *shadow_r, struct tj_each *r_r, const struct tj_krylov *k,
    const struct tj_each *alpha, const struct tj_each *omega)
{
	(k->width == 1 ? step_one : step_wide)(shadow_r, r_r, k, alpha, omega);
}
