#include <math.h>

#include "engine/loop.h"
#include "engine/loop_bounds.h"
#include "model/base/limits.h"
#include "tests/support/support.h"

/*
 * Loops at the level of the matrix: one loop of n members, random or made for the
 * occasion, all lanes at once, against LU factors in long double and residuals.
 */
#define LANES	8
#define SIZES	4		/* the first ones weigh by a, the others by |a| */
#define PRIMARY	6

struct fixture {
	struct tj_arena		*arena;
	struct tj_matrix	 matrix;
	struct tj_plan		 plan;
	struct tj_lanes		 lanes;
	struct tj_loop		 loop;
	double			*amounts, *e, *x;
	size_t			 room;
	struct tj_err		 err;
};

static void
init(struct fixture *f, uint32_t n, size_t room)
{
	*f = (struct fixture){ .room = room };
	f->lanes = (struct tj_lanes){ LANES, SIZES, PRIMARY, TJ_NONE, true };
	assert_non_null(f->arena = tj_arena_new(TJ_MAX_ARENA_BYTES));
	f->matrix.node_count = n;
	f->matrix.start = TJ_NEWN(f->arena, size_t, n + 1);
	f->matrix.suppliers = TJ_NEWN(f->arena, uint32_t, room);
	f->matrix.amounts = TJ_NEWN(f->arena, double, room);
	f->matrix.secondary = TJ_NEWN(f->arena, uint8_t, room);
}

static void
fini(struct fixture *f)
{
	tj_arena_free(f->arena);
}

/* Rows in the order of the nodes: `row` is the one being written. */
static void
put(struct fixture *f, uint32_t row, uint32_t supplier, double amount)
{
	size_t at = f->matrix.start[row + 1];

	if (at == 0)
		at = f->matrix.start[row];
	assert_true(at < f->room);
	f->matrix.suppliers[at] = supplier;
	f->matrix.amounts[at] = amount;
	f->matrix.start[row + 1] = at + 1;
}

/* A ring through all, so that it is one loop, and `more` others each. */
static void
random_loop(struct fixture *f, uint32_t n, uint32_t more, uint64_t seed)
{
	uint64_t state = seed * 2654435761u + 1;

	init(f, n, (size_t)n * (more + 1));
	for (uint32_t j = 0; j < n; j++) {
		put(f, j, (j + 1) % n, 0.1 + tj_test_uniform(&state));
		for (uint32_t k = 0; k < more; k++)
			put(f, j, (uint32_t)(tj_test_random(&state) % n),
			    tj_test_uniform(&state));
	}
}

static void
ring(struct fixture *f, uint32_t n, double amount)
{
	init(f, n, n);
	for (uint32_t j = 0; j < n; j++)
		put(f, j, (j + 1) % n, amount);
}

static void
multiply(struct fixture *f, double factor)
{
	for (size_t e = 0; e < f->matrix.start[f->matrix.node_count]; e++)
		f->matrix.amounts[e] *= factor;
}

/* The gain of |A|, by many steps of (|A| + I) / 2; large random loops need few. */
static double
gain_of(const struct fixture *f)
{
	const uint32_t n = f->matrix.node_count;
	double *v = TJ_NEWN(f->arena, double, n), *w = TJ_NEWN(f->arena, double, n);
	double gain = 0;

	for (uint32_t j = 0; j < n; j++)
		v[j] = 1;
	for (int step = 0; step < (n > 1000 ? 150 : 3000); step++) {
		double most = 0;

		for (uint32_t j = 0; j < n; j++) {
			w[j] = v[j] / 2;
			for (size_t e = f->matrix.start[j]; e < f->matrix.start[j + 1]; e++)
				w[j] += fabs(f->matrix.amounts[e]) * v[f->matrix.suppliers[e]] / 2;
			most = fmax(most, w[j]);
		}
		for (uint32_t j = 0; j < n; j++)
			v[j] = w[j] / most;
		gain = 2 * most - 1;
	}
	return gain;
}

static void
set_gain(struct fixture *f, double gain)
{
	multiply(f, 1 / gain_of(f));
	multiply(f, gain);
}

