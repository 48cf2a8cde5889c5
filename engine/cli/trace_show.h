#ifndef TJ_CLI_TRACE_SHOW_H
#define TJ_CLI_TRACE_SHOW_H

#include "engine/cli/cmd.h"
#include "engine/trace_picture.h"

/* A trace in each of its formats, to stdout. */
struct tj_traced {
	const struct tj_graph		*graph;
	const struct tj_product		*product;
	tj_unit				 unit;		/* of the product */
	struct tj_trace_options		 options;
	bool				 views[TJ_TRACE_VIEWS];	/* wanted */
	struct tj_trace			 trace;
	struct tj_picture		 picture;	/* JSON, DOT, SVG */
};

/* The name of a line for people: what it is where it has no key of its own. */
tj_str	tj_traced_key(const struct tj_trace_line *, enum tj_trace_view, enum tj_lang);

enum tj_rc tj_traced_text(struct tj_cli *, const struct tj_traced *) TJ_MUST_USE;
enum tj_rc tj_traced_json(struct tj_cli *, const struct tj_traced *) TJ_MUST_USE;
/* One row a line of each view, a path and the remainder; RFC 4180 but for CR. */
enum tj_rc tj_traced_csv(struct tj_cli *, const struct tj_traced *) TJ_MUST_USE;

#endif
