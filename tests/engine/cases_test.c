/*
 * Published and independently solved cases, with exact fractions.  Sources:
 * c01-c12 GreenDelta/olca-modules (tests of openLCA's core, MPL-2.0), c34
 * brightway-lca/bw_graph_tools (BSD-3), c44 Heijungs & Suh 2002 ch. 2, c47
 * Miller & Blair after IndEcol/pymrio, the others closed forms.  Facts only:
 * amounts and results.
 */
#include <stdio.h>

#include "tests/engine/book_text.h"

struct fraction {
	const char	*product;
	double		 top, bottom;	/* kg CO2e per unit */
};

struct solved {
	const char	*name, *book;
	struct fraction	 want[6];
};

static const struct solved solved[] = {
	{ "c01 two processes in a loop",
	    "gwp f2 1\n"
	    "out P1 p1 1 kg\nin P1 p2 1 kg\nemit P1 f1 -1 kg\nemit P1 f2 2 kg\n"
	    "out P2 p2 1 kg\nin P2 p1 0.5 kg\nemit P2 f1 -2 kg\nemit P2 f2 1 kg",
	    { { "p1", 6, 1 }, { "p2", 4, 1 } } },
	{ "c02 an inner loop",
	    "gwp e 1\n"
	    "out P1 p1 1 kg\nin P1 p2 1 kg\nemit P1 e 1 kg\n"
	    "out P2 p2 1 kg\nin P2 p3 2 kg\nemit P2 e 2 kg\n"
	    "out P3 p3 1 kg\nin P3 p2 0.1 kg\nemit P3 e 3 kg",
	    { { "p1", 11, 1 }, { "p2", 10, 1 }, { "p3", 4, 1 } } },
	{ "c05 given shares",
	    "out P p1 1 kg\nout P p2 3 kg co\nemit P CO2 2 kg\n"
	    "share P p1 0.25\nshare P p2 0.75",
	    { { "p1", 1, 2 }, { "p2", 1, 2 } } },
	{ "c05 the same by mass",
	    "out P p1 1 kg\nout P p2 3 kg co\nemit P CO2 2 kg",
	    { { "p1", 1, 2 }, { "p2", 1, 2 } } },
	{ "c08 two products and a waste treated",
	    "out P p1 1 kg\nout P p2 1 kg co\nin P w 1 kg treat\nemit P CO2 4 kg\n"
	    "share P p1 0.1\nshare P p2 0.3\nshare P w 0.6",
	    { { "p1", 2, 5 }, { "p2", 6, 5 }, { "w", 12, 5 } } },
	{ "c12 an avoided product",
	    "out P1 p1 1 kg\nout P1 p2 0.5 kg credit\nemit P1 CO2 2 kg\n"
	    "out P2 p2 1 kg\nemit P2 CO2 2 kg",
	    { { "p1", 1, 1 }, { "p2", 2, 1 } } },
	{ "c34 coal, electricity, steel and ore",
	    "gwp co2 1\n"
	    "out coal_mining coal 1 kg\nemit coal_mining co2 0.1 kg\n"
	    "in coal_mining hrsteel 0.1 kg\n"
	    "out electricity elec 1 kg\nemit electricity co2 1 kg\nin electricity coal 1 kg\n"
	    "out hot_rolling hrsteel 1 kg\nemit hot_rolling co2 0.1 kg\n"
	    "in hot_rolling steel 1 kg\nin hot_rolling elec 0.5 kg\n"
	    "out ore_mining ore 1 kg\nin ore_mining elec 0.5 kg\nin ore_mining hrsteel 0.1 kg\n"
	    "out smelting steel 1 kg\nemit smelting co2 1.1 kg\nin smelting coal 1 kg\n"
	    "in smelting elec 0.5 kg\nin smelting ore 2 kg",
	    { { "coal", 4, 5 }, { "elec", 9, 5 }, { "hrsteel", 7, 1 }, { "ore", 8, 5 },
	    { "steel", 6, 1 } } },
	{ "c44 electricity from fuel",
	    "out electricity elec 10 kWh\nin electricity fuel 2 l\n"
	    "emit electricity CO2 1 kg\nemit electricity SO2 0.1 kg\n"
	    "out fuelprod fuel 100 l\nemit fuelprod crude -50 l\n"
	    "emit fuelprod CO2 10 kg\nemit fuelprod SO2 2 kg",
	    { { "elec", 3, 25 }, { "fuel", 1, 10 } } },
	{ "c46 heat and power by energy",
	    "product elec kWh\nproduct heat MJ\nactivity chp allocation=energy\n"
	    "out chp elec 10 kWh\nout chp heat 18 MJ co\nin chp fuel 2 l\nemit chp CO2 1 kg\n"
	    "out fuelprod fuel 100 l\nemit fuelprod CO2 10 kg",
	    { { "elec", 2, 25 }, { "fuel", 1, 10 }, { "heat", 1, 45 } } },
	{ "c47 two sectors",
	    "gwp labour 1\n"
	    "out sec1 s1 1 kg\nin sec1 s1 0.15 kg\nin sec1 s2 0.2 kg\nemit sec1 labour 0.3 kg\n"
	    "out sec2 s2 1 kg\nin sec2 s1 0.25 kg\nin sec2 s2 0.05 kg\n"
	    "emit sec2 labour 0.25 kg",
	    { { "s1", 134, 303 }, { "s2", 115, 303 } } },
	{ "c49 a market with losses",
	    "out market el 1 kWh\nin market el 0.1 kWh\nemit market CO2 0.45 kg",
	    { { "el", 1, 2 } } },
	{ "c50 steel from scrap from cars",
	    "out eaf steel 1 kg\nin eaf scrap 0.3 kg\nin eaf elec 0.1 kWh\nemit eaf CO2 2 kg\n"
	    "out collect scrap 1 kg\nin collect steel 0.02 kg\nin collect elec 0.5 kWh\n"
	    "emit collect CO2 0.05 kg\n"
	    "out power elec 1 kWh\nin power steel 0.01 kg\nemit power CO2 0.4 kg",
	    { { "steel", 1410, 661 }, { "scrap", 401, 1322 }, { "elec", 557, 1322 } } },
	{ "c68 tonnes, grams, pounds and gigajoules",
	    "product a kg\nproduct b kg\nproduct h MJ\n"
	    "out A a 1 t\nin A b 1000 lb\nin A h 2 GJ\nemit A CO2 500 g\n"
	    "out B b 1 kg\nemit B CO2 2 kg\nout H h 1 kWh\nemit H CO2 0.2 kg",
	    { { "a", 458458133, 450000000 }, { "b", 2, 1 }, { "h", 1, 18 } } },
	{ "c74 a market of three",
	    "out M m 1 kg\nin M s1 0.5 kg\nin M s2 0.3 kg\nin M s3 0.2 kg\n"
	    "out S1 s1 1 kg\nemit S1 CO2 1 kg\nout S2 s2 1 kg\nemit S2 CO2 2 kg\n"
	    "out S3 s3 1 kg\nemit S3 CO2 5 kg",
	    { { "m", 21, 10 }, { "s3", 5, 1 } } },
	{ "c75 three gases",
	    "out A a 2 kg\nemit A CO2 1 kg\nemit A CH4 0.1 kg category=fossil\n"
	    "emit A N2O 0.01 kg",
	    { { "a", 671, 200 } } },
};