/* Right sides: even lanes positive, odd ones of both signs and half of them zero. */
static void
plan(struct fixture *f)
{
	const size_t n = f->matrix.node_count;
	uint64_t state = 99;

	assert_ok(tj_plan_make(&f->plan, &f->matrix, NULL, f->arena, &f->err), &f->err);
	assert_int_equal(1, f->plan.loop_count);
	f->amounts = TJ_NEWN(f->arena, double, f->matrix.start[n]);
	f->e = TJ_NEWN(f->arena, double, n * LANES);
	f->x = TJ_NEWN(f->arena, double, n * LANES);
	tj_plan_amounts(f->amounts, &f->plan, &f->matrix, NULL);
	for (size_t i = 0; i < n * LANES; i++) {
		f->e[i] = tj_test_uniform(&state);
		if (i % 2 == 1)
			f->e[i] = f->e[i] < 0.5 ? 0 : f->e[i] - 0.75;
	}
}

static enum tj_rc
solve_with(struct fixture *f, struct tj_crew *crew)
{
	memcpy(f->x, f->e, (size_t)f->matrix.node_count * LANES * sizeof(*f->x));
	return tj_loop_solve(f->x, &f->loop, &f->plan, f->amounts, &f->lanes, 0, crew, &f->err);
}

static void
solve(struct fixture *f)
{
	plan(f);
	assert_ok(solve_with(f, NULL), &f->err);
}

static double
weight(const struct fixture *f, size_t edge, uint32_t lane)
{
	const double a = f->amounts[edge];

	if (lane < SIZES)
		return a;
	return lane == PRIMARY && f->plan.suppliers[edge] & TJ_PLAN_SECONDARY ? 0 : fabs(a);
}

/* Largest of |e - (I - A) x| over what was summed, member by member, of all lanes. */
static double
backward_error(const struct fixture *f)
{
	double worst = 0;

	for (uint32_t p = 0; p < f->plan.node_count; p++)
		for (uint32_t l = 0; l < LANES; l++) {
			long double sum = f->e[p * LANES + l], size = fabsl(sum);

			for (size_t e = f->plan.start[p]; e < f->plan.start[p + 1]; e++) {
				const uint32_t i = f->plan.suppliers[e] & TJ_PLAN_PLACE;
				const long double by = (long double)weight(f, e, l) *
				    f->x[i * LANES + l];

				sum += by;
				size += fabsl(by);
			}
			sum -= f->x[p * LANES + l];
			size += fabsl((long double)f->x[p * LANES + l]);
			if (!(sum == 0))
				worst = fmax(worst, (double)(fabsl(sum) / size));
			if (isnan(f->x[p * LANES + l]))
				worst = INFINITY;
		}
	return worst;
}

/* Gauss and Jordan in long double, rows of I - A with the right side behind. */
static void
eliminate(long double *m, uint32_t n)
{
	const uint32_t width = n + 1;

	for (uint32_t k = 0; k < n; k++) {
		uint32_t best = k;

		for (uint32_t i = k; i < n; i++)
			if (fabsl(m[i * width + k]) > fabsl(m[best * width + k]))
				best = i;
		for (uint32_t j = 0; j < width; j++) {
			const long double kept = m[k * width + j];

			m[k * width + j] = m[best * width + j];
			m[best * width + j] = kept;
		}
		for (uint32_t i = 0; i < n; i++) {
			const long double factor = m[i * width + k] / m[k * width + k];

			for (uint32_t j = k; i != k && j < width; j++)
				m[i * width + j] -= factor * m[k * width + j];
		}
	}
	for (uint32_t i = 0; i < n; i++)
		m[i * width + n] /= m[i * width + i];
}

