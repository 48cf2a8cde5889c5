/*
 * What holds for every book: what a product carries (x) and what its demand calls forth (s)
 * are two views of one thing, and both are what elimination in long double finds.
 */
#include "tests/bench/graphs.h"
#include "tests/engine/book_text.h"

#define MOST_NODES	64

static bool
now_and_then(uint64_t *seed, unsigned one_in)
{
	return tj_test_random(seed) % one_in == 0;
}

/* An amount whose size may be anything that is met, loops aside. */
static double
any_amount(uint64_t *seed)
{
	const double x = 0.01 + tj_test_uniform(seed);

	return now_and_then(seed, 20) ? ldexp(x, (int)(tj_test_random(seed) % 60) - 30) : x;
}

static void add_line(struct run *, const char *fmt, ...) TJ_PRINTF(2, 3);

static void
add_line(struct run *r, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	read_book(r, tj_str_dup(tj_str_of(text), r->arena).p);
}

struct shape {
	unsigned	activities;
	bool		loops, credits;
	double		strength;	/* of an input from within the book */
};

/* What one activity gives: itself, a co-product, a waste, a credit. */
static void
random_outputs(struct run *r, uint64_t *seed, const struct shape *shape, unsigned a)
{
	add_line(r, "out A%u p%u %.9g kg", a, a, 0.5 + tj_test_uniform(seed));
	if (now_and_then(seed, 4))
		add_line(r, "out A%u q%u %.9g kg co", a, a, 0.1 + tj_test_uniform(seed));
	if (now_and_then(seed, 6))
		add_line(r, "out A%u w%llu %.9g kg waste", a,
		    (unsigned long long)(tj_test_random(seed) % 2), 0.1 * tj_test_uniform(seed));
	if (shape->credits && now_and_then(seed, 4))
		add_line(r, "out A%u %s %.9g kg credit", a,
		    now_and_then(seed, 2) ? "raw0" : "p0", 0.1 * tj_test_uniform(seed));
}

static void
random_inputs(struct run *r, uint64_t *seed, const struct shape *shape, unsigned a)
{
	const unsigned inputs = (unsigned)(tj_test_random(seed) % 5);

	for (unsigned i = 0; i < inputs; i++) {
		const unsigned among = shape->loops ? shape->activities : a;

		if (among > 0)
			add_line(r, "in A%u %c%u %.9g kg%s", a, now_and_then(seed, 9) ? 'm' : 'p',
			    (unsigned)(tj_test_random(seed) % among),
			    shape->loops ? shape->strength * tj_test_uniform(seed)
			    : any_amount(seed), now_and_then(seed, 8) ? " secondary" : "");
	}
	if (now_and_then(seed, 2))
		add_line(r, "in A%u raw%u %.9g kg", a, (unsigned)(tj_test_random(seed) % 3),
		    any_amount(seed));
}

/* Products p, co-products q, wastes w that two activities treat, m that two make. */
static void
random_book(struct run *r, uint64_t *seed, const struct shape *shape)
{
	run_init(r, "gwp CO2 1\ngwp CH4 29.8\ngwp N2O 273\n"
	    "factor raw0 kg CO2e 0.7\nfactor raw1 kg CO2 0.5\nfactor raw1 kg CH4 0.01\n"
	    "factor raw2 kg CO2e -0.2 category=removal\nout T0 t0 1 kg\nin T0 w0 1 kg treat\n"
	    "emit T0 CH4 0.02 kg\nout T1 t1 1 kg\nin T1 w1 2 kg treat\nemit T1 CO2 0.3 kg");
	for (unsigned a = 0; a < shape->activities; a++) {
		random_outputs(r, seed, shape, a);
		random_inputs(r, seed, shape, a);
		add_line(r, "emit A%u %s %.9g kg%s", a, now_and_then(seed, 3) ? "CH4" : "CO2",
		    any_amount(seed), now_and_then(seed, 5) ? " category=biogenic" : "");
		add_line(r, "out M%u m%u 1 kg\nin M%u p%u 0.3 kg\nemit M%u N2O 0.001 kg\n"
		    "out L%u m%u %.9g kg\nemit L%u CO2 0.5 kg", a, a, a, a, a, a, a,
		    tj_test_uniform(seed) + 0.1, a);
	}
}

