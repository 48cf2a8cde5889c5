#include <math.h>
#include <stdio.h>

#include "engine/assemble_pool.h"

/*
 * What was metered or emitted goes to its order, or to the orders of its work
 * centre, month by month.
 */
struct span {				/* what readings and stacks have in common */
	tj_str	work_centre, order;
	tj_date	start, end;
	tj_src	src;
};

struct part {				/* of a row, that an activity takes */
	uint32_t	activity;
	double		share;
};

struct centres {
	struct tj_pools		pools;		/* WORK_CENTRE@YYYY-MM */
	TJ_VEC(struct part)	parts;		/* of the row in hand */
	tj_date			month;		/* that was written last, its first day */
	char			text[TJ_DATE_TEXT];
};

static enum tj_rc
pool_key(tj_str *key, struct centres *centres, struct tj_assembler *a, tj_str work_centre,
    tj_date date, struct tj_err *err)
{
	const tj_date month = tj_date_month_start(date);

	if (centres->text[0] == '\0' || month != centres->month)
		(void)tj_date_text(centres->text, month);
	centres->month = month;
	return tj_assembler_join(key, a, work_centre, TJ_S("@"),
	    (tj_str){ centres->text, 7 }, err);
}

/* Orders share the burdens of the month they end in. */
static enum tj_rc
run_join(struct centres *centres, struct tj_assembler *a, const struct tj_run *run,
    struct tj_err *err)
{
	const struct tj_order *order = &a->ledger->orders.v[run->row];
	tj_date date = tj_assembler_order_date(order);
	tj_str key;

	if (run->activity == TJ_NONE || order->work_centre.n == 0)
		return TJ_OK;
	if (date == TJ_DATE_NONE)
		date = a->told->end;
	TRY(pool_key(&key, centres, a, order->work_centre, date, err));
	return tj_pools_join(&centres->pools, key, (struct tj_pool_member){
	    .activity = run->activity, .product = run->product, .amount = run->made,
	    .unit = run->unit, .src = order->src }, err);
}

static tj_date
earlier(tj_date a, tj_date b)
{
	return a < b ? a : b;
}

static tj_date
later(tj_date a, tj_date b)
{
	return a > b ? a : b;
}

static void
describe(struct tj_activity *activity, const struct tj_assembler *a, tj_str work_centre,
    tj_date month)
{
	const struct tj_process *process = tj_assembler_process(a, work_centre);

	activity->name = work_centre;
	activity->start = later(month, a->told->start);
	activity->end = earlier(tj_date_add_months(month, 1) - 1, a->told->end);
	if (process == NULL)
		return;
	if (process->name.n > 0)
		activity->name = process->name;
	activity->site = process->site;
	activity->stage = process->stage;
	activity->carbon_balance = process->carbon_balance;
}

static enum tj_rc
part_add(struct centres *centres, struct tj_assembler *a, uint32_t activity,
    double share, struct tj_err *err)
{
	return TJ_PUSH(a->scratch, &centres->parts, (struct part){ activity, share }) ?
	    TJ_OK : tj_fail_nomem(err);
}

/* What a month's share of the row goes to. */
static enum tj_rc
month_part(struct centres *centres, struct tj_assembler *a, const struct span *span,
    tj_date month, double share, struct tj_err *err)
{
	uint32_t activity;
	bool opened;
	tj_str key;

	TRY(pool_key(&key, centres, a, span->work_centre, month, err));
	TRY(tj_pools_open(&activity, &opened, &centres->pools, a, key, span->src, err));
	if (activity == TJ_NONE)
		return tj_tally_add(&a->unassigned, key, span->src, err);
	if (opened)
		describe(&a->book->activities.v[activity], a, span->work_centre, month);
	return part_add(centres, a, activity, share, err);
}

/* By days, over the months of the period that the row spans. */
static enum tj_rc
centre_parts(struct centres *centres, struct tj_assembler *a, const struct span *span,
    struct tj_err *err)
{
	const tj_date from = later(span->start, a->told->start);
	const tj_date to = earlier(span->end, a->told->end);
	const double days = (double)span->end - span->start + 1;
	tj_date month, next;

	if (from > to) {
		char start[TJ_DATE_TEXT], end[TJ_DATE_TEXT];

		tj_findings_add(a->findings, TJ_RULE_LATE_READING,
		    tj_assembler_place(a, span->src), span->work_centre, "%s to %s",
		    tj_date_text(start, span->start), tj_date_text(end, span->end));
		return TJ_OK;
	}
	for (month = tj_date_month_start(from); month <= to; month = next) {
		next = tj_date_add_months(month, 1);
		TRY(month_part(centres, a, span, month,
		    (earlier(to, next - 1) - later(from, month) + 1) / days, err));
	}
	return TJ_OK;
}

/* Who takes the row, and how much of it each: centres->parts. */
static enum tj_rc
share_out(struct centres *centres, struct tj_assembler *a, struct span span,
    struct tj_err *err)
{
	uint32_t run;

	centres->parts.n = 0;
	if (span.end == TJ_DATE_NONE)
		span.end = span.start != TJ_DATE_NONE ? span.start : a->told->end;
	if (span.start == TJ_DATE_NONE)
		span.start = span.end;
	if (span.end < span.start) {
		tj_assembler_bad_row(a, span.src, span.work_centre,
		    "ends before it starts");
		return TJ_OK;
	}
	if (span.order.n > 0) {
		TRY(tj_assembler_run(&run, a, tj_names_find(&a->order_keys, span.order),
		    span.order, span.src, err));
		return run == TJ_NONE || a->runs.v[run].activity == TJ_NONE ? TJ_OK :
		    part_add(centres, a, a->runs.v[run].activity, 1, err);
	}
	return centre_parts(centres, a, &span, err);
}

