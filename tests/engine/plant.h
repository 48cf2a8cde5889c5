#ifndef TJ_TESTS_ENGINE_PLANT_H
#define TJ_TESTS_ENGINE_PLANT_H

#include <math.h>

#include "engine/assemble.h"
#include "model/base/buf.h"
#include "tests/support/support.h"

/*
 * A small plant: a ledger written row by row, assembled, and the book read back
 * as text.  Rows are lines 1, 2, 3 … of "plant.csv" in the order they are added.
 * The period is September 2026.
 */
struct plant {
	struct tj_arena		*arena;
	struct tj_book		 book;
	struct tj_ledger	 ledger;
	struct tj_assembly	 told;
	struct tj_findings	 findings;
	struct tj_err		 err;
	uint32_t		 line;
};

static inline tj_date
day(int month, int number)
{
	tj_date date = TJ_DATE_NONE;

	assert_true(tj_date_make(&date, 2026, month, number));
	return date;
}

static inline tj_unit
unit(const char *symbol)
{
	tj_unit number = TJ_UNIT_NONE;

	if (symbol[0] != '\0')
		assert_ok(tj_unit_parse(&number, tj_str_of(symbol), NULL), NULL);
	return number;
}

static inline void
plant_open(struct plant *p)
{
	*p = (struct plant){ .arena = tj_arena_new((size_t)1 << 30) };
	assert_non_null(p->arena);
	tj_book_init(&p->book, p->arena);
	tj_findings_init(&p->findings, p->arena);
	assert_int_equal(tj_names_add(&p->book.files, TJ_S("plant.csv")), 0);
	p->ledger = (struct tj_ledger){ .arena = p->arena, .files = &p->book.files };
	p->told = (struct tj_assembly){ .start = day(9, 1), .end = day(9, 30) };
}

static inline void
plant_close(struct plant *p)
{
	tj_arena_free(p->arena);
}

static inline tj_src
next_line(struct plant *p)
{
	return (tj_src){ 0, ++p->line };
}

static inline struct tj_material *
material(struct plant *p, const char *key, const char *in)
{
	assert_true(TJ_PUSH(p->arena, &p->ledger.materials, (struct tj_material){
	    .material = tj_str_of(key), .unit = unit(in), .mass_kg_per_unit = NAN,
	    .energy_mj_per_unit = NAN, .carbon_kg_per_kg = NAN, .price_per_unit = NAN,
	    .src = next_line(p) }));
	return &p->ledger.materials.v[p->ledger.materials.n - 1];
}

/* Ends on the 10th of September. */
static inline struct tj_order *
order(struct plant *p, const char *key, const char *of, const char *batch)
{
	assert_true(TJ_PUSH(p->arena, &p->ledger.orders, (struct tj_order){
	    .order = tj_str_of(key), .material = tj_str_of(of),
	    .batch = tj_str_of(batch), .quantity = NAN, .unit = TJ_UNIT_NONE,
	    .start = TJ_DATE_NONE, .end = day(9, 10),
	    .stage = TJ_STAGE_MANUFACTURING, .src = next_line(p) }));
	return &p->ledger.orders.v[p->ledger.orders.n - 1];
}

/* On the 10th of September; "MATERIAL#BATCH". */
static inline struct tj_movement *
move(struct plant *p, enum tj_movement_kind kind, const char *for_order, const char *what,
    double quantity, const char *in)
{
	tj_str batch = tj_str_of(what), key = batch;

	(void)tj_str_next(&key, &batch, '#');
	assert_true(TJ_PUSH(p->arena, &p->ledger.movements, (struct tj_movement){
	    .order = tj_str_of(for_order), .material = key, .batch = batch,
	    .quantity = quantity, .price_per_unit = NAN, .unit = unit(in),
	    .date = day(9, 10), .kind = kind, .src = next_line(p) }));
	return &p->ledger.movements.v[p->ledger.movements.n - 1];
}

static inline struct tj_bom_line *
bom(struct plant *p, const char *parent, const char *component, double quantity,
    double base)
{
	assert_true(TJ_PUSH(p->arena, &p->ledger.bom, (struct tj_bom_line){
	    .parent = tj_str_of(parent), .component = tj_str_of(component),
	    .quantity = quantity, .base_quantity = base, .scrap_percent = NAN,
	    .unit = TJ_UNIT_NONE, .base_unit = TJ_UNIT_NONE, .valid_from = TJ_DATE_NONE,
	    .valid_to = TJ_DATE_NONE, .src = next_line(p) }));
	return &p->ledger.bom.v[p->ledger.bom.n - 1];
}

static inline struct tj_reading *
reading(struct plant *p, const char *centre, const char *carrier, double quantity,
    const char *in, tj_date start, tj_date end)
{
	assert_true(TJ_PUSH(p->arena, &p->ledger.readings, (struct tj_reading){
	    .work_centre = tj_str_of(centre), .carrier = tj_str_of(carrier),
	    .quantity = quantity, .unit = unit(in), .start = start, .end = end,
	    .src = next_line(p) }));
	return &p->ledger.readings.v[p->ledger.readings.n - 1];
}