static struct shape
random_shape(uint64_t *seed)
{
	return (struct shape){ .activities = 1 + (unsigned)(tj_test_random(seed) % 9),
	    .loops = now_and_then(seed, 2), .credits = now_and_then(seed, 3),
	    .strength = 0.1 + 0.9 * tj_test_uniform(seed) };
}

/* How large the parts are that a sum is made of. */
static double
parts(const struct tj_values *v)
{
	double sum = v->quality.absolute;

	for (size_t s = 0; s < TJ_STAGES; s++)
		for (size_t c = 0; c < TJ_CATEGORIES; c++)
			sum += fabs(v->kgco2e[s][c]);
	return fmax(sum, 1e-300);
}

static double
weighed(const struct run *r, const struct tj_supply *supply)
{
	double sum = 0;

	for (uint32_t f = 0; f < r->graph.flow_count; f++)
		if (supply->flows[f] != 0)
			sum += supply->flows[f] * tj_graph_gwp(&r->graph, f, -1);
	return sum;
}

static void
check_near(double want, double got, double scale, const char *what, uint64_t seed)
{
	if (!(fabs(want - got) <= 1e-11 * scale))
		fail_msg("seed %llu: %s: %.17g and %.17g", (unsigned long long)seed, what, want,
		    got);
}

/* Every so many products one by one, then all of them that have a footprint at once. */
static void
check_views(struct run *r, uint32_t step, uint64_t seed)
{
	struct tj_demand *all = TJ_NEWN(r->arena, struct tj_demand, r->graph.product_count);
	double sum = 0, scale = 0;
	size_t n = 0;

	if (r->supply == NULL)
		assert_ok(tj_supply_new(&r->supply, &r->solution, &r->err), &r->err);
	for (uint32_t p = 0; p < r->graph.product_count; p += step) {
		const struct tj_demand demand = { p, 0.25 + p };
		struct tj_values v;
		const enum tj_rc rc = tj_solution_product(&v, &r->solution, p, &r->err);

		assert_int_equal(rc, tj_supply_find(r->supply, &demand, 1, &r->err));
		if (rc != TJ_OK) {
			assert_true(rc == TJ_E_LOOP || rc == TJ_E_NOTFOUND);
			continue;
		}
		check_near(demand.amount * tj_values_total_kgco2e(&v), r->supply->total_kgco2e,
		    demand.amount * parts(&v), "x f and g w", seed);
		check_near(weighed(r, r->supply), r->supply->total_kgco2e,
		    demand.amount * parts(&v), "the inventory weighed", seed);
		sum += r->supply->total_kgco2e;
		scale += demand.amount * parts(&v);
		all[n++] = demand;
	}
	assert_ok(tj_supply_find(r->supply, all, n, &r->err), &r->err);
	check_near(sum, r->supply->total_kgco2e, scale, "many demands", seed);
}

/* e_j as engine/allocate.h has it. */
static long double
direct(const struct run *r, uint32_t node)
{
	const struct tj_system *system = &r->system;
	long double sum = 0;

	for (size_t p = system->purchase_start[node]; p < system->purchase_start[node + 1]; p++)
		for (int c = 0; c < TJ_CATEGORIES; c++)
			sum += (long double)system->purchases[p].amount *
			    r->offers[system->purchases[p].need].kgco2e[c];
	if (node < r->graph.column_count) {
		const uint32_t a = r->graph.columns[node].activity;

		sum += system->credits_kgco2e[node];
		for (uint32_t i = r->graph.release_start[a]; i < r->graph.release_start[a + 1]; i++)
			sum += (long double)system->scales[node] * r->graph.releases[i].kgco2e;
	}
	return sum;
}

struct dense {
	uint32_t	n;
	long double	a[MOST_NODES][MOST_NODES + 1];	/* I - A, and e, by place */
};

