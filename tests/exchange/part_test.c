#include <stdio.h>

#include "exchange/book_csv.h"
#include "model/base/buf.h"
#include "tests/support/support.h"

/* A reading of one table that is large enough to be cut into parts. */
struct reading {
	struct tj_arena		*arena;
	struct tj_book		 book;
	struct tj_findings	 findings;
	struct tj_err		 err;
	enum tj_rc		 rc;
};

static void
read_inputs(struct reading *r, tj_str text, struct tj_crew *crew)
{
	*r = (struct reading){ .arena = tj_arena_new((size_t)1 << 30) };
	tj_book_init(&r->book, r->arena);
	tj_findings_init(&r->findings, r->arena);
	r->rc = tj_book_read_table(&r->book, TJ_TABLE_products, TJ_S("p"),
	    TJ_S("product,unit\nkilowatts,kWh\n"), crew, &r->findings, r->arena, &r->err);
	assert_ok(r->rc, &r->err);
	r->rc = tj_book_read_table(&r->book, TJ_TABLE_inputs, TJ_S("i"), text, crew,
	    &r->findings, r->arena, &r->err);
}

enum habit { PLAIN, QUOTED, LONG, FAULTY };

/* Rows of which the i-th has the amount i + 1; their lines, counted as they are made. */
static tj_str
make_inputs(uint32_t *lines, struct tj_buf *buf, enum habit habit, size_t rows, const char *end)
{
	uint32_t line = 2;
	uint64_t seed = 3;

	tj_buf_init(buf, (size_t)1 << 30);
	tj_buf_fmt(buf, "x-note,activity,product,amount,unit%s", end);
	for (size_t i = 0; i < rows; i++) {
		const uint64_t dice = tj_test_random(&seed) % 100;
		const bool broken = habit == QUOTED && dice < 30;

		if (dice == 99) {		/* an empty line */
			tj_buf_fmt(buf, "%s", end);
			line++;
		}
		lines[i] = line++;
		if (broken)
			tj_buf_fmt(buf, "\"a \"\"note\"\",%sa,b,1,kg%s\"", end, end);
		else if (habit == LONG)
			tj_buf_fmt(buf, "\"%060000d\n\"", 7);
		line += broken ? 2 : habit == LONG;
		tj_buf_fmt(buf, ",act%zu,prod%llu,%zu,%s%s", i / 7,
		    (unsigned long long)(dice * 1000 + i % 50), i + 1,
		    habit == FAULTY && dice < 2 ? "parsec" : "kg", end);
		if (habit == FAULTY && dice == 5) {
			tj_buf_fmt(buf, ",act,kilowatts,%zu,kg%s", i, end);
			line++;
		}
	}
	assert_false(buf->failed);
	return tj_buf_view(buf);
}

static void
check(enum habit habit, size_t rows, const char *end, struct tj_crew *crew)
{
	uint32_t *lines = calloc(rows, sizeof(*lines));
	struct tj_buf buf;
	struct reading r;

	assert_non_null(lines);
	read_inputs(&r, make_inputs(lines, &buf, habit, rows, end), crew);
	assert_rc(TJ_OK, r.rc, &r.err);
	assert_int_equal(r.book.inputs.n, rows);
	for (size_t i = 0; i < rows; i++) {
		const struct tj_input *row = &r.book.inputs.v[i];

		if (row->amount < (double)(i + 1) || row->amount > (double)(i + 1) ||
		    row->src.line != lines[i] || row->activity != i / 7)
			fail_msg("row %zu: amount %g, line %u not %u", i, row->amount,
			    row->src.line, lines[i]);
	}
	tj_arena_free(r.arena);
	tj_buf_fini(&buf);
	free(lines);
}

static void
rows_are_whole_and_in_order_wherever_the_text_is_cut(void **state)
{
	struct tj_crew *crew;

	(void)state;
	assert_ok(tj_crew_new(&crew, 3, NULL), NULL);
	check(PLAIN, 100000, "\n", NULL);
	check(PLAIN, 100000, "\r\n", crew);
	check(PLAIN, 20000, "\r", crew);
	check(QUOTED, 60000, "\n", NULL);
	check(QUOTED, 60000, "\r\n", crew);
	check(LONG, 40, "\n", NULL);
	check(LONG, 40, "\n", crew);
	tj_crew_free(crew);
}

