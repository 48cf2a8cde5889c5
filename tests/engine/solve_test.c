#include <pthread.h>

#include "tests/engine/book_text.h"

static void add_text(struct run *, const char *fmt, ...) TJ_PRINTF(2, 3);

static void
add_text(struct run *r, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	read_book(r, tj_str_dup(tj_str_of(text), r->arena).p);
}

/* A book of n activities with random inputs, some of them backwards, some credits. */
static void
random_book(struct run *r, uint64_t *seed, int n, bool credits)
{
	for (int i = 0; i < n; i++) {
		add_text(r, "out A%d p%d %.6f kg\nemit A%d CO2 %.6f kg\nin A%d raw %.6f kg",
		    i, i, 0.5 + tj_test_uniform(seed), i, tj_test_uniform(seed), i,
		    tj_test_uniform(seed));
		for (int k = 0; k < 4; k++)
			add_text(r, "in A%d p%d %.6f kg", i,
			    (int)(tj_test_random(seed) % (uint64_t)n),
			    0.11 * tj_test_uniform(seed) *
			    (credits && tj_test_random(seed) % 5 == 0 ? -1 : 1));
		if (tj_test_random(seed) % 3 == 0)
			add_text(r, "out A%d q%d %.6f kg co", i, i,
			    0.1 + tj_test_uniform(seed));
	}
	add_text(r, "factor raw kg CO2e 0.7");
}

static void
both_views_agree(void **state)
{
	uint64_t seed = 11;

	(void)state;
	for (int round = 0; round < 40; round++) {
		struct run r;

		run_init(&r, "");
		random_book(&r, &seed, 5 + 6 * round, round % 2 == 1);
		assert_ok(run_all(&r), &r.err);
		for (uint32_t p = 0; p < r.graph.product_count; p += 3) {
			struct tj_values v = { .quality.absolute = 0 };

			assert_ok(tj_solution_product(&v, &r.solution, p, &r.err), &r.err);
			assert_near(3 * tj_values_total_kgco2e(&v),
			    supply_of_product(&r, p, 3)->total_kgco2e, 1e-12);
		}
		run_fini(&r);
	}
}

static void
the_same_input_gives_the_same_bits(void **state)
{
	struct run r[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		uint64_t seed = 5;

		run_init(&r[i], "");
		random_book(&r[i], &seed, 150, true);
		assert_ok(run_all(&r[i]), &r[i].err);
	}
	assert_int_equal(r[0].solution.lanes.count, r[1].solution.lanes.count);
	assert_memory_equal(r[0].solution.x, r[1].solution.x,
	    r[0].plan.node_count * r[0].solution.lanes.count * sizeof(double));
	run_fini(&r[0]);
	run_fini(&r[1]);
}

static double
total(const char *book, const char *key)
{
	struct run r;
	double it;

	run_init(&r, book);
	assert_ok(run_all(&r), &r.err);
	it = total_of(&r, key);
	run_fini(&r);
	return it;
}

static void
splitting_a_process_in_two_changes_nothing(void **state)
{
	const double whole = total("out A a 1 kg\nin A b 0.3 kg\nin A a 0.1 kg\nemit A CO2 2 kg\n"
	    "out B b 1 kg\nin B a 0.2 kg\nemit B CO2 1 kg", "a");

	(void)state;
	assert_near(whole, total("out A a 1 kg\nin A half 1 kg\nin A b 0.1 kg\nemit A CO2 0.5 kg\n"
	    "out A1 half 1 kg\nin A1 b 0.2 kg\nin A1 a 0.1 kg\nemit A1 CO2 1.5 kg\n"
	    "out B b 1 kg\nin B a 0.2 kg\nemit B CO2 1 kg", "a"), 1e-12);
}

static void
the_scale_of_a_unit_changes_nothing(void **state)
{
	const char *kg = "out A a 1 kg\nin A b 0.3 kg\nemit A CO2 2 kg\n"
	    "out B b 1 kg\nin B a 0.2 kg\nemit B CO2 1 kg";
	const char *mixed = "product a t\nproduct b mg\n"
	    "out A a 1000 kg\nin A b 0.3 t\nemit A CO2 2 t\n"
	    "out B b 1 kg\nin B a 200 g\nemit B CO2 1 kg";
	struct run r;

	(void)state;
	assert_near(1000 * total(kg, "a"), total(mixed, "a"), 1e-12);
	assert_near(1e-6 * total(kg, "b"), total(mixed, "b"), 1e-12);
	run_init(&r, mixed);
	assert_ok(run_all(&r), &r.err);
	assert_int_equal(times_found(&r, TJ_RULE_LOOP_CONDITION), 0);
	run_fini(&r);
}

