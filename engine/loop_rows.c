#include <math.h>
#include <stdlib.h>

#include "engine/loop_rows.h"
#include "model/base/mem.h"

#define SHORT_ROW	16

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

/* Most rows are too short for qsort() to pay. */
static void
sort(struct entry *row, uint32_t n)
{
	if (n > SHORT_ROW) {
		qsort(row, n, sizeof(*row), compare);
		return;
	}
	for (uint32_t i = 1; i < n; i++)
		for (uint32_t k = i; k > 0 && compare(&row[k - 1], &row[k]) > 0; k--) {
			const struct entry kept = row[k];

			row[k] = row[k - 1];
			row[k - 1] = kept;
		}
}

static size_t
count_inside(size_t *longest, const struct tj_plan *plan, struct tj_plan_loop loop)
{
	size_t count = 0, row;

	*longest = 0;
	for (uint32_t p = loop.first; p < loop.end; p++) {
		row = count;
		for (size_t e = plan->start[p]; e < plan->start[p + 1]; e++) {
			const uint32_t supplier = plan->suppliers[e] & TJ_PLAN_PLACE;

			count += tj_plan_inside(loop, supplier);
		}
		if (count - row > *longest)
			*longest = count - row;
	}
	return count;
}

static uint32_t
gather(struct entry *row, const struct tj_plan *plan, const double *amounts,
    struct tj_plan_loop loop, uint32_t place)
{
	uint32_t n = 0;

	for (size_t e = plan->start[place]; e < plan->start[place + 1]; e++) {
		const uint32_t supplier = plan->suppliers[e] & TJ_PLAN_PLACE;

		if (!tj_plan_inside(loop, supplier))
			continue;
		row[n] = (struct entry){ supplier - loop.first, n, amounts[e],
		    (plan->suppliers[e] & TJ_PLAN_SECONDARY) != 0 };
		n++;
	}
	sort(row, n);
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
tj_loop_rows_init(struct tj_loop_rows *out, const struct tj_plan *plan,
    const double *amounts, uint32_t number, struct tj_err *err)
{
	const struct tj_plan_loop loop = plan->loops[number];
	struct tj_loop_rows rows = { .n = loop.end - loop.first };
	size_t longest;
	const size_t entries = count_inside(&longest, plan, loop);
	struct entry *row = tj_mem_calloc(longest + 1, sizeof(*row));
	enum tj_rc rc;

	if (row == NULL)
		return tj_fail_nomem(err);
	if (entries > TJ_NONE - 1)
		rc = tj_fail(err, TJ_E_LIMIT, "a loop of %zu entries", entries);
	else
		rc = rows_alloc(&rows, entries, err);
	for (uint32_t i = 0; rc == TJ_OK && i < rows.n; i++)
		write_row(&rows, i, row, gather(row, plan, amounts, loop, loop.first + i));
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
