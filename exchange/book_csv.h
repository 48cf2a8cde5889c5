#ifndef TJ_EXCHANGE_BOOK_CSV_H
#define TJ_EXCHANGE_BOOK_CSV_H

#include "model/base/crew.h"
#include "model/book.h"
#include "model/finding.h"

/*
 * The native book: a folder of CSV files, one for each table (table.def), UTF-8,
 * comma, a header row.  Columns may come in any order; one that the table does not
 * have is an error unless its name begins with "x-".
 */
enum tj_table {
#define TABLE(name) TJ_TABLE_##name,
#include "exchange/table.def"
	TJ_TABLES
};

const char *tj_table_name(enum tj_table);	/* "products": of products.csv */
bool	 tj_table_parse(enum tj_table *, tj_str name);

/*
 * Adds the rows of one file to the book, or none of them: every error of the file
 * becomes a finding with line, column (number of the cell) and field, and the call
 * returns DATA.  A file that cannot be taken apart at all gives one finding BAD_FILE.
 * After NOMEM the book is of no use.
 *
 * Read the tables in the order of enum tj_table: units are compared with those of the
 * products known by then.  The book keeps views of `bytes` and of the arena:
 * both must outlive it.  `file` is copied.  The crew may be NULL; the book and the
 * findings are the same with any.  O(bytes).
 */
enum tj_rc tj_book_read_table(struct tj_book *, enum tj_table, tj_str file, tj_str bytes,
	    struct tj_crew *, struct tj_findings *, struct tj_arena *, struct tj_err *)
	    TJ_MUST_USE;

#endif
