#ifndef TJ_ENGINE_ALLOCATE_H
#define TJ_ENGINE_ALLOCATE_H

#include "engine/graph.h"
#include "engine/matrix.h"

/*
 * The allocated technosphere: one row of inputs for each node, per unit of
 * its product, in the amount's absolute sense (treating one unit of a waste is
 * a positive amount of that node, whatever the notation).
 *
 *	x_j = scale_j * releases(activity of j) + credit_j
 *	      + sum over edges a * x_i + sum over purchases a * offer_k
 *
 * 16 bytes an edge or purchase, 152 a choice.
 */
struct tj_purchase {
	double		amount;		/* of the need, per unit of this node */
	uint32_t	need;
	uint32_t	line;
};

#define TJ_MAX_TRIALS	5	/* the four rules of a profile, and the economic test before */

/* Why an activity's burden is shared as it is. */
struct tj_rejected {
	enum tj_rule_of_share	rule;
	tj_str			reason;
};

struct tj_choice {
	uint32_t			activity;
	enum tj_rule_of_share		rule;
	tj_str				reason;
	struct tj_rejected		rejected[TJ_MAX_TRIALS];	/* tried before, in order */
	uint32_t			rejected_count;
};

struct tj_system {
	const struct tj_graph	*graph;
	uint32_t		 node_count;
	double			*shares;	/* [column_count] of the activity's burden */
	double			*scales;	/* [column_count] share / |amount|; 0: not shared */
	double			*credits_kgco2e;	/* [column_count] of CREDIT columns */
	struct tj_matrix	 matrix;	/* entries in the order of the lines */
	uint32_t		*entry_lines;	/* [entries] of graph->lines; TJ_NONE: of a mix */
	size_t			*purchase_start;	/* [node_count + 1] into purchases */
	struct tj_purchase	*purchases;
	struct tj_choice	*choices;	/* [choice_count] by activity, ascending */
	uint32_t		 choice_count;
};

/*
 * Shares by the activity's own rule, else given shares, else economic where the
 * profile's ratio test says so, else the profile's order.  The shares of one
 * activity sum to exactly 1: the last one takes the rest.  A waste treated takes
 * the share of the first main output; several split it by mass.  DATA: given shares
 * that do not sum to 1 within 1e-9 (file:line), a rule that was asked for and
 * cannot be used, no rule that can, a mass among several wastes that is not known.
 * Finding: ALLOCATED.  O(lines + rows).
 */
enum tj_rc tj_allocate(struct tj_system *, const struct tj_graph *,
	    struct tj_findings *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* NULL: one product only. O(log choices). */
const struct tj_choice *tj_system_choice(const struct tj_system *, uint32_t activity);

#endif
