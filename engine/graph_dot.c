#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <graphviz/cgraph.h>

#include "engine/graph_dot.h"
#include "engine/trace_parts.h"
#include "model/base/buf.h"

#define LABEL_BYTES	4096
#define LINE_CELLS	36		/* of a label; an ideograph takes two */
#define WIDEST		24.0		/* points, of the whole footprint */

static const char *const fills[TJ_STAGES] = {
	[TJ_STAGE_RAW] = "#f3e5c8", [TJ_STAGE_MANUFACTURING] = "#d5e5f5",
	[TJ_STAGE_DISTRIBUTION] = "#dcecd2", [TJ_STAGE_USE] = "#f9efb4",
	[TJ_STAGE_END_OF_LIFE] = "#e8dcec",
};

static const char *const colours[TJ_STAGES][2] = {
	[TJ_STAGE_RAW] = { "sand", "沙色" }, [TJ_STAGE_MANUFACTURING] = { "blue", "蓝色" },
	[TJ_STAGE_DISTRIBUTION] = { "green", "绿色" }, [TJ_STAGE_USE] = { "yellow", "黄色" },
	[TJ_STAGE_END_OF_LIFE] = { "violet", "紫色" },
};

static const struct {
	int		 kind;
	const char	*name, *value;
} defaults[] = {
	{ AGRAPH, "rankdir", "LR" }, { AGRAPH, "nodesep", "0.18" },
	{ AGRAPH, "ranksep", "0.6" }, { AGRAPH, "labelloc", "t" },
	/* Rounds of layout by nodes: without them hundreds of edges take minutes. */
	{ AGRAPH, "nslimit", "2" }, { AGRAPH, "mclimit", "0.5" },
	{ AGRAPH, "fontname", "Helvetica, Arial, sans-serif" },
	{ AGRAPH, "fontsize", "14" }, { AGRAPH, "label", "" },
	{ AGNODE, "label", "" }, { AGNODE, "shape", "box" },
	{ AGNODE, "style", "filled" }, { AGNODE, "fillcolor", "#f2f2f2" },
	{ AGNODE, "color", "#777777" }, { AGNODE, "fontsize", "11" },
	{ AGNODE, "fontname", "Helvetica, Arial, sans-serif" },
	{ AGEDGE, "label", "" }, { AGEDGE, "tooltip", "" },
	{ AGEDGE, "penwidth", "1" }, { AGEDGE, "weight", "1" },
	{ AGEDGE, "color", "#a5642d80" }, { AGEDGE, "style", "solid" },
	{ AGEDGE, "arrowhead", "none" }, { AGEDGE, "arrowsize", "0.6" },
	{ AGEDGE, "headport", "" }, { AGEDGE, "tailport", "" },
	{ AGEDGE, "fontsize", "9" }, { AGEDGE, "fontcolor", "#333333" },
	{ AGEDGE, "fontname", "Helvetica, Arial, sans-serif" },
};

struct drawing {
	const struct tj_picture	*picture;
	const struct tj_graph	*graph;
	enum tj_lang		 lang;
	Agraph_t		*canvas;
	Agnode_t		**nodes;	/* [picture->node_count] */
	struct tj_buf		 label;		/* the one that is being written */
};

/* cgraph takes texts that it does not change as char *. */
static char *
unchanged(const char *text)
{
	return (char *)(uintptr_t)text;
}

static const char *
say(const struct drawing *d, const char *en, const char *zh)
{
	return d->lang == TJ_ZH ? zh : en;
}

/* Bytes of the character at the beginning; 1 for what is none. */
static size_t
character_bytes(tj_str text)
{
	const unsigned char c = (unsigned char)text.p[0];
	const size_t n = c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	return n <= text.n ? n : 1;
}

/* Escapes are read in labels, and so are entities. */
static void
character_put(struct tj_buf *label, tj_str character)
{
	const unsigned char c = (unsigned char)character.p[0];

	if (tj_str_control(character) < character.n)
		tj_buf_putc(label, ' ');
	else if (c == '\\')
		tj_buf_put(label, TJ_S("\\\\"));
	else if (c == '&')
		tj_buf_put(label, TJ_S("&amp;"));
	else
		tj_buf_put(label, character);
}

