#include "model/base/limits.h"
#include "tests/engine/random_matrix.h"

static struct tj_plan
plan_of(const struct tj_matrix *m, struct tj_crew *crew, struct tj_arena *arena)
{
	struct tj_plan plan = { 0 };
	struct tj_err err = { 0 };

	assert_ok(tj_plan_make(&plan, m, crew, arena, &err), &err);
	return plan;
}

static void
assert_permutation(const struct tj_plan *plan)
{
	for (uint32_t p = 0; p < plan->node_count; p++) {
		assert_true(plan->order[p] < plan->node_count);
		assert_int_equal(plan->place[plan->order[p]], p);
	}
}

static void
assert_rows(const struct tj_plan *plan, const struct tj_matrix *m)
{
	assert_int_equal(plan->start[0], 0);
	for (uint32_t p = 0; p < plan->node_count; p++) {
		const size_t from = m->start[plan->order[p]];
		const uint32_t n = plan->start[p + 1] - plan->start[p];

		assert_int_equal(n, m->start[plan->order[p] + 1] - from);
		for (uint32_t i = 0; i < n; i++) {
			const uint32_t it = plan->suppliers[plan->start[p] + i];

			assert_int_equal(plan->order[it & TJ_PLAN_PLACE], m->suppliers[from + i]);
			assert_int_equal((it & TJ_PLAN_SECONDARY) != 0,
			    m->secondary != NULL && m->secondary[from + i]);
		}
	}
}

/* Suppliers first, but in a loop; and done with before the part begins that uses them. */
static void
assert_order(const struct tj_plan *plan)
{
	assert_int_equal(plan->parts[plan->part_count].first, plan->node_count);
	for (uint32_t i = 0; i < plan->part_count; i++) {
		const uint32_t first = plan->parts[i].first, end = plan->parts[i + 1].first;
		const uint32_t done = plan->parts[plan->parts[i].after].first;

		assert_true(first < end && plan->parts[i].after <= i);
		assert_true(i == 0 || plan->parts[i].after >= plan->parts[i - 1].after);
		for (uint32_t p = first; p < end; p++) {
			const uint32_t loop = tj_plan_loop_of(plan, p);

			for (uint32_t e = plan->start[p]; e < plan->start[p + 1]; e++) {
				const uint32_t s = plan->suppliers[e] & TJ_PLAN_PLACE;

				if (loop != TJ_NONE && tj_plan_loop_of(plan, s) == loop)
					continue;
				assert_true(s < p && (s < done || s >= first));
			}
		}
	}
}

static void
assert_loops_are_whole(const struct tj_plan *plan)
{
	uint32_t part = 0;

	for (uint32_t l = 0; l < plan->loop_count; l++) {
		const struct tj_plan_loop loop = plan->loops[l];

		assert_true(loop.first < loop.end);
		assert_true(l == 0 || plan->loops[l - 1].end <= loop.first);
		for (uint32_t p = loop.first; p < loop.end; p++)
			assert_int_equal(plan->loop_of[p], l);
		while (plan->parts[part + 1].first <= loop.first)
			part++;
		assert_true(loop.end <= plan->parts[part + 1].first);
		if (loop.end - loop.first > TJ_PLAN_LARGE_LOOP) {
			assert_int_equal(loop.first, plan->parts[part].first);
			assert_int_equal(loop.end, plan->parts[part + 1].first);
		}
	}
}

/* reaches[i * n + j]: a way of one entry or more leads from i to j (Warshall 1962). */
static bool *
closure(const struct tj_matrix *m, struct tj_arena *arena)
{
	const uint32_t n = m->node_count;
	bool *reaches = TJ_NEWN(arena, bool, (size_t)n * n);

	for (uint32_t j = 0; j < n; j++)
		for (size_t e = m->start[j]; e < m->start[j + 1]; e++)
			reaches[j * n + m->suppliers[e]] = true;
	for (uint32_t k = 0; k < n; k++)
		for (uint32_t i = 0; i < n; i++)
			for (uint32_t j = 0; reaches[i * n + k] && j < n; j++)
				reaches[i * n + j] |= reaches[k * n + j];
	return reaches;
}

