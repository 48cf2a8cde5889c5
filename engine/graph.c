#include <stdio.h>

#include "engine/graph.h"

struct tj_answer
tj_graph_answer(const struct tj_graph *graph, uint32_t product)
{
	struct tj_answer answer = { .node = graph->made[product], .need = TJ_NONE };
	double sign = 1;

	if (answer.node == TJ_NONE && graph->treated[product] != TJ_NONE) {
		answer.node = graph->treated[product];
		if (tj_graph_is_notation(graph, answer.node))
			sign = -1;
	}
	if (answer.node == TJ_NONE) {
		answer.need = graph->need_of[product];
		answer.per_unit = 1;
	} else if (tj_graph_amount(&answer.per_unit, graph,
	    tj_graph_node_product(graph, answer.node), sign, graph->units[product],
	    NULL) != TJ_OK) {
		answer.node = TJ_NONE;
	}
	return answer;
}

bool
tj_graph_is_notation(const struct tj_graph *graph, uint32_t node)
{
	uint32_t column = node;

	if (node >= graph->column_count)
		column = graph->members[graph->member_start[node -
		    graph->column_count]].column;
	return graph->columns[column].amount < 0 && !graph->columns[column].treats;
}

uint32_t
tj_graph_node_product(const struct tj_graph *graph, uint32_t node)
{
	return node < graph->column_count ? graph->columns[node].product
	    : graph->mix_product[node - graph->column_count];
}

tj_str
tj_graph_node_name(const struct tj_graph *graph, uint32_t node)
{
	return graph->book->products.v[tj_graph_node_product(graph, node)].key;
}

tj_src
tj_graph_line_src(const struct tj_graph *graph, const struct tj_line *line)
{
	return line->kind == TJ_LINE_INPUT ? graph->book->inputs.v[line->row].src
	    : graph->book->outputs.v[line->row].src;
}

tj_place
tj_graph_place(const struct tj_graph *graph, tj_src src)
{
	const struct tj_names *files = &graph->book->files;

	if (src.file >= files->list.n)
		return (tj_place){ .file = TJ_S("") };
	return (tj_place){ .file = files->list.v[src.file], .line = src.line };
}

void
tj_graph_err_at(struct tj_err *err, const struct tj_graph *graph, tj_src src)
{
	const tj_place place = tj_graph_place(graph, src);
	char file[TJ_ERR_FILE];

	(void)snprintf(file, sizeof(file), "%.*s", TJ_FMT(place.file));
	(void)tj_err_at(err, file, place.line, 0, "");
}

double
tj_graph_gwp(const struct tj_graph *graph, uint32_t flow, int category)
{
	return graph->gwp[flow][category < 0 ? TJ_CATEGORIES : category];
}
