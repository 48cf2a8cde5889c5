#include <math.h>

#include "engine/assembler.h"

/* Orders become runs, then activities with what they made and used. */
static bool
same_order(const struct tj_order *a, const struct tj_order *b)
{
	return tj_str_eq(a->material, b->material) && tj_str_eq(a->batch, b->batch) &&
	    tj_str_eq(a->work_centre, b->work_centre) && tj_str_eq(a->name, b->name) &&
	    tj_same_number(a->quantity, b->quantity) && a->unit == b->unit &&
	    a->start == b->start && a->end == b->end && a->stage == b->stage;
}

static enum tj_rc
run_add(struct tj_assembler *a, uint32_t row, struct tj_err *err)
{
	const struct tj_order *order = &a->ledger->orders.v[row], *first;
	struct tj_run run = { .row = row, .activity = TJ_NONE, .unit = order->unit };
	uint32_t number;

	if (order->order.n == 0 || order->material.n == 0) {
		tj_assembler_bad_row(a, order->src, order->order,
		    "an order needs a number and a material");
		return TJ_OK;
	}
	if ((number = tj_names_add(&a->order_keys, order->order)) == TJ_NONE)
		return tj_fail_nomem(err);
	if (number < a->runs.n) {
		first = &a->ledger->orders.v[a->runs.v[number].row];
		tj_assembler_again(a, same_order(first, order), order->order,
		    first->src, order->src);
		return TJ_OK;
	}
	run.live = tj_assembler_inside(a, tj_assembler_order_date(order));
	if (!run.live)
		TRY(tj_assembler_outside(a, order->src, err));
	TRY(tj_assembler_material(&run.material, a, order->material, err));
	return TJ_PUSH(a->scratch, &a->runs, run) ? TJ_OK : tj_fail_nomem(err);
}

enum tj_rc
tj_assemble_runs(struct tj_assembler *a, struct tj_err *err)
{
	for (uint32_t row = 0; row < a->ledger->orders.n; row++)
		TRY(run_add(a, row, err));
	return TJ_OK;
}

/*
 * What the order is for: its own batch, or, where only others of its material
 * were booked, the first of those.  *booked: some output of the material was.
 */
static enum tj_rc
main_output(uint32_t *product, bool *booked, struct tj_assembler *a,
    const struct tj_run *run, struct tj_err *err)
{
	const struct tj_order *order = &a->ledger->orders.v[run->row];
	const struct tj_posting *posting = tj_run_postings(a, run);
	uint32_t own, first = TJ_NONE, hint = TJ_NONE;

	for (uint32_t i = 0; i < run->posting_count && hint == TJ_NONE; i++)
		if (posting[i].kind == TJ_MOVE_OUTPUT)
			hint = posting[i].product;
	TRY(tj_assembler_batch(&own, a, run->material, order->batch, hint, order->src, err));
	for (uint32_t i = 0; i < run->posting_count && first != own; i++)
		if (posting[i].kind == TJ_MOVE_OUTPUT &&
		    posting[i].material == run->material &&
		    (first == TJ_NONE || posting[i].product == own))
			first = posting[i].product;
	*booked = first != TJ_NONE;
	*product = *booked ? first : own;
	return TJ_OK;
}

/* What was made of the main output, in the product's unit, or else in that of a row. */
static void
measure(struct tj_assembler *a, struct tj_run *run, bool booked)
{
	const struct tj_order *order = &a->ledger->orders.v[run->row];
	const struct tj_product *product = &a->book->products.v[run->product];
	const struct tj_posting *posting = tj_run_postings(a, run);
	double amount;

	if (!booked) {
		run->made = order->quantity;
		return;
	}
	run->unit = product->unit;
	for (uint32_t i = 0; i < run->posting_count; i++) {
		if (posting[i].kind != TJ_MOVE_OUTPUT || posting[i].product != run->product)
			continue;
		if (run->unit == TJ_UNIT_NONE)
			run->unit = posting[i].unit;
		if (!tj_assembler_convert(&amount, product, posting[i].amount,
		    posting[i].unit, run->unit))
			tj_assembler_bad_unit(a, a->ledger->movements.v[posting[i].row].src,
			    run->product, posting[i].unit, run->unit);
		else
			run->made += amount;
	}
}

