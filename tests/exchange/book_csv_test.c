#include <math.h>

#include "exchange/book_csv.h"
#include "tests/support/support.h"

struct fixture {
	struct tj_arena		*arena;
	struct tj_book		 book;
	struct tj_findings	 findings;
	struct tj_err		 err;
};

static void
setup(struct fixture *f)
{
	*f = (struct fixture){ .arena = tj_arena_new((size_t)1 << 28) };
	assert_non_null(f->arena);
	tj_book_init(&f->book, f->arena);
	tj_findings_init(&f->findings, f->arena);
}

static enum tj_rc
take(struct fixture *f, enum tj_table table, const char *text)
{
	f->findings.list.n = 0;
	return tj_book_read_table(&f->book, table, TJ_S("t.csv"), tj_str_of(text),
	    NULL, &f->findings, f->arena, &f->err);
}

/* The file is refused with one error of this rule at this place. */
static void
refuses(struct fixture *f, enum tj_table table, const char *text, enum tj_rule rule,
    uint32_t line, uint32_t column)
{
	const struct tj_finding *finding;

	assert_rc(TJ_E_DATA, take(f, table, text), &f->err);
	assert_int_equal(f->findings.list.n, 1);
	finding = &f->findings.list.v[0];
	if (finding->rule != rule || finding->place.line != line ||
	    finding->place.column != column)
		fail_msg("%s: %s at %u:%u: %.*s", text, tj_rule_key(finding->rule),
		    finding->place.line, finding->place.column, TJ_FMT(finding->text));
	assert_str("t.csv", finding->place.file);
}

static void
a_whole_book_is_read(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	assert_ok(take(&f, TJ_TABLE_products,
	    "product,unit,name,mass_kg_per_unit,granularity,owner,id,model,factor,class,"
	    "carbon_kg_per_kg,energy_mj_per_unit,x-note\n"
	    "C24#1,t,Coil,,batch,own,88.101.0042/C24-1,C24,,,0.0007,,\n"
	    "C24,t,Coil,1000,,,,,,,,,anything\n"
	    "tyre,piece,\"Tyre, 195/65\",8.5,item,,,,,,,,\n"
	    "gas,Nm3,Gas,,,bought,,,cn.fuel.natgas,gas,,35,\n"), &f.err);
	assert_int_equal(f.book.products.n, 4);
	assert_int_equal(f.book.products.v[0].model, 1);
	assert_int_equal(f.book.products.v[0].granularity, TJ_BATCH);
	assert_str("88.101.0042/C24-1", f.book.products.v[0].id);
	assert_str("Tyre, 195/65", f.book.products.v[2].name);
	assert_int_equal(f.book.products.v[3].owner, TJ_BOUGHT);
	assert_int_equal(f.book.products.v[3].class, TJ_CLASS_GAS);
	assert_int_equal(f.book.products.v[1].src.line, 3);
	assert_ok(take(&f, TJ_TABLE_activities, "activity,stage,period_start,period_end,"
	    "allocation,carbon_balance\nheat1,raw,2026-09-01,20260930,mass,yes\nmill,,,,,\n"), &f.err);
	assert_int_equal(f.book.activities.v[0].stage, TJ_STAGE_RAW);
	assert_int_equal(f.book.activities.v[0].allocation, TJ_SHARE_MASS);
	assert_true(f.book.activities.v[0].carbon_balance);
	assert_int_equal(f.book.activities.v[1].stage, TJ_STAGE_MANUFACTURING);
	assert_int_equal(f.book.activities.v[1].start, TJ_DATE_NONE);
	assert_ok(take(&f, TJ_TABLE_outputs, "activity,product,amount,unit,role,price\n"
	    "mill,C24#1,20,t,,\nmill,slag,2,t,co,100\nmill,slag,0,t,co,100\n"), &f.err);
	assert_int_equal(f.book.outputs.n, 2);
	assert_int_equal(f.book.outputs.v[1].role, TJ_ROLE_CO);
	assert_true(isnan(f.book.outputs.v[0].price_per_unit));
	assert_ok(take(&f, TJ_TABLE_inputs, "activity,product,amount,unit,provider,stage,role\n"
	    "mill,iron,21.5,t,heat1,raw,\nmill,slag,-1,t,,,treat\nmill,gas,5,Nm3,,,use\n"), &f.err);
	assert_int_equal(f.book.inputs.v[0].provider, 0);
	assert_int_equal(f.book.inputs.v[0].stage, TJ_STAGE_RAW);
	assert_int_equal(f.book.inputs.v[1].stage, -1);
	assert_true(f.book.inputs.v[1].treat);
	assert_false(f.book.inputs.v[2].treat);
	assert_ok(take(&f, TJ_TABLE_emissions, "activity,flow,amount,unit,category\n"
	    "mill,co2,12.5,t,\nmill,CH4,1,kg,biogenic\nmill,noise,3,h,\n"), &f.err);
	assert_str("CO2", f.book.flows.list.v[f.book.emissions.v[0].flow]);
	assert_int_equal(f.book.emissions.v[0].category, -1);
	assert_int_equal(f.book.emissions.v[1].category, TJ_CAT_BIOGENIC);
	assert_ok(take(&f, TJ_TABLE_factors, "product,unit,flow,amount_kg_per_unit,region,year,"
	    "quality,dqr\ngrid,kWh,CO2e,0.5777,CN,2024,placeholder: test,pact3:2/1/3\n"), &f.err);
	assert_int_equal(f.book.factors.v[0].year, 2024);
	assert_str("placeholder: test", f.book.factors.v[0].quality);
	assert_int_equal(f.book.factors.v[0].dqr.scale, TJ_DQR_PACT3);
	assert_ok(take(&f, TJ_TABLE_gwp, "flow,kgco2e_per_kg\nCO2,1\nCH4,28\n"), &f.err);
	assert_int_equal(f.book.gwp.n, 2);
	assert_ok(take(&f, TJ_TABLE_allocation, "activity,product,share\nmill,C24#1,0.9\n"
	    "mill,slag,0.1\n"), &f.err);
	assert_int_equal(f.book.shares.v[1].product,
	    tj_names_find(&f.book.product_names, TJ_S("slag")));
	assert_str("t.csv:3", tj_book_place(&f.book, f.book.shares.v[1].src, f.arena));
	assert_int_equal(f.findings.counts[TJ_WARNING], 0);
	tj_arena_free(f.arena);
}

