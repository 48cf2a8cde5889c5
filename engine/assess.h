#ifndef TJ_ENGINE_ASSESS_H
#define TJ_ENGINE_ASSESS_H

#include "engine/balance.h"

/*
 * From a book to the footprint of one unit of everything in it: the pipeline.
 * Its parts refer to each other: do not copy it.  Lives in the arena it was made in.
 */
struct tj_assessment {
	struct tj_graph		 graph;
	struct tj_offer		*offers;	/* [graph.need_count] */
	struct tj_system	 system;
	struct tj_plan		 plan;
	struct tj_solution	 solution;
};

/* Errors and findings are those of the stages. O(V + E) and the loops. */
enum tj_rc tj_assess(struct tj_assessment *, const struct tj_book *,
	    const struct tj_profile *, const struct tj_resolve_options *,
	    struct tj_crew *, struct tj_findings *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
