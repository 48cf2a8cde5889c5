#ifndef TJ_BASE_SUM_H
#define TJ_BASE_SUM_H

/*
 * Compensated sums (Knuth's TwoSum, after Neumaier 1974): what rounding takes from the
 * sum is kept beside it.  sum + rest is the sum of n numbers to within 2^-53 of itself
 * and about n^2 2^-106 of the sum of their sizes.  All zero at first; O(1) a number.
 */
struct tj_sum {
	double	sum, rest;
};

/* Of a sum whose halves lie apart. */
static inline void
tj_sum_step(double *sum, double *rest, double x)
{
	const double next = *sum + x;
	const double part = next - *sum;

	*rest += (*sum - (next - part)) + (x - part);
	*sum = next;
}

static inline void
tj_sum_add(struct tj_sum *s, double x)
{
	tj_sum_step(&s->sum, &s->rest, x);
}

static inline double
tj_sum_of(const struct tj_sum *s)
{
	return s->sum + s->rest;
}

#endif
