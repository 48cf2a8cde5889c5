#include <math.h>

#include "engine/allocate_rules.h"

/* Where the next edge and purchase go; counts alone while the arrays are NULL. */
struct ends {
	struct tj_system	*system;
	size_t			 edges, purchases;
	bool			 secondary;	/* one of the edges is */
};

static void
add(struct ends *ends, const struct tj_line *line, uint32_t number, double amount)
{
	struct tj_system *system = ends->system;

	if (amount == 0)
		return;
	if (line->bought) {
		if (system->purchases != NULL)
			system->purchases[ends->purchases] = (struct tj_purchase){
			    amount, line->target, number };
		ends->purchases++;
	} else {
		if (system->entry_lines != NULL) {
			system->matrix.suppliers[ends->edges] = line->target;
			system->matrix.amounts[ends->edges] = amount;
			system->entry_lines[ends->edges] = number;
			if (system->matrix.secondary != NULL)
				system->matrix.secondary[ends->edges] = line->secondary;
		}
		ends->secondary = ends->secondary || line->secondary;
		ends->edges++;
	}
}

/* All lines of the activity, scaled; of a substitute, the one line it replaces. */
static void
add_column(struct ends *ends, uint32_t c)
{
	const struct tj_graph *graph = ends->system->graph;
	const struct tj_column *column = &graph->columns[c];
	const double scale = ends->system->scales[c];

	if (column->function == TJ_FUNCTION_SUBSTITUTE) {
		const struct tj_line *line = &graph->lines[column->substitute];

		add(ends, line, column->substitute, -line->amount / fabs(column->amount));
		return;
	}
	if (scale == 0)
		return;
	for (uint32_t i = graph->line_start[column->activity];
	    i < graph->line_start[column->activity + 1]; i++)
		add(ends, &graph->lines[i], i, graph->lines[i].amount * scale);
}

static void
add_mix(struct ends *ends, uint32_t mix)
{
	const struct tj_graph *graph = ends->system->graph;

	for (uint32_t i = graph->member_start[mix]; i < graph->member_start[mix + 1]; i++)
		add(ends, &(struct tj_line){ .target = graph->members[i].column &
		    TJ_LINE_MAX_TARGET }, TJ_NONE, graph->members[i].amount);
}

/* Answers whether an edge is secondary. */
static bool
write_rows(struct tj_system *system)
{
	const struct tj_graph *graph = system->graph;
	struct ends ends = { .system = system };

	for (uint32_t node = 0; node < system->node_count; node++) {
		system->matrix.start[node] = ends.edges;
		system->purchase_start[node] = ends.purchases;
		if (node < graph->column_count)
			add_column(&ends, node);
		else
			add_mix(&ends, node - graph->column_count);
	}
	system->matrix.start[system->node_count] = ends.edges;
	system->purchase_start[system->node_count] = ends.purchases;
	return ends.secondary;
}

static enum tj_rc
write_credits(struct tj_system *system, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_graph *graph = system->graph;

	system->credits_kgco2e = TJ_NEWN(arena, double, graph->column_count);
	if (system->credits_kgco2e == NULL)
		return tj_fail_nomem(err);
	for (uint32_t c = 0; c < graph->column_count; c++)
		if (graph->columns[c].function == TJ_FUNCTION_CREDIT)
			system->credits_kgco2e[c] = graph->columns[c].credit_kgco2e /
			    fabs(graph->columns[c].amount);
	return TJ_OK;
}

/* Written twice: the first time only to count, so that nothing grows. */
enum tj_rc
tj_system_write_rows(struct tj_system *system, struct tj_arena *arena, struct tj_err *err)
{
	const size_t n = system->node_count;
	struct tj_matrix *matrix = &system->matrix;
	bool secondary;
	size_t edges;

	TRY(write_credits(system, arena, err));
	matrix->node_count = system->node_count;
	matrix->start = TJ_NEWN(arena, size_t, n + 1);
	system->purchase_start = TJ_NEWN(arena, size_t, n + 1);
	if (matrix->start == NULL || system->purchase_start == NULL)
		return tj_fail_nomem(err);
	secondary = write_rows(system);
	edges = matrix->start[n];
	matrix->suppliers = TJ_NEWN(arena, uint32_t, edges);
	matrix->amounts = TJ_NEWN(arena, double, edges);
	matrix->secondary = secondary ? TJ_NEWN(arena, uint8_t, edges) : NULL;
	system->entry_lines = TJ_NEWN(arena, uint32_t, edges);
	system->purchases = TJ_NEWN(arena, struct tj_purchase, system->purchase_start[n]);
	if (matrix->suppliers == NULL || matrix->amounts == NULL ||
	    (secondary && matrix->secondary == NULL) || system->entry_lines == NULL ||
	    system->purchases == NULL)
		return tj_fail_nomem(err);
	(void)write_rows(system);
	return TJ_OK;
}
