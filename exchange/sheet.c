#include <stdarg.h>
#include <stdio.h>

#include "exchange/sheet.h"

static void
report_file(struct tj_sheet *sheet, const struct tj_err *why)
{
	const tj_place place = { .file = sheet->file, .line = why->line,
	    .column = why->column };

	tj_findings_add_err(sheet->findings, TJ_RULE_BAD_FILE, place, why);
}

enum tj_rc
tj_sheet_survive(struct tj_sheet *sheet, const struct tj_err *why, struct tj_err *err)
{
	if (why->rc != TJ_E_DATA && why->rc != TJ_E_LIMIT)
		return tj_fail(err, why->rc, "%s", why->text);
	report_file(sheet, why);
	return TJ_OK;
}

/* Cells may be left out at the end of a row, but not together with the end of the line. */
static void
check_end(struct tj_sheet *sheet)
{
	const tj_str text = sheet->csv.text;

	if (sheet->csv.at < text.n || sheet->row.count == 0 ||
	    sheet->row.count >= sheet->header_count || text.p[text.n - 1] == '\n' ||
	    text.p[text.n - 1] == '\r')
		return;
	tj_sheet_report(sheet, TJ_RULE_BAD_FILE, sheet->row.count, "",
	    "found the end of the file in the middle of a row, behind %zu of %zu cells: "
	    "it was cut off", sheet->row.count, sheet->header_count);
}

enum tj_rc
tj_sheet_try(struct tj_sheet *sheet, struct tj_err *why)
{
	const size_t at = sheet->csv.at;
	const uint32_t line = sheet->csv.line;
	const enum tj_rc rc = tj_csv_next(&sheet->row, &sheet->csv, why);

	if (rc == TJ_OK) {
		check_end(sheet);
		return TJ_OK;
	}
	sheet->row.count = 0;
	sheet->csv.at = at;
	sheet->csv.line = line;
	return rc;
}

enum tj_rc
tj_sheet_next(struct tj_sheet *sheet, struct tj_err *err)
{
	struct tj_err why = { 0 };

	if (tj_sheet_try(sheet, &why) == TJ_OK)
		return TJ_OK;
	return tj_sheet_survive(sheet, &why, err);
}

/* The first row names the columns; without one they are numbered, as many as it has. */
static enum tj_rc
read_header(struct tj_sheet *sheet, bool header, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_csv at_first_row = sheet->csv;

	TRY(tj_sheet_next(sheet, err));
	sheet->header_count = sheet->row.count;
	sheet->headers = TJ_NEWN(arena, tj_str, sheet->row.count);
	if (sheet->headers == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < sheet->row.count; i++) {
		sheet->headers[i] = header ? tj_str_trim(sheet->row.cells[i]) :
		    tj_str_fmt(arena, "#%zu", i + 1);
		if (sheet->headers[i].p == NULL)
			return tj_fail_nomem(err);
	}
	if (!header)
		sheet->csv = at_first_row;
	return TJ_OK;
}

enum tj_rc
tj_sheet_open(struct tj_sheet *out, tj_str file, tj_str bytes,
    const struct tj_sheet_dialect *dialect, struct tj_findings *findings,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_sheet sheet = { .file = file, .findings = findings,
	    .errors_before = findings->counts[TJ_ERROR] };
	struct tj_err why = { 0 };
	tj_str text;

	if (tj_decode(&text, NULL, bytes, dialect->encoding, arena, &why) != TJ_OK) {
		TRY(tj_sheet_survive(&sheet, &why, err));
		return tj_sheet_check(&sheet, err);
	}
	tj_csv_open(&sheet.csv, text, dialect->separator, arena);
	for (uint32_t i = 0; i < dialect->skip_lines; i++)
		tj_csv_skip_line(&sheet.csv);
	if (dialect->separator == 0)
		sheet.csv.separator = tj_csv_separator(tj_str_cut(text, sheet.csv.at, text.n));
	TRY(read_header(&sheet, dialect->header, arena, err));
	if (sheet.header_count == 0 && sheet.errors_before == findings->counts[TJ_ERROR])
		tj_sheet_report(&sheet, TJ_RULE_BAD_FILE, 0, "",
		    "found no row, expected one that names the columns");
	TRY(tj_sheet_check(&sheet, err));
	*out = sheet;
	return TJ_OK;
}

void
tj_sheet_report(struct tj_sheet *sheet, enum tj_rule rule, size_t column, const char *field,
    const char *fmt, ...)
{
	const tj_place place = { .file = sheet->file, .line = sheet->row.line,
	    .column = (uint32_t)column, .field = tj_str_of(field) };
	char text[TJ_ERR_TEXT];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	tj_findings_add(sheet->findings, rule, place, TJ_S(""), "%s", text);
}

enum tj_rc
tj_sheet_check(const struct tj_sheet *sheet, struct tj_err *err)
{
	const uint32_t errors = sheet->findings->counts[TJ_ERROR] - sheet->errors_before;

	if (sheet->findings->out_of_memory)
		return tj_fail_nomem(err);
	if (errors == 0)
		return TJ_OK;
	(void)tj_fail(err, TJ_E_DATA, "%u error%s in %.*s: nothing of it was taken", errors,
	    errors == 1 ? "" : "s", TJ_FMT(sheet->file));
	if (err != NULL)
		(void)snprintf(err->file, sizeof(err->file), "%.*s", TJ_FMT(sheet->file));
	return TJ_E_DATA;
}
