#include <math.h>

#include "engine/loop_lu.h"
#include "engine/loop_parts.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

/* What is left of sixteen digits is four at the second figure: singular. */
#define LARGEST_AMPLIFICATION	1e12
/* Loops with credits are judged by their pivots, of rows scaled to one. */
#define SMALLEST_PIVOTS		1e-14

struct solving {
	struct tj_loop_task	*task;
	struct tj_loop		*loop;
	const struct tj_lanes	*lanes;
	struct tj_loop_rows	 rows;
	double			*right;		/* [lanes][rows.n], lane after lane */
	struct tj_lu		*sizes, *amounts, *primary;	/* or NULL */
	struct tj_err		*err;
};

static double *
lane(const struct solving *s, size_t number)
{
	return s->right + number * s->rows.n;
}

static void
take_lane(struct solving *s, double *right, uint32_t number)
{
	for (uint32_t i = 0; i < s->rows.n; i++)
		right[i] = s->task->x[(size_t)i * s->lanes->count + number];
}

static void
give_lane(struct solving *s, const double *right, uint32_t number)
{
	for (uint32_t i = 0; i < s->rows.n; i++)
		s->task->x[(size_t)i * s->lanes->count + number] = right[i];
}

/* Least and largest again[i] / w[i] where w is positive; INFINITY where it is not. */
static void
ratios(double *low, double *high, const double *again, const double *w, uint32_t n)
{
	*low = INFINITY;
	*high = 0;
	for (uint32_t i = 0; i < n; i++) {
		if (!(w[i] > 0) || !isfinite(again[i])) {
			*low = *high = INFINITY;
			return;
		}
		*low = fmin(*low, again[i] / w[i]);
		*high = fmax(*high, again[i] / w[i]);
	}
}

static enum tj_rc
amplification(double *low, double *high, struct solving *s, double *w, double *again)
{
	for (uint32_t i = 0; i < s->rows.n; i++)
		w[i] = 1;
	TRY(tj_lu_solve(w, 1, s->sizes, s->err));
	memcpy(again, w, s->rows.n * sizeof(*again));
	TRY(tj_lu_solve(again, 1, s->sizes, s->err));
	ratios(low, high, again, w, s->rows.n);
	return TJ_OK;
}

/*
 * w = (I - |A|)^-1 1 is positive if and only if the gain is below one.  Doing
 * it once more bounds 1 / (1 - gain), whatever the units (Collatz, Wielandt).
 */
static enum tj_rc
certify(struct solving *s)
{
	double *w, low, high;
	enum tj_rc rc;

	TRY(tj_lu_factor(&s->sizes, &s->rows, s->rows.sizes, s->err));
	if (s->sizes == NULL)
		return TJ_OK;
	if ((w = tj_mem_calloc((size_t)2 * s->rows.n, sizeof(*w))) == NULL)
		return tj_fail_nomem(s->err);
	rc = amplification(&low, &high, s, w, w + s->rows.n);
	tj_mem_free(w);
	if (rc == TJ_OK && high < LARGEST_AMPLIFICATION) {
		s->loop->amplification = high;
		s->loop->gain_low = fmax(0, 1 - 1 / low);
		s->loop->gain_high = 1 - 1 / high;
	}
	return rc;
}

/* The signed system of a loop with credits is direct, and may be fine at any gain. */
static enum tj_rc
judge(struct solving *s)
{
	struct tj_loop *loop = s->loop;

	loop->credits = s->rows.credits;
	if (!loop->credits) {
		if (isinf(loop->amplification))
			loop->state = s->sizes == NULL ? TJ_LOOP_SINGULAR : TJ_LOOP_GAIN;
		return TJ_OK;
	}
	TRY(tj_lu_factor(&s->amounts, &s->rows, s->rows.amounts, s->err));
	loop->pivot_ratio = s->amounts == NULL ? 0 : tj_lu_pivot_ratio(s->amounts);
	if (loop->pivot_ratio < SMALLEST_PIVOTS)
		loop->state = TJ_LOOP_SINGULAR;
	return TJ_OK;
}

/* Without a gain below one the sizes have no sum: nothing is rated, nothing primary. */
static void
give_up_sizes(struct solving *s)
{
	const struct tj_lanes *lanes = s->lanes;

	for (uint32_t l = lanes->by_amount; l < lanes->count; l++)
		for (uint32_t i = 0; i < s->rows.n; i++)
			lane(s, l)[i] = 0;
	for (uint32_t l = 0; l < lanes->by_amount && lanes->absolute != TJ_NONE; l++)
		for (uint32_t i = 0; i < s->rows.n; i++)
			lane(s, lanes->absolute)[i] += fabs(lane(s, l)[i]);
}

