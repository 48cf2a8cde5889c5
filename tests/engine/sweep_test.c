#include <math.h>

#include "engine/sweep_rows.h"
#include "model/base/limits.h"
#include "tests/engine/random_matrix.h"

static const struct tj_lanes	one = { .count = 1, .by_amount = 1, .primary = TJ_NONE,
    .absolute = TJ_NONE };
static const struct tj_lanes	one_by_size = { .count = 1, .primary = TJ_NONE,
    .absolute = TJ_NONE, .compensated = true };
static const struct tj_lanes	four = { .count = 4, .by_amount = 2, .primary = 3,
    .absolute = 2, .compensated = true };
static const struct tj_lanes	twenty = { .count = 20, .by_amount = 13, .primary = 14,
    .absolute = 13 };
static const struct tj_lanes	twenty_four = { .count = 24, .by_amount = 16, .primary = 17,
    .absolute = 16, .compensated = true };

/* One graph, its right-hand sides and the answer. */
struct swept {
	struct tj_arena		*arena;
	struct tj_matrix	 matrix;
	struct tj_plan		 plan;
	struct tj_lanes		 lanes;
	double			*amounts, *e, *x;
	struct tj_loop		*loops;
	struct tj_err		 err;
};

static size_t
bytes_of(const struct swept *s)
{
	return (size_t)s->plan.node_count * s->lanes.count * sizeof(*s->x);
}

static void
swept_plan(struct swept *s, const struct tj_lanes *lanes)
{
	const size_t n = s->matrix.node_count;

	s->lanes = *lanes;
	assert_ok(tj_plan_make(&s->plan, &s->matrix, NULL, s->arena, &s->err), &s->err);
	s->amounts = TJ_NEWN(s->arena, double, s->matrix.start[n]);
	s->loops = TJ_NEWN(s->arena, struct tj_loop, s->plan.loop_count);
	s->e = TJ_NEWN(s->arena, double, n * lanes->count);
	s->x = TJ_NEWN(s->arena, double, n * lanes->count);
	tj_plan_amounts(s->amounts, &s->plan, &s->matrix, NULL);
}

static void
swept_init(struct swept *s, const struct random_recipe *recipe, const struct tj_lanes *lanes,
    uint64_t *seed)
{
	*s = (struct swept){ .arena = tj_arena_new(TJ_MAX_ARENA_BYTES) };
	s->matrix = random_matrix(recipe, seed, s->arena);
	swept_plan(s, lanes);
	for (size_t i = 0; i < bytes_of(s) / sizeof(*s->e); i++)
		s->e[i] = tj_test_uniform(seed);
}

static enum tj_rc
sweep(struct swept *s, struct tj_crew *crew)
{
	memcpy(s->x, s->e, bytes_of(s));
	return tj_sweep(s->x, s->loops, &s->plan, s->amounts, &s->lanes, crew, &s->err);
}

/* What the row makes of a lane, given x; and the sizes that were summed. */
static double
again(double *size, const struct swept *s, uint32_t place, uint32_t lane)
{
	double sum = s->e[(size_t)place * s->lanes.count + lane];

	*size = fabs(sum);
	for (uint32_t e = s->plan.start[place]; e < s->plan.start[place + 1]; e++) {
		const uint32_t it = s->plan.suppliers[e];
		const double a = lane < s->lanes.by_amount ? s->amounts[e] : fabs(s->amounts[e]);
		const double x = s->x[(size_t)(it & TJ_PLAN_PLACE) * s->lanes.count + lane];

		if (lane == s->lanes.primary && (it & TJ_PLAN_SECONDARY))
			continue;
		sum += a * x;
		*size += fabs(a * x);
	}
	return sum;
}

static void
x_satisfies_its_equation(void **state)
{
	static const struct tj_lanes *const lanes[] = { &one, &one_by_size, &four, &twenty,
	    &twenty_four };
	uint64_t seed = 31;

	(void)state;
	for (unsigned round = 0; round < 60; round++) {
		const struct random_recipe recipe = { 1 + 37 * round, 1 + round % 7,
		    round % 3 * 40, round % 4 * 5, round % 5 * 4 };
		struct swept s;

		swept_init(&s, &recipe, lanes[round % 5], &seed);
		assert_ok(sweep(&s, NULL), &s.err);
		for (uint32_t p = 0; p < s.plan.node_count; p++)
			for (uint32_t l = 0; l < s.lanes.count; l++) {
				double size;
				const double got = again(&size, &s, p, l);

				assert_true(fabs(got - s.x[(size_t)p * s.lanes.count + l]) <=
				    1e-13 * size);
			}
		tj_arena_free(s.arena);
	}
}

/* Some of them in parts that wait for others, some in loops. */
static void
threads_give_the_same_bits(void **state)
{
	static const struct tj_lanes *const lanes[] = { &one, &four, &twenty_four };
	uint64_t seed = 32;

	(void)state;
	for (unsigned round = 0; round < 6; round++) {
		const struct random_recipe recipe = { 40000, 8, round % 2 * 3000, round % 3 * 9, 0 };
		struct swept s;
		double *alone;

		swept_init(&s, &recipe, lanes[round % 3], &seed);
		assert_true(s.plan.part_count > 4);
		assert_ok(sweep(&s, NULL), &s.err);
		alone = TJ_NEWN(s.arena, double, bytes_of(&s) / sizeof(*alone));
		memcpy(alone, s.x, bytes_of(&s));
		for (unsigned threads = 1; threads <= 16; threads *= 2) {
			struct tj_crew *crew;

			assert_ok(tj_crew_new(&crew, threads, &s.err), &s.err);
			assert_ok(sweep(&s, crew), &s.err);
			assert_memory_equal(s.x, alone, bytes_of(&s));
			tj_crew_free(crew);
		}
		tj_arena_free(s.arena);
	}
}

