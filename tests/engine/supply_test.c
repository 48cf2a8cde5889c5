#include "engine/supply.h"
#include "tests/engine/book_text.h"

#define PRODUCTS	200

/* Layers with shared suppliers, by-products with a credit, two loops. */
static void
layers(struct run *r)
{
	uint64_t seed = 7;

	run_init(r, "");
	for (int i = 0; i < PRODUCTS; i++) {
		read_book(r, tj_str_fmt(r->arena, "out A%d p%d 2 kg\nout A%d s%d 0.5 kg co\n"
		    "emit A%d CO2 %.3f kg\nin A%d raw%d 1.5 kg", i, i, i, i, i,
		    1 + tj_test_uniform(&seed), i, i % 9).p);
		for (int k = 0; k < 3 && i > 0; k++)
			read_book(r, tj_str_fmt(r->arena, "in A%d p%d 0.%d kg", i,
			    (int)(tj_test_uniform(&seed) * i), k + 1).p);
	}
	read_book(r, "in A3 p5 0.1 kg\nin A50 p60 0.1 kg\nout A7 p8 0.2 kg credit");
	for (int i = 0; i < 9; i++)
		read_book(r, tj_str_fmt(r->arena, "factor raw%d kg CO2e 0.%d", i, i + 1).p);
	assert_ok(run_all(r), &r->err);
}

static void
assert_list(const struct tj_supplied *used, const double *amounts, uint32_t n)
{
	uint32_t at = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (amounts[i] == 0)
			continue;
		assert_true(at < used->count);
		assert_int_equal(used->list[at++], i);
	}
	assert_int_equal(at, used->count);
}

static void
assert_same(const double *a, const double *b, uint32_t n)
{
	assert_memory_equal(a, b, n * sizeof(*a));
}

/* One that has answered others before, and one that has not. */
static void
answers_do_not_hang_on_earlier_ones(void **state)
{
	struct tj_supply *used, *fresh;
	struct run r;

	(void)state;
	layers(&r);
	assert_ok(tj_supply_new(&used, &r.solution, &r.err), &r.err);
	for (uint32_t p = 0; p < r.graph.product_count; p += 7) {
		const struct tj_demand demand = { p, 2.5 };

		assert_ok(tj_supply_new(&fresh, &r.solution, &r.err), &r.err);
		assert_ok(tj_supply_find(used, &demand, 1, &r.err), &r.err);
		assert_ok(tj_supply_find(fresh, &demand, 1, &r.err), &r.err);
		assert_same(used->node_amounts, fresh->node_amounts, r.plan.node_count);
		assert_same(used->runs, fresh->runs, r.graph.activity_count);
		assert_same(used->flows, fresh->flows, r.graph.flow_count);
		assert_same(used->purchases, fresh->purchases, r.graph.need_count);
		assert_same(&used->total_kgco2e, &fresh->total_kgco2e, 1);
		tj_supply_free(fresh);
	}
	tj_supply_free(used);
	run_fini(&r);
}

static void
lists_name_what_is_not_zero(void **state)
{
	struct run r;

	(void)state;
	layers(&r);
	for (uint32_t p = 0; p < r.graph.product_count; p++) {
		const struct tj_supply *s = supply_of_product(&r, p, 1);

		assert_list(&s->nodes, s->node_amounts, r.plan.node_count);
		assert_list(&s->activities, s->runs, r.graph.activity_count);
		assert_list(&s->flows_used, s->flows, r.graph.flow_count);
		assert_list(&s->needs, s->purchases, r.graph.need_count);
	}
	run_fini(&r);
}

static void
a_refused_demand_leaves_nothing(void **state)
{
	struct tj_demand demands[2] = { { .amount = 1 }, { .amount = 1 } };
	struct run r;
	double total;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A b 2 kg\nemit A CO2 1 kg\nout B b 1 kg\nin B raw 1 kg\n"
	    "out C c 1 kg\nin C d 2 kg\nout D d 1 kg\nin D c 1 kg\nproduct nobody kg\n"
	    "factor raw kg CO2e 3");
	assert_ok(run_all(&r), &r.err);
	total = supply_of(&r, "a", 1)->total_kgco2e;
	assert_near(7, total, 0);
	demands[0].product = product(&r, "a");
	demands[1].product = product(&r, "c");
	assert_rc(TJ_E_LOOP, tj_supply_find(r.supply, demands, 2, &r.err), &r.err);
	assert_int_equal(r.supply->nodes.count, 0);
	demands[1].product = product(&r, "nobody");
	assert_rc(TJ_E_NOTFOUND, tj_supply_find(r.supply, demands, 2, &r.err), &r.err);
	assert_ok(tj_supply_find(r.supply, NULL, 0, &r.err), &r.err);
	assert_near(0, r.supply->total_kgco2e, 0);
	assert_int_equal(r.supply->activities.count, 0);
	assert_near(total, supply_of(&r, "a", 1)->total_kgco2e, 0);
	run_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(answers_do_not_hang_on_earlier_ones),
		test(lists_name_what_is_not_zero),
		test(a_refused_demand_leaves_nothing),
	};

	return RUN(tests);
}
