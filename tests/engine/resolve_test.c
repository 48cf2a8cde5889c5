#include "tests/engine/book_text.h"

/* A resolver that knows one declaration, and counts how often it is asked. */
struct registry {
	struct tj_resolver		 port;
	tj_str				 product;	/* canonical */
	struct tj_resolution		 resolution;
	int				 asked;
	size_t				 idents;
};

static enum tj_rc
answer(struct tj_resolver *port, struct tj_resolution *out, const tj_ident *ids, size_t n,
    tj_time at, struct tj_arena *arena, struct tj_err *err)
{
	struct registry *registry = (struct registry *)port;

	(void)at;
	(void)arena;
	(void)err;
	registry->asked++;
	registry->idents += n;
	for (size_t i = 0; i < n; i++) {
		out[i] = (struct tj_resolution){ .status = TJ_UNKNOWN };
		if (tj_str_eq(ids[i].canonical, registry->product))
			out[i] = registry->resolution;
	}
	return TJ_OK;
}

static tj_dec
dec(const char *text)
{
	tj_dec it = TJ_DEC_ZERO;

	assert_ok(tj_dec_parse(&it, tj_str_of(text), NULL), NULL);
	return it;
}

static struct tj_declaration
rod(void)
{
	struct tj_declaration it = { .id = TJ_S("urn:uuid:1"), .unit = unit(TJ_S("t")) };

	it.parts_kgco2e[TJ_STAGE_RAW][TJ_CAT_FOSSIL] = dec("1500");
	it.parts_kgco2e[TJ_STAGE_MANUFACTURING][TJ_CAT_FOSSIL] = dec("600");
	it.parts_kgco2e[TJ_STAGE_RAW][TJ_CAT_REMOVAL] = dec("-100");
	it.mass_kg_per_unit = dec("1000");
	it.primary_data_share = dec("60");
	it.dqr_scale = TJ_DQR_PACT3;
	it.dqr[0] = dec("2");
	it.dqr[1] = dec("1");
	it.dqr[2] = dec("3");
	it.dqr_coverage = dec("80");
	return it;
}

static const char cord[] =
    "product rod kg bought id=88.101.1/R1\nout C cord 2 kg\nin C rod 2.2 kg\n"
    "emit C CO2 0.5 kg\n";

static struct registry
registry(const struct tj_declaration *declaration, enum tj_resolved status)
{
	return (struct registry){ .port.resolve = answer,
	    .product = TJ_S("hdl:88.101.1/R1"),
	    .resolution = { .status = status, .declaration = declaration,
	    .reason = TJ_S("expired"), .source = TJ_S("mill") } };
}

static void
a_suppliers_declaration_is_used(void **state)
{
	const struct tj_declaration declaration = rod();
	struct registry it = registry(&declaration, TJ_RESOLVED);
	struct tj_values v;
	struct run r;

	(void)state;
	run_init(&r, cord);
	r.options.resolver = &it.port;
	assert_ok(run_all(&r), &r.err);
	assert_int_equal(it.asked, 1);
	v = values_of(&r, "cord");
	assert_near(2.1 * 1.1, v.kgco2e[TJ_STAGE_RAW][TJ_CAT_FOSSIL], 1e-15);
	assert_near(-0.1 * 1.1, v.kgco2e[TJ_STAGE_RAW][TJ_CAT_REMOVAL], 1e-15);
	assert_near(0.25, v.kgco2e[TJ_STAGE_MANUFACTURING][TJ_CAT_FOSSIL], 1e-15);
	assert_near(2.2 * 1.1 + 0.25, v.quality.absolute, 1e-15);
	assert_near(2.2 * 1.1 * 0.6 + 0.25, v.quality.primary, 1e-15);
	assert_near(2.2 * 1.1 * 0.8 + 0.25, v.quality.rated, 1e-15);
	assert_near(2.2 * 1.1 * 0.8 * 3 + 0.25, v.quality.geography, 1e-15);
	assert_near(1.1, v.bought_kg, 1e-15);
	assert_ptr_equal(r.offers[0].declaration, &declaration);
	run_fini(&r);
}

static void
the_mass_that_is_declared_joins_pieces_and_kilograms(void **state)
{
	struct tj_declaration declaration = rod();
	struct registry it = registry(&declaration, TJ_RESOLVED);
	struct run r;

	(void)state;
	declaration.unit = unit(TJ_S("piece"));
	run_init(&r, cord);
	r.options.resolver = &it.port;
	assert_ok(run_all(&r), &r.err);
	assert_near(2 * 1.1 + 0.25, total_of(&r, "cord"), 1e-15);
	run_fini(&r);
}

