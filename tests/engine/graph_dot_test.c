#include <graphviz/cgraph.h>

#include "engine/graph_dot.h"
#include "engine/graph_svg.h"
#include "tests/engine/random_book.h"

static struct tj_picture
pictured(struct run *r, const char *key, struct tj_trace_options options)
{
	const struct tj_supply *supply = supply_of(r, key, options.amount);
	struct tj_picture picture = { .node_count = 0 };
	struct tj_trace trace = { .path_count = 0 };

	assert_ok(tj_trace_make(&trace, &r->solution, product(r, key), &options, supply,
	    r->arena, &r->err), &r->err);
	assert_ok(tj_picture_make(&picture, &r->solution, &trace, &options, supply,
	    r->arena, &r->err), &r->err);
	return picture;
}

static tj_str
dot_of(struct run *r, const struct tj_picture *picture, enum tj_lang lang)
{
	tj_str dot = { NULL, 0 };

	assert_ok(tj_graph_dot(&dot, picture, lang, r->arena, &r->err), &r->err);
	return dot;
}

static Agraph_t *
drawn(struct run *r, const char *key)
{
	const struct tj_trace_options all = { 1, 0, 100 };
	struct tj_picture picture;
	Agraph_t *graph;

	assert_ok(run_all(r), &r->err);
	picture = pictured(r, key, all);
	graph = agmemread(dot_of(r, &picture, TJ_EN).p);
	assert_non_null(graph);
	return graph;
}

/* What members add themselves and what is not drawn. */
static void
parts_sum(const struct tj_picture *picture)
{
	double sum = 0, size = fabs(picture->total_kgco2e);
	tj_dec declared = TJ_DEC_ZERO;

	for (uint32_t i = 0; i < picture->node_count; i++) {
		const struct tj_picture_node *it = &picture->nodes[i];

		sum += it->own_kgco2e + it->rest_kgco2e;
		size += fabs(it->own_kgco2e) + fabs(it->rest_kgco2e);
		assert_ok(tj_dec_add(&declared, declared, it->own_declared_kgco2e, NULL),
		    NULL);
		assert_ok(tj_dec_add(&declared, declared, it->rest_declared_kgco2e, NULL),
		    NULL);
	}
	if (fabs(sum - picture->total_kgco2e) > 1e-9 * size)
		fail_msg("parts %.17g, total %.17g", sum, picture->total_kgco2e);
	assert_int_equal(tj_dec_cmp(declared, picture->declared_kgco2e), 0);
}

static uint32_t
loop_of(const struct tj_picture *picture, uint32_t number)
{
	const struct tj_plan *plan = picture->solution->plan;
	const uint32_t node = picture->nodes[number].node;

	return node == TJ_NONE ? TJ_NONE : tj_plan_loop_of(plan, plan->place[node]);
}

/* Each node, and each loop as a whole, passes on what it takes and adds. */
static void
nodes_pass_on(const struct tj_picture *picture)
{
	for (uint32_t i = 0; i < picture->node_count; i++) {
		const uint32_t loop = loop_of(picture, i);
		double in = 0, out = 0, size = 1;

		for (uint32_t j = 0; j < picture->node_count; j++)
			if (j == i || (loop != TJ_NONE && loop_of(picture, j) == loop)) {
				in += picture->nodes[j].own_kgco2e +
				    picture->nodes[j].rest_kgco2e;
				out += picture->nodes[j].through_kgco2e;
				size += fabs(picture->nodes[j].own_kgco2e);
			}
		for (size_t e = 0; e < picture->edge_count; e++) {
			const uint32_t to = picture->edges[e].to;

			if (to == i || (loop != TJ_NONE && loop_of(picture, to) == loop)) {
				in += picture->edges[e].kgco2e;
				size += fabs(picture->edges[e].kgco2e);
			}
		}
		if (fabs(in - out) > 1e-9 * size)
			fail_msg("node %u: in %.17g, out %.17g", i, in, out);
	}
}

static void
parts_of_a_picture_sum_to_the_total_on_random_graphs_with_loops(void **state)
{
	static const struct tj_trace_options options[] = {
		{ 1, 0, 100 }, { 1, 0.05, 100 }, { 3, 0.01, 2 }, { 1, 0.2, 5 },
	};

	(void)state;
	for (uint64_t seed = 1; seed <= 400; seed++) {
		struct run r;

		random_book(&r, seed);
		assert_ok(run_all(&r), &r.err);
		for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
			const struct tj_picture picture = pictured(&r, "p0", options[i]);

			parts_sum(&picture);
			nodes_pass_on(&picture);
		}
		run_fini(&r);
	}
}

