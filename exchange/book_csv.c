#include <stdio.h>

#include "exchange/book_rows.h"
#include "model/base/limits.h"

enum needed { NO, YES };

static const struct column {
	enum tj_table		 table;
	const char		*name;
	enum needed		 needed;
	enum tj_cell_type	 type;
} columns[TJ_COLUMNS] = {
#define COLUMN(table, name, needed, type) { TJ_TABLE_##table, #name, needed, TJ_CELL_##type },
#include "exchange/table.def"
};

static const char *const table_names[TJ_TABLES] = {
#define TABLE(name) #name,
#include "exchange/table.def"
};

const char *
tj_table_name(enum tj_table table)
{
	return table_names[table];
}

bool
tj_table_parse(enum tj_table *table, tj_str name)
{
	for (size_t i = 0; i < TJ_TABLES; i++)
		if (tj_str_eq(name, tj_str_of(table_names[i]))) {
			*table = (enum tj_table)i;
			return true;
		}
	return false;
}

/* Number of this table's column of this name, or TJ_COLUMNS. */
static size_t
find_column(enum tj_table table, tj_str name)
{
	size_t i = 0;

	while (i < TJ_COLUMNS && (columns[i].table != table ||
	    !tj_str_eq_nocase(name, tj_str_of(columns[i].name))))
		i++;
	return i;
}

static void
place_column(struct tj_book_reader *reader, size_t number, tj_str name)
{
	const size_t column = find_column(reader->table, name);

	if (column == TJ_COLUMNS && tj_str_starts(name, TJ_S("x-")))
		return;
	if (column == TJ_COLUMNS)
		tj_sheet_report(&reader->sheet, TJ_RULE_UNKNOWN_COLUMN, number, "",
		    "found column \"%.*s\", which %s does not have", TJ_FMT(name),
		    table_names[reader->table]);
	else if (reader->position[column] != 0)
		tj_sheet_report(&reader->sheet, TJ_RULE_BAD_FILE, number, columns[column].name,
		    "found column \"%s\" twice", columns[column].name);
	else
		reader->position[column] = number;
}

/* Which cell of a row is which column. */
static enum tj_rc
place_columns(struct tj_book_reader *reader, struct tj_err *err)
{
	bool missing = false;

	for (size_t i = 0; i < reader->sheet.header_count; i++)
		place_column(reader, i + 1, reader->sheet.headers[i]);
	for (size_t i = 0; i < TJ_COLUMNS; i++)
		if (columns[i].table == reader->table && columns[i].needed == YES &&
		    reader->position[i] == 0) {
			missing = true;
			tj_sheet_report(&reader->sheet, TJ_RULE_MISSING_COLUMN, 0,
			    columns[i].name, "found no column \"%s\"", columns[i].name);
		}
	return missing ? tj_sheet_check(&reader->sheet, err) : TJ_OK;
}

static bool
read_cell(struct tj_book_part *part, size_t i, size_t position, struct tj_err *why)
{
	const struct column *column = &columns[i];
	struct tj_sheet *sheet = &part->part.sheet;

	if (tj_cell_read_next(&part->cells[i], sheet->row.cells[position - 1], column->type,
	    &tj_cell_native, part->part.texts, why) != TJ_OK) {
		sheet->findings->out_of_memory |= why->rc == TJ_E_NOMEM;
		tj_sheet_report(sheet, column->type == TJ_CELL_UNIT ?
		    TJ_RULE_UNKNOWN_UNIT : TJ_RULE_BAD_CELL, position, column->name,
		    "%s", why->text);
		return false;
	}
	if (column->needed == YES && !part->cells[i].given) {
		tj_sheet_report(sheet, TJ_RULE_BAD_CELL, position, column->name,
		    "found an empty cell, expected a value");
		return false;
	}
	return true;
}

