#include "engine/assess.h"
#include "tests/engine/book_text.h"

/*
 * Graphs of odd shapes.  A thousand rows here; with TANJI_SLOW set, a million.
 */
static uint32_t
many(void)
{
	return getenv("TANJI_SLOW") == NULL ? 1000 : 1000000;
}

static void
add_output(struct run *r, uint32_t maker, uint32_t made, double amount)
{
	assert_true(TJ_PUSH(r->arena, &r->book.outputs, (struct tj_output){
	    .activity = maker, .product = made, .amount = amount, .unit = unit(TJ_S("kg")),
	    .role = TJ_ROLE_MAIN, .price_per_unit = (double)NAN,
	    .energy_mj_per_unit = (double)NAN }));
}

static void
add_input(struct run *r, uint32_t user, uint32_t used, double amount)
{
	assert_true(TJ_PUSH(r->arena, &r->book.inputs, (struct tj_input){
	    .activity = user, .product = used, .provider = TJ_NONE, .amount = amount,
	    .unit = unit(TJ_S("kg")), .gsd2 = (double)NAN, .stage = -1 }));
}

static uint32_t
numbered(uint32_t (*make)(struct tj_book *, tj_str), struct run *r, uint32_t i)
{
	const tj_str key = tj_str_fmt(r->arena, "n%u", i);

	assert_non_null(key.p);
	return make(&r->book, key);
}

static void
parallel_edges_add_up(void **state)
{
	const uint32_t n = many();
	struct run r;

	(void)state;
	run_init(&r, "out X x 1 kg\nemit X CO2 3 kg\nout Y y 1 kg");
	for (uint32_t i = 0; i < n; i++)
		add_input(&r, activity(&r, "Y"), product(&r, "x"), 0.5);
	assert_ok(run_all(&r), &r.err);
	assert_near(1.5 * n, total_of(&r, "y"), 1e-15);
	assert_int_equal(r.system.matrix.start[2], n);
	run_fini(&r);
}

static void
self_loops_are_loops_of_one(void **state)
{
	const uint32_t n = many();
	struct run r;

	(void)state;
	run_init(&r, "out Z z 1 kg\nemit Z CO2 1 kg");
	for (uint32_t i = 0; i < n; i++) {
		const uint32_t maker = numbered(tj_book_activity, &r, i);
		const uint32_t made = numbered(tj_book_product, &r, i);

		add_output(&r, maker, made, 1);
		add_input(&r, maker, made, 0.25);
		add_input(&r, maker, made, 0.125);
		add_input(&r, maker, product(&r, "z"), i);
	}
	assert_ok(run_all(&r), &r.err);
	assert_int_equal(r.plan.loop_count, n);
	for (uint32_t i = 0; i < n; i += n / 10) {
		char key[16];

		(void)snprintf(key, sizeof(key), "n%u", i);
		assert_near(i / 0.625, total_of(&r, key), 1e-14);
	}
	run_fini(&r);
}

/* From 10^-12 to 10^12 and back: each step scales by what the next one takes back. */
static void
amounts_may_lie_far_apart(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "out A a 1e-12 kg\nemit A CO2 1e-12 kg\n"
	    "out B b 1e12 kg\nin B a 1e-12 kg\nemit B CO2 1 kg\n"
	    "out C c 1e-12 kg\nin C b 1e12 kg\nin C a 1e-12 kg\n"
	    "out D d 1 kg\nin D c 1e-12 kg\nin D b 1e12 kg\nin D d 1e-12 kg");
	assert_ok(run_all(&r), &r.err);
	assert_near(1, total_of(&r, "a"), 1e-15);
	assert_near(1e-12 + 1e-24, total_of(&r, "b"), 1e-15);
	assert_near(1e12 * (1 + 1e-12) + 1, total_of(&r, "c"), 1e-15);
	assert_near((1 + 1e-12 + 1e-12 + 1 + 1e-12) / (1 - 1e-12), total_of(&r, "d"), 1e-14);
	run_fini(&r);
}

