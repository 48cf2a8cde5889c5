#include "engine/explain.h"
#include "tests/engine/book_text.h"

/* A furnace with slag, gas and a power plant on the gas; what slag replaces is bought. */
static const char furnace[] =
    "product slag kg class=slag\nproduct gas MJ class=gas\n"
    "out BF iron 2 kg\nout BF slag 0.6 kg co\nout BF gas 10 MJ co\nemit BF CO2 4 kg\n"
    "in BF coke 1 kg\nout PP power 1 kWh\nin PP gas 4 MJ\nemit PP CO2 0.3 kg\n"
    "out M brick 1 kg\nin M slag 0.5 kg\nin M power 2 kWh\n"
    "out R rod 1 kg\nin R iron 1.1 kg\nin R power 0.5 kWh\n"
    "factor clinker kg CO2e 0.8\nfactor coke kg CO2e 0.5";

static struct tj_explanation
explain(struct run *r, const char *key)
{
	const struct tj_supply *supply = supply_of(r, key, 1);
	struct tj_explanation x = { .count = 0 };

	assert_ok(tj_explain(&x, &r->solution, product(r, key), supply, r->arena, &r->err),
	    &r->err);
	return x;
}

/* Unrounded to the footprint, rounded to the last digit of the total. */
static struct tj_explanation
adds_up(struct run *r, const char *key)
{
	const struct tj_explanation x = explain(r, key);
	tj_dec rounded = TJ_DEC_ZERO;
	double sum = 0;

	for (size_t i = 0; i < x.count; i++) {
		sum += x.lines[i].kgco2e;
		assert_near(x.lines[i].kgco2e, x.lines[i].amount * x.lines[i].rate_kgco2e,
		    1e-14);
		assert_ok(tj_dec_add(&rounded, rounded, x.lines[i].declared_kgco2e, NULL),
		    NULL);
	}
	assert_true(fabs(total_of(r, key) - sum) <= 1e-13 * (1 + fabs(sum)));
	assert_int_equal(tj_dec_cmp(rounded, x.total_kgco2e), 0);
	return x;
}

static void
open_furnace(struct run *r, enum tj_class_rule slag, enum tj_class_rule gas)
{
	run_init(r, furnace);
	r->profile.digits = 3;
	r->profile.significant = 4;
	r->profile.classes[TJ_CLASS_SLAG].rule = slag;
	r->profile.classes[TJ_CLASS_SLAG].substitute = TJ_S("clinker");
	r->profile.classes[TJ_CLASS_GAS].rule = gas;
	r->profile.classes[TJ_CLASS_GAS].credit_kgco2e_per_mj = 0.0374187;
	assert_ok(run_all(r), &r->err);
}

static void
lines_add_up_under_every_rule_of_a_class(void **state)
{
	static const enum tj_class_rule slag[] = { TJ_CLASS_FREE, TJ_CLASS_SUBSTITUTE };
	static const enum tj_class_rule gas[] = { TJ_CLASS_FREE, TJ_CLASS_CREDIT };
	struct run r;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		open_furnace(&r, slag[i / 2], gas[i % 2]);
		(void)adds_up(&r, "iron");
		(void)adds_up(&r, "slag");
		(void)adds_up(&r, "gas");
		(void)adds_up(&r, "brick");
		(void)adds_up(&r, "rod");
		run_fini(&r);
	}
}

static void
a_by_product_is_explained_by_what_it_replaces(void **state)
{
	struct tj_explanation x;
	struct run r;

	(void)state;
	open_furnace(&r, TJ_CLASS_SUBSTITUTE, TJ_CLASS_FREE);
	x = adds_up(&r, "slag");
	assert_int_equal(x.count, 1);
	assert_int_equal(x.lines[0].from, TJ_FROM_FACTOR);
	assert_str("clinker", x.lines[0].what);
	assert_str("BF", x.lines[0].activity);
	assert_near(1, x.lines[0].amount, 1e-15);
	assert_near(0.8, x.lines[0].kgco2e, 1e-15);
	run_fini(&r);
}

static void
what_is_bought_is_explained_by_its_factor(void **state)
{
	struct tj_explanation x;
	struct run r;

	(void)state;
	open_furnace(&r, TJ_CLASS_FREE, TJ_CLASS_FREE);
	x = adds_up(&r, "coke");
	assert_int_equal(x.count, 1);
	assert_int_equal(x.lines[0].stage, TJ_STAGE_RAW);
	assert_int_equal(x.lines[0].activity.n, 0);
	assert_near(0.5, x.lines[0].kgco2e, 0);
	run_fini(&r);
}

static void
treatments_are_explained_in_every_notation(void **state)
{
	static const char *const notations[] = {
		"in T w 2 kg treat", "out T service 1 piece\nin T w 2 kg treat",
		"out T w -2 kg" };
	char text[300];
	struct run r;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(text, sizeof(text), "out A a 1 kg\nout A w 0.5 kg waste\n"
		    "emit A CO2 1 kg\nemit T CO2 6 kg\nin T lime 2 kg\n"
		    "factor lime kg CO2e 0.7\n%s", notations[i]);
		run_init(&r, text);
		r.profile.digits = 3;
		assert_ok(run_all(&r), &r.err);
		assert_int_equal(adds_up(&r, "a").count, 3);
		assert_int_equal(adds_up(&r, "w").count, 2);
		run_fini(&r);
	}
}

static void
loops_credits_and_removals_are_explained(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A a 0.1 kg\nin A b 0.4 kg\nemit A CO2 1 kg\n"
	    "emit A CO2 -3 kg category=removal\n"
	    "out B b 1 kg\nin B a 0.3 kg\nout B heat 2 MJ credit\nemit B CH4 0.01 kg\n"
	    "factor heat MJ CO2e 0.07");
	r.profile.digits = 3;
	assert_ok(run_all(&r), &r.err);
	assert_true(total_of(&r, "a") < 0);
	assert_int_equal(adds_up(&r, "a").count, 4);
	assert_int_equal(adds_up(&r, "b").count, 4);
	run_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(lines_add_up_under_every_rule_of_a_class),
		test(a_by_product_is_explained_by_what_it_replaces),
		test(what_is_bought_is_explained_by_its_factor),
		test(treatments_are_explained_in_every_notation),
		test(loops_credits_and_removals_are_explained),
	};

	return RUN(tests);
}
