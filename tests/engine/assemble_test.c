#include "tests/engine/plant.h"

/* engine/assemble.h, sentence by sentence: products, orders, rows, bills, period. */

static void
a_material_is_a_product_and_its_batch_inherits(void **state)
{
	struct tj_id_pattern pattern = { { NULL, 0 }, TJ_S("88.1/{id}/{material}/{batch}") };
	struct tj_material *rod;
	struct plant p;

	(void)state;
	plant_open(&p);
	rod = material(&p, "00012", "t");
	rod->name = TJ_S("wire rod");
	rod->id = TJ_S("rod");
	rod->factor = TJ_S("cn.rod");
	rod->mass_kg_per_unit = 1000;
	rod->carbon_kg_per_kg = 0.007;
	rod->class = TJ_CLASS_SCRAP;
	p.told.patterns = &pattern;
	p.told.pattern_count = 1;
	order(&p, "O1", "00012", "C7")->quantity = 2;
	assert_book(&p, "O1 :2\n  + main 00012#C7 2 t :2\n");
	assert_str("88.1/rod/00012/C7", product(&p, "00012#C7")->id);
	assert_str("wire rod", product(&p, "00012#C7")->name);
	assert_str("cn.rod", product(&p, "00012#C7")->factor);
	assert_int_equal(product(&p, "00012#C7")->unit, unit("t"));
	assert_true(product(&p, "00012#C7")->mass_kg_per_unit == 1000);
	assert_true(product(&p, "00012#C7")->carbon_kg_per_kg == 0.007);
	assert_int_equal(product(&p, "00012#C7")->class, TJ_CLASS_SCRAP);
	assert_int_equal(product(&p, "00012#C7")->granularity, TJ_BATCH);
	assert_ptr_equal(&p.book.products.v[product(&p, "00012#C7")->model],
	    product(&p, "00012"));
	plant_close(&p);
}

static void
a_serialised_material_has_items_and_the_first_pattern_that_fits_names_them(void **state)
{
	struct tj_id_pattern patterns[] = {
		{ TJ_S("RUBBER"), TJ_S("x/{batch}") },
		{ TJ_S("TYRE"), TJ_S("01/{id}/21/{batch}/{other}") },
		{ { NULL, 0 }, TJ_S("all/{batch}") },
	};
	struct plant p;

	(void)state;
	plant_open(&p);
	material(&p, "TYRE", "piece")->serialised = true;
	p.ledger.materials.v[0].id = TJ_S("0952");
	material(&p, "CORD", "kg")->owner = TJ_BOUGHT;
	p.told.patterns = patterns;
	p.told.pattern_count = 3;
	order(&p, "O1", "TYRE", "S1")->quantity = 1;
	move(&p, TJ_MOVE_INPUT, "O1", "CORD#L1", 1.5, "kg");
	move(&p, TJ_MOVE_INPUT, "O1", "CAP#L2", 1, "piece");
	assert_book(&p, "O1 :3\n  + main TYRE#S1 1 piece :3\n"
	    "  - CORD#L1 1.5 kg :4\n  - CAP#L2 1 piece :5\n");
	assert_int_equal(product(&p, "TYRE#S1")->granularity, TJ_ITEM);
	assert_str("01/0952/21/S1/{other}", product(&p, "TYRE#S1")->id);
	assert_str("", product(&p, "CORD#L1")->id);
	assert_str("all/L2", product(&p, "CAP#L2")->id);
	plant_close(&p);
}