static void
one_bad_cell_refuses_the_file_and_leaves_the_book_alone(void **state)
{
	static const struct {
		enum tj_table	 table;
		const char	*text;
		enum tj_rule	 rule;
		uint32_t	 line, column;
	} cases[] = {
		{ TJ_TABLE_inputs, "activity,product,amount,unit\na,b,1,kg\na,b,x,kg\n",
		    TJ_RULE_BAD_CELL, 3, 3 },
		{ TJ_TABLE_inputs, "activity,product,amount,unit\na,b,nan,kg\n",
		    TJ_RULE_BAD_CELL, 2, 3 },
		{ TJ_TABLE_inputs, "activity,product,amount,unit\na,b,inf,kg\n",
		    TJ_RULE_BAD_CELL, 2, 3 },
		{ TJ_TABLE_inputs, "activity,product,amount,unit\na,b,1e300,kg\n",
		    TJ_RULE_BAD_CELL, 2, 3 },
		{ TJ_TABLE_inputs, "activity,product,amount,unit\na,b,,kg\n",
		    TJ_RULE_BAD_CELL, 2, 3 },
		{ TJ_TABLE_inputs, "activity,product,amount,unit\na,,1,kg\n",
		    TJ_RULE_BAD_CELL, 2, 2 },
		{ TJ_TABLE_inputs, "activity,product,amount,unit\na,b,1,parsec\n",
		    TJ_RULE_UNKNOWN_UNIT, 2, 4 },
		{ TJ_TABLE_inputs, "activity,product,amount,unit\na,power,1,kg\n",
		    TJ_RULE_WRONG_DIMENSION, 2, 4 },
		{ TJ_TABLE_inputs, "activity,product,amount,unit\na,b,1\n",
		    TJ_RULE_BAD_ROW, 2, 0 },
		{ TJ_TABLE_inputs, "activity,product,amount,unit\na,b,1,5,kg\n",
		    TJ_RULE_BAD_ROW, 2, 0 },
		{ TJ_TABLE_inputs, "activity,product,amount,unit,colour\na,b,1,kg,red\n",
		    TJ_RULE_UNKNOWN_COLUMN, 1, 5 },
		{ TJ_TABLE_inputs, "activity,product,amount\na,b,1\n",
		    TJ_RULE_MISSING_COLUMN, 1, 0 },
		{ TJ_TABLE_inputs, "activity,product,amount,unit,unit\na,b,1,kg,kg\n",
		    TJ_RULE_BAD_FILE, 1, 5 },
		{ TJ_TABLE_inputs, "activity,product,amount,unit,stage\na,b,1,kg,moon\n",
		    TJ_RULE_BAD_CELL, 2, 5 },
		{ TJ_TABLE_inputs, "activity,product,amount,unit,uncertainty_gsd2\na,b,1,kg,0.5\n",
		    TJ_RULE_BAD_CELL, 2, 5 },
		{ TJ_TABLE_inputs, "activity,product,amount,unit\na,b,1,kg\na,\"b,1,kg\n",
		    TJ_RULE_BAD_FILE, 3, 2 },
		{ TJ_TABLE_inputs, "activity,product,amount,unit\na,b\xff,1,kg\n",
		    TJ_RULE_BAD_FILE, 2, 0 },
		{ TJ_TABLE_inputs, "", TJ_RULE_BAD_FILE, 0, 0 },
		{ TJ_TABLE_outputs, "activity,product,amount,unit\na,b,0,kg\n",
		    TJ_RULE_BAD_CELL, 2, 3 },
		{ TJ_TABLE_outputs, "activity,product,amount,unit\na,tyre,5,kWh\n",
		    TJ_RULE_WRONG_DIMENSION, 2, 4 },
		{ TJ_TABLE_emissions, "activity,flow,amount,unit\na,CO2,5,kWh\n",
		    TJ_RULE_WRONG_DIMENSION, 2, 4 },
		{ TJ_TABLE_products, "product,unit\na,kg\na,t\n", TJ_RULE_DUPLICATE, 3, 1 },
		{ TJ_TABLE_products, "product,unit\npower,MJ\n", TJ_RULE_DUPLICATE, 2, 1 },
		{ TJ_TABLE_products, "product,unit,mass_kg_per_unit\na,t,1\n",
		    TJ_RULE_BAD_CELL, 2, 3 },
		{ TJ_TABLE_products, "product,unit,mass_kg_per_unit\na,piece,0\n",
		    TJ_RULE_BAD_CELL, 2, 3 },
		{ TJ_TABLE_products, "product,unit,model\na,piece,a\n", TJ_RULE_BAD_CELL, 2, 3 },
		{ TJ_TABLE_products, "product,unit,name\na,kg,\"two\nlines\"\n",
		    TJ_RULE_BAD_CELL, 2, 3 },
		{ TJ_TABLE_activities, "activity,site\na,x\na,y\n", TJ_RULE_DUPLICATE, 3, 1 },
		{ TJ_TABLE_activities, "activity,period_start,period_end\n"
		    "a,2026-09-30,2026-09-01\n", TJ_RULE_BAD_CELL, 2, 3 },
		{ TJ_TABLE_activities, "activity,period_start\na,2026-02-30\n",
		    TJ_RULE_BAD_CELL, 2, 2 },
		{ TJ_TABLE_factors, "product,unit,flow,amount_kg_per_unit,dqr\na,kg,CO2,1,pact3:9/1/1\n",
		    TJ_RULE_BAD_CELL, 2, 5 },
		{ TJ_TABLE_factors, "product,unit,flow,amount_kg_per_unit,year\na,kg,CO2,1,24\n",
		    TJ_RULE_BAD_CELL, 2, 5 },
		{ TJ_TABLE_gwp, "flow,kgco2e_per_kg\nCO2,1\nco2,2\n", TJ_RULE_DUPLICATE, 3, 1 },
		{ TJ_TABLE_allocation, "activity,product,share\na,b,1.5\n", TJ_RULE_BAD_CELL, 2, 3 },
	};
	struct fixture f;

	(void)state;
	setup(&f);
	assert_ok(take(&f, TJ_TABLE_products, "product,unit,mass_kg_per_unit\npower,kWh,\n"
	    "tyre,piece,8.5\n"), &f.err);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		refuses(&f, cases[i].table, cases[i].text, cases[i].rule, cases[i].line,
		    cases[i].column);
	assert_int_equal(f.book.products.n, 2);
	assert_int_equal(f.book.activities.n, 0);
	assert_int_equal(f.book.inputs.n + f.book.outputs.n + f.book.emissions.n, 0);
	assert_int_equal(f.book.files.list.n, 1);
	tj_arena_free(f.arena);
}