static void
one_that_is_not_accepted_is_told_and_a_factor_used(void **state)
{
	const struct tj_declaration declaration = rod();
	struct registry it = registry(&declaration, TJ_NOT_ACCEPTED);
	struct run r;

	(void)state;
	run_init(&r, cord);
	read_book(&r, "factor rod t CO2e 2000 year=2024");
	r.options.resolver = &it.port;
	assert_ok(run_all(&r), &r.err);
	assert_near(2.2 + 0.25, total_of(&r, "cord"), 1e-15);
	assert_near(0.25, values_of(&r, "cord").quality.primary, 1e-15);
	assert_int_equal(times_found(&r, TJ_RULE_UNUSED_DECLARATION), 1);
	assert_int_equal(times_found(&r, TJ_RULE_FACTOR_USED), 1);
	run_fini(&r);
}

static void
everybody_is_asked_at_once(void **state)
{
	struct registry it = registry(NULL, TJ_UNKNOWN);
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A b 1 kg\nin A c 1 kg\nin A d 1 kg\nin A b 1 kg\n"
	    "factor b kg CO2e 1\nfactor c kg CO2e 1\nfactor d kg CO2e 1");
	r.options.resolver = &it.port;
	assert_ok(run_all(&r), &r.err);
	assert_int_equal(it.asked, 1);
	assert_int_equal(it.idents, 3);
	run_fini(&r);
}

static void
a_factor_by_gas_is_weighed_by_the_profile(void **state)
{
	const struct tj_supply *supply;
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A gas 2 Nm3\nfactor gas Nm3 CO2 1.9\n"
	    "factor gas Nm3 CH4 0.001 category=fossil\nfactor gas Nm3 CO2 0.1 category=biogenic");
	assert_ok(run_all(&r), &r.err);
	assert_near(2 * (1.9 + 0.0298 + 0.1), total_of(&r, "a"), 1e-15);
	assert_near(0.2, values_of(&r, "a").kgco2e[TJ_STAGE_RAW][TJ_CAT_BIOGENIC], 1e-15);
	supply = supply_of(&r, "a", 3);
	assert_near(12, supply->flows[r.graph.co2], 1e-15);
	run_fini(&r);
}

static double
total_near(const char *region, const char *factors, uint32_t *choices)
{
	struct run r;
	double total;

	run_init(&r, "out A a 1 kg\nin A el 1 kWh\n");
	read_book(&r, factors);
	r.options.region = tj_str_of(region);
	assert_ok(run_all(&r), &r.err);
	total = total_of(&r, "a");
	*choices = times_found(&r, TJ_RULE_FACTOR_CHOICE);
	run_fini(&r);
	return total;
}

static void
the_nearest_region_then_the_newest_year_is_taken(void **state)
{
	const char *factors = "factor el kWh CO2e 1 region=CN year=2022\n"
	    "factor el kWh CO2e 2 region=CN year=2024\nfactor el kWh CO2e 3 region=DE year=2025\n"
	    "factor el kWh CO2e 4 year=2025\nfactor el kWh CO2e 5 region=CN-ZJ year=2020";
	uint32_t choices;

	(void)state;
	assert_near(5, total_near("CN-ZJ", factors, &choices), 0);
	assert_near(2, total_near("CN-JS", factors, &choices), 0);
	assert_near(3, total_near("DE", factors, &choices), 0);
	assert_near(4, total_near("FR", factors, &choices), 0);
	assert_int_equal(choices, 1);
	assert_near(1, total_near("", "factor el kWh CO2e 1", &choices), 0);
	assert_int_equal(choices, 0);
}

static void
a_factor_of_another_region_is_told(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A el 1 kWh\nin A gas 1 kg\nin A oil 1 kg\n"
	    "factor el kWh CO2e 1 region=DE\nfactor gas kg CO2e 1 region=GLO\n"
	    "factor oil kg CO2e 1 region=CN");
	r.options.region = TJ_S("CN-ZJ");
	assert_ok(run_all(&r), &r.err);
	assert_int_equal(times_found(&r, TJ_RULE_OTHER_REGION), 1);
	run_fini(&r);
}