static void
an_order_makes_what_was_booked_for_it_and_its_rows_keep_their_lines(void **state)
{
	struct tj_process process = { .work_centre = TJ_S("BOF"), .name = TJ_S("converter"),
	    .site = TJ_S("North"), .stage = TJ_STAGE_RAW, .allocation = TJ_SHARE_ENERGY,
	    .carbon_balance = true };
	struct plant p;

	(void)state;
	plant_open(&p);
	material(&p, "STEEL", "t")->price_per_unit = 3000;
	order(&p, "H1", "STEEL", "C1")->work_centre = TJ_S("BOF");
	p.ledger.orders.v[0].quantity = 70;
	p.told.processes = &process;
	p.told.process_count = 1;
	move(&p, TJ_MOVE_OUTPUT, "H1", "STEEL", 40, "t");
	move(&p, TJ_MOVE_INPUT, "H1", "IRON#B1", 90, "t");
	move(&p, TJ_MOVE_OUTPUT, "H1", "STEEL#C1", 20000, "kg");
	move(&p, TJ_MOVE_BYPRODUCT, "H1", "SLAG", 7, "t");
	move(&p, TJ_MOVE_WASTE, "H1", "DUST", 1, "t");
	move(&p, TJ_MOVE_OUTPUT, "H1", "STEEL#C2", 5, "t");
	move(&p, TJ_MOVE_INPUT, "H1", "IRON#B1", 10, "t");
	move(&p, TJ_MOVE_OTHER, "H1", "STEEL#C1", 60, "t");
	assert_book(&p, "H1 :2\n  + main STEEL#C1 40 t :3\n  + main STEEL#C1 20000 kg :5\n"
	    "  + co STEEL#C2 5 t :8\n  + co SLAG 7 t :6\n  + waste DUST 1 t :7\n"
	    "  - IRON#B1 90 t :4\n  - IRON#B1 10 t :9\n");
	assert_true(p.book.outputs.v[0].price_per_unit == 3000);
	assert_true(fabs(p.book.outputs.v[1].price_per_unit - 3) < 1e-12);
	assert_true(isnan(p.book.outputs.v[3].price_per_unit));
	assert_str("converter", activity(&p, "H1")->name);
	assert_str("North", activity(&p, "H1")->site);
	assert_int_equal(activity(&p, "H1")->stage, TJ_STAGE_RAW);
	assert_int_equal(activity(&p, "H1")->allocation, TJ_SHARE_ENERGY);
	assert_true(activity(&p, "H1")->carbon_balance);
	assert_int_equal(activity(&p, "H1")->end, day(9, 10));
	plant_close(&p);
}

static void
an_order_without_a_batch_makes_the_material_or_the_batch_that_was_booked(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	order(&p, "O1", "A", "");
	order(&p, "O2", "A", "");
	order(&p, "O3", "A", "X");
	order(&p, "O4", "A", "");
	move(&p, TJ_MOVE_OUTPUT, "O1", "A", 5, "kg");
	move(&p, TJ_MOVE_OUTPUT, "O2", "A#Z", 6, "kg");
	move(&p, TJ_MOVE_OUTPUT, "O2", "A#B", 7, "kg");
	move(&p, TJ_MOVE_OUTPUT, "O3", "A#Y", 8, "kg");
	move(&p, TJ_MOVE_OUTPUT, "O4", "", 9, "kg");
	assert_book(&p, "O1 :1\n  + main A 5 kg :5\n"
	    "O2 :2\n  + main A#Z 6 kg :6\n  + co A#B 7 kg :7\n"
	    "O3 :3\n  + main A#Y 8 kg :8\nO4 :4\n  + main A 9 kg :9\n");
	plant_close(&p);
}

static void
reversals_go_against_the_rows_before_them(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	material(&p, "ORE", "t");
	order(&p, "O1", "A", "")->quantity = 1;
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", 5, "t");
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", 3, "t");
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", -4000, "kg");
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", 2, "t");
	move(&p, TJ_MOVE_INPUT, "O1", "LIME", 0.1, "t");
	move(&p, TJ_MOVE_INPUT, "O1", "LIME", 0.2, "t");
	move(&p, TJ_MOVE_INPUT, "O1", "LIME", -0.3, "t");
	assert_book(&p, "O1 :2\n  + main A 1 ? :2\n"
	    "  - ORE 4 t :3\n  - ORE 2 t :6\n");
	plant_close(&p);
}

static void
a_reversal_that_stands_first_is_subtracted_too(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	order(&p, "O1", "A", "")->quantity = 1;
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", -4, "t");
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", 3, "t");
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", 3, "t");
	assert_book(&p, "O1 :1\n  + main A 1 ? :1\n  - ORE 2 t :4\n");
	plant_close(&p);
}

