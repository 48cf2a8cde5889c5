#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/sweep.h"
#include "model/base/mem.h"
#include "tests/bench/graphs.h"

/*
 * bits [print]: the same input gives the same bits, with 1, 2 or 4 threads, with whatever
 * compiler and optimisation this was built.  The graph has all that is computed in a
 * way of its own: loops for dense LU and for iteration, with credits, with credits and a
 * gain of one and more (large ones by KLU), credits elsewhere, secondary entries, one lane
 * and 32, plain and compensated sums.  `print` says the sum of all results instead of comparing it: what
 * to write below when the arithmetic was changed on purpose.
 */
#define EXPECTED	UINT64_C(0xa78a2cab64071c22)

static const struct bench_recipe recipe = {
	.nodes = 20000, .seed = 20260921, .secondary = 0.1, .credits = 0.02,
	.loops = {
		{ .nodes = 40, .count = 10, .gain = 0.9 },
		{ .nodes = 2000, .count = 1, .gain = 0.99 },
		{ .nodes = 300, .count = 2, .gain = 0.8, .credits = 0.1 },
		{ .nodes = 20, .count = 3, .gain = 1.3, .credits = 0.3 },
		{ .nodes = 150, .count = 1, .gain = 1.3, .credits = 0.3 },
	},
};

struct bits {
	struct tj_arena		*arena;
	struct bench_graph	 graph;
	struct tj_plan		 plan;
	double			*amounts, *x, *first;
	struct tj_loop		*loops;
	uint64_t		 sum;
	struct tj_err		 err;
	bool			 bad;
};

static void
check(struct bits *b, enum tj_rc rc)
{
	if (rc == TJ_OK)
		return;
	(void)fprintf(stderr, "bits: %s: %s\n", tj_rc_name(rc), b->err.text);
	exit(1);
}

static void *
need(struct bits *b, void *memory)
{
	if (memory == NULL)
		check(b, tj_fail_nomem(&b->err));
	return memory;
}

static struct tj_lanes
lanes_of(uint32_t count, bool compensated)
{
	struct tj_lanes lanes = { .count = count, .by_amount = count, .primary = TJ_NONE,
	    .absolute = TJ_NONE, .compensated = compensated };

	if (count == 32) {
		lanes.by_amount = 25;
		lanes.absolute = 25;
		lanes.primary = 26;
	}
	return lanes;
}

static void
fill(struct bits *b, uint32_t lanes)
{
	for (uint32_t place = 0; place < b->plan.node_count; place++)
		for (uint32_t l = 0; l < lanes; l++)
			b->x[(size_t)place * lanes + l] = bench_direct(&b->graph,
			    b->plan.order[place], l);
}

/* Every bit counts, and where it stands (FNV-1a over whole words, turned). */
static void
sum_up(struct bits *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t word;

		memcpy(&word, &b->x[i], sizeof(word));
		b->sum = (b->sum ^ word) * UINT64_C(0x100000001b3);
		b->sum ^= b->sum >> 29;
		b->bad = b->bad || !isfinite(b->x[i]);
	}
}

static void
sweep(struct bits *b, uint32_t lanes, bool compensated)
{
	const struct tj_lanes how = lanes_of(lanes, compensated);
	const size_t n = (size_t)b->plan.node_count * lanes;
	const unsigned threads[] = { 1, 2, 4 };

	for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
		struct tj_crew *crew = NULL;

		check(b, tj_crew_new(&crew, threads[i], &b->err));
		fill(b, lanes);
		check(b, tj_sweep(b->x, b->loops, &b->plan, b->amounts, &how, crew, &b->err));
		tj_crew_free(crew);
		if (i == 0) {
			memcpy(b->first, b->x, n * sizeof(*b->x));
			sum_up(b, n);
		} else if (memcmp(b->first, b->x, n * sizeof(*b->x)) != 0) {
			(void)fprintf(stderr, "bits: %u lanes: %u threads give other bits\n",
			    lanes, threads[i]);
			b->bad = true;
		}
	}
}

/* That the graph is what is said above. */
static void
check_loops(struct bits *b)
{
	uint32_t methods[TJ_LOOP_SPARSE + 1] = { 0 }, credits = 0, without_gain = 0;

	for (uint32_t l = 0; l < b->plan.loop_count; l++) {
		methods[b->loops[l].method]++;
		credits += b->loops[l].credits;
		without_gain += isinf(b->loops[l].amplification) != 0;
		b->bad = b->bad || b->loops[l].state != TJ_LOOP_SOLVED;
	}
	(void)printf("%u loops: %u dense, %u iterative, %u sparse, %u with credits, "
	    "%u of a gain of one or more\n", b->plan.loop_count, methods[TJ_LOOP_DENSE],
	    methods[TJ_LOOP_ITERATIVE], methods[TJ_LOOP_SPARSE], credits, without_gain);
	b->bad = b->bad || methods[TJ_LOOP_DENSE] == 0 || methods[TJ_LOOP_SPARSE] == 0 ||
	    credits < 6 || without_gain < 4;
}

static void
solve(struct bits *b)
{
	const uint32_t lanes[] = { 1, 32 };

	check(b, bench_graph_make(&b->graph, &recipe, b->arena, &b->err));
	check(b, tj_plan_make(&b->plan, &b->graph.matrix, NULL, b->arena, &b->err));
	b->amounts = need(b, TJ_NEWN(b->arena, double, b->plan.start[b->plan.node_count]));
	b->x = need(b, TJ_NEWN(b->arena, double, (size_t)b->plan.node_count * 32));
	b->first = need(b, TJ_NEWN(b->arena, double, (size_t)b->plan.node_count * 32));
	b->loops = need(b, TJ_NEWN(b->arena, struct tj_loop, b->plan.loop_count));
	tj_plan_amounts(b->amounts, &b->plan, &b->graph.matrix, NULL);
	for (size_t i = 0; i < sizeof(lanes) / sizeof(lanes[0]); i++) {
		sweep(b, lanes[i], false);
		sweep(b, lanes[i], true);
	}
	check_loops(b);
}

int
main(int argc, char **argv)
{
	struct bits b = { .arena = tj_arena_new(SIZE_MAX) };

	need(&b, b.arena);
	solve(&b);
	tj_arena_free(b.arena);
	if (argc > 1 && strcmp(argv[1], "print") == 0) {
		(void)printf("%#llx\n", (unsigned long long)b.sum);
	} else if (b.sum != EXPECTED) {
		(void)fprintf(stderr, "bits: the results sum up to %#llx, not %#llx\n",
		    (unsigned long long)b.sum, (unsigned long long)EXPECTED);
		b.bad = true;
	}
	return b.bad;
}
