#include "tests/engine/book_text.h"

static double
total_in(const char *book, const char *key)
{
	struct run r;
	double total;

	run_init(&r, book);
	assert_ok(run_all(&r), &r.err);
	total = total_of(&r, key);
	run_fini(&r);
	return total;
}

static enum tj_rc
fails_with(char text[TJ_ERR_TEXT], uint32_t *line, const char *book)
{
	struct run r;
	enum tj_rc rc;

	run_init(&r, book);
	rc = run_all(&r);
	memcpy(text, r.err.text, TJ_ERR_TEXT);
	*line = r.err.line;
	run_fini(&r);
	return rc;
}

static void
an_input_names_its_provider(void **state)
{
	const char *book = "out A p 1 kg\nemit A CO2 1 kg\nout B p 3 kg\nemit B CO2 9 kg\n"
	    "out C c 1 kg\nin C p 1 kg from=B";

	(void)state;
	assert_near(3, total_in(book, "c"), 1e-15);
}

static void
a_provider_must_make_the_product(void **state)
{
	char text[TJ_ERR_TEXT];
	uint32_t line;

	(void)state;
	assert_int_equal(fails_with(text, &line,
	    "out A p 1 kg\nout B q 1 kg\nin B p 1 kg from=B"), TJ_E_DATA);
	assert_non_null(strstr(text, "provider B does not make it"));
	assert_int_equal(line, 3);
}

static void
several_makers_are_the_production_weighted_mix(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A p 1 kg\nemit A CO2 1 kg\nout B p 3 t\nemit B CO2 9000 kg\n"
	    "out C c 1 kg\nin C p 1 kg\nout D d 1 kg\nin D p 2 kg");
	assert_ok(run_all(&r), &r.err);
	assert_near((1 + 9000.0) / 3001, total_of(&r, "c"), 1e-15);
	assert_near((1 + 9000.0) / 3001, total_of(&r, "p"), 1e-15);
	assert_int_equal(times_found(&r, TJ_RULE_MIX), 1);
	run_fini(&r);
}

static const char batches[] =
    "product rod kg\nproduct rod#1 kg model=rod\nproduct rod#2 kg model=rod\n"
    "product rod#3 kg model=rod\n"
    "out H1 rod#1 10 kg\nemit H1 CO2 10 kg\nout H2 rod#2 30 kg\nemit H2 CO2 90 kg\n"
    "out C1 cord 1 kg\nin C1 rod 1 kg\nout C2 wire 1 kg\nin C2 rod#2 1 kg\n";

static void
a_model_is_the_mix_of_its_batches(void **state)
{
	(void)state;
	assert_near(2.5, total_in(batches, "cord"), 1e-15);
	assert_near(2.5, total_in(batches, "rod"), 1e-15);
	assert_near(3, total_in(batches, "wire"), 1e-15);
}

static void
a_batch_nobody_made_is_bought_unless_its_model_is_made_without_batches(void **state)
{
	char text[TJ_ERR_TEXT];
	uint32_t line;

	(void)state;
	assert_int_equal(fails_with(text, &line,
	    "product rod kg\nproduct rod#9 kg model=rod\nproduct rod#1 kg model=rod\n"
	    "out H rod#1 1 kg\nout C cord 1 kg\nin C rod#9 1 kg"), TJ_E_MISSING);
	assert_int_equal(line, 6);
	assert_near(4, total_in("product rod kg\nproduct rod#9 kg model=rod\n"
	    "out H rod 1 kg\nemit H CO2 4 kg\nout C cord 1 kg\nin C rod#9 1 kg", "cord"),
	    1e-15);
}

