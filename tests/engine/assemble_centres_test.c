#include "tests/engine/plant.h"

/* engine/assemble.h, "Work centres". */

static struct tj_order *
heat(struct plant *p, const char *key, double quantity, const char *in)
{
	struct tj_order *made = order(p, key, "STEEL", key);

	made->work_centre = TJ_S("BOF");
	made->quantity = quantity;
	made->unit = unit(in);
	return made;
}

static void
what_a_work_centre_used_is_shared_by_throughput(void **state)
{
	struct tj_process process = { .work_centre = TJ_S("BOF"), .name = TJ_S("converter"),
	    .site = TJ_S("North"), .stage = TJ_STAGE_RAW, .carbon_balance = true };
	struct plant p;

	(void)state;
	plant_open(&p);
	p.told.processes = &process;
	p.told.process_count = 1;
	heat(&p, "H1", 60, "t");
	heat(&p, "H2", 20000, "kg");
	reading(&p, "BOF", "power", 8, "MWh", day(9, 1), day(9, 30));
	stack(&p, "BOF", "CO2", 500);
	assert_book(&p, "H1 :1\n  + main STEEL#H1 60 t :1\n  - service:BOF@2026-09 60000 kg :1\n"
	    "H2 :2\n  + main STEEL#H2 20000 kg :2\n  - service:BOF@2026-09 20000 kg :2\n"
	    "BOF@2026-09 :3\n  + main service:BOF@2026-09 80000 kg :3\n"
	    "  - power 8 MWh :3\n  ^ CO2 500 kg :4\n");
	assert_str("converter", activity(&p, "BOF@2026-09")->name);
	assert_str("North", activity(&p, "BOF@2026-09")->site);
	assert_int_equal(activity(&p, "BOF@2026-09")->stage, TJ_STAGE_RAW);
	assert_true(activity(&p, "BOF@2026-09")->carbon_balance);
	assert_int_equal(activity(&p, "BOF@2026-09")->start, day(9, 1));
	assert_int_equal(activity(&p, "BOF@2026-09")->end, day(9, 30));
	assert_int_equal(p.book.inputs.v[0].stage, TJ_STAGE_RAW);
	assert_true(product(&p, "service:BOF@2026-09")->mass_kg_per_unit == 0);
	plant_close(&p);
}

static void
shares_of_many_orders_add_up_to_the_whole(void **state)
{
	uint64_t seed = 7;
	double used = 0;
	struct plant p;

	(void)state;
	plant_open(&p);
	for (int i = 0; i < 500; i++)
		heat(&p, tj_str_fmt(p.arena, "H%d", i).p, 1 + tj_test_uniform(&seed), "t");
	reading(&p, "BOF", "power", 8, "MWh", day(9, 1), day(9, 30));
	assert_ok(tj_assemble(&p.book, &p.ledger, &p.told, &p.findings, &p.err), &p.err);
	for (size_t i = 0; i < p.book.inputs.n; i++)
		if (tj_str_starts(p.book.products.v[p.book.inputs.v[i].product].key,
		    TJ_S("service:")))
			used += p.book.inputs.v[i].amount;
	assert_true(fabs(used / p.book.outputs.v[500].amount - 1) < 1e-15);
	plant_close(&p);
}

static void
pieces_are_counted_where_a_mass_is_not_known(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	material(&p, "STEEL", "piece");
	heat(&p, "H1", 2, "piece");
	heat(&p, "H2", 1, "dozen");
	reading(&p, "BOF", "power", 8, "MWh", day(9, 1), day(9, 30));
	assert_book(&p, "H1 :2\n  + main STEEL#H1 2 piece :2\n"
	    "  - service:BOF@2026-09 2 piece :2\n"
	    "H2 :3\n  + main STEEL#H2 1 dozen :3\n  - service:BOF@2026-09 12 piece :3\n"
	    "BOF@2026-09 :4\n  + main service:BOF@2026-09 14 piece :4\n"
	    "  - power 8 MWh :4\n");
	plant_close(&p);
}

static void
what_cannot_be_counted_with_the_others_takes_no_part(void **state)
{
	struct tj_order *made;
	struct plant p;

	(void)state;
	plant_open(&p);
	heat(&p, "H1", 2, "t");
	made = order(&p, "H2", "CAP", "");
	made->work_centre = TJ_S("BOF");
	made->quantity = 5;
	made->unit = unit("piece");
	reading(&p, "BOF", "power", 8, "MWh", day(9, 1), day(9, 30));
	assert_book(&p, "H1 :1\n  + main STEEL#H1 2 t :1\n"
	    "  - service:BOF@2026-09 2000 kg :1\nH2 :2\n  + main CAP 5 piece :2\n"
	    "BOF@2026-09 :3\n  + main service:BOF@2026-09 2000 kg :3\n"
	    "  - power 8 MWh :3\nNO_MASS CAP :2\n");
	plant_close(&p);
}

static void
a_reading_over_the_edge_of_the_period_counts_by_days(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	heat(&p, "H1", 2, "t");
	reading(&p, "BOF", "power", 31, "MWh", day(8, 31), day(9, 30));
	reading(&p, "BOF", "gas", 20, "GJ", day(9, 16), day(10, 5));
	reading(&p, "BOF", "steam", 3, "GJ", TJ_DATE_NONE, day(9, 16))->estimated = true;
	reading(&p, "BOF", "steam", 4, "GJ", TJ_DATE_NONE, TJ_DATE_NONE);
	assert_book(&p, "H1 :1\n  + main STEEL#H1 2 t :1\n"
	    "  - service:BOF@2026-09 2000 kg :1\n"
	    "BOF@2026-09 :2\n  + main service:BOF@2026-09 2000 kg :2\n"
	    "  - power 30 MWh :2 secondary\n  - gas 15 GJ :3 secondary\n"
	    "  - steam 3 GJ :4 secondary\n  - steam 4 GJ :5\n");
	plant_close(&p);
}