static enum tj_rc
solve_primary(struct solving *s, double *right)
{
	TRY(tj_lu_factor(&s->primary, &s->rows, s->rows.primary, s->err));
	if (s->primary == NULL)
		return tj_fail(s->err, TJ_E_INTERNAL,
		    "a part of a loop has more gain than it");
	return tj_lu_solve(right, 1, s->primary, s->err);
}

static enum tj_rc
solve_lanes(struct solving *s)
{
	const struct tj_lanes *lanes = s->lanes;

	TRY(tj_lu_solve(lane(s, 0), lanes->by_amount,
	    s->rows.credits ? s->amounts : s->sizes, s->err));
	if (isinf(s->loop->amplification)) {
		give_up_sizes(s);
		return TJ_OK;
	}
	for (uint32_t l = lanes->by_amount; l < lanes->count; l++) {
		if (l == lanes->primary && s->rows.secondary)
			TRY(solve_primary(s, lane(s, l)));
		else
			TRY(tj_lu_solve(lane(s, l), 1, s->sizes, s->err));
	}
	return TJ_OK;
}

static enum tj_rc
solve(struct solving *s)
{
	s->loop->method = s->rows.n <= TJ_MAX_DENSE_LOOP ? TJ_LOOP_DENSE : TJ_LOOP_SPARSE;
	s->right = tj_mem_calloc((size_t)s->lanes->count * s->rows.n, sizeof(*s->right));
	if (s->right == NULL)
		return tj_fail_nomem(s->err);
	for (uint32_t l = 0; l < s->lanes->count; l++)
		take_lane(s, lane(s, l), l);
	if (!s->task->no_gain_below_one)
		TRY(certify(s));
	TRY(judge(s));
	if (s->loop->state != TJ_LOOP_SOLVED) {
		tj_loop_spoil(s->task, s->loop->state);
		return TJ_OK;
	}
	TRY(solve_lanes(s));
	for (uint32_t l = 0; l < s->lanes->count; l++)
		give_lane(s, lane(s, l), l);
	return TJ_OK;
}

enum tj_rc
tj_loop_direct(struct tj_loop_task *task)
{
	struct solving s = { .task = task, .loop = task->loop, .lanes = task->lanes,
	    .err = task->err };
	enum tj_rc rc;

	TRY(tj_loop_rows_init(&s.rows, task->plan, task->amounts, task->number, s.err));
	rc = solve(&s);
	tj_lu_free(s.sizes);
	tj_lu_free(s.amounts);
	tj_lu_free(s.primary);
	tj_mem_free(s.right);
	tj_loop_rows_fini(&s.rows);
	return rc;
}

static const double *
entries_of(const struct tj_loop_rows *rows, enum tj_split_of of)
{
	return of == TJ_SPLIT_PRIMARY ? rows->primary
	    : of == TJ_SPLIT_SIZES ? rows->sizes : rows->amounts;
}

static enum tj_rc
solve_some(struct solving *s, enum tj_split_of of, const uint32_t *lanes, uint32_t count)
{
	TRY(tj_lu_factor(&s->amounts, &s->rows, entries_of(&s->rows, of), s->err));
	if (s->amounts == NULL)
		return tj_fail(s->err, TJ_E_LIMIT, "a loop of %u nodes, too sensitive",
		    s->rows.n);
	s->right = tj_mem_calloc((size_t)count * s->rows.n, sizeof(*s->right));
	if (s->right == NULL)
		return tj_fail_nomem(s->err);
	for (uint32_t l = 0; l < count; l++)
		take_lane(s, lane(s, l), lanes[l]);
	TRY(tj_lu_solve(s->right, count, s->amounts, s->err));
	for (uint32_t l = 0; l < count; l++)
		give_lane(s, lane(s, l), lanes[l]);
	return TJ_OK;
}

enum tj_rc
tj_loop_direct_lanes(struct tj_loop_task *task, enum tj_split_of of, const uint32_t *lanes,
    uint32_t count)
{
	struct solving s = { .task = task, .loop = task->loop, .lanes = task->lanes,
	    .err = task->err };
	enum tj_rc rc;

	TRY(tj_loop_rows_init(&s.rows, task->plan, task->amounts, task->number, s.err));
	rc = solve_some(&s, of, lanes, count);
	tj_lu_free(s.amounts);
	tj_mem_free(s.right);
	tj_loop_rows_fini(&s.rows);
	return rc;
}