static void
a_waste_is_treated_alike_in_both_notations(void **state)
{
	const char *role = "out A a 1 kg\nout A w 0.5 kg waste\nemit A CO2 1 kg\n"
	    "in T w 2 kg treat\nemit T CO2 6 kg";
	const char *service = "out A a 1 kg\nout A w 0.5 kg waste\nemit A CO2 1 kg\n"
	    "out T service 1 piece\nin T w 2 kg treat\nemit T CO2 6 kg";
	const char *negative = "out A a 1 kg\nout A w 0.5 kg waste\nemit A CO2 1 kg\n"
	    "out T w -2 kg\nemit T CO2 6 kg";
	const char *matrix = "out A a 1 kg\nin A w -0.5 kg\nemit A CO2 1 kg\n"
	    "out T w -2 kg\nemit T CO2 6 kg";

	(void)state;
	assert_near(2.5, total_in(role, "a"), 1e-15);
	assert_near(2.5, total_in(service, "a"), 1e-15);
	assert_near(2.5, total_in(negative, "a"), 1e-15);
	assert_near(2.5, total_in(matrix, "a"), 1e-15);
	assert_near(3, total_in(role, "w"), 1e-15);
	assert_near(-3, total_in(negative, "w"), 1e-15);
}

static void
a_loop_through_a_treatment_is_not_a_loop_with_credits(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A w -0.5 kg\nemit A CO2 1 kg\n"
	    "out T w -1 kg\nin T a 0.4 kg\nemit T CO2 1 kg");
	assert_ok(run_all(&r), &r.err);
	assert_near(1.5 / 0.8, total_of(&r, "a"), 1e-15);
	assert_int_equal(times_found(&r, TJ_RULE_CREDIT_LOOP), 0);
	assert_true(isfinite(r.solution.loops[0].amplification));
	run_fini(&r);
}

static void
a_waste_nobody_treats_carries_nothing(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nout A w 0.5 kg waste\nemit A CO2 1 kg");
	assert_ok(run_all(&r), &r.err);
	assert_near(1, total_of(&r, "a"), 0);
	assert_int_equal(times_found(&r, TJ_RULE_NO_TREATMENT), 1);
	run_fini(&r);
}

static void
kilograms_and_pieces_meet_through_the_mass(void **state)
{
	(void)state;
	assert_near(20, total_in("product tyre piece mass=10\nout T tyre 2 piece\n"
	    "emit T CO2 40 kg", "tyre"), 1e-15);
	assert_near(8, total_in("product tyre piece mass=10\nout T tyre 2 piece\n"
	    "emit T CO2 40 kg\nout S set 1 piece\nin S tyre 4 kg", "set"), 1e-15);
}

/* A batch counted in pieces of a model counted in km does not weigh what a km weighs. */
static void
a_batch_in_another_unit_takes_no_mass_of_its_model(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "product wire km mass=50 energy=3\nproduct wire#1 m model=wire\n"
	    "product wire#2 piece model=wire\nout A wire#1 1 m\nin A wire#2 1 piece\n"
	    "factor wire#2 piece CO2e 1");
	assert_ok(run_all(&r), &r.err);
	assert_near(0.05, tj_graph_mass_kg_per_unit(&r.graph, product(&r, "wire#1")), 1e-15);
	assert_near(0.003, tj_graph_output_mj(&r.graph, &r.book.outputs.v[0]), 1e-15);
	assert_true(isnan(tj_graph_mass_kg_per_unit(&r.graph, product(&r, "wire#2"))));
	run_fini(&r);
}

/* In the product's unit; where nobody tells one, a factor has nothing to be weighed by. */
static void
an_input_without_unit_is_in_the_unit_of_its_product(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "product coke t\nout A a 1 kg\nin A coke 2 kg\nfactor coke kg CO2e 1");
	r.book.inputs.v[0].unit = TJ_UNIT_NONE;
	assert_ok(run_all(&r), &r.err);
	assert_near(2000, total_of(&r, "a"), 1e-15);
	run_fini(&r);
	run_init(&r, "out A a 1 kg\nin A coke 2 kg\nfactor coke kg CO2e 1");
	r.book.inputs.v[0].unit = TJ_UNIT_NONE;
	assert_int_equal(run_all(&r), TJ_E_UNIT);
	assert_non_null(strstr(r.err.text, "coke has no unit"));
	run_fini(&r);
}

