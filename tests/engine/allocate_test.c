#include "tests/engine/book_text.h"

static double
share_of(const struct run *r, const char *key)
{
	for (uint32_t c = 0; c < r->graph.column_count; c++)
		if (r->graph.columns[c].product == product(r, key))
			return r->system.shares[c];
	fail();
	return NAN;
}

static const struct tj_choice *
choice_of(const struct run *r, const char *key)
{
	const struct tj_choice *choice = tj_system_choice(&r->system, activity(r, key));

	assert_non_null(choice);
	return choice;
}

static void
the_first_rule_of_the_profile_that_fits_is_used_and_the_others_are_told(void **state)
{
	const struct tj_choice *choice;
	struct run r;

	(void)state;
	run_init(&r, "out CHP elec 10 kWh\nout CHP heat 18 MJ co\nemit CHP CO2 54 kg");
	r.profile.order[0] = TJ_SHARE_ECONOMIC;
	r.profile.order[1] = TJ_SHARE_ENERGY;
	assert_ok(run_all(&r), &r.err);
	assert_near(36.0 / 54, share_of(&r, "elec"), 1e-15);
	choice = choice_of(&r, "CHP");
	assert_int_equal(choice->rule, TJ_SHARE_ENERGY);
	assert_int_equal(choice->rejected_count, 1);
	assert_int_equal(choice->rejected[0].rule, TJ_SHARE_ECONOMIC);
	assert_str("price of elec is not known", choice->rejected[0].reason);
	assert_int_equal(times_found(&r, TJ_RULE_ALLOCATED), 1);
	run_fini(&r);
}

static void
an_activity_of_one_product_has_no_choice(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nout B b 1 kg\nout B c 1 kg co");
	assert_ok(run_all(&r), &r.err);
	assert_null(tj_system_choice(&r.system, activity(&r, "A")));
	assert_non_null(tj_system_choice(&r.system, activity(&r, "B")));
	run_fini(&r);
}

static void
unit_values_far_apart_make_it_economic(void **state)
{
	const char *book = "out A steel 1 kg price=6\nout A slag 1 kg co price=1\n"
	    "emit A CO2 7 kg";
	struct run r;

	(void)state;
	run_init(&r, book);
	r.profile.economic_ratio = 5;
	assert_ok(run_all(&r), &r.err);
	assert_near(6.0 / 7, share_of(&r, "steel"), 1e-15);
	assert_str("unit values 6 times apart, over 5", choice_of(&r, "A")->reason);
	run_fini(&r);

	run_init(&r, book);
	r.profile.economic_ratio = 7;
	assert_ok(run_all(&r), &r.err);
	assert_near(0.5, share_of(&r, "steel"), 0);
	run_fini(&r);
}

static void
the_activity_has_the_last_word(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "activity A allocation=economic\nout A a 1 kg price=3\n"
	    "out A b 1 kg co price=1\nemit A CO2 1 kg");
	assert_ok(run_all(&r), &r.err);
	assert_near(0.75, share_of(&r, "a"), 0);
	run_fini(&r);

	run_init(&r, "activity A allocation=economic\nout A a 1 kg\nout A b 1 kg co");
	assert_rc(TJ_E_DATA, run_all(&r), &r.err);
	assert_non_null(strstr(r.err.text, "price of a is not known"));
	assert_int_equal(r.err.line, 1);
	run_fini(&r);
}

static void
given_shares_must_sum_to_one(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nout A b 1 kg co\nshare A a 0.5\nshare A b 0.4");
	assert_rc(TJ_E_DATA, run_all(&r), &r.err);
	assert_non_null(strstr(r.err.text, "0.9"));
	assert_int_equal(r.err.line, 4);
	run_fini(&r);

	run_init(&r, "out A a 1 kg\nout A b 1 kg co\nout A c 1 kg co\n"
	    "share A a 0.333333333\nshare A b 0.333333333\nshare A c 0.333333334");
	assert_ok(run_all(&r), &r.err);
	run_fini(&r);
}

static void
a_share_is_of_a_product_that_is_made(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nout A b 1 kg co\nshare A a 0.5\nshare A x 0.5");
	assert_rc(TJ_E_DATA, run_all(&r), &r.err);
	assert_non_null(strstr(r.err.text, "share of x"));
	run_fini(&r);
}

