#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/loop.h"
#include "engine/update.h"
#include "model/base/mem.h"
#include "tests/bench/measure.h"
#include "tests/bench/recipe.h"

#define CHANGES	201	/* ordinary nodes that are changed one after the other */

/*
 * The core on a generated matrix: plan, sweep, and how far from the bandwidth of the
 * machine.  With MATRIX, that file is written for other solvers: nodes and entries
 * as 64-bit numbers, then start, suppliers, amounts and E of one lane.
 */
struct bench {
	struct bench_graph	 graph;
	struct tj_arena		*graph_arena, *plan_arena;
	struct tj_plan		 plan;
	double			*amounts, *direct, *x;
	struct tj_loop		*loops;
	struct tj_lanes		 lanes;
	struct tj_crew		*crews[2];	/* of one and of two */
	struct tj_crew		*crew;		/* the one that is measured */
	struct bench_bandwidth	 bandwidth[2];
	struct tj_err		 err;
};

static void
check(struct bench *b, enum tj_rc rc)
{
	if (rc == TJ_OK)
		return;
	(void)fprintf(stderr, "sweep_bench: %s\n", b->err.text);
	exit(tj_rc_exit(rc));
}

static void *
need(struct bench *b, void *memory)
{
	if (memory == NULL)
		check(b, tj_fail_nomem(&b->err));
	return memory;
}

static void
forget_plan(void *ctx)
{
	struct bench *b = ctx;

	tj_arena_free(b->plan_arena);
	b->plan_arena = need(b, tj_arena_new(SIZE_MAX));
}

static void
make_plan(void *ctx)
{
	struct bench *b = ctx;

	check(b, tj_plan_make(&b->plan, &b->graph.matrix, b->crew, b->plan_arena, &b->err));
}

static void
fill_amounts(void *ctx)
{
	struct bench *b = ctx;

	tj_plan_amounts(b->amounts, &b->plan, &b->graph.matrix, b->crew);
}

/* E, the same numbers in all lanes but for their size. */
static void
fill_direct(void *ctx)
{
	const struct bench *b = ctx;

	for (uint32_t place = 0; place < b->plan.node_count; place++)
		for (uint32_t l = 0; l < b->lanes.count; l++)
			b->x[(size_t)place * b->lanes.count + l] =
			    b->direct[b->plan.order[place]] * (1 + l / 64.0);
}

static void
sweep(void *ctx)
{
	struct bench *b = ctx;

	check(b, tj_sweep(b->x, b->loops, &b->plan, b->amounts, &b->lanes, b->crew, &b->err));
}

/* Largest |x - e - A x| / x, of the last lane: is what was measured an answer? */
static double
residual(const struct bench *b)
{
	const uint32_t last = b->lanes.count - 1;
	double most = 0;

	for (uint32_t place = 0; place < b->plan.node_count; place++) {
		const double x = b->x[(size_t)place * b->lanes.count + last];
		double sum = b->direct[b->plan.order[place]] * (1 + last / 64.0);

		for (size_t e = b->plan.start[place]; e < b->plan.start[place + 1]; e++)
			sum += b->amounts[e] * b->x[(size_t)(b->plan.suppliers[e] &
			    TJ_PLAN_PLACE) * b->lanes.count + last];
		most = fmax(most, fabs(sum - x) / x);
	}
	return most;
}

/* Rows, values and results once. */
static double
bytes_once(const struct bench *b)
{
	const double n = b->plan.node_count, entries = (double)b->plan.start[b->plan.node_count];

	return n * sizeof(size_t) + entries * (sizeof(uint32_t) + sizeof(double)) +
	    n * b->lanes.count * sizeof(double);
}

static void
measure_sweep(struct bench *b, uint32_t lanes, bool compensated)
{
	const struct bench_job job = { fill_direct, sweep, b };
	char name[64];

	b->lanes = (struct tj_lanes){ .count = lanes, .by_amount = lanes < 8 ? lanes : lanes - 7,
	    .primary = TJ_NONE, .absolute = TJ_NONE, .compensated = compensated };
	if (lanes >= 8) {
		b->lanes.absolute = lanes - 7;
		b->lanes.primary = lanes - 6;
	}
	for (unsigned threads = 1; threads <= 2; threads++) {
		double ms;

		b->crew = b->crews[threads - 1];
		ms = bench_median_ms(&job);
		(void)snprintf(name, sizeof(name), "sweep_%u_%s_%ut", lanes,
		    compensated ? "compensated" : "plain", threads);
		bench_tell(name, ms);
		(void)snprintf(name, sizeof(name), "ratio_%u_%s_%ut", lanes,
		    compensated ? "compensated" : "plain", threads);
		bench_tell(name, ms * b->bandwidth[threads - 1].read / bytes_once(b));
	}
}

