#include "engine/graph_build.h"

/* Every row of these tables begins with the number of its activity. */
_Static_assert(offsetof(struct tj_output, activity) == 0, "activity comes first");
_Static_assert(offsetof(struct tj_input, activity) == 0, "activity comes first");
_Static_assert(offsetof(struct tj_emission, activity) == 0, "activity comes first");
_Static_assert(offsetof(struct tj_share, activity) == 0, "activity comes first");

static uint32_t
activity_of(const void *table, size_t row, size_t size)
{
	uint32_t activity;

	memcpy(&activity, (const char *)table + row * size, sizeof(activity));
	return activity;
}

/* start[a + 2]: rows of activity a.  *sorted: no row stands behind one of a later activity. */
static void
count_rows(uint32_t *start, bool *sorted, const void *table, size_t n, size_t size)
{
	uint32_t last = 0;

	*sorted = true;
	for (size_t i = 0; i < n; i++) {
		const uint32_t activity = activity_of(table, i, size);

		start[activity + 2]++;
		*sorted = *sorted && activity >= last;
		last = activity;
	}
}

/* The same of the longest table, and in the same look what is treated. */
static void
count_inputs(uint32_t *start, bool *sorted, struct tj_building *b)
{
	uint32_t last = 0;

	*sorted = true;
	for (size_t i = 0; i < b->book->inputs.n; i++) {
		const struct tj_input *in = &b->book->inputs.v[i];

		start[in->activity + 2]++;
		*sorted = *sorted && in->activity >= last;
		last = in->activity;
		b->treat_count += in->treat;
	}
}

/* Counting sort of row numbers by activity; rows of one stay in file order. */
static enum tj_rc
rows_by_activity(struct tj_rows *out, struct tj_building *b, const void *table, size_t n,
    size_t size)
{
	const uint32_t count = b->graph->activity_count;
	uint32_t *start = TJ_NEWN(b->arena, uint32_t, (size_t)count + 2);
	uint32_t *rows = TJ_NEWN(b->arena, uint32_t, n);
	bool sorted;

	if (start == NULL || rows == NULL)
		return tj_fail_nomem(b->err);
	if (n > TJ_LINE_MAX_ROW)
		return tj_fail(b->err, TJ_E_LIMIT, "%zu rows", n);
	if (table == b->book->inputs.v)
		count_inputs(start, &sorted, b);
	else
		count_rows(start, &sorted, table, n, size);
	for (uint32_t a = 0; a < count; a++)
		start[a + 2] += start[a + 1];
	for (size_t i = 0; i < n; i++)
		rows[sorted ? i : start[activity_of(table, i, size) + 1]++] = (uint32_t)i;
	*out = (struct tj_rows){ sorted ? start + 1 : start, rows };
	return TJ_OK;
}

enum tj_rc
tj_build_rows(struct tj_building *b)
{
	struct tj_graph *graph = b->graph;
	const struct tj_book *book = b->book;

	TRY(rows_by_activity(&graph->outputs, b, book->outputs.v, book->outputs.n,
	    sizeof(*book->outputs.v)));
	TRY(rows_by_activity(&graph->inputs, b, book->inputs.v, book->inputs.n,
	    sizeof(*book->inputs.v)));
	TRY(rows_by_activity(&graph->emissions, b, book->emissions.v, book->emissions.n,
	    sizeof(*book->emissions.v)));
	return rows_by_activity(&graph->shares, b, book->shares.v, book->shares.n,
	    sizeof(*book->shares.v));
}