static void
text_put(struct tj_buf *label, tj_str text)
{
	size_t cells = 0;

	if (!tj_str_is_utf8(text))
		text = TJ_S("?");
	while (text.n > 0) {
		const size_t n = character_bytes(text);

		if ((cells += n > 2 ? 2 : 1) > LINE_CELLS) {
			tj_buf_put(label, TJ_S("…"));
			return;
		}
		character_put(label, tj_str_cut(text, 0, n));
		text = tj_str_cut(text, n, text.n);
	}
}

static void
share_put(struct drawing *d, double kgco2e)
{
	if (tj_dec_sign(d->picture->declared_kgco2e) != 0)
		tj_buf_fmt(&d->label, " (%.1f %%)", 100 * kgco2e / d->picture->total_kgco2e);
}

/* A part of the total: parts add up to it as they are written. */
static void
part_put(struct drawing *d, tj_dec declared, double kgco2e)
{
	char text[TJ_DEC_TEXT];

	tj_buf_fmt(&d->label, "%s kg CO2e", tj_dec_text(text, declared));
	share_put(d, kgco2e);
}

static void
amount_put(struct drawing *d, double amount, tj_unit unit)
{
	tj_buf_fmt(&d->label, "%.4g %s", amount,
	    unit == TJ_UNIT_NONE ? "" : tj_unit_symbol(unit));
}

/* The text that was written, and an empty one in its place. */
static void
text_set(struct drawing *d, void *object, const char *attribute)
{
	tj_buf_putc(&d->label, '\0');
	if (d->label.failed)
		return;
	(void)agset(object, unchanged(attribute), d->label.p);
	d->label.n = 0;
}

static bool
is_small(const struct drawing *d, double kgco2e)
{
	return fabs(kgco2e) < d->picture->threshold_kgco2e;
}

static void
name_put(struct drawing *d, uint32_t product, tj_str key)
{
	const tj_str name = product == TJ_NONE ? key
	    : d->graph->book->products.v[product].name;

	text_put(&d->label, name.n > 0 ? name : key);
	tj_buf_put(&d->label, TJ_S("\\n"));
	if (name.n > 0 && !tj_str_eq(name, key)) {
		text_put(&d->label, key);
		tj_buf_put(&d->label, TJ_S("\\n"));
	}
}

/* Who makes it and where, unless the product is called the same. */
static void
activity_put(struct drawing *d, const struct tj_activity *activity,
    const struct tj_product *product)
{
	const tj_str name = activity == NULL ? tj_str_of(say(d, "mix of several", "多来源混合"))
	    : activity->name.n > 0 ? activity->name : activity->key;
	const tj_str site = activity == NULL ? TJ_S("") : activity->site;

	if (site.n == 0 && (tj_str_eq(name, product->name) || tj_str_eq(name, product->key)))
		return;
	text_put(&d->label, name);
	if (site.n > 0) {
		tj_buf_put(&d->label, TJ_S(" @ "));
		text_put(&d->label, site);
	}
	tj_buf_put(&d->label, TJ_S("\\n"));
}

/* A rest too small for a box of its own stands here. */
static void
own_put(struct drawing *d, const struct tj_picture_node *it)
{
	if (it->own_kgco2e != 0) {
		tj_buf_put(&d->label, tj_str_of(say(d, "\\nown: ", "\\n自身：")));
		part_put(d, it->own_declared_kgco2e, it->own_kgco2e);
	}
	if (it->rest_kgco2e != 0 && is_small(d, it->rest_kgco2e)) {
		tj_buf_fmt(&d->label, "\\n%u %s: ", it->rest_count,
		    say(d, "not drawn", "项未画出"));
		part_put(d, it->rest_declared_kgco2e, it->rest_kgco2e);
	}
}

static bool
is_in_loop(const struct drawing *d, uint32_t node)
{
	const struct tj_plan *plan = d->picture->solution->plan;

	return tj_plan_loop_of(plan, plan->place[node]) != TJ_NONE;
}

static void
made_label(struct drawing *d, const struct tj_picture_node *it)
{
	const uint32_t product = tj_graph_node_product(d->graph, it->node);

	name_put(d, product, d->graph->book->products.v[product].key);
	activity_put(d, tj_trace_activity(d->graph, it->node),
	    &d->graph->book->products.v[product]);
	amount_put(d, it->amount, d->graph->units[product]);
	if (it->through_kgco2e == 0 && is_in_loop(d, it->node)) {
		tj_buf_put(&d->label, tj_str_of(say(d, ", in a loop", "，循环内")));
	} else {
		tj_buf_fmt(&d->label, ": %.4g kg CO2e", it->through_kgco2e);
		share_put(d, it->through_kgco2e);
	}
	own_put(d, it);
}

