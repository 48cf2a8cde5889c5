#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/assemble.h"
#include "engine/assess.h"
#include "model/base/buf.h"
#include "model/base/limits.h"

/*
 * bench_graph KIND [SIZE [THREADS]]: how long it takes to get from a book, or from a
 * ledger, made in memory, to what is solved.  Not a test: it asserts nothing.
 *
 *	layered		SIZE activities of 5-10 inputs, suppliers in the layers below, a
 *			few raw materials that half of them use, emissions on a tenth
 *	parallel	SIZE inputs between two activities
 *	self		SIZE activities, each of which uses its own product twice
 *	chain		SIZE activities, one after the other
 *	orders		a ledger of SIZE orders with 5-7 movements each
 *	order		one order with SIZE movements
 *	receipts	one material with SIZE receipts
 *	batches		SIZE batches of one material, each received once and used once
 *	materials	SIZE materials in the master, each received once and used once
 *	bills		SIZE orders of one material with a bill of three lines, nothing booked
 *	centres		SIZE orders at ten work centres, with a reading for each
 */
struct bench {
	const char		*kind;
	uint32_t		 size;
	uint64_t		 random;
	struct tj_arena		*arena;
	struct tj_crew		*crew;
	struct tj_book		 book;
	struct tj_ledger	 ledger;
	struct tj_profile	 profile;
	struct tj_findings	 findings;
	struct tj_err		 err;
	uint32_t		 line;
	tj_unit			 kg, t, kwh;
	tj_date			 day;
};

static void
require(bool holds, const struct bench *b, const char *what)
{
	if (holds)
		return;
	(void)fprintf(stderr, "bench_graph: %s: %s\n", what, b->err.text);
	exit(1);
}

static uint32_t
below(struct bench *b, uint32_t n)	/* xorshift64* */
{
	b->random ^= b->random >> 12;
	b->random ^= b->random << 25;
	b->random ^= b->random >> 27;
	return (uint32_t)((b->random * 0x2545f4914f6cdd1du >> 32) * n >> 32);
}

static double
between(struct bench *b, double low, double high)
{
	return low + (high - low) * below(b, 1u << 30) / (1u << 30);
}

static tj_unit
unit(struct bench *b, const char *symbol)
{
	tj_unit it = TJ_UNIT_NONE;

	require(tj_unit_parse(&it, tj_str_of(symbol), &b->err) == TJ_OK, b, symbol);
	return it;
}

static tj_str
name(struct bench *b, const char *prefix, uint32_t number)
{
	const tj_str it = tj_str_fmt(b->arena, "%s%08u", prefix, number);

	require(it.p != NULL, b, "no memory");
	return it;
}

static tj_src
src(struct bench *b)
{
	return (tj_src){ 0, ++b->line };
}

/* Books. */

static uint32_t
product(struct bench *b, tj_str key)
{
	const uint32_t number = tj_book_product(&b->book, key);

	require(number != TJ_NONE, b, "no memory");
	b->book.products.v[number].unit = b->kg;
	b->book.products.v[number].src = src(b);
	return number;
}

static uint32_t
activity(struct bench *b, tj_str key)
{
	const uint32_t number = tj_book_activity(&b->book, key);

	require(number != TJ_NONE, b, "no memory");
	b->book.activities.v[number].src = src(b);
	return number;
}

static void
makes(struct bench *b, uint32_t maker, uint32_t made, double amount)
{
	require(TJ_PUSH(b->arena, &b->book.outputs, (struct tj_output){ .activity = maker,
	    .product = made, .amount = amount, .unit = b->kg, .role = TJ_ROLE_MAIN,
	    .price_per_unit = 3, .energy_mj_per_unit = NAN, .src = src(b) }), b,
	    "no memory");
}

static void
uses(struct bench *b, uint32_t user, uint32_t used, double amount, tj_unit in)
{
	require(TJ_PUSH(b->arena, &b->book.inputs, (struct tj_input){ .activity = user,
	    .product = used, .provider = TJ_NONE, .amount = amount, .unit = in,
	    .stage = -1, .gsd2 = NAN, .src = src(b) }), b, "no memory");
}