static void
shares_sum_to_exactly_one(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int round = 0; round < 200; round++) {
		char book[2048] = "";
		double sum = 0;
		struct run r;

		for (int i = 0; i < 12; i++)
			(void)snprintf(book + strlen(book), sizeof(book) - strlen(book),
			    "out A p%d %.17g kg co\n", i, 1e-3 + tj_test_uniform(&seed));
		run_init(&r, book);
		assert_ok(run_all(&r), &r.err);
		for (uint32_t c = 0; c < r.graph.column_count; c++)
			sum += r.system.shares[c];
		assert_true(sum == 1);
		run_fini(&r);
	}
}

static const char slag_and_gas[] =
    "product slag kg class=slag\nproduct bfg MJ class=gas\n"
    "out BF iron 1 kg\nout BF slag 0.3 kg co\nout BF bfg 5 MJ co\nemit BF CO2 2 kg\n"
    "out Rolling rod 1 kg\nin Rolling iron 1 kg\nin Rolling bfg 2 MJ\n"
    "out Cement brick 1 kg\nin Cement slag 1 kg\n"
    "out Kiln clinker 1 kg\nemit Kiln CO2 0.8 kg\n";

static void
a_free_class_carries_nothing(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, slag_and_gas);
	r.profile.classes[TJ_CLASS_SLAG].rule = TJ_CLASS_FREE;
	r.profile.classes[TJ_CLASS_GAS].rule = TJ_CLASS_FREE;
	assert_ok(run_all(&r), &r.err);
	assert_near(2, total_of(&r, "iron"), 0);
	assert_near(0, total_of(&r, "brick"), 0);
	run_fini(&r);
}

static void
a_credit_is_carried_by_whoever_uses_the_gas(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, slag_and_gas);
	r.profile.classes[TJ_CLASS_SLAG].rule = TJ_CLASS_FREE;
	r.profile.classes[TJ_CLASS_GAS].rule = TJ_CLASS_CREDIT;
	r.profile.classes[TJ_CLASS_GAS].credit_kgco2e_per_mj = 0.04;
	assert_ok(run_all(&r), &r.err);
	assert_near(2 - 5 * 0.04, total_of(&r, "iron"), 1e-15);
	assert_near(2 - 5 * 0.04 + 2 * 0.04, total_of(&r, "rod"), 1e-15);
	assert_near(total_of(&r, "rod"), supply_of(&r, "rod", 1)->total_kgco2e, 1e-15);
	run_fini(&r);
}

static void
a_substitute_is_credited_and_carried(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, slag_and_gas);
	r.profile.classes[TJ_CLASS_GAS].rule = TJ_CLASS_FREE;
	r.profile.classes[TJ_CLASS_SLAG].rule = TJ_CLASS_SUBSTITUTE;
	r.profile.classes[TJ_CLASS_SLAG].substitute = TJ_S("clinker");
	assert_ok(run_all(&r), &r.err);
	assert_near(2 - 0.3 * 0.8, total_of(&r, "iron"), 1e-15);
	assert_near(0.8, total_of(&r, "brick"), 1e-15);
	assert_near(0.8, supply_of(&r, "brick", 1)->total_kgco2e, 1e-15);
	run_fini(&r);
}

static void
a_substitute_outside_the_book_is_a_factor(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "product slag kg class=slag\nout BF iron 1 kg\nout BF slag 0.3 kg co\n"
	    "emit BF CO2 2 kg\nfactor cn.clinker t CO2e 800");
	r.profile.classes[TJ_CLASS_SLAG].rule = TJ_CLASS_SUBSTITUTE;
	r.profile.classes[TJ_CLASS_SLAG].substitute = TJ_S("cn.clinker");
	assert_ok(run_all(&r), &r.err);
	assert_near(2 - 0.3 * 0.8, total_of(&r, "iron"), 1e-15);
	run_fini(&r);
}

