#include <math.h>
#include <stdlib.h>

#include "engine/loop.h"
#include "model/base/mem.h"

struct entry {
	uint32_t	column;
	uint32_t	edge;		/* place among the row's edges: the order of summing */
	double		amount;
	bool		secondary;
};

static int
compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return x->edge < y->edge ? -1 : 1;
}

static size_t
count_inside(size_t *longest, const struct tj_system *system, const struct tj_plan *plan,
    uint32_t component)
{
	size_t count = 0, row;

	*longest = 0;
	for (uint32_t i = plan->component_start[component];
	    i < plan->component_start[component + 1]; i++) {
		const uint32_t node = plan->order[i];

		row = count;
		for (size_t e = system->edge_start[node]; e < system->edge_start[node + 1];
		    e++)
			count += plan->component_of[system->edges[e].node] == component;
		if (count - row > *longest)
			*longest = count - row;
	}
	return count;
}

static uint32_t
gather(struct entry *row, const struct tj_system *system, const struct tj_plan *plan,
    uint32_t node, const uint32_t *local)
{
	const struct tj_line *lines = system->graph->lines;
	uint32_t n = 0;

	for (size_t e = system->edge_start[node]; e < system->edge_start[node + 1]; e++) {
		const struct tj_edge *edge = &system->edges[e];

		if (plan->component_of[edge->node] != plan->component_of[node])
			continue;
		row[n] = (struct entry){ local[edge->node], n, edge->amount,
		    edge->line != TJ_NONE && lines[edge->line].secondary };
		n++;
	}
	qsort(row, n, sizeof(*row), compare);
	return n;
}

static void
write_row(struct tj_loop_rows *rows, uint32_t number, const struct entry *row, uint32_t n)
{
	uint32_t end = rows->start[number];

	for (uint32_t i = 0; i < n; i++) {
		if (i == 0 || row[i].column != row[i - 1].column) {
			rows->columns[end] = row[i].column;
			rows->amounts[end] = rows->sizes[end] = rows->primary[end] = 0;
			end++;
		}
		rows->amounts[end - 1] += row[i].amount;
		rows->sizes[end - 1] += fabs(row[i].amount);
		rows->primary[end - 1] += row[i].secondary ? 0 : fabs(row[i].amount);
		rows->credits = rows->credits || row[i].amount < 0;
		rows->secondary = rows->secondary || row[i].secondary;
	}
	rows->start[number + 1] = end;
}

/* Numbers first, then doubles: one block each. */
static enum tj_rc
rows_alloc(struct tj_loop_rows *rows, size_t entries, struct tj_err *err)
{
	rows->start = tj_mem_calloc(rows->n + 1 + entries, sizeof(*rows->start));
	rows->amounts = tj_mem_calloc(3 * entries + 1, sizeof(*rows->amounts));
	if (rows->start == NULL || rows->amounts == NULL)
		return tj_fail_nomem(err);
	rows->columns = rows->start + rows->n + 1;
	rows->sizes = rows->amounts + entries;
	rows->primary = rows->sizes + entries;
	return TJ_OK;
}

enum tj_rc
tj_loop_rows_init(struct tj_loop_rows *out, const struct tj_system *system,
    const struct tj_plan *plan, uint32_t component, uint32_t *local, struct tj_err *err)
{
	const uint32_t first = plan->component_start[component];
	struct tj_loop_rows rows = { .n = plan->component_start[component + 1] - first };
	size_t longest;
	const size_t entries = count_inside(&longest, system, plan, component);
	struct entry *row = tj_mem_calloc(longest + 1, sizeof(*row));
	enum tj_rc rc = TJ_OK;

	if (row == NULL)
		return tj_fail_nomem(err);
	if (entries > TJ_NONE - 1)
		rc = tj_fail(err, TJ_E_LIMIT, "a loop of %zu entries", entries);
	else
		rc = rows_alloc(&rows, entries, err);
	for (uint32_t i = 0; rc == TJ_OK && i < rows.n; i++)
		local[plan->order[first + i]] = i;
	for (uint32_t i = 0; rc == TJ_OK && i < rows.n; i++)
		write_row(&rows, i, row,
		    gather(row, system, plan, plan->order[first + i], local));
	tj_mem_free(row);
	if (rc != TJ_OK) {
		tj_loop_rows_fini(&rows);
		return rc;
	}
	*out = rows;
	return TJ_OK;
}

void
tj_loop_rows_fini(struct tj_loop_rows *rows)
{
	tj_mem_free(rows->start);
	tj_mem_free(rows->amounts);
	*rows = (struct tj_loop_rows){ 0 };
}
