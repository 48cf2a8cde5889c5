#include <math.h>
#include <stdio.h>

#include "engine/allocate_rules.h"

/* Weights by what the rows of outputs say. */
static void
say_no(bool *fits, char why[TJ_WHY], const struct tj_graph *graph, uint32_t product,
    const char *what, const char *wrong)
{
	(void)snprintf(why, TJ_WHY, "%s of %.*s %s", what,
	    TJ_FMT(graph->book->products.v[product].key), wrong);
	*fits = false;
}

static void
look_at(bool *fits, const double *weights, char why[TJ_WHY], const struct tj_graph *graph,
    uint32_t activity, const char *what)
{
	*fits = true;
	for (uint32_t c = graph->column_start[activity];
	    c < graph->column_start[activity + 1] && *fits; c++) {
		const struct tj_column *column = &graph->columns[c];
		const double weight = weights[c - graph->column_start[activity]];

		if (column->function != TJ_FUNCTION_SHARED)
			continue;
		if (column->treats || isnan(weight))
			say_no(fits, why, graph, column->product, what, "is not known");
		else if (!(weight > 0))
			say_no(fits, why, graph, column->product, what, "is not positive");
	}
}

void
tj_allocate_by_row(bool *fits, double *weights, char why[TJ_WHY],
    const struct tj_graph *graph, uint32_t activity, const char *what,
    double (*of_row)(const struct tj_graph *, const struct tj_output *))
{
	const struct tj_rows *outputs = &graph->outputs;

	for (uint32_t i = outputs->start[activity]; i < outputs->start[activity + 1]; i++) {
		const uint32_t row = outputs->rows[i];
		const uint32_t column = graph->output_column[row];

		if (column == TJ_NONE ||
		    graph->columns[column].function != TJ_FUNCTION_SHARED)
			continue;
		weights[column - graph->column_start[activity]] +=
		    copysign(1, graph->columns[column].amount) *
		    of_row(graph, &graph->book->outputs.v[row]);
	}
	look_at(fits, weights, why, graph, activity, what);
}