static uint32_t
largest_loop(const struct bench *b)
{
	uint32_t best = 0;

	for (uint32_t l = 1; l < b->plan.loop_count; l++)
		if (b->plan.loops[l].end - b->plan.loops[l].first >
		    b->plan.loops[best].end - b->plan.loops[best].first)
			best = l;
	return best;
}

static void
fill_loop(void *ctx)
{
	const struct bench *b = ctx;
	const struct tj_plan_loop where = b->plan.loops[largest_loop(b)];

	for (uint32_t place = where.first; place < where.end; place++)
		b->x[place] = b->direct[b->plan.order[place]];
}

static void
solve_loop(void *ctx)
{
	struct bench *b = ctx;
	const uint32_t loop = largest_loop(b);

	check(b, tj_loop_solve(b->x, &b->loops[loop], &b->plan, b->amounts, &b->lanes, loop,
	    b->crew, &b->err));
}

/* The largest loop alone, one lane, all outside of it being solved. */
static void
measure_loop(struct bench *b)
{
	const struct bench_job job = { fill_loop, solve_loop, b };

	if (b->plan.loop_count == 0)
		return;
	b->crew = b->crews[0];
	bench_tell("loop_1t", bench_median_ms(&job));
	b->crew = b->crews[1];
	bench_tell("loop_2t", bench_median_ms(&job));
	bench_tell("loop_iterations", b->loops[largest_loop(b)].iterations);
}

/* The direct emissions of one node change, back and forth. */
struct change {
	struct bench		*bench;
	struct tj_update	*update;
	uint32_t		 place, changed;
	double			 factor;
};

static void
change(void *ctx)
{
	struct change *c = ctx;
	struct bench *b = c->bench;
	const double e = c->factor * b->direct[b->plan.order[c->place]];
	struct tj_changed changed;

	tj_update_direct(c->update, c->place, &e);
	check(b, tj_update_run(&changed, c->update, b->crew, &b->err));
	c->changed = changed.count;
	c->factor = 3 - c->factor;
}

/* Nodes of the layers, spread over them; then the raw material that is used most. */
static void
measure_changes(struct bench *b, struct tj_update *update)
{
	struct change c = { .bench = b, .update = update };
	const struct bench_job job = { NULL, change, &c };
	const uint32_t first = b->graph.layers_first, all = b->plan.node_count - first;
	double ms[CHANGES], reached[CHANGES];

	for (uint32_t i = 0; i < CHANGES; i++) {
		double begin;

		c.place = b->plan.place[b->graph.node_of[first +
		    (uint32_t)((uint64_t)all * i / CHANGES)]];
		c.factor = 2;
		begin = bench_now_ms();
		change(&c);
		ms[i] = bench_now_ms() - begin;
		reached[i] = c.changed;
	}
	bench_tell("update_ordinary_reaches", bench_median(reached, CHANGES));
	bench_tell("update_ordinary", bench_median(ms, CHANGES));
	bench_tell("update_ordinary_most", ms[CHANGES - 1]);
	c.place = b->plan.place[b->graph.node_of[0]];
	bench_tell("update_raw_material", bench_median_ms(&job));
	bench_tell("update_raw_material_reaches", c.changed);
}

static void
measure_update(struct bench *b)
{
	const size_t n = b->plan.node_count;
	double *e = need(b, tj_mem_calloc(n, sizeof(*e)));
	const struct tj_update_of of = { &b->plan, &b->lanes, b->amounts, e, b->x, b->loops };
	struct tj_update *update = NULL;

	fill_direct(b);
	memcpy(e, b->x, n * sizeof(*e));
	b->crew = b->crews[1];
	sweep(b);
	check(b, tj_update_new(&update, &of, &b->err));
	measure_changes(b, update);
	tj_update_free(update);
	tj_mem_free(e);
}

static void
measure_sweeps(struct bench *b)
{
	const uint32_t lanes[] = { 1, 24, 32 };
	const size_t n = b->plan.node_count;

	b->loops = need(b, tj_mem_calloc((size_t)b->plan.loop_count + 1, sizeof(*b->loops)));
	for (size_t i = 0; i < sizeof(lanes) / sizeof(lanes[0]); i++) {
		b->x = need(b, tj_mem_calloc(n, lanes[i] * sizeof(double)));
		measure_sweep(b, lanes[i], false);
		measure_sweep(b, lanes[i], true);
		if (lanes[i] != 24)
			bench_tell(lanes[i] == 1 ? "residual_1" : "residual_32", residual(b));
		if (lanes[i] == 1) {
			measure_loop(b);
			measure_update(b);
		}
		tj_mem_free(b->x);
	}
}

