#include <math.h>
#include <stdlib.h>

#include "engine/assembler.h"

/*
 * Movements that count: once, for orders that end in the period, or else of the
 * period themselves; and what reversals left of them.
 */
static bool
same_movement(const struct tj_movement *a, const struct tj_movement *b)
{
	return tj_str_eq(a->order, b->order) && tj_str_eq(a->material, b->material) &&
	    tj_str_eq(a->batch, b->batch) && tj_str_eq(a->supplier_id, b->supplier_id) &&
	    tj_same_number(a->quantity, b->quantity) && a->unit == b->unit &&
	    tj_same_number(a->price_per_unit, b->price_per_unit) &&
	    a->date == b->date && a->kind == b->kind;
}

/* An output that does not say what it is of is of what its order makes. */
static enum tj_rc
posting_add(struct tj_assembler *a, uint32_t run, uint32_t row, struct tj_err *err)
{
	const struct tj_movement *movement = &a->ledger->movements.v[row];
	struct tj_posting posting = { .run = run, .row = row, .kind = movement->kind,
	    .unit = movement->unit, .amount = movement->quantity };
	tj_str batch = movement->batch;

	if (movement->material.n > 0) {
		TRY(tj_assembler_material(&posting.material, a, movement->material, err));
	} else if (movement->kind == TJ_MOVE_OUTPUT) {
		posting.material = a->runs.v[run].material;
	} else {
		tj_assembler_bad_row(a, movement->src, movement->document, "no material");
		return TJ_OK;
	}
	if (batch.n == 0 && movement->kind == TJ_MOVE_OUTPUT &&
	    posting.material == a->runs.v[run].material)
		batch = a->ledger->orders.v[a->runs.v[run].row].batch;
	TRY(tj_assembler_batch(&posting.product, a, posting.material, batch,
	    movement->src, err));
	return TJ_PUSH(a->scratch, &a->postings, posting) ? TJ_OK : tj_fail_nomem(err);
}

/* What belongs to an order counts with it, whenever it was booked. */
static bool
goes_by_date(const struct tj_assembler *a, const struct tj_movement *movement)
{
	return movement->kind == TJ_MOVE_RECEIPT ||
	    tj_names_find(&a->order_keys, movement->order) == TJ_NONE;
}

static enum tj_rc
sift(struct tj_assembler *a, struct tj_seen *seen, uint32_t row, struct tj_err *err)
{
	const struct tj_movement *movement = &a->ledger->movements.v[row];
	uint32_t first, run = TJ_NONE;

	if (movement->kind == TJ_MOVE_OTHER)
		return TJ_OK;
	if (!isfinite(movement->quantity)) {
		tj_assembler_bad_row(a, movement->src, movement->material, "no quantity");
		return TJ_OK;
	}
	if (goes_by_date(a, movement) && !tj_assembler_inside(a, movement->date))
		return tj_assembler_outside(a, movement->src, err);
	TRY(tj_seen_row(&first, seen, movement->document, row, err));
	if (first != row) {
		const struct tj_movement *before = &a->ledger->movements.v[first];

		tj_assembler_again(a, same_movement(before, movement),
		    movement->document, before->src, movement->src);
		return TJ_OK;
	}
	if (movement->kind != TJ_MOVE_RECEIPT) {
		TRY(tj_assembler_run(&run, a, movement->order, movement->src, err));
		if (run == TJ_NONE)
			return TJ_OK;
	}
	return posting_add(a, run, row, err);
}

static int
by_run(const void *x, const void *y)
{
	const struct tj_posting *a = x, *b = y;

	if (a->run != b->run)
		return a->run < b->run ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->product != b->product)
		return a->product < b->product ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

/* Takes what is owed off a row.  Either ends at nothing, not at the dust of rounding. */
static void
settle(double *amount, double *owed)
{
	const double dust = 1e-12 * *amount;

	if (*owed < *amount - dust) {
		*amount -= *owed;
		*owed = 0;
	} else {
		*owed = *owed > *amount + dust ? *owed - *amount : 0;
		*amount = 0;
	}
}