static void
bought_label(struct drawing *d, const struct tj_picture_node *it)
{
	static const char *const kinds[][2] = {
		[TJ_TRACE_OWN] = { "", "" }, [TJ_TRACE_DECLARED] = { "declared by ", "声明方：" },
		[TJ_TRACE_BY_FACTOR] = { "factor: ", "因子：" },
		[TJ_TRACE_AS_ZERO] = { "counted as zero", "按零计" },
	};
	const struct tj_need *need = &d->graph->needs[it->need];
	const struct tj_offer *offer = &d->picture->solution->offers[it->need];
	const struct tj_declaration *decl = offer->declaration;

	name_put(d, need->product, need->key);
	tj_buf_put(&d->label, tj_str_of(kinds[tj_trace_from(offer)][d->lang]));
	text_put(&d->label, decl != NULL && decl->issuer_name.n > 0 ? decl->issuer_name
	    : tj_trace_source(offer));
	tj_buf_put(&d->label, TJ_S("\\n"));
	amount_put(d, it->amount, need->unit);
	tj_buf_put(&d->label, TJ_S(": "));
	part_put(d, it->own_declared_kgco2e, it->own_kgco2e);
}

static void
node_draw(struct drawing *d, uint32_t number)
{
	const struct tj_picture_node *it = &d->picture->nodes[number];
	const struct tj_activity *activity;
	char name[16];

	(void)snprintf(name, sizeof(name), it->node == TJ_NONE ? "b%u" : "n%u",
	    it->node == TJ_NONE ? it->need : it->node);
	if ((d->nodes[number] = agnode(d->canvas, name, 1)) == NULL)
		return;
	if (it->node == TJ_NONE) {
		bought_label(d, it);
	} else {
		made_label(d, it);
		activity = tj_trace_activity(d->graph, it->node);
		(void)agset(d->nodes[number], unchanged("style"),
		    unchanged("rounded,filled"));
		if (activity != NULL)
			(void)agset(d->nodes[number], unchanged("fillcolor"),
			    unchanged(fills[activity->stage]));
	}
	text_set(d, d->nodes[number], "label");
}

static Agedge_t *
edge_make(struct drawing *d, Agnode_t *from, Agnode_t *to, double kgco2e)
{
	const double whole = d->picture->scale_kgco2e;
	const double part = whole > 0 ? fabs(kgco2e) / whole : 0;
	Agedge_t *edge = from == NULL || to == NULL ? NULL
	    : agedge(d->canvas, from, to, NULL, 1);
	char number[32];

	if (edge == NULL)
		return NULL;
	(void)snprintf(number, sizeof(number), "%.2f",
	    0.5 + WIDEST * (part < 1 ? part : 1));
	(void)agset(edge, unchanged("penwidth"), number);
	(void)snprintf(number, sizeof(number), "%d", 1 + (int)(20 * (part < 1 ? part : 1)));
	(void)agset(edge, unchanged("weight"), number);	/* what is wide goes straight */
	if (kgco2e < 0)
		(void)agset(edge, unchanged("color"), unchanged("#2d8a4f80"));
	return edge;
}

static void
edge_draw(struct drawing *d, const struct tj_picture_edge *it)
{
	const struct tj_picture_node *from = &d->picture->nodes[it->from];
	Agedge_t *edge = edge_make(d, d->nodes[it->from], d->nodes[it->to], it->kgco2e);

	if (edge == NULL)
		return;
	amount_put(d, it->amount, from->node == TJ_NONE ? d->graph->needs[from->need].unit
	    : d->graph->units[tj_graph_node_product(d->graph, from->node)]);
	if (it->round) {
		(void)agset(edge, unchanged("style"), unchanged("dashed"));
		(void)agset(edge, unchanged("color"), unchanged("#777777"));
		(void)agset(edge, unchanged("arrowhead"), unchanged("normal"));
		tj_buf_put(&d->label, tj_str_of(say(d, "\\nround the loop", "\\n循环内")));
	} else {
		(void)agset(edge, unchanged("tailport"), unchanged("e"));
		(void)agset(edge, unchanged("headport"), unchanged("w"));
		tj_buf_fmt(&d->label, "\\n%.3g kg CO2e", it->kgco2e);
		share_put(d, it->kgco2e);
	}
	text_set(d, edge, it->round || !is_small(d, it->kgco2e) ? "label" : "tooltip");
}