static void
a_main_output_of_zero_is_refused_where_it_stands(void **state)
{
	char text[TJ_ERR_TEXT];
	uint32_t line;

	(void)state;
	assert_int_equal(fails_with(text, &line, "out A a 0 kg\nemit A CO2 1 kg"), TJ_E_DATA);
	assert_int_equal(line, 1);
	assert_int_equal(fails_with(text, &line, "\nout A a 5 kg\nout A a -5 kg"), TJ_E_DATA);
	assert_int_equal(line, 2);
}

static void
every_wrong_unit_is_found_and_the_first_is_the_error(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "product b kg\nproduct c kg\nout A a 1 kg\nin A b 1 kWh\nin A c 1 h");
	assert_rc(TJ_E_UNIT, run_all(&r), &r.err);
	assert_int_equal(r.err.line, 4);
	assert_int_equal(times_found(&r, TJ_RULE_WRONG_DIMENSION), 2);
	run_fini(&r);
}

static void
a_flow_outside_the_set_is_kept_and_weighs_nothing(void **state)
{
	const struct tj_supply *supply;
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nemit A CO2 1 kg\nemit A SO2 3 g\nemit A SO2 1 kg\n"
	    "emit A water 2 m3");
	assert_ok(run_all(&r), &r.err);
	assert_near(1, total_of(&r, "a"), 0);
	assert_int_equal(times_found(&r, TJ_RULE_UNWEIGHED_FLOW), 2);
	supply = supply_of(&r, "a", 2);
	assert_near(2.006, supply->flows[tj_names_find(&r.book.flows, TJ_S("SO2"))], 1e-15);
	assert_near(4, supply->flows[tj_names_find(&r.book.flows, TJ_S("water"))], 0);
	run_fini(&r);
}

static void
a_carbon_balance_emits_what_does_not_leave_otherwise(void **state)
{
	(void)state;
	assert_near(44.0 / 12 * (0.8 * 0.5 - 0.01), total_in(
	    "product coke kg carbon=0.8\nproduct iron kg carbon=0.01\nactivity BF carbon\n"
	    "out BF iron 1 kg\nin BF coke 0.5 kg\nfactor coke kg CO2e 0", "iron"), 1e-14);
}

static void
carbon_that_is_not_known_counts_as_zero_and_is_told(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "product coke kg carbon=0.8\nactivity BF carbon\nout BF iron 1 kg\n"
	    "in BF coke 0.5 kg\nfactor coke kg CO2e 0");
	assert_ok(run_all(&r), &r.err);
	assert_near(44.0 / 12 * 0.4, total_of(&r, "iron"), 1e-14);
	assert_int_equal(times_found(&r, TJ_RULE_CARBON_BALANCE), 1);
	assert_int_equal(times_found(&r, TJ_RULE_ABSURD), 0);
	run_fini(&r);
	run_init(&r, "out A a 2 kg\nin A ore 3 t\nfactor ore t CO2e 0");
	assert_ok(run_all(&r), &r.err);
	assert_int_equal(times_found(&r, TJ_RULE_ABSURD), 1);
	run_fini(&r);
}

static void
what_does_not_balance_is_told(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "product ore kg carbon=0.5\nproduct a kg carbon=0.1\nout A a 2 kg\n"
	    "in A ore 1 kg\nfactor ore kg CO2e 0");
	assert_ok(run_all(&r), &r.err);
	assert_int_equal(times_found(&r, TJ_RULE_MASS_BALANCE), 1);
	assert_int_equal(times_found(&r, TJ_RULE_CARBON_BALANCE), 1);
	run_fini(&r);
}