/* Largest error of x over the largest x of its lane, of all lanes. */
static double
error(struct fixture *f)
{
	const uint32_t n = f->plan.node_count;
	long double *m = TJ_NEWN(f->arena, long double, (size_t)n * (n + 1));
	double worst = 0;

	for (uint32_t l = 0; l < LANES; l++) {
		double most = 0, off = 0;

		memset(m, 0, (size_t)n * (n + 1) * sizeof(*m));
		for (uint32_t p = 0; p < n; p++) {
			m[p * (n + 1) + p] = 1;
			m[p * (n + 1) + n] = f->e[p * LANES + l];
			for (size_t e = f->plan.start[p]; e < f->plan.start[p + 1]; e++)
				m[p * (n + 1) + (f->plan.suppliers[e] & TJ_PLAN_PLACE)] -=
				    weight(f, e, l);
		}
		eliminate(m, n);
		for (uint32_t p = 0; p < n; p++) {
			const double want = (double)m[p * (n + 1) + n];

			most = fmax(most, fabs(want));
			off = fmax(off, fabs(f->x[p * LANES + l] - want));
		}
		worst = fmax(worst, off / most);
	}
	return worst;
}

static void
loops_near_and_far_from_one_are_exact(void **state)
{
	const double gains[] = { 0.5, 0.9, 0.99, 0.9999, 0.999999 };
	const uint32_t sizes[] = { 60, 97, 130 };

	(void)state;
	for (size_t s = 0; s < 3; s++)
		for (size_t g = 0; g < 5; g++)
			for (uint64_t seed = 1; seed <= 4; seed++) {
				struct fixture f;

				random_loop(&f, sizes[s], (uint32_t)seed, seed);
				set_gain(&f, gains[g]);
				solve(&f);
				assert_int_equal(TJ_LOOP_SOLVED, f.loop.state);
				assert_int_equal(sizes[s] > TJ_MAX_DENSE_LOOP ? TJ_LOOP_ITERATIVE
				    : TJ_LOOP_DENSE, f.loop.method);
				/* what rounding the entries does is not the solver's */
				assert_true(error(&f) < 4e-16 / (1 - gains[g]));
				assert_true(backward_error(&f) < 1e-14);
				assert_true(f.loop.gain_low <= gains[g] + 1e-9);
				assert_true(f.loop.gain_high >= gains[g] - 1e-9);
				assert_true(f.loop.gain_high < 1);
				assert_true(f.loop.amplification >= 0.999 / (1 - gains[g]));
				fini(&f);
			}
}

static void
gains_of_one_and_more_are_refused_though_regular(void **state)
{
	const double gains[] = { 1, 1 + 1e-9, 1.0001, 1.01, 2, 1e6 };
	const uint32_t sizes[] = { 1, 2, 90, 97, 400, 5000 };

	(void)state;
	for (size_t s = 0; s < 6; s++)
		for (size_t g = 0; g < 6; g++) {
			struct fixture f;

			ring(&f, sizes[s], gains[g]);
			solve(&f);
			assert_int_equal(g == 0 ? TJ_LOOP_SINGULAR : TJ_LOOP_GAIN, f.loop.state);
			assert_true(isnan(f.x[0]));
			assert_true(isnan(f.x[(size_t)sizes[s] * LANES - 1]));
			fini(&f);
			if (sizes[s] < 90)
				continue;
			random_loop(&f, sizes[s], 3, 5);
			set_gain(&f, gains[g]);
			solve(&f);
			assert_int_not_equal(TJ_LOOP_SOLVED, f.loop.state);
			if (g >= 2)
				assert_int_equal(TJ_LOOP_GAIN, f.loop.state);
			fini(&f);
		}
}

/* Two loops that hardly touch: the bounds of all together are slow to close. */
static void
loops_within_a_loop_are_judged_by_the_larger_gain(void **state)
{
	const double gains[][2] = { { 0.999, 0.9 }, { 0.99, 0.98 }, { 1.01, 0.9 },
	    { 1.01, 1.005 }, { 0.999999, 0.99999 }, { 1.0001, 0.9999 } };

	(void)state;
	for (size_t g = 0; g < 6; g++) {
		struct fixture f;

		init(&f, 400, 802);
		for (uint32_t j = 0; j < 400; j++) {
			put(&f, j, j % 200 == 199 ? j - 199 : j + 1, gains[g][j / 200]);
			if (j % 200 == 0)
				put(&f, j, (j + 200) % 400, 1e-12);
		}
		solve(&f);
		assert_int_equal(gains[g][0] < 1 ? TJ_LOOP_SOLVED : TJ_LOOP_GAIN, f.loop.state);
		if (gains[g][0] < 1)
			assert_true(error(&f) < 1e-15 / (1 - gains[g][0]));
		fini(&f);
	}
}

