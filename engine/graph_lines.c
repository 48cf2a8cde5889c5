#include "engine/graph_build.h"

/* What is bought for making counts as raw material; for a transport, as transport. */
static uint8_t
stage_of(const struct tj_activity *activity, int stage)
{
	if (stage >= 0)
		return (uint8_t)stage;
	return activity->stage == TJ_STAGE_MANUFACTURING ? TJ_STAGE_RAW
	    : (uint8_t)activity->stage;
}

static enum tj_rc
add_input(struct tj_line **end, struct tj_building *b, uint32_t row)
{
	const struct tj_input *in = &b->book->inputs.v[row];
	struct tj_line line = { .row = row, .kind = TJ_LINE_INPUT,
	    .secondary = in->secondary,
	    .stage = stage_of(&b->book->activities.v[in->activity], in->stage) };

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
add_output(struct tj_line **end, struct tj_building *b, uint32_t row)
{
	const struct tj_output *out = &b->book->outputs.v[row];
	struct tj_line line = { .row = row,
	    .stage = (uint8_t)b->book->activities.v[out->activity].stage };

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
		struct tj_line line = { .row = column->row, .kind = TJ_LINE_SUBSTITUTE,
		    .stage = (uint8_t)b->book->activities.v[activity].stage };

		if (column->function != TJ_FUNCTION_SUBSTITUTE)
			continue;
		TRY(tj_match_substitute(&line, b, column));
		column->substitute = (uint32_t)(*end - graph->lines);
		*(*end)++ = line;
	}
	return TJ_OK;
}

static enum tj_rc
add_lines(struct tj_line **end, struct tj_building *b, uint32_t activity)
{
	const struct tj_rows *inputs = &b->graph->inputs, *outputs = &b->graph->outputs;

	for (uint32_t i = inputs->start[activity]; i < inputs->start[activity + 1]; i++)
		TRY(add_input(end, b, inputs->rows[i]));
	for (uint32_t i = outputs->start[activity]; i < outputs->start[activity + 1]; i++)
		TRY(add_output(end, b, outputs->rows[i]));
	return add_substitutes(end, b, activity);
}

enum tj_rc
tj_build_lines(struct tj_building *b)
{
	struct tj_graph *graph = b->graph;
	const size_t most = b->book->inputs.n + b->book->outputs.n;
	struct tj_line *end;

	if (most > TJ_NONE - 1)
		return tj_fail(b->err, TJ_E_LIMIT, "%zu rows", most);
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
