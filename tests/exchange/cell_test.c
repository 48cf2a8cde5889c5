#include <math.h>
#include <stdio.h>

#include "exchange/cell.h"
#include "tests/support/support.h"

static bool
reads(struct tj_cell *cell, const char *text, enum tj_cell_type type, char point)
{
	const struct tj_cell_style style = { .number = { .decimal = point } };

	return tj_cell_read_next(cell, tj_str_of(text), type, &style, NULL, NULL) == TJ_OK;
}

/* Reads as the exact number does, to the last bit. */
static void
check_number(const char *text, char point)
{
	struct tj_cell cell = tj_cell_empty;
	double want = NAN;
	tj_dec exact;

	if (tj_dec_parse_as(&exact, tj_str_of(text), (tj_number_style){ .decimal = point },
	    NULL) == TJ_OK)
		want = tj_dec_double(exact);
	if (reads(&cell, text, TJ_CELL_NUMBER, point) != (fabs(want) <= 1e15) ||
	    (!isnan(want) && fabs(want) <= 1e15 &&
	    memcmp(&cell.number, &want, sizeof(want)) != 0))
		fail_msg("%s: %.17g, not %.17g", text, cell.number, want);
}

static void
numbers_are_exact_however_they_are_written(void **state)
{
	static const char *const texts[] = { "0", "-0", "-0.0", "1.", ".5", "-.5", "-", "1..2",
	    "1.2.3", "1-2", "--1", "+1", "1e3", "0.000000000000001", "-123456789012.345",
	    "999999999999999", "1000000000000000", "1000000000000001", "9007199254740993",
	    "0.1234567890123456", "00000000000000000000001", "1,5", "0x1", "5 ", "1.5kg" };
	uint64_t seed = 7;
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		check_number(texts[i], '.');
		check_number(texts[i], ',');
	}
	for (int i = 0; i < 200000; i++) {
		const int digits = (int)(tj_test_random(&seed) % 19);

		(void)snprintf(text, sizeof(text), "%s%.*f", i % 3 == 0 ? "-" : "", digits,
		    pow(10, tj_test_uniform(&seed) * 20 - 5));
		check_number(text, '.');
	}
}

static void
what_stands_there_again_is_the_same(void **state)
{
	struct tj_cell unit = tj_cell_empty, word = tj_cell_empty, day = tj_cell_empty;

	(void)state;
	assert_true(reads(&unit, "kg", TJ_CELL_UNIT, '.'));
	assert_true(reads(&unit, " kg", TJ_CELL_UNIT, '.'));
	assert_string_equal(tj_unit_symbol(unit.unit), "kg");
	assert_true(reads(&unit, "t", TJ_CELL_UNIT, '.'));
	assert_string_equal(tj_unit_symbol(unit.unit), "t");
	assert_false(reads(&unit, "tt", TJ_CELL_UNIT, '.'));
	assert_true(reads(&unit, "", TJ_CELL_UNIT, '.'));
	assert_int_equal(unit.unit, TJ_UNIT_NONE);
	assert_false(unit.given);
	assert_true(reads(&day, "20260930", TJ_CELL_DATE, '.'));
	assert_true(reads(&day, "00000000", TJ_CELL_DATE, '.'));
	assert_false(day.given);
	assert_true(reads(&day, "", TJ_CELL_DATE, '.'));
	assert_int_equal(day.text.n, 0);
	assert_int_equal(day.date, TJ_DATE_NONE);
	assert_true(reads(&word, "treat", TJ_CELL_INPUT_ROLE, '.'));
	assert_true(reads(&word, "treat", TJ_CELL_INPUT_ROLE, '.'));
	assert_int_equal(word.code, 1);
	assert_true(reads(&word, "use", TJ_CELL_INPUT_ROLE, '.'));
	assert_int_equal(word.code, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(numbers_are_exact_however_they_are_written),
		test(what_stands_there_again_is_the_same),
	};

	return RUN(tests);
}