static void
a_reading_over_two_months_goes_to_the_orders_of_each(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	p.told.end = day(10, 31);
	heat(&p, "H1", 2, "t");
	heat(&p, "H2", 4, "t")->end = day(10, 2);
	reading(&p, "BOF", "power", 10, "MWh", day(9, 27), day(10, 6));
	assert_book(&p, "H1 :1\n  + main STEEL#H1 2 t :1\n"
	    "  - service:BOF@2026-09 2000 kg :1\n"
	    "H2 :2\n  + main STEEL#H2 4 t :2\n  - service:BOF@2026-10 4000 kg :2\n"
	    "BOF@2026-09 :3\n  + main service:BOF@2026-09 2000 kg :3\n"
	    "  - power 4 MWh :3 secondary\n"
	    "BOF@2026-10 :3\n  + main service:BOF@2026-10 4000 kg :3\n"
	    "  - power 6 MWh :3 secondary\n");
	plant_close(&p);
}

static void
late_readings_and_those_of_idle_work_centres_are_left_out(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	heat(&p, "H1", 2, "t");
	reading(&p, "BOF", "power", 31, "MWh", day(10, 1), day(10, 31));
	reading(&p, "BOF", "power", 31, "MWh", day(8, 1), day(8, 31));
	reading(&p, "EAF", "power", 1, "MWh", day(9, 1), day(9, 30));
	reading(&p, "EAF", "gas", 1, "GJ", day(9, 1), day(9, 30));
	stack(&p, "", "CO2", 5);
	reading(&p, "BOF", "power", 1, "MWh", day(9, 2), day(9, 1));
	reading(&p, "BOF", "", 1, "MWh", day(9, 1), day(9, 30));
	stack(&p, "BOF", "", 5);
	assert_book(&p, "H1 :1\n  + main STEEL#H1 2 t :1\n"
	    "LATE_READING BOF :2\nLATE_READING BOF :3\nBAD_ROW BOF :7\nBAD_ROW  :8\n"
	    "BAD_ROW  :9\nUNASSIGNED EAF@2026-09 :4\nUNASSIGNED @2026-09 :6\n");
	assert_str("2026-10-01 to 2026-10-31", p.findings.list.v[0].text);
	assert_str("2 rows that no order of the period used", p.findings.list.v[5].text);
	plant_close(&p);
}

static void
what_names_its_order_goes_there_whole(void **state)
{
	struct tj_reading *power;
	struct plant p;

	(void)state;
	plant_open(&p);
	heat(&p, "H1", 2, "t");
	heat(&p, "H2", 2, "t")->end = day(10, 2);
	heat(&p, "H3", NAN, "t");
	power = reading(&p, "BOF", "power", 31, "MWh", day(8, 30), day(9, 2));
	power->order = TJ_S("H1");
	power->estimated = true;
	reading(&p, "BOF", "power", 32, "MWh", day(9, 1), day(9, 2))->order = TJ_S("H2");
	reading(&p, "BOF", "power", 33, "MWh", day(9, 1), day(9, 2))->order = TJ_S("H3");
	reading(&p, "BOF", "power", 34, "MWh", day(9, 1), day(9, 2))->order = TJ_S("H4");
	stack(&p, "BOF", "CO2", 6)->order = TJ_S("H1");
	assert_book(&p, "H1 :1\n  + main STEEL#H1 2 t :1\n  - power 31 MWh :4 secondary\n"
	    "  ^ CO2 6 kg :8\nNO_OUTPUT H3 :3\nOUTSIDE_PERIOD plant.csv :2\n"
	    "NO_ORDER H4 :7\n");
	assert_int_equal(p.book.inputs.v[0].stage, TJ_STAGE_MANUFACTURING);
	plant_close(&p);
}

static void
readings_and_emissions_that_repeat_count_once(void **state)
{
	struct plant p;

	(void)state;
	plant_open(&p);
	heat(&p, "H1", 2, "t");
	for (int i = 0; i < 3; i++)
		reading(&p, "BOF", "power", i == 2 ? 9 : 8, "MWh", day(9, 1),
		    day(9, 30))->document = TJ_S("R1");
	for (int i = 0; i < 3; i++)
		stack(&p, "BOF", "CO2", i == 2 ? 9 : 8)->document = TJ_S("R1");
	assert_book(&p, "H1 :1\n  + main STEEL#H1 2 t :1\n"
	    "  - service:BOF@2026-09 2000 kg :1\n"
	    "BOF@2026-09 :2\n  + main service:BOF@2026-09 2000 kg :2\n"
	    "  - power 8 MWh :2\n  ^ CO2 8 kg :5\n"
	    "REPEATED_ROW R1 :3\nDUPLICATE R1 :4\nREPEATED_ROW R1 :6\nDUPLICATE R1 :7\n");
	plant_close(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_a_work_centre_used_is_shared_by_throughput),
		test(shares_of_many_orders_add_up_to_the_whole),
		test(pieces_are_counted_where_a_mass_is_not_known),
		test(what_cannot_be_counted_with_the_others_takes_no_part),
		test(a_reading_over_the_edge_of_the_period_counts_by_days),
		test(a_reading_over_two_months_goes_to_the_orders_of_each),
		test(late_readings_and_those_of_idle_work_centres_are_left_out),
		test(what_names_its_order_goes_there_whole),
		test(readings_and_emissions_that_repeat_count_once),
	};

	return RUN(tests);
}