static void
all_errors_of_a_file_are_reported(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	assert_rc(TJ_E_DATA, take(&f, TJ_TABLE_inputs, "activity,product,amount,unit,x-a,b\n"
	    "a,b,1,kg,,\na,b,1;5,kg,,\n,b,1,kgg,,\na,b,1\na,\"b\n\n,"), &f.err);
	assert_int_equal(f.findings.list.n, 6);
	assert_int_equal(f.findings.list.v[0].rule, TJ_RULE_UNKNOWN_COLUMN);
	assert_int_equal(f.findings.list.v[1].place.line, 3);
	assert_str("amount", f.findings.list.v[1].place.field);
	assert_str("found \"1;5\", expected a number such as 1234.5",
	    f.findings.list.v[1].text);
	assert_int_equal(f.findings.list.v[5].rule, TJ_RULE_BAD_FILE);
	assert_string_equal(f.err.text, "6 errors in t.csv: nothing of it was taken");
	tj_arena_free(f.arena);
}

static void
the_same_row_twice_is_counted_once_and_said(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	assert_ok(take(&f, TJ_TABLE_products, "product,unit\na,kg\na,kg\n"), &f.err);
	assert_int_equal(f.findings.list.v[0].rule, TJ_RULE_REPEATED_ROW);
	assert_ok(take(&f, TJ_TABLE_products, "unit,product\nkg,a\n"), &f.err);
	assert_int_equal(f.findings.list.v[0].rule, TJ_RULE_REPEATED_ROW);
	assert_int_equal(f.book.products.n, 1);
	assert_int_equal(f.book.products.v[0].src.line, 2);
	tj_arena_free(f.arena);
}

