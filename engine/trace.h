#ifndef TJ_ENGINE_TRACE_H
#define TJ_ENGINE_TRACE_H

#include "engine/supply.h"
#include "model/decimal.h"

/*
 * Who and what makes up the footprint of an amount of one product: divided in
 * five ways, and along the paths by which it comes.  All of it is read off one
 * solution; nothing is solved again but the loops that paths go through.
 *
 * By supplier: what was bought goes to who declared it or to the source of its
 * factor; the rest is own emissions.  By process and by site: whoever emits
 * it or buys it.  By gas: a declaration does not tell its gases and is CO2e.  By
 * stage: as declared, in their order.  Each way of dividing sums to the total.
 *
 * Paths (structural path analysis, Treloar 1997; Suh and Heijungs 2007).  A path
 * goes from the product along suppliers j -> i to an end: what the last activity
 * emits itself, or one thing that it buys.  It is worth
 *
 *	amount * a_1 * a_2 * ... * a_n * (kg CO2e of the end, per unit)
 *
 * where a_k is the amount of a supplier per unit of its consumer, or, where the path
 * enters a loop L at member m, the loop's closed form
 *
 *	[(I - A_LL)^-1]_mv	for each member v of L,
 *
 * which is how much of v one unit of m takes, all rounds within L counted.  From v
 * the path ends or leaves L: it never comes to a member twice, and the sum over all
 * paths is the total, loops or not.  What is not shown (under the cut-off, further
 * than the depth, over a ceiling) is summed as the remainder.
 */
enum tj_trace_view {
#define X(name, key, en, zh) TJ_TRACE_##name,
#include "engine/trace.def"
#undef X
	TJ_TRACE_VIEWS
};

const char *tj_trace_view_key(enum tj_trace_view);
const char *tj_trace_view_label(enum tj_trace_view, enum tj_lang);
bool	 tj_trace_view_parse(enum tj_trace_view *, tj_str);

#define TJ_TRACE_MAX_DEPTH	100	/* steps of a path: longer ones are read by nobody */
#define TJ_TRACE_MAX_PATHS	1000	/* shown */

struct tj_trace_options {
	double		amount;		/* in graph->units[product] */
	double		cut_off;	/* 0..1 of |total|, or of the sum of all |parts|
					 * where the total is declared as zero */
	uint32_t	depth;		/* steps, 1 .. TJ_TRACE_MAX_DEPTH */
};

enum tj_trace_from {
	TJ_TRACE_OWN,			/* emitted, balanced or credited in the book */
	TJ_TRACE_DECLARED,
	TJ_TRACE_BY_FACTOR,
	TJ_TRACE_AS_ZERO		/* cut off */
};

struct tj_trace_line {
	enum tj_trace_from	from;		/* by supplier; else OWN */
	int8_t			stage;		/* enum tj_stage, or -1: of several */
	tj_str			key, name;	/* name may be empty */
	tj_str			source, place;	/* of one declaration or factor; "file:line" */
	double			amount;		/* of one thing; NAN: of several */
	const char		*unit;		/* "" with NAN */
	double			kgco2e;
	double			share;		/* of the total; NAN where that is zero */
	tj_dec			declared_kgco2e;	/* its part of the rounded total */
	uint32_t		gathered;	/* so many lines under the cut-off; else 0 */
};

struct tj_trace_step {
	tj_str		key, name;	/* of what is made or bought */
	tj_str		activity;	/* who makes it; empty: a mix, or bought */
	tj_str		site;
	double		amount;		/* along the path */
	const char	*unit;
	bool		round;		/* by the closed form of its loop */
};

struct tj_trace_path {
	const struct tj_trace_step *steps;	/* [step_count] from the product */
	uint32_t	 step_count;
	bool		 bought;	/* the last step is; else its own emissions */
	enum tj_trace_from from;
	tj_str		 source;	/* of what is bought */
	double		 kgco2e, share;
	tj_dec		 declared_kgco2e;
};

struct tj_trace {
	uint32_t		product;
	double			amount;
	double			total_kgco2e;
	double			scale_kgco2e;	/* of which the cut-off is a part */
	tj_dec			declared_kgco2e;	/* rounded as in a declaration */
	int			digits;		/* after its point */
	struct {
		struct tj_trace_line	*lines;	/* [count] largest first, the rest last */
		size_t			 count;
	}			views[TJ_TRACE_VIEWS];
	struct tj_trace_path	*paths;		/* [path_count] largest first */
	size_t			 path_count;
	double			 remainder_kgco2e, remainder_share;
	tj_dec			 remainder_declared_kgco2e;
};

/*
 * `supply` is that of the amount of the product.  Views: O(V + E) of what is
 * upstream.  Paths: best first, until a fixed number of suppliers was looked at; a
 * loop is solved once for each member at which it is entered.  NOTFOUND, LOOP, RANGE as
 * tj_solution_product(); NOMEM.
 */
enum tj_rc tj_trace_make(struct tj_trace *, const struct tj_solution *, uint32_t product,
	    const struct tj_trace_options *, const struct tj_supply *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
