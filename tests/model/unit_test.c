#include "model/unit.h"
#include "tests/support/support.h"

static tj_unit
unit(const char *text)
{
	struct tj_err err = { 0 };
	tj_unit u = TJ_UNIT_NONE;

	assert_ok(tj_unit_parse(&u, tj_str_of(text), &err), &err);
	return u;
}

static void
every_unit_is_whole(void **state)
{
	double ratio;

	(void)state;
	for (size_t i = 0; i < tj_unit_count(); i++) {
		const tj_unit u = (tj_unit)i;
		const char *const names[] = { tj_unit_symbol(u), tj_unit_rec20(u),
		    tj_unit_pact(u) };

		for (size_t k = 0; k < 3; k++)
			if (names[k][0] != '\0')
				assert_int_equal(unit(names[k]), u);
		assert_ok(tj_unit_ratio(&ratio, u,
		    tj_unit_base(tj_unit_dimension(u)), NULL), NULL);
		assert_true(ratio > 0);
	}
}

static void
every_dimension_has_its_base_unit(void **state)
{
	static const char *const bases[] = {
#define X(name, symbol) symbol,
#include "model/dimensions.def"
#undef X
	};

	(void)state;
	for (size_t i = 0; i < TJ_DIM_COUNT_; i++) {
		const enum tj_dimension dimension = (enum tj_dimension)i;

		assert_string_equal(tj_unit_symbol(tj_unit_base(dimension)), bases[i]);
		assert_int_equal(tj_unit_dimension(tj_unit_base(dimension)), dimension);
	}
	assert_string_equal(tj_dimension_name(TJ_DIM_GAS_VOLUME), "GAS_VOLUME");
}

