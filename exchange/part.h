#ifndef TJ_EXCHANGE_PART_H
#define TJ_EXCHANGE_PART_H

#include "exchange/sheet.h"
#include "model/base/crew.h"

/*
 * The rows of a sheet, read by a crew in parts of whole rows and taken in the order
 * of the file: what comes out is the same with any crew.  Where a part begins is
 * guessed from line ends; a guess that a quoted cell proves wrong is read again.
 */
struct tj_part {
	struct tj_sheet		 sheet;		/* the row being read; findings: the part's */
	struct tj_arena		*texts;		/* for what the rows keep */
	struct tj_arena		*scratch;	/* for the rows until they are taken */
	uint32_t		 shift;		/* while it is taken: of its lines to the file's */

	/* Of part.c alone. */
	size_t			 from, to;	/* of the text */
	uint32_t		 line;		/* taken for the first one's number */
	bool			 broken;	/* before `to`: the row there is none, or goes on */
	struct tj_findings	 findings;
	size_t			 told;		/* of the findings, those passed on */
	struct tj_arena		*telling;	/* of the findings */
	struct tj_err		 err;		/* why it is broken, or of ours */
	enum tj_rc		 rc;		/* of ours */
};

/* How one kind of sheet is read; a part of it begins with a struct tj_part. */
struct tj_part_reader {
	void	*ctx;
	size_t	 part_size;
	bool	 in_order;	/* a row says nothing without the rows above */
	/* Once for every part, before all else; and before its rows are read, again and again. */
	enum tj_rc (*make)(void *ctx, struct tj_part *, struct tj_err *);
	void	 (*begin)(struct tj_part *);
	/* part->sheet.row, by any thread: nothing else may change. */
	enum tj_rc (*row)(void *ctx, struct tj_part *, struct tj_err *);
	/* All rows since begin(), in the order of the file, one part at a time. */
	enum tj_rc (*take)(void *ctx, struct tj_part *, struct tj_err *);
};

/*
 * All rows behind the sheet's header.  What is wrong with them is among the sheet's
 * findings, in their order.  The rows keep texts of the arena.  O(bytes).
 * DATA: as tj_sheet_check(); else what the reader failed with.
 */
enum tj_rc tj_parts_read(struct tj_sheet *, const struct tj_part_reader *, struct tj_crew *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* While it is taken: the part's findings before this line of the file are told now. */
void	 tj_part_tell(struct tj_sheet *whole, struct tj_part *, uint32_t line);

#endif
