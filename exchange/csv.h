#ifndef TJ_EXCHANGE_CSV_H
#define TJ_EXCHANGE_CSV_H

#include "model/base/str.h"

/*
 * Rows of separated values, one after the other (RFC 4180, any separator; lines
 * end with CRLF, LF or CR).  A cell that begins with a quote ends with one; inside
 * it separators and line ends are text and "" is a quote.  A quote elsewhere in a cell
 * is text.  Lines without any character are passed over.
 *
 * Cells are views of the text, or of the arena where a quote was doubled: they live
 * as long as those two.  The array `cells` lives until the next call.
 */
struct tj_csv_row {
	tj_str	*cells;		/* [count] not trimmed */
	size_t	 count;
	uint32_t line;		/* where the row begins, 1-based */
};

struct tj_csv {
	tj_str			 text;
	size_t			 at;	/* byte offset of the next row */
	uint32_t		 line;	/* its line, 1-based */
	char			 separator;
	struct tj_arena		*arena;
	TJ_VEC(tj_str)		 cells;
};

/* separator 0: told by tj_csv_separator().  O(1), or one line. */
void	 tj_csv_open(struct tj_csv *, tj_str text, char separator, struct tj_arena *);
/* Which of TAB, semicolon and comma the first line has most of; comma if none. */
char	 tj_csv_separator(tj_str text);
/* Pass over a line as it stands, quotes and all. */
void	 tj_csv_skip_line(struct tj_csv *);

/*
 * The next row; row->count is 0 at the end.  O(bytes of the row).
 * DATA: a quote that is not closed, text behind a closing quote; LIMIT:
 * TJ_MAX_COLUMNS, TJ_MAX_CELL_BYTES, TJ_MAX_ROWS lines.  err->line is the line,
 * err->column the number of the cell in its row, both 1-based.
 */
enum tj_rc tj_csv_next(struct tj_csv_row *row, struct tj_csv *, struct tj_err *)
	    TJ_MUST_USE;

#endif