static void
gas_and_services_weigh_nothing_in_the_balance_of_mass(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "product gas Nm3 class=gas mass=1.3\nproduct service:X kg mass=0\n"
	    "out X service:X 900 kg\nemit X CO2 1 kg\nin BF ore 2 kg\nin BF service:X 1 kg\n"
	    "out BF iron 1.5 kg\nout BF gas 100 Nm3 co\nfactor ore kg CO2e 1\n"
	    "share BF iron 1\nshare BF gas 0");
	assert_ok(run_all(&r), &r.err);
	assert_int_equal(times_found(&r, TJ_RULE_MASS_BALANCE), 0);
	read_book(&r, "out BF iron 1 kg");
	assert_ok(run_all(&r), &r.err);
	assert_int_equal(times_found(&r, TJ_RULE_MASS_BALANCE), 1);
	run_fini(&r);
}

static void
rows_of_one_product_add_up(void **state)
{
	(void)state;
	assert_near(3, total_in("out A a 1 kg\nout A a 1000 g\nemit A CO2 2 kg\nin A b 1 kg\n"
	    "in A b 3 kg\nout B b 1 kg\nemit B CO2 1 kg", "a"), 1e-15);
}

static void
a_line_of_zero_makes_no_edge(void **state)
{
	(void)state;
	assert_near(1, total_in("out A a 1 kg\nin A b 0 kg\nemit A CO2 1 kg", "a"), 0);
}

static void
stages_follow_own_processes_and_purchases(void **state)
{
	struct tj_values v;
	struct run r;

	(void)state;
	run_init(&r, "activity M stage=raw\nout M ore 1 kg\nemit M CO2 1 kg\n"
	    "out A a 1 kg\nin A ore 1 kg\nemit A CO2 2 kg\nin A coal 1 kg\n"
	    "in A box 1 kg stage=distribution\nfactor coal kg CO2e 4\nfactor box kg CO2e 8\n"
	    "activity T stage=distribution\nout T sold 1 kg\nin T a 1 kg\nin T fuel 1 kg\n"
	    "factor fuel kg CO2e 16");
	assert_ok(run_all(&r), &r.err);
	v = values_of(&r, "sold");
	assert_near(5, v.kgco2e[TJ_STAGE_RAW][TJ_CAT_FOSSIL], 0);
	assert_near(2, v.kgco2e[TJ_STAGE_MANUFACTURING][TJ_CAT_FOSSIL], 0);
	assert_near(24, v.kgco2e[TJ_STAGE_DISTRIBUTION][TJ_CAT_FOSSIL], 0);
	run_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(an_input_names_its_provider),
		test(a_provider_must_make_the_product),
		test(several_makers_are_the_production_weighted_mix),
		test(a_model_is_the_mix_of_its_batches),
		test(a_batch_nobody_made_is_bought_unless_its_model_is_made_without_batches),
		test(a_waste_is_treated_alike_in_both_notations),
		test(a_loop_through_a_treatment_is_not_a_loop_with_credits),
		test(a_waste_nobody_treats_carries_nothing),
		test(kilograms_and_pieces_meet_through_the_mass),
		test(a_batch_in_another_unit_takes_no_mass_of_its_model),
		test(an_input_without_unit_is_in_the_unit_of_its_product),
		test(a_main_output_of_zero_is_refused_where_it_stands),
		test(every_wrong_unit_is_found_and_the_first_is_the_error),
		test(a_flow_outside_the_set_is_kept_and_weighs_nothing),
		test(a_carbon_balance_emits_what_does_not_leave_otherwise),
		test(carbon_that_is_not_known_counts_as_zero_and_is_told),
		test(what_does_not_balance_is_told),
		test(gas_and_services_weigh_nothing_in_the_balance_of_mass),
		test(rows_of_one_product_add_up),
		test(a_line_of_zero_makes_no_edge),
		test(stages_follow_own_processes_and_purchases),
	};

	return RUN(tests);
}
