#include <math.h>

#include "engine/loop_order.h"
#include "engine/loop_split.h"
#include "model/base/mem.h"

#define LARGEST_EXPONENT	400

struct entry {
	uint32_t	row, column;
	double		amount;
};

struct maker {
	struct tj_split		 split;
	const struct tj_plan	*plan;
	const double		*amounts;
	struct tj_plan_loop	 loop;
	enum tj_split_of	 of;
	uint32_t		*lower, *upper;	/* [n] how many, then where the next one goes */
	uint32_t		*row_of;	/* [n] of each member */
};

static bool
is_forward(enum tj_split_of of)
{
	return of == TJ_SPLIT_FORWARD || of == TJ_SPLIT_FORWARD_SIZES;
}

static double
amount_of(const struct maker *m, size_t edge)
{
	const double amount = m->amounts[edge];

	if (m->of == TJ_SPLIT_AMOUNTS || m->of == TJ_SPLIT_FORWARD)
		return amount;
	if (m->of == TJ_SPLIT_PRIMARY && m->plan->suppliers[edge] & TJ_PLAN_SECONDARY)
		return 0;
	return fabs(amount);
}

/* False: the supplier is not in the loop, and row and column are the same. */
static inline bool
entry_at(struct entry *out, const struct maker *m, uint32_t place, size_t edge)
{
	const uint32_t member = place - m->loop.first;
	const uint32_t supplier = (m->plan->suppliers[edge] & TJ_PLAN_PLACE) - m->loop.first;
	const bool inside = supplier < m->split.n;
	const uint32_t own = m->row_of[member], other = m->row_of[inside ? supplier : member];

	out->row = is_forward(m->of) ? other : own;
	out->column = is_forward(m->of) ? own : other;
	return inside;
}

/* No branch hangs on where an entry goes: it is as good as drawn. */
static size_t
count_entries(struct maker *m)
{
	size_t count = 0;

	for (uint32_t p = m->loop.first; p < m->loop.end; p++)
		for (size_t e = m->plan->start[p]; e < m->plan->start[p + 1]; e++) {
			struct entry entry;
			const bool counts = entry_at(&entry, m, p, e) &
			    (entry.row != entry.column);

			(entry.column < entry.row ? m->lower : m->upper)[entry.row] += counts;
			count += counts;
		}
	for (uint32_t j = 0; j < m->split.n; j++)
		m->split.feedback_count += m->upper[j] > 0;
	return count;
}

static enum tj_rc
split_alloc(struct tj_split *split, size_t entries, struct tj_err *err)
{
	const size_t n = split->n, numbers = n + 1 + 2 * ((size_t)split->feedback_count + 1);

	if (entries > TJ_NONE - 1)
		return tj_fail(err, TJ_E_LIMIT, "a loop of %zu entries", entries);
	split->lower_start = tj_mem_calloc(numbers + entries + TJ_SPLIT_AHEAD,
	    sizeof(*split->lower_start));
	split->diagonal = tj_mem_calloc(3 * n + entries, sizeof(*split->diagonal));
	if (split->lower_start == NULL || split->diagonal == NULL)
		return tj_fail_nomem(err);
	split->upper_start = split->lower_start + n + 1;
	split->feedback = split->upper_start + split->feedback_count + 1;
	split->columns = split->lower_start + numbers;
	split->pivots = split->diagonal + n;
	split->scale = split->pivots + n;
	split->entries = split->scale + n;
	return TJ_OK;
}

/* From how many to where. */
static void
lay_out(struct maker *m)
{
	struct tj_split *split = &m->split;
	uint32_t end = 0, k = 0;

	for (uint32_t j = 0; j < split->n; j++) {
		const uint32_t count = m->lower[j];

		split->lower_start[j] = m->lower[j] = end;
		end += count;
	}
	split->lower_start[split->n] = end;
	for (uint32_t j = 0; j < split->n; j++) {
		const uint32_t count = m->upper[j];

		if (count == 0)
			continue;
		split->feedback[k] = j;
		split->upper_start[k++] = m->upper[j] = end;
		end += count;
	}
	split->upper_start[k] = end;
}

static void
put(struct maker *m, const struct entry *entry)
{
	uint32_t at;

	if (entry->row == entry->column) {
		m->split.diagonal[entry->row] += entry->amount;
		return;
	}
	at = (entry->column < entry->row ? m->lower : m->upper)[entry->row]++;
	m->split.columns[at] = entry->column;
	m->split.entries[at] = entry->amount;
}

