#include "model/decimal.h"
#include "model/gas.h"
#include "tests/support/support.h"

static double
gwp(const char *flow, int category, enum tj_gwp_set set)
{
	double kgco2e_per_kg = -1;

	return tj_gwp(&kgco2e_per_kg, tj_str_of(flow), category, set) ? kgco2e_per_kg : -1;
}

/* AR6: IPCC AR6 WGI Table 7.SM.7; AR4, AR5: GHG Protocol's table of 2016. */
static void
gases_weigh_what_the_reports_say(void **state)
{
	static const struct {
		const char	*gas;
		double		 want[TJ_GWP_SETS];	/* -1: not in that report */
	} cases[] = {
		{ "CO2", { 1, 1, 1 } }, { "CO2e", { 1, 1, 1 } },
		{ "CH4", { 25, 28, 27.9 } }, { "N2O", { 298, 265, 273 } },
		{ "SF6", { 22800, 23500, 25200 } }, { "NF3", { 17200, 16100, 17400 } },
		{ "HFC23", { 14800, 12400, 14600 } }, { "HFC134a", { 1430, 1300, 1530 } },
		{ "HFC152", { -1, 16, 21.5 } }, { "CF4", { 7390, 6630, 7380 } },
		{ "C2F6", { 12200, 11100, 12400 } }, { "cC3F6", { -1, 9200, -1 } },
		{ "CH3CCl3", { 146, 160, 161 } }, { "H2O", { -1, -1, -1 } },
		{ "", { -1, -1, -1 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int set = TJ_GWP_AR4; set < TJ_GWP_SETS; set++)
			assert_true(gwp(cases[i].gas, -1, (enum tj_gwp_set)set) ==
			    cases[i].want[set]);
}

static void
assert_row(tj_str row)
{
	tj_str gas, cell;
	tj_dec want;

	assert_true(tj_str_next(&gas, &row, ','));
	for (int set = TJ_GWP_AR4; set < TJ_GWP_SETS; set++) {
		double got = -1;

		assert_true(tj_str_next(&cell, &row, ','));
		assert_int_equal(tj_gwp(&got, gas, -1, (enum tj_gwp_set)set), cell.n > 0);
		if (cell.n == 0)
			continue;
		assert_ok(tj_dec_parse(&want, cell, NULL), NULL);
		assert_true(got == tj_dec_double(want));
	}
}

static void
every_row_of_the_published_tables_is_here(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	tj_str row, rest = tj_test_file("tests/model/data/gwp100.csv", arena);
	int n = 0;

	(void)state;
	for (; tj_str_next(&row, &rest, '\n') && row.n > 0; n++)
		assert_row(row);
	assert_int_equal(n, 54);
	tj_arena_free(arena);
}

static void
methane_is_weighed_by_where_its_carbon_is_from(void **state)
{
	(void)state;
	assert_true(gwp("CH4", -1, TJ_GWP_AR6) == 27.9);
	assert_true(gwp("CH4", TJ_CAT_FOSSIL, TJ_GWP_AR6) == 29.8);
	assert_true(gwp("CH4", TJ_CAT_AIRCRAFT, TJ_GWP_AR6) == 29.8);
	assert_true(gwp("甲烷", TJ_CAT_BIOGENIC, TJ_GWP_AR6) == 27.0);
	assert_true(gwp("CH4", TJ_CAT_REMOVAL, TJ_GWP_AR6) == 27.0);
	assert_true(gwp("CH4", TJ_CAT_LAND_USE, TJ_GWP_AR6) == 27.0);
	assert_true(gwp("CH4", TJ_CAT_FOSSIL, TJ_GWP_AR4) == 25);
	assert_true(gwp("CH4", TJ_CAT_FOSSIL, TJ_GWP_AR5) == 30);
	assert_true(gwp("CH4", TJ_CAT_BIOGENIC, TJ_GWP_AR5) == 28);
	assert_true(gwp("CH4_fossil", TJ_CAT_BIOGENIC, TJ_GWP_AR6) == 29.8);
	assert_true(gwp("N2O", TJ_CAT_BIOGENIC, TJ_GWP_AR6) == 273);
}

static void
gases_are_known_by_many_names(void **state)
{
	static const char *const cases[][2] = {
		{ "co2", "CO2" }, { "CO₂", "CO2" }, { "二氧化碳", "CO2" }, { " CO2 ", "CO2" },
		{ "CO2-eq", "CO2e" }, { "甲烷", "CH4" }, { "ch4-fossil", "CH4_fossil" },
		{ "氧化亚氮", "N2O" }, { "N₂O", "N2O" }, { "HFC-134a", "HFC134a" },
		{ "r-134A", "HFC134a" }, { "HFC-43-10mee", "HFC4310mee" },
		{ "c-C4F8", "cC4F8" }, { "六氟化硫", "SF6" }, { "PFC-14", "CF4" },
		{ "steam", "steam" }, { "CO", "CO" }, { "CO22", "CO22" }, { "-", "-" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_str(cases[i][1], tj_gas_canonical(tj_str_of(cases[i][0])));
}

static void
sets_go_by_their_report(void **state)
{
	enum tj_gwp_set set = TJ_GWP_AR4;

	(void)state;
	assert_true(tj_gwp_set_parse(&set, TJ_S("ar6")));
	assert_int_equal(set, TJ_GWP_AR6);
	assert_string_equal(tj_gwp_set_name(TJ_GWP_AR5), "AR5");
	assert_false(tj_gwp_set_parse(&set, TJ_S("AR7")));
	assert_false(tj_gwp_set_parse(&set, TJ_S("")));
	assert_int_equal(set, TJ_GWP_AR6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(gases_weigh_what_the_reports_say),
		test(every_row_of_the_published_tables_is_here),
		test(methane_is_weighed_by_where_its_carbon_is_from),
		test(gases_are_known_by_many_names),
		test(sets_go_by_their_report),
	};

	return RUN(tests);
}
