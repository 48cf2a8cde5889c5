#include "tests/engine/plant.h"

/* engine/assemble.h, "Receipts"; and the whole of it under pressure. */

static struct tj_movement *
receipt(struct plant *p, const char *what, double quantity, const char *supplier_id)
{
	struct tj_movement *made = move(p, TJ_MOVE_RECEIPT, "", what, quantity, "t");

	made->supplier_id = tj_str_of(supplier_id);
	return made;
}

static void
a_receipt_with_a_suppliers_identifier_is_a_delivery(void **state)
{
	struct tj_material *rod;
	struct plant p;

	(void)state;
	plant_open(&p);
	rod = material(&p, "ROD", "t");
	rod->factor = TJ_S("cn.rod");
	rod->mass_kg_per_unit = 1000;
	receipt(&p, "ROD#C1", 25, "88.1/C24-1");
	receipt(&p, "ROD#C1", 5, "88.1/C24-1");
	receipt(&p, "ROD#C2", 7, "88.1/C24-2");
	assert_book(&p, "delivery:ROD#C1 :2\n  + main ROD#C1 25 t :2\n  + main ROD#C1 5 t :3\n"
	    "  - 88.1/C24-1 25 t :2\n  - 88.1/C24-1 5 t :3\n"
	    "delivery:ROD#C2 :4\n  + main ROD#C2 7 t :4\n  - 88.1/C24-2 7 t :4\n");
	assert_str("88.1/C24-1", product(&p, "ROD#C1")->id);
	assert_str("88.1/C24-1", product(&p, "88.1/C24-1")->id);
	assert_str("cn.rod", product(&p, "88.1/C24-1")->factor);
	assert_int_equal(product(&p, "88.1/C24-1")->owner, TJ_BOUGHT);
	assert_int_equal(product(&p, "88.1/C24-1")->unit, unit("t"));
	assert_int_equal(product(&p, "88.1/C24-1")->model, TJ_NONE);
	assert_true(product(&p, "88.1/C24-1")->mass_kg_per_unit == 1000);
	assert_int_equal(activity(&p, "delivery:ROD#C1")->stage, TJ_STAGE_RAW);
	plant_close(&p);
}

static void
a_plain_receipt_only_says_that_the_material_is_bought(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	receipt(&p, "LIME#B1", 25, "");
	order(&p, "O1", "A", "")->quantity = 1;
	move(&p, TJ_MOVE_INPUT, "O1", "LIME#B1", 2, "t");
	receipt(&p, "A", 1, "");
	assert_book(&p, "O1 :2\n  + main A 1 ? :2\n  - LIME#B1 2 t :3\n");
	assert_int_equal(product(&p, "LIME")->owner, TJ_BOUGHT);
	assert_int_equal(product(&p, "LIME#B1")->owner, TJ_BOUGHT);
	assert_int_equal(product(&p, "A")->owner, TJ_OWN);
	plant_close(&p);
}

static void
reversed_repeated_and_late_receipts_do_not_count(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	receipt(&p, "ROD#C1", 25, "s1");
	receipt(&p, "ROD#C1", -5, "");
	receipt(&p, "ROD#C2", 5, "s2");
	receipt(&p, "ROD#C2", -5, "s2");
	receipt(&p, "ROD#C3", 5, "s3")->date = day(8, 31);
	receipt(&p, "ROD#C4", 5, "s4")->document = TJ_S("1");
	receipt(&p, "ROD#C4", 5, "s4")->document = TJ_S("1");
	assert_book(&p, "delivery:ROD#C1 :1\n  + main ROD#C1 20 t :1\n  - s1 20 t :1\n"
	    "delivery:ROD#C4 :6\n  + main ROD#C4 5 t :6\n  - s4 5 t :6\n"
	    "REPEATED_ROW 1 :7\nOUTSIDE_PERIOD plant.csv :5\n");
	plant_close(&p);
}

