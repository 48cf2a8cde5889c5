#ifndef TJ_ENGINE_SCC_H
#define TJ_ENGINE_SCC_H

#include "engine/allocate.h"

/*
 * Strongly connected components, suppliers first (Tarjan 1972, his stack on
 * the heap).  order[node_count]: the nodes, those of one component side by
 * side; start[node_count + 1]: where each component begins; *count of them.
 * Both arrays are the caller's.  Scratch memory comes from the arena.  O(V + E).
 */
enum tj_rc tj_scc(uint32_t *order, uint32_t *start, uint32_t *count,
	    const struct tj_system *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
