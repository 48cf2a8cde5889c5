#include <math.h>

#include "engine/cli/report.h"
#include "engine/cli/trace_show.h"
#include "model/base/limits.h"

static void
text_json(struct tj_json_writer *json, const char *name, tj_str text)
{
	if (text.n > 0)
		tj_json_put(json, name, text);
}

static void
dec_json(struct tj_json_writer *json, const char *name, tj_dec value)
{
	char text[TJ_DEC_TEXT];

	tj_json_put(json, name, tj_str_of(tj_dec_text(text, value)));
}

static const char *
from_key(enum tj_trace_from from)
{
	static const char *const keys[] = {
		[TJ_TRACE_OWN] = "own", [TJ_TRACE_DECLARED] = "declaration",
		[TJ_TRACE_BY_FACTOR] = "factor", [TJ_TRACE_AS_ZERO] = "zero",
	};

	return keys[from];
}

/* What is empty is left out; shares are in percent. */
static void
line_json(struct tj_json_writer *json, const struct tj_trace_line *line,
    enum tj_trace_view view)
{
	tj_json_open(json, NULL, '{');
	dec_json(json, "kgco2e", line->declared_kgco2e);
	tj_report_number_json(json, "unrounded_kgco2e", line->kgco2e);
	tj_report_number_json(json, "share", 100 * line->share);
	if (line->gathered > 0) {
		tj_json_put_count(json, "gathered", line->gathered);
		tj_json_close(json, '}');
		return;
	}
	tj_json_put(json, "key", line->key);
	text_json(json, "name", line->name);
	if (view == TJ_TRACE_SUPPLIER)
		tj_json_put(json, "from", tj_str_of(from_key(line->from)));
	if (line->stage >= 0)
		tj_json_put(json, "stage",
		    tj_str_of(tj_stage_key((enum tj_stage)line->stage)));
	tj_report_number_json(json, "amount", line->amount);
	text_json(json, "unit", tj_str_of(line->unit));
	text_json(json, "source", line->source);
	text_json(json, "row", line->place);
	tj_json_close(json, '}');
}

static void
step_json(struct tj_json_writer *json, const struct tj_trace_step *step)
{
	tj_json_open(json, NULL, '{');
	tj_json_put(json, "product", step->key);
	text_json(json, "name", step->name);
	text_json(json, "activity", step->activity);
	text_json(json, "site", step->site);
	tj_report_number_json(json, "amount", step->amount);
	text_json(json, "unit", tj_str_of(step->unit));
	if (step->round)
		tj_json_put_bool(json, "round", true);
	tj_json_close(json, '}');
}

static void
path_json(struct tj_json_writer *json, const struct tj_trace_path *path)
{
	tj_json_open(json, NULL, '{');
	dec_json(json, "kgco2e", path->declared_kgco2e);
	tj_report_number_json(json, "unrounded_kgco2e", path->kgco2e);
	tj_report_number_json(json, "share", 100 * path->share);
	tj_json_put(json, "from", tj_str_of(from_key(path->from)));
	text_json(json, "source", path->source);
	tj_json_open(json, "steps", '[');
	for (uint32_t i = 0; i < path->step_count; i++)
		step_json(json, &path->steps[i]);
	tj_json_close(json, ']');
	tj_json_close(json, '}');
}

static void
node_json(struct tj_json_writer *json, const struct tj_traced *x,
    const struct tj_picture_node *node)
{
	const struct tj_graph *graph = x->graph;
	const bool bought = node->node == TJ_NONE;
	const uint32_t product = bought ? TJ_NONE : tj_graph_node_product(graph, node->node);

	tj_json_open(json, NULL, '{');
	tj_json_put(json, "product", bought ? graph->needs[node->need].key
	    : graph->book->products.v[product].key);
	if (!bought && node->node < graph->column_count)
		tj_json_put(json, "activity", graph->book->activities.v[
		    graph->columns[node->node].activity].key);
	tj_json_put_bool(json, "bought", bought);
	tj_report_number_json(json, "amount", node->amount);
	text_json(json, "unit", tj_str_of(tj_unit_symbol(bought
	    ? graph->needs[node->need].unit : graph->units[product])));
	tj_report_number_json(json, "through_kgco2e", node->through_kgco2e);
	dec_json(json, "own_kgco2e", node->own_declared_kgco2e);
	dec_json(json, "rest_kgco2e", node->rest_declared_kgco2e);
	tj_json_put_count(json, "rest_count", node->rest_count);
	tj_json_close(json, '}');
}

/* Edges name their ends by position in the list of nodes. */
static void
picture_json(struct tj_json_writer *json, const struct tj_traced *x)
{
	tj_json_open(json, "nodes", '[');
	for (uint32_t i = 0; i < x->picture.node_count; i++)
		node_json(json, x, &x->picture.nodes[i]);
	tj_json_close(json, ']');
	tj_json_open(json, "edges", '[');
	for (size_t i = 0; i < x->picture.edge_count; i++) {
		const struct tj_picture_edge *edge = &x->picture.edges[i];

		tj_json_open(json, NULL, '{');
		tj_json_put_count(json, "from", edge->from);
		tj_json_put_count(json, "to", edge->to);
		tj_report_number_json(json, "amount", edge->amount);
		tj_report_number_json(json, "kgco2e", edge->round ? (double)NAN : edge->kgco2e);
		if (edge->round)
			tj_json_put_bool(json, "round", true);
		tj_json_close(json, '}');
	}
	tj_json_close(json, ']');
}

static void
views_json(struct tj_json_writer *json, const struct tj_traced *x)
{
	for (size_t view = 0; view < TJ_TRACE_VIEWS; view++) {
		if (!x->views[view])
			continue;
		tj_json_open(json, tj_trace_view_key((enum tj_trace_view)view), '[');
		for (size_t i = 0; i < x->trace.views[view].count; i++)
			line_json(json, &x->trace.views[view].lines[i],
			    (enum tj_trace_view)view);
		tj_json_close(json, ']');
	}
}

enum tj_rc
tj_traced_json(struct tj_cli *cli, const struct tj_traced *x)
{
	const struct tj_trace *trace = &x->trace;
	struct tj_json_writer json;

	tj_json_begin(&json, TJ_MAX_TABLE_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_put(&json, "product", x->product->key);
	text_json(&json, "id", x->product->id);
	text_json(&json, "name", x->product->name);
	tj_report_number_json(&json, "amount", x->options.amount);
	tj_json_put(&json, "unit", tj_str_of(tj_unit_symbol(x->unit)));
	dec_json(&json, "total_kgco2e", trace->declared_kgco2e);
	tj_report_number_json(&json, "unrounded_kgco2e", trace->total_kgco2e);
	tj_report_number_json(&json, "cut_off", 100 * x->options.cut_off);
	tj_json_put_count(&json, "depth", x->options.depth);
	tj_json_open(&json, "views", '{');
	views_json(&json, x);
	tj_json_close(&json, '}');
	tj_json_open(&json, "paths", '[');
	for (size_t i = 0; i < trace->path_count; i++)
		path_json(&json, &trace->paths[i]);
	tj_json_close(&json, ']');
	tj_json_open(&json, "remainder", '{');
	dec_json(&json, "kgco2e", trace->remainder_declared_kgco2e);
	tj_report_number_json(&json, "unrounded_kgco2e", trace->remainder_kgco2e);
	tj_report_number_json(&json, "share", 100 * trace->remainder_share);
	tj_json_close(&json, '}');
	picture_json(&json, x);
	tj_json_close(&json, '}');
	return tj_report_json(cli, &json);
}