/* Rows of many activities in any order: each finds its own, in the order of the file. */
static void
rows_may_stand_in_any_order(void **state)
{
	struct run sorted, mixed;

	(void)state;
	run_init(&sorted, "in A x 1 kg\nin A y 2 kg\nin B x 3 kg\nin B y 4 kg\n"
	    "out A a 1 kg\nout B b 1 kg\nfactor x kg CO2e 1\nfactor y kg CO2e 10");
	run_init(&mixed, "in A x 1 kg\nin B x 3 kg\nin A y 2 kg\nin B y 4 kg\n"
	    "out B b 1 kg\nout A a 1 kg\nfactor x kg CO2e 1\nfactor y kg CO2e 10");
	assert_ok(run_all(&sorted), &sorted.err);
	assert_ok(run_all(&mixed), &mixed.err);
	assert_near(21, total_of(&sorted, "a"), 0);
	assert_near(43, total_of(&sorted, "b"), 0);
	assert_near(21, total_of(&mixed, "a"), 0);
	assert_near(43, total_of(&mixed, "b"), 0);
	assert_int_equal(mixed.graph.inputs.rows[1], 2);
	assert_int_equal(mixed.graph.inputs.rows[2], 1);
	run_fini(&sorted);
	run_fini(&mixed);
}

/* Everything a book may hold, so that every step asks for memory. */
static const char everything[] =
	"product s kg class=slag\nproduct g kg energy=40 class=gas\nproduct a#1 kg model=a\n"
	"product w2 kg mass=1\nproduct c1 kg mass=2 carbon=0.5\n"
	"activity A carbon\nactivity G allocation=given\n"
	"out A a#1 1 kg price=2\nout A s 0.3 kg co\nout A g 2 kg co\nout A w 0.1 kg waste\n"
	"in A c1 2 kg\nin A raw 3 kg\nin A b 0.1 kg\nemit A SO2 1 kg\n"
	"out A2 a 5 kg\nemit A2 CH4 0.1 kg\n"
	"out B b 1 kg\nin B a 0.2 t\nin B b 10 g\n"
	"out T t 1 kg\nin T w 1 kg treat\nin T w2 1 kg treat\nemit T CO2 1 kg\n"
	"out G g1 1 kg\nout G g2 1 piece co\nshare G g1 0.4\nshare G g2 0.6\nin G b 1 kg\n"
	"out M m 1 kg price=1\nout M n 1 piece co price=3\nin M a 1 kg\nin M c1 1 kg\n"
	"factor raw kg CO2e 1 year=1990\nfactor c1 kg CO2 2\nfactor clinker kg CO2e 0.8";

static enum tj_rc
assess_once(struct run *r)
{
	struct tj_arena *arena = tj_arena_new(TJ_MAX_ARENA_BYTES);
	struct tj_findings findings;
	struct tj_assessment a;
	enum tj_rc rc = TJ_E_NOMEM;

	if (arena != NULL) {
		tj_findings_init(&findings, arena);
		rc = tj_assess(&a, &r->book, &r->profile, &r->options, NULL, &findings,
		    arena, &r->err);
	}
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out_anywhere(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, everything);
	r.profile.id = TJ_S("test");
	r.profile.economic_ratio = 5;
	r.profile.classes[TJ_CLASS_SLAG].rule = TJ_CLASS_SUBSTITUTE;
	r.profile.classes[TJ_CLASS_SLAG].substitute = TJ_S("clinker");
	r.profile.classes[TJ_CLASS_GAS].rule = TJ_CLASS_CREDIT;
	r.profile.classes[TJ_CLASS_GAS].credit_kgco2e_per_mj = 0.01;
	assert_ok(assess_once(&r), &r.err);
	OOM_LOOP(assess_once(&r));
	run_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(parallel_edges_add_up),
		test(self_loops_are_loops_of_one),
		test(amounts_may_lie_far_apart),
		test(rows_may_stand_in_any_order),
		test(memory_may_run_out_anywhere),
	};

	return RUN(tests);
}
