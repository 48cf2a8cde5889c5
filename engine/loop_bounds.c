#include <float.h>
#include <math.h>

#include "engine/loop_bounds.h"
#include "engine/loop_passes.h"
#include "model/base/mem.h"

/* Most loops are settled by then, and all are in balance. */
#define POWER_STEPS		12
#define BALANCE_STEPS		4
#define INVERSE_STEPS		12
#define INVERSE_TOLERANCE	1e-4
/* How far apart the bounds of 1 - gain may be. */
#define LOOSE			4
/* What is left of sixteen digits is four. */
#define LARGEST_AMPLIFICATION	1e12
#define ROUNDING		1e-10	/* of a bound from a sweep, more than enough */

struct search {
	struct tj_split		*split;
	struct tj_krylov	 krylov;	/* of one lane; its z is M^-1 v, its r U M^-1 v */
	double			*v;		/* [feedback_count] near the Perron vector */
	double			*w;		/* [n] */
	double			 low, high;	/* of the gain of U M^-1 */
	struct tj_loop_bounds	 bounds;
};

static enum tj_rc
search_init(struct search *s, struct tj_err *err)
{
	const size_t n = s->split->n, m = s->split->feedback_count;

	TRY(tj_krylov_init(&s->krylov, s->split, 1, err));
	if ((s->w = tj_mem_calloc(n + m, sizeof(*s->w))) == NULL)
		return tj_fail_nomem(err);
	s->v = s->w + n;
	for (size_t j = 0; j < n; j++)
		s->w[j] = 1;
	for (size_t k = 0; k < m; k++)
		s->v[k] = 1;
	return TJ_OK;
}

static void
search_fini(struct search *s)
{
	tj_krylov_fini(&s->krylov);
	tj_mem_free(s->w);
}

/* U M^-1 v, of the same gain as the sweep's, bounded by what it makes of v. */
static void
power(struct search *s)
{
	tj_pass_sweep(s->krylov.z, s->split, NULL, s->v, 1);
	tj_pass_upper(s->krylov.r, s->split, s->krylov.z, 1);
	s->low = INFINITY;
	s->high = 0;
	for (uint32_t k = 0; k < s->split->feedback_count; k++) {
		const double ratio = s->krylov.r[k] / s->v[k];

		s->low = fmin(s->low, ratio);
		if (!(ratio <= s->high))
			s->high = ratio;
	}
}

static void
advance(struct search *s)
{
	const uint32_t count = s->split->feedback_count;
	double most = 0;

	for (uint32_t k = 0; k < count; k++)
		most = fmax(most, s->krylov.r[k]);
	for (uint32_t k = 0; k < count; k++)
		s->v[k] = s->krylov.r[k] / most;
}

static bool
is_known(const struct search *s)
{
	return s->low >= 1 - 1 / LARGEST_AMPLIFICATION ||
	    1 - s->low <= LOOSE * (1 - s->high);
}

/* B w of one row. */
static double
use(const struct tj_split *split, const double *w, uint32_t row, uint32_t *k)
{
	double sum = split->diagonal[row] * w[row];

	for (uint32_t e = split->lower_start[row]; e < split->lower_start[row + 1]; e++)
		sum += split->entries[e] * w[split->columns[e]];
	if (*k < split->feedback_count && split->feedback[*k] == row) {
		for (uint32_t e = split->upper_start[*k]; e < split->upper_start[*k + 1]; e++)
			sum += split->entries[e] * w[split->columns[e]];
		(*k)++;
	}
	return sum;
}

/* What w proves, if it is positive; every product and sum may be rounded once. */
static void
prove(struct search *s)
{
	double low = INFINITY, high = 0;
	uint32_t k = 0;

	for (uint32_t j = 0; j < s->split->n; j++) {
		const uint32_t before = k;
		const double used = use(s->split, s->w, j, &k);
		const uint32_t terms = s->split->lower_start[j + 1] -
		    s->split->lower_start[j] + 4 + (k == before ? 0 :
		    s->split->upper_start[k] - s->split->upper_start[before]);
		const double ratio = used / s->w[j];

		if (!(s->w[j] > 0))
			return;
		low = fmin(low, ratio * (1 - terms * DBL_EPSILON));
		if (!(ratio * (1 + terms * DBL_EPSILON) <= high))
			high = ratio * (1 + terms * DBL_EPSILON);
	}
	s->bounds.gain_low = fmax(s->bounds.gain_low, low);
	if (high < s->bounds.gain_high)
		s->bounds.gain_high = high;
}

/*
 * v > U M^-1 v, of which w = M^-1 (v + little M^-1 v) makes w > B w, in all rows:
 * what is left is little M^-1 v, and in the feedback rows not all that they had.
 */
