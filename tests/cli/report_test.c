#include <math.h>

#include "engine/cli/report.h"
#include "tests/support/support.h"

static void
a_number_has_fifteen_digits_and_no_exponent(void **state)
{
	static const struct {
		double number;
		const char *text;
	} cases[] = {
		{ 0, "0.00000000000000" },
		{ 1, "1.00000000000000" },
		{ -2.5, "-2.50000000000000" },
		{ 1.0 / 3, "0.333333333333333" },
		{ 123456789.125, "123456789.125000" },
		{ 1e15, "1000000000000000" },
		{ 1e-9, "0.00000000100000000000000" },
	};
	char text[TJ_NUMBER_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(tj_report_number(text, cases[i].number), cases[i].text);
}

static void
the_largest_and_the_smallest_number_fit(void **state)
{
	static const double numbers[] = { 1.7976931348623157e308, -1.7976931348623157e308,
	    2.2250738585072014e-308, -4.9406564584124654e-324 };
	char text[TJ_NUMBER_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		const double back = strtod(tj_report_number(text, numbers[i]), NULL);

		assert_true(strlen(text) + 1 < TJ_NUMBER_TEXT);
		assert_true(fabs(back - numbers[i]) <= 1e-14 * fabs(numbers[i]));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_number_has_fifteen_digits_and_no_exponent),
		test(the_largest_and_the_smallest_number_fit),
	};

	return RUN(tests);
}
