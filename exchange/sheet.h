#ifndef TJ_EXCHANGE_SHEET_H
#define TJ_EXCHANGE_SHEET_H

#include "exchange/csv.h"
#include "exchange/decode.h"
#include "model/finding.h"

/*
 * One file of rows being read, where what is wrong with it becomes findings and
 * the reading goes on: what the native book and the templates have in common.
 */
struct tj_sheet {
	tj_str			 file;
	struct tj_findings	*findings;
	uint32_t		 errors_before;	/* of other files */
	struct tj_csv		 csv;
	tj_str			*headers;	/* [header_count] trimmed */
	size_t			 header_count;
	struct tj_csv_row	 row;		/* the one being read */
};

struct tj_sheet_dialect {
	enum tj_encoding	encoding;
	char			separator;	/* 0: told by the first line */
	uint32_t		skip_lines;	/* before the header */
	bool			header;		/* no: columns are named "#1", "#2" … */
};

/* Up to the header.  DATA, with a finding BAD_FILE: not text, not rows. */
enum tj_rc tj_sheet_open(struct tj_sheet *, tj_str file, tj_str bytes,
	    const struct tj_sheet_dialect *, struct tj_findings *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* sheet->row is the next; its count is 0 at the end, and where the file breaks off. */
enum tj_rc tj_sheet_next(struct tj_sheet *, struct tj_err *) TJ_MUST_USE;
/* The same, but where the file breaks off this fails as tj_csv_next() does, and
 * sheet->csv still stands before that row. */
enum tj_rc tj_sheet_try(struct tj_sheet *, struct tj_err *why) TJ_MUST_USE;
/* What breaks off the file becomes a finding; failures of ours are passed on. */
enum tj_rc tj_sheet_survive(struct tj_sheet *, const struct tj_err *why, struct tj_err *)
	    TJ_MUST_USE;
/* A finding about the row being read; column: number of the cell, 0: the whole row. */
void	 tj_sheet_report(struct tj_sheet *, enum tj_rule, size_t column, const char *field,
	    const char *fmt, ...) TJ_PRINTF(5, 6);
/* DATA with the number of errors this file had; NOMEM; OK. */
enum tj_rc tj_sheet_check(const struct tj_sheet *, struct tj_err *) TJ_MUST_USE;

#endif