static void
rest_draw(struct drawing *d, uint32_t number)
{
	const struct tj_picture_node *it = &d->picture->nodes[number];
	Agnode_t *node;
	Agedge_t *edge;
	char name[16];

	if (it->rest_kgco2e == 0 || is_small(d, it->rest_kgco2e))
		return;
	(void)snprintf(name, sizeof(name), "r%u", it->node);
	if ((node = agnode(d->canvas, name, 1)) == NULL)
		return;
	tj_buf_fmt(&d->label, "%u %s\\n", it->rest_count, say(d, "not drawn", "项未画出"));
	part_put(d, it->rest_declared_kgco2e, it->rest_kgco2e);
	text_set(d, node, "label");
	(void)agset(node, unchanged("style"), unchanged("dashed"));
	edge = edge_make(d, node, d->nodes[number], it->rest_kgco2e);
	if (edge != NULL)
		(void)agset(edge, unchanged("style"), unchanged("dashed"));
}

/* "blue: manufacturing; " for what is there. */
static void
colours_put(struct drawing *d)
{
	bool used[TJ_STAGES] = { false };

	for (uint32_t i = 0; i < d->picture->node_count; i++) {
		const uint32_t node = d->picture->nodes[i].node;
		const struct tj_activity *activity = node == TJ_NONE ? NULL
		    : tj_trace_activity(d->graph, node);

		if (activity != NULL)
			used[activity->stage] = true;
	}
	for (size_t s = 0; s < TJ_STAGES; s++)
		if (used[s])
			tj_buf_fmt(&d->label, "%s%s%s%s", colours[s][d->lang],
			    say(d, ": ", "："), tj_stage_label((enum tj_stage)s, d->lang),
			    say(d, "; ", "；"));
}

/* What is drawn and how to read it. */
static void
title_draw(struct drawing *d)
{
	const struct tj_picture *p = d->picture;
	const struct tj_product *product = &d->graph->book->products.v[p->product];
	char total[TJ_DEC_TEXT];

	name_put(d, p->product, product->key);
	amount_put(d, p->amount, d->graph->units[p->product]);
	tj_buf_fmt(&d->label, ": %s kg CO2e\\n", tj_dec_text(total, p->declared_kgco2e));
	colours_put(d);
	tj_buf_put(&d->label, tj_str_of(say(d, "grey: bought; dashed: not drawn in detail\\n"
	    "what is bought, own and not drawn adds up to the total\\n ",
	    "灰色：外购；虚线：未细画\\n外购、自身与未画出部分之和即为总量\\n ")));
	text_set(d, d->canvas, "label");
}

static void
picture_draw(struct drawing *d)
{
	title_draw(d);
	for (uint32_t i = 0; i < d->picture->node_count; i++)
		node_draw(d, i);
	for (uint32_t i = 0; i < d->picture->node_count; i++)
		rest_draw(d, i);
	for (size_t i = 0; i < d->picture->edge_count; i++)
		edge_draw(d, &d->picture->edges[i]);
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
	Agraph_t *canvas = agopen(unchanged("footprint"), Agdirected, NULL);

	for (size_t i = 0; canvas != NULL && i < sizeof(defaults) / sizeof(defaults[0]); i++)
		(void)agattr(canvas, defaults[i].kind, unchanged(defaults[i].name),
		    unchanged(defaults[i].value));
	return canvas;
}

enum tj_rc
tj_graph_dot(tj_str *dot, const struct tj_picture *picture, enum tj_lang lang,
    struct tj_arena *arena, struct tj_err *err)
{
	struct drawing d = { .picture = picture, .lang = lang,
	    .graph = picture->solution->system->graph,
	    .nodes = TJ_NEWN(arena, Agnode_t *, picture->node_count) };
	enum tj_rc rc;

	if (d.nodes == NULL || (d.canvas = canvas_open()) == NULL)
		return tj_fail_nomem(err);
	tj_buf_init(&d.label, LABEL_BYTES);
	picture_draw(&d);
	rc = d.label.failed ? tj_fail_nomem(err) : write_text(dot, d.canvas, arena, err);
	tj_buf_fini(&d.label);
	(void)agclose(d.canvas);
	return rc;
}