static void
emits(struct bench *b, uint32_t emitter, double amount)
{
	const uint32_t flow = tj_names_add(&b->book.flows, TJ_S("CO2"));

	require(TJ_PUSH(b->arena, &b->book.emissions, (struct tj_emission){
	    .activity = emitter, .flow = flow, .amount = amount, .gsd2 = NAN,
	    .unit = b->kg, .category = -1, .src = src(b) }), b, "no memory");
}

#define RAW	20	/* materials that nobody here makes */
#define LAYERS	40

static void
raw_materials(struct bench *b)
{
	for (uint32_t i = 0; i < RAW; i++) {
		const uint32_t number = product(b, name(b, "R", i));

		require(TJ_PUSH(b->arena, &b->book.factors, (struct tj_factor){
		    .product = b->book.products.v[number].key, .unit = b->kg,
		    .flow = tj_names_add(&b->book.flows, TJ_S("CO2e")), .gsd2 = NAN,
		    .amount_kg_per_unit = between(b, 0.1, 3), .year = 2024,
		    .category = -1, .src = src(b) }), b, "no memory");
	}
}

static void
layered(struct bench *b)
{
	const uint32_t width = b->size / LAYERS + 1;

	raw_materials(b);
	for (uint32_t i = 0; i < b->size; i++) {
		const uint32_t made = product(b, name(b, "P", i));

		b->book.products.v[made].mass_kg_per_unit = 1;
	}
	for (uint32_t i = 0; i < b->size; i++) {
		const uint32_t maker = activity(b, name(b, "A", i)), inputs = 5 + below(b, 6);
		const uint32_t under = i / width * width;

		makes(b, maker, RAW + i, between(b, 500, 1500));
		for (uint32_t k = 0; k < inputs; k++)
			uses(b, maker, under == 0 || below(b, inputs) == 0 ? below(b, RAW)
			    : RAW + below(b, under), between(b, 10, 100),
			    below(b, 4) == 0 ? b->t : b->kg);
		if (below(b, 10) == 0)
			emits(b, maker, between(b, 1, 100));
	}
}

static void
parallel(struct bench *b)
{
	const uint32_t x = product(b, TJ_S("X")), y = product(b, TJ_S("Y"));
	const uint32_t one = activity(b, TJ_S("one")), two = activity(b, TJ_S("two"));

	makes(b, one, x, 1);
	emits(b, one, 1);
	makes(b, two, y, 1);
	for (uint32_t i = 0; i < b->size; i++)
		uses(b, two, x, 0.5, b->kg);
}

static void
self(struct bench *b)
{
	for (uint32_t i = 0; i < b->size; i++) {
		const uint32_t made = product(b, name(b, "P", i));
		const uint32_t maker = activity(b, name(b, "A", i));

		makes(b, maker, made, 1);
		uses(b, maker, made, 0.25, b->kg);
		uses(b, maker, made, 0.125, b->kg);
		emits(b, maker, 1);
	}
}

static void
chain(struct bench *b)
{
	for (uint32_t i = 0; i < b->size; i++) {
		const uint32_t made = product(b, name(b, "P", i));
		const uint32_t maker = activity(b, name(b, "A", i));

		makes(b, maker, made, 1);
		emits(b, maker, i == 0);
		if (i > 0)
			uses(b, maker, made - 1, 1, b->kg);
	}
}

/* Ledgers. */

static void
material(struct bench *b, tj_str number, enum tj_owner owner)
{
	require(TJ_PUSH(b->arena, &b->ledger.materials, (struct tj_material){
	    .material = number, .name = number, .unit = b->kg, .mass_kg_per_unit = NAN,
	    .energy_mj_per_unit = NAN, .carbon_kg_per_kg = NAN, .price_per_unit = NAN,
	    .owner = owner, .src = src(b) }), b, "no memory");
}

