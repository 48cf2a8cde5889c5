#include <math.h>

#include "engine/declare.h"
#include "engine/trace_parts.h"
#include "model/base/limits.h"

static const struct {
	const char	*key, *label[2];	/* by enum tj_lang */
} views[] = {
#define X(name, key, en, zh) { key, { en, zh } },
#include "engine/trace.def"
#undef X
};

const char *
tj_trace_view_key(enum tj_trace_view view)
{
	return views[view].key;
}

const char *
tj_trace_view_label(enum tj_trace_view view, enum tj_lang lang)
{
	return views[view].label[lang];
}

bool
tj_trace_view_parse(enum tj_trace_view *view, tj_str text)
{
	for (size_t i = 0; i < TJ_TRACE_VIEWS; i++)
		if (tj_str_eq(text, tj_str_of(views[i].key))) {
			*view = (enum tj_trace_view)i;
			return true;
		}
	return false;
}

/* Rounded as declare.c does it, so that a stage is here what it is there. */
static enum tj_rc
stages_round(struct tj_tracing *t, const struct tj_values *values)
{
	double parts[TJ_STAGES][TJ_CATEGORIES];
	tj_dec rounded[TJ_STAGES][TJ_CATEGORIES];
	struct tj_trace *trace = t->trace;
	struct tj_trace_line *lines = TJ_NEWN(t->arena, struct tj_trace_line, TJ_STAGES);

	if (lines == NULL)
		return tj_fail_nomem(t->err);
	for (size_t s = 0; s < TJ_STAGES; s++) {
		struct tj_sum sum = { 0, 0 };

		for (size_t c = 0; c < TJ_CATEGORIES; c++) {
			parts[s][c] = values->kgco2e[s][c] * t->options->amount;
			tj_sum_add(&sum, parts[s][c]);
		}
		lines[s] = (struct tj_trace_line){ .stage = (int8_t)s, .amount = NAN,
		    .unit = "", .key = tj_str_of(tj_stage_key((enum tj_stage)s)),
		    .kgco2e = tj_sum_of(&sum) };
	}
	TRY(tj_dec_apportion(&rounded[0][0], &trace->declared_kgco2e, &parts[0][0], TJ_PARTS,
	    trace->digits, t->err));
	for (size_t s = 0; s < TJ_STAGES; s++)
		for (size_t c = 0; c < TJ_CATEGORIES; c++)
			TRY(tj_dec_add(&lines[s].declared_kgco2e, lines[s].declared_kgco2e,
			    rounded[s][c], t->err));
	trace->views[TJ_TRACE_STAGE].lines = lines;
	trace->views[TJ_TRACE_STAGE].count = TJ_STAGES;
	return TJ_OK;
}

static enum tj_rc
total_find(struct tj_tracing *t)
{
	struct tj_trace *trace = t->trace;
	struct tj_values values;

	TRY(tj_solution_product(&values, t->solution, trace->product, t->err));
	trace->total_kgco2e = tj_values_total_kgco2e(&values) * t->options->amount;
	if (!isfinite(trace->total_kgco2e))
		return tj_fail(t->err, TJ_E_RANGE, "%.*s: the footprint overflows",
		    TJ_FMT(t->graph->book->products.v[trace->product].key));
	trace->digits = tj_declared_digits(trace->total_kgco2e, t->graph->profile);
	TRY(stages_round(t, &values));
	trace->scale_kgco2e = fabs(tj_dec_sign(trace->declared_kgco2e) != 0
	    ? trace->total_kgco2e : values.quality.absolute * t->options->amount);
	t->threshold_kgco2e = t->options->cut_off * trace->scale_kgco2e;
	for (size_t s = 0; s < TJ_STAGES; s++) {
		struct tj_trace_line *line = &trace->views[TJ_TRACE_STAGE].lines[s];

		line->share = tj_trace_share(trace, line->kgco2e);
	}
	return TJ_OK;
}

enum tj_rc
tj_trace_make(struct tj_trace *out, const struct tj_solution *solution, uint32_t product,
    const struct tj_trace_options *options, const struct tj_supply *supply,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_graph *graph = solution->system->graph;
	struct tj_trace trace = { .product = product, .amount = options->amount };
	struct tj_tracing t = { .solution = solution, .graph = graph, .supply = supply,
	    .options = options, .answer = tj_graph_answer(graph, product),
	    .trace = &trace, .arena = arena, .err = err };
	enum tj_rc rc;

	TRY(total_find(&t));
	if ((t.scratch = tj_arena_new(TJ_MAX_ARENA_BYTES)) == NULL)
		return tj_fail_nomem(err);
	rc = tj_trace_views(&t);
	if (rc == TJ_OK)
		rc = tj_trace_paths(&t);
	tj_arena_free(t.scratch);
	if (rc == TJ_OK)
		*out = trace;
	return rc;
}
