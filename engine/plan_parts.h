#ifndef TJ_ENGINE_PLAN_PARTS_H
#define TJ_ENGINE_PLAN_PARTS_H

#include "engine/plan.h"

/*
 * Between plan.c and its parts: what is known of the nodes before they have places.
 * A level is the longest way down from a node that nobody uses, loops counting as one:
 * nodes of one level need nothing of each other.
 */
struct tj_ranking {
	const struct tj_matrix	*matrix;
	uint32_t		*nodes;		/* [node_count] users first */
	uint32_t		*level;		/* [node_count] by node */
	uint8_t			*kind;		/* [node_count] by node: within a level
						 * those of a kind side by side */
	uint32_t		*component;	/* [node_count] by node, TJ_NONE where peeled;
						 * NULL where all are */
	uint32_t		 peeled;	/* of `nodes`: in no loop of two, nor used by one */
	uint32_t		 level_count;
};

#define TJ_KIND_LOOP	UINT8_MAX		/* the last ones of a level */

/*
 * Levels from the top (Kahn 1962): `nodes`, as far as they are peeled, in the order of
 * their levels, `level` of these, `kind` of all but loops of several nodes.
 * level and kind are all zero before.
 */
void	 tj_ranking_peel(struct tj_ranking *);
/* The rest: loops and what is upstream of them.  NOMEM. */
enum tj_rc tj_ranking_rest(struct tj_ranking *, struct tj_err *) TJ_MUST_USE;

/*
 * order[node_count]: by level, the deepest first, and by kind.  `nodes` is used up.
 * level_start[level_count + 1]: places, level 0 being the last one of the order.
 */
void	 tj_ranking_sort(uint32_t *order, uint32_t *level_start, struct tj_ranking *);

/* The parts of a plan that has everything else.  NOMEM. */
enum tj_rc tj_plan_cut(struct tj_plan *, const uint32_t *level_start, uint32_t level_count,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