static void
more_reversed_than_booked_counts_as_nothing(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	order(&p, "O1", "A", "")->quantity = 1;
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", 3, "t");
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", -5, "t");
	assert_book(&p, "O1 :1\n  + main A 1 ? :1\nNEGATIVE_STOCK O1 :3\n");
	assert_str("ORE: 2 t more reversed than booked",
	    finding(&p, TJ_RULE_NEGATIVE_STOCK).text);
	plant_close(&p);
}

static void
a_reversal_in_a_unit_of_another_dimension_is_an_error(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	material(&p, "CAP", "piece")->mass_kg_per_unit = 0.5;
	order(&p, "O1", "A", "")->quantity = 1;
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", 3, "t");
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", -1, "piece");
	move(&p, TJ_MOVE_INPUT, "O1", "CAP", 10, "piece");
	move(&p, TJ_MOVE_INPUT, "O1", "CAP", -2, "kg");
	assert_book(&p, "O1 :2\n  + main A 1 ? :2\n  - CAP 6 piece :5\n"
	    "  - ORE 3 t :3\nWRONG_DIMENSION ORE :4\n");
	plant_close(&p);
}

static void
an_order_that_made_nothing_is_left_out(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	order(&p, "O1", "A", "B");
	p.ledger.orders.v[0].quantity = 5;
	order(&p, "O2", "A", "B2");
	move(&p, TJ_MOVE_OUTPUT, "O1", "A", 5, "kg");
	move(&p, TJ_MOVE_OUTPUT, "O1", "A", -5, "kg");
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", 5, "kg");
	assert_book(&p, "NO_OUTPUT O1 :1\nNO_OUTPUT O2 :2\n");
	plant_close(&p);
}

static void
the_same_row_twice_counts_once_and_other_data_is_an_error(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	order(&p, "O1", "A", "")->quantity = 1;
	order(&p, "O1", "A", "")->quantity = 1;
	order(&p, "O1", "A", "")->quantity = 2;
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", 3, "t")->document = TJ_S("490/1");
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", 3, "t")->document = TJ_S("490/1");
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", 4, "t")->document = TJ_S("490/1");
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", 3, "t");
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", 3, "t");
	assert_book(&p, "O1 :1\n  + main A 1 ? :1\n"
	    "  - ORE 3 t :4\n  - ORE 3 t :7\n  - ORE 3 t :8\n"
	    "REPEATED_ROW O1 :2\nDUPLICATE O1 :3\n"
	    "REPEATED_ROW 490/1 :5\nDUPLICATE 490/1 :6\n");
	assert_rc(TJ_E_DATA, tj_findings_check(&p.findings, NULL), NULL);
	assert_str("differs from plant.csv:4", p.findings.list.v[3].text);
	plant_close(&p);
}

static void
the_same_material_twice_counts_once_and_other_data_is_an_error(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	material(&p, "A", "kg");
	material(&p, "A", "kg");
	material(&p, "A", "t");
	material(&p, "", "t");
	assert_book(&p, "REPEATED_ROW A :2\nDUPLICATE A :3\nBAD_ROW  :4\n");
	plant_close(&p);
}

static void
a_component_that_nobody_booked_comes_in_as_planned(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	material(&p, "TYRE", "piece")->mass_kg_per_unit = 10;
	order(&p, "O1", "TYRE", "S1");
	move(&p, TJ_MOVE_OUTPUT, "O1", "", 2, "piece");
	move(&p, TJ_MOVE_INPUT, "O1", "CORD#L1", 1.1, "kg");
	bom(&p, "TYRE", "CORD", 500, 1000)->unit = unit("kg");
	bom(&p, "TYRE", "RUBBER", 8000, 1000)->unit = unit("kg");
	p.ledger.bom.v[1].scrap_percent = 5;
	bom(&p, "TYRE", "BEAD", 100, 1)->unit = unit("kg");
	p.ledger.bom.v[2].base_unit = unit("t");
	bom(&p, "TYRE", "OLD", 1, 1)->valid_to = day(9, 9);
	bom(&p, "TYRE", "NEW", 1, 1)->valid_from = day(9, 11);
	bom(&p, "TYRE", "FLASH", 0.3, NAN)->byproduct = true;
	bom(&p, "TYRE", "TRIM", -0.2, 1);
	bom(&p, "TYRE", "", 1, 1);
	bom(&p, "TYRE", "LABEL", 1, 0);
	assert_book(&p, "O1 :2\n  + main TYRE#S1 2 piece :3\n"
	    "  + co FLASH 0.6 ? :10\n  + co TRIM 0.4 ? :11\n"
	    "  - CORD#L1 1.1 kg :4\n"
	    "  - RUBBER 16.8 kg :6 secondary\n  - BEAD 2 kg :7 secondary\n"
	    "BAD_ROW TYRE :12\nBAD_ROW TYRE :13\nPLANNED O1 :2\n");
	assert_str("4 lines of the bill", finding(&p, TJ_RULE_PLANNED).text);
	plant_close(&p);
}

