#include "engine/graph_build.h"
#include "model/base/limits.h"

static void
take_over(struct tj_graph *graph, const struct tj_book *book,
    const struct tj_profile *profile)
{
	*graph = (struct tj_graph){
		.book = book, .profile = profile,
		.activity_count = (uint32_t)book->activities.n,
		.product_count = (uint32_t)book->products.n,
	};
}

static enum tj_rc
steps(struct tj_building *b)
{
	TRY(tj_build_rows(b));
	TRY(tj_build_units(b));
	TRY(tj_build_columns(b));
	TRY(tj_build_makers(b));
	TRY(tj_build_lines(b));
	TRY(tj_build_releases(b));
	return b->findings->out_of_memory ? tj_fail_nomem(b->err) : b->refused;
}

enum tj_rc
tj_graph_build(struct tj_graph *out, const struct tj_book *book,
    const struct tj_profile *profile, struct tj_findings *findings,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_graph graph;
	struct tj_building b = { .graph = &graph, .book = book, .profile = profile,
	    .findings = findings, .arena = arena, .err = err,
	    .scratch = tj_arena_new(TJ_MAX_ARENA_BYTES) };
	enum tj_rc rc;

	if (b.scratch == NULL)
		return tj_fail_nomem(err);
	take_over(&graph, book, profile);
	if ((rc = steps(&b)) == TJ_OK)
		*out = graph;
	tj_arena_free(b.scratch);
	return rc;
}