static void
a_substitute_nobody_supplies_is_asked_for_by_name(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, slag_and_gas);
	r.profile.classes[TJ_CLASS_GAS].rule = TJ_CLASS_FREE;
	r.profile.classes[TJ_CLASS_SLAG].rule = TJ_CLASS_SUBSTITUTE;
	r.profile.classes[TJ_CLASS_SLAG].substitute = TJ_S("cement.avoided");
	assert_int_equal(run_all(&r), TJ_E_MISSING);
	assert_non_null(strstr(r.err.text, "cement.avoided"));
	assert_true(r.err.line > 0);
	run_fini(&r);
}

static void
shares_given_by_hand_come_before_the_class(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "product slag kg class=slag\nout BF iron 1 kg\nout BF slag 1 kg co\n"
	    "emit BF CO2 2 kg\nshare BF iron 0.9\nshare BF slag 0.1");
	r.profile.classes[TJ_CLASS_SLAG].rule = TJ_CLASS_FREE;
	assert_ok(run_all(&r), &r.err);
	assert_near(0.2, total_of(&r, "slag"), 1e-15);
	run_fini(&r);
}

/* Two wastes in one furnace: 6 kg CO2 a run for 3 kg, never 6 for each of them. */
static void
wastes_treated_together_share_by_mass(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "product drum piece mass=2\nout A a 1 kg\nout A w 1 kg waste\n"
	    "out A drum 1 piece waste\nout T service 3 kg\nin T w 1 kg treat\n"
	    "in T drum 1 piece treat\nemit T CO2 6 kg");
	assert_ok(run_all(&r), &r.err);
	assert_near(6, total_of(&r, "a"), 1e-15);
	assert_near(2, total_of(&r, "w"), 1e-15);
	assert_near(4, total_of(&r, "drum"), 1e-15);
	assert_near(2, total_of(&r, "service"), 1e-15);
	run_fini(&r);
}

static void
wastes_treated_together_need_a_mass_or_shares(void **state)
{
	static const char book[] = "out T service 3 kg\nin T w 1 kg treat\n"
	    "in T drum 1 piece treat\nemit T CO2 6 kg\n";
	struct run r;

	(void)state;
	run_init(&r, book);
	assert_int_equal(run_all(&r), TJ_E_DATA);
	assert_non_null(strstr(r.err.text, "mass_kg_per_unit"));
	run_fini(&r);
	run_init(&r, book);
	read_book(&r, "share T service 0.5\nshare T w 0.2\nshare T drum 0.3");
	assert_ok(run_all(&r), &r.err);
	assert_near(1, total_of(&r, "service"), 1e-15);
	assert_near(1.2, total_of(&r, "w"), 1e-15);
	assert_near(1.8, total_of(&r, "drum"), 1e-15);
	run_fini(&r);
}

static void
a_credit_without_an_energy_is_told_once_a_product(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "product gas Nm3 class=gas\nout BF iron 1 kg\nout BF gas 5 Nm3 co\n"
	    "out BF2 iron 1 kg\nout BF2 gas 5 Nm3 co");
	r.profile.classes[TJ_CLASS_GAS].rule = TJ_CLASS_CREDIT;
	assert_int_equal(run_all(&r), TJ_E_DATA);
	assert_int_equal(times_found(&r, TJ_RULE_BAD_ROW), 1);
	assert_non_null(strstr(r.err.text, "give energy_mj_per_unit"));
	run_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_first_rule_of_the_profile_that_fits_is_used_and_the_others_are_told),
		test(an_activity_of_one_product_has_no_choice),
		test(unit_values_far_apart_make_it_economic),
		test(the_activity_has_the_last_word),
		test(given_shares_must_sum_to_one),
		test(a_share_is_of_a_product_that_is_made),
		test(shares_sum_to_exactly_one),
		test(a_free_class_carries_nothing),
		test(a_credit_is_carried_by_whoever_uses_the_gas),
		test(a_substitute_is_credited_and_carried),
		test(a_substitute_outside_the_book_is_a_factor),
		test(a_substitute_nobody_supplies_is_asked_for_by_name),
		test(shares_given_by_hand_come_before_the_class),
		test(wastes_treated_together_share_by_mass),
		test(wastes_treated_together_need_a_mass_or_shares),
		test(a_credit_without_an_energy_is_told_once_a_product),
	};

	return RUN(tests);
}