static void
measure_plan(struct bench *b)
{
	const struct bench_job plan = { forget_plan, make_plan, b };
	const struct bench_job amounts = { NULL, fill_amounts, b };
	const size_t entries = b->graph.matrix.start[b->graph.matrix.node_count];
	const size_t before = bench_resident_bytes();

	b->amounts = need(b, tj_mem_calloc(entries, sizeof(double)));
	b->crew = b->crews[0];
	bench_peak_reset();
	bench_tell("plan_1t", bench_median_ms(&plan));
	bench_tell("amounts_1t", bench_median_ms(&amounts));
	bench_tell("matrix_plan_bytes_per_edge",
	    (double)(bench_peak_bytes() - before) / (double)entries + 12 +
	    8 * (double)b->plan.node_count / (double)entries);
	b->crew = b->crews[1];
	bench_tell("plan_2t", bench_median_ms(&plan));
	bench_tell("amounts_2t", bench_median_ms(&amounts));
}

static void
make_graph(struct bench *b, const struct bench_recipe *recipe)
{
	b->graph_arena = need(b, tj_arena_new(SIZE_MAX));
	check(b, bench_graph_make(&b->graph, recipe, b->graph_arena, &b->err));
	b->direct = need(b, TJ_NEWN(b->graph_arena, double, recipe->nodes));
	for (uint32_t node = 0; node < recipe->nodes; node++)
		b->direct[node] = bench_direct(&b->graph, node, 0);
	bench_tell("nodes", recipe->nodes);
	bench_tell("edges", (double)b->graph.matrix.start[recipe->nodes]);
	bench_tell("loop_nodes", recipe->loops[0].nodes);
	bench_tell("gain", recipe->loops[0].gain);
	bench_tell("small_loops", recipe->loops[1].count);
}

static void
measure_bandwidth(struct bench *b)
{
	static const char *const names[2][2] = {
		{ "read_gb_per_s_1t", "triad_gb_per_s_1t" },
		{ "read_gb_per_s_2t", "triad_gb_per_s_2t" },
	};

	for (unsigned i = 0; i < 2; i++) {
		check(b, tj_crew_new(&b->crews[i], i + 1, &b->err));
		if (!bench_bandwidth_measure(&b->bandwidth[i], b->crews[i]))
			check(b, tj_fail_nomem(&b->err));
		bench_tell(names[i][0], b->bandwidth[i].read * 1e-6);
		bench_tell(names[i][1], b->bandwidth[i].triad * 1e-6);
	}
}

static void
write_matrix(struct bench *b, const char *path)
{
	const struct tj_matrix *m = &b->graph.matrix;
	const size_t entries = m->start[m->node_count];
	const uint64_t head[2] = { m->node_count, entries };
	FILE *file = fopen(path, "wb");

	if (file == NULL || fwrite(head, sizeof(head), 1, file) != 1 ||
	    fwrite(m->start, sizeof(*m->start), m->node_count + (size_t)1, file) !=
	    m->node_count + (size_t)1 ||
	    fwrite(m->suppliers, sizeof(*m->suppliers), entries, file) != entries ||
	    fwrite(m->amounts, sizeof(*m->amounts), entries, file) != entries ||
	    fwrite(b->direct, sizeof(double), m->node_count, file) != m->node_count ||
	    fclose(file) != 0)
		check(b, tj_fail(&b->err, TJ_E_IO, "%s: cannot be written", path));
}

int
main(int argc, char **argv)
{
	struct bench b = { .graph_arena = NULL };
	struct bench_recipe recipe;

	if (argc < 3) {
		(void)fprintf(stderr, "sweep_bench MATRIX|- " BENCH_RECIPE_USAGE "\n");
		return 2;
	}
	recipe = bench_recipe_parse(argc - 2, argv + 2);
	make_graph(&b, &recipe);
	if (argv[1][0] != '-')
		write_matrix(&b, argv[1]);
	measure_bandwidth(&b);
	measure_plan(&b);
	measure_sweeps(&b);
	tj_mem_free(b.loops);
	tj_mem_free(b.amounts);
	tj_arena_free(b.plan_arena);
	tj_arena_free(b.graph_arena);
	tj_crew_free(b.crews[0]);
	tj_crew_free(b.crews[1]);
	return 0;
}
