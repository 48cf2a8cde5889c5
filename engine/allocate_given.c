#include <math.h>
#include <stdio.h>

#include "engine/allocate_rules.h"

#define SHARE_TOLERANCE	1e-9	/* shares written with nine digits still count as a whole */

/* The activity's column of this product that takes a share, or TJ_NONE. */
static uint32_t
column_of(const struct tj_graph *graph, uint32_t activity, uint32_t product)
{
	for (uint32_t c = graph->column_start[activity];
	    c < graph->column_start[activity + 1]; c++)
		if (graph->columns[c].product == product &&
		    graph->columns[c].function == TJ_FUNCTION_SHARED)
			return c;
	return TJ_NONE;
}

static enum tj_rc
refuse(const struct tj_graph *graph, const struct tj_share *share, struct tj_err *err,
    const char *what)
{
	(void)tj_fail(err, TJ_E_DATA, "%.*s, share of %.*s: %s",
	    TJ_FMT(graph->book->activities.v[share->activity].key),
	    TJ_FMT(graph->book->products.v[share->product].key), what);
	tj_graph_err_at(err, graph, share->src);
	return TJ_E_DATA;
}

enum tj_rc
tj_allocate_given(bool *fits, double *weights, char why[TJ_WHY],
    const struct tj_graph *graph, uint32_t activity, struct tj_err *err)
{
	const struct tj_rows *shares = &graph->shares;
	const struct tj_share *share = NULL;
	double sum = 0;

	for (uint32_t i = shares->start[activity]; i < shares->start[activity + 1]; i++) {
		uint32_t column;

		share = &graph->book->shares.v[shares->rows[i]];
		column = column_of(graph, activity, share->product);
		if (column == TJ_NONE)
			return refuse(graph, share, err, "the activity does not make it");
		if (!(share->share >= 0))
			return refuse(graph, share, err, "a negative share");
		weights[column - graph->column_start[activity]] += share->share;
		sum += share->share;
	}
	*fits = share != NULL;
	if (share == NULL)
		(void)snprintf(why, TJ_WHY, "no shares given");
	else if (!(fabs(sum - 1) <= SHARE_TOLERANCE)) {
		char text[64];

		(void)snprintf(text, sizeof(text), "the shares sum to %.12g, not 1", sum);
		return refuse(graph, share, err, text);
	}
	return TJ_OK;
}