static void
home_scrap_netted_or_looped_gives_the_same_total(void **state)
{
	const char *netted = "out BOF steel 0.9 kg\nin BOF iron 0.9 kg\nemit BOF CO2 0.1 kg\n"
	    "out BF iron 1 kg\nemit BF CO2 1.8 kg";
	const char *looped = "product scrap kg class=scrap\n"
	    "out BOF steel 0.9 kg\nout BOF scrap 0.1 kg co\nin BOF iron 0.9 kg\n"
	    "in BOF scrap 0.1 kg\nemit BOF CO2 0.1 kg\nout BF iron 1 kg\nemit BF CO2 1.8 kg";

	(void)state;
	assert_near(total(netted, "steel"), total(looped, "steel"), 1e-12);
}

/* n activities in a ring, each using `gain` of the next, each emitting one. */
static void
ring(struct run *r, int n, double gain)
{
	run_init(r, "");
	for (int i = 0; i < n; i++)
		add_text(r, "out A%d p%d 1 kg\nin A%d p%d %.17g kg\nemit A%d CO2 1 kg", i, i,
		    i, (i + 1) % n, gain, i);
}

static void
loops_of_any_size_are_exact(void **state)
{
	const int sizes[] = { 1, 2, 95, 96, 97, 300, 3000 };
	struct run r;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		ring(&r, sizes[i], 0.9);
		assert_ok(run_all(&r), &r.err);
		assert_int_equal(r.plan.loop_count, 1);
		assert_near(10, total_of(&r, "p0"), 1e-12);
		assert_near(10, supply_of(&r, "p0", 1)->total_kgco2e, 1e-12);
		assert_near(10, r.solution.loops[0].amplification, 1e-9);
		run_fini(&r);
	}
}

static void
loops_without_a_footprint_are_refused_at_any_size(void **state)
{
	const int sizes[] = { 1, 2, 97, 300 };
	const double gains[] = { 1, 1.01, 3 };
	struct run r;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (size_t k = 0; k < sizeof(gains) / sizeof(gains[0]); k++) {
			struct tj_values v;

			ring(&r, sizes[i], gains[k]);
			assert_ok(run_all(&r), &r.err);
			assert_rc(TJ_E_LOOP, tj_solution_product(&v, &r.solution,
			    product(&r, "p0"), &r.err), &r.err);
			assert_int_equal(times_found(&r, TJ_RULE_BAD_LOOP), 1);
			run_fini(&r);
		}
}

static void
a_bad_loop_elsewhere_is_a_finding(void **state)
{
	struct tj_values v;
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A b 2 kg\nemit A CO2 1 kg\n"
	    "out B b 1 kg\nin B a 0.6 kg\nin B c 1 kg\nout C c 1 kg\nemit C CO2 1 kg\n"
	    "out D d 1 kg\nin D a 1 kg\nin D c 1 kg\nout E e 1 kg\nin E e 0.5 kg\nin E d 1 kg");
	assert_ok(run_all(&r), &r.err);
	assert_near(1, total_of(&r, "c"), 0);
	assert_int_equal(times_found(&r, TJ_RULE_BAD_LOOP), 1);
	assert_rc(TJ_E_LOOP, tj_solution_product(&v, &r.solution, product(&r, "d"), &r.err),
	    &r.err);
	assert_rc(TJ_E_LOOP, tj_solution_product(&v, &r.solution, product(&r, "e"), &r.err),
	    &r.err);
	assert_non_null(strstr(r.err.text, "B, A"));
	run_fini(&r);
}

static void
a_loop_with_credits_is_computed_and_told_if_its_gain_is_one_or_more(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A b 2 kg\nemit A CO2 1 kg\n"
	    "out B b 1 kg\nout B a 0.6 kg credit\nemit B CO2 1 kg");
	assert_ok(run_all(&r), &r.err);
	assert_near(3 / 2.2, total_of(&r, "a"), 1e-14);	/* a = 1 + 2b, b = 1 - 0.6a */
	assert_int_equal(times_found(&r, TJ_RULE_CREDIT_LOOP), 1);
	assert_near(0, values_of(&r, "a").quality.primary, 0);
	run_fini(&r);

	run_init(&r, "out A a 1 kg\nin A b 1 kg\nemit A CO2 1 kg\n"
	    "out B b 1 kg\nout B a 0.6 kg credit\nemit B CO2 1 kg");
	assert_ok(run_all(&r), &r.err);
	assert_near(2 / 1.6, total_of(&r, "a"), 1e-14);
	assert_int_equal(times_found(&r, TJ_RULE_CREDIT_LOOP), 0);
	assert_near(5, values_of(&r, "a").quality.absolute, 1e-14);
	run_fini(&r);
}