static void
fill(struct maker *m)
{
	struct entry entry;

	for (uint32_t p = m->loop.first; p < m->loop.end; p++)
		for (size_t e = m->plan->start[p]; e < m->plan->start[p + 1]; e++)
			if (entry_at(&entry, m, p, e)) {
				entry.amount = amount_of(m, e);
				put(m, &entry);
			}
	for (uint32_t j = 0; j < m->split.n; j++) {
		m->split.pivots[j] = 1 / (1 - m->split.diagonal[j]);
		m->split.scale[j] = 1;
	}
}

/* row_of is known, or found: what is used first comes last in the forward view. */
static enum tj_rc
find_rows(struct maker *m, const struct tj_split *like, uint32_t loop, struct tj_err *err)
{
	const uint32_t n = m->split.n;

	if (like == NULL)
		TRY(tj_loop_order(m->row_of, m->plan, m->amounts, loop, err));
	for (uint32_t j = 0; like != NULL && j < n; j++)
		m->row_of[like->members[j]] = j;
	for (uint32_t i = 0; like == NULL && is_forward(m->of) && i < n; i++)
		m->row_of[i] = n - 1 - m->row_of[i];
	for (uint32_t i = 0; i < n; i++)
		m->split.members[m->row_of[i]] = i;
	return TJ_OK;
}

static enum tj_rc
make(struct maker *m, const struct tj_split *like, uint32_t loop, struct tj_err *err)
{
	m->split.members = tj_mem_calloc(m->split.n, sizeof(*m->split.members));
	if (m->split.members == NULL)
		return tj_fail_nomem(err);
	TRY(find_rows(m, like, loop, err));
	TRY(split_alloc(&m->split, count_entries(m), err));
	lay_out(m);
	fill(m);
	return TJ_OK;
}

static enum tj_rc
split_make(struct tj_split *out, const struct tj_split *like, const struct tj_plan *plan,
    const double *amounts, uint32_t loop, enum tj_split_of of, struct tj_err *err)
{
	struct maker m = { .plan = plan, .amounts = amounts, .loop = plan->loops[loop],
	    .of = of };
	enum tj_rc rc;

	m.split.n = m.loop.end - m.loop.first;
	if ((m.lower = tj_mem_calloc(3 * (size_t)m.split.n, sizeof(*m.lower))) == NULL)
		return tj_fail_nomem(err);
	m.upper = m.lower + m.split.n;
	m.row_of = m.upper + m.split.n;
	rc = make(&m, like, loop, err);
	tj_mem_free(m.lower);
	if (rc == TJ_OK)
		*out = m.split;
	else
		tj_split_fini(&m.split);
	return rc;
}

enum tj_rc
tj_split_init(struct tj_split *out, const struct tj_plan *plan, const double *amounts,
    uint32_t loop, enum tj_split_of of, struct tj_err *err)
{
	return split_make(out, NULL, plan, amounts, loop, of, err);
}

enum tj_rc
tj_split_like(struct tj_split *out, const struct tj_split *like, const struct tj_plan *plan,
    const double *amounts, uint32_t loop, enum tj_split_of of, struct tj_err *err)
{
	TRY(split_make(out, like, plan, amounts, loop, of, err));
	tj_split_rescale(out, like->scale);
	return TJ_OK;
}

void
tj_split_fini(struct tj_split *split)
{
	tj_mem_free(split->members);
	tj_mem_free(split->lower_start);
	tj_mem_free(split->diagonal);
	*split = (struct tj_split){ 0 };
}

/* The power of two above x. */
static double
unit_of(double x)
{
	int exponent;

	(void)frexp(x, &exponent);
	if (exponent < -LARGEST_EXPONENT)
		exponent = -LARGEST_EXPONENT;
	return ldexp(1, exponent < LARGEST_EXPONENT ? exponent : LARGEST_EXPONENT);
}

static void
rescale_entries(struct tj_split *split, const double *unit, uint32_t row, uint32_t first,
    uint32_t end)
{
	const double own = 1 / unit[row];

	for (uint32_t e = first; e < end; e++)
		split->entries[e] = split->entries[e] * unit[split->columns[e]] * own;
}

void
tj_split_rescale(struct tj_split *split, const double *size)
{
	double *unit = split->pivots;	/* made anew below */

	for (uint32_t j = 0; j < split->n; j++) {
		unit[j] = unit_of(size[j]);
		split->scale[j] *= unit[j];
	}
	for (uint32_t j = 0; j < split->n; j++)
		rescale_entries(split, unit, j, split->lower_start[j],
		    split->lower_start[j + 1]);
	for (uint32_t k = 0; k < split->feedback_count; k++)
		rescale_entries(split, unit, split->feedback[k], split->upper_start[k],
		    split->upper_start[k + 1]);
	for (uint32_t j = 0; j < split->n; j++)
		split->pivots[j] = 1 / (1 - split->diagonal[j]);
}