static void
loops_with_credits_are_computed_at_any_gain(void **state)
{
	const double gains[] = { 0.5, 0.99, 1.5, 4 };

	(void)state;
	for (uint32_t n = 80; n <= 160; n += 40)
		for (size_t g = 0; g < 4; g++) {
			struct fixture f;

			random_loop(&f, n, 3, n + g);
			for (uint32_t j = 0; j < n; j += 3)
				f.matrix.amounts[f.matrix.start[j] + 1] *= -1;
			set_gain(&f, gains[g]);
			solve(&f);
			assert_int_equal(TJ_LOOP_SOLVED, f.loop.state);
			assert_true(f.loop.credits);
			assert_int_equal(gains[g] >= 1, isinf(f.loop.amplification));
			if (gains[g] < 1)
				assert_true(error(&f) < 1e-13);
			for (uint32_t p = 0; p < n && gains[g] > 1; p++)
				assert_true(isfinite(f.x[p * LANES]) && f.x[p * LANES + SIZES] == 0);
			fini(&f);
		}
}

static void
secondary_entries_do_not_feed_the_primary_lane(void **state)
{
	(void)state;
	for (uint32_t n = 60; n <= 140; n += 80) {
		struct fixture f;

		random_loop(&f, n, 3, n);
		for (size_t e = 0; e < f.matrix.start[n]; e += 5)
			f.matrix.secondary[e] = 1;
		set_gain(&f, 0.99);
		solve(&f);
		assert_true(error(&f) < 1e-13);
		fini(&f);
	}
}

static void
self_loops_and_parallel_entries_add_up(void **state)
{
	struct fixture f;

	(void)state;
	init(&f, 120, 600);
	for (uint32_t j = 0; j < 120; j++)
		for (uint32_t k = 0; k < 5; k++)
			put(&f, j, k == 0 ? j : k < 3 ? (j + 1) % 120 : (j + 7) % 120, 0.1 * k + 0.05);
	set_gain(&f, 0.9);
	solve(&f);
	assert_int_equal(TJ_LOOP_SOLVED, f.loop.state);
	assert_true(error(&f) < 1e-14);
	fini(&f);

	init(&f, 120, 121);
	for (uint32_t j = 0; j < 120; j++) {
		put(&f, j, (j + 1) % 120, 0.5);
		if (j == 60)
			put(&f, j, j, 1.5);
	}
	solve(&f);
	assert_int_equal(TJ_LOOP_GAIN, f.loop.state);
	fini(&f);
}

/* Node j counted in units of its own, 10^-12 … 10^12 (powers of two: all is exact). */
static void
units_change_nothing(void **state)
{
	struct fixture plain, scaled;
	uint64_t random = 3;
	double unit[300];

	(void)state;
	for (int j = 0; j < 300; j++)
		unit[j] = ldexp(1, (int)(tj_test_random(&random) % 81) - 40);
	random_loop(&plain, 300, 4, 8);
	set_gain(&plain, 0.999);
	random_loop(&scaled, 300, 4, 8);
	memcpy(scaled.matrix.amounts, plain.matrix.amounts, 1500 * sizeof(double));
	for (uint32_t j = 0; j < 300; j++)
		for (size_t e = scaled.matrix.start[j]; e < scaled.matrix.start[j + 1]; e++)
			scaled.matrix.amounts[e] *= unit[scaled.matrix.suppliers[e]] / unit[j];
	solve(&plain);
	plan(&scaled);
	for (uint32_t i = 0; i < 300 * LANES; i++)
		scaled.e[i] /= unit[scaled.plan.order[i / LANES]];
	assert_ok(solve_with(&scaled, NULL), &scaled.err);
	assert_int_equal(TJ_LOOP_SOLVED, scaled.loop.state);
	assert_true(scaled.loop.amplification < 5 * plain.loop.amplification);
	for (uint32_t i = 0; i < 300 * LANES; i++) {
		const double x = scaled.x[i] * unit[scaled.plan.order[i / LANES]];

		assert_true(fabs(x - plain.x[i]) <= 1e-13 * fabs(plain.x[i]) + 1e-12);
	}
	fini(&plain);
	fini(&scaled);
}