static void
masses_of_pieces_and_negative_amounts_are_taken(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	assert_ok(take(&f, TJ_TABLE_products, "product,unit,mass_kg_per_unit\ntyre,piece,8.5\n"),
	    &f.err);
	assert_ok(take(&f, TJ_TABLE_outputs, "activity,product,amount,unit\na,tyre,85,kg\n"
	    "b,w,-1,kg\n"), &f.err);
	assert_int_equal(f.book.outputs.n, 2);
	assert_true(f.book.outputs.v[1].amount < 0);
	tj_arena_free(f.arena);
}

static enum tj_rc
read_all_tables(void)
{
	static const char *const tables[TJ_TABLES] = {
		"product,unit,model,id\na,kg,\"b\"\"\",x\na,kg,\"b\"\"\",x\n",
		"activity,stage\na,raw\na,raw\n",
		"activity,product,amount,unit\na,c,1,kg\n",
		"activity,product,amount,unit,provider\na,b,1,kg,c\n",
		"activity,flow,amount,unit\na,CO2,1,kg\n",
		"product,unit,flow,amount_kg_per_unit\na,kg,CO2,1\n",
		"flow,kgco2e_per_kg\nCO2,1\n",
		"activity,product,share\na,b,1\n",
	};
	struct tj_arena *arena = tj_arena_new(1 << 22);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_findings findings;
	struct tj_book book;

	tj_book_init(&book, arena);
	tj_findings_init(&findings, arena);
	for (size_t t = 0; rc == TJ_OK && t < TJ_TABLES; t++)
		rc = tj_book_read_table(&book, (enum tj_table)t, TJ_S("t"),
		    tj_str_of(tables[t]), NULL, &findings, arena, NULL);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(read_all_tables());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_whole_book_is_read),
		test(one_bad_cell_refuses_the_file_and_leaves_the_book_alone),
		test(all_errors_of_a_file_are_reported),
		test(the_same_row_twice_is_counted_once_and_said),
		test(masses_of_pieces_and_negative_amounts_are_taken),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
