#include "exchange/csv.h"
#include "model/base/limits.h"
#include "tests/support/support.h"

/* All rows as "line:cell|cell;", for comparison. */
static tj_str
rows_of(const char *text, char separator, struct tj_arena *arena)
{
	struct tj_csv_row row;
	struct tj_csv csv;
	struct tj_err err;
	tj_str all = TJ_S("");

	tj_csv_open(&csv, tj_str_of(text), separator, arena);
	for (;;) {
		assert_ok(tj_csv_next(&row, &csv, &err), &err);
		if (row.count == 0)
			return all;
		all = tj_str_fmt(arena, "%.*s%u:", TJ_FMT(all), row.line);
		for (size_t i = 0; i < row.count; i++)
			all = tj_str_fmt(arena, "%.*s%.*s%s", TJ_FMT(all),
			    TJ_FMT(row.cells[i]), i + 1 < row.count ? "|" : ";");
	}
}

static void
rows_and_cells_are_told_apart(void **state)
{
	static const struct {
		const char	*text;
		char		 separator;
		const char	*rows;
	} cases[] = {
		{ "", ',', "" },
		{ "a", ',', "1:a;" },
		{ "a,b\nc,d\n", ',', "1:a|b;2:c|d;" },
		{ "a,b\r\nc,d\r\n", ',', "1:a|b;2:c|d;" },
		{ "a,b\rc,d", ',', "1:a|b;2:c|d;" },
		{ "\n\r\n\na\n\n\nb", ',', "4:a;7:b;" },
		{ ",\n,,", ',', "1:|;2:||;" },
		{ "a,b,", ',', "1:a|b|;" },
		{ "\"a,b\",c", ',', "1:a,b|c;" },
		{ "\"a\nb\r\nc\",d\ne", ',', "1:a\nb\r\nc|d;4:e;" },
		{ "\"say \"\"x\"\"\",\"\"\"\",\"\"", ',', "1:say \"x\"|\"|;" },
		{ "5\" pipe,6\"", ',', "1:5\" pipe|6\";" },
		{ "a\tb;c\td,e", '\t', "1:a|b;c|d,e;" },
		{ "a;b", 0, "1:a|b;" },
		{ " a , b ", ',', "1: a | b ;" },
	};
	struct tj_arena *arena = tj_arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_str(cases[i].rows, rows_of(cases[i].text, cases[i].separator, arena));
	tj_arena_free(arena);
}

static void
the_separator_is_told_by_the_header(void **state)
{
	(void)state;
	assert_int_equal(tj_csv_separator(TJ_S("a,b;c,d\nx;y;z;;;")), ',');
	assert_int_equal(tj_csv_separator(TJ_S("a;b,c;d")), ';');
	assert_int_equal(tj_csv_separator(TJ_S("a\tb, c\td")), '\t');
	assert_int_equal(tj_csv_separator(TJ_S("\"a;b;c\",d")), ',');
	assert_int_equal(tj_csv_separator(TJ_S("alone")), ',');
	assert_int_equal(tj_csv_separator(TJ_S("a\tb;c")), '\t');
}

static void
cells_without_doubled_quotes_are_not_copied(void **state)
{
	const tj_str text = TJ_S("\"a,b\",c");
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_csv_row row;
	struct tj_csv csv;

	(void)state;
	tj_csv_open(&csv, text, ',', arena);
	assert_ok(tj_csv_next(&row, &csv, NULL), NULL);
	assert_ptr_equal(row.cells[0].p, text.p + 1);
	assert_ptr_equal(row.cells[1].p, text.p + 6);
	tj_arena_free(arena);
}

static void
lines_can_be_passed_over_as_they_stand(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_csv_row row;
	struct tj_csv csv;

	(void)state;
	tj_csv_open(&csv, TJ_S("a \" title\r\n\nb,c"), ',', arena);
	tj_csv_skip_line(&csv);
	tj_csv_skip_line(&csv);
	assert_ok(tj_csv_next(&row, &csv, NULL), NULL);
	assert_int_equal(row.line, 3);
	assert_int_equal(row.count, 2);
	tj_csv_skip_line(&csv);
	assert_ok(tj_csv_next(&row, &csv, NULL), NULL);
	assert_int_equal(row.count, 0);
	tj_arena_free(arena);
}

static void
fails_at(enum tj_rc rc, tj_str text, uint32_t line, uint32_t column)
{
	struct tj_arena *arena = tj_arena_new(1 << 24);
	struct tj_err err = { 0 };
	struct tj_csv_row row = { .count = 1 };
	struct tj_csv csv;
	enum tj_rc got = TJ_OK;

	tj_csv_open(&csv, text, ',', arena);
	while (got == TJ_OK && row.count > 0)
		got = tj_csv_next(&row, &csv, &err);
	assert_rc(rc, got, &err);
	assert_int_equal(err.line, line);
	assert_int_equal(err.column, column);
	tj_arena_free(arena);
}

static void
broken_quotes_are_refused_with_line_and_cell(void **state)
{
	(void)state;
	fails_at(TJ_E_DATA, TJ_S("a,b\nc,\"d\n\n\n"), 2, 2);
	fails_at(TJ_E_DATA, TJ_S("\""), 1, 1);
	fails_at(TJ_E_DATA, TJ_S("a\n\"b\"c,d"), 2, 1);
	fails_at(TJ_E_DATA, TJ_S("\"b\"\"\",\"a\nb\" ,d"), 2, 2);
}

static void
a_million_columns_and_endless_cells_are_refused(void **state)
{
	const size_t n = 1000000;
	char *text = malloc(n);

	(void)state;
	assert_non_null(text);
	memset(text, ',', n);
	fails_at(TJ_E_LIMIT, (tj_str){ text, n }, 1, TJ_MAX_COLUMNS + 1);
	memset(text, 'x', n);
	fails_at(TJ_E_LIMIT, (tj_str){ text, n }, 1, 1);
	text[0] = '"';
	fails_at(TJ_E_DATA, (tj_str){ text, n }, 1, 1);
	free(text);
}

static enum tj_rc
read_some(void)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_csv_row row;
	struct tj_csv csv;
	enum tj_rc rc = TJ_E_NOMEM;

	if (arena != NULL) {
		tj_csv_open(&csv, TJ_S("\"a\"\"b\",1,2,3,4,5,6,7,8,9"), ',', arena);
		rc = tj_csv_next(&row, &csv, NULL);
	}
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(read_some());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(rows_and_cells_are_told_apart),
		test(the_separator_is_told_by_the_header),
		test(cells_without_doubled_quotes_are_not_copied),
		test(lines_can_be_passed_over_as_they_stand),
		test(broken_quotes_are_refused_with_line_and_cell),
		test(a_million_columns_and_endless_cells_are_refused),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
