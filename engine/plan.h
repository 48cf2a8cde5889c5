#ifndef TJ_ENGINE_PLAN_H
#define TJ_ENGINE_PLAN_H

#include "engine/allocate.h"

/*
 * In which order the nodes are computed, and which of them together: structure
 * only, so that it stays valid while amounts change.
 */
struct tj_plan {
	uint32_t	 node_count, component_count, loop_count;
	uint32_t	*order;			/* [node_count] suppliers first */
	uint32_t	*component_start;	/* [component_count + 1] into order */
	uint32_t	*component_of;		/* [node_count] */
	uint32_t	*loops;			/* [loop_count] components that use themselves */
};

/* NOMEM.  No recursion: a chain of 10^6 nodes needs no stack.  O(V + E). */
enum tj_rc tj_plan_make(struct tj_plan *, const struct tj_system *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
