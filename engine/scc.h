#ifndef TJ_ENGINE_SCC_H
#define TJ_ENGINE_SCC_H

#include "engine/allocate.h"

/*
 * Strongly connected components, suppliers first (Tarjan 1972, with stacks of
 * its own on the heap, freed on return).  The arrays are the caller's:
 * order[node_count]: the nodes, those of one component side by side;
 * start[node_count + 1]: where each component begins, and the end.
 * NOMEM.  O(V + E).
 */
enum tj_rc tj_scc(uint32_t *order, uint32_t *start, uint32_t *count,
	    const struct tj_system *, struct tj_err *) TJ_MUST_USE;

#endif