static void
what_is_spoilt_from_outside_stays_so(void **state)
{
	struct fixture f;

	(void)state;
	random_loop(&f, 200, 3, 1);
	set_gain(&f, 0.9);
	plan(&f);
	f.e[17 * LANES + 1] = NAN;
	f.e[3 * LANES + 5] = INFINITY;
	for (uint32_t i = 0; i < 200; i++)
		f.e[i * LANES + 2] = 0;
	assert_ok(solve_with(&f, NULL), &f.err);
	for (uint32_t i = 0; i < 200; i++) {
		assert_true(isnan(f.x[i * LANES + 1]) && isnan(f.x[i * LANES + 5]));
		assert_true(f.x[i * LANES + 2] == 0);
		f.e[i * LANES + 1] = f.x[i * LANES + 1] = 0;
		f.e[i * LANES + 5] = f.x[i * LANES + 5] = 0;
	}
	assert_true(backward_error(&f) < 1e-14);
	fini(&f);
}

static void
any_number_of_threads_gives_the_same_bits(void **state)
{
	struct fixture f;
	double *alone;

	(void)state;
	random_loop(&f, 3000, 5, 4);
	for (size_t e = 0; e < f.matrix.start[3000]; e += 11)
		f.matrix.secondary[e] = 1;
	set_gain(&f, 0.999);
	solve(&f);
	alone = TJ_NEWN(f.arena, double, (size_t)3000 * LANES);
	memcpy(alone, f.x, (size_t)3000 * LANES * sizeof(*alone));
	for (unsigned threads = 2; threads <= 4; threads += 2) {
		struct tj_crew *crew;

		assert_ok(tj_crew_new(&crew, threads, &f.err), &f.err);
		assert_ok(solve_with(&f, crew), &f.err);
		assert_memory_equal(alone, f.x, (size_t)3000 * LANES * sizeof(*alone));
		tj_crew_free(crew);
	}
	fini(&f);
}

/* f' x of e against s' e of f: what leaves one way must come in the other. */
static void
both_views_agree(void **state)
{
	const uint32_t sizes[] = { 70, 130, 3000 };

	(void)state;
	for (size_t k = 0; k < 6; k++) {
		const uint32_t n = sizes[k / 2];
		long double there = 0, back = 0, size = 0;
		struct tj_loop_solver *solver;
		struct fixture f;
		double *s;

		random_loop(&f, n, 4, k);
		for (uint32_t j = 0; k % 2 == 1 && j < n; j += 4)
			f.matrix.amounts[f.matrix.start[j] + 1] *= -1;
		set_gain(&f, 0.9999);
		solve(&f);
		assert_int_equal(TJ_LOOP_SOLVED, f.loop.state);
		s = TJ_NEWN(f.arena, double, n);
		assert_ok(tj_loop_prepare(&solver, &f.plan, f.amounts, 0, &f.err), &f.err);
		for (int again = 0; again < 2; again++) {
			there = back = size = 0;
			for (uint32_t i = 0; i < n; i++)
				s[i] = i % 7 == 3;
			assert_ok(tj_loop_forward(s, solver, &f.err), &f.err);
			for (uint32_t i = 0; i < n; i++) {
				there += i % 7 == 3 ? (long double)f.x[i * LANES] : 0;
				back += (long double)s[i] * f.e[i * LANES];
				size += fabsl((long double)s[i] * f.e[i * LANES]);
			}
			assert_true(fabsl(there - back) <= 1e-13L * size);
		}
		tj_loop_solver_free(solver);
		fini(&f);
	}
}