static void
a_singular_loop_with_credits_is_refused(void **state)
{
	struct tj_values v;
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A b -2 kg\nemit A CO2 1 kg\n"
	    "out B b 1 kg\nin B a -0.5 kg\nemit B CO2 1 kg");
	assert_ok(run_all(&r), &r.err);
	assert_rc(TJ_E_LOOP, tj_solution_product(&v, &r.solution, product(&r, "a"), &r.err),
	    &r.err);
	run_fini(&r);
}

static void
a_loop_close_to_having_no_footprint_is_told(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A a 0.999999 kg\nemit A CO2 1 kg");
	assert_ok(run_all(&r), &r.err);
	assert_near(1e6, total_of(&r, "a"), 1e-9);
	assert_int_equal(times_found(&r, TJ_RULE_LOOP_CONDITION), 1);
	run_fini(&r);
}

static void
primary_data_stops_at_secondary_lines_in_loops_too(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A b 0.5 kg secondary\nemit A CO2 1 kg\n"
	    "out B b 1 kg\nin B a 0.5 kg\nemit B CO2 1 kg");
	assert_ok(run_all(&r), &r.err);
	assert_near(2, values_of(&r, "a").quality.absolute, 1e-15);
	assert_near(1, values_of(&r, "a").quality.primary, 1e-15);
	assert_near(1.5, values_of(&r, "b").quality.primary, 1e-15);
	run_fini(&r);
}

/* A emits 2, buys X (3, rated) and Y (5, not rated), and plans to use B, which emits 2. */
static void
quality_rolls_up_as_computed_by_hand(void **state)
{
	struct tj_quality q;
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nemit A CO2 2 kg\nin A X 3 kg\nin A Y 1 kg\n"
	    "in A b 0.5 kg secondary\nout B b 1 kg\nemit B CO2 4 kg\n"
	    "out C c 1 kg\nin C a 2 kg\nout C X 1 kg credit\nemit C CO2 -1 kg category=removal\n"
	    "factor X kg CO2e 1 dqr=pact3:2/3/4\nfactor Y kg CO2e 5");
	assert_ok(run_all(&r), &r.err);
	q = values_of(&r, "a").quality;
	assert_near(12, q.absolute, 1e-15);
	assert_near(2, q.primary, 1e-15);
	assert_near(7, q.rated, 1e-15);
	assert_near(2 + 3 * 2 + 2, q.technology, 1e-15);
	assert_near(2 + 3 * 3 + 2, q.time, 1e-15);
	assert_near(2 + 3 * 4 + 2, q.geography, 1e-15);
	q = values_of(&r, "c").quality;
	assert_near(24 - 1 - 1, total_of(&r, "c"), 1e-15);
	assert_near(24 + 1 + 1, q.absolute, 1e-15);
	assert_near(4 + 1, q.primary, 1e-15);
	assert_near(14 + 1 + 1, q.rated, 1e-15);
	assert_near(20 + 2 + 1, q.technology, 1e-15);
	assert_near(8 + 1, values_of(&r, "c").bought_kg, 1e-15);
	run_fini(&r);
}

static void
a_mix_may_be_part_of_a_loop(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A p 1 kg\nemit A CO2 1 kg\nout B p 1 kg\nin B p 0.5 kg\nemit B CO2 2 kg");
	assert_ok(run_all(&r), &r.err);
	assert_near(2, total_of(&r, "p"), 1e-15);	/* p = (1 + 2 + 0.5p) / 2 */
	run_fini(&r);
}

static void
what_nobody_makes_or_uses_is_not_found(void **state)
{
	struct tj_values v;
	struct run r;

	(void)state;
	run_init(&r, "product x kg\nout A a 1 kg\nin A b 2 kg\nfactor b kg CO2e 3");
	assert_ok(run_all(&r), &r.err);
	assert_rc(TJ_E_NOTFOUND, tj_solution_product(&v, &r.solution, product(&r, "x"),
	    &r.err), &r.err);
	assert_near(3, total_of(&r, "b"), 0);
	assert_near(6, supply_of(&r, "b", 2)->total_kgco2e, 0);
	run_fini(&r);
}