/* Puts rows of one product into the unit of the first; false where one has no way there. */
static bool
alike(struct tj_assembler *a, struct tj_posting *rows, size_t n)
{
	const struct tj_product *product = &a->book->products.v[rows[0].product];

	for (size_t i = 1; i < n; i++) {
		if (!tj_assembler_convert(&rows[i].amount, product, rows[i].amount,
		    rows[i].unit, rows[0].unit)) {
			tj_assembler_bad_unit(a, a->ledger->movements.v[rows[i].row].src,
			    rows[i].product, rows[i].unit, rows[0].unit);
			return false;
		}
		rows[i].unit = rows[0].unit;
	}
	return true;
}

/*
 * Reversals go against the nearest rows before them; what is left, against
 * those behind.  Answers what no row was left for.  open[n] is scratch.
 */
static double
reverse(struct tj_posting *rows, size_t n, uint32_t *open)
{
	size_t open_count = 0;
	double owed = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (rows[i].amount < 0) {
			owed -= rows[i].amount;
			rows[i].amount = 0;
		} else {
			settle(&rows[i].amount, &owed);
			open[open_count++] = i;
		}
		while (owed > 0 && open_count > 0) {
			settle(&rows[open[open_count - 1]].amount, &owed);
			open_count -= rows[open[open_count - 1]].amount == 0;
		}
	}
	return owed;
}

/* rows[n]: all of one run, kind and product, in the order of the ledger. */
static void
net(struct tj_assembler *a, struct tj_posting *rows, size_t n, uint32_t *open)
{
	const struct tj_movement *last = &a->ledger->movements.v[rows[n - 1].row];
	bool reversed = false;
	double owed;

	for (size_t i = 0; i < n; i++)
		reversed = reversed || rows[i].amount < 0;
	if (!reversed || !alike(a, rows, n) || (owed = reverse(rows, n, open)) == 0)
		return;
	tj_findings_add(a->findings, TJ_RULE_NEGATIVE_STOCK,
	    tj_assembler_place(a, last->src), last->order,
	    "%.*s: %g %s more reversed than booked",
	    TJ_FMT(a->book->products.v[rows[0].product].key), owed,
	    rows[0].unit == TJ_UNIT_NONE ? "" : tj_unit_symbol(rows[0].unit));
}

/* How many of rows[n] are of the same run, kind and product as the first. */
static size_t
group(const struct tj_posting *rows, size_t n)
{
	size_t count = 1;

	while (count < n && rows[count].run == rows[0].run &&
	    rows[count].kind == rows[0].kind && rows[count].product == rows[0].product)
		count++;
	return count;
}

/* Each run is told where its postings are. */
static void
hand_out(struct tj_assembler *a)
{
	struct tj_run *run;

	for (uint32_t i = 0; i < a->postings.n; i++) {
		if (a->postings.v[i].run == TJ_NONE)
			break;
		run = &a->runs.v[a->postings.v[i].run];
		if (run->posting_count++ == 0)
			run->posting = i;
	}
}

enum tj_rc
tj_assemble_postings(struct tj_assembler *a, struct tj_err *err)
{
	struct tj_seen seen;
	uint32_t *open;
	size_t n;

	tj_seen_init(&seen, a->scratch);
	for (uint32_t row = 0; row < a->ledger->movements.n; row++)
		TRY(sift(a, &seen, row, err));
	open = TJ_NEWN(a->scratch, uint32_t, a->postings.n);
	if (open == NULL)
		return tj_fail_nomem(err);
	if (a->postings.n > 0)
		qsort(a->postings.v, a->postings.n, sizeof(*a->postings.v), by_run);
	for (size_t i = 0; i < a->postings.n; i += n) {
		n = group(a->postings.v + i, a->postings.n - i);
		net(a, a->postings.v + i, n, open);
	}
	hand_out(a);
	return TJ_OK;
}
