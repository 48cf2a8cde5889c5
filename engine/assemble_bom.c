#include <math.h>

#include "engine/assembler.h"

/* Bills of material stand in where nothing was booked. */
struct bill_line {
	uint32_t	row;			/* of ledger->bom */
	uint32_t	parent, component;	/* materials */
	bool		byproduct;
};

struct bills {
	TJ_VEC(struct bill_line) lines;	/* of good rows, in the order of the ledger */
	uint32_t	*start;		/* [materials + 1] into order */
	uint32_t	*order;		/* [lines.n] lines side by side by parent */
	uint32_t	*booked[2];	/* [materials] run + 1 that booked it in, out */
};

/* The base: of how much of the parent the bill speaks.  Not told: of one. */
static double
base_of(const struct tj_bom_line *line)
{
	return isnan(line->base_quantity) ? 1 : line->base_quantity;
}

static enum tj_rc
line_add(struct bills *bills, struct tj_assembler *a, uint32_t row, struct tj_err *err)
{
	const struct tj_bom_line *line = &a->ledger->bom.v[row];
	struct bill_line added = { .row = row,
	    .byproduct = line->byproduct || line->quantity < 0 };

	if (line->parent.n == 0 || line->component.n == 0 || !isfinite(line->quantity) ||
	    !(base_of(line) > 0)) {
		tj_assembler_bad_row(a, line->src, line->parent,
		    "a bill needs parent, component, quantity and a base above zero");
		return TJ_OK;
	}
	TRY(tj_assembler_material(&added.parent, a, line->parent, err));
	TRY(tj_assembler_material(&added.component, a, line->component, err));
	return TJ_PUSH(a->scratch, &bills->lines, added) ? TJ_OK : tj_fail_nomem(err);
}

/* Lines of one parent side by side: counted, then dealt out from the back. */
static void
sort_by_parent(struct bills *bills, size_t material_count)
{
	for (size_t i = 0; i < bills->lines.n; i++)
		bills->start[bills->lines.v[i].parent]++;
	for (size_t i = 1; i <= material_count; i++)
		bills->start[i] += bills->start[i - 1];
	for (size_t i = bills->lines.n; i-- > 0;)
		bills->order[--bills->start[bills->lines.v[i].parent]] = (uint32_t)i;
}

static enum tj_rc
bills_read(struct bills *bills, struct tj_assembler *a, struct tj_err *err)
{
	size_t n;

	for (uint32_t row = 0; row < a->ledger->bom.n; row++)
		TRY(line_add(bills, a, row, err));
	n = a->materials.n;
	bills->start = TJ_NEWN(a->scratch, uint32_t, n + 1);
	bills->order = TJ_NEWN(a->scratch, uint32_t, bills->lines.n);
	bills->booked[0] = TJ_NEWN(a->scratch, uint32_t, n);
	bills->booked[1] = TJ_NEWN(a->scratch, uint32_t, n);
	if (bills->start == NULL || bills->order == NULL || bills->booked[0] == NULL ||
	    bills->booked[1] == NULL)
		return tj_fail_nomem(err);
	sort_by_parent(bills, n);
	return TJ_OK;
}

static bool
is_valid(const struct tj_bom_line *line, tj_date date)
{
	return date == TJ_DATE_NONE ||
	    ((line->valid_from == TJ_DATE_NONE || line->valid_from <= date) &&
	    (line->valid_to == TJ_DATE_NONE || date <= line->valid_to));
}

static enum tj_rc
output_add(struct tj_assembler *a, uint32_t activity, uint32_t material, double amount,
    tj_unit unit, enum tj_role role, tj_src src, struct tj_err *err)
{
	return tj_assembler_make(a, (struct tj_output){ .activity = activity,
	    .product = a->materials.v[material].product, .amount = amount, .unit = unit,
	    .price_per_unit = tj_assembler_price(a, material, unit, NAN, TJ_UNIT_NONE),
	    .role = role, .src = src }, err);
}

/* One line of a bill for an activity that makes so much of the parent. */
static enum tj_rc
plan(struct tj_assembler *a, uint32_t activity, const struct bill_line *line, double made,
    tj_unit unit, struct tj_err *err)
{
	const struct tj_bom_line *bom = &a->ledger->bom.v[line->row];
	const uint32_t parent = a->materials.v[line->parent].product;
	double amount;

	if (!tj_assembler_convert(&amount, &a->book->products.v[parent], made, unit,
	    bom->base_unit)) {
		tj_assembler_bad_unit(a, bom->src, parent, unit, bom->base_unit);
		return TJ_OK;
	}
	amount *= fabs(bom->quantity) / base_of(bom);
	if (line->byproduct)
		return output_add(a, activity, line->component, amount, bom->unit,
		    TJ_ROLE_CO, bom->src, err);
	if (!isnan(bom->scrap_percent))
		amount *= 1 + bom->scrap_percent / 100;
	return tj_assembler_use(a, (struct tj_input){ .activity = activity,
	    .product = a->materials.v[line->component].product, .amount = amount,
	    .unit = bom->unit, .stage = -1, .secondary = true, .src = bom->src }, err);
}