static void
footprints_are_those_published(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(solved) / sizeof(solved[0]); i++) {
		const struct solved *it = &solved[i];
		struct run r;

		run_init(&r, it->book);
		assert_ok(run_all(&r), &r.err);
		for (const struct fraction *f = it->want; f->product != NULL; f++) {
			const double want = f->top / f->bottom;

			if (!is_near(want, total_of(&r, f->product), 1e-12))
				print_error("%s: %s\n", it->name, f->product);
			assert_near(want, total_of(&r, f->product), 1e-12);
			assert_near(7 * want, supply_of(&r, f->product, 7)->total_kgco2e,
			    1e-12);
		}
		run_fini(&r);
	}
}

static void
assert_runs(struct run *r, const struct tj_supply *supply, const char *key, double want)
{
	assert_near(want, supply->runs[activity(r, key)], 1e-12);
}

static void
runs_and_inventories_are_those_published(void **state)
{
	const struct tj_supply *supply;
	struct run r;

	(void)state;
	run_init(&r, solved[0].book);
	assert_ok(run_all(&r), &r.err);
	supply = supply_of(&r, "p1", 2);
	assert_runs(&r, supply, "P1", 4);
	assert_runs(&r, supply, "P2", 4);
	assert_near(-12, supply->flows[tj_names_find(&r.book.flows, TJ_S("f1"))], 1e-12);
	assert_near(12, supply->flows[tj_names_find(&r.book.flows, TJ_S("f2"))], 1e-12);
	run_fini(&r);

	run_init(&r, solved[5].book);		/* c12 */
	assert_ok(run_all(&r), &r.err);
	supply = supply_of(&r, "p1", 1);
	assert_runs(&r, supply, "P1", 1);
	assert_runs(&r, supply, "P2", -0.5);
	run_fini(&r);

	run_init(&r, solved[7].book);		/* c44 */
	assert_ok(run_all(&r), &r.err);
	supply = supply_of(&r, "elec", 1000);
	assert_runs(&r, supply, "electricity", 100);
	assert_runs(&r, supply, "fuelprod", 2);
	assert_near(120, supply->flows[r.graph.co2], 1e-12);
	assert_near(14, supply->flows[tj_names_find(&r.book.flows, TJ_S("SO2"))], 1e-12);
	assert_near(-100, supply->flows[tj_names_find(&r.book.flows, TJ_S("crude"))], 1e-12);
	run_fini(&r);
}

