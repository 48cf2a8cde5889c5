#include "model/base/date.h"
#include "tests/support/support.h"

static tj_date
day(int y, int m, int d)
{
	tj_date date = TJ_DATE_NONE;

	assert_true(tj_date_make(&date, y, m, d));
	return date;
}

static void
assert_day_(const char *want, tj_date got, const char *file, int line)
{
	char text[TJ_DATE_TEXT];

	tj_assert_str(want, tj_str_of(tj_date_text(text, got)), file, line);
}
#define assert_day(want, got)	assert_day_((want), (got), __FILE__, __LINE__)

static void
known_days_have_their_numbers(void **state)
{
	(void)state;
	assert_int_equal(day(1970, 1, 1), 0);
	assert_int_equal(day(1969, 12, 31), -1);
	assert_int_equal(day(2000, 3, 1), 11017);
	assert_int_equal(day(1, 1, 1), -719162);
	assert_int_equal(day(9999, 12, 31), 2932896);
}

static void
every_day_splits_into_what_made_it(void **state)
{
	int y = 1, m = 1, d = 0, year, month, dom;

	(void)state;
	for (tj_date date = -719162; date <= 2932896; date++) {
		tj_date made;

		if (!tj_date_make(&made, y, m, ++d)) {
			d = 1;
			m = m % 12 + 1;
			y += m == 1;
			assert_true(tj_date_make(&made, y, m, d));
		}
		tj_date_split(&year, &month, &dom, date);
		if (made != date || year != y || month != m || dom != d)
			fail_msg("%d is not %04d-%02d-%02d", date, y, m, d);
	}
	assert_int_equal(y * 10000 + m * 100 + d, 99991231);
}

static void
days_that_are_not_are_refused(void **state)
{
	tj_date date = 42;

	(void)state;
	assert_false(tj_date_make(&date, 2025, 2, 29));
	assert_false(tj_date_make(&date, 1900, 2, 29));
	assert_true(tj_date_make(&date, 2000, 2, 29));
	assert_false(tj_date_make(&date, 2026, 4, 31));
	assert_false(tj_date_make(&date, 2026, 13, 1));
	assert_false(tj_date_make(&date, 2026, 0, 1));
	assert_false(tj_date_make(&date, 0, 1, 1));
	assert_false(tj_date_make(&date, 10000, 1, 1));
	assert_int_equal(date, day(2000, 2, 29));
}