static void
order(struct bench *b, tj_str number, tj_str made, tj_str batch, tj_str centre)
{
	require(TJ_PUSH(b->arena, &b->ledger.orders, (struct tj_order){ .order = number,
	    .material = made, .batch = batch, .work_centre = centre, .quantity = 1000,
	    .unit = b->kg, .start = b->day, .end = b->day,
	    .stage = TJ_STAGE_MANUFACTURING, .src = src(b) }), b, "no memory");
}

/* A text of its own: a row of an export has its cells side by side. */
static tj_str
cell(struct bench *b, tj_str text)
{
	const tj_str it = text.n == 0 ? text : tj_str_dup(text, b->arena);

	require(it.p != NULL, b, "no memory");
	return it;
}

static void
moves(struct bench *b, enum tj_movement_kind kind, tj_str number, tj_str moved,
    tj_str batch)
{
	require(TJ_PUSH(b->arena, &b->ledger.movements, (struct tj_movement){
	    .document = name(b, "49", (uint32_t)b->ledger.movements.n),
	    .order = cell(b, number), .material = cell(b, moved),
	    .batch = cell(b, batch), .quantity = between(b, 10, 1000),
	    .price_per_unit = NAN, .unit = below(b, 4) == 0 ? b->t : b->kg,
	    .date = b->day, .kind = kind, .src = src(b) }), b, "no memory");
}

#define MADE	50	/* materials made here, and as many bought */

static void
orders(struct bench *b)
{
	for (uint32_t i = 0; i < MADE; i++) {
		material(b, name(b, "M", i), TJ_OWN);
		material(b, name(b, "B", i), TJ_BOUGHT);
	}
	for (uint32_t i = 0; i < b->size; i++) {
		const tj_str number = name(b, "7", i), batch = name(b, "", i);
		const tj_str made = b->ledger.materials.v[2 * below(b, MADE)].material;
		const uint32_t inputs = 4 + below(b, 3);

		order(b, number, made, batch, name(b, "WC", below(b, 10)));
		moves(b, TJ_MOVE_OUTPUT, number, made, batch);
		for (uint32_t k = 0; k < inputs; k++) {
			const struct tj_order *from = &b->ledger.orders.v[below(b, i + 1)];

			if (below(b, 2) == 0 || i == 0)
				moves(b, TJ_MOVE_INPUT, number, name(b, "B", below(b, MADE)),
				    TJ_S(""));
			else
				moves(b, TJ_MOVE_INPUT, number, from->material, from->batch);
		}
	}
}

static void
one_order(struct bench *b)
{
	material(b, TJ_S("M"), TJ_OWN);
	material(b, TJ_S("B"), TJ_BOUGHT);
	order(b, TJ_S("1"), TJ_S("M"), TJ_S("b"), TJ_S("WC"));
	for (uint32_t i = 0; i < b->size; i++)
		moves(b, TJ_MOVE_INPUT, TJ_S("1"), TJ_S("B"), TJ_S(""));
}

static void
receipts(struct bench *b)
{
	material(b, TJ_S("B"), TJ_BOUGHT);
	for (uint32_t i = 0; i < b->size; i++)
		moves(b, TJ_MOVE_RECEIPT, TJ_S(""), TJ_S("B"), TJ_S(""));
}

static void
bought(struct bench *b, tj_str number, tj_str batch, uint32_t i)
{
	const uint32_t in_order = i / 8;

	if (i % 8 == 0)
		order(b, name(b, "7", in_order), TJ_S("M"), name(b, "", in_order),
		    TJ_S("WC"));
	moves(b, TJ_MOVE_RECEIPT, TJ_S(""), number, batch);
	b->ledger.movements.v[b->ledger.movements.n - 1].supplier_id = name(b, "S", i);
	moves(b, TJ_MOVE_INPUT, b->ledger.orders.v[in_order].order, number, batch);
}

static void
batches(struct bench *b)
{
	material(b, TJ_S("M"), TJ_OWN);
	material(b, TJ_S("B"), TJ_BOUGHT);
	for (uint32_t i = 0; i < b->size; i++)
		bought(b, TJ_S("B"), name(b, "H", i), i);
}

