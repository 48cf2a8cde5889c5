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
read_cell(struct tj_book_reader *reader, size_t i, struct tj_arena *arena)
{
	const struct column *column = &columns[i];
	const size_t position = reader->position[i];
	struct tj_sheet *sheet = &reader->sheet;
	const tj_str text = position == 0 ? TJ_S("") : sheet->row.cells[position - 1];
	struct tj_err why;

	if (tj_cell_read(&reader->cells[i], text, column->type, &tj_cell_native, arena,
	    &why) != TJ_OK) {
		sheet->findings->out_of_memory |= why.rc == TJ_E_NOMEM;
		tj_sheet_report(sheet, column->type == TJ_CELL_UNIT ?
		    TJ_RULE_UNKNOWN_UNIT : TJ_RULE_BAD_CELL, position, column->name,
		    "%s", why.text);
		return false;
	}
	if (column->needed == YES && !reader->cells[i].given) {
		tj_sheet_report(sheet, TJ_RULE_BAD_CELL, position, column->name,
		    "found an empty cell, expected a value");
		return false;
	}
	return true;
}

static enum tj_rc
read_row(struct tj_book_reader *reader, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_sheet *sheet = &reader->sheet;
	bool good = true;

	if (sheet->row.count != sheet->header_count) {
		tj_sheet_report(sheet, TJ_RULE_BAD_ROW, 0, "",
		    "found %zu cells, expected %zu as in the header", sheet->row.count,
		    sheet->header_count);
		return TJ_OK;
	}
	for (size_t i = 0; i < TJ_COLUMNS; i++)
		if (columns[i].table == reader->table)
			good &= read_cell(reader, i, arena);
	return good ? tj_book_row(reader, err) : TJ_OK;
}

static enum tj_rc
read_rows(struct tj_book_reader *reader, struct tj_arena *arena, struct tj_err *err)
{
	for (;;) {
		TRY(tj_sheet_next(&reader->sheet, err));
		if (reader->sheet.row.count == 0)
			return tj_sheet_check(&reader->sheet, err);
		TRY(read_row(reader, arena, err));
	}
}

enum tj_rc
tj_book_read_table(struct tj_book *book, enum tj_table table, tj_str file, tj_str bytes,
    struct tj_findings *findings, struct tj_arena *arena, struct tj_err *err)
{
	static const struct tj_sheet_dialect native = {
		.encoding = TJ_ENCODING_UTF8, .separator = ',', .header = true
	};
	struct tj_arena *scratch = tj_arena_new(TJ_MAX_ARENA_BYTES);
	struct tj_book_reader reader = { .table = table, .book = book };
	enum tj_rc rc;

	if (scratch == NULL)
		return tj_fail_nomem(err);
	tj_book_init(&reader.rows, scratch);
	rc = tj_sheet_open(&reader.sheet, file, bytes, &native, findings, arena, err);
	if (rc == TJ_OK)
		rc = place_columns(&reader, err);
	if (rc == TJ_OK)
		rc = read_rows(&reader, arena, err);
	if (rc == TJ_OK)
		rc = tj_book_merge(book, &reader.rows, file, err);
	tj_arena_free(scratch);
	return rc;
}