static void
dates_are_read_in_the_three_shapes(void **state)
{
	static const struct {
		const char		*text;
		enum tj_date_format	 format;
		const char		*want;		/* NULL: refused */
	} cases[] = {
		{ "2026-09-30", TJ_DATE_ANY, "2026-09-30" },
		{ "2026/09/30", TJ_DATE_ISO, "2026-09-30" },
		{ "2026-09-30T08:15:00Z", TJ_DATE_ANY, "2026-09-30" },
		{ "2026-09-30 8:15", TJ_DATE_ANY, "2026-09-30" },
		{ "2026/9/30", TJ_DATE_ANY, "2026-09-30" },
		{ "2026-9-3", TJ_DATE_ISO, "2026-09-03" },
		{ "2026/9/3 0:00", TJ_DATE_ISO, "2026-09-03" },
		{ "2026/12/3", TJ_DATE_ANY, "2026-12-03" },
		{ "2026/9-30", TJ_DATE_ANY, NULL },
		{ "2026/9/31", TJ_DATE_ANY, NULL },
		{ "2026/9/301", TJ_DATE_ANY, NULL },
		{ "2026/009/3", TJ_DATE_ANY, NULL },
		{ "2026//3", TJ_DATE_ANY, NULL },
		{ "2026/9/", TJ_DATE_ANY, NULL },
		{ "2026/9", TJ_DATE_ANY, NULL },
		{ "2026/", TJ_DATE_ANY, NULL },
		{ "26/9/3", TJ_DATE_ANY, NULL },
		{ "2026/9/3", TJ_DATE_COMPACT, NULL },
		{ "2026-09-30", TJ_DATE_FULL, "2026-09-30" },
		{ "2026/09/30", TJ_DATE_FULL, NULL },
		{ "2026-9-30", TJ_DATE_FULL, NULL },
		{ "2026-09-30 8:15", TJ_DATE_FULL, NULL },
		{ "20260930", TJ_DATE_ANY, "2026-09-30" },
		{ "30.09.2026", TJ_DATE_ANY, "2026-09-30" },
		{ "30.09.2026", TJ_DATE_DOTTED, "2026-09-30" },
		{ "30.09.2026", TJ_DATE_ISO, NULL },
		{ "2026-09-30", TJ_DATE_COMPACT, NULL },
		{ "20260930", TJ_DATE_DOTTED, NULL },
		{ "2026-09/30", TJ_DATE_ANY, NULL },
		{ "2026-09-31", TJ_DATE_ANY, NULL },
		{ "2026-09-30 to 2026-10-01", TJ_DATE_ANY, NULL },
		{ "2026-09-30T", TJ_DATE_ANY, NULL },
		{ "2026093", TJ_DATE_ANY, NULL },
		{ "2026093a", TJ_DATE_ANY, NULL },
		{ "00000000", TJ_DATE_ANY, NULL },
		{ "", TJ_DATE_ANY, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tj_date date = TJ_DATE_NONE;
		const bool ok = tj_date_parse(&date, tj_str_of(cases[i].text),
		    cases[i].format);

		assert_int_equal(ok, cases[i].want != NULL);
		if (ok)
			assert_day(cases[i].want, date);
		else
			assert_int_equal(date, TJ_DATE_NONE);
	}
}

static void
months_end_where_they_end(void **state)
{
	(void)state;
	assert_day("2026-02-28", tj_date_add_months(day(2026, 1, 31), 1));
	assert_day("2024-02-29", tj_date_add_months(day(2025, 3, 31), -13));
	assert_day("2027-01-15", tj_date_add_months(day(2026, 1, 15), 12));
	assert_day("2025-12-15", tj_date_add_months(day(2026, 1, 15), -1));
	assert_day("9999-12-31", tj_date_add_months(day(2026, 1, 31), 2147483647));
	assert_day("0001-01-31", tj_date_add_months(day(2026, 1, 31), -2147483647));
	assert_day("2026-02-01", tj_date_month_start(day(2026, 2, 28)));
}

/* The first three are examples of RFC 3339, section 5.8. */
static void
instants_are_read_with_their_offset(void **state)
{
	static const char *const cases[][2] = {
		{ "1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50Z" },
		{ "1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57Z" },
		{ "1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27Z" },
		{ "2026-10-01", "2026-10-01T00:00:00Z" },
		{ "2026-10-01t00:00:00z", "2026-10-01T00:00:00Z" },
		{ "2026-10-01 08:00:00+08:00", "2026-10-01T00:00:00Z" },
		{ "1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z" },
		{ "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z" },
		{ "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z" },
	};
	char text[TJ_TIME_TEXT];
	tj_time time;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(tj_time_parse(&time, tj_str_of(cases[i][0])));
		assert_string_equal(tj_time_text(text, time), cases[i][1]);
	}
	assert_true(tj_time_parse(&time, TJ_S("1985-04-12T23:20:50.52Z")));
	assert_int_equal(time, 482196050);
	assert_int_equal(tj_time_of(day(1970, 1, 2)), 86400);
}

static void
instants_that_are_not_are_refused(void **state)
{
	static const char *const cases[] = {
		"", "2026-10-01T", "2026-10-01T00:00:00", "2026-10-01X00:00:00Z",
		"2026/10/01T00:00:00Z", "2026-10-01T24:00:00Z", "2026-10-01T00:60:00Z",
		"2026-10-01T00:00:60Z", "2026-10-01T00:00:00.Z", "2026-10-01T00-00-00Z",
		"2026-10-01T00:00:00+8:00", "2026-10-01T00:00:00+24:00",
		"2026-10-01T00:00:00+08:60", "2026-10-01T00:00:00+0800",
		"2026-10-01T00:00:00Zx", "2026-02-30T00:00:00Z", "2026-10-0",
		"0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
		"2026-10-01T00:00:00Ä", "+026-10-01", "2026-10-01T+1:00:00Z",
		"2026/10/01", "2026-9-30", "2026-9-3T0T08:00:00Z",
	};
	tj_time time = 42;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (tj_time_parse(&time, tj_str_of(cases[i])))
			fail_msg("accepted \"%s\"", cases[i]);
	assert_int_equal(time, 42);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(known_days_have_their_numbers),
		test(every_day_splits_into_what_made_it),
		test(days_that_are_not_are_refused),
		test(dates_are_read_in_the_three_shapes),
		test(months_end_where_they_end),
		test(instants_are_read_with_their_offset),
		test(instants_that_are_not_are_refused),
	};

	return RUN(tests);
}
