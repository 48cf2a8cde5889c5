#ifndef TJ_ENGINE_PLAN_H
#define TJ_ENGINE_PLAN_H

#include <stdbool.h>

#include "engine/matrix.h"
#include "model/base/arena.h"
#include "model/base/crew.h"
#include "model/base/names.h"

/*
 * In which order the nodes are computed, and which of them together: structure
 * only, so that it stays valid while amounts change.  A node's place is its number in
 * this order: its suppliers have lower ones, but for those in the same loop,
 * whose members stand side by side, in the order in which a depth-first walk along
 * the suppliers leaves them: suppliers first where a loop allows it.
 */
struct tj_plan_loop {
	uint32_t	first, end;	/* places */
};

/*
 * A run of places that one thread computes in one go.  Those of one level of the
 * graph need nothing of each other; many small levels are one part.  Which parts there
 * are depends on the graph alone.
 */
struct tj_plan_part {
	uint32_t	first;		/* place; ends where the next part begins */
	uint32_t	after;		/* parts before this one must be done */
};

struct tj_plan {
	uint32_t		 node_count, loop_count, part_count;
	uint32_t		*order;		/* [node_count] node at each place */
	uint32_t		*place;		/* [node_count] of each node */
	struct tj_plan_loop	*loops;		/* [loop_count] that use themselves, in order */
	uint32_t		*loop_of;	/* [node_count] by place, or TJ_NONE;
						 * NULL where there is no loop */
	struct tj_plan_part	*parts;		/* [part_count + 1], none cuts a loop */
	/* The rows of the matrix by place, entries in the same order. */
	uint32_t		*start;		/* [node_count + 1] into suppliers */
	uint32_t		*suppliers;	/* places; TJ_PLAN_SECONDARY set or not */
};

#define TJ_PLAN_SECONDARY	0x80000000u	/* nothing through this entry is primary data */
#define TJ_PLAN_PLACE		0x7fffffffu
#define TJ_PLAN_LARGE_LOOP	4096u		/* places: more are a part of their own */

/* NOMEM; LIMIT: 2^31 nodes, 2^32 entries.  No recursion: a chain of 10^6 nodes needs
 * no stack.  The same plan with any number of threads.  O(V + E); 4 bytes an entry and
 * 12 to 16 a node, while it is made 9 to 33 more. */
enum tj_rc tj_plan_make(struct tj_plan *, const struct tj_matrix *, struct tj_crew *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* The matrix's amounts in the plan's order: amounts[plan->start[node_count]]. */
void	 tj_plan_amounts(double *amounts, const struct tj_plan *, const struct tj_matrix *,
	    struct tj_crew *);

static inline bool
tj_plan_inside(struct tj_plan_loop loop, uint32_t place)
{
	return place >= loop.first && place < loop.end;
}

static inline uint32_t
tj_plan_loop_of(const struct tj_plan *plan, uint32_t place)
{
	return plan->loop_count == 0 ? TJ_NONE : plan->loop_of[place];
}

#endif
