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

/*
 * What a row's names are by their hashes: all but surely what they are by their
 * texts.  Found for many rows at a time, as many as memory answers at once.
 */
#define BLOCK	64

struct hint {
	uint32_t	document;		/* hash */
	uint32_t	order, material, product;	/* numbers; TJ_NONE: not known */
};

static bool
is_name(const struct tj_names *names, uint32_t number, tj_str text)
{
	return number != TJ_NONE && tj_str_eq(names->list.v[number], text);
}

/* An output that does not say what it is of is of what its order makes. */
static enum tj_rc
posting_add(struct tj_assembler *a, uint32_t run, uint32_t row, const struct hint *hint,
    struct tj_err *err)
{
	const struct tj_movement *movement = &a->ledger->movements.v[row];
	struct tj_posting posting = { .run = run, .row = row,
	    .kind = (uint8_t)movement->kind, .unit = movement->unit,
	    .material = hint->material, .amount = movement->quantity };
	tj_str batch = movement->batch;

	if (movement->material.n > 0) {
		if (!is_name(&a->material_keys, hint->material, movement->material))
			TRY(tj_assembler_material(&posting.material, a, movement->material,
			    err));
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
	    hint->product, movement->src, err));
	return TJ_PUSH(a->scratch, &a->postings, posting) ? TJ_OK : tj_fail_nomem(err);
}

/* What belongs to an order counts with it, whenever it was booked; the rest by its date. */
static enum tj_rc
sift(struct tj_assembler *a, struct tj_seen *seen, uint32_t row, const struct hint *hint,
    struct tj_err *err)
{
	const struct tj_movement *movement = &a->ledger->movements.v[row];
	uint32_t first, order = TJ_NONE, run = TJ_NONE;

	if (movement->kind == TJ_MOVE_OTHER)
		return TJ_OK;
	if (!isfinite(movement->quantity)) {
		tj_assembler_bad_row(a, movement->src, movement->material, "no quantity");
		return TJ_OK;
	}
	if (movement->kind != TJ_MOVE_RECEIPT)
		order = is_name(&a->order_keys, hint->order, movement->order) ?
		    hint->order : tj_names_find(&a->order_keys, movement->order);
	if (order == TJ_NONE && !tj_assembler_inside(a, movement->date))
		return tj_assembler_outside(a, movement->src, err);
	TRY(tj_seen_row(&first, seen, row, hint->document, err));
	if (first != row) {
		const struct tj_movement *before = &a->ledger->movements.v[first];

		tj_assembler_again(a, same_movement(before, movement),
		    movement->document, before->src, movement->src);
		return TJ_OK;
	}
	if (movement->kind != TJ_MOVE_RECEIPT) {
		TRY(tj_assembler_run(&run, a, order, movement->order, movement->src, err));
		if (run == TJ_NONE)
			return TJ_OK;
	}
	return posting_add(a, run, row, hint, err);
}

static void
find_products(uint32_t *products, const struct tj_assembler *a, const uint32_t *hashes,
    size_t n)
{
	const tj_str *keys = a->book->product_names.list.v;

	tj_index_prefetch(products, &a->batches, hashes, n);
	for (size_t i = 0; i < n; i++)
		if (products[i] != TJ_NONE)
			__builtin_prefetch(&keys[products[i]]);
	for (size_t i = 0; i < n; i++)
		if (products[i] != TJ_NONE)
			__builtin_prefetch(keys[products[i]].p);
}

