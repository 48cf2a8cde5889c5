#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "engine/graph_build.h"

void
tj_building_refuse(struct tj_building *b, enum tj_rule rule, enum tj_rc rc, tj_src src,
    tj_str subject, const char *fmt, ...)
{
	const tj_place place = tj_graph_place(b->graph, src);
	char text[TJ_ERR_TEXT / 2];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	tj_findings_add(b->findings, rule, place, subject, "%s", text);
	if (b->refused != TJ_OK)
		return;
	b->refused = tj_fail(b->err, rc, "%.*s: %s", TJ_FMT(subject), text);
	tj_graph_err_at(b->err, b->graph, src);
}

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

enum tj_rc
tj_graph_build(struct tj_graph *out, const struct tj_book *book,
    const struct tj_profile *profile, struct tj_findings *findings,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_graph graph;
	struct tj_building b = { .graph = &graph, .book = book, .profile = profile,
	    .findings = findings, .arena = arena, .err = err };

	take_over(&graph, book, profile);
	TRY(tj_build_rows(&b));
	TRY(tj_build_units(&b));
	TRY(tj_build_columns(&b));
	TRY(tj_build_makers(&b));
	TRY(tj_build_lines(&b));
	TRY(tj_build_releases(&b));
	if (findings->out_of_memory)
		return tj_fail_nomem(err);
	if (b.refused != TJ_OK)
		return b.refused;
	*out = graph;
	return TJ_OK;
}

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