static void
assert_loops(const struct tj_plan *plan, const bool *reaches)
{
	const uint32_t n = plan->node_count;

	for (uint32_t p = 0; p < n; p++)
		for (uint32_t q = 0; q < n; q++) {
			const uint32_t i = plan->order[p], j = plan->order[q];
			const uint32_t loop = tj_plan_loop_of(plan, p);
			const bool together = loop != TJ_NONE && loop == tj_plan_loop_of(plan, q);

			assert_int_equal(together, reaches[i * n + j] && reaches[j * n + i]);
		}
}

static void
small_graphs_have_the_loops_that_brute_force_finds(void **state)
{
	uint64_t seed = 21;

	(void)state;
	for (unsigned round = 0; round < 400; round++) {
		struct tj_arena *arena = tj_arena_new(TJ_MAX_ARENA_BYTES);
		const struct random_recipe recipe = { 1 + round % 37, 1 + round % 4,
		    round % 5 * 3, 0, round % 3 };
		const struct tj_matrix m = random_matrix(&recipe, &seed, arena);
		const struct tj_plan plan = plan_of(&m, NULL, arena);

		assert_permutation(&plan);
		assert_rows(&plan, &m);
		assert_order(&plan);
		assert_loops_are_whole(&plan);
		assert_loops(&plan, closure(&m, arena));
		tj_arena_free(arena);
	}
}

static void
large_graphs_are_in_order(void **state)
{
	uint64_t seed = 22;

	(void)state;
	for (unsigned round = 0; round < 6; round++) {
		struct tj_arena *arena = tj_arena_new(TJ_MAX_ARENA_BYTES);
		const struct random_recipe recipe = { 60000, 6, round % 3 * 20, 0, 0 };
		const struct tj_matrix m = random_matrix(&recipe, &seed, arena);
		const struct tj_plan plan = plan_of(&m, NULL, arena);

		assert_permutation(&plan);
		assert_rows(&plan, &m);
		assert_order(&plan);
		assert_loops_are_whole(&plan);
		assert_true(plan.part_count > 4);
		tj_arena_free(arena);
	}
}

static void
threads_make_the_same_plan(void **state)
{
	const struct random_recipe recipe = { 50000, 7, 30, 0, 9 };
	struct tj_arena *arena = tj_arena_new(TJ_MAX_ARENA_BYTES);
	uint64_t seed = 23;
	const struct tj_matrix m = random_matrix(&recipe, &seed, arena);
	const struct tj_plan alone = plan_of(&m, NULL, arena);
	const size_t n = m.node_count, entries = m.start[n];
	struct tj_err err = { 0 };

	(void)state;
	for (unsigned threads = 2; threads <= 16; threads *= 2) {
		double *amounts[2] = { TJ_NEWN(arena, double, entries),
		    TJ_NEWN(arena, double, entries) };
		struct tj_crew *crew;
		struct tj_plan plan;

		assert_ok(tj_crew_new(&crew, threads, &err), &err);
		plan = plan_of(&m, crew, arena);
		assert_int_equal(plan.part_count, alone.part_count);
		assert_memory_equal(plan.order, alone.order, n * sizeof(*plan.order));
		assert_memory_equal(plan.suppliers, alone.suppliers, entries * sizeof(*plan.suppliers));
		assert_memory_equal(plan.parts, alone.parts, alone.part_count * sizeof(*plan.parts));
		tj_plan_amounts(amounts[0], &plan, &m, crew);
		tj_plan_amounts(amounts[1], &alone, &m, NULL);
		assert_memory_equal(amounts[0], amounts[1], entries * sizeof(double));
		tj_crew_free(crew);
	}
	tj_arena_free(arena);
}

