#include <math.h>

#include "engine/allocate_rules.h"

static double
output_kg(const struct tj_graph *graph, const struct tj_output *out)
{
	double amount;

	if (tj_graph_amount(&amount, graph, out->product, out->amount, out->unit, NULL) !=
	    TJ_OK)
		return NAN;
	return amount * tj_graph_mass_kg_per_unit(graph, out->product);
}

enum tj_rc
tj_allocate_mass(bool *fits, double *weights, char why[TJ_WHY],
    const struct tj_graph *graph, uint32_t activity, struct tj_err *err)
{
	(void)err;
	tj_allocate_by_row(fits, weights, why, graph, activity, "mass", output_kg);
	return TJ_OK;
}