static void
a_component_that_was_booked_and_reversed_is_not_planned(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	order(&p, "O1", "A", "")->quantity = 2;
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", 1, "kg");
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", -1, "kg");
	bom(&p, "A", "ORE", 1, 1);
	assert_book(&p, "O1 :1\n  + main A 2 ? :1\n");
	plant_close(&p);
}

static void
a_bill_without_an_order_is_an_activity(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	material(&p, "MIX", "kg");
	material(&p, "CORD", "kg")->owner = TJ_BOUGHT;
	bom(&p, "MIX", "OLD", 1, 50)->valid_to = day(9, 29);
	bom(&p, "MIX", "RUBBER", 60, 100)->unit = unit("kg");
	bom(&p, "MIX", "BLACK", 20, 50)->unit = unit("kg");
	bom(&p, "CORD", "ROD", 1, 1);
	order(&p, "O1", "CORD", "")->end = day(10, 1);
	assert_book(&p, "bom:MIX :4\n  + main MIX 100 kg :4\n"
	    "  - RUBBER 60 kg :4 secondary\n  - BLACK 40 kg :5 secondary\n"
	    "PLANNED bom:MIX :4\nOUTSIDE_PERIOD plant.csv :7\n");
	plant_close(&p);
}

static void
what_is_outside_the_period_is_left_out_and_counted_by_file(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	assert_int_equal(tj_names_add(&p.book.files, TJ_S("moves.csv")), 1);
	order(&p, "O1", "A", "")->quantity = 1;
	p.ledger.orders.v[0].end = day(9, 30);
	order(&p, "O2", "A", "")->end = day(8, 31);
	order(&p, "O3", "A", "")->end = day(10, 1);
	order(&p, "O4", "A", "")->end = TJ_DATE_NONE;
	p.ledger.orders.v[3].start = day(9, 1);
	p.ledger.orders.v[3].quantity = 4;
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", 1, "kg")->date = day(9, 1);
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", 2, "kg")->date = day(8, 31);
	move(&p, TJ_MOVE_INPUT, "O2", "ORE", 3, "kg");
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", 4, "kg")->date = TJ_DATE_NONE;
	move(&p, TJ_MOVE_INPUT, "O9", "ORE", 5, "kg")->date = day(8, 31);
	for (size_t i = 0; i < 5; i++)
		p.ledger.movements.v[i].src.file = 1;
	assert_book(&p, "O1 :1\n  + main A 1 ? :1\n  - ORE 1 kg :5\n  - ORE 2 kg :6\n"
	    "  - ORE 4 kg :8\nO4 :4\n  + main A 4 ? :4\n"
	    "OUTSIDE_PERIOD plant.csv :2\nOUTSIDE_PERIOD moves.csv :7\n");
	assert_str("2 rows dated outside the period", p.findings.list.v[0].text);
	plant_close(&p);
}

