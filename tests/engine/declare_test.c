#include <math.h>

#include "engine/assess.h"
#include "engine/explain.h"
#include "engine/declare.h"
#include "exchange/book_csv.h"
#include "exchange/profile.h"
#include "tests/support/support.h"

/* A small mill: rod from billets from heats, with scrap going back, by-product
 * slag, a purchase by factor and prices that make economic shares. */
static const char *const tables[TJ_TABLES] = {
	[TJ_TABLE_products] =
	"product,name,unit,mass_kg_per_unit,granularity,class\n"
	"rod,rod,t,,batch,\nbillet,billet,t,,batch,\nscrap,home scrap,t,,,scrap\n"
	"slag,slag,t,,,slag\ncoke,coke,t,,,\npower,power,kWh,,,\n",
	[TJ_TABLE_activities] =
	"activity,stage\nheat,manufacturing\nrolling,manufacturing\n",
	[TJ_TABLE_outputs] =
	"activity,product,amount,unit,role,price\n"
	"heat,billet,97.3,t,main,3500\nheat,slag,11.7,t,co,90\n"
	"rolling,rod,93.1,t,main,4000\nrolling,scrap,3.9,t,co,2400\n",
	[TJ_TABLE_inputs] =
	"activity,product,amount,unit,stage\n"
	"heat,coke,41.3,t,raw\nheat,scrap,3.9,t,\nheat,power,5210,kWh,\n"
	"rolling,billet,97.3,t,\nrolling,power,11030,kWh,manufacturing\n",
	[TJ_TABLE_emissions] =
	"activity,flow,amount,unit,category\n"
	"heat,CO2,17.77,t,fossil\nheat,CO2,-0.31,t,removal\nrolling,CH4,13.7,kg,fossil\n",
	[TJ_TABLE_factors] =
	"product,unit,flow,amount_kg_per_unit,category,region,year,source,quality\n"
	"coke,t,CO2e,3271.3,fossil,CN,2024,test,secondary\n"
	"power,kWh,CO2e,0.5777,fossil,CN,2024,test,secondary\n",
};

struct fixture {
	struct tj_arena		*arena;
	struct tj_findings	 findings;
	struct tj_book		 book;
	struct tj_profile	 profile;
	struct tj_assessment	 a;
	struct tj_err		 err;
};

static enum tj_rc
assess(struct fixture *f)
{
	const struct tj_resolve_options options = { .region = TJ_S("CN") };

	tj_findings_init(&f->findings, f->arena);
	tj_book_init(&f->book, f->arena);
	for (size_t i = 0; i < TJ_TABLES; i++)
		if (tables[i] != NULL)
			TRY(tj_book_read_table(&f->book, (enum tj_table)i, TJ_S("t.csv"),
			    tj_str_of(tables[i]), NULL, &f->findings, f->arena, &f->err));
	TRY(tj_profile_builtin(&f->profile, NULL, TJ_S("iso14067"), f->arena, &f->err));
	return tj_assess(&f->a, &f->book, &f->profile, &options, NULL, &f->findings, f->arena,
	    &f->err);
}

static void
open_fixture(struct fixture *f)
{
	*f = (struct fixture){ .arena = tj_arena_new((size_t)1 << 26) };
	assert_non_null(f->arena);
	assert_ok(assess(f), &f->err);
}

static enum tj_rc
declare(struct tj_declaration *decl, struct tj_explanation *x, struct fixture *f,
    const char *product)
{
	static const struct tj_declarer by = { .issuer = { "did:web:a.example", 17 },
	    .start = 20697, .end = 20726 };
	const struct tj_demand demand = {
		tj_names_find(&f->book.product_names, tj_str_of(product)), 1 };
	struct tj_supply *supply;
	enum tj_rc rc;

	TRY(tj_supply_new(&supply, &f->a.solution, &f->err));
	rc = tj_supply_find(supply, &demand, 1, &f->err);
	if (rc == TJ_OK)
		rc = tj_declare(decl, &f->a.solution, demand.product, supply, &by, f->arena,
		    &f->err);
	if (rc == TJ_OK)
		rc = tj_explain(x, &f->a.solution, demand.product, supply, f->arena,
		    &f->err);
	tj_supply_free(supply);
	return rc;
}

static enum tj_rc
check(struct fixture *f, const char *product)
{
	return tj_declare_check(&f->a.solution, tj_names_find(&f->book.product_names,
	    tj_str_of(product)), f->arena, &f->err);
}