static enum tj_rc
output_add(struct tj_assembler *a, const struct tj_run *run,
    const struct tj_posting *posting, struct tj_err *err)
{
	const struct tj_movement *movement = &a->ledger->movements.v[posting->row];
	enum tj_role role = TJ_ROLE_CO;

	if (posting->kind == TJ_MOVE_OUTPUT && posting->product == run->product)
		role = TJ_ROLE_MAIN;
	else if (posting->kind == TJ_MOVE_WASTE)
		role = TJ_ROLE_WASTE;
	return tj_assembler_make(a, (struct tj_output){ .activity = run->activity,
	    .product = posting->product, .amount = posting->amount, .unit = posting->unit,
	    .price_per_unit = tj_assembler_price(a, posting->material, posting->unit,
	    movement->price_per_unit, movement->unit),
	    .role = role, .src = movement->src }, err);
}

static enum tj_rc
input_add(struct tj_assembler *a, const struct tj_run *run,
    const struct tj_posting *posting, struct tj_err *err)
{
	return tj_assembler_use(a, (struct tj_input){ .activity = run->activity,
	    .product = posting->product, .amount = posting->amount, .unit = posting->unit,
	    .stage = -1, .src = a->ledger->movements.v[posting->row].src }, err);
}

/* The order's own quantity, where no movement booked what it made. */
static enum tj_rc
quantity_add(struct tj_assembler *a, const struct tj_run *run, struct tj_err *err)
{
	return tj_assembler_make(a, (struct tj_output){ .activity = run->activity,
	    .product = run->product, .amount = run->made, .unit = run->unit,
	    .price_per_unit = tj_assembler_price(a, run->material, run->unit, NAN,
	    TJ_UNIT_NONE),
	    .role = TJ_ROLE_MAIN, .src = a->ledger->orders.v[run->row].src }, err);
}

static void
describe(struct tj_activity *activity, const struct tj_order *order,
    const struct tj_process *process)
{
	activity->name = order->name;
	activity->start = order->start;
	activity->end = order->end;
	activity->stage = order->stage;
	if (process == NULL)
		return;
	if (activity->name.n == 0)
		activity->name = process->name;
	activity->site = process->site;
	activity->stage = process->stage;
	activity->allocation = process->allocation;
	activity->carbon_balance = process->carbon_balance;
}

static enum tj_rc
rows_add(struct tj_assembler *a, const struct tj_run *run, bool booked, struct tj_err *err)
{
	const struct tj_posting *posting = tj_run_postings(a, run);

	if (!booked)
		TRY(quantity_add(a, run, err));
	for (uint32_t i = 0; i < run->posting_count; i++) {
		if (!(posting[i].amount > 0))
			continue;
		if (posting[i].kind == TJ_MOVE_INPUT)
			TRY(input_add(a, run, &posting[i], err));
		else
			TRY(output_add(a, run, &posting[i], err));
	}
	return TJ_OK;
}

static enum tj_rc
order_make(struct tj_assembler *a, struct tj_run *run, struct tj_err *err)
{
	const struct tj_order *order = &a->ledger->orders.v[run->row];
	bool booked;

	TRY(main_output(&run->product, &booked, a, run, err));
	measure(a, run, booked);
	if (!isfinite(run->made) || run->made <= 0) {
		tj_findings_add(a->findings, TJ_RULE_NO_OUTPUT,
		    tj_assembler_place(a, order->src), order->order,
		    "neither a quantity nor an output of %.*s, and %u other rows",
		    TJ_FMT(order->material), run->posting_count);
		return TJ_OK;
	}
	TRY(tj_assembler_activity(&run->activity, a, order->order, order->src, err));
	if (run->activity == TJ_NONE)
		return TJ_OK;
	describe(&a->book->activities.v[run->activity], order,
	    tj_assembler_process(a, order->work_centre));
	a->materials.v[run->material].made = true;
	return rows_add(a, run, booked, err);
}

/* Room for the rows that will be made, so that nothing is moved on the way. */
static enum tj_rc
rows_reserve(struct tj_assembler *a, struct tj_err *err)
{
	size_t inputs = 0, outputs = a->runs.n;

	for (size_t i = 0; i < a->postings.n; i++) {
		inputs += a->postings.v[i].kind == TJ_MOVE_INPUT;
		outputs += a->postings.v[i].kind != TJ_MOVE_INPUT &&
		    a->postings.v[i].kind != TJ_MOVE_RECEIPT;
	}
	return TJ_RESERVE(a->book->arena, &a->book->inputs, inputs) &&
	    TJ_RESERVE(a->book->arena, &a->book->outputs, outputs) ? TJ_OK
	    : tj_fail_nomem(err);
}

enum tj_rc
tj_assemble_orders(struct tj_assembler *a, struct tj_err *err)
{
	TRY(rows_reserve(a, err));
	for (size_t i = 0; i < a->runs.n; i++)
		if (a->runs.v[i].live)
			TRY(order_make(a, &a->runs.v[i], err));
	return TJ_OK;
}
