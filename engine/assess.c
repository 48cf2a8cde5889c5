#include "engine/assess.h"

enum tj_rc
tj_assess(struct tj_assessment *a, const struct tj_book *book,
    const struct tj_profile *profile, const struct tj_resolve_options *options,
    struct tj_crew *crew, struct tj_findings *findings, struct tj_arena *arena, struct tj_err *err)
{
	TRY(tj_graph_build(&a->graph, book, profile, findings, arena, err));
	TRY(tj_resolve(&a->offers, &a->graph, options, findings, arena, err));
	TRY(tj_allocate(&a->system, &a->graph, findings, arena, err));
	TRY(tj_plan_make(&a->plan, &a->system.matrix, crew, arena, err));
	TRY(tj_solve(&a->solution, &a->system, &a->plan, a->offers, crew, findings,
	    arena, err));
	return tj_balance_check(&a->solution, findings, err);
}
