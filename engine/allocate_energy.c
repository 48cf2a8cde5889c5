#include "engine/allocate_rules.h"

enum tj_rc
tj_allocate_energy(bool *fits, double *weights, char why[TJ_WHY],
    const struct tj_graph *graph, uint32_t activity, struct tj_err *err)
{
	(void)err;
	tj_allocate_by_row(fits, weights, why, graph, activity, "energy",
	    tj_graph_output_mj);
	return TJ_OK;
}
