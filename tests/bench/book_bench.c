#include <stdio.h>
#include <stdlib.h>

#include "engine/assess.h"
#include "engine/cli/load.h"
#include "engine/supply.h"
#include "tests/bench/measure.h"

/*
 * bench_book FOLDER [THREADS]: from the files of a native book to every footprint, each
 * stage once, the memory of it all, and then one product after another upstream.
 */
#define TRACED	101

struct bench {
	struct tj_arena		*arena;
	struct tj_crew		*crew;
	struct tj_book		 book;
	struct tj_profile	 profile;
	struct tj_findings	 findings;
	struct tj_assessment	 a;
	struct tj_err		 err;
	double			 begin;
};

static void
check(struct bench *b, const char *stage, enum tj_rc rc)
{
	if (rc != TJ_OK) {
		(void)fprintf(stderr, "bench_book: %s: %s\n", stage, b->err.text);
		exit(tj_rc_exit(rc));
	}
	bench_tell(stage, bench_now_ms() - b->begin);
	b->begin = bench_now_ms();
}

static void
assess(struct bench *b, const char *folder)
{
	const struct tj_resolve_options options = { .missing_zero = true };
	struct tj_assessment *a = &b->a;
	size_t rows;

	b->begin = bench_now_ms();
	check(b, "read", tj_load_book(&b->book, folder, b->crew, &b->findings,
	    b->arena, &b->err));
	rows = b->book.products.n + b->book.outputs.n + b->book.inputs.n + b->book.emissions.n;
	check(b, "graph", tj_graph_build(&a->graph, &b->book, &b->profile, &b->findings,
	    b->arena, &b->err));
	check(b, "resolve", tj_resolve(&a->offers, &a->graph, &options, &b->findings, b->arena,
	    &b->err));
	check(b, "allocate", tj_allocate(&a->system, &a->graph, &b->findings, b->arena,
	    &b->err));
	check(b, "plan_of_book", tj_plan_make(&a->plan, &a->system.matrix, b->crew, b->arena,
	    &b->err));
	check(b, "solve_of_book", tj_solve(&a->solution, &a->system, &a->plan, a->offers,
	    b->crew, &b->findings, b->arena, &b->err));
	bench_tell("lanes_of_book", a->solution.lanes.count);
	bench_tell("rows", (double)rows);
	bench_tell("peak_bytes_per_edge", (double)bench_peak_bytes() /
	    (double)a->system.matrix.start[a->system.node_count]);
	bench_tell("peak_bytes_per_node", (double)bench_peak_bytes() / a->system.node_count);
}

/* Products spread over the book; the first answer readies what all share, and is not counted. */
static void
trace(struct bench *b)
{
	const uint32_t n = b->a.graph.product_count;
	struct tj_supply *supply = NULL;
	double ms[TRACED], nodes[TRACED], all_ms = 0, all_nodes = 0;

	b->begin = bench_now_ms();
	check(b, "supply_new", tj_supply_new(&supply, &b->a.solution, &b->err));
	for (uint32_t i = 0; i <= TRACED; i++) {
		const struct tj_demand demand = { (uint32_t)((uint64_t)n * i / (TRACED + 1)), 1 };
		const uint32_t k = i == 0 ? 0 : i - 1;
		const double begin = bench_now_ms();

		if (tj_supply_find(supply, &demand, 1, &b->err) != TJ_OK)
			check(b, "supply", b->err.rc);
		ms[k] = bench_now_ms() - begin;
		nodes[k] = supply->nodes.count;
	}
	for (uint32_t k = 0; k < TRACED; k++) {
		all_ms += ms[k];
		all_nodes += nodes[k];
	}
	bench_tell("supply_ns_per_node", all_ms * 1e6 / all_nodes);
	bench_tell("supply_nodes_median", bench_median(nodes, TRACED));
	bench_tell("supply_median", bench_median(ms, TRACED));
	bench_tell("supply_most", ms[TRACED - 1]);
	tj_supply_free(supply);
}

int
main(int argc, char **argv)
{
	struct bench b = { .arena = tj_arena_new(SIZE_MAX) };
	tj_digest digest;

	if (argc < 2 || b.arena == NULL) {
		(void)fprintf(stderr, "bench_book FOLDER [THREADS]\n");
		return 2;
	}
	if (tj_crew_new(&b.crew, argc > 2 ? (unsigned)atoi(argv[2]) : 1, &b.err) != TJ_OK)
		return 1;
	tj_findings_init(&b.findings, b.arena);
	b.begin = bench_now_ms();
	check(&b, "profile", tj_load_profile(&b.profile, &digest, TJ_S("iso14067"), b.arena,
	    &b.err));
	assess(&b, argv[1]);
	trace(&b);
	tj_crew_free(b.crew);
	tj_arena_free(b.arena);
	return 0;
}
