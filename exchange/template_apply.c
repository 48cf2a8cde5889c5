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
	bool				 in_order;	/* rows hang on rows above them */
	struct tj_ledger		*ledger;
	uint32_t			 file;		/* number in ledger->files */
	struct tj_arena			*scratch;
};

struct template_part {
	struct tj_part			 part;
	const struct application	*a;
	struct tj_record_rows		*records;	/* its own, but for rows in order */
	struct tj_ledger		 rows;
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
	size_t *at = TJ_NEWN(a->scratch, size_t, field->codes.n);

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
	size_t *at = TJ_NEWN(a->scratch, size_t, record->only.n);

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

	a->records = TJ_NEWN(a->scratch, struct tj_record_rows, n);
	a->conditions = TJ_NEWN(a->scratch, struct condition, n);
	if (a->records == NULL || a->conditions == NULL)
		return tj_fail_nomem(err);
	for (size_t r = 0; r < n; r++) {
		a->records[r].record = &a->template->records.v[r];
		for (size_t f = 0; f < TJ_RECORD_FIELDS; f++)
			a->records[r].cells[f] = tj_cell_empty;
		a->in_order |= tj_record_has_levels(a->records[r].record);
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
is_wanted(const struct template_part *p, size_t r)
{
	const struct tj_template_record *record = &p->a->template->records.v[r];

	for (size_t i = 0; i < record->only.n; i++) {
		const struct tj_template_only *only = &record->only.v[i];
		const tj_str text = cell_at(&p->part.sheet, p->a->conditions[r].only[i]);
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
find_code(const struct template_part *p, size_t r, size_t f, tj_str text)
{
	const struct tj_template_field *field = &p->a->template->records.v[r].fields[f];

	for (size_t i = 0; i < field->codes.n; i++) {
		const struct tj_template_code *code = &field->codes.v[i];

		if (tj_str_eq(code->from, text) && (code->when_headers.n == 0 ||
		    cell_at(&p->part.sheet, p->a->conditions[r].when[f][i]).n > 0))
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
report_condition(struct template_part *p, size_t r, size_t f, tj_str text)
{
	const struct tj_template_record *record = &p->a->template->records.v[r];
	const struct tj_template_field *field = &record->fields[f];

	for (size_t i = 0; i < field->codes.n; i++) {
		const struct tj_template_code *code = &field->codes.v[i];

		if (!tj_str_eq(code->from, text))
			continue;
		tj_sheet_report(&p->part.sheet, TJ_RULE_UNKNOWN_CODE, p->records[r].position[f],
		    tj_record_field(record->kind, f),
		    "found \"%.*s\", which is \"%.*s\" only where one of these columns is "
		    "filled: %.*s",
		    TJ_FMT(tj_str_cut(text, 0, 60)), TJ_FMT(code->to), TJ_FMT(code->when));
		return true;
	}
	return false;
}

static void
report_code(struct template_part *p, size_t r, size_t f, tj_str text)
{
	const struct tj_template_record *record = &p->a->template->records.v[r];
	const struct tj_template_field *field = &record->fields[f];
	tj_str known[40];
	char codes[300];
	size_t n = 0;

	for (; n < field->codes.n && n < 40; n++)
		known[n] = field->codes.v[n].from;
	list(codes, sizeof(codes), known, n);
	if (!report_condition(p, r, f, text))
		tj_sheet_report(&p->part.sheet, TJ_RULE_UNKNOWN_CODE, p->records[r].position[f],
		    tj_record_field(record->kind, f), "found \"%.*s\", expected one of %s",
		    TJ_FMT(tj_str_cut(text, 0, 60)), codes);
}

static void
report_cell(struct template_part *p, size_t r, size_t f, tj_str text, const struct tj_err *why)
{
	const struct tj_template_record *record = &p->a->template->records.v[r];
	const enum tj_rule rule = rule_of(why, tj_record_type(record->kind, f));

	p->part.sheet.findings->out_of_memory |= why->rc == TJ_E_NOMEM;
	if (rule == TJ_RULE_UNKNOWN_CODE && record->fields[f].codes.n > 0)
		report_code(p, r, f, text);
	else
		tj_sheet_report(&p->part.sheet, rule, p->records[r].position[f],
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
check_cell(struct template_part *p, size_t r, size_t f)
{
	const struct tj_template_record *record = &p->a->template->records.v[r];
	const struct tj_cell *cell = &p->records[r].cells[f];
	const char *name = tj_record_field(record->kind, f);

	if (record->fields[f].required && !cell->given) {
		tj_sheet_report(&p->part.sheet, TJ_RULE_BAD_CELL, p->records[r].position[f], name,
		    "found an empty cell, expected a value");
		return false;
	}
	if (cell->unit != TJ_UNIT_NONE && !unit_allowed(&record->fields[f], cell->unit)) {
		tj_sheet_report(&p->part.sheet, TJ_RULE_WRONG_DIMENSION, p->records[r].position[f],
		    name, "found %s, expected %s or another unit that the template allows",
		    tj_unit_symbol(cell->unit), tj_unit_symbol(record->fields[f].units.v[0]));
		return false;
	}
	return true;
}

/* One field of the row; *sign is set by a code that has one. */
static bool
read_field(struct template_part *p, size_t r, size_t f, char *sign)
{
	const struct tj_template_record *record = &p->a->template->records.v[r];
	const struct tj_template_field *field = &record->fields[f];
	struct tj_cell *cell = &p->records[r].cells[f];
	const struct tj_template_code *code = NULL;
	const struct tj_cell_style *style = &p->a->template->file.style;
	tj_str text = cell_at(&p->part.sheet, p->records[r].position[f]);
	struct tj_err why;

	if (field->constant.p == NULL)
		code = find_code(p, r, f, text);
	if (code != NULL && code->sign != 0)
		*sign = code->sign;
	if (code != NULL || field->constant.p != NULL) {
		text = code != NULL ? code->to : field->constant;
		style = &tj_cell_native;
	}
	if (tj_cell_read_next(cell, text, tj_record_type(record->kind, f), style,
	    p->part.texts, &why) != TJ_OK) {
		report_cell(p, r, f, text, &why);
		return false;
	}
	if (field->absolute)
		cell->number = fabs(cell->number);
	return check_cell(p, r, f);
}

/* Does a code's sign speak of this number? */
static bool
is_signed(enum tj_record_kind kind, size_t f)
{
	const tj_str name = tj_str_of(tj_record_field(kind, f));

	return tj_str_eq(name, TJ_S("quantity")) || tj_str_eq(name, TJ_S("amount"));
}

static void
set_sign(struct tj_record_rows *rows, char sign)
{
	for (size_t f = 0; f < tj_record_fields(rows->record->kind); f++) {
		const double number = fabs(rows->cells[f].number);

		if (is_signed(rows->record->kind, f))
			rows->cells[f].number = sign == '-' ? -number : number;
	}
}

static enum tj_rc
read_record(struct template_part *p, size_t r, struct tj_err *err)
{
	struct tj_record_rows *rows = &p->records[r];
	bool good = true;
	char sign = 0;

	if (!is_wanted(p, r)) {
		if (tj_record_has_levels(rows->record))
			tj_record_skip(rows, cell_at(&p->part.sheet,
			    rows->position[TJ_FIELD_bom_level - TJ_FIELD_bom_parent]));
		return TJ_OK;
	}
	for (size_t f = 0; f < tj_record_fields(rows->record->kind); f++)
		if (rows->record->fields[f].defined)
			good &= read_field(p, r, f, &sign);
	if (!good)
		return TJ_OK;
	if (sign != 0)
		set_sign(rows, sign);
	return tj_record_row(&p->rows, rows, err);
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
read_row(void *ctx, struct tj_part *part, struct tj_err *err)
{
	struct template_part *p = (struct template_part *)part;
	const struct tj_csv_row *row = &part->sheet.row;

	(void)ctx;
	if (is_blank(row, 0))
		return TJ_OK;
	if (!is_blank(row, p->part.sheet.header_count)) {
		tj_sheet_report(&p->part.sheet, TJ_RULE_BAD_ROW, 0, "",
		    "found %zu cells, expected %zu as in the header; a separator in a cell needs "
		    "quotes", row->count, p->part.sheet.header_count);
		return TJ_OK;
	}
	for (size_t r = 0; r < p->a->template->records.n; r++)
		TRY(read_record(p, r, err));
	return TJ_OK;
}

/* Each part has cells of its own, unless they are to be found as the part before left them. */
static enum tj_rc
make_part(void *ctx, struct tj_part *part, struct tj_err *err)
{
	const struct application *a = ctx;
	const size_t n = a->template->records.n;
	struct template_part *p = (struct template_part *)part;

	p->a = a;
	p->records = a->records;
	p->rows.arena = part->scratch;
	if (a->in_order)
		return TJ_OK;
	if ((p->records = TJ_NEWN(part->scratch, struct tj_record_rows, n)) == NULL)
		return tj_fail_nomem(err);
	for (size_t r = 0; r < n; r++)
		p->records[r] = a->records[r];
	return TJ_OK;
}

static void
begin_part(struct tj_part *part)
{
	struct template_part *p = (struct template_part *)part;

	for (size_t r = 0; r < p->a->template->records.n; r++) {
		p->records[r].sheet = &part->sheet;
		p->records[r].arena = part->texts;
	}
	tj_ledger_cut(&p->rows, &(struct tj_ledger){ .arena = NULL });
}

static enum tj_rc
take_part(void *ctx, struct tj_part *part, struct tj_err *err)
{
	const struct application *a = ctx;
	const struct template_part *p = (const struct template_part *)part;

	return tj_ledger_take(a->ledger, &p->rows, a->file, part->shift, err);
}

static enum tj_rc
read_rows(struct application *a, tj_str file, struct tj_crew *crew, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_part_reader parts = { .ctx = a, .in_order = a->in_order,
	    .part_size = sizeof(struct template_part), .make = make_part,
	    .begin = begin_part, .row = read_row, .take = take_part };
	const struct tj_ledger before = *a->ledger;
	const size_t files = a->ledger->files->list.n;
	const tj_str name = tj_str_dup(file, arena);
	enum tj_rc rc;

	a->file = name.p == NULL ? TJ_NONE : tj_names_add(a->ledger->files, name);
	if (a->file == TJ_NONE)
		return tj_fail_nomem(err);
	if ((rc = tj_parts_read(&a->sheet, &parts, crew, arena, err)) == TJ_OK)
		return TJ_OK;
	tj_ledger_cut(a->ledger, &before);
	tj_names_truncate(a->ledger->files, files);
	return rc;
}

enum tj_rc
tj_template_apply(struct tj_ledger *ledger, const struct tj_template *template, tj_str file,
    tj_str bytes, struct tj_crew *crew, struct tj_findings *findings, struct tj_arena *arena,
    struct tj_err *err)
{
	struct application a = { .template = template, .ledger = ledger };
	enum tj_rc rc;

	if ((a.scratch = tj_arena_new(TJ_MAX_ARENA_BYTES)) == NULL)
		return tj_fail_nomem(err);
	rc = tj_sheet_open(&a.sheet, file, bytes, &template->file.sheet, findings, arena, err);
	if (rc == TJ_OK)
		rc = place_columns(&a, err);
	if (rc == TJ_OK)
		rc = read_rows(&a, file, crew, arena, err);
	tj_arena_free(a.scratch);
	return rc;
}