static void
look_ahead(struct hint *hints, const struct tj_assembler *a, const struct tj_seen *seen,
    uint32_t row, size_t n)
{
	const struct tj_movement *movements = a->ledger->movements.v + row;
	tj_name orders[BLOCK], materials[BLOCK];
	uint32_t documents[BLOCK], batches[BLOCK], first[BLOCK], found[3][BLOCK];

	for (size_t i = 0; i < n; i++) {
		documents[i] = tj_name_of(movements[i].document).hash;
		orders[i] = tj_name_of(movements[i].order);
		materials[i] = tj_name_of(movements[i].material);
		batches[i] = tj_assembler_batch_hash(materials[i].hash,
		    movements[i].batch);
	}
	tj_index_prefetch(first, &seen->rows, documents, n);
	tj_names_prefetch(found[0], &a->order_keys, orders, n);
	tj_names_prefetch(found[1], &a->material_keys, materials, n);
	find_products(found[2], a, batches, n);
	for (size_t i = 0; i < n; i++)
		hints[i] = (struct hint){ documents[i], found[0][i], found[1][i],
		    found[2][i] };
}

static enum tj_rc
sift_all(struct tj_assembler *a, struct tj_err *err)
{
	const size_t n = a->ledger->movements.n;
	struct hint hints[BLOCK];
	struct tj_seen seen;

	TRY(tj_seen_init(&seen, a->ledger->movements.v, n, sizeof(struct tj_movement),
	    a->scratch, err));
	if (!TJ_RESERVE(a->scratch, &a->postings, n))
		return tj_fail_nomem(err);
	for (uint32_t row = 0; row < n; row++) {
		if (row % BLOCK == 0)
			look_ahead(hints, a, &seen, row, n - row < BLOCK ? n - row : BLOCK);
		TRY(sift(a, &seen, row, &hints[row % BLOCK], err));
	}
	return TJ_OK;
}

static int
by_product(const void *x, const void *y)
{
	const struct tj_posting *a = x, *b = y;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->product != b->product)
		return a->product < b->product ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

/* A handful of rows: by insertion.  Many: by the library, unless they are in order. */
static void
sort_run(struct tj_posting *rows, size_t n)
{
	size_t sorted = 1;

	while (sorted < n && (n <= 32 || by_product(&rows[sorted - 1], &rows[sorted]) < 0)) {
		const struct tj_posting row = rows[sorted];
		size_t at = sorted++;

		for (; at > 0 && by_product(&rows[at - 1], &row) > 0; at--)
			rows[at] = rows[at - 1];
		rows[at] = row;
	}
	if (sorted < n)
		qsort(rows, n, sizeof(*rows), by_product);
}

/*
 * Postings of one run side by side, in the order of the ledger, receipts last; then by
 * kind and product.  to[postings.n] is scratch: where each goes.
 */
static enum tj_rc
sort_by_run(struct tj_assembler *a, uint32_t *to, struct tj_err *err)
{
	struct tj_posting *rows = a->postings.v;
	const size_t n = a->postings.n, runs = a->runs.n;
	uint32_t *start = TJ_NEWN(a->scratch, uint32_t, runs + 2);

	if (start == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < n; i++)
		start[(rows[i].run == TJ_NONE ? runs : rows[i].run) + 1]++;
	for (size_t run = 0; run <= runs; run++)
		start[run + 1] += start[run];
	for (size_t i = 0; i < n; i++)
		to[i] = start[rows[i].run == TJ_NONE ? runs : rows[i].run]++;
	for (uint32_t i = 0; i < n; i++)
		while (to[i] != i) {
			const struct tj_posting row = rows[to[i]];
			const uint32_t next = to[to[i]];

			rows[to[i]] = rows[i];
			to[to[i]] = to[i];
			rows[i] = row;
			to[i] = next;
		}
	for (size_t run = 0, from = 0; run <= runs; from = start[run++])
		if (start[run] > from)
			sort_run(rows + from, start[run] - from);
	return TJ_OK;
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
	uint32_t *scratch;
	size_t n;

	TRY(sift_all(a, err));
	scratch = TJ_NEWN(a->scratch, uint32_t, a->postings.n);
	if (scratch == NULL)
		return tj_fail_nomem(err);
	TRY(sort_by_run(a, scratch, err));
	for (size_t i = 0; i < a->postings.n; i += n) {
		n = group(a->postings.v + i, a->postings.n - i);
		net(a, a->postings.v + i, n, scratch);
	}
	hand_out(a);
	return TJ_OK;
}