/* Row by row is what an update does; whole parts are what a sweep does. */
static void
each_variant_gives_the_bits_of_single_rows(void **state)
{
	static const struct tj_lanes *const lanes[] = { &one, &one_by_size, &four, &twenty,
	    &twenty_four };
	uint64_t seed = 33;

	(void)state;
	for (unsigned round = 0; round < 30; round++) {
		const struct random_recipe recipe = { 700, 9, 0, round % 3 * 7, round % 2 * 6 };
		struct swept s;
		double *rows;

		swept_init(&s, &recipe, lanes[round % 5], &seed);
		s.lanes.compensated = round % 2 == 0;
		rows = TJ_NEWN(s.arena, double, bytes_of(&s) / sizeof(*rows));
		memcpy(rows, s.e, bytes_of(&s));
		for (uint32_t p = 0; p < s.plan.node_count; p++)
			tj_sweep_row(rows, p, &s.plan, s.amounts, &s.lanes, 0, 0);
		for (int simd = TJ_SIMD_NONE; simd <= (int)tj_simd_best(); simd++) {
			memcpy(s.x, s.e, bytes_of(&s));
			tj_sweep_rows(s.x, &s.plan, s.amounts, &s.lanes, 0, s.plan.node_count,
			    (enum tj_simd)simd);
			assert_memory_equal(s.x, rows, bytes_of(&s));
		}
		tj_arena_free(s.arena);
	}
}

static void
a_chain_of_a_million_adds_up(void **state)
{
	const uint32_t n = 1000000;
	struct swept s = { .arena = tj_arena_new(TJ_MAX_ARENA_BYTES) };

	(void)state;
	s.matrix = (struct tj_matrix){ n, TJ_NEWN(s.arena, size_t, n + 1),
	    TJ_NEWN(s.arena, uint32_t, n), TJ_NEWN(s.arena, double, n), NULL };
	for (uint32_t j = 0; j < n; j++) {
		s.matrix.start[j + 1] = j;
		if (j > 0) {
			s.matrix.suppliers[j - 1] = j - 1;
			s.matrix.amounts[j - 1] = 1;
		}
	}
	swept_plan(&s, &one);
	for (uint32_t p = 0; p < n; p++)
		s.e[p] = 1;
	assert_ok(sweep(&s, NULL), &s.err);
	for (uint32_t j = 0; j < n; j++)
		assert_true(s.x[s.plan.place[j]] == j + 1);
	tj_arena_free(s.arena);
}

/* 10^6 parallel entries between two nodes: compensated, the sum is exact to a rounding. */
static void
a_million_parallel_entries_add_up(void **state)
{
	const size_t n = 1000000;
	struct swept s = { .arena = tj_arena_new(TJ_MAX_ARENA_BYTES) };

	(void)state;
	s.matrix = (struct tj_matrix){ 2, TJ_NEWN(s.arena, size_t, 3),
	    TJ_NEWN(s.arena, uint32_t, n), TJ_NEWN(s.arena, double, n), NULL };
	s.matrix.start[1] = s.matrix.start[2] = n;
	for (size_t e = 0; e < n; e++) {
		s.matrix.suppliers[e] = 1;
		s.matrix.amounts[e] = 0.1;
	}
	swept_plan(&s, &one_by_size);
	s.e[s.plan.place[1]] = 1;
	assert_ok(sweep(&s, NULL), &s.err);
	assert_true(fabs(s.x[s.plan.place[0]] - 1e5) <= 2e-11);
	tj_arena_free(s.arena);
}

static void
a_bad_loop_is_nan_and_all_that_is_downstream(void **state)
{
	struct swept s = { .arena = tj_arena_new(TJ_MAX_ARENA_BYTES) };
	size_t start[] = { 0, 1, 3, 4, 4 };
	uint32_t suppliers[] = { 1, 0, 3, 0 };
	double amounts[] = { 2, 0.6, 1, 1 };

	(void)state;
	s.matrix = (struct tj_matrix){ 4, start, suppliers, amounts, NULL };
	swept_plan(&s, &one);
	for (size_t p = 0; p < 4; p++)
		s.e[p] = 1;
	assert_ok(sweep(&s, NULL), &s.err);
	assert_int_equal(s.loops[0].state, TJ_LOOP_GAIN);
	assert_true(isnan(s.x[s.plan.place[0]]) && isnan(s.x[s.plan.place[1]]));
	assert_true(isnan(s.x[s.plan.place[2]]));
	assert_true(s.x[s.plan.place[3]] == 1);
	tj_arena_free(s.arena);
}

static void
memory_that_runs_out_is_told(void **state)
{
	const struct random_recipe recipe = { 4000, 6, 60, 9, 0 };
	uint64_t seed = 34;
	struct tj_crew *crew;
	struct swept s;

	(void)state;
	swept_init(&s, &recipe, &four, &seed);
	assert_true(s.plan.loop_count > 0);
	assert_ok(tj_crew_new(&crew, 4, &s.err), &s.err);
	OOM_LOOP(sweep(&s, crew));
	tj_crew_free(crew);
	tj_arena_free(s.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(x_satisfies_its_equation),
		test(threads_give_the_same_bits),
		test(each_variant_gives_the_bits_of_single_rows),
		test(a_chain_of_a_million_adds_up),
		test(a_million_parallel_entries_add_up),
		test(a_bad_loop_is_nan_and_all_that_is_downstream),
		test(memory_that_runs_out_is_told),
	};

	return RUN(tests);
}
