#include <math.h>
#include <stdio.h>

#include "exchange/template_rows.h"
#include "model/base/limits.h"

struct condition {			/* where to look: positions of cells, 0: no such column */
	size_t	*only;			/* [record->only.n] */
	size_t	*when[TJ_RECORD_FIELDS];	/* [field->codes.n] */
};

struct application {
	const struct tj_template	*template;
	struct tj_sheet			 sheet;
	struct tj_record_rows		*records;	/* [template->records.n] */
	struct condition		*conditions;	/* likewise */
	struct tj_ledger		 rows;
	struct tj_arena			*arena;		/* that outlives the reading */
};

/* "#3" names the third column, whatever it is called. */
static size_t
numbered_column(tj_str spelling, size_t count)
{
	size_t n = 0;

	if (spelling.n < 2 || spelling.n > 5 || spelling.p[0] != '#')
		return 0;
	for (size_t i = 1; i < spelling.n; i++) {
		if (spelling.p[i] < '0' || spelling.p[i] > '9')
			return 0;
		n = n * 10 + (size_t)(spelling.p[i] - '0');
	}
	return n <= count ? n : 0;
}

/* Number of the cell under the first spelling that is there; 0: none is. */
static size_t
find_column(struct tj_sheet *sheet, const tj_str *spellings, size_t count, const char *field)
{
	for (size_t s = 0; s < count; s++) {
		size_t found = numbered_column(spellings[s], sheet->header_count);

		for (size_t i = 0; i < sheet->header_count; i++) {
			if (!tj_str_eq_nocase(sheet->headers[i], spellings[s]))
				continue;
			if (found != 0 && found != i + 1)
				tj_sheet_report(sheet, TJ_RULE_BAD_FILE, i + 1, field,
				    "found column \"%.*s\" twice; name it by its number, \"#%zu\"",
				    TJ_FMT(spellings[s]), i + 1);
			found = i + 1;
		}
		if (found != 0)
			return found;
	}
	return 0;
}

/* a, b, c …, as much as fits. */
static void
list(char *text, size_t room, const tj_str *words, size_t count)
{
	size_t n = 0;

	*text = '\0';
	for (size_t i = 0; i < count && n + words[i].n + 8 < room; i++)
		n += (size_t)snprintf(text + n, room - n, "%s\"%.*s\"", i == 0 ? "" : ", ",
		    TJ_FMT(words[i]));
}

static void
report_missing(struct tj_sheet *sheet, const tj_str *spellings, size_t count,
    const char *field)
{
	char wanted[180], there[220];

	list(wanted, sizeof(wanted), spellings, count);
	list(there, sizeof(there), sheet->headers, sheet->header_count);
	tj_sheet_report(sheet, TJ_RULE_MISSING_COLUMN, 0, field,
	    "found the columns %s, expected one of %s", there, wanted);
}

static enum tj_rc
place_codes(struct application *a, size_t r, size_t f, struct tj_err *err)
{
	const struct tj_template_field *field = &a->template->records.v[r].fields[f];
	size_t *at = TJ_NEWN(a->rows.arena, size_t, field->codes.n);

	if (at == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < field->codes.n; i++)
		at[i] = find_column(&a->sheet, field->codes.v[i].when_headers.v,
		    field->codes.v[i].when_headers.n, "");
	a->conditions[r].when[f] = at;
	return TJ_OK;
}

static enum tj_rc
place_fields(struct application *a, size_t r, struct tj_err *err)
{
	const struct tj_template_record *record = &a->template->records.v[r];

	for (size_t f = 0; f < tj_record_fields(record->kind); f++) {
		const struct tj_template_field *field = &record->fields[f];
		const char *name = tj_record_field(record->kind, f);
		size_t *position = &a->records[r].position[f];

		if (!field->defined || field->constant.p != NULL)
			continue;
		*position = find_column(&a->sheet, field->headers.v, field->headers.n, name);
		if (*position == 0 && field->required)
			report_missing(&a->sheet, field->headers.v, field->headers.n, name);
		TRY(place_codes(a, r, f, err));
	}
	return TJ_OK;
}

static enum tj_rc
place_conditions(struct application *a, size_t r, struct tj_err *err)
{
	const struct tj_template_record *record = &a->template->records.v[r];
	size_t *at = TJ_NEWN(a->rows.arena, size_t, record->only.n);

	if (at == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < record->only.n; i++) {
		const struct tj_template_only *only = &record->only.v[i];

		at[i] = find_column(&a->sheet, only->headers.v, only->headers.n, "");
		if (at[i] == 0)
			report_missing(&a->sheet, only->headers.v, only->headers.n, "");
	}
	a->conditions[r].only = at;
	return TJ_OK;
}

/* Which cell of a row every field and condition looks at. */
static enum tj_rc
place_columns(struct application *a, struct tj_err *err)
{
	const size_t n = a->template->records.n;

	a->records = TJ_NEWN(a->rows.arena, struct tj_record_rows, n);
	a->conditions = TJ_NEWN(a->rows.arena, struct condition, n);
	if (a->records == NULL || a->conditions == NULL)
		return tj_fail_nomem(err);
	for (size_t r = 0; r < n; r++) {
		a->records[r].record = &a->template->records.v[r];
		a->records[r].sheet = &a->sheet;
		a->records[r].arena = a->arena;
		TRY(place_fields(a, r, err));
		TRY(place_conditions(a, r, err));
	}
	return tj_sheet_check(&a->sheet, err);
}

