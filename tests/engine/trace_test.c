#include "engine/trace.h"
#include "tests/engine/random_book.h"

static struct tj_trace
traced(struct run *r, const char *key, struct tj_trace_options options)
{
	const struct tj_supply *supply = supply_of(r, key, options.amount);
	struct tj_trace trace = { .path_count = 0 };

	assert_ok(tj_trace_make(&trace, &r->solution, product(r, key), &options, supply,
	    r->arena, &r->err), &r->err);
	return trace;
}

static void
sums_to(const struct tj_trace *trace, double sum, double size, tj_dec declared)
{
	if (fabs(sum - trace->total_kgco2e) > 1e-9 * size)
		fail_msg("parts %.17g, total %.17g", sum, trace->total_kgco2e);
	assert_int_equal(tj_dec_cmp(declared, trace->declared_kgco2e), 0);
}

static void
view_sums(const struct tj_trace *trace, enum tj_trace_view view)
{
	double sum = 0, size = fabs(trace->total_kgco2e);
	tj_dec declared = TJ_DEC_ZERO;

	for (size_t i = 0; i < trace->views[view].count; i++) {
		const struct tj_trace_line *line = &trace->views[view].lines[i];

		sum += line->kgco2e;
		size += fabs(line->kgco2e);
		assert_ok(tj_dec_add(&declared, declared, line->declared_kgco2e, NULL), NULL);
	}
	sums_to(trace, sum, size, declared);
}

static void
paths_sum(const struct tj_trace *trace)
{
	double sum = trace->remainder_kgco2e, size = fabs(trace->total_kgco2e) + fabs(sum);
	tj_dec declared = trace->remainder_declared_kgco2e;

	for (size_t i = 0; i < trace->path_count; i++) {
		sum += trace->paths[i].kgco2e;
		size += fabs(trace->paths[i].kgco2e);
		assert_ok(tj_dec_add(&declared, declared, trace->paths[i].declared_kgco2e,
		    NULL), NULL);
	}
	sums_to(trace, sum, size, declared);
}

static struct tj_trace
adds_up(struct run *r, const char *key, struct tj_trace_options options)
{
	const struct tj_trace trace = traced(r, key, options);

	for (size_t view = 0; view < TJ_TRACE_VIEWS; view++)
		view_sums(&trace, (enum tj_trace_view)view);
	paths_sum(&trace);
	return trace;
}

static void
parts_sum_to_the_total_on_random_graphs_with_loops(void **state)
{
	static const struct tj_trace_options options[] = {
		{ 1, 0.01, 20 }, { 1, 0, 3 }, { 2.5, 0.1, 100 }, { 1, 1e-4, 6 }, { 1000, 0.02, 1 },
	};
	uint32_t loops = 0, solved = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 500; seed++) {
		struct run r;

		random_book(&r, seed);
		assert_ok(run_all(&r), &r.err);
		loops += r.plan.loop_count;
		if (tj_solution_check(&r.solution, r.graph.made[product(&r, "p0")], NULL) ==
		    TJ_OK) {
			solved++;
			for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
				(void)adds_up(&r, "p0", options[i]);
		}
		run_fini(&r);
	}
	assert_true(loops > 300);
	assert_true(solved > 450);
}

static void
all_paths_of_a_graph_with_loops_are_the_total(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 100; seed++) {
		struct tj_trace trace;
		struct run r;

		random_book(&r, seed);
		assert_ok(run_all(&r), &r.err);
		trace = adds_up(&r, "p0", (struct tj_trace_options){ 1, 1e-7, 100 });
		if (trace.path_count < TJ_TRACE_MAX_PATHS)
			assert_true(fabs(trace.remainder_kgco2e) <
			    1e-3 * (fabs(trace.total_kgco2e) + 1));
		run_fini(&r);
	}
}

static const char chain[] =
    "activity A stage=manufacturing\nactivity B stage=raw\n"
    "out A a 1 kg\nin A b 0.3 kg\nin A b 0.2 kg\nin A coal 1 kg\nemit A CO2 1 kg\n"
    "out B b 1 kg\nin B a 0.5 kg\nemit B CH4 0.1 kg\nin B gas 2 kg\n"
    "out P p 2 kg\nin P a 4 kg\nfactor coal kg CO2e 2 source=S\nfactor gas kg CO2e 0.25 source=S";

/*
 * By hand: a takes 0.5 b, b takes 0.5 a: (I - A)^-1 from a is 4/3 a and 2/3 b.
 * p takes 2 a: 8/3 a with 1 + 2, 4/3 b with its methane (paths[1]) and 0.5.
 */