static void
rows_of_an_order_that_is_not_there_are_left_out(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	move(&p, TJ_MOVE_INPUT, "O9", "ORE", 1, "kg");
	move(&p, TJ_MOVE_INPUT, "O9", "LIME", 1, "kg");
	move(&p, TJ_MOVE_INPUT, "", "ORE", 1, "kg");
	order(&p, "", "A", "");
	order(&p, "O1", "A", "")->quantity = 1;
	move(&p, TJ_MOVE_INPUT, "O1", "", 1, "kg");
	move(&p, TJ_MOVE_INPUT, "O1", "ORE", NAN, "kg");
	assert_book(&p, "O1 :5\n  + main A 1 ? :5\nBAD_ROW  :4\nBAD_ROW  :6\n"
	    "BAD_ROW ORE :7\nNO_ORDER O9 :1\nNO_ORDER  :3\n");
	assert_str("2 rows for an order that no file names", p.findings.list.v[3].text);
	plant_close(&p);
}

static void
what_the_book_has_already_is_not_described_again(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	assert_int_equal(tj_book_product(&p.book, TJ_S("A")), 0);
	p.book.products.v[0].src = next_line(&p);
	assert_int_equal(tj_book_activity(&p.book, TJ_S("O1")), 0);
	p.book.activities.v[0].src = next_line(&p);
	material(&p, "A", "kg");
	order(&p, "O1", "A", "")->quantity = 1;
	assert_book(&p, "O1 :2\nDUPLICATE A :3\nDUPLICATE O1 :4\n");
	plant_close(&p);
}

/* Quantities in quarters: sums of them are exact. */
static void
whatever_is_reversed_the_sums_are_right(void **state)
{
	static const char *const what[] = { "ORE", "LIME", "COKE#1", "COKE#2" };
	double booked[2][4] = { { 0 } }, sums[2][4] = { { 0 } }, quantity;
	uint64_t seed = 20260930;
	struct plant p;
	size_t i, j;

	(void)state;
	plant_open(&p);
	order(&p, "0", "A", "")->quantity = 1;
	order(&p, "1", "A", "")->quantity = 1;
	for (int n = 0; n < 20000; n++) {
		i = tj_test_random(&seed) % 2;
		j = tj_test_random(&seed) % 4;
		quantity = 0.25 * ((double)(tj_test_random(&seed) % 400) - 200);
		booked[i][j] += quantity;
		move(&p, TJ_MOVE_INPUT, i == 0 ? "0" : "1", what[j], quantity, "t");
	}
	assert_ok(tj_assemble(&p.book, &p.ledger, &p.told, &p.findings, &p.err), &p.err);
	for (size_t n = 0; n < p.book.inputs.n; n++)
		for (j = 0; j < 4; j++)
			if (product(&p, what[j]) ==
			    &p.book.products.v[p.book.inputs.v[n].product])
				sums[p.book.inputs.v[n].activity][j] +=
				    p.book.inputs.v[n].amount;
	for (i = 0; i < 2; i++)
		for (j = 0; j < 4; j++)
			assert_true(sums[i][j] == (booked[i][j] > 0 ? booked[i][j] : 0));
	plant_close(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_material_is_a_product_and_its_batch_inherits),
		test(a_serialised_material_has_items_and_the_first_pattern_that_fits_names_them),
		test(an_order_makes_what_was_booked_for_it_and_its_rows_keep_their_lines),
		test(an_order_without_a_batch_makes_the_material_or_the_batch_that_was_booked),
		test(reversals_go_against_the_rows_before_them),
		test(a_reversal_that_stands_first_is_subtracted_too),
		test(more_reversed_than_booked_counts_as_nothing),
		test(a_reversal_in_a_unit_of_another_dimension_is_an_error),
		test(an_order_that_made_nothing_is_left_out),
		test(the_same_row_twice_counts_once_and_other_data_is_an_error),
		test(the_same_material_twice_counts_once_and_other_data_is_an_error),
		test(a_component_that_nobody_booked_comes_in_as_planned),
		test(a_component_that_was_booked_and_reversed_is_not_planned),
		test(a_bill_without_an_order_is_an_activity),
		test(what_is_outside_the_period_is_left_out_and_counted_by_file),
		test(rows_of_an_order_that_is_not_there_are_left_out),
		test(what_the_book_has_already_is_not_described_again),
		test(whatever_is_reversed_the_sums_are_right),
	};

	return RUN(tests);
}