#define CHAIN	1000000

/* Made without text: a million activities, each using the one before. */
static void
chain_book(struct run *r)
{
	const tj_unit kg = unit(TJ_S("kg"));

	run_init(r, "");
	for (uint32_t i = 0; i < CHAIN; i++) {
		const tj_str key = tj_str_fmt(r->arena, "%u", i);

		assert_int_equal(tj_book_product(&r->book, key), i);
		assert_int_equal(tj_book_activity(&r->book, key), i);
		assert_true(TJ_PUSH(r->arena, &r->book.outputs, (struct tj_output){
		    .activity = i, .product = i, .amount = 1, .unit = kg }));
		if (i > 0)
			assert_true(TJ_PUSH(r->arena, &r->book.inputs, (struct tj_input){
			    .activity = i, .product = i - 1, .provider = TJ_NONE,
			    .amount = 1, .unit = kg, .stage = -1 }));
	}
	add_text(r, "emit 0 CO2 1 kg");
}

static void *
run_on_a_small_stack(void *arg)
{
	struct run *r = arg;

	return run_all(r) == TJ_OK ? r : NULL;
}

static void
a_chain_of_a_million_needs_no_stack(void **state)
{
	pthread_attr_t small;
	pthread_t thread;
	void *done = NULL;
	struct tj_values last;
	struct run r;

	(void)state;
	chain_book(&r);
	assert_int_equal(pthread_attr_init(&small), 0);
	assert_int_equal(pthread_attr_setstacksize(&small, (size_t)256 << 10), 0);
	assert_int_equal(pthread_create(&thread, &small, run_on_a_small_stack, &r), 0);
	assert_int_equal(pthread_join(thread, &done), 0);
	assert_ptr_equal(done, &r);
	tj_solution_values(&last, &r.solution, CHAIN - 1);
	assert_near(1, tj_values_total_kgco2e(&last), 0);
	(void)pthread_attr_destroy(&small);
	run_fini(&r);
}

/* Everything that allocates, on a small book with one of each. */
static enum tj_rc
whole_pipeline(struct run *r)
{
	const struct tj_demand demand = { product(r, "a"), 1 };
	struct tj_supply *supply;
	enum tj_rc rc;

	TRY(run_all(r));
	TRY(tj_supply_new(&supply, &r->solution, &r->err));
	rc = tj_supply_find(supply, &demand, 1, &r->err);
	tj_supply_free(supply);
	return rc;
}

/* The book is read before memory gets short; each run has an arena of its own. */
static enum tj_rc
run_again(struct run *from)
{
	struct run r = *from;
	enum tj_rc rc;

	if ((r.arena = tj_arena_new(TJ_MAX_ARENA_BYTES)) == NULL)
		return TJ_E_NOMEM;
	tj_findings_init(&r.findings, r.arena);
	rc = whole_pipeline(&r);
	tj_arena_free(r.arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nout A co 1 kg co\nout A w 1 kg waste\nin A b 0.5 kg\n"
	    "in A raw 1 kg\nin A raw2 1 kg\nemit A CO2 1 kg\nemit A SO2 1 kg\n"
	    "out B b 1 kg\nin B a 0.5 kg secondary\nin B b 0.01 kg\nemit B CO2 1 kg\n"
	    "out B2 b 1 kg\nfactor raw kg CO2 1\nfactor raw2 kg CO2e 1\nin T w 1 kg treat\n"
	    "out M m 1 kg\nin M n 2 kg\nout N n 1 kg\nin N m 2 kg\n"
	    "out K k 1 kg\nin K l 2 kg\nout L l 1 kg\nout L k 0.6 kg credit");
	OOM_LOOP(run_again(&r));
	run_fini(&r);
	ring(&r, 120, 0.5);
	read_book(&r, "out Z a 1 kg\nin Z p0 1 kg");
	OOM_LOOP(run_again(&r));
	run_fini(&r);
}

/* Against the same book in exact fractions: a = (2 + 0.3) / 0.93, b = 1 + 0.2 a. */
static void
the_error_is_within_its_bound(void **state)
{
	struct run r;
	double error;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A b 0.3 kg\nin A a 0.01 kg\nemit A CO2 2 kg\n"
	    "out B b 1 kg\nin B a 0.2 kg\nemit B CO2 1 kg");
	assert_ok(run_all(&r), &r.err);
	error = fabs(total_of(&r, "a") - 2.3 / 0.93);
	assert_true(r.solution.numerics.error_bound < 1e-14);
	assert_true(error <= (r.solution.numerics.error_bound + 4e-16) * 2.3 / 0.93);
	assert_true(r.solution.numerics.residual < 1e-15);
	assert_int_equal(r.solution.numerics.unbounded, 0);
	run_fini(&r);
}