static void
fill(struct dense *d, const struct run *r)
{
	const struct tj_matrix *m = &r->system.matrix;

	d->n = m->node_count;
	assert_true(d->n <= MOST_NODES);
	for (uint32_t i = 0; i < d->n; i++) {
		const uint32_t node = r->plan.order[i];

		for (uint32_t k = 0; k < d->n; k++)
			d->a[i][k] = i == k;
		for (size_t e = m->start[node]; e < m->start[node + 1]; e++)
			d->a[i][r->plan.place[m->suppliers[e]]] -= m->amounts[e];
		d->a[i][d->n] = direct(r, node);
	}
}

/* Gauss and Jordan, suppliers first: outside loops nothing cancels. The smallest pivot. */
static long double
eliminate(struct dense *d)
{
	long double least = 1;

	for (uint32_t k = 0; k < d->n; k++) {
		least = fminl(least, fabsl(d->a[k][k]));
		for (uint32_t i = 0; i < d->n; i++) {
			const long double factor = i == k ? 0 : d->a[i][k] / d->a[k][k];

			for (uint32_t c = k; factor != 0 && c <= d->n; c++)
				d->a[i][c] -= factor * d->a[k][c];
		}
	}
	return least;
}

/* Where a loop has no solution, nothing that is upstream of it matters to the others. */
static bool
check_elimination(const struct run *r, uint64_t seed)
{
	static struct dense d;

	for (uint32_t l = 0; l < r->plan.loop_count; l++)
		if (r->solution.loops[l].state != TJ_LOOP_SOLVED)
			return false;
	fill(&d, r);
	if (eliminate(&d) < 1e-6L)
		return false;
	for (uint32_t i = 0; i < d.n; i++) {
		const double want = (double)(d.a[i][d.n] / d.a[i][i]);
		struct tj_values v;

		tj_solution_values(&v, &r->solution, r->plan.order[i]);
		check_near(want, tj_values_total_kgco2e(&v), fmax(fabs(want), parts(&v)),
		    "elimination", seed);
	}
	return true;
}

static void
books_have_one_answer_in_three_ways(void **state)
{
	unsigned compared = 0, refused = 0, loops = 0, rounds = 4000;

	(void)state;
	for (uint64_t seed = 1; seed <= rounds; seed++) {
		uint64_t random = seed * 0x9e3779b97f4a7c15u;
		const struct shape shape = random_shape(&random);
		struct run r;

		random_book(&r, &random, &shape);
		assert_ok(run_all(&r), &r.err);
		check_views(&r, 1, seed);
		compared += check_elimination(&r, seed);
		loops += r.plan.loop_count > 0;
		refused += times_found(&r, TJ_RULE_BAD_LOOP) > 0;
		run_fini(&r);
	}
	assert_true(compared > rounds * 9 / 10);
	assert_true(loops > rounds / 3);
	assert_true(refused > rounds / 100);
}

/* A generated matrix as a book without text: node, activity and product have one number. */
static void
book_of_graph(struct run *r, const struct bench_graph *g)
{
	const tj_unit kg = unit(TJ_S("kg"));
	const uint32_t co2 = tj_names_add(&r->book.flows, TJ_S("CO2"));

	for (uint32_t i = 0; i < g->matrix.node_count; i++) {
		const tj_str key = tj_str_fmt(r->arena, "%u", i);

		assert_int_equal(tj_book_product(&r->book, key), i);
		assert_int_equal(tj_book_activity(&r->book, key), i);
		assert_true(TJ_PUSH(r->arena, &r->book.outputs, (struct tj_output){
		    .activity = i, .product = i, .amount = 1, .unit = kg,
		    .price_per_unit = NAN, .energy_mj_per_unit = NAN }));
		assert_true(TJ_PUSH(r->arena, &r->book.emissions, (struct tj_emission){
		    .activity = i, .flow = co2, .amount = bench_direct(g, i, 0), .unit = kg,
		    .gsd2 = NAN, .category = -1 }));
		for (size_t e = g->matrix.start[i]; e < g->matrix.start[i + 1]; e++)
			assert_true(TJ_PUSH(r->arena, &r->book.inputs, (struct tj_input){
			    .activity = i, .product = g->matrix.suppliers[e],
			    .provider = TJ_NONE, .amount = g->matrix.amounts[e], .unit = kg,
			    .gsd2 = NAN, .stage = -1 }));
	}
}