static tj_str
written(Agraph_t *graph, struct tj_arena *arena)
{
	char *bytes = NULL;
	size_t n = 0;
	FILE *file = open_memstream(&bytes, &n);
	tj_str text;

	assert_non_null(file);
	assert_int_equal(agwrite(graph, file), 0);
	assert_int_equal(fclose(file), 0);
	text = tj_str_dup((tj_str){ bytes, n }, arena);
	free(bytes);
	return text;
}

/* Each attribute of `one`, as it is in `two`. */
static void
attributes_agree(Agraph_t *graph, int kind, void *one, void *two)
{
	for (Agsym_t *it = NULL; (it = agnxtattr(graph, kind, it)) != NULL;)
		assert_string_equal(agget(one, it->name), agget(two, it->name));
}

/* Each node and edge of `one` is in `two` with its attributes. */
static void
is_within(Agraph_t *one, Agraph_t *two)
{
	attributes_agree(one, AGRAPH, one, two);
	for (Agnode_t *n = agfstnode(one); n != NULL; n = agnxtnode(one, n)) {
		Agnode_t *again = agnode(two, agnameof(n), 0);

		assert_non_null(again);
		attributes_agree(one, AGNODE, n, again);
		for (Agedge_t *e = agfstout(one, n); e != NULL; e = agnxtout(one, e)) {
			Agnode_t *head = agnode(two, agnameof(aghead(e)), 0);
			Agedge_t *edge = head == NULL ? NULL
			    : agedge(two, again, head, NULL, 0);

			assert_non_null(edge);
			attributes_agree(one, AGEDGE, e, edge);
		}
	}
	assert_int_equal(agnnodes(one), agnnodes(two));
	assert_int_equal(agnedges(one), agnedges(two));
}

static void
dot_round_trips_through_cgraph(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 50; seed++) {
		const struct tj_trace_options some = { 1, 0.03, 6 };
		struct tj_picture picture;
		Agraph_t *graph, *again;
		struct run r;

		random_book(&r, seed);
		assert_ok(run_all(&r), &r.err);
		picture = pictured(&r, "p0", some);
		graph = agmemread(dot_of(&r, &picture, seed % 2 == 0 ? TJ_ZH : TJ_EN).p);
		assert_non_null(graph);
		again = agmemread(written(graph, r.arena).p);
		assert_non_null(again);
		is_within(graph, again);
		assert_true(agnnodes(graph) >= (int)picture.node_count);
		assert_true(agnedges(graph) >= (int)picture.edge_count);
		(void)agclose(graph);
		(void)agclose(again);
		run_fini(&r);
	}
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
	r.profile.digits = 2;
	graph = drawn(&r, "\"cord\"");
	assert_int_equal(agnnodes(graph), 3);
	assert_int_equal(agnedges(graph), 2);
	assert_string_equal(agget(agnode(graph, cord, 0), label),
	    "\"cord\"\\nC\\n1 kg: 5 kg CO2e (100.0 %)");
	edge = agedge(graph, agnode(graph, rod, 0), agnode(graph, cord, 0), NULL, 0);
	assert_non_null(edge);
	assert_string_equal(agget(edge, label), "1.5 kg\\n0 kg CO2e (0.0 %)");
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
		(void)snprintf(line, sizeof(line), "in A p%d 1 kg\nout S%d p%d 1 kg\n"
		    "emit S%d CO2 1 kg", i, i, i, i);
		read_book(&r, tj_str_dup(tj_str_of(line), r.arena).p);
	}
	graph = drawn(&r, "a");
	assert_in_range(agnnodes(graph), TJ_MAX_DOT_NODES / 2, TJ_MAX_DOT_NODES);
	(void)agclose(graph);
	run_fini(&r);
}

static tj_str
svg_of(struct run *r, const struct tj_picture *picture, enum tj_lang lang)
{
	tj_str svg = { NULL, 0 };

	assert_ok(tj_graph_svg(&svg, dot_of(r, picture, lang), r->arena, &r->err), &r->err);
	return svg;
}