static void
prove_from_power(struct search *s)
{
	const struct tj_split *split = s->split;
	double little = INFINITY;

	tj_pass_sweep(s->w, split, s->krylov.z, NULL, 1);
	tj_pass_upper(s->krylov.t, split, s->w, 1);
	for (uint32_t k = 0; k < split->feedback_count; k++)
		little = fmin(little, (s->v[k] - s->krylov.r[k]) / s->krylov.t[k] / 2);
	little = fmin(little, 1);
	for (uint32_t j = 0; j < split->n; j++)
		s->w[j] = s->krylov.z[j] + little * s->w[j];
	prove(s);
}

/* Counts all members in units of z, where these can be. */
static void
rescale(struct search *s)
{
	struct tj_split *split = s->split;
	const double *z = s->krylov.z;

	for (uint32_t j = 0; j < split->n; j++)
		if (!(z[j] >= DBL_MIN) || isinf(z[j]))
			return;
	for (uint32_t k = 0; k < split->feedback_count; k++)
		s->v[k] *= split->scale[split->feedback[k]];
	tj_split_rescale(split, z);
	for (uint32_t k = 0; k < split->feedback_count; k++)
		s->v[k] /= split->scale[split->feedback[k]];
}

/*
 * One step of inverse iteration, v = (shift - U M^-1)^-1 v: fast where the gain is
 * near the shift.  With a shift above the gain v stays positive (Noda 1971); below
 * it, all or some change their sign.
 */
static bool
invert(struct search *s, double shift)
{
	const uint32_t count = s->split->feedback_count;
	struct tj_krylov_lane had;
	double most = 0, least = INFINITY;
	uint32_t negative = 0;

	memcpy(s->krylov.r, s->v, count * sizeof(*s->v));
	tj_krylov_solve(&had, &s->krylov, shift, INVERSE_TOLERANCE);
	for (uint32_t k = 0; k < count; k++) {
		negative += s->krylov.c[k] < 0;
		least = fmin(least, fabs(s->krylov.c[k]));
		most = fmax(most, fabs(s->krylov.c[k]));
	}
	if ((negative > 0 && negative < count) || !(least > 0) || isinf(most))
		return false;
	for (uint32_t k = 0; k < count; k++)
		s->v[k] = fabs(s->krylov.c[k]) / most;
	return true;
}

static void
search_on(struct search *s)
{
	bool near_one = true;

	for (int i = 0; !is_known(s) && i < INVERSE_STEPS; i++) {
		near_one = near_one && invert(s, 1);
		if (!near_one && !invert(s, s->high))
			return;
		power(s);
	}
}

static void
conclude(struct search *s)
{
	struct tj_loop_bounds *bounds = &s->bounds;

	if (s->low < 1 && is_known(s))
		prove_from_power(s);
	if (bounds->gain_high < 1 - 1 / LARGEST_AMPLIFICATION)
		bounds->proof = TJ_LOOP_PRODUCTIVE;
	else if (is_known(s))
		bounds->proof = s->low > 1 + ROUNDING ? TJ_LOOP_ABOVE_ONE : TJ_LOOP_AT_ONE;
	if (s->low >= 1)
		bounds->gain_low = fmax(bounds->gain_low, 1);
}

static bool
has_pivots(const struct tj_split *split)
{
	for (uint32_t j = 0; j < split->n; j++)
		if (!(split->diagonal[j] < 1))
			return false;
	return true;
}

/* Steps until enough is known, and at least so many that all are in balance. */
static void
approach(struct search *s, int most)
{
	power(s);
	for (int i = 1; i < most && (i < BALANCE_STEPS || !is_known(s)); i++) {
		advance(s);
		power(s);
	}
	rescale(s);
	power(s);
}

enum tj_rc
tj_loop_bounds_find(struct tj_loop_bounds *out, struct tj_split *split, struct tj_err *err)
{
	struct search s = { .split = split,
	    .bounds = { TJ_LOOP_UNPROVEN, 0, INFINITY } };
	enum tj_rc rc;

	if (!has_pivots(split)) {
		*out = (struct tj_loop_bounds){ TJ_LOOP_ABOVE_ONE, 1, INFINITY };
		return TJ_OK;
	}
	rc = search_init(&s, err);
	if (rc == TJ_OK) {
		prove(&s);
		approach(&s, POWER_STEPS);
		search_on(&s);
		conclude(&s);
		*out = s.bounds;
	}
	search_fini(&s);
	return rc;
}

enum tj_rc
tj_loop_balance(struct tj_split *split, struct tj_err *err)
{
	struct search s = { .split = split };
	const enum tj_rc rc = search_init(&s, err);

	if (rc == TJ_OK)
		approach(&s, BALANCE_STEPS);
	search_fini(&s);
	return rc;
}