static void
units_are_known_by_many_names(void **state)
{
	static const char *const cases[][2] = {
		{ "KG", "kg" }, { "Kg", "kg" }, { "千克", "kg" }, { "公斤", "kg" },
		{ "KGM", "kg" }, { "TO", "t" }, { "吨", "t" }, { "TNE", "t" },
		{ "MG", "mg" }, { "mg", "mg" }, { "Mg", "t" }, { "KWH", "kWh" },
		{ "度", "kWh" }, { "千瓦时", "kWh" }, { "mwh", "MWh" }, { "兆焦", "MJ" },
		{ "吉焦", "GJ" }, { "M3", "m3" }, { "m³", "m3" }, { "立方米", "m3" },
		{ "万标立方米", "1e4Nm3" }, { "千标立方米", "kNm3" }, { "NM3", "Nm3" },
		{ "L", "L" }, { "升", "L" }, { "ST", "piece" }, { "EA", "piece" },
		{ "PCE", "piece" }, { "件", "piece" }, { "条", "piece" }, { "STD", "h" },
		{ "H", "h" }, { "tkm", "t.km" }, { "t·km", "t.km" }, { "吨公里", "t.km" },
		{ "平方米", "m2" }, { "元", "CNY" }, { "万元", "1e4CNY" }, { " t ", "t" },
		{ "ton kilometer", "t.km" }, { "Cubic Meter", "m3" }, { "tce", "tce" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(tj_unit_symbol(unit(cases[i][0])), cases[i][1]);
}

static void
pact_names_its_declared_units(void **state)
{
	static const char *const names[] = {
		"liter", "kilogram", "cubic meter", "kilowatt hour", "megajoule",
		"ton kilometer", "square meter", "piece", "hour",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_string_equal(tj_unit_pact(unit(names[i])), names[i]);
	assert_string_equal(tj_unit_pact(unit("lb")), "");
	assert_string_equal(tj_unit_symbol(TJ_UNIT_NONE), "");
}

static void
an_unknown_unit_is_told_its_neighbours(void **state)
{
	static const char *const cases[][2] = {
		{ "Kwhr", "unknown unit \"Kwhr\"; near are kWh" },
		{ "万标立方", "unknown unit \"万标立方\"; near are 1e4Nm3, Nm3" },
		{ "quux", "unknown unit \"quux\"; known are such as kg, kWh, m3" },
		{ "ton", "unit \"ton\" may be any of t, short_ton, long_ton" },
		{ " ", "expected a unit, found nothing" },
	};
	struct tj_err err = { 0 };
	tj_unit u = 7;
	char text[600];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_rc(TJ_E_UNIT, tj_unit_parse(&u, tj_str_of(cases[i][0]), &err), &err);
		assert_string_equal(err.text, cases[i][1]);
	}
	memset(text, 'x', sizeof(text));
	assert_rc(TJ_E_UNIT, tj_unit_parse(&u, (tj_str){ text, sizeof(text) }, &err), &err);
	assert_rc(TJ_E_UNIT, tj_unit_parse(&u, (tj_str){ "k\0g", 3 }, &err), &err);
	assert_int_equal(u, 7);
}

/* Amount, from, to, result: exact by the definitions of the units. */
static const char *const conversions[][4] = {
	{ "1", "lb", "kg", "0.45359237" }, { "2", "kWh", "MJ", "7.2" },
	{ "7.2", "MJ", "kWh", "2" }, { "1.50", "t", "kg", "1500" },
	{ "1500", "kg", "t", "1.500" }, { "1", "short_ton", "lb", "2000" },
	{ "1", "long_ton", "lb", "2240" }, { "1", "bbl", "gal", "42" },
	{ "1", "gal", "L", "3.785411784" }, { "1", "mmBtu", "MJ", "1055.05585262" },
	{ "1", "mmBtu", "therm", "10" }, { "1", "tce", "GJ", "29.3076" },
	{ "1", "tce", "kcal", "7000000" }, { "3", "1e4Nm3", "Nm3", "30000" },
	{ "1", "mi", "km", "1.609344" }, { "90", "min", "h", "1.5" },
	{ "1", "d", "h", "24" }, { "2", "dozen", "piece", "24" },
	{ "250", "kg.km", "t.km", "0.250" }, { "1.2", "1e4CNY", "CNY", "12000" },
	{ "-5", "g", "mg", "-5000" }, { "0", "t", "lb", "0" },
};

static void
conversions_are_exact(void **state)
{
	char text[TJ_DEC_TEXT];
	tj_dec amount, want, got;

	(void)state;
	for (size_t i = 0; i < sizeof(conversions) / sizeof(conversions[0]); i++) {
		const char *const *c = conversions[i];
		const tj_unit from = unit(c[1]), to = unit(c[2]);
		double ratio;

		assert_ok(tj_dec_parse(&amount, tj_str_of(c[0]), NULL), NULL);
		assert_ok(tj_dec_parse(&want, tj_str_of(c[3]), NULL), NULL);
		assert_ok(tj_unit_convert(&got, amount, from, to, NULL), NULL);
		assert_string_equal(tj_dec_text(text, got),
		    tj_dec_text((char[TJ_DEC_TEXT]){ 0 }, want));
		assert_ok(tj_unit_ratio(&ratio, from, to, NULL), NULL);
		if (tj_dec_cmp(amount, tj_dec_int(1)) == 0)
			assert_true(ratio == tj_dec_double(want));
	}
}

static void
what_has_no_end_or_another_dimension_is_refused(void **state)
{
	struct tj_err err = { 0 };
	double ratio = 42;
	tj_dec d = { 42, 0 };

	(void)state;
	assert_rc(TJ_E_RANGE, tj_unit_convert(&d, tj_dec_int(1), unit("MJ"), unit("kWh"),
	    &err), &err);
	assert_rc(TJ_E_UNIT, tj_unit_convert(&d, tj_dec_int(1), unit("m3"), unit("Nm3"),
	    &err), &err);
	assert_rc(TJ_E_UNIT, tj_unit_ratio(&ratio, unit("kg"), unit("kWh"), &err), &err);
	assert_string_equal(err.text, "kg (MASS) cannot be given in kWh (ENERGY)");
	assert_rc(TJ_E_UNIT, tj_unit_ratio(&ratio, TJ_UNIT_NONE, unit("kg"), &err), &err);
	assert_true(ratio == 42 && d.coef == 42);
	assert_ok(tj_unit_ratio(&ratio, unit("MJ"), unit("kWh"), NULL), NULL);
	assert_true(ratio == 1 / 3.6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(every_unit_is_whole),
		test(every_dimension_has_its_base_unit),
		test(units_are_known_by_many_names),
		test(pact_names_its_declared_units),
		test(an_unknown_unit_is_told_its_neighbours),
		test(conversions_are_exact),
		test(what_has_no_end_or_another_dimension_is_refused),
	};

	return RUN(tests);
}
