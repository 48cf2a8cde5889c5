#ifndef TJ_ENGINE_GRAPH_DOT_H
#define TJ_ENGINE_GRAPH_DOT_H

#include "engine/solve.h"

#define TJ_MAX_DOT_NODES	500	/* more is not read by anyone, and layout takes minutes */

/*
 * What stands upstream of one product, nearest first, at most TJ_MAX_DOT_NODES
 * nodes, as DOT text: activities, mixes and what is bought, edges labelled with
 * amount and unit.  NOTFOUND: nobody makes it; NOMEM.  cgraph allocates by itself.
 */
enum tj_rc tj_graph_dot(tj_str *dot, const struct tj_solution *, uint32_t product,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