static void
materials(struct bench *b)
{
	material(b, TJ_S("M"), TJ_OWN);
	for (uint32_t i = 0; i < b->size; i++) {
		const tj_str number = name(b, "B", i);

		material(b, number, TJ_BOUGHT);
		bought(b, number, TJ_S(""), i);
	}
}

static void
bills(struct bench *b)
{
	material(b, TJ_S("M"), TJ_OWN);
	for (uint32_t i = 0; i < 3; i++) {
		material(b, name(b, "B", i), TJ_BOUGHT);
		require(TJ_PUSH(b->arena, &b->ledger.bom, (struct tj_bom_line){
		    .parent = TJ_S("M"), .component = name(b, "B", i), .quantity = 2,
		    .base_quantity = 1, .scrap_percent = NAN, .unit = b->kg,
		    .base_unit = b->t, .valid_from = TJ_DATE_NONE,
		    .valid_to = TJ_DATE_NONE, .src = src(b) }), b, "no memory");
	}
	for (uint32_t i = 0; i < b->size; i++)
		order(b, name(b, "7", i), TJ_S("M"), name(b, "", i), TJ_S("WC"));
}

static void
centres(struct bench *b)
{
	material(b, TJ_S("M"), TJ_OWN);
	for (uint32_t i = 0; i < b->size; i++) {
		const tj_str centre = name(b, "WC", below(b, 10));

		order(b, name(b, "7", i), TJ_S("M"), name(b, "", i), centre);
		require(TJ_PUSH(b->arena, &b->ledger.readings, (struct tj_reading){
		    .document = name(b, "z", i), .meter = centre, .work_centre = centre,
		    .carrier = TJ_S("electricity"), .quantity = 10, .unit = b->kwh,
		    .start = b->day, .end = b->day, .src = src(b) }), b, "no memory");
	}
}

/* What is measured. */

static double
seconds(clockid_t clock)
{
	struct timespec now = { 0 };

	(void)clock_gettime(clock, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double	began, began_cpu;

static void
begin(void)
{
	began_cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
	began = seconds(CLOCK_MONOTONIC);
}

static void
done(const struct bench *b, const char *what, size_t rows)
{
	const double wall = seconds(CLOCK_MONOTONIC) - began;
	const double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - began_cpu;

	printf("%-12s %9.3f s %9.3f s CPU %8.1f ns a row %8.1f MB in the arena\n", what, wall,
	    cpu, rows == 0 ? 0.0 : cpu * 1e9 / (double)rows,
	    (double)tj_arena_bytes(b->arena) / 1e6);
	begin();
}

static size_t
peak_kb(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[128];
	size_t kb = 0;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, "VmHWM:", 6) == 0)
			kb = strtoul(line + 6, NULL, 10);
	if (file != NULL)
		(void)fclose(file);
	return kb;
}

/* To see at a glance whether two builds answer the same. */
static void
print_digest(const struct bench *b, const struct tj_solution *solution)
{
	uint64_t values = 0, findings = 0;

	for (uint32_t node = 0; node < solution->plan->node_count; node++) {
		struct tj_values it;

		tj_solution_values(&it, solution, node);
		values = values * 31 + tj_str_hash((tj_str){ (const char *)&it, sizeof(it) });
	}
	for (size_t i = 0; i < b->findings.list.n; i++)
		findings = findings * 31 + tj_str_hash(b->findings.list.v[i].subject) +
		    7 * tj_str_hash(b->findings.list.v[i].text) +
		    b->findings.list.v[i].place.line;
	printf("values %016" PRIx64 ", %zu findings %016" PRIx64 "\n", values,
	    b->findings.list.n, findings);
}