/* n nodes, each using the one before it `width` times; the first the last one if closed. */
static struct tj_matrix
chain(uint32_t n, size_t width, bool closed, struct tj_arena *arena)
{
	struct tj_matrix m = { .node_count = n, .start = TJ_NEWN(arena, size_t, n + 1),
	    .suppliers = TJ_NEWN(arena, uint32_t, n * width),
	    .amounts = TJ_NEWN(arena, double, n * width) };

	for (uint32_t j = 0; j < n; j++) {
		m.start[j + 1] = m.start[j];
		for (size_t k = 0; k < width && (closed || j > 0); k++)
			m.suppliers[m.start[j + 1]++] = (j + n - 1) % n;
	}
	return m;
}

static void
a_chain_of_a_million_is_one_thread_s_work(void **state)
{
	struct tj_arena *arena = tj_arena_new(TJ_MAX_ARENA_BYTES);
	const struct tj_matrix m = chain(1000000, 1, false, arena);
	const struct tj_plan plan = plan_of(&m, NULL, arena);

	(void)state;
	for (uint32_t p = 0; p < plan.node_count; p++)
		assert_int_equal(plan.order[p], p);
	assert_true(plan.part_count < 200);
	assert_int_equal(plan.loop_count, 0);
	tj_arena_free(arena);
}

/* From the node where the walk begins, which is left last, each supplier stands before its user. */
static void
a_ring_of_a_million_is_one_loop_suppliers_first(void **state)
{
	struct tj_arena *arena = tj_arena_new(TJ_MAX_ARENA_BYTES);
	const struct tj_matrix m = chain(1000000, 1, true, arena);
	const struct tj_plan plan = plan_of(&m, NULL, arena);

	(void)state;
	assert_int_equal(plan.loop_count, 1);
	assert_int_equal(plan.loops[0].end - plan.loops[0].first, 1000000);
	assert_loops_are_whole(&plan);
	for (uint32_t p = 1; p < plan.node_count; p++)
		assert_int_equal(plan.suppliers[plan.start[p]], p - 1);
	tj_arena_free(arena);
}

static void
a_million_parallel_entries_are_one_row(void **state)
{
	struct tj_arena *arena = tj_arena_new(TJ_MAX_ARENA_BYTES);
	const struct tj_matrix m = chain(2, 1000000, false, arena);
	const struct tj_plan plan = plan_of(&m, NULL, arena);

	(void)state;
	assert_order(&plan);
	assert_int_equal(plan.start[2] - plan.start[1], 1000000);
	tj_arena_free(arena);
}

static void
nothing_is_planned_as_nothing(void **state)
{
	struct tj_arena *arena = tj_arena_new(TJ_MAX_ARENA_BYTES);
	const struct tj_matrix m = chain(0, 0, false, arena);
	const struct tj_plan plan = plan_of(&m, NULL, arena);

	(void)state;
	assert_int_equal(plan.part_count, 0);
	assert_int_equal(plan.start[0], 0);
	tj_arena_free(arena);
}

static enum tj_rc
plan_in_an_arena(const struct tj_matrix *m)
{
	struct tj_arena *arena = tj_arena_new(TJ_MAX_ARENA_BYTES);
	struct tj_plan plan;
	enum tj_rc rc;

	if (arena == NULL)
		return TJ_E_NOMEM;
	rc = tj_plan_make(&plan, m, NULL, arena, NULL);
	tj_arena_free(arena);
	return rc;
}

static void
memory_that_runs_out_is_told(void **state)
{
	struct tj_arena *arena = tj_arena_new(TJ_MAX_ARENA_BYTES);
	const struct random_recipe recipe = { 3000, 6, 20, 0, 0 };
	uint64_t seed = 24;
	const struct tj_matrix m = random_matrix(&recipe, &seed, arena);

	(void)state;
	OOM_LOOP(plan_in_an_arena(&m));
	tj_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(small_graphs_have_the_loops_that_brute_force_finds),
		test(large_graphs_are_in_order),
		test(threads_make_the_same_plan),
		test(a_chain_of_a_million_is_one_thread_s_work),
		test(a_ring_of_a_million_is_one_loop_suppliers_first),
		test(a_million_parallel_entries_are_one_row),
		test(nothing_is_planned_as_nothing),
		test(memory_that_runs_out_is_told),
	};

	return RUN(tests);
}