/* The trimmed cell; empty where the row has no such cell. */
static tj_str
cell_at(const struct tj_sheet *sheet, size_t position)
{
	if (position == 0 || position > sheet->row.count)
		return TJ_S("");
	return tj_str_trim(sheet->row.cells[position - 1]);
}

static bool
is_wanted(const struct application *a, size_t r)
{
	const struct tj_template_record *record = &a->template->records.v[r];

	for (size_t i = 0; i < record->only.n; i++) {
		const struct tj_template_only *only = &record->only.v[i];
		const tj_str text = cell_at(&a->sheet, a->conditions[r].only[i]);
		bool found = false;

		for (size_t k = 0; k < only->values.n; k++)
			found |= tj_str_eq(text, only->values.v[k]);
		if (found == only->excludes)
			return false;
	}
	return true;
}

/* The first code that fits the text, or NULL. */
static const struct tj_template_code *
find_code(const struct application *a, size_t r, size_t f, tj_str text)
{
	const struct tj_template_field *field = &a->template->records.v[r].fields[f];

	for (size_t i = 0; i < field->codes.n; i++) {
		const struct tj_template_code *code = &field->codes.v[i];

		if (tj_str_eq(code->from, text) && (code->when_headers.n == 0 ||
		    cell_at(&a->sheet, a->conditions[r].when[f][i]).n > 0))
			return code;
	}
	return NULL;
}

static enum tj_rule
rule_of(const struct tj_err *why, enum tj_cell_type type)
{
	if (type == TJ_CELL_UNIT && why->rc == TJ_E_UNIT)
		return TJ_RULE_UNKNOWN_UNIT;
	return tj_cell_is_code(type) ? TJ_RULE_UNKNOWN_CODE : TJ_RULE_BAD_CELL;
}

/* A code is known, but only where another cell is filled, and it is not. */
static bool
report_condition(struct application *a, size_t r, size_t f, tj_str text)
{
	const struct tj_template_record *record = &a->template->records.v[r];
	const struct tj_template_field *field = &record->fields[f];

	for (size_t i = 0; i < field->codes.n; i++) {
		const struct tj_template_code *code = &field->codes.v[i];

		if (!tj_str_eq(code->from, text))
			continue;
		tj_sheet_report(&a->sheet, TJ_RULE_UNKNOWN_CODE, a->records[r].position[f],
		    tj_record_field(record->kind, f),
		    "found \"%.*s\", which is \"%.*s\" only where one of these columns is "
		    "filled: %.*s",
		    TJ_FMT(tj_str_cut(text, 0, 60)), TJ_FMT(code->to), TJ_FMT(code->when));
		return true;
	}
	return false;
}

static void
report_code(struct application *a, size_t r, size_t f, tj_str text)
{
	const struct tj_template_record *record = &a->template->records.v[r];
	const struct tj_template_field *field = &record->fields[f];
	tj_str known[40];
	char codes[300];
	size_t n = 0;

	for (; n < field->codes.n && n < 40; n++)
		known[n] = field->codes.v[n].from;
	list(codes, sizeof(codes), known, n);
	if (!report_condition(a, r, f, text))
		tj_sheet_report(&a->sheet, TJ_RULE_UNKNOWN_CODE, a->records[r].position[f],
		    tj_record_field(record->kind, f), "found \"%.*s\", expected one of %s",
		    TJ_FMT(tj_str_cut(text, 0, 60)), codes);
}

static void
report_cell(struct application *a, size_t r, size_t f, tj_str text, const struct tj_err *why)
{
	const struct tj_template_record *record = &a->template->records.v[r];
	const enum tj_rule rule = rule_of(why, tj_record_type(record->kind, f));

	a->sheet.findings->out_of_memory |= why->rc == TJ_E_NOMEM;
	if (rule == TJ_RULE_UNKNOWN_CODE && record->fields[f].codes.n > 0)
		report_code(a, r, f, text);
	else
		tj_sheet_report(&a->sheet, rule, a->records[r].position[f],
		    tj_record_field(record->kind, f), "%s", why->text);
}

static bool
unit_allowed(const struct tj_template_field *field, tj_unit unit)
{
	for (size_t i = 0; i < field->units.n; i++)
		if (field->units.v[i] == unit)
			return true;
	return field->units.n == 0;
}