/* A gain of two, turned by credits: solved, but nothing bounds it, nor who uses it. */
static void
a_loop_of_strong_credits_has_no_bound(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A b -2 kg\nemit A CO2 5 kg\n"
	    "out B b 1 kg\nin B a 1 kg\nemit B CO2 1 kg\n"
	    "out C c 1 kg\nin C a 1 kg\nout D d 1 kg\nemit D CO2 1 kg");
	assert_ok(run_all(&r), &r.err);
	assert_int_equal(r.solution.numerics.unbounded, 3);
	assert_true(r.solution.numerics.bound_node != TJ_NONE);
	assert_true(r.solution.numerics.error_bound < 1e-15);
	run_fini(&r);
}

static void
nothing_that_has_a_footprint_has_no_residual(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A a 2 kg\nemit A CO2 1 kg");
	assert_ok(run_all(&r), &r.err);
	assert_int_equal(r.solution.numerics.residual_node, TJ_NONE);
	assert_int_equal(r.solution.numerics.bound_node, TJ_NONE);
	run_fini(&r);
}

/* Amounts of 1e-12 to 1e12, then a chain of 1e15 that no number can hold. */
static void
hostile_amounts_end_in_a_number_or_a_name(void **state)
{
	uint64_t seed = 41;
	struct tj_values v = { .bought_kg = 0 };
	struct run r;

	(void)state;
	run_init(&r, "");
	for (int i = 0; i < 300; i++) {
		add_text(&r, "out A%d p%d %.17g kg\nemit A%d CO2 %.17g kg", i, i,
		    pow(10, 24 * tj_test_uniform(&seed) - 12), i,
		    pow(10, 24 * tj_test_uniform(&seed) - 12));
		for (int k = 0; k < 3 && i > 0; k++)
			add_text(&r, "in A%d p%d %.17g kg", i, (int)(tj_test_random(&seed) %
			    (uint64_t)i), pow(10, 24 * tj_test_uniform(&seed) - 12));
	}
	for (int i = 0; i < 30; i++)
		add_text(&r, "out B%d q%d 1e-12 kg\nin B%d q%d 1e15 kg\nemit B%d CO2 1e15 kg", i, i,
		    i, i + 1, i);
	add_text(&r, "factor q30 kg CO2e 1e15");
	assert_ok(run_all(&r), &r.err);
	assert_true(r.solution.numerics.residual < 1e-14);
	for (uint32_t p = 0; p < r.graph.product_count; p++) {
		const enum tj_rc rc = tj_solution_product(&v, &r.solution, p, &r.err);

		assert_true(rc == TJ_OK ? isfinite(tj_values_total_kgco2e(&v)) : rc == TJ_E_RANGE);
	}
	assert_rc(TJ_E_RANGE, tj_solution_product(&v, &r.solution,
	    tj_names_find(&r.book.product_names, TJ_S("q0")), &r.err), &r.err);
	assert_non_null(strstr(r.err.text, "q0"));
	run_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(both_views_agree),
		test(the_same_input_gives_the_same_bits),
		test(splitting_a_process_in_two_changes_nothing),
		test(the_scale_of_a_unit_changes_nothing),
		test(home_scrap_netted_or_looped_gives_the_same_total),
		test(loops_of_any_size_are_exact),
		test(loops_without_a_footprint_are_refused_at_any_size),
		test(a_bad_loop_elsewhere_is_a_finding),
		test(a_loop_with_credits_is_computed_and_told_if_its_gain_is_one_or_more),
		test(a_singular_loop_with_credits_is_refused),
		test(a_loop_close_to_having_no_footprint_is_told),
		test(primary_data_stops_at_secondary_lines_in_loops_too),
		test(quality_rolls_up_as_computed_by_hand),
		test(a_mix_may_be_part_of_a_loop),
		test(what_nobody_makes_or_uses_is_not_found),
		test(a_chain_of_a_million_needs_no_stack),
		test(memory_may_run_out),
		test(the_error_is_within_its_bound),
		test(a_loop_of_strong_credits_has_no_bound),
		test(nothing_that_has_a_footprint_has_no_residual),
		test(hostile_amounts_end_in_a_number_or_a_name),
	};

	return RUN(tests);
}
