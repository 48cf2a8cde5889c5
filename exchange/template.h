#ifndef TJ_EXCHANGE_TEMPLATE_H
#define TJ_EXCHANGE_TEMPLATE_H

#include "exchange/field.h"
#include "exchange/sheet.h"
#include "model/base/crew.h"
#include "model/finding.h"
#include "model/ledger.h"

/*
 * Metadata templates: how somebody's file says what the ledger holds.  Three
 * levels, public, industry, enterprise; each extends one above it and only
 * narrows.  docs/templates.md is the language; field.def the fields.
 */
enum tj_template_level { TJ_TEMPLATE_PUBLIC, TJ_TEMPLATE_INDUSTRY, TJ_TEMPLATE_ENTERPRISE };

struct tj_template_code {
	tj_str		from, to;
	tj_str		when;		/* "a|b": only where the cell under one of these */
	TJ_VEC(tj_str)	when_headers;	/* headers is not empty; none: always */
	char		sign;		/* '+', '-' or 0: as it is written */
};

struct tj_template_field {
	bool		defined, required;
	bool		absolute;	/* sign="abs" */
	tj_str		constant;	/* .p NULL: none */
	TJ_VEC(tj_str)	headers;	/* spellings, the nearest template's first */
	TJ_VEC(tj_unit)	units;		/* those allowed; none: any */
	TJ_VEC(struct tj_template_code)	codes;	/* first match wins */
};

struct tj_template_only {		/* rows of another value are passed over */
	TJ_VEC(tj_str)	headers;
	TJ_VEC(tj_str)	values;
	bool		excludes;	/* not="…": rows of these values are passed over */
};

struct tj_template_record {
	tj_str				 name;	/* its kind's unless told */
	enum tj_record_kind		 kind;
	struct tj_template_field	 fields[TJ_RECORD_FIELDS];	/* as in field.def */
	TJ_VEC(struct tj_template_only)	 only;
};

struct tj_template_file {
	struct tj_sheet_dialect	sheet;
	struct tj_cell_style	style;
};

struct tj_template {
	tj_str				 id, title_en, title_zh;
	enum tj_template_level		 level;
	TJ_VEC(tj_str)			 chain;	/* this one's id first, the public one's last */
	struct tj_template_file		 file;
	TJ_VEC(struct tj_template_record) records;
};

/* Finds the text of the template that another extends.  NOTFOUND. */
struct tj_template_loader {
	enum tj_rc (*load)(void *ctx, tj_str *bytes, tj_str id, struct tj_arena *,
	    struct tj_err *);
	void	*ctx;
};

/* Looks among the templates that come with the program. */
extern const struct tj_template_loader tj_template_builtins;

/*
 * The template with all that it inherits.  A view of `bytes` is not kept.
 * DATA: what is wrong with it or with one that it extends, with file and line:
 * not the language, not narrower, a cycle (the chain is named), longer than
 * TJ_MAX_TEMPLATE_CHAIN.
 */
enum tj_rc tj_template_read(const struct tj_template **, tj_str file, tj_str bytes,
	    const struct tj_template_loader *, struct tj_arena *, struct tj_err *)
	    TJ_MUST_USE;

/*
 * Adds what the file's rows say to the ledger, or nothing: every error of the file
 * becomes a finding with line, column (number of the cell) and field, and the call
 * returns DATA.  The ledger keeps views of `bytes` and of the arena, as its files do of
 * the copy of `file` there: both must outlive it.  Its own arena holds the rows alone.
 * After NOMEM the ledger is of no use.  The crew may be NULL; ledger and findings are
 * the same with any.  O(bytes).
 */
enum tj_rc tj_template_apply(struct tj_ledger *, const struct tj_template *, tj_str file,
	    tj_str bytes, struct tj_crew *, struct tj_findings *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