static void
legs_of_a_batch_go_into_its_delivery(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	receipt(&p, "ROD#C1", 25, "s1");
	receipt(&p, "ROD#C2", 25, "");
	receipt(&p, "ROD#C3", 25, "");
	leg(&p, "ROD", "C1", "ship", 25000, 1200);
	leg(&p, "ROD", "C2", "lorry", 25000, 80);
	leg(&p, "ROD", "C2", "lorry", 25000, 20)->date = day(10, 1);
	leg(&p, "ROD", "C2", "", 25000, 20);
	leg(&p, "ROD", "C2", "lorry", NAN, 20);
	assert_book(&p, "delivery:ROD#C1 :1\n  + main ROD#C1 25 t :1\n  - s1 25 t :1\n"
	    "  - ship 30000 t.km :4\ndelivery:ROD#C2 :2\n  + main ROD#C2 25 t :2\n"
	    "  - bought:ROD 25 t :2\n  - lorry 2000 t.km :5\n"
	    "BAD_ROW ROD :7\nBAD_ROW ROD :8\nOUTSIDE_PERIOD plant.csv :6\n");
	assert_str("ROD", product(&p, "bought:ROD")->factor);
	assert_str("ROD", product(&p, "bought:ROD")->id);
	assert_int_equal(product(&p, "bought:ROD")->owner, TJ_BOUGHT);
	assert_int_equal(p.book.inputs.v[2].stage, TJ_STAGE_RAW);
	plant_close(&p);
}

static void
legs_of_every_batch_are_spread_by_mass(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	receipt(&p, "ROD#C1", 30, "s1");
	receipt(&p, "ROD#C2", 10, "");
	leg(&p, "ROD", "", "lorry", 25000, 100);
	leg(&p, "ROD", "", "lorry", 15000, 200);
	assert_book(&p, "delivery:ROD#C1 :1\n  + main ROD#C1 30 t :1\n  - s1 30 t :1\n"
	    "  - service:legs:ROD 30000 kg :1\n"
	    "delivery:ROD#C2 :2\n  + main ROD#C2 10 t :2\n  - bought:ROD 10 t :2\n"
	    "  - service:legs:ROD 10000 kg :2\n"
	    "legs:ROD :3\n  + main service:legs:ROD 40000 kg :3\n"
	    "  - lorry 2500 t.km :3\n  - lorry 3000 t.km :4\n");
	assert_int_equal(activity(&p, "legs:ROD")->stage, TJ_STAGE_RAW);
	plant_close(&p);
}

static void
legs_go_straight_into_the_only_delivery(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	receipt(&p, "ROD", 30, "s1");
	receipt(&p, "ROD", 10, "s2");
	leg(&p, "ROD", "", "lorry", 40000, 100)->document = TJ_S("L1");
	leg(&p, "ROD", "", "lorry", 40000, 100)->document = TJ_S("L1");
	leg(&p, "ROD", "", "lorry", 40000, 101)->document = TJ_S("L1");
	assert_book(&p, "delivery:ROD :1\n  + main ROD 30 t :1\n  + main ROD 10 t :2\n"
	    "  - s1 30 t :1\n  - s2 10 t :2\n  - lorry 4000 t.km :3\n"
	    "REPEATED_ROW L1 :4\nDUPLICATE L1 :5\n");
	plant_close(&p);
}

static void
legs_alone_make_a_delivery_of_what_they_carried(void **state)
{
	struct tj_material *gas;
	struct plant p;

	(void)state;
	plant_open(&p);
	gas = material(&p, "GAS", "Nm3");
	material(&p, "ORE", "t")->id = TJ_S("ore-of-supplier");
	leg(&p, "ORE", "", "lorry", 25000, 10);
	leg(&p, "ORE", "", "ship", 60000, 9000);
	leg(&p, "ORE", "", "lorry", 35000, 10);
	leg(&p, "GAS", "", "lorry", 1000, 10);
	assert_book(&p, "delivery:ORE :3\n  + main ORE 60000 kg :3\n"
	    "  - bought:ORE 60000 kg :3\n"
	    "  - lorry 250 t.km :3\n  - lorry 350 t.km :5\n  - ship 540000 t.km :4\n"
	    "NO_MASS GAS :6\nUNASSIGNED GAS :6\n");
	assert_str("ore-of-supplier", product(&p, "bought:ORE")->id);
	assert_int_equal(gas->unit, unit("Nm3"));
	plant_close(&p);
}