static bool
same_reading(const struct tj_reading *a, const struct tj_reading *b)
{
	return tj_str_eq(a->meter, b->meter) && tj_str_eq(a->work_centre, b->work_centre) &&
	    tj_str_eq(a->order, b->order) && tj_str_eq(a->carrier, b->carrier) &&
	    tj_same_number(a->quantity, b->quantity) && a->unit == b->unit &&
	    a->start == b->start && a->end == b->end && a->estimated == b->estimated;
}

/* Energy is used where it is metered: it lands in the stage of that activity. */
static enum tj_rc
reading_parts_add(struct centres *centres, struct tj_assembler *a,
    const struct tj_reading *reading, struct tj_err *err)
{
	uint32_t carrier;

	if (centres->parts.n > 0)
		TRY(tj_assembler_material(&carrier, a, reading->carrier, err));
	for (size_t i = 0; i < centres->parts.n; i++) {
		const struct part *part = &centres->parts.v[i];

		TRY(tj_assembler_use(a, (struct tj_input){ .activity = part->activity,
		    .product = a->materials.v[carrier].product,
		    .amount = reading->quantity * part->share, .unit = reading->unit,
		    .stage = (int8_t)a->book->activities.v[part->activity].stage,
		    .secondary = reading->estimated || part->share != 1,
		    .src = reading->src }, err));
	}
	return TJ_OK;
}

static enum tj_rc
reading_add(struct centres *centres, struct tj_assembler *a, struct tj_seen *seen,
    uint32_t row, struct tj_err *err)
{
	const struct tj_reading *reading = &a->ledger->readings.v[row], *before;
	uint32_t first;

	if (reading->carrier.n == 0 || !isfinite(reading->quantity)) {
		tj_assembler_bad_row(a, reading->src, reading->meter,
		    "a reading needs a carrier and a quantity");
		return TJ_OK;
	}
	TRY(tj_seen_row(&first, seen, row, tj_name_of(reading->document).hash, err));
	if (first != row) {
		before = &a->ledger->readings.v[first];
		tj_assembler_again(a, same_reading(before, reading), reading->document,
		    before->src, reading->src);
		return TJ_OK;
	}
	TRY(share_out(centres, a, (struct span){ reading->work_centre, reading->order,
	    reading->start, reading->end, reading->src }, err));
	return reading_parts_add(centres, a, reading, err);
}

static bool
same_stack(const struct tj_stack *a, const struct tj_stack *b)
{
	return tj_str_eq(a->work_centre, b->work_centre) && tj_str_eq(a->order, b->order) &&
	    tj_str_eq(a->flow, b->flow) && tj_same_number(a->amount, b->amount) &&
	    a->unit == b->unit && a->start == b->start && a->end == b->end &&
	    a->category == b->category;
}

static enum tj_rc
stack_parts_add(struct centres *centres, struct tj_assembler *a,
    const struct tj_stack *stack, struct tj_err *err)
{
	uint32_t flow;

	if (centres->parts.n == 0)
		return TJ_OK;
	if ((flow = tj_names_add(&a->book->flows, tj_gas_canonical(stack->flow))) == TJ_NONE)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < centres->parts.n; i++)
		if (!TJ_PUSH(a->book->arena, &a->book->emissions, (struct tj_emission){
		    .activity = centres->parts.v[i].activity, .flow = flow,
		    .amount = stack->amount * centres->parts.v[i].share,
		    .gsd2 = NAN, .src = stack->src, .unit = stack->unit,
		    .category = stack->category }))
			return tj_fail_nomem(err);
	return TJ_OK;
}

static enum tj_rc
stack_add(struct centres *centres, struct tj_assembler *a, struct tj_seen *seen,
    uint32_t row, struct tj_err *err)
{
	const struct tj_stack *stack = &a->ledger->stacks.v[row], *before;
	uint32_t first;

	if (stack->flow.n == 0 || !isfinite(stack->amount)) {
		tj_assembler_bad_row(a, stack->src, stack->document,
		    "an emission needs a flow and an amount");
		return TJ_OK;
	}
	TRY(tj_seen_row(&first, seen, row, tj_name_of(stack->document).hash, err));
	if (first != row) {
		before = &a->ledger->stacks.v[first];
		tj_assembler_again(a, same_stack(before, stack), stack->document,
		    before->src, stack->src);
		return TJ_OK;
	}
	TRY(share_out(centres, a, (struct span){ stack->work_centre, stack->order,
	    stack->start, stack->end, stack->src }, err));
	return stack_parts_add(centres, a, stack, err);
}

enum tj_rc
tj_assemble_centres(struct tj_assembler *a, struct tj_err *err)
{
	struct centres centres = { 0 };
	struct tj_seen readings, stacks;

	tj_pools_init(&centres.pools, a->scratch);
	TRY(tj_seen_init(&readings, a->ledger->readings.v, a->ledger->readings.n,
	    sizeof(struct tj_reading), a->scratch, err));
	TRY(tj_seen_init(&stacks, a->ledger->stacks.v, a->ledger->stacks.n,
	    sizeof(struct tj_stack), a->scratch, err));
	for (size_t i = 0; i < a->runs.n; i++)
		TRY(run_join(&centres, a, &a->runs.v[i], err));
	tj_pools_measure(&centres.pools, a);
	for (uint32_t row = 0; row < a->ledger->readings.n; row++)
		TRY(reading_add(&centres, a, &readings, row, err));
	for (uint32_t row = 0; row < a->ledger->stacks.n; row++)
		TRY(stack_add(&centres, a, &stacks, row, err));
	return tj_pools_close(&centres.pools, a, err);
}
