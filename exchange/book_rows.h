#ifndef TJ_EXCHANGE_BOOK_ROWS_H
#define TJ_EXCHANGE_BOOK_ROWS_H

#include "exchange/book_csv.h"
#include "exchange/cell.h"
#include "exchange/sheet.h"

/* Columns of all tables, numbered through: TJ_COL_products_product … */
enum {
#define COLUMN(table, name, needed, type) TJ_COL_##table##_##name,
#include "exchange/table.def"
	TJ_COLUMNS
};

/* A file of the book being read: its rows go to `rows`, a book of their own. */
struct tj_book_reader {
	struct tj_sheet		 sheet;
	enum tj_table		 table;
	const struct tj_book	*book;		/* what is known already */
	struct tj_book		 rows;
	size_t			 position[TJ_COLUMNS];	/* number of the cell; 0: no such column */
	struct tj_cell		 cells[TJ_COLUMNS];	/* of this row */
};

/*
 * Adds the row of reader->cells to reader->rows.  What is wrong with it becomes a
 * finding and the row is left out.  Fails for memory only.
 */
enum tj_rc tj_book_row(struct tj_book_reader *, struct tj_err *) TJ_MUST_USE;

/* Adds all that `from` holds to the book; every row is of this file.  O(rows). */
enum tj_rc tj_book_merge(struct tj_book *, const struct tj_book *from, tj_str file,
	    struct tj_err *) TJ_MUST_USE;

#endif