static void
legs_of_what_is_made_here_are_left_out(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	order(&p, "O1", "A", "")->quantity = 1;
	leg(&p, "A", "", "lorry", 25000, 10);
	assert_book(&p, "O1 :1\n  + main A 1 ? :1\nUNASSIGNED A :2\n");
	plant_close(&p);
}

/* A bit of everything, the n-th time. */
static void
fill(struct plant *p, int n)
{
	const char *heat = tj_str_fmt(p->arena, "H%d", n).p;
	const char *ore = tj_str_fmt(p->arena, "ORE#S%d", n).p;
	const char *sand = tj_str_fmt(p->arena, "SAND%d", n).p;

	order(p, heat, "STEEL", heat)->work_centre = tj_str_of(n % 2 == 0 ? "BOF" : "EAF");
	move(p, TJ_MOVE_OUTPUT, heat, "", 50, "t");
	move(p, TJ_MOVE_INPUT, heat, ore, 80, "t")->document = tj_str_of(heat);
	move(p, TJ_MOVE_INPUT, heat, ore, -81, "t");
	move(p, TJ_MOVE_INPUT, sand, ore, -90, "t");
	receipt(p, ore, 100, ore);
	bom(p, "STEEL", "LIME", 1, 1);
	bom(p, sand, "STONE", 2, 1);
	reading(p, "BOF", "power", 8, "MWh", day(8, 15), day(9, 30));
	reading(p, sand, "power", 8, "MWh", day(8, 15), day(9, 30));
	stack(p, "EAF", "CO2", 5);
	leg(p, "ORE", "", "lorry", 1000, 10);
	leg(p, sand, "", "lorry", 1000, 10);
}

static enum tj_rc
assemble(struct tj_arena *arena, const struct plant *p)
{
	struct tj_ledger ledger = p->ledger;
	struct tj_findings findings;
	struct tj_book book;

	if (arena == NULL)
		return TJ_E_NOMEM;
	tj_book_init(&book, arena);
	tj_findings_init(&findings, arena);
	ledger.files = &book.files;
	if (tj_names_add(&book.files, TJ_S("plant.csv")) == TJ_NONE)
		return TJ_E_NOMEM;
	return tj_assemble(&book, &ledger, &p->told, &findings, NULL);
}

static enum tj_rc
assemble_afresh(const struct plant *p)
{
	struct tj_arena *arena = tj_arena_new((size_t)1 << 30);
	const enum tj_rc rc = assemble(arena, p);

	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct tj_id_pattern pattern = { { NULL, 0 }, TJ_S("88.1/{material}/{batch}") };
	struct plant p;

	(void)state;
	plant_open(&p);
	p.told.patterns = &pattern;
	p.told.pattern_count = 1;
	material(&p, "STEEL", "t");
	for (int i = 0; i < 400; i++)
		fill(&p, i);
	OOM_LOOP(assemble_afresh(&p));
	plant_close(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_receipt_with_a_suppliers_identifier_is_a_delivery),
		test(a_plain_receipt_only_says_that_the_material_is_bought),
		test(reversed_repeated_and_late_receipts_do_not_count),
		test(legs_of_a_batch_go_into_its_delivery),
		test(legs_of_every_batch_are_spread_by_mass),
		test(legs_go_straight_into_the_only_delivery),
		test(legs_alone_make_a_delivery_of_what_they_carried),
		test(legs_of_what_is_made_here_are_left_out),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
