#ifndef TJ_EXCHANGE_CELL_H
#define TJ_EXCHANGE_CELL_H

#include "model/base/date.h"
#include "model/ledger.h"

/*
 * One cell of a table, understood by its type: what the native book and the
 * templates have in common.
 */
enum tj_cell_type {
	TJ_CELL_TEXT,
	TJ_CELL_IDENT,		/* text that tj_ident_parse() takes */
	TJ_CELL_NUMBER,
	TJ_CELL_POSITIVE,
	TJ_CELL_NOT_NEGATIVE,
	TJ_CELL_GSD2,		/* square of a geometric standard deviation, 1 or more */
	TJ_CELL_YEAR,
	TJ_CELL_DATE,
	TJ_CELL_UNIT,
	TJ_CELL_DQR,
	TJ_CELL_YES_NO,		/* code 1 or 0 */
	/* One of a list of words: code is the number of the model's enum. */
	TJ_CELL_STAGE,
	TJ_CELL_CATEGORY,
	TJ_CELL_GRANULARITY,
	TJ_CELL_OWNER,
	TJ_CELL_CLASS,
	TJ_CELL_SHARE_RULE,
	TJ_CELL_OUTPUT_ROLE,
	TJ_CELL_INPUT_ROLE,	/* use, treat */
	TJ_CELL_MOVEMENT,
	TJ_CELL_TYPES
};

/* How numbers and dates are written in a file. */
struct tj_cell_style {
	tj_number_style		number;
	enum tj_date_format	date;
};

extern const struct tj_cell_style tj_cell_native;	/* 1234.5, any of the three dates */

/*
 * Only what the type says is set, besides text (trimmed) and given.  An empty cell
 * is not given and reads as the ledger has it: NAN, TJ_DATE_NONE, TJ_UNIT_NONE, code -1.
 */
struct tj_cell {
	tj_str	text;
	bool	given;
	double	number;
	int	code;
	tj_date	date;
	tj_unit	unit;
	tj_dqr	dqr;
};

extern const struct tj_cell tj_cell_empty;

/* DATA, RANGE or UNIT: err says what was found and what was expected. */
enum tj_rc tj_cell_read(struct tj_cell *, tj_str text, enum tj_cell_type,
	    const struct tj_cell_style *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* The same, where the cell still holds what an earlier row has in this column, if only
 * that it is empty: what stands there again is not understood anew.  Where this fails it
 * is empty. */
enum tj_rc tj_cell_read_next(struct tj_cell *, tj_str text, enum tj_cell_type,
	    const struct tj_cell_style *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* Is it one of the types that are a list of words (yes and no among them)? */
bool	 tj_cell_is_code(enum tj_cell_type);

#endif
