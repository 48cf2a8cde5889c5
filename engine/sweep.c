#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "engine/loop.h"
#include "engine/sweep_rows.h"
#include "model/base/sum.h"

#define MOST_LANES	40
#define TURNS		2000	/* of waiting, some microseconds, before others may run */

static void
add_entry(double *sum, double *rest, const double *of, double amount, bool secondary,
    const struct tj_lanes *lanes)
{
	const double size = fabs(amount);

	for (uint32_t l = 0; l < lanes->by_amount; l++)
		tj_sum_step(&sum[l], &rest[l], amount * of[l]);
	for (uint32_t l = lanes->by_amount; l < lanes->count; l++)
		if (!secondary || l != lanes->primary)
			tj_sum_step(&sum[l], &rest[l], size * of[l]);
}

void
tj_sweep_row(double *x, uint32_t place, const struct tj_plan *plan, const double *amounts,
    const struct tj_lanes *lanes, uint32_t first, uint32_t end)
{
	double rest[MOST_LANES] = { 0 };
	double *sum = x + (size_t)place * lanes->count;

	for (size_t e = plan->start[place]; e < plan->start[place + 1]; e++) {
		const uint32_t supplier = plan->suppliers[e] & TJ_PLAN_PLACE;

		if (supplier < first || supplier >= end)
			add_entry(sum, rest, x + (size_t)supplier * lanes->count, amounts[e],
			    plan->suppliers[e] & TJ_PLAN_SECONDARY, lanes);
	}
	for (uint32_t l = 0; lanes->compensated && l < lanes->count; l++)
		sum[l] += rest[l];
}

struct sweep {
	double			*x;
	struct tj_loop		*loops;
	const struct tj_plan	*plan;
	const double		*amounts;
	const struct tj_lanes	*lanes;
	enum tj_simd		 simd;
	uint32_t		 first_part;	/* of those that are given out */
	atomic_uint		 done;		/* parts, from the first of all */
	pthread_mutex_t		 mutex;		/* what follows: of the first part that failed */
	uint32_t		 failed;	/* TJ_NONE: none did */
	enum tj_rc		 rc;
	struct tj_err		*err;
};

/* The first loop that begins at this place or later. */
static uint32_t
first_loop(const struct tj_plan *plan, uint32_t place)
{
	uint32_t low = 0, high = plan->loop_count;

	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;

		if (plan->loops[middle].first < place)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static enum tj_rc
sweep_part(const struct sweep *s, uint32_t part, struct tj_crew *crew, struct tj_err *err)
{
	const struct tj_plan *plan = s->plan;
	const uint32_t end = plan->parts[part + 1].first;
	uint32_t place = plan->parts[part].first, l = first_loop(plan, place);

	for (; l < plan->loop_count && plan->loops[l].first < end; l++) {
		tj_sweep_rows(s->x, plan, s->amounts, s->lanes, place, plan->loops[l].first,
		    s->simd);
		TRY(tj_loop_solve(s->x, &s->loops[l], plan, s->amounts, s->lanes, l, crew, err));
		place = plan->loops[l].end;
	}
	tj_sweep_rows(s->x, plan, s->amounts, s->lanes, place, end, s->simd);
	return TJ_OK;
}

/* Parts are given out in their order, so what is waited for is in somebody's hands. */
static void
await(const atomic_uint *done, uint32_t wanted)
{
	for (unsigned turns = 0; atomic_load_explicit(done, memory_order_acquire) < wanted;
	    turns++)
		if (turns >= TURNS)
			(void)sched_yield();
}

/* Of several failures the one that a single thread would have met. */
static void
keep_failure(struct sweep *s, uint32_t part, enum tj_rc rc, const struct tj_err *err)
{
	(void)pthread_mutex_lock(&s->mutex);
	if (s->failed == TJ_NONE || part < s->failed) {
		s->failed = part;
		s->rc = rc;
		if (s->err != NULL)
			*s->err = *err;
	}
	(void)pthread_mutex_unlock(&s->mutex);
}

static void
run_part(void *ctx, size_t number, unsigned worker)
{
	struct sweep *s = ctx;
	const uint32_t part = s->first_part + (uint32_t)number;
	struct tj_err err = { 0 };
	enum tj_rc rc;

	(void)worker;
	await(&s->done, s->plan->parts[part].after);
	if ((rc = sweep_part(s, part, NULL, &err)) != TJ_OK)
		keep_failure(s, part, rc, &err);
	(void)atomic_fetch_add_explicit(&s->done, 1, memory_order_release);
}

static bool
is_large(const struct tj_plan *plan, uint32_t part)
{
	return plan->parts[part + 1].first - plan->parts[part].first > TJ_PLAN_LARGE_LOOP &&
	    tj_plan_loop_of(plan, plan->parts[part].first) != TJ_NONE;
}

/* Parts side by side up to a large loop, which has all threads to itself; and so on. */
static enum tj_rc
run_parts(struct sweep *s, struct tj_crew *crew, struct tj_err *err)
{
	const uint32_t count = s->plan->part_count;

	for (uint32_t part = 0; part < count; part++) {
		s->first_part = part;
		while (part < count && !is_large(s->plan, part))
			part++;
		tj_crew_run(crew, run_part, s, part - s->first_part);
		if (s->failed != TJ_NONE)
			return s->rc;
		if (part < count)
			TRY(sweep_part(s, part, crew, err));
		atomic_store(&s->done, part + 1);
	}
	return TJ_OK;
}

enum tj_rc
tj_sweep(double *x, struct tj_loop *loops, const struct tj_plan *plan,
    const double *amounts, const struct tj_lanes *lanes, struct tj_crew *crew,
    struct tj_err *err)
{
	struct sweep s = { .x = x, .loops = loops, .plan = plan, .amounts = amounts,
	    .lanes = lanes, .simd = tj_simd_best(), .failed = TJ_NONE, .err = err,
	    .mutex = PTHREAD_MUTEX_INITIALIZER };

	return run_parts(&s, crew, err);
}