static void
parts_and_lines_add_up_to_the_total(void **state)
{
	struct tj_declaration decl;
	struct tj_explanation x;
	struct fixture f;
	tj_dec parts = TJ_DEC_ZERO, lines = TJ_DEC_ZERO;

	(void)state;
	open_fixture(&f);
	assert_ok(declare(&decl, &x, &f, "rod"), &f.err);
	for (size_t s = 0; s < TJ_STAGES; s++)
		for (size_t c = 0; c < TJ_CATEGORIES; c++)
			assert_ok(tj_dec_add(&parts, parts, decl.parts_kgco2e[s][c], NULL),
			    NULL);
	assert_int_equal(tj_dec_cmp(parts, decl.total_kgco2e), 0);
	for (size_t i = 0; i < x.count; i++)
		assert_ok(tj_dec_add(&lines, lines, x.lines[i].declared_kgco2e, NULL), NULL);
	assert_int_equal(tj_dec_cmp(lines, decl.total_kgco2e), 0);
	assert_int_equal(tj_dec_cmp(x.total_kgco2e, decl.total_kgco2e), 0);
	assert_true(tj_dec_sign(decl.total_kgco2e) > 0);
	assert_true(tj_dec_cmp(decl.total_without_removals_kgco2e, decl.total_kgco2e) > 0);
	tj_arena_free(f.arena);
}

/* By hand: heat emits and buys (41.3 x 3271.3 + 5210 x 0.5777 + 17770 - 310) kg CO2e, shared
 * by value of billet and slag; scrap is free; rolling adds its power and its methane (AR6 29.8). */
static void
the_total_is_the_one_computed_by_hand(void **state)
{
	const double heat = 41.3 * 3271.3 + 5210 * 0.5777 + 17770 - 310;
	const double share = 97.3 * 3500 / (97.3 * 3500 + 11.7 * 90);
	const double want = (heat * share + 11030 * 0.5777 + 13.7 * 29.8) / 93.1;
	struct tj_declaration decl;
	struct tj_explanation x;
	struct fixture f;

	(void)state;
	open_fixture(&f);
	/* slag has no price-free rule: mass is tried first by this profile */
	f.profile.order[0] = TJ_SHARE_ECONOMIC;
	f.profile.order_count = 1;
	tj_findings_init(&f.findings, f.arena);
	assert_ok(tj_assess(&f.a, &f.book, &f.profile, &(struct tj_resolve_options){
	    .region = TJ_S("CN") }, NULL, &f.findings, f.arena, &f.err), &f.err);
	assert_ok(declare(&decl, &x, &f, "rod"), &f.err);
	assert_true(fabs(tj_dec_double(decl.total_kgco2e) - want) <= 0.0005);
	tj_arena_free(f.arena);
}

static void
small_totals_keep_their_significant_digits(void **state)
{
	const struct tj_profile profile = { .digits = 3, .significant = 4 };

	(void)state;
	assert_int_equal(tj_declared_digits(2134.5, &profile), 3);
	assert_int_equal(tj_declared_digits(1.0, &profile), 3);
	assert_int_equal(tj_declared_digits(0.0123, &profile), 5);
	assert_int_equal(tj_declared_digits(-0.5, &profile), 4);
	assert_int_equal(tj_declared_digits(0, &profile), 3);
	assert_int_equal(tj_declared_digits(1e-30, &profile), 15);
}

static enum tj_rc
once(void)
{
	struct fixture f = { .arena = tj_arena_new((size_t)1 << 26) };
	struct tj_declaration decl;
	struct tj_explanation x;
	enum tj_rc rc = f.arena == NULL ? TJ_E_NOMEM : assess(&f);

	if (rc == TJ_OK)
		rc = declare(&decl, &x, &f, "rod");
	tj_arena_free(f.arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(once());
}

/* Coke has no factor: 41.3 t of the 41.3 t bought. */
static void
too_much_counted_as_zero_is_not_declared(void **state)
{
	const struct tj_resolve_options options = { .missing_zero = true };
	struct tj_declaration decl;
	struct tj_explanation x;
	struct fixture f;

	(void)state;
	open_fixture(&f);
	f.book.factors.v[0].product = TJ_S("other");
	assert_ok(tj_assess(&f.a, &f.book, &f.profile, &options, NULL, &f.findings, f.arena,
	    &f.err), &f.err);
	assert_int_equal(declare(&decl, &x, &f, "rod"), TJ_E_DATA);
	assert_non_null(strstr(f.err.text, "100 % of the mass bought counts as zero"));
	assert_rc(TJ_E_DATA, check(&f, "rod"), &f.err);
	f.profile.cut_off_share = 1;
	assert_ok(check(&f, "rod"), &f.err);
	assert_ok(declare(&decl, &x, &f, "rod"), &f.err);
	assert_true(tj_dec_double(decl.cut_off_share) == 100);
	tj_arena_free(f.arena);
}

/* What declaring refuses the check refuses, and nothing else. */
static void
the_check_refuses_what_declaring_does(void **state)
{
	static const char *const names[] = { "rod", "billet", "slag", "coke", "power" };
	struct tj_declaration decl;
	struct tj_explanation x;
	struct fixture f;

	(void)state;
	open_fixture(&f);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const enum tj_rc want = declare(&decl, &x, &f, names[i]);

		tj_err_clear(&f.err);
		assert_int_equal(check(&f, names[i]), want);
	}
	assert_int_equal(check(&f, "power"), TJ_E_DATA);	/* no mass */
	tj_arena_free(f.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(parts_and_lines_add_up_to_the_total),
		test(the_total_is_the_one_computed_by_hand),
		test(small_totals_keep_their_significant_digits),
		test(too_much_counted_as_zero_is_not_declared),
		test(the_check_refuses_what_declaring_does),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
