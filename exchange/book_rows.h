#ifndef TJ_EXCHANGE_BOOK_ROWS_H
#define TJ_EXCHANGE_BOOK_ROWS_H

#include "exchange/book_csv.h"
#include "exchange/cell.h"
#include "exchange/part.h"

/* Columns of all tables, numbered through: TJ_COL_products_product … */
enum {
#define COLUMN(table, name, needed, type) TJ_COL_##table##_##name,
#include "exchange/table.def"
	TJ_COLUMNS
};

/* What a row names: numbers are found for these when it is taken. */
enum tj_row_name { TJ_ROW_ACTIVITY, TJ_ROW_PRODUCT, TJ_ROW_FLOW, TJ_ROW_OTHER, TJ_ROW_NAMES };

/* A part of a table: its rows as the book has them, but for the numbers of names. */
struct tj_book_part {
	struct tj_part		 part;
	struct tj_cell		 cells[TJ_COLUMNS];	/* of the row being read */
	struct tj_book		 rows;			/* those of one table */
	size_t			 count;
	TJ_VEC(tj_name)		 names[TJ_ROW_NAMES];	/* [count], or empty: the table has none */
};

/* How large the book was before a file, so that it can be so again. */
struct tj_book_mark {
	struct tj_book		 sizes;		/* only its counts */
	TJ_VEC(uint32_t)	 described;	/* known by name before; described by this file */
};

/* A file of the book being read. */
struct tj_book_reader {
	struct tj_sheet		 sheet;
	enum tj_table		 table;
	size_t			 first, end;	/* its columns among all */
	size_t			 position[TJ_COLUMNS];	/* number of the cell; 0: no such column */
	struct tj_book		*book;
	uint32_t		 file;		/* number in book->files */
	struct tj_book_mark	 mark;
	struct tj_names		 seen;		/* gwp: flows of this file */
	struct tj_arena		*scratch;
	tj_str			 activity;	/* of the row before; .p NULL: none */
	uint32_t		 activity_number;
};

/* The row of part->cells to part->rows and part->names.  By any thread; NOMEM. */
enum tj_rc tj_book_row_read(struct tj_book_part *, enum tj_table, struct tj_err *)
	    TJ_MUST_USE;
/*
 * All rows of the part to the book, in order.  What is wrong with one becomes a
 * finding and the row is left out.  Fails for memory only.
 */
enum tj_rc tj_book_rows_take(struct tj_book_reader *, struct tj_book_part *, struct tj_err *)
	    TJ_MUST_USE;

/* Between these nothing but a file's rows is added; undone, the book is as it was. */
void	 tj_book_mark(struct tj_book_mark *, const struct tj_book *);
void	 tj_book_undo(struct tj_book *, const struct tj_book_mark *, enum tj_table);

#endif
