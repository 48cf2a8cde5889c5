#ifndef TJ_ENGINE_GRAPH_DOT_H
#define TJ_ENGINE_GRAPH_DOT_H

#include "engine/trace_picture.h"

/*
 * A picture as DOT text, by cgraph: what is made in boxes with round corners,
 * coloured by stage, what is bought in plain ones, rests dashed; edges from supplier to
 * consumer, as wide as the kg CO2e that they carry.  Labels are text and nothing
 * else, whatever names hold: what Graphviz would read in them is escaped, what is longer than
 * a line is cut.  NOMEM.  cgraph allocates by itself.
 */
enum tj_rc tj_graph_dot(tj_str *dot, const struct tj_picture *, enum tj_lang,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