static void
measure_book(struct bench *b)
{
	const struct tj_resolve_options options = { .missing_zero = true };
	const size_t rows = b->book.inputs.n + b->book.outputs.n + b->book.emissions.n;
	struct tj_assessment a;

	printf("%zu activities, %zu rows\n", b->book.activities.n, rows);
	begin();
	require(tj_graph_build(&a.graph, &b->book, &b->profile, &b->findings, b->arena,
	    &b->err) == TJ_OK, b, "graph_build");
	done(b, "graph_build", rows);
	require(tj_resolve(&a.offers, &a.graph, &options, &b->findings, b->arena,
	    &b->err) == TJ_OK, b, "resolve");
	done(b, "resolve", rows);
	require(tj_allocate(&a.system, &a.graph, &b->findings, b->arena, &b->err) == TJ_OK,
	    b, "allocate");
	done(b, "allocate", rows);
	require(tj_plan_make(&a.plan, &a.system.matrix, b->crew, b->arena,
	    &b->err) == TJ_OK, b, "plan");
	done(b, "plan", rows);
	require(tj_solve(&a.solution, &a.system, &a.plan, a.offers, b->crew, &b->findings,
	    b->arena, &b->err) == TJ_OK, b, "solve");
	done(b, "solve", rows);
	require(tj_balance_check(&a.solution, &b->findings, &b->err) == TJ_OK, b, "balance");
	done(b, "balance", rows);
	print_digest(b, &a.solution);
}

static void
measure_ledger(struct bench *b)
{
	const struct tj_id_pattern pattern = { TJ_S(""), TJ_S("88.101.0042/{batch}") };
	const struct tj_assembly told = { .start = b->day - 20, .end = b->day + 9,
	    .patterns = &pattern, .pattern_count = 1 };
	const size_t rows = b->ledger.materials.n + b->ledger.orders.n +
	    b->ledger.movements.n + b->ledger.readings.n;

	printf("%zu orders, %zu movements\n", b->ledger.orders.n, b->ledger.movements.n);
	begin();
	require(tj_assemble(&b->book, &b->ledger, &told, &b->findings, &b->err) == TJ_OK, b,
	    "assemble");
	done(b, "assemble", rows);
	measure_book(b);
}

static const struct {
	const char	*name;
	void		(*make)(struct bench *);
	bool		 ledger;
} kinds[] = {
	{ "layered", layered, false }, { "parallel", parallel, false },
	{ "self", self, false }, { "chain", chain, false }, { "orders", orders, true },
	{ "order", one_order, true }, { "receipts", receipts, true },
	{ "batches", batches, true }, { "materials", materials, true },
	{ "bills", bills, true }, { "centres", centres, true }
};

static void
init(struct bench *b)
{
	b->random = 20260915;
	b->arena = tj_arena_new(TJ_MAX_ARENA_BYTES);
	require(b->arena != NULL, b, "no memory");
	tj_book_init(&b->book, b->arena);
	tj_findings_init(&b->findings, b->arena);
	b->ledger = (struct tj_ledger){ .arena = b->arena, .files = &b->book.files };
	require(tj_names_add(&b->book.files, TJ_S("bench")) == 0, b, "no memory");
	b->kg = unit(b, "kg");
	b->t = unit(b, "t");
	b->kwh = unit(b, "kWh");
	(void)tj_date_make(&b->day, 2026, 9, 21);
	b->profile = (struct tj_profile){ .gwp = TJ_GWP_AR6, .co2_per_c = 44.0 / 12,
	    .order = { TJ_SHARE_MASS, TJ_SHARE_ENERGY, TJ_SHARE_ECONOMIC },
	    .order_count = 3, .mass_tolerance = 0.02, .carbon_tolerance = 0.05 };
}

int
main(int argc, char **argv)
{
	struct bench b = { .kind = argc > 1 ? argv[1] : "layered",
	    .size = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 1000000 };

	init(&b);
	require(tj_crew_new(&b.crew, argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 1,
	    &b.err) == TJ_OK, &b, "crew");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, b.kind) != 0)
			continue;
		begin();
		kinds[i].make(&b);
		done(&b, "made", 0);
		(kinds[i].ledger ? measure_ledger : measure_book)(&b);
		printf("%zu MB at most\n", peak_kb() / 1000);
		tj_crew_free(b.crew);
		tj_arena_free(b.arena);
		return 0;
	}
	(void)fprintf(stderr, "bench_graph: no such kind: %s\n", b.kind);
	return 1;
}