static void
a_path_goes_through_a_loop_once_by_its_closed_form(void **state)
{
	struct tj_trace trace;
	struct run r;

	(void)state;
	run_init(&r, chain);
	r.profile.digits = 3;
	assert_ok(run_all(&r), &r.err);
	trace = adds_up(&r, "p", (struct tj_trace_options){ 1, 0, 10 });
	assert_int_equal(trace.path_count, 4);
	assert_near(16.0 / 3, trace.paths[0].kgco2e, 1e-14);	/* p, a, coal */
	assert_int_equal(trace.paths[0].step_count, 3);
	assert_str("coal", trace.paths[0].steps[2].key);
	assert_near(8.0 / 3, trace.paths[0].steps[1].amount, 1e-14);
	assert_true(trace.paths[0].steps[1].round);
	assert_true(trace.paths[0].bought);
	assert_str("S", trace.paths[0].source);
	assert_near(8.0 / 3, trace.paths[2].kgco2e, 1e-14);	/* p, a itself */
	assert_int_equal(trace.paths[2].step_count, 2);
	assert_near(2.0 / 3, trace.paths[3].kgco2e, 1e-14);	/* p, a, b, gas */
	assert_int_equal(trace.paths[3].step_count, 4);
	assert_near(2, trace.paths[3].steps[1].amount, 1e-14);
	assert_near(4.0 / 3, trace.paths[3].steps[2].amount, 1e-14);
	assert_true(fabs(trace.remainder_kgco2e) < 1e-14);
	run_fini(&r);
}

static void
suppliers_processes_and_gases_are_named_with_amounts(void **state)
{
	const struct tj_trace_line *line;
	struct tj_trace trace;
	struct run r;

	(void)state;
	run_init(&r, chain);
	r.profile.digits = 3;
	assert_ok(run_all(&r), &r.err);
	trace = adds_up(&r, "p", (struct tj_trace_options){ 1, 0.2, 10 });
	assert_int_equal(trace.views[TJ_TRACE_SUPPLIER].count, 2);
	line = &trace.views[TJ_TRACE_SUPPLIER].lines[1];
	assert_str("S", line->key);
	assert_str("coal +1", line->name);
	assert_true(isnan(line->amount));
	assert_near(6, line->kgco2e, 1e-14);
	line = &trace.views[TJ_TRACE_GAS].lines[0];
	assert_str("CO2e", line->key);
	assert_near(6, line->kgco2e, 1e-14);
	assert_int_equal(trace.views[TJ_TRACE_GAS].count, 3);
	line = &trace.views[TJ_TRACE_PROCESS].lines[0];
	assert_str("A", line->key);
	assert_str("book:1", line->place);
	assert_near(8, line->kgco2e, 1e-14);
	assert_int_equal(line->stage, TJ_STAGE_MANUFACTURING);
	run_fini(&r);
}

static void
what_is_under_the_cut_off_is_gathered_and_counted(void **state)
{
	const struct tj_trace_line *rest;
	struct tj_trace trace;
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A x 1 kg\nin A y 1 kg\nin A z 1 kg\nemit A CO2 97 kg\n"
	    "factor x kg CO2e 2 source=X\nfactor y kg CO2e 0.5 source=Y\n"
	    "factor z kg CO2e 0.5 source=Z");
	r.profile.digits = 1;
	assert_ok(run_all(&r), &r.err);
	trace = adds_up(&r, "a", (struct tj_trace_options){ 1, 0.01, 5 });
	assert_int_equal(trace.views[TJ_TRACE_SUPPLIER].count, 3);
	rest = &trace.views[TJ_TRACE_SUPPLIER].lines[2];
	assert_int_equal(rest->gathered, 2);
	assert_near(1, rest->kgco2e, 1e-14);
	assert_near(0.01, rest->share, 1e-14);
	assert_int_equal(trace.path_count, 2);
	assert_near(1, trace.remainder_kgco2e, 1e-14);
	run_fini(&r);
}

static void
a_depth_leaves_the_rest_to_the_remainder(void **state)
{
	struct tj_trace trace;
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A b 1 kg\nemit A CO2 1 kg\nout B b 1 kg\nin B c 1 kg\n"
	    "emit B CO2 2 kg\nin B el 1 kWh\nout C c 1 kg\nemit C CO2 4 kg\nfactor el kWh CO2e 8");
	assert_ok(run_all(&r), &r.err);
	trace = adds_up(&r, "a", (struct tj_trace_options){ 1, 0, 1 });
	assert_int_equal(trace.path_count, 2);
	assert_near(12, trace.remainder_kgco2e, 0);
	trace = adds_up(&r, "a", (struct tj_trace_options){ 1, 0, 2 });
	assert_int_equal(trace.path_count, 4);
	assert_near(0, trace.remainder_kgco2e, 0);
	run_fini(&r);
}

