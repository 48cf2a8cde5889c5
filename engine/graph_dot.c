#include <stdio.h>
#include <stdlib.h>

#include <graphviz/cgraph.h>

#include "engine/graph_dot.h"

/* cgraph takes names it does not change, as char *. */
static char label_name[] = "label", shape_name[] = "shape", box[] = "box";
static char ellipse[] = "ellipse", none[] = "";

struct drawing {
	const struct tj_solution	*solution;
	const struct tj_graph		*graph;
	Agraph_t			*canvas;
	struct tj_names			 drawn;		/* "n12", "b3": nodes and needs */
	uint32_t			 queue[TJ_MAX_DOT_NODES];
	size_t				 queued;
	struct tj_arena			*arena;
	bool				 out_of_memory;
};

static Agnode_t *
find_or_draw(struct drawing *d, tj_str name, tj_str label, bool bought)
{
	const bool known = tj_names_find(&d->drawn, name) != TJ_NONE;
	Agnode_t *node;
	char text[200];

	if (!known && d->drawn.list.n >= TJ_MAX_DOT_NODES)
		return NULL;
	(void)snprintf(text, sizeof(text), "%.*s", TJ_FMT(name));
	if (name.p == NULL || tj_names_add(&d->drawn, name) == TJ_NONE ||
	    (node = agnode(d->canvas, text, 1)) == NULL) {
		d->out_of_memory = true;
		return NULL;
	}
	if (known)
		return node;
	(void)snprintf(text, sizeof(text), "%.*s", TJ_FMT(label));
	(void)agset(node, label_name, text);
	if (bought)
		(void)agset(node, shape_name, box);
	return node;
}

/* NULL: there are enough. */
static Agnode_t *
draw_node(struct drawing *d, uint32_t node)
{
	const size_t before = d->drawn.list.n;
	const tj_str name = tj_str_fmt(d->arena, "n%u", node);
	Agnode_t *it = find_or_draw(d, name, tj_graph_node_name(d->graph, node), false);

	if (it != NULL && d->drawn.list.n > before)
		d->queue[d->queued++] = node;
	return it;
}

static Agnode_t *
draw_need(struct drawing *d, uint32_t need)
{
	return find_or_draw(d, tj_str_fmt(d->arena, "b%u", need),
	    d->graph->needs[need].key, true);
}

static void
draw_edge(struct drawing *d, Agnode_t *from, Agnode_t *to, double amount, tj_unit unit)
{
	Agedge_t *edge;
	char text[64];

	if (from == NULL || to == NULL ||
	    (edge = agedge(d->canvas, from, to, NULL, 1)) == NULL)
		return;
	(void)snprintf(text, sizeof(text), "%.4g %s", amount,
	    unit == TJ_UNIT_NONE ? "" : tj_unit_symbol(unit));
	(void)agset(edge, label_name, text);
}

static void
draw_suppliers(struct drawing *d, uint32_t node)
{
	const struct tj_system *system = d->solution->system;
	Agnode_t *to = draw_node(d, node);

	for (size_t e = system->edge_start[node]; e < system->edge_start[node + 1]; e++) {
		const struct tj_edge *edge = &system->edges[e];

		draw_edge(d, draw_node(d, edge->node), to, edge->amount,
		    d->graph->units[tj_graph_node_product(d->graph, edge->node)]);
	}
	for (size_t p = system->purchase_start[node]; p < system->purchase_start[node + 1];
	    p++)
		draw_edge(d, draw_need(d, system->purchases[p].need), to,
		    system->purchases[p].amount,
		    d->graph->needs[system->purchases[p].need].unit);
}

static enum tj_rc
write_text(tj_str *dot, Agraph_t *canvas, struct tj_arena *arena, struct tj_err *err)
{
	char *bytes = NULL;
	size_t n = 0;
	FILE *file = open_memstream(&bytes, &n);
	tj_str text = { NULL, 0 };
	bool written;

	if (file == NULL)
		return tj_fail_nomem(err);
	written = agwrite(canvas, file) == 0;
	if (fclose(file) == 0 && written)
		text = tj_str_dup((tj_str){ bytes, n }, arena);
	free(bytes);
	if (text.p == NULL)
		return tj_fail_nomem(err);
	*dot = text;
	return TJ_OK;
}

static Agraph_t *
canvas_open(void)
{
	char name[] = "footprint";
	Agraph_t *canvas = agopen(name, Agdirected, NULL);

	if (canvas == NULL)
		return NULL;
	(void)agattr(canvas, AGNODE, label_name, none);
	(void)agattr(canvas, AGNODE, shape_name, ellipse);
	(void)agattr(canvas, AGEDGE, label_name, none);
	return canvas;
}

enum tj_rc
tj_graph_dot(tj_str *dot, const struct tj_solution *solution, uint32_t product,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_graph *graph = solution->system->graph;
	const struct tj_answer answer = tj_graph_answer(graph, product);
	struct drawing d = { .solution = solution, .graph = graph, .arena = arena };
	enum tj_rc rc;

	if (answer.node == TJ_NONE)
		return tj_fail(err, TJ_E_NOTFOUND, "%.*s: nobody makes it",
		    TJ_FMT(graph->book->products.v[product].key));
	if ((d.canvas = canvas_open()) == NULL)
		return tj_fail_nomem(err);
	tj_names_init(&d.drawn, arena);
	(void)draw_node(&d, answer.node);
	for (size_t i = 0; i < d.queued; i++)
		draw_suppliers(&d, d.queue[i]);
	rc = d.out_of_memory ? tj_fail_nomem(err) : write_text(dot, d.canvas, arena, err);
	(void)agclose(d.canvas);
	return rc;
}