static void
a_factor_is_found_by_its_name_the_key_or_the_model(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "product coke kg factor=cn.coke\nproduct el#1 kWh model=el\n"
	    "product el kWh factor=cn.grid\n"
	    "out A a 1 kg\nin A coke 1 kg\nin A el#1 1 kWh\nin A gas 1 kg\n"
	    "factor cn.coke kg CO2e 1\nfactor coke kg CO2e 100\nfactor cn.grid MWh CO2e 2000\n"
	    "factor gas kg CO2e 4");
	assert_ok(run_all(&r), &r.err);
	assert_near(7, total_of(&r, "a"), 1e-15);
	run_fini(&r);
}

static void
doubtful_factors_are_told(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A b 1 kg\n"
	    "factor b kg CO2e 1 year=2001 quality=from-memory gwp=AR5");
	r.profile.factor_max_age_years = 10;
	r.options.at = (tj_time)20000 * 86400;
	assert_ok(run_all(&r), &r.err);
	assert_int_equal(times_found(&r, TJ_RULE_FACTOR_STALE), 1);
	assert_int_equal(times_found(&r, TJ_RULE_FACTOR_MEMORY), 1);
	assert_int_equal(times_found(&r, TJ_RULE_OTHER_GWP), 1);
	run_fini(&r);
}

static void
a_placeholder_does_not_enter_a_declaration(void **state)
{
	const char *book = "out A a 1 kg\nin A b 1 kg\nfactor b kg CO2e 1 quality=placeholder";
	struct run r;

	(void)state;
	run_init(&r, book);
	assert_ok(run_all(&r), &r.err);
	run_fini(&r);

	run_init(&r, book);
	r.options.refuse_placeholders = true;
	assert_rc(TJ_E_DATA, run_all(&r), &r.err);
	assert_int_equal(times_found(&r, TJ_RULE_PLACEHOLDER), 1);
	run_fini(&r);
}

static void
a_factor_given_twice_is_refused(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A b 1 kg\nfactor b kg CO2 1\nfactor b kg CH4 1\n"
	    "factor b kg CO2 2");
	assert_rc(TJ_E_DATA, run_all(&r), &r.err);
	assert_int_equal(r.err.line, 5);
	run_fini(&r);
}

static void
everything_missing_is_found_and_may_count_as_zero(void **state)
{
	const char *book = "product b kg\nproduct c piece mass=3\nout A a 1 kg\nin A b 1 kg\n"
	    "in A c 1 piece\nin A d 6 kg\nfactor d kg CO2e 1\nemit A CO2 1 kg";
	struct tj_values v;
	struct run r;

	(void)state;
	run_init(&r, book);
	assert_rc(TJ_E_MISSING, run_all(&r), &r.err);
	assert_int_equal(r.err.line, 4);
	assert_int_equal(times_found(&r, TJ_RULE_NO_FACTOR), 2);
	run_fini(&r);

	run_init(&r, book);
	r.options.missing_zero = true;
	assert_ok(run_all(&r), &r.err);
	assert_int_equal(times_found(&r, TJ_RULE_CUT_OFF), 2);
	v = values_of(&r, "a");
	assert_near(7, tj_values_total_kgco2e(&v), 1e-15);
	assert_near(10, v.bought_kg, 1e-15);
	assert_near(4, v.cut_off_kg, 1e-15);
	run_fini(&r);
}

static void
a_factor_of_another_dimension_is_refused(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A b 1 kg\nfactor b kWh CO2e 1");
	assert_rc(TJ_E_UNIT, run_all(&r), &r.err);
	assert_int_equal(r.err.line, 3);
	run_fini(&r);
}

static void
a_secondary_line_carries_no_primary_data(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A b 1 kg secondary\nemit A CO2 1 kg\n"
	    "out B b 1 kg\nemit B CO2 3 kg");
	assert_ok(run_all(&r), &r.err);
	assert_near(4, values_of(&r, "a").quality.absolute, 0);
	assert_near(1, values_of(&r, "a").quality.primary, 0);
	run_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_suppliers_declaration_is_used),
		test(the_mass_that_is_declared_joins_pieces_and_kilograms),
		test(one_that_is_not_accepted_is_told_and_a_factor_used),
		test(everybody_is_asked_at_once),
		test(a_factor_by_gas_is_weighed_by_the_profile),
		test(the_nearest_region_then_the_newest_year_is_taken),
		test(a_factor_of_another_region_is_told),
		test(a_factor_is_found_by_its_name_the_key_or_the_model),
		test(doubtful_factors_are_told),
		test(a_placeholder_does_not_enter_a_declaration),
		test(a_factor_given_twice_is_refused),
		test(everything_missing_is_found_and_may_count_as_zero),
		test(a_factor_of_another_dimension_is_refused),
		test(a_secondary_line_carries_no_primary_data),
	};

	return RUN(tests);
}