static void
credits_count_by_their_size_and_a_total_of_zero_has_no_shares(void **state)
{
	struct tj_trace trace;
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nemit A CO2 2 kg\nout A heat 4 MJ credit\n"
	    "factor heat MJ CO2e 0.5\nin A z 1 kg\nfactor z kg CO2e 0");
	r.profile.digits = 3;
	assert_ok(run_all(&r), &r.err);
	trace = adds_up(&r, "a", (struct tj_trace_options){ 1, 0.1, 5 });
	assert_near(4, trace.scale_kgco2e, 1e-14);
	assert_int_equal(trace.path_count, 2);
	assert_true(isnan(trace.paths[0].share));
	assert_near(-2, trace.paths[1].kgco2e + trace.paths[0].kgco2e - 2, 1e-14);
	assert_true(isnan(trace.views[TJ_TRACE_SUPPLIER].lines[0].share));
	run_fini(&r);
}

static void
what_is_bought_as_such_has_one_path_and_no_process(void **state)
{
	struct tj_trace trace;
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A coke 1 kg\nfactor coke kg CO2e 0.5 source=S");
	r.profile.digits = 3;
	assert_ok(run_all(&r), &r.err);
	trace = adds_up(&r, "coke", (struct tj_trace_options){ 4, 0.01, 5 });
	assert_int_equal(trace.path_count, 1);
	assert_int_equal(trace.paths[0].step_count, 1);
	assert_near(2, trace.paths[0].kgco2e, 0);
	assert_int_equal(trace.views[TJ_TRACE_PROCESS].count, 1);
	assert_int_equal(trace.views[TJ_TRACE_PROCESS].lines[0].key.n, 0);
	run_fini(&r);
}

static void
downstream_of_a_bad_loop_nothing_is_traced(void **state)
{
	const struct tj_trace_options options = { 1, 0.01, 5 };
	const struct tj_supply none = { .runs = NULL };
	struct tj_trace trace = { .digits = 42 };
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A b 1 kg\nout B b 1 kg\nin B a 2 kg\nemit B CO2 1 kg\n"
	    "out C c 1 kg\nin C a 1 kg");
	assert_ok(run_all(&r), &r.err);
	assert_rc(TJ_E_LOOP, tj_trace_make(&trace, &r.solution, product(&r, "c"), &options,
	    &none, r.arena, &r.err), &r.err);
	assert_non_null(strstr(r.err.text, "the loop of"));
	assert_int_equal(trace.digits, 42);
	run_fini(&r);
}

/* A path for each way through forty levels of two: 2^40. */
static void
more_paths_than_anyone_can_count_end_in_the_remainder(void **state)
{
	char line[160];
	struct run r;

	(void)state;
	run_init(&r, "out A0 p0 1 kg\nout B0 q0 1 kg\nemit A0 CO2 1 kg\nemit B0 CO2 1 kg");
	for (int i = 1; i <= 40; i++) {
		(void)snprintf(line, sizeof(line), "out A%d p%d 1 kg\nout B%d q%d 1 kg\n"
		    "in A%d p%d 0.5 kg\nin A%d q%d 0.5 kg\nin B%d p%d 0.5 kg\nin B%d q%d 0.5 kg",
		    i, i, i, i, i, i - 1, i, i - 1, i, i - 1, i, i - 1);
		read_book(&r, tj_str_dup(tj_str_of(line), r.arena).p);
	}
	assert_ok(run_all(&r), &r.err);
	(void)adds_up(&r, "p40", (struct tj_trace_options){ 1, 0, 100 });
	(void)adds_up(&r, "p40", (struct tj_trace_options){ 1, 0.01, 100 });
	run_fini(&r);
}

static enum tj_rc
trace_again(const struct run *r, const struct tj_supply *supply)
{
	const struct tj_trace_options options = { 1, 0.001, 10 };
	struct tj_arena *arena = tj_arena_new(TJ_MAX_ARENA_BYTES);
	struct tj_trace trace;
	enum tj_rc rc;

	if (arena == NULL)
		return TJ_E_NOMEM;
	rc = tj_trace_make(&trace, &r->solution, product(r, "p"), &options, supply, arena,
	    NULL);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	const struct tj_supply *supply;
	struct run r;

	(void)state;
	run_init(&r, chain);
	assert_ok(run_all(&r), &r.err);
	supply = supply_of(&r, "p", 1);
	OOM_LOOP(trace_again(&r, supply));
	run_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(parts_sum_to_the_total_on_random_graphs_with_loops),
		test(all_paths_of_a_graph_with_loops_are_the_total),
		test(a_path_goes_through_a_loop_once_by_its_closed_form),
		test(suppliers_processes_and_gases_are_named_with_amounts),
		test(what_is_under_the_cut_off_is_gathered_and_counted),
		test(a_depth_leaves_the_rest_to_the_remainder),
		test(credits_count_by_their_size_and_a_total_of_zero_has_no_shares),
		test(what_is_bought_as_such_has_one_path_and_no_process),
		test(downstream_of_a_bad_loop_nothing_is_traced),
		test(more_paths_than_anyone_can_count_end_in_the_remainder),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
