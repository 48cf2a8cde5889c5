#include <float.h>
#include <math.h>

#include "model/decimal.h"
#include "tests/support/support.h"

static const tj_number_style german = { ',', '.', true };

static tj_dec
dec(const char *text)
{
	tj_dec d = TJ_DEC_ZERO;

	assert_ok(tj_dec_parse(&d, tj_str_of(text), NULL), NULL);
	return d;
}

static void
assert_dec_(const char *want, tj_dec got, const char *file, int line)
{
	char text[TJ_DEC_TEXT];

	tj_assert_str(want, tj_str_of(tj_dec_text(text, got)), file, line);
}
#define assert_dec(want, got)	assert_dec_((want), (got), __FILE__, __LINE__)

static void
numbers_keep_their_scale(void **state)
{
	static const char *const cases[][2] = {
		{ "0", "0" }, { "1.50", "1.50" }, { "-1.50", "-1.50" }, { "+7", "7" },
		{ "007", "7" }, { "-0.00", "0.00" }, { ".5", "0.5" }, { "5.", "5" },
		{ "2e-3", "0.002" }, { "1.5E+3", "1500" }, { "12e0", "12" },
		{ "0e5", "0" }, { "\xe2\x88\x92" "3", "-3" }, { " 4 ", "4" },
		{ "\xc2\xa0" "4", "4" }, { "0.0000001", "0.0000001" },
		{ "9999999999999999999999999999999999",
		    "9999999999999999999999999999999999" },
		{ "99999999999999999999999999999999990",
		    "99999999999999999999999999999999990" },
		{ "1.000000000000000000000000000000000000",
		    "1.000000000000000000000000000000000" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_dec(cases[i][1], dec(cases[i][0]));
}

static void
what_is_no_number_is_refused(void **state)
{
	static const char *const cases[] = {
		"", " ", "-", "+", ".", "e5", "1e", "1e+", "--1", "+-1", "1-", "1.2.3",
		"1,5", "1 000", "nan", "NaN", "inf", "-Infinity", "0x10", "1_000", "12a",
		"#REF!", "1e5e5", "\xef\xbc\x91", "(1)", "1\xe2\x88\x92", "5 kg", "- 5",
	};
	struct tj_err err = { 0 };
	tj_dec d = { 42, 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_rc(TJ_E_DATA, tj_dec_parse(&d, tj_str_of(cases[i]), &err), &err);
	assert_rc(TJ_E_DATA, tj_dec_parse(&d, (tj_str){ "1\0002", 3 }, &err), &err);
	assert_dec("42", d);
	assert_rc(TJ_E_DATA, tj_dec_parse(&d, TJ_S("12,3a"), &err), &err);
	assert_string_equal(err.text, "expected a number, found \"12,3a\"");
}

static void
what_does_not_fit_is_out_of_range(void **state)
{
	static const char *const cases[] = {
		"12345678901234567890123456789012345",
		"0.12345678901234567890123456789012345", "1e434", "1e-401",
		"1e99999999999999999999", "1e-99999999999999999999",
	};
	struct tj_err err = { 0 };
	tj_dec d = { 42, 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_rc(TJ_E_RANGE, tj_dec_parse(&d, tj_str_of(cases[i]), &err), &err);
	assert_dec("42", d);
	assert_int_equal(strlen(tj_dec_text((char[TJ_DEC_TEXT]){ 0 }, dec("-1e433"))), 435);
	assert_int_equal(strlen(tj_dec_text((char[TJ_DEC_TEXT]){ 0 }, dec("-1e-400"))), 403);
}

static void
numbers_are_read_as_their_file_spells_them(void **state)
{
	static const tj_number_style swiss = { '.', '\'', false };
	static const tj_number_style french = { ',', ' ', false };
	tj_dec d;

	(void)state;
	assert_ok(tj_dec_parse_as(&d, TJ_S("1.234.567,80"), german, NULL), NULL);
	assert_dec("1234567.80", d);
	assert_ok(tj_dec_parse_as(&d, TJ_S("155,22-"), german, NULL), NULL);
	assert_dec("-155.22", d);
	assert_ok(tj_dec_parse_as(&d, TJ_S("-155,22"), german, NULL), NULL);
	assert_dec("-155.22", d);
	assert_ok(tj_dec_parse_as(&d, TJ_S("1234,5"), german, NULL), NULL);
	assert_dec("1234.5", d);
	assert_ok(tj_dec_parse_as(&d, TJ_S("1'234.5"), swiss, NULL), NULL);
	assert_dec("1234.5", d);
	assert_ok(tj_dec_parse_as(&d, TJ_S("1\xe2\x80\x99" "234.5"), swiss, NULL), NULL);
	assert_dec("1234.5", d);
	assert_ok(tj_dec_parse_as(&d, TJ_S("12\xc2\xa0" "345 678,5"), french, NULL), NULL);
	assert_dec("12345678.5", d);
	assert_ok(tj_dec_parse_as(&d, TJ_S("1\xe2\x80\xaf" "000"), french, NULL), NULL);
	assert_dec("1000", d);
}

static void
groups_stand_at_thousands(void **state)
{
	static const char *const cases[] = {
		"1.23", "1234.567", "1.2345", ".123", "1..234", "1.234.", "1.234.5,0",
		"1,234.567", "1.234,5-6", "-1,0-", "1,5--", "1,234,567",
	};
	struct tj_err err = { 0 };
	tj_dec d;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_rc(TJ_E_DATA,
		    tj_dec_parse_as(&d, tj_str_of(cases[i]), german, &err), &err);
}

static void
sums_and_products_are_exact(void **state)
{
	tj_dec d;

	(void)state;
	assert_ok(tj_dec_add(&d, dec("0.1"), dec("0.20"), NULL), NULL);
	assert_dec("0.30", d);
	assert_ok(tj_dec_add(&d, dec("1e30"), dec("0.001"), NULL), NULL);
	assert_dec("1000000000000000000000000000000.001", d);
	assert_rc(TJ_E_RANGE, tj_dec_add(&d, dec("1e30"), dec("0.00001"), NULL), NULL);
	assert_ok(tj_dec_add(&d, dec("1e30"), dec("1.0000000000"), NULL), NULL);
	assert_dec("1000000000000000000000000000001.000", d);
	assert_ok(tj_dec_sub(&d, dec("1e400"), dec("1e400"), NULL), NULL);
	assert_int_equal(tj_dec_sign(d), 0);
	assert_ok(tj_dec_add(&d, dec("0e400"), dec("1e-400"), NULL), NULL);
	assert_int_equal(tj_dec_cmp(d, dec("1e-400")), 0);
	assert_ok(tj_dec_mul(&d, dec("1.20"), dec("-3.5"), NULL), NULL);
	assert_dec("-4.200", d);
	assert_rc(TJ_E_RANGE, tj_dec_mul(&d, dec("1e300"), dec("1e200"), NULL), NULL);
	assert_rc(TJ_E_RANGE, tj_dec_mul(&d, dec("123456789012345678"),
	    dec("123456789012345679"), NULL), NULL);
}

/* 5^40 times 2^60 has 47 digits, and 40 of them are zeros. */
static void
products_with_many_zeros_fit(void **state)
{
	tj_dec five = dec("1"), two = dec("1"), d;

	(void)state;
	for (int i = 0; i < 40; i++)
		assert_ok(tj_dec_mul(&five, five, dec("5"), NULL), NULL);
	for (int i = 0; i < 60; i++)
		assert_ok(tj_dec_mul(&two, two, dec("2"), NULL), NULL);
	assert_ok(tj_dec_mul(&d, five, two, NULL), NULL);
	assert_int_equal(tj_dec_cmp(d, dec("1048576e40")), 0);
}

/* The table of java.math.RoundingMode's documentation, and more digits. */
static void
rounding_follows_its_name(void **state)
{
	static const struct {
		const char	*in;
		const char	*half_even, *half_up, *down, *up, *floor, *ceiling;
	} cases[] = {
		{ "5.5", "6", "6", "5", "6", "5", "6" },
		{ "2.5", "2", "3", "2", "3", "2", "3" },
		{ "1.6", "2", "2", "1", "2", "1", "2" },
		{ "1.1", "1", "1", "1", "2", "1", "2" },
		{ "1.0", "1", "1", "1", "1", "1", "1" },
		{ "-1.0", "-1", "-1", "-1", "-1", "-1", "-1" },
		{ "-1.1", "-1", "-1", "-1", "-2", "-2", "-1" },
		{ "-1.6", "-2", "-2", "-1", "-2", "-2", "-1" },
		{ "-2.5", "-2", "-3", "-2", "-3", "-3", "-2" },
		{ "-5.5", "-6", "-6", "-5", "-6", "-6", "-5" },
		{ "0.50000001", "1", "1", "0", "1", "0", "1" },
		{ "1e-300", "0", "0", "0", "1", "0", "1" },
	};
	tj_dec d;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *const want[] = { cases[i].half_even, cases[i].half_up,
		    cases[i].down, cases[i].up, cases[i].floor, cases[i].ceiling };

		for (int mode = TJ_ROUND_HALF_EVEN; mode <= TJ_ROUND_CEILING; mode++) {
			assert_ok(tj_dec_round(&d, dec(cases[i].in), 0,
			    (enum tj_round)mode, NULL), NULL);
			assert_dec(want[mode], d);
		}
	}
}

static void
quotients_have_the_digits_asked_for(void **state)
{
	tj_dec d;

	(void)state;
	assert_ok(tj_dec_div(&d, dec("1"), dec("3"), 5, TJ_ROUND_HALF_EVEN, NULL), NULL);
	assert_dec("0.33333", d);
	assert_ok(tj_dec_div(&d, dec("-2"), dec("3"), 2, TJ_ROUND_HALF_EVEN, NULL), NULL);
	assert_dec("-0.67", d);
	assert_ok(tj_dec_div(&d, dec("1"), dec("8"), 2, TJ_ROUND_HALF_EVEN, NULL), NULL);
	assert_dec("0.12", d);
	assert_ok(tj_dec_div(&d, dec("1250"), dec("1"), -2, TJ_ROUND_HALF_EVEN, NULL), NULL);
	assert_dec("1200", d);
	assert_ok(tj_dec_div(&d, dec("1250.01"), dec("1"), -2, TJ_ROUND_HALF_EVEN, NULL),
	    NULL);
	assert_dec("1300", d);
	assert_ok(tj_dec_round(&d, dec("7"), 3, TJ_ROUND_DOWN, NULL), NULL);
	assert_dec("7.000", d);
	assert_rc(TJ_E_RANGE, tj_dec_div(&d, dec("1"), dec("0.0"), 1, TJ_ROUND_UP, NULL),
	    NULL);
	assert_rc(TJ_E_RANGE, tj_dec_div(&d, dec("1"), dec("3"), 40, TJ_ROUND_UP, NULL),
	    NULL);
	assert_rc(TJ_E_RANGE, tj_dec_round(&d, dec("1"), 500, TJ_ROUND_UP, NULL), NULL);
	assert_rc(TJ_E_RANGE, tj_dec_round(&d, dec("9999999999999999999999999999999999"),
	    1, TJ_ROUND_UP, NULL), NULL);
	assert_ok(tj_dec_div_exact(&d, dec("7.2"), dec("3.6"), NULL), NULL);
	assert_dec("2", d);
	assert_ok(tj_dec_div_exact(&d, dec("-1"), dec("8"), NULL), NULL);
	assert_dec("-0.125", d);
	assert_rc(TJ_E_RANGE, tj_dec_div_exact(&d, dec("1"), dec("3"), NULL), NULL);
	assert_rc(TJ_E_RANGE, tj_dec_div_exact(&d, dec("1"), dec("0"), NULL), NULL);
}

static void
order_is_by_value(void **state)
{
	static const char *const rising[] = {
		"-1e400", "-10.5", "-10.4", "-1e-400", "0", "1e-400", "0.999", "1.0",
		"9.99", "10", "9999999999999999999999999999999999",
		"10000000000000000000000000000000000", "1e400",
	};
	const int n = (int)(sizeof(rising) / sizeof(rising[0]));

	(void)state;
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
			assert_int_equal(tj_dec_cmp(dec(rising[i]), dec(rising[j])),
			    (i > j) - (i < j));
	assert_int_equal(tj_dec_cmp(dec("1.0"), dec("1.000")), 0);
	assert_int_equal(tj_dec_cmp(dec("0"), dec("-0.00")), 0);
}

static const struct test_double {
	const char	*text;
	double		 want;
} doubles[] = {
	{ "0", 0 }, { "0.1", 0.1 }, { "-0.3", -0.3 }, { "1e23", 1e23 },
	{ "9007199254740993", 9007199254740992.0 },
	{ "9007199254740995", 9007199254740996.0 },
	{ "2.2250738585072012e-308", DBL_MIN }, { "4.9e-324", 0x1p-1074 },
	{ "2.4e-324", 0 }, { "1.7976931348623157e308", DBL_MAX },
	{ "1.8e308", INFINITY }, { "-1e400", -INFINITY },
	{ "0.500000000000000166533453693773481", 0.50000000000000011102230246251565 },
	{ "6929495644600919.5", 6929495644600920.0 },
};

static void
doubles_are_the_nearest(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(doubles) / sizeof(doubles[0]); i++)
		assert_true(tj_dec_double(dec(doubles[i].text)) == doubles[i].want);
}

static void
doubles_are_taken_at_their_exact_value(void **state)
{
	tj_dec d = { 42, 0 };

	(void)state;
	assert_ok(tj_dec_of_double(&d, 0.1, 22, NULL), NULL);
	assert_dec("0.1000000000000000055511", d);
	assert_ok(tj_dec_of_double(&d, 2.5, 0, NULL), NULL);
	assert_dec("2", d);
	assert_ok(tj_dec_of_double(&d, -3.5, 0, NULL), NULL);
	assert_dec("-4", d);
	assert_ok(tj_dec_of_double(&d, -0.5, 0, NULL), NULL);
	assert_dec("0", d);
	assert_ok(tj_dec_of_double(&d, 1250, -2, NULL), NULL);
	assert_dec("1200", d);
	assert_ok(tj_dec_of_double(&d, 1250.0000001, -2, NULL), NULL);
	assert_dec("1300", d);
	assert_ok(tj_dec_of_double(&d, 0x1p-1074, 3, NULL), NULL);
	assert_dec("0.000", d);
	assert_ok(tj_dec_of_double(&d, 0x1p112, 0, NULL), NULL);
	assert_dec("5192296858534827628530496329220096", d);
	assert_rc(TJ_E_RANGE, tj_dec_of_double(&d, 1e34, 1, NULL), NULL);
	assert_rc(TJ_E_RANGE, tj_dec_of_double(&d, DBL_MAX, 0, NULL), NULL);
	assert_rc(TJ_E_RANGE, tj_dec_of_double(&d, (double)NAN, 0, NULL), NULL);
	assert_rc(TJ_E_RANGE, tj_dec_of_double(&d, (double)-INFINITY, 0, NULL), NULL);
	assert_rc(TJ_E_RANGE, tj_dec_of_double(&d, 1, 23, NULL), NULL);
	assert_dec("5192296858534827628530496329220096", d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(numbers_keep_their_scale),
		test(what_is_no_number_is_refused),
		test(what_does_not_fit_is_out_of_range),
		test(numbers_are_read_as_their_file_spells_them),
		test(groups_stand_at_thousands),
		test(sums_and_products_are_exact),
		test(products_with_many_zeros_fit),
		test(rounding_follows_its_name),
		test(quotients_have_the_digits_asked_for),
		test(order_is_by_value),
		test(doubles_are_the_nearest),
		test(doubles_are_taken_at_their_exact_value),
	};

	return RUN(tests);
}
