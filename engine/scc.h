#ifndef TJ_ENGINE_SCC_H
#define TJ_ENGINE_SCC_H

#include "engine/matrix.h"
#include "model/base/err.h"

/*
 * Strongly connected components of some nodes and all their suppliers, with stacks
 * on the heap, freed on return (Tarjan 1972; one number a node as in Pearce, "A
 * space-efficient algorithm for finding strongly connected components", 2016).
 *
 * component[node_count]: before, 0 for the `count` nodes that are meant and anything
 * else for the others; after, numbers from 0, suppliers first, for those that are meant.
 * order[count]: users first; the nodes of one component side by side, in it each node
 * before those that a depth-first walk left earlier.
 * NOMEM.  O(V + E); 20 bytes for each of `count`.
 */
enum tj_rc tj_scc(uint32_t *order, uint32_t *component, uint32_t *component_count,
	    const struct tj_matrix *, uint32_t count, struct tj_err *) TJ_MUST_USE;

#endif