static void
planned(struct tj_assembler *a, uint32_t activity, uint32_t count)
{
	const struct tj_activity *of = &a->book->activities.v[activity];

	if (count > 0)
		tj_findings_add(a->findings, TJ_RULE_PLANNED, tj_assembler_place(a, of->src),
		    of->key, "%u line%s of the bill", count, count == 1 ? "" : "s");
}

/* What the order's movements booked, in and out, whatever was reversed of it. */
static void
mark_booked(struct bills *bills, const struct tj_assembler *a, uint32_t number)
{
	const struct tj_run *run = &a->runs.v[number];
	const struct tj_posting *posting = tj_run_postings(a, run);

	for (uint32_t i = 0; i < run->posting_count; i++)
		bills->booked[posting[i].kind != TJ_MOVE_INPUT][posting[i].material] =
		    number + 1;
}

static enum tj_rc
order_plan(struct tj_assembler *a, struct bills *bills, uint32_t number,
    struct tj_err *err)
{
	const struct tj_run *run = &a->runs.v[number];
	const tj_date date = tj_assembler_order_date(&a->ledger->orders.v[run->row]);
	const struct bill_line *line;
	uint32_t count = 0;

	mark_booked(bills, a, number);
	for (uint32_t i = bills->start[run->material]; i < bills->start[run->material + 1];
	    i++) {
		line = &bills->lines.v[bills->order[i]];
		if (!is_valid(&a->ledger->bom.v[line->row], date) ||
		    bills->booked[line->byproduct][line->component] == number + 1)
			continue;
		TRY(plan(a, run->activity, line, run->made, run->unit, err));
		count++;
	}
	planned(a, run->activity, count);
	return TJ_OK;
}

/* bom:MATERIAL, begun with the first line that is valid, which tells the base. */
static enum tj_rc
bill_open(uint32_t *activity, struct tj_assembler *a, const struct bill_line *line,
    struct tj_err *err)
{
	const struct tj_bom_line *bom = &a->ledger->bom.v[line->row];
	tj_str key;

	TRY(tj_assembler_join(&key, a, TJ_S("bom:"), bom->parent, TJ_S(""), err));
	TRY(tj_assembler_activity(activity, a, key, bom->src, err));
	if (*activity == TJ_NONE)
		return TJ_OK;
	return output_add(a, *activity, line->parent, base_of(bom), bom->base_unit,
	    TJ_ROLE_MAIN, bom->src, err);
}

static enum tj_rc
bill_make(struct tj_assembler *a, const struct bills *bills, uint32_t material,
    struct tj_err *err)
{
	const struct tj_bom_line *base = NULL;
	uint32_t activity = TJ_NONE, count = 0;

	for (uint32_t i = bills->start[material]; i < bills->start[material + 1]; i++) {
		const struct bill_line *line = &bills->lines.v[bills->order[i]];

		if (!is_valid(&a->ledger->bom.v[line->row], a->told->end))
			continue;
		if (base == NULL) {
			base = &a->ledger->bom.v[line->row];
			TRY(bill_open(&activity, a, line, err));
		}
		if (activity == TJ_NONE)
			return TJ_OK;
		TRY(plan(a, activity, line, base_of(base), base->base_unit, err));
		count++;
	}
	if (count > 0)
		planned(a, activity, count);
	return TJ_OK;
}

enum tj_rc
tj_assemble_bom(struct tj_assembler *a, struct tj_err *err)
{
	struct bills bills = { 0 };
	size_t material_count;

	TRY(bills_read(&bills, a, err));
	for (uint32_t i = 0; i < a->runs.n; i++)
		if (a->runs.v[i].activity != TJ_NONE)
			TRY(order_plan(a, &bills, i, err));
	material_count = a->materials.n;
	for (uint32_t i = 0; i < material_count; i++)
		if (!a->materials.v[i].made && a->book->products.v[
		    a->materials.v[i].product].owner == TJ_OWN)
			TRY(bill_make(a, &bills, i, err));
	return TJ_OK;
}
