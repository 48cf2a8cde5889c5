#ifndef TJ_ENGINE_GRAPH_SVG_H
#define TJ_ENGINE_GRAPH_SVG_H

#include "model/base/str.h"

/*
 * DOT text, NUL-terminated as tj_graph_dot() writes it, laid out and drawn by
 * Graphviz within this process: no program is run, no configuration and no font is
 * read, so that the same text gives the same bytes on every machine with the same Graphviz.
 * DATA: not DOT; LIMIT: more edges than can be laid out in seconds.
 */
#define TJ_MAX_SVG_EDGES	600

enum tj_rc tj_graph_svg(tj_str *svg, tj_str dot, struct tj_arena *, struct tj_err *)
	    TJ_MUST_USE;

#endif
