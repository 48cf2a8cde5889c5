#include "engine/graph_build.h"

#define AHEAD	24	/* rows: as many as memory answers at once, and some */

/* What is bought for making counts as raw material; for a transport, as transport. */
static unsigned
stage_of(const struct tj_activity *activity, int stage)
{
	if (stage >= 0)
		return (unsigned)stage;
	return activity->stage == TJ_STAGE_MANUFACTURING ? TJ_STAGE_RAW : activity->stage;
}

static enum tj_rc
add_input(struct tj_line **end, struct tj_building *b, uint32_t row,
    const struct tj_activity *activity)
{
	const struct tj_input *in = &b->book->inputs.v[row];
	struct tj_line line = { .row = row & TJ_LINE_MAX_ROW, .kind = TJ_LINE_INPUT,
	    .secondary = in->secondary, .stage = stage_of(activity, in->stage) & 7 };

	if (in->treat || in->amount == 0)
		return TJ_OK;
	if (in->provider != TJ_NONE)
		tj_match_provider(&line, b, in);
	else
		TRY(tj_match_use(&line, b, in->product, in->amount, in->unit, in->src));
	*(*end)++ = line;
	return TJ_OK;
}

static enum tj_rc
add_output(struct tj_line **end, struct tj_building *b, uint32_t row,
    const struct tj_activity *activity)
{
	const struct tj_output *out = &b->book->outputs.v[row];
	struct tj_line line = { .row = row & TJ_LINE_MAX_ROW,
	    .stage = (unsigned)activity->stage & 7 };

	if (out->amount == 0)
		return TJ_OK;
	if (out->role == TJ_ROLE_WASTE) {
		line.kind = TJ_LINE_WASTE;
		TRY(tj_match_waste(&line, b, out));
	} else if (out->role == TJ_ROLE_CREDIT) {
		line.kind = TJ_LINE_CREDIT;
		TRY(tj_match_use(&line, b, out->product, -out->amount, out->unit,
		    out->src));
	} else {
		return TJ_OK;
	}
	*(*end)++ = line;
	return TJ_OK;
}

static enum tj_rc
add_substitutes(struct tj_line **end, struct tj_building *b, uint32_t activity)
{
	struct tj_graph *graph = b->graph;

	for (uint32_t c = graph->column_start[activity];
	    c < graph->column_start[activity + 1]; c++) {
		struct tj_column *column = &graph->columns[c];
		struct tj_line line = { .row = column->row & TJ_LINE_MAX_ROW,
		    .kind = TJ_LINE_SUBSTITUTE,
		    .stage = (unsigned)b->book->activities.v[activity].stage & 7 };

		if (column->function != TJ_FUNCTION_SUBSTITUTE)
			continue;
		TRY(tj_match_substitute(&line, b, column));
		column->substitute = (uint32_t)(*end - graph->lines);
		*(*end)++ = line;
	}
	return TJ_OK;
}

/* The products of inputs lie anywhere: that of a row further on is fetched already.
 * (The prefetch stands in the loop: gcc drops calls of what does nothing else.) */
static uint32_t
product_ahead(const struct tj_building *b, uint32_t at)
{
	const size_t last = b->book->inputs.n - 1;

	return b->book->inputs.v[b->graph->inputs.rows[last > AHEAD && at < last - AHEAD ?
	    at + AHEAD : last]].product;
}

static enum tj_rc
add_lines(struct tj_line **end, struct tj_building *b, uint32_t activity)
{
	const struct tj_rows *inputs = &b->graph->inputs, *outputs = &b->graph->outputs;
	const struct tj_activity *it = &b->book->activities.v[activity];

	for (uint32_t i = inputs->start[activity]; i < inputs->start[activity + 1]; i++) {
		const uint32_t ahead = product_ahead(b, i);

		__builtin_prefetch(&b->graph->made[ahead]);
		__builtin_prefetch(&b->made_units[ahead]);
		TRY(add_input(end, b, inputs->rows[i], it));
	}
	for (uint32_t i = outputs->start[activity]; i < outputs->start[activity + 1]; i++)
		TRY(add_output(end, b, outputs->rows[i], it));
	return add_substitutes(end, b, activity);
}

enum tj_rc
tj_build_lines(struct tj_building *b)
{
	struct tj_graph *graph = b->graph;
	const size_t most = b->book->inputs.n + b->book->outputs.n;
	struct tj_line *end;

	graph->lines = TJ_NEWN(b->arena, struct tj_line, most);
	graph->line_start = TJ_NEWN(b->arena, uint32_t, (size_t)graph->activity_count + 1);
	graph->need_of = TJ_NEWN(b->arena, uint32_t, graph->product_count);
	if (graph->lines == NULL || graph->line_start == NULL || graph->need_of == NULL)
		return tj_fail_nomem(b->err);
	memset(graph->need_of, 0xff, graph->product_count * sizeof(*graph->need_of));
	end = graph->lines;
	for (uint32_t a = 0; a < graph->activity_count; a++) {
		graph->line_start[a] = (uint32_t)(end - graph->lines);
		TRY(add_lines(&end, b, a));
	}
	graph->line_start[graph->activity_count] = (uint32_t)(end - graph->lines);
	return TJ_OK;
}
