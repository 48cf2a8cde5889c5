#include "exchange/csv.h"
#include "model/base/limits.h"

#define BYTES_RISE	(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

static bool
is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

static size_t
line_length(tj_str text, size_t at)
{
	size_t end = at;

	while (end < text.n && !is_line_end(text.p[end]))
		end++;
	return end - at;
}

/* Past one line end: CRLF, LF or CR.  Not at one: nothing happens. */
static void
pass_line_end(struct tj_csv *csv)
{
	const char *p = csv->text.p + csv->at;
	const size_t n = csv->text.n - csv->at;

	if (n == 0 || !is_line_end(*p))
		return;
	csv->at += n >= 2 && p[0] == '\r' && p[1] == '\n' ? 2 : 1;
	csv->line++;
}

char
tj_csv_separator(tj_str text)
{
	static const char candidates[] = { '\t', ';', ',' };
	const tj_str line = tj_str_cut(text, 0, line_length(text, 0));
	size_t counts[3] = { 0 }, best = 2;
	bool quoted = false;

	for (size_t i = 0; i < line.n; i++) {
		quoted ^= line.p[i] == '"';
		for (size_t k = 0; k < 3; k++)
			counts[k] += !quoted && line.p[i] == candidates[k];
	}
	for (size_t k = 3; k-- > 0;)
		if (counts[k] > 0 && counts[k] >= counts[best])
			best = k;
	return candidates[best];
}

void
tj_csv_open(struct tj_csv *csv, tj_str text, char separator, struct tj_arena *arena)
{
	*csv = (struct tj_csv){ .text = text, .line = 1, .separator = separator,
	    .arena = arena };
	if (separator == 0)
		csv->separator = tj_csv_separator(text);
}

void
tj_csv_skip_line(struct tj_csv *csv)
{
	csv->at += line_length(csv->text, csv->at);
	pass_line_end(csv);
}

static enum tj_rc
fail_at(const struct tj_csv *csv, uint32_t line, enum tj_rc rc, const char *what,
    struct tj_err *err)
{
	(void)tj_fail(err, rc, "%s", what);
	(void)tj_err_at(err, NULL, line, (uint32_t)csv->cells.n + 1, NULL);
	return rc;
}

/* The cell with its doubled quotes made single, in the arena. */
static enum tj_rc
undouble(tj_str *cell, struct tj_arena *arena, struct tj_err *err)
{
	char *copy = TJ_NEWN(arena, char, cell->n);
	size_t n = 0;

	if (copy == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < cell->n; i++) {
		copy[n++] = cell->p[i];
		i += cell->p[i] == '"';		/* the second of a pair */
	}
	*cell = (tj_str){ copy, n };
	return TJ_OK;
}

/* csv->at stands on the opening quote; it ends behind the closing one. */
static enum tj_rc
read_quoted(tj_str *cell, bool *doubled, struct tj_csv *csv, struct tj_err *err)
{
	const uint32_t line = csv->line;
	const size_t from = ++csv->at;

	for (;;) {
		const size_t rest = csv->text.n - csv->at;
		char c;

		if (rest == 0)
			return fail_at(csv, line, TJ_E_DATA,
			    "found a quote that is never closed, expected another \"", err);
		c = csv->text.p[csv->at];
		if (is_line_end(c)) {
			pass_line_end(csv);
			continue;
		}
		if (c == '"' && (rest == 1 || csv->text.p[csv->at + 1] != '"'))
			break;
		*doubled |= c == '"';
		csv->at += c == '"' ? 2 : 1;
	}
	*cell = tj_str_cut(csv->text, from, csv->at++ - from);
	if (csv->at < csv->text.n && csv->text.p[csv->at] != csv->separator &&
	    !is_line_end(csv->text.p[csv->at]))
		return fail_at(csv, csv->line, TJ_E_DATA,
		    "found text behind a closing quote, expected the end of the cell", err);
	return TJ_OK;
}

/*
 * How many of the eight bytes from p on, the first of which ends no cell, can be passed
 * over.  Those below 0x0e, line ends among them, and those equal to the separator are
 * marked; the lowest mark is true, higher ones may not be (Warren, Hacker's Delight, 6-1).
 */
static size_t
passed(const char *p, char separator)
{
	const uint64_t ones = 0x0101010101010101u, highs = ones << 7;
	uint64_t word, other, marks;

	memcpy(&word, p, sizeof(word));
	other = word ^ ones * (unsigned char)separator;
	marks = (((word - ones * 0x0e) & ~word) | ((other - ones) & ~other)) & highs;
	if (marks == 0)
		return sizeof(word);
	return BYTES_RISE && (marks & 0x80) == 0 ? (size_t)__builtin_ctzll(marks) / 8 : 1;
}

/* Bytes up to the next separator or line end. */
static size_t
plain_length(const char *p, size_t n, char separator)
{
	size_t i = 0;

	while (i < n && p[i] != separator && !is_line_end(p[i]))
		i += n - i < 8 ? 1 : passed(p + i, separator);
	return i;
}

static inline enum tj_rc
read_cell(struct tj_csv *csv, struct tj_err *err)
{
	tj_str cell = { csv->text.p + csv->at, 0 };
	bool doubled = false;

	if (csv->cells.n >= TJ_MAX_COLUMNS)
		return fail_at(csv, csv->line, TJ_E_LIMIT,
		    "found more columns than any table has (4096)", err);
	if (csv->at < csv->text.n && *cell.p == '"') {
		TRY(read_quoted(&cell, &doubled, csv, err));
	} else {
		cell.n = plain_length(cell.p, csv->text.n - csv->at, csv->separator);
		csv->at += cell.n;
	}
	if (cell.n > TJ_MAX_CELL_BYTES)
		return fail_at(csv, csv->line, TJ_E_LIMIT,
		    "found a cell of more than 65536 bytes; is a quote missing?", err);
	if (doubled)
		TRY(undouble(&cell, csv->arena, err));
	if (!TJ_PUSH(csv->arena, &csv->cells, cell))
		return tj_fail_nomem(err);
	return TJ_OK;
}

enum tj_rc
tj_csv_next(struct tj_csv_row *row, struct tj_csv *csv, struct tj_err *err)
{
	uint32_t line;

	while (csv->at < csv->text.n && is_line_end(csv->text.p[csv->at]))
		pass_line_end(csv);
	csv->cells.n = 0;
	line = csv->line;
	if (line > TJ_MAX_ROWS)
		return fail_at(csv, line, TJ_E_LIMIT, "found more lines than 100000000", err);
	for (bool more = csv->at < csv->text.n; more; csv->at += more) {
		TRY(read_cell(csv, err));
		more = csv->at < csv->text.n && csv->text.p[csv->at] == csv->separator;
	}
	pass_line_end(csv);
	*row = (struct tj_csv_row){ csv->cells.v, csv->cells.n, line };
	return TJ_OK;
}
