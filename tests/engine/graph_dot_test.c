#include <graphviz/cgraph.h>

#include "engine/graph_dot.h"
#include "tests/engine/book_text.h"

static Agraph_t *
drawn(struct run *r, const char *key)
{
	tj_str dot = { NULL, 0 };
	Agraph_t *graph;

	assert_ok(run_all(r), &r->err);
	assert_ok(tj_graph_dot(&dot, &r->solution, product(r, key), r->arena, &r->err),
	    &r->err);
	graph = agmemread(dot.p);
	assert_non_null(graph);
	return graph;
}

static void
what_is_written_reads_again_with_its_amounts(void **state)
{
	char label[] = "label", rod[] = "n1", cord[] = "n0";
	Agraph_t *graph;
	Agedge_t *edge;
	struct run r;

	(void)state;
	run_init(&r, "out C \"cord\" 2 kg\nin C rod 3 kg\nin C el 10 kWh\nout M rod 1 kg\n"
	    "factor el kWh CO2e 1\nout X other 1 kg");
	graph = drawn(&r, "\"cord\"");
	assert_int_equal(agnnodes(graph), 3);
	assert_int_equal(agnedges(graph), 2);
	assert_string_equal(agget(agnode(graph, cord, 0), label), "\"cord\"");
	edge = agedge(graph, agnode(graph, rod, 0), agnode(graph, cord, 0), NULL, 0);
	assert_non_null(edge);
	assert_string_equal(agget(edge, label), "1.5 kg");
	(void)agclose(graph);
	run_fini(&r);
}

static void
a_loop_is_drawn_once(void **state)
{
	Agraph_t *graph;
	struct run r;

	(void)state;
	run_init(&r, "out A a 1 kg\nin A b 0.5 kg\nin A a 0.1 kg\nout B b 1 kg\nin B a 0.5 kg");
	graph = drawn(&r, "a");
	assert_int_equal(agnnodes(graph), 2);
	assert_int_equal(agnedges(graph), 3);
	(void)agclose(graph);
	run_fini(&r);
}

static void
no_more_is_drawn_than_anyone_reads(void **state)
{
	Agraph_t *graph;
	struct run r;
	char line[128];

	(void)state;
	run_init(&r, "out A a 1 kg");
	for (int i = 0; i < 2000; i++) {
		(void)snprintf(line, sizeof(line), "in A p%d 1 kg\nout S%d p%d 1 kg", i, i, i);
		read_book(&r, tj_str_dup(tj_str_of(line), r.arena).p);
	}
	graph = drawn(&r, "a");
	assert_int_equal(agnnodes(graph), TJ_MAX_DOT_NODES);
	(void)agclose(graph);
	run_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_is_written_reads_again_with_its_amounts),
		test(a_loop_is_drawn_once),
		test(no_more_is_drawn_than_anyone_reads),
	};

	return RUN(tests);
}
