#ifndef TJ_EXCHANGE_TEMPLATE_ROWS_H
#define TJ_EXCHANGE_TEMPLATE_ROWS_H

#include "exchange/part.h"
#include "exchange/template.h"

#define TJ_MAX_BOM_LEVEL	99

struct tj_bom_level {			/* a row of a level list that others may hang on */
	int	level;
	bool	skipped;		/* it was passed over, and so is what is below it */
	tj_str	component;
	double	quantity;		/* NAN: not given */
	tj_unit	unit;
};

/* One record of a template while a file is read. */
struct tj_record_rows {
	const struct tj_template_record	*record;
	struct tj_sheet			*sheet;
	struct tj_arena			*arena;		/* for texts that are made up */
	size_t				 position[TJ_RECORD_FIELDS];	/* of the cell; 0: none */
	struct tj_cell			 cells[TJ_RECORD_FIELDS];	/* of this row */
	struct tj_bom_level		 above[TJ_MAX_BOM_LEVEL + 1];	/* strictly rising levels */
	size_t				 above_count;
};

/*
 * Adds what the cells say as one row of the ledger.  What is wrong with it becomes a
 * finding and the row is left out.  Fails for memory only.
 */
enum tj_rc tj_record_row(struct tj_ledger *, struct tj_record_rows *, struct tj_err *)
	    TJ_MUST_USE;
/* Level lists: remember a row that was passed over, so that those below it are too. */
void	 tj_record_skip(struct tj_record_rows *, tj_str level);
bool	 tj_record_has_levels(const struct tj_template_record *);

/* Appends all rows; they are of this file, and so many lines further down in it. */
enum tj_rc tj_ledger_take(struct tj_ledger *, const struct tj_ledger *from, uint32_t file,
	    uint32_t shift, struct tj_err *) TJ_MUST_USE;
/* Drops the last rows of each kind, so that as many are left as in `sizes`. */
void	 tj_ledger_cut(struct tj_ledger *, const struct tj_ledger *sizes);

#endif