/* The same findings, word for word, and a book as before. */
static void
findings_are_in_the_order_of_the_file(void **state)
{
	const size_t rows = 120000;
	uint32_t *lines = calloc(rows, sizeof(*lines)), last = 0;
	struct tj_buf buf;
	struct reading one, three;
	struct tj_crew *crew;
	tj_str text;

	(void)state;
	assert_non_null(lines);
	assert_ok(tj_crew_new(&crew, 3, NULL), NULL);
	text = make_inputs(lines, &buf, FAULTY, rows, "\n");
	read_inputs(&one, text, NULL);
	read_inputs(&three, text, crew);
	assert_rc(TJ_E_DATA, one.rc, &one.err);
	assert_string_equal(one.err.text, three.err.text);
	assert_true(one.findings.list.n > 3000);
	assert_int_equal(one.findings.list.n, three.findings.list.n);
	assert_int_equal(one.findings.counts[TJ_ERROR], one.findings.list.n);
	assert_int_equal(three.findings.counts[TJ_ERROR], one.findings.list.n);
	for (size_t i = 0; i < one.findings.list.n; i++) {
		const struct tj_finding *a = &one.findings.list.v[i];
		const struct tj_finding *b = &three.findings.list.v[i];

		assert_true(a->rule == b->rule && a->place.line == b->place.line &&
		    a->place.column == b->place.column && tj_str_eq(a->text, b->text));
		assert_true(a->place.line > last);
		last = a->place.line;
	}
	assert_int_equal(three.book.products.n, 1);
	assert_int_equal(three.book.activities.n, 0);
	assert_int_equal(three.book.inputs.n, 0);
	tj_arena_free(one.arena);
	tj_arena_free(three.arena);
	tj_crew_free(crew);
	tj_buf_fini(&buf);
	free(lines);
}

/* A quote without an end, in the middle of the file: one finding, and nothing is read twice. */
static void
an_open_quote_ends_the_file_where_it_stands(void **state)
{
	const size_t rows = 30000;
	uint32_t *lines = calloc(rows, sizeof(*lines));
	struct tj_buf buf;
	struct reading r;
	struct tj_crew *crew;
	tj_str text;

	(void)state;
	assert_non_null(lines);
	assert_ok(tj_crew_new(&crew, 2, NULL), NULL);
	text = make_inputs(lines, &buf, PLAIN, rows, "\n");
	buf.p[tj_str_find(tj_str_cut(text, text.n / 2, text.n), ',') + text.n / 2 + 1] = '"';
	read_inputs(&r, text, crew);
	assert_rc(TJ_E_DATA, r.rc, &r.err);
	assert_int_equal(r.findings.list.n, 1);
	assert_int_equal(r.findings.list.v[0].rule, TJ_RULE_BAD_FILE);
	tj_arena_free(r.arena);
	tj_crew_free(crew);
	tj_buf_fini(&buf);
	free(lines);
}

static void
more_lines_than_are_allowed_are_refused_at_their_number(void **state)
{
	const size_t blank = 100000000;
	char *text = malloc(blank + 100);
	struct reading r;
	int n;

	(void)state;
	assert_non_null(text);
	n = snprintf(text, 100, "activity,product,amount,unit\na,b,1,kg\n");
	memset(text + n, '\n', blank - 3);
	memcpy(text + (size_t)n + blank - 3, "a,b,2,kg\na,b,3,kg\n", 18);
	read_inputs(&r, (tj_str){ text, (size_t)n + blank - 3 + 18 }, NULL);
	assert_rc(TJ_E_DATA, r.rc, &r.err);
	assert_int_equal(r.findings.list.n, 1);
	assert_int_equal(r.findings.list.v[0].place.line, 100000001);
	tj_arena_free(r.arena);
	free(text);
}

static enum tj_rc
read_parts(tj_str text)
{
	struct tj_arena *arena = tj_arena_new((size_t)1 << 30);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_findings findings;
	struct tj_book book;

	tj_book_init(&book, arena);
	tj_findings_init(&findings, arena);
	if (rc == TJ_OK)
		rc = tj_book_read_table(&book, TJ_TABLE_inputs, TJ_S("i"), text, NULL, &findings,
		    arena, NULL);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	uint32_t *lines = calloc(20000, sizeof(*lines));
	struct tj_buf buf;
	tj_str text;

	(void)state;
	assert_non_null(lines);
	text = make_inputs(lines, &buf, QUOTED, 20000, "\n");
	OOM_LOOP(read_parts(text));
	tj_buf_fini(&buf);
	free(lines);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(rows_are_whole_and_in_order_wherever_the_text_is_cut),
		test(findings_are_in_the_order_of_the_file),
		test(an_open_quote_ends_the_file_where_it_stands),
		test(more_lines_than_are_allowed_are_refused_at_their_number),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