static inline struct tj_stack *
stack(struct plant *p, const char *centre, const char *flow, double amount)
{
	assert_true(TJ_PUSH(p->arena, &p->ledger.stacks, (struct tj_stack){
	    .work_centre = tj_str_of(centre), .flow = tj_str_of(flow), .amount = amount,
	    .unit = unit("kg"), .start = day(9, 1), .end = day(9, 30), .category = -1,
	    .src = next_line(p) }));
	return &p->ledger.stacks.v[p->ledger.stacks.n - 1];
}

static inline struct tj_leg *
leg(struct plant *p, const char *key, const char *batch, const char *mode, double mass_kg,
    double distance_km)
{
	assert_true(TJ_PUSH(p->arena, &p->ledger.legs, (struct tj_leg){
	    .material = tj_str_of(key), .batch = tj_str_of(batch),
	    .mode = tj_str_of(mode), .mass_kg = mass_kg, .distance_km = distance_km,
	    .date = day(9, 9), .src = next_line(p) }));
	return &p->ledger.legs.v[p->ledger.legs.n - 1];
}

/* "+ main STEEL#H1 90 t 4" and "- ORE 150 t 5": signs, role, amount, unit, line. */
static inline void
put_amount(struct tj_buf *text, double amount, tj_unit in, tj_src src)
{
	tj_buf_fmt(text, " %.12g %s :%u", amount,
	    in == TJ_UNIT_NONE ? "?" : tj_unit_symbol(in), src.line);
}

static inline void
put_rows(struct tj_buf *text, const struct tj_book *book, uint32_t activity)
{
	static const char *const roles[] = { "main", "co", "waste", "credit" };

	for (size_t i = 0; i < book->outputs.n; i++) {
		const struct tj_output *row = &book->outputs.v[i];

		if (row->activity != activity)
			continue;
		tj_buf_fmt(text, "  + %s %.*s", roles[row->role],
		    TJ_FMT(book->products.v[row->product].key));
		put_amount(text, row->amount, row->unit, row->src);
		tj_buf_put(text, TJ_S("\n"));
	}
	for (size_t i = 0; i < book->inputs.n; i++) {
		const struct tj_input *row = &book->inputs.v[i];

		if (row->activity != activity)
			continue;
		tj_buf_fmt(text, "  - %.*s", TJ_FMT(book->products.v[row->product].key));
		put_amount(text, row->amount, row->unit, row->src);
		tj_buf_fmt(text, "%s\n", row->secondary ? " secondary" : "");
	}
	for (size_t i = 0; i < book->emissions.n; i++) {
		const struct tj_emission *row = &book->emissions.v[i];

		if (row->activity != activity)
			continue;
		tj_buf_fmt(text, "  ^ %.*s", TJ_FMT(book->flows.list.v[row->flow]));
		put_amount(text, row->amount, row->unit, row->src);
		tj_buf_put(text, TJ_S("\n"));
	}
}

static inline tj_str
text_of(const struct plant *p)
{
	struct tj_buf text;
	tj_str copy;

	tj_buf_init(&text, 1 << 20);
	for (uint32_t i = 0; i < p->book.activities.n; i++) {
		const struct tj_activity *activity = &p->book.activities.v[i];

		tj_buf_fmt(&text, "%.*s :%u\n", TJ_FMT(activity->key), activity->src.line);
		put_rows(&text, &p->book, i);
	}
	for (size_t i = 0; i < p->findings.list.n; i++) {
		const struct tj_finding *finding = &p->findings.list.v[i];

		tj_buf_fmt(&text, "%s %.*s :%u\n", tj_rule_key(finding->rule),
		    TJ_FMT(finding->subject), finding->place.line);
	}
	assert_ok(tj_buf_done(&copy, &text, p->arena, NULL), NULL);
	tj_buf_fini(&text);
	return copy;
}

/* Assembles, compares activities, rows and findings with the text, and closes. */
#define assert_book(p, want) do {						\
	assert_ok(tj_assemble(&(p)->book, &(p)->ledger, &(p)->told, &(p)->findings,	\
	    &(p)->err), &(p)->err);						\
	assert_str((want), text_of(p));						\
} while (0)

static inline const struct tj_product *
product(const struct plant *p, const char *key)
{
	const uint32_t number = tj_names_find(&p->book.product_names, tj_str_of(key));

	assert_int_not_equal(number, TJ_NONE);
	return &p->book.products.v[number];
}

static inline const struct tj_activity *
activity(const struct plant *p, const char *key)
{
	const uint32_t number = tj_names_find(&p->book.activity_names, tj_str_of(key));

	assert_int_not_equal(number, TJ_NONE);
	return &p->book.activities.v[number];
}

/* The one finding of this rule. */
static inline struct tj_finding
finding(const struct plant *p, enum tj_rule rule)
{
	struct tj_finding found = { 0 };
	int count = 0;

	for (size_t i = 0; i < p->findings.list.n; i++)
		if (p->findings.list.v[i].rule == rule) {
			found = p->findings.list.v[i];
			count++;
		}
	assert_int_equal(count, 1);
	return found;
}

#endif