/* What is right by its type may still be missing, or a unit that is not expected here. */
static bool
check_cell(struct application *a, size_t r, size_t f)
{
	const struct tj_template_record *record = &a->template->records.v[r];
	const struct tj_cell *cell = &a->records[r].cells[f];
	const char *name = tj_record_field(record->kind, f);

	if (record->fields[f].required && !cell->given) {
		tj_sheet_report(&a->sheet, TJ_RULE_BAD_CELL, a->records[r].position[f], name,
		    "found an empty cell, expected a value");
		return false;
	}
	if (cell->unit != TJ_UNIT_NONE && !unit_allowed(&record->fields[f], cell->unit)) {
		tj_sheet_report(&a->sheet, TJ_RULE_WRONG_DIMENSION, a->records[r].position[f],
		    name, "found %s, expected %s or another unit that the template allows",
		    tj_unit_symbol(cell->unit), tj_unit_symbol(record->fields[f].units.v[0]));
		return false;
	}
	return true;
}

/* One field of the row; *sign is set by a code that has one. */
static bool
read_field(struct application *a, size_t r, size_t f, char *sign)
{
	const struct tj_template_record *record = &a->template->records.v[r];
	const struct tj_template_field *field = &record->fields[f];
	struct tj_cell *cell = &a->records[r].cells[f];
	const struct tj_template_code *code = NULL;
	const struct tj_cell_style *style = &a->template->file.style;
	tj_str text = cell_at(&a->sheet, a->records[r].position[f]);
	struct tj_err why;

	if (field->constant.p == NULL)
		code = find_code(a, r, f, text);
	if (code != NULL && code->sign != 0)
		*sign = code->sign;
	if (code != NULL || field->constant.p != NULL) {
		text = code != NULL ? code->to : field->constant;
		style = &tj_cell_native;
	}
	if (tj_cell_read(cell, text, tj_record_type(record->kind, f), style, a->arena, &why) !=
	    TJ_OK) {
		report_cell(a, r, f, text, &why);
		return false;
	}
	if (field->absolute)
		cell->number = fabs(cell->number);
	return check_cell(a, r, f);
}

/* The number that a code's sign speaks of. */
static struct tj_cell *
signed_cell(struct tj_record_rows *rows)
{
	for (size_t f = 0; f < tj_record_fields(rows->record->kind); f++) {
		const tj_str name = tj_str_of(tj_record_field(rows->record->kind, f));

		if (tj_str_eq(name, TJ_S("quantity")) || tj_str_eq(name, TJ_S("amount")))
			return &rows->cells[f];
	}
	return NULL;
}

static enum tj_rc
read_record(struct application *a, size_t r, struct tj_err *err)
{
	struct tj_record_rows *rows = &a->records[r];
	struct tj_cell *number = signed_cell(rows);
	bool good = true;
	char sign = 0;

	if (!is_wanted(a, r)) {
		if (tj_record_has_levels(rows->record))
			tj_record_skip(rows, cell_at(&a->sheet,
			    rows->position[TJ_FIELD_bom_level - TJ_FIELD_bom_parent]));
		return TJ_OK;
	}
	for (size_t f = 0; f < tj_record_fields(rows->record->kind); f++)
		good &= read_field(a, r, f, &sign);
	if (!good)
		return TJ_OK;
	if (sign != 0 && number != NULL)
		number->number = sign == '-' ? -fabs(number->number) : fabs(number->number);
	return tj_record_row(&a->rows, rows, err);
}

static bool
is_blank(const struct tj_csv_row *row, size_t from)
{
	for (size_t i = from; i < row->count; i++)
		if (tj_str_trim(row->cells[i]).n > 0)
			return false;
	return true;
}

/* One row of the file for every record of the template. */
static enum tj_rc
read_row(struct application *a, struct tj_err *err)
{
	const struct tj_csv_row *row = &a->sheet.row;

	if (is_blank(row, 0))
		return TJ_OK;
	if (!is_blank(row, a->sheet.header_count)) {
		tj_sheet_report(&a->sheet, TJ_RULE_BAD_ROW, 0, "",
		    "found %zu cells, expected %zu as in the header; a separator in a cell needs "
		    "quotes", row->count, a->sheet.header_count);
		return TJ_OK;
	}
	for (size_t r = 0; r < a->template->records.n; r++)
		TRY(read_record(a, r, err));
	return TJ_OK;
}

static enum tj_rc
read_rows(struct application *a, struct tj_err *err)
{
	for (;;) {
		TRY(tj_sheet_next(&a->sheet, err));
		if (a->sheet.row.count == 0)
			return tj_sheet_check(&a->sheet, err);
		TRY(read_row(a, err));
	}
}

enum tj_rc
tj_template_apply(struct tj_ledger *ledger, const struct tj_template *template, tj_str file,
    tj_str bytes, struct tj_findings *findings, struct tj_arena *arena, struct tj_err *err)
{
	struct application a = { .template = template, .arena = arena };
	enum tj_rc rc;

	if ((a.rows.arena = tj_arena_new(TJ_MAX_ARENA_BYTES)) == NULL)
		return tj_fail_nomem(err);
	rc = tj_sheet_open(&a.sheet, file, bytes, &template->file.sheet, findings, arena, err);
	if (rc == TJ_OK)
		rc = place_columns(&a, err);
	if (rc == TJ_OK)
		rc = read_rows(&a, err);
	if (rc == TJ_OK)
		rc = tj_ledger_merge(ledger, &a.rows, file, err);
	tj_arena_free(a.rows.arena);
	return rc;
}