/* Node 0 becomes two, of which the second is only for the first. */
static void
splitting_a_node_in_two_changes_nothing(void **state)
{
	struct fixture whole, halves;

	(void)state;
	random_loop(&whole, 150, 3, 12);
	set_gain(&whole, 0.99);
	init(&halves, 151, 800);
	put(&halves, 0, 150, 1);
	for (uint32_t j = 1; j <= 150; j++) {
		const uint32_t from = j == 150 ? 0 : j;

		for (size_t e = whole.matrix.start[from]; e < whole.matrix.start[from + 1]; e++)
			put(&halves, j, whole.matrix.suppliers[e], whole.matrix.amounts[e]);
	}
	plan(&whole);
	plan(&halves);
	for (uint32_t l = 0; l < LANES; l++)
		for (uint32_t j = 0; j <= 150; j++)
			halves.e[halves.plan.place[j] * LANES + l] = j == 0 ? 0 :
			    whole.e[whole.plan.place[j == 150 ? 0 : j] * LANES + l];
	assert_ok(solve_with(&whole, NULL), &whole.err);
	assert_ok(solve_with(&halves, NULL), &halves.err);
	for (uint32_t j = 0; j < 150; j++) {
		const double a = whole.x[whole.plan.place[j] * LANES];
		const double b = halves.x[halves.plan.place[j] * LANES];

		assert_true(fabs(a - b) <= 1e-13 * fabs(a));
	}
	fini(&whole);
	fini(&halves);
}

static void
a_ring_of_100000_is_a_product_of_gains(void **state)
{
	const uint32_t n = 100000;
	const double gains[] = { 0.5, 0.999, 1.001 };

	(void)state;
	for (size_t g = 0; g < 3; g++) {
		struct fixture f;

		ring(&f, n, 1);
		f.matrix.amounts[n / 3] = gains[g];
		plan(&f);
		memset(f.e, 0, (size_t)n * LANES * sizeof(*f.e));
		f.e[f.plan.place[5] * LANES] = 1;
		assert_ok(solve_with(&f, NULL), &f.err);
		if (gains[g] > 1) {
			assert_int_equal(TJ_LOOP_GAIN, f.loop.state);
		} else {
			const double at_5 = f.x[f.plan.place[5] * LANES];

			assert_int_equal(TJ_LOOP_SOLVED, f.loop.state);
			assert_true(fabs(at_5 * (1 - gains[g]) - 1) < 1e-12);
			assert_true(f.loop.iterations <= 4);
		}
		fini(&f);
	}
}

static void
a_loop_of_20000_is_solved_at_any_gain(void **state)
{
	const double gains[] = { 0.9, 0.9999, 1.0001 };

	(void)state;
	for (size_t g = 0; g < 3; g++) {
		struct fixture f;

		random_loop(&f, 20000, 4, g);
		set_gain(&f, gains[g]);
		solve(&f);
		assert_int_equal(gains[g] < 1 ? TJ_LOOP_SOLVED : TJ_LOOP_GAIN, f.loop.state);
		if (gains[g] < 1)
			assert_true(backward_error(&f) < 1e-14);
		assert_true(f.loop.iterations < 100);
		fini(&f);
	}
}

static enum tj_rc
solve_and_trace(struct fixture *f)
{
	struct tj_loop_solver *solver;
	double s[120] = { 1 };
	enum tj_rc rc;

	TRY(solve_with(f, NULL));
	TRY(tj_loop_prepare(&solver, &f->plan, f->amounts, 0, &f->err));
	rc = tj_loop_forward(s, solver, &f->err);
	tj_loop_solver_free(solver);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	for (int credits = 0; credits < 3; credits++) {
		struct fixture f;

		random_loop(&f, 120, 3, 77);
		f.matrix.secondary[11] = 1;
		if (credits > 0)
			f.matrix.amounts[f.matrix.start[3] + 1] *= -1;
		set_gain(&f, credits == 2 ? 1.5 : 0.99);
		plan(&f);
		OOM_LOOP(solve_and_trace(&f));
		fini(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(loops_near_and_far_from_one_are_exact),
		test(gains_of_one_and_more_are_refused_though_regular),
		test(loops_within_a_loop_are_judged_by_the_larger_gain),
		test(loops_with_credits_are_computed_at_any_gain),
		test(secondary_entries_do_not_feed_the_primary_lane),
		test(self_loops_and_parallel_entries_add_up),
		test(units_change_nothing),
		test(what_is_spoilt_from_outside_stays_so),
		test(any_number_of_threads_gives_the_same_bits),
		test(both_views_agree),
		test(splitting_a_node_in_two_changes_nothing),
		test(a_ring_of_100000_is_a_product_of_gains),
		test(a_loop_of_20000_is_solved_at_any_gain),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
