#include "engine/allocate_rules.h"

static double
output_price(const struct tj_graph *graph, const struct tj_output *out)
{
	(void)graph;
	return out->amount * out->price_per_unit;
}

enum tj_rc
tj_allocate_economic(bool *fits, double *weights, char why[TJ_WHY],
    const struct tj_graph *graph, uint32_t activity, struct tj_err *err)
{
	(void)err;
	tj_allocate_by_row(fits, weights, why, graph, activity, "price",
	    output_price);
	return TJ_OK;
}