/* x = e + A x, entry by entry. */
static void
check_residual(const struct run *r, const struct bench_graph *g, uint64_t seed)
{
	for (uint32_t i = 0; i < g->matrix.node_count; i++) {
		struct tj_values v;
		double sum = bench_direct(g, i, 0), size = sum, x;

		tj_solution_values(&v, &r->solution, i);
		x = tj_values_total_kgco2e(&v);
		for (size_t e = g->matrix.start[i]; e < g->matrix.start[i + 1]; e++) {
			tj_solution_values(&v, &r->solution, g->matrix.suppliers[e]);
			sum += g->matrix.amounts[e] * tj_values_total_kgco2e(&v);
			size += fabs(g->matrix.amounts[e] * tj_values_total_kgco2e(&v));
		}
		check_near(x, sum, size, "residual", seed);
	}
}

static struct bench_recipe
random_recipe(uint64_t *seed)
{
	const double gain = 0.3 + 0.699 * tj_test_uniform(seed);

	return (struct bench_recipe){
		.nodes = 800 + (uint32_t)(tj_test_random(seed) % 400), .seed = *seed,
		.credits = now_and_then(seed, 3) ? 0.05 : 0,
		.loops = {
			{ 2 + (uint32_t)(tj_test_random(seed) % 90), 1, gain, 0 },
			{ 97 + (uint32_t)(tj_test_random(seed) % 100), 1, gain, 0 },
			{ 3 + (uint32_t)(tj_test_random(seed) % 50), 1, gain / 2, 0.1 },
			{ 2, 10, gain, 0 },
		},
	};
}

static void
graphs_have_one_answer_in_both_views(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 30; seed++) {
		uint64_t random = seed * 0x9e3779b97f4a7c15u;
		const struct bench_recipe recipe = random_recipe(&random);
		struct bench_graph graph;
		struct run r;

		run_init(&r, "");
		assert_ok(bench_graph_make(&graph, &recipe, r.arena, &r.err), &r.err);
		book_of_graph(&r, &graph);
		assert_ok(run_all(&r), &r.err);
		assert_true(r.plan.loop_count >= 13);
		check_residual(&r, &graph, seed);
		check_views(&r, 17, seed);
		run_fini(&r);
	}
}

/* Of the loop made for a gain the amplification is known: 1 / (1 - gain). */
static void
gains_are_those_that_were_asked_for(void **state)
{
	const double gains[] = { 0.5, 0.9, 0.99, 0.9999 };

	(void)state;
	for (size_t i = 0; i < sizeof(gains) / sizeof(gains[0]); i++) {
		const struct bench_recipe recipe = { .nodes = 1000, .seed = i,
		    .loops = { { 80, 1, gains[i], 0 } } };
		struct bench_graph graph;
		struct run r;

		run_init(&r, "");
		assert_ok(bench_graph_make(&graph, &recipe, r.arena, &r.err), &r.err);
		book_of_graph(&r, &graph);
		assert_ok(run_all(&r), &r.err);
		assert_int_equal(r.plan.loop_count, 1);
		assert_true(r.solution.loops[0].amplification >= (1 - 1e-6) / (1 - gains[i]));
		assert_true(r.solution.loops[0].amplification <= 3 / (1 - gains[i]));
		run_fini(&r);
	}
}

static void
generated_graphs_may_run_out_of_memory(void **state)
{
	const struct bench_recipe recipe = { .nodes = 100, .secondary = 0.1,
	    .loops = { { 8, 2, 0.5, 0.1 } } };
	struct bench_graph graph;
	struct tj_arena *arena = tj_arena_new(SIZE_MAX);

	(void)state;
	OOM_LOOP(bench_graph_make(&graph, &recipe, arena, NULL));
	assert_rc(TJ_E_LIMIT, bench_graph_make(&graph, &(struct bench_recipe){ .nodes = 100,
	    .loops = { { 60, 1, 0.5, 0 } } }, arena, NULL), NULL);
	tj_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(books_have_one_answer_in_three_ways),
		test(graphs_have_one_answer_in_both_views),
		test(gains_are_those_that_were_asked_for),
		test(generated_graphs_may_run_out_of_memory),
	};

	return RUN(tests);
}
