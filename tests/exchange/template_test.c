#include <math.h>

#include "exchange/builtin.h"
#include "exchange/template.h"
#include "tests/support/support.h"

#define HEAD(id, level, extends) "<template xmlns=\"urn:tanji:template:1\" id=\"" id \
	"\" level=\"" level "\" " extends ">"
#define MB51 HEAD("mine", "enterprise", "extends=\"sap-mb51\"")

struct fixture {
	struct tj_arena		*arena;
	struct tj_names		 files;
	struct tj_ledger	 ledger;
	struct tj_findings	 findings;
	struct tj_err		 err;
};

static void
setup(struct fixture *f)
{
	*f = (struct fixture){ .arena = tj_arena_new((size_t)1 << 28) };
	assert_non_null(f->arena);
	tj_names_init(&f->files, f->arena);
	f->ledger = (struct tj_ledger){ .arena = f->arena, .files = &f->files };
	tj_findings_init(&f->findings, f->arena);
}

static enum tj_rc
apply(struct fixture *f, const char *xml, tj_str bytes)
{
	const struct tj_template *template;

	f->findings.list.n = 0;
	assert_ok(tj_template_read(&template, TJ_S("t.xml"), tj_str_of(xml),
	    &tj_template_builtins, f->arena, &f->err), &f->err);
	return tj_template_apply(&f->ledger, template, TJ_S("f.csv"), bytes, NULL, &f->findings,
	    f->arena, &f->err);
}

static void
finding_is(const struct fixture *f, size_t i, enum tj_rule rule, uint32_t line,
    uint32_t column, const char *field)
{
	const struct tj_finding *finding;

	assert_true(i < f->findings.list.n);
	finding = &f->findings.list.v[i];
	if (finding->rule != rule || finding->place.line != line ||
	    finding->place.column != column)
		fail_msg("%s at %u:%u: %.*s", tj_rule_key(finding->rule), finding->place.line,
		    finding->place.column, TJ_FMT(finding->text));
	assert_str("f.csv", finding->place.file);
	assert_str(field, finding->place.field);
}

static void
near(double want, double got)
{
	if (!(fabs(want - got) <= 1e-12 * fabs(want)))
		fail_msg("wanted %.15g, got %.15g", want, got);
}

static void
every_template_of_the_program_reads(void **state)
{
	struct tj_arena *arena = tj_arena_new((size_t)1 << 24);
	const struct tj_template *template;
	struct tj_err err = { 0 };
	size_t n = 0;

	(void)state;
	for (const struct tj_builtin *b = tj_builtins; b->kind != NULL; b++) {
		if (strcmp(b->kind, "templates") != 0)
			continue;
		assert_ok(tj_template_read(&template, tj_str_of(b->name), tj_builtin_text(b),
		    &tj_template_builtins, arena, &err), &err);
		assert_str(b->name, template->id);
		assert_true(template->title_en.n > 0 && template->title_zh.n > 0);
		assert_true(template->records.n > 0);
		n++;
	}
	assert_true(n >= 17);
	tj_arena_free(arena);
}