static enum tj_rc
read_row(void *ctx, struct tj_part *base, struct tj_err *err)
{
	const struct tj_book_reader *reader = ctx;
	struct tj_book_part *part = (struct tj_book_part *)base;
	const struct tj_sheet *sheet = &base->sheet;
	struct tj_err why;
	bool good = true;

	if (sheet->row.count != sheet->header_count) {
		tj_sheet_report(&base->sheet, TJ_RULE_BAD_ROW, 0, "",
		    "found %zu cells, expected %zu as in the header", sheet->row.count,
		    sheet->header_count);
		return TJ_OK;
	}
	for (size_t i = reader->first; i < reader->end; i++)
		if (reader->position[i] != 0)
			good &= read_cell(part, i, reader->position[i], &why);
	return good ? tj_book_row_read(part, reader->table, err) : TJ_OK;
}

/* Columns that the file does not have are empty in every row. */
static enum tj_rc
make_part(void *ctx, struct tj_part *base, struct tj_err *err)
{
	const struct tj_book_reader *reader = ctx;
	struct tj_book_part *part = (struct tj_book_part *)base;

	(void)err;
	for (size_t i = reader->first; i < reader->end; i++)
		part->cells[i] = tj_cell_empty;
	return TJ_OK;
}

static void
begin_part(struct tj_part *base)
{
	struct tj_book_part *part = (struct tj_book_part *)base;

	part->count = 0;
	for (size_t i = 0; i < TJ_ROW_NAMES; i++)
		part->names[i].n = 0;
	part->rows.products.n = part->rows.activities.n = 0;
	part->rows.outputs.n = part->rows.inputs.n = part->rows.emissions.n = 0;
	part->rows.factors.n = part->rows.shares.n = part->rows.gwp.n = 0;
}

static enum tj_rc
take_part(void *ctx, struct tj_part *base, struct tj_err *err)
{
	return tj_book_rows_take(ctx, (struct tj_book_part *)base, err);
}

/* The table's columns among all, and the file's number. */
static enum tj_rc
begin(struct tj_book_reader *reader, tj_str file, struct tj_err *err)
{
	const tj_str name = tj_str_dup(file, reader->book->arena);

	while (columns[reader->first].table != reader->table)
		reader->first++;
	reader->end = reader->first;
	while (reader->end < TJ_COLUMNS && columns[reader->end].table == reader->table)
		reader->end++;
	tj_names_init(&reader->seen, reader->scratch);
	tj_book_mark(&reader->mark, reader->book);
	reader->file = name.p == NULL ? TJ_NONE : tj_names_add(&reader->book->files, name);
	return reader->file == TJ_NONE ? tj_fail_nomem(err) : TJ_OK;
}

enum tj_rc
tj_book_read_table(struct tj_book *book, enum tj_table table, tj_str file, tj_str bytes,
    struct tj_crew *crew, struct tj_findings *findings, struct tj_arena *arena,
    struct tj_err *err)
{
	static const struct tj_sheet_dialect native = {
		.encoding = TJ_ENCODING_UTF8, .separator = ',', .header = true
	};
	struct tj_arena *scratch = tj_arena_new(TJ_MAX_ARENA_BYTES);
	struct tj_book_reader reader = { .table = table, .book = book, .scratch = scratch };
	const struct tj_part_reader parts = { .ctx = &reader,
	    .part_size = sizeof(struct tj_book_part), .make = make_part, .begin = begin_part,
	    .row = read_row, .take = take_part };
	enum tj_rc rc;

	if (scratch == NULL)
		return tj_fail_nomem(err);
	rc = tj_sheet_open(&reader.sheet, file, bytes, &native, findings, arena, err);
	if (rc == TJ_OK)
		rc = place_columns(&reader, err);
	if (rc == TJ_OK)
		rc = begin(&reader, file, err);
	if (rc == TJ_OK) {
		rc = tj_parts_read(&reader.sheet, &parts, crew, arena, err);
		if (rc != TJ_OK)
			tj_book_undo(book, &reader.mark, table);
	}
	tj_arena_free(scratch);
	return rc;
}
