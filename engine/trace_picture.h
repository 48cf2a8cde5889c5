#ifndef TJ_ENGINE_TRACE_PICTURE_H
#define TJ_ENGINE_TRACE_PICTURE_H

#include "engine/trace.h"

/*
 * What stands upstream of a product, as far as it is worth drawing: each node once,
 * those nearest first, down to the depth and the cut-off of a trace.
 *
 * Amounts are what reaches a node along edges that are drawn, so that each node, and
 * each loop as a whole, passes on what it takes and adds:
 *
 *	through = own + what its suppliers are drawn with + rest
 *
 * and own and rest of all nodes together are the total.  Members of a loop are drawn
 * with all rounds counted; an edge within the loop carries nothing more, since its
 * kilograms stand at the members.  What members that are not drawn cause is in
 * the rest of the first one that is.
 */
#define TJ_MAX_DOT_NODES	500	/* more is not read by anyone, and layout takes minutes */

struct tj_picture_node {
	uint32_t	node;		/* TJ_NONE: bought, see need */
	uint32_t	need;
	double		amount;
	double		own_kgco2e;	/* of what is bought: all of it */
	double		through_kgco2e;	/* passed on; of a loop's member: out of the loop */
	double		rest_kgco2e;	/* brought by what is not drawn */
	uint32_t	rest_count;	/* so many suppliers and purchases */
	tj_dec		own_declared_kgco2e, rest_declared_kgco2e;
};

struct tj_picture_edge {
	uint32_t	from, to;	/* numbers of nodes: supplier, consumer */
	double		amount;
	double		kgco2e;		/* 0 where it is within a loop */
	bool		round;		/* within a loop */
};

struct tj_picture {
	const struct tj_solution	*solution;
	uint32_t			 product;
	double				 amount, total_kgco2e;
	double				 scale_kgco2e, threshold_kgco2e;	/* cut-off of it */
	tj_dec				 declared_kgco2e;
	int				 digits;
	struct tj_picture_node		*nodes;		/* [node_count] the product first */
	uint32_t			 node_count;
	struct tj_picture_edge		*edges;		/* [edge_count] */
	size_t				 edge_count;
};

/*
 * Of a trace that was made with these options and this supply.  Nodes and the rests
 * drawn beside them are at most TJ_MAX_DOT_NODES.  O(suppliers of drawn nodes), each
 * loop solved once.  NOMEM; LIMIT.
 */
enum tj_rc tj_picture_make(struct tj_picture *, const struct tj_solution *,
	    const struct tj_trace *, const struct tj_trace_options *,
	    const struct tj_supply *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