static void
sap_movements_in_utf16_with_tabs_and_trailing_minus(void **state)
{
	static const char text[] =
	    "MBLNR\tZEILE\tBWART\tMATNR\tCHARG\tMENGE\tMEINS\tAUFNR\tBUDAT\tEBELN\tLICHA\tWERKS\r\n"
	    "4900000001\t0001\t101\t000000000030001200\tC24-1\t21.300,500\tKG\t000001000042\t15.09.2026\t\t\t1000\r\n"
	    "4900000001\t0002\t261\t000000000010000001\tH1\t22.000,000-\tKG\t000001000042\t15.09.2026\t\t\t1000\r\n"
	    "4900000002\t0001\t262\t000000000010000001\tH1\t100,5\tKG\t000001000042\t15.09.2026\t\t\t1000\r\n"
	    "4900000003\t0001\t101\t000000000010000002\tB7\t5,000\tTO\t\t00.00.0000\t4500001\tLOT-9\t1000\r\n"
	    "4900000004\t0001\t311\t000000000010000002\tB7\t5,000\tTO\t\t14.09.2026\t\t\t1000\r\n"
	    "4900000005\t0001\t999\tx\tB7\t?\tTO\t\t14.09.2026\t\t\t2000\r\n";
	char utf16[2 * sizeof(text)] = "\xff\xfe";
	const struct tj_movement *m;
	struct fixture f;

	(void)state;
	setup(&f);
	for (size_t i = 0; i + 1 < sizeof(text); i++)
		utf16[2 + 2 * i] = text[i];
	assert_ok(apply(&f, MB51 "<file decimal=\"comma\" group=\"point\" date=\"dotted\"/>"
	    "<record kind=\"movement\"><only header=\"WERKS\" value=\"1000|1100\"/></record></template>",
	    (tj_str){ utf16, 2 * sizeof(text) }), &f.err);
	assert_int_equal(f.ledger.movements.n, 5);
	m = f.ledger.movements.v;
	assert_int_equal(m[0].kind, TJ_MOVE_OUTPUT);
	near(21300.5, m[0].quantity);
	assert_str("000000000030001200", m[0].material);
	assert_str("4900000001/0001", m[0].document);
	assert_int_equal(m[0].src.line, 2);
	assert_int_equal(m[0].src.file, 0);
	assert_int_equal(m[1].kind, TJ_MOVE_INPUT);
	near(22000, m[1].quantity);
	near(-100.5, m[2].quantity);
	assert_int_equal(m[3].kind, TJ_MOVE_RECEIPT);
	assert_str("LOT-9", m[3].supplier_id);
	assert_string_equal("t", tj_unit_symbol(m[3].unit));
	assert_int_equal(m[3].date, TJ_DATE_NONE);
	assert_int_equal(m[4].kind, TJ_MOVE_OTHER);
	tj_arena_free(f.arena);
}