static void
several_demands_add_up(void **state)
{
	const struct tj_supply *supply;
	struct run r;

	(void)state;
	run_init(&r, solved[9].book);		/* c47 */
	assert_ok(run_all(&r), &r.err);
	supply = supply_of(&r, "s1", 1);
	assert_ok(tj_supply_find(r.supply, (struct tj_demand[]){
	    { product(&r, "s1"), 600 }, { product(&r, "s2"), 1500 } }, 2, &r.err), &r.err);
	assert_near(84300.0 / 101, supply->total_kgco2e, 1e-12);
	assert_runs(&r, supply, "sec1", 126000.0 / 101);
	assert_runs(&r, supply, "sec2", 186000.0 / 101);
	run_fini(&r);
}

/* Runs the book; what is refused, and the words that must be there. */
static void
refused(const char *book, const char *asked, enum tj_rc want, const char *const words[])
{
	struct tj_values values = { .quality.absolute = 0 };
	struct run r;
	enum tj_rc rc;

	run_init(&r, book);
	rc = run_all(&r);
	if (rc == TJ_OK && asked != NULL)
		rc = tj_solution_product(&values, &r.solution, product(&r, asked), &r.err);
	assert_rc(want, rc, &r.err);
	for (size_t i = 0; words[i] != NULL; i++)
		if (strstr(r.err.text, words[i]) == NULL)
			fail_msg("\"%s\" is not in \"%s\"", words[i], r.err.text);
	run_fini(&r);
}

static void
a_loop_with_a_gain_of_one_or_more_is_refused_by_name(void **state)
{
	(void)state;
	refused("out A a 1 kg\nin A b 2 kg\nemit A CO2 1 kg\n"		/* c58 */
	    "out B b 1 kg\nin B a 0.6 kg\nemit B CO2 1 kg", "a", TJ_E_LOOP,
	    (const char *const[]){ "A", "B", "loop", NULL });
	refused("out A a 1 kg\nin A a 1 kg\nemit A CO2 1 kg", "a", TJ_E_LOOP,
	    (const char *const[]){ "A", "exactly", NULL });
}

static void
what_nobody_supplies_is_refused(void **state)
{
	(void)state;
	refused("out A a 1 kg\nin A b 1 kg\nemit A CO2 1 kg", "a", TJ_E_MISSING,	/* c63 */
	    (const char *const[]){ "b", NULL });
}

static void
a_unit_of_another_dimension_is_refused(void **state)
{
	(void)state;
	refused("out A a 1 kg\nin A b 1 kWh\nemit A CO2 1 kg\n"		/* c67 */
	    "out B b 1 kg\nemit B CO2 1 kg", "a", TJ_E_UNIT,
	    (const char *const[]){ "b", "kWh", "kg", NULL });
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(footprints_are_those_published),
		test(runs_and_inventories_are_those_published),
		test(several_demands_add_up),
		test(a_loop_with_a_gain_of_one_or_more_is_refused_by_name),
		test(what_nobody_supplies_is_refused),
		test(a_unit_of_another_dimension_is_refused),
	};

	return RUN(tests);
}