static bool
holds(tj_str text, const char *what)
{
	return strstr(text.p, what) != NULL;
}

/* Names as they come from anybody's files. */
static void
names_are_text_in_a_drawing_and_nothing_else(void **state)
{
	static const char *const names[] = {
		"<b>&amp;\"x\"</b>", "轮胎 <12R22.5> & \\N \\G \\l", "line\nline\ttab\x1b[31m",
		"</text><script>alert(1)</script>", "\xff\xfe broken", "--> \\", "<<i>x</i>>", " ",
	};
	const struct tj_trace_options all = { 1, 0, 100 };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct tj_picture picture;
		struct run r;
		tj_str svg;

		run_init(&r, "out A a 1 kg\nin A b 1 kg\nemit A CO2 1 kg\nin A c 1 kg\n"
		    "out B b 1 kg\nemit B CO2 1 kg\nfactor c kg CO2e 1");
		for (size_t p = 0; p < r.book.products.n; p++)
			r.book.products.v[p].name = tj_str_of(names[i]);
		r.book.activities.v[0].site = tj_str_of(names[i]);
		assert_ok(run_all(&r), &r.err);
		picture = pictured(&r, "a", all);
		svg = svg_of(&r, &picture, i % 2 == 0 ? TJ_EN : TJ_ZH);
		assert_false(holds(svg, "<script"));
		assert_false(holds(svg, "<b>"));
		assert_false(holds(svg, "\x1b"));
		assert_true(tj_str_is_utf8(svg));
		if (i == 0)
			assert_true(holds(svg, "&lt;b&gt;&amp;amp;&quot;x&quot;&lt;/b&gt;"));
		if (i == 1)
			assert_true(holds(svg, "轮胎 &lt;12R22.5&gt; &amp; \\N \\G \\l"));
		run_fini(&r);
	}
}

static void
the_same_picture_is_the_same_bytes(void **state)
{
	const struct tj_trace_options some = { 1, 0.02, 10 };
	struct tj_picture picture;
	struct run r;
	tj_str first;

	(void)state;
	random_book(&r, 7);
	assert_ok(run_all(&r), &r.err);
	picture = pictured(&r, "p0", some);
	first = svg_of(&r, &picture, TJ_EN);
	assert_str(first.p, svg_of(&r, &picture, TJ_EN));
	assert_true(holds(first, "font-family=\"Helvetica, Arial, sans-serif\""));
	run_fini(&r);
}

static void
what_is_no_dot_is_refused(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_err err = { 0 };
	tj_str svg = { NULL, 0 };

	(void)state;
	assert_rc(TJ_E_DATA, tj_graph_svg(&svg, TJ_S(""), arena, &err), &err);
	assert_null(svg.p);
	tj_arena_free(arena);
}

static enum tj_rc
draw_again(const struct run *r, const struct tj_supply *supply)
{
	const struct tj_trace_options options = { 1, 0.01, 10 };
	struct tj_arena *arena = tj_arena_new(TJ_MAX_ARENA_BYTES);
	struct tj_picture picture;
	struct tj_trace trace;
	enum tj_rc rc;
	tj_str dot, svg;

	if (arena == NULL)
		return TJ_E_NOMEM;
	rc = tj_trace_make(&trace, &r->solution, product(r, "p0"), &options, supply, arena,
	    NULL);
	if (rc == TJ_OK)
		rc = tj_picture_make(&picture, &r->solution, &trace, &options, supply, arena,
		    NULL);
	if (rc == TJ_OK)
		rc = tj_graph_dot(&dot, &picture, TJ_EN, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_graph_svg(&svg, dot, arena, NULL);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	const struct tj_supply *supply;
	struct run r;

	(void)state;
	random_book(&r, 5);
	assert_ok(run_all(&r), &r.err);
	supply = supply_of(&r, "p0", 1);
	OOM_LOOP(draw_again(&r, supply));
	run_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(parts_of_a_picture_sum_to_the_total_on_random_graphs_with_loops),
		test(dot_round_trips_through_cgraph),
		test(what_is_written_reads_again_with_its_amounts),
		test(a_loop_is_drawn_once),
		test(no_more_is_drawn_than_anyone_reads),
		test(names_are_text_in_a_drawing_and_nothing_else),
		test(the_same_picture_is_the_same_bytes),
		test(what_is_no_dot_is_refused),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