static void
three_forms_of_dates_and_chinese_headers_in_gb18030(void **state)
{
	/* 移动类型,物料,数量,单位,过账日期,订单 */
	static const char header[] =
	    "\xd2\xc6\xb6\xaf\xc0\xe0\xd0\xcd,\xce\xef\xc1\xcf,\xca\xfd\xc1\xbf,"
	    "\xb5\xa5\xce\xbb,\xb9\xfd\xd5\xcb\xc8\xd5\xc6\xda,\xb6\xa9\xb5\xa5\n"
	    "261,0042,1.5,\xb6\xd6,20260930,7\n261,0042,1.5,t,30.09.2026,7\n"
	    "261,0042,1.5,t,2026-09-30,7\n";
	struct fixture f;

	(void)state;
	setup(&f);
	assert_ok(apply(&f, MB51 "</template>", tj_str_of(header)), &f.err);
	assert_int_equal(f.ledger.movements.n, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(f.ledger.movements.v[i].date, 20726);
	assert_str("0042", f.ledger.movements.v[0].material);
	assert_string_equal("t", tj_unit_symbol(f.ledger.movements.v[0].unit));
	tj_arena_free(f.arena);
}

static void
level_lists_hang_on_the_row_above(void **state)
{
	const struct tj_bom_line *b;
	struct fixture f;

	(void)state;
	setup(&f);
	assert_ok(apply(&f, HEAD("x", "enterprise", "extends=\"sap-cs12\"")
	    "<record kind=\"bom\"><only header=\"Kind\" not=\"text|\"/></record></template>",
	    TJ_S("Stufe;Komponente;Menge;ME;Kind\n"
	    "0;TYRE;1;PC;L\n"
	    ".1;GREEN;2;PC;L\n"
	    "..2;CORD;0.8;KG;L\n"
	    "..2;NOTE;;;text\n"
	    ";Total;;;\n"
	    "...3;HIDDEN;1;KG;L\n"
	    "..2;RUBBER;-4;KG;L\n"
	    ".1;BEAD;3;KG;L\n"
	    "0;OTHER;;;L\n"
	    "1;PART;5;KG;L\n")), &f.err);
	assert_int_equal(f.ledger.bom.n, 5);
	b = f.ledger.bom.v;
	assert_str("TYRE", b[0].parent);
	assert_str("GREEN", b[0].component);
	near(1, b[0].base_quantity);
	assert_str("GREEN", b[1].parent);
	near(2, b[1].base_quantity);
	assert_string_equal("piece", tj_unit_symbol(b[1].base_unit));
	assert_str("RUBBER", b[2].component);
	assert_true(b[2].byproduct);
	near(4, b[2].quantity);
	assert_str("TYRE", b[3].parent);
	assert_str("OTHER", b[4].parent);
	near(1, b[4].base_quantity);
	assert_int_equal(b[4].base_unit, TJ_UNIT_NONE);
	assert_int_equal(b[4].src.line, 11);
	assert_rc(TJ_E_DATA, apply(&f, HEAD("x", "enterprise", "extends=\"sap-cs12\"")
	    "</template>", TJ_S("Stufe;Komponente;Menge;ME\n1;A;0;KG\n2;B;1;KG\nx;C;1;KG\n"
	    "1;D;1;KG\n2;E;;\n2;D;1;KG\n")), &f.err);
	assert_int_equal(f.findings.list.n, 4);
	finding_is(&f, 0, TJ_RULE_BAD_CELL, 3, 3, "quantity");
	finding_is(&f, 1, TJ_RULE_BAD_CELL, 4, 1, "level");
	finding_is(&f, 2, TJ_RULE_BAD_ROW, 6, 3, "quantity");
	finding_is(&f, 3, TJ_RULE_BAD_ROW, 7, 2, "component");
	tj_arena_free(f.arena);
}

static void
edges_orders_materials_readings_legs_and_stacks(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	assert_ok(apply(&f, HEAD("a", "enterprise", "extends=\"sap-stpo\"") "</template>",
	    TJ_S("MATNR,BMENG,BMEIN,IDNRK,MENGE,MEINS,AUSCH,DATUV,DATUB\n"
	    "0012,1000,KG,0007,1.02,TO,2.5,20260101,99991231\n")), &f.err);
	near(1000, f.ledger.bom.v[0].base_quantity);
	near(2.5, f.ledger.bom.v[0].scrap_percent);
	assert_ok(apply(&f, HEAD("a", "enterprise", "extends=\"sap-mara\"")
	    "<record kind=\"material\"><field name=\"class\" const=\"scrap\"/></record></template>",
	    TJ_S("MATNR,MAKTX,MEINS,NTGEW,GEWEI,BESKZ,SERNP\n0012,Wire,PC,8500,G,F,X\n"
	    "13,Gas,Nm3,0,,E,\n")), &f.err);
	near(8.5, f.ledger.materials.v[0].mass_kg_per_unit);
	assert_int_equal(f.ledger.materials.v[0].owner, TJ_BOUGHT);
	assert_int_equal(f.ledger.materials.v[0].class, TJ_CLASS_SCRAP);
	assert_true(f.ledger.materials.v[0].serialised);
	assert_true(isnan(f.ledger.materials.v[1].mass_kg_per_unit));
	assert_ok(apply(&f, HEAD("a", "enterprise", "extends=\"mes-orders\"")
	    "<record kind=\"order\"><field name=\"stage\" const=\"raw\"/></record></template>",
	    TJ_S("Order,Material,Heat,Machine,Quantity,Unit,Start\n"
	    "77,0012,H1,BOF,180,t,2026-09-02 03:04:05\n")), &f.err);
	assert_str("H1", f.ledger.orders.v[0].batch);
	assert_int_equal(f.ledger.orders.v[0].stage, TJ_STAGE_RAW);
	assert_int_equal(f.ledger.orders.v[0].end, f.ledger.orders.v[0].start);
	assert_ok(apply(&f, HEAD("a", "enterprise", "extends=\"meter-readings\"")
	    "<record kind=\"reading\"><field name=\"unit\" const=\"kWh\"/></record></template>",
	    TJ_S("Meter,Work centre,Medium,Consumption,Date,Status\nE1,WC1,electricity,12.5,20260901,E\n")),
	    &f.err);
	assert_true(f.ledger.readings.v[0].estimated);
	assert_string_equal("kWh", tj_unit_symbol(f.ledger.readings.v[0].unit));
	assert_ok(apply(&f, HEAD("a", "enterprise", "extends=\"transport-legs\"")
	    "<record kind=\"leg\"><field name=\"distance_unit\" const=\"mi\"/></record></template>",
	    TJ_S("Material,Mode,Weight,Weight unit,Distance\n7,truck,20,t,100\n")), &f.err);
	near(20000, f.ledger.legs.v[0].mass_kg);
	near(160.9344, f.ledger.legs.v[0].distance_km);
	assert_ok(apply(&f, HEAD("a", "enterprise", "extends=\"stack-emissions\"") "</template>",
	    TJ_S("Source,Gas,Amount,Unit,Date,Category\nBF1,二氧化碳,3,t,20260901,化石\n")), &f.err);
	assert_str("CO2", f.ledger.stacks.v[0].flow);
	assert_int_equal(f.ledger.stacks.v[0].category, TJ_CAT_FOSSIL);
	tj_arena_free(f.arena);
}

static void
several_records_come_of_one_row(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	assert_ok(apply(&f, HEAD("a", "industry", "extends=\"order movement\"")
	    "<file skip-lines=\"2\" header=\"no\" separator=\"semicolon\"/>"
	    "<record kind=\"order\"><field name=\"order\" header=\"#1\"/>"
	    "<field name=\"material\" header=\"#2\"/></record>"
	    "<record kind=\"movement\"><field name=\"kind\" const=\"output\"/>"
	    "<field name=\"order\" header=\"#1\"/><field name=\"material\" header=\"#2\"/>"
	    "<field name=\"quantity\" header=\"#3\" sign=\"abs\"/>"
	    "<field name=\"unit\" header=\"#4\" units=\"kg|t\"/></record></template>",
	    TJ_S("Report \"of\n\n1;m;-5;kg\n2;m;6;t\n")), &f.err);
	assert_int_equal(f.ledger.orders.n, 2);
	assert_int_equal(f.ledger.movements.n, 2);
	near(5, f.ledger.movements.v[0].quantity);
	assert_int_equal(f.ledger.movements.v[1].src.line, 4);
	tj_arena_free(f.arena);
}

static void
all_errors_of_a_file_are_reported_and_nothing_is_taken(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	assert_rc(TJ_E_DATA, apply(&f, MB51 "<record kind=\"movement\">"
	    "<field name=\"unit\" units=\"kg|t\"/></record></template>",
	    TJ_S("BWART,MATNR,MENGE,MEINS,AUFNR\n"
	    "261,1,5,kg,7\n"
	    "777,1,5,kg,7\n"
	    "101,1,5,kg,\n"
	    "261,,5,kg,7\n"
	    "261,1,\"5,0\",parsec,7\n"
	    "261,1,5,kWh,7\n"
	    ",,,,\n"
	    "261,1,5,0,kg,7\n")), &f.err);
	finding_is(&f, 0, TJ_RULE_UNKNOWN_CODE, 3, 1, "kind");
	finding_is(&f, 1, TJ_RULE_UNKNOWN_CODE, 4, 1, "kind");
	assert_non_null(strstr(f.findings.list.v[1].text.p, "EBELN"));
	finding_is(&f, 2, TJ_RULE_BAD_CELL, 5, 2, "material");
	finding_is(&f, 3, TJ_RULE_BAD_CELL, 6, 3, "quantity");
	finding_is(&f, 4, TJ_RULE_UNKNOWN_UNIT, 6, 4, "unit");
	finding_is(&f, 5, TJ_RULE_WRONG_DIMENSION, 7, 4, "unit");
	finding_is(&f, 6, TJ_RULE_BAD_ROW, 9, 0, "");
	assert_int_equal(f.findings.list.n, 7);
	assert_int_equal(f.ledger.movements.n, 0);
	assert_int_equal(f.files.list.n, 0);
	tj_arena_free(f.arena);
}

static void
a_missing_column_names_what_was_tried_and_what_is_there(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	assert_rc(TJ_E_DATA, apply(&f, MB51 "</template>", TJ_S("BWART,MATNR,Colour,MEINS\n")),
	    &f.err);
	finding_is(&f, 0, TJ_RULE_MISSING_COLUMN, 1, 0, "quantity");
	assert_non_null(strstr(f.findings.list.v[0].text.p, "\"Colour\""));
	assert_non_null(strstr(f.findings.list.v[0].text.p, "\"MENGE\""));
	assert_rc(TJ_E_DATA, apply(&f, MB51 "</template>",
	    TJ_S("BWART,MATNR,MENGE,menge,MEINS\n261,1,2,2,kg\n")), &f.err);
	finding_is(&f, 0, TJ_RULE_BAD_FILE, 1, 4, "quantity");
	tj_arena_free(f.arena);
}

static void
files_that_are_no_tables_give_one_finding(void **state)
{
	static char wide[1000001];
	struct fixture f;

	(void)state;
	setup(&f);
	memset(wide, ',', sizeof(wide) - 1);
	assert_rc(TJ_E_DATA, apply(&f, MB51 "</template>", tj_str_of(wide)), &f.err);
	finding_is(&f, 0, TJ_RULE_BAD_FILE, 1, 4097, "");
	assert_rc(TJ_E_DATA, apply(&f, MB51 "</template>", TJ_S("PK\3\4\0\0\0")), &f.err);
	finding_is(&f, 0, TJ_RULE_BAD_FILE, 1, 0, "");
	assert_rc(TJ_E_DATA, apply(&f, MB51 "</template>", TJ_S("")), &f.err);
	finding_is(&f, 0, TJ_RULE_BAD_FILE, 0, 0, "");
	assert_rc(TJ_E_DATA, apply(&f, MB51 "</template>",
	    TJ_S("BWART,MATNR,MENGE,MEINS\n261,\"1,2,kg\n261,1,2,kg\n")), &f.err);
	finding_is(&f, 0, TJ_RULE_BAD_FILE, 2, 2, "");
	assert_int_equal(f.findings.list.n, 1);
	tj_arena_free(f.arena);
}

/* A loader over a table of documents: id, text, NULL, for chains of our own. */
static enum tj_rc
load_from(void *ctx, tj_str *bytes, tj_str id, struct tj_arena *arena, struct tj_err *err)
{
	for (const char *const *document = ctx; document[0] != NULL; document += 2)
		if (tj_str_eq(id, tj_str_of(document[0]))) {
			*bytes = tj_str_of(document[1]);
			return TJ_OK;
		}
	return tj_template_builtins.load(NULL, bytes, id, arena, err);
}

static enum tj_rc
read_with(const char **documents, const char *xml, struct tj_err *err)
{
	struct tj_arena *arena = tj_arena_new((size_t)1 << 24);
	const struct tj_template_loader loader = { load_from, documents };
	const struct tj_template *template;
	enum tj_rc rc = TJ_E_NOMEM;

	if (arena != NULL)
		rc = tj_template_read(&template, TJ_S("t.xml"), tj_str_of(xml), &loader, arena,
		    err);
	tj_arena_free(arena);
	return rc;
}

static void
cycles_and_long_chains_are_refused_by_name(void **state)
{
	const char *cycle[] = {
		"b", HEAD("b", "industry", "extends=\"c\"") "</template>",
		"c", HEAD("c", "industry", "extends=\"a\"") "</template>",
		"a", HEAD("a", "industry", "extends=\"b\"") "</template>", NULL
	};
	const char *chain[] = {
		"1", HEAD("1", "enterprise", "extends=\"2\"") "</template>",
		"2", HEAD("2", "enterprise", "extends=\"3\"") "</template>",
		"3", HEAD("3", "enterprise", "extends=\"4\"") "</template>",
		"4", HEAD("4", "enterprise", "extends=\"5\"") "</template>",
		"5", HEAD("5", "enterprise", "extends=\"6\"") "</template>",
		"6", HEAD("6", "enterprise", "extends=\"7\"") "</template>",
		"7", HEAD("7", "enterprise", "extends=\"movement\"") "</template>", NULL
	};
	const char *imposter[] = { "b", HEAD("c", "public", "") "</template>", NULL };
	struct tj_err err = { 0 };

	(void)state;
	assert_rc(TJ_E_DATA, read_with(cycle, cycle[5], &err), &err);
	assert_string_equal(err.text, "templates extend one another: a > b > c > a");
	assert_ok(read_with(chain, chain[1], &err), &err);
	assert_rc(TJ_E_DATA, read_with(chain,
	    HEAD("0", "enterprise", "extends=\"1\"") "</template>", &err), &err);
	assert_non_null(strstr(err.text, "0 > 1 > 2 > 3 > 4 > 5 > 6 > 7 > movement"));
	assert_rc(TJ_E_DATA, read_with(imposter, HEAD("a", "industry", "extends=\"b\"")
	    "</template>", &err), &err);
	assert_rc(TJ_E_DATA, read_with(imposter, HEAD("a", "industry", "extends=\"gone\"")
	    "</template>", &err), &err);
	assert_non_null(strstr(err.text, "gone"));
}

static void
a_template_only_narrows(void **state)
{
#define FIELD(rest) MB51 "<record kind=\"movement\"><field " rest "</record></template>"
	static const char *const good[] = {
		FIELD("name=\"quantity\" header=\"Qty\" required=\"yes\"/>"),
		FIELD("name=\"batch\" required=\"yes\"/>"),
		FIELD("name=\"kind\"><code from=\"Z61\" to=\"input\"/></field>"),
		FIELD("name=\"kind\"><code from=\"531\" to=\"waste\" when=\"Slag\"/></field>"),
		FIELD("name=\"unit\" units=\"kg|t\"/>"),
		FIELD("name=\"unit\"><code from=\"PAL\" to=\"piece\"/></field>"),
	};
	static const char *const bad[] = {
		FIELD("name=\"colour\" header=\"Colour\"/>"),
		FIELD("name=\"quantity\" required=\"no\"/>"),
		FIELD("name=\"quantity\" type=\"text\"/>"),
		FIELD("name=\"quantity\" width=\"8\"/>"),
		FIELD("name=\"quantity\" sign=\"minus\"/>"),
		FIELD("name=\"batch\" sign=\"abs\"/>"),
		FIELD("name=\"quantity\" const=\"many\"/>"),
		FIELD("name=\"quantity\" const=\"1\" header=\"Q\"/>"),
		FIELD("name=\"quantity\"><code from=\"a\" to=\"1\"/></field>"),
		FIELD("name=\"kind\"><code from=\"261\" to=\"waste\"/></field>"),
		FIELD("name=\"kind\"><code from=\"261\" to=\"input\"/></field>"),	/* lost its sign */
		FIELD("name=\"kind\"><code from=\"Z\" to=\"eaten\"/></field>"),
		FIELD("name=\"kind\"><code from=\"Z\"/></field>"),
		FIELD("name=\"kind\"><code from=\"Z\" to=\"input\" sign=\"*\"/></field>"),
		FIELD("name=\"kind\"><coda from=\"Z\" to=\"input\"/></field>"),
		FIELD("name=\"unit\" units=\"parsec\"/>"),
		FIELD("name=\"quantity\" units=\"kg\"/>"),
		FIELD("name=\"unit\"/><field name=\"unit\"/>"),
		MB51 "<record kind=\"order\"/></template>",
		MB51 "<record kind=\"cake\"/></template>",
		MB51 "<record kind=\"movement\"/><record kind=\"movement\"/></template>",
		MB51 "<record kind=\"movement\"><only header=\"A\"/></record></template>",
		MB51 "<record kind=\"movement\"><only value=\"A\"/></record></template>",
		MB51 "<record kind=\"movement\"><b/></record></template>",
		MB51 "<file encoding=\"ebcdic\"/></template>",
		MB51 "<file decimal=\"comma\" group=\"comma\"/></template>",
		MB51 "<file skip-lines=\"-1\"/></template>",
		MB51 "<file skip-lines=\"1.5\"/></template>",
		MB51 "<file header=\"maybe\"/></template>",
		MB51 "<title>untold</title></template>",
		MB51 "<colour/></template>",
		HEAD("a", "enterprise", "") "</template>",
		HEAD("a", "public", "") "</template>",
		HEAD("a", "public", "extends=\"movement\"") "</template>",
		HEAD("a", "galactic", "extends=\"movement\"") "</template>",
		HEAD("", "industry", "extends=\"movement\"") "</template>",
		HEAD("a", "industry", "extends=\"movement movement\"") "</template>",
		HEAD("a", "industry", "extends=\"movement sap-mara\"") "</template>",
		HEAD("a", "public", "") "<record kind=\"leg\"><field name=\"mass\"/></record></template>",
		"<template id=\"a\" level=\"industry\" extends=\"movement\"/>",
		"<!DOCTYPE template>" MB51 "</template>",
	};
	const char *none[] = { NULL };
	const char *narrowed[] = {
		"n", HEAD("n", "enterprise", "extends=\"sap-mb51\"") "<record kind=\"movement\">"
		    "<field name=\"unit\" units=\"kg\"/><field name=\"batch\" const=\"B\"/>"
		    "</record></template>", NULL
	};
	struct tj_err err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_ok(read_with(none, good[i], &err), &err);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		tj_err_clear(&err);
		if (read_with(none, bad[i], &err) != TJ_E_DATA)
			fail_msg("%s: %s", bad[i], err.text);
		assert_string_equal(err.file, "t.xml");
		assert_int_equal(err.line, 1);
	}
	assert_rc(TJ_E_DATA, read_with(narrowed, HEAD("m", "enterprise", "extends=\"n\"")
	    "<record kind=\"movement\"><field name=\"batch\" header=\"Lot\"/></record></template>",
	    &err), &err);
	assert_rc(TJ_E_DATA, read_with(narrowed, HEAD("m", "enterprise", "extends=\"n\"")
	    "<record kind=\"movement\"><field name=\"unit\" units=\"t\"/></record></template>",
	    &err), &err);
	assert_rc(TJ_E_DATA, read_with(narrowed, HEAD("m", "enterprise", "extends=\"n\"")
	    "<record kind=\"movement\"><field name=\"batch\" const=\"C\"/></record></template>",
	    &err), &err);
	assert_rc(TJ_E_DATA, read_with(narrowed, HEAD("m", "industry", "extends=\"n\"")
	    "</template>", &err), &err);
#undef FIELD
}

static enum tj_rc
read_and_apply(void)
{
	struct tj_arena *arena = tj_arena_new((size_t)1 << 24);
	const struct tj_template *template;
	struct tj_findings findings;
	struct tj_names files;
	struct tj_ledger ledger = { .arena = arena, .files = &files };
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;

	tj_names_init(&files, arena);
	tj_findings_init(&findings, arena);
	if (rc == TJ_OK)
		rc = tj_template_read(&template, TJ_S("t.xml"), TJ_S(MB51 "<record kind=\"movement\">"
		    "<only header=\"AUFNR\" not=\"\"/></record></template>"), &tj_template_builtins,
		    arena, NULL);
	if (rc == TJ_OK)
		rc = tj_template_apply(&ledger, template, TJ_S("f"), TJ_S("MBLNR,ZEILE,BWART,MATNR,"
		    "MENGE,MEINS,AUFNR\n1,2,261,\"a\"\"b\",5,kg,7\n1,2,261,b,5,kg,7\n"), NULL, &findings,
		    arena, NULL);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(read_and_apply());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(every_template_of_the_program_reads),
		test(sap_movements_in_utf16_with_tabs_and_trailing_minus),
		test(three_forms_of_dates_and_chinese_headers_in_gb18030),
		test(level_lists_hang_on_the_row_above),
		test(edges_orders_materials_readings_legs_and_stacks),
		test(several_records_come_of_one_row),
		test(all_errors_of_a_file_are_reported_and_nothing_is_taken),
		test(a_missing_column_names_what_was_tried_and_what_is_there),
		test(files_that_are_no_tables_give_one_finding),
		test(cycles_and_long_chains_are_refused_by_name),
		test(a_template_only_narrows),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
