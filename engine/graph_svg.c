#include <graphviz/gvc.h>
#include <graphviz/gvplugin_textlayout.h>

#include "engine/graph_svg.h"

/* Of the plugins only these two, linked in: nothing is searched for at run time. */
extern gvplugin_library_t gvplugin_core_LTX_library, gvplugin_dot_layout_LTX_library;

/* Helvetica's average, in parts of the size; an ideograph is as wide as it is high. */
#define LETTER_WIDTH	0.56
#define LINE_HEIGHT	1.2
#define BASELINE	0.1

/* Widths are counted, since fonts differ from one reader to the next. */
static boolean
measure(textspan_t *span, char **font_path)
{
	const double size = span->font->size;
	double width = 0;

	(void)font_path;
	for (const char *p = span->str; *p != '\0'; p++) {
		const unsigned char c = (unsigned char)*p;

		if (c >= 0xe2)		/* begins three bytes or more */
			width += c == 0xe2 ? LETTER_WIDTH : 1;
		else if (c < 0x80 || c >= 0xc0)
			width += LETTER_WIDTH;
	}
	span->size.x = width * size;
	span->size.y = LINE_HEIGHT * size;
	span->yoffset_layout = 0;
	span->yoffset_centerline = BASELINE * size;
	span->layout = NULL;
	span->free_layout = NULL;
	return TRUE;
}

static enum tj_rc
render(tj_str *svg, GVC_t *context, Agraph_t *graph, struct tj_arena *arena,
    struct tj_err *err)
{
	unsigned int n = 0;
	char *bytes = NULL;
	tj_str text;

	if (gvRenderData(context, graph, "svg", &bytes, &n) != 0 || bytes == NULL)
		return tj_fail(err, TJ_E_INTERNAL, "Graphviz draws no SVG");
	text = tj_str_dup((tj_str){ bytes, n }, arena);
	gvFreeRenderData(bytes);
	if (text.p == NULL)
		return tj_fail_nomem(err);
	*svg = text;
	return TJ_OK;
}

static enum tj_rc
lay_out(tj_str *svg, GVC_t *context, Agraph_t *graph, struct tj_arena *arena,
    struct tj_err *err)
{
	enum tj_rc rc;

	if (agnedges(graph) > TJ_MAX_SVG_EDGES)
		return tj_fail(err, TJ_E_LIMIT, "%d edges are too many to lay out; draw less, "
		    "with a higher cut-off or less depth", agnedges(graph));
	if (gvLayout(context, graph, "dot") != 0)
		return tj_fail(err, TJ_E_INTERNAL, "Graphviz finds no layout");
	rc = render(svg, context, graph, arena, err);
	(void)gvFreeLayout(context, graph);
	return rc;
}

static GVC_t *
context_open(void)
{
	static gvtextlayout_engine_t engine = { measure };
	static gvplugin_installed_t installed[] = {
		{ 0, "textlayout", 10, &engine, NULL }, { 0, NULL, 0, NULL, NULL }
	};
	static gvplugin_api_t apis[] = {
		{ API_textlayout, installed }, { (api_t)0, NULL }
	};
	static char name[] = "tanji";
	static gvplugin_library_t text = { name, apis };
	static const lt_symlist_t builtins[] = {
		{ "gvplugin_tanji_LTX_library", &text },
		{ "gvplugin_core_LTX_library", &gvplugin_core_LTX_library },
		{ "gvplugin_dot_layout_LTX_library", &gvplugin_dot_layout_LTX_library },
		{ NULL, NULL }
	};

	return gvContextPlugins(builtins, 0);
}

enum tj_rc
tj_graph_svg(tj_str *svg, tj_str dot, struct tj_arena *arena, struct tj_err *err)
{
	GVC_t *context = context_open();
	Agraph_t *graph;
	enum tj_rc rc;

	if (context == NULL)
		return tj_fail_nomem(err);
	if ((graph = agmemread(dot.p)) == NULL)
		rc = tj_fail(err, TJ_E_DATA, "not DOT");
	else
		rc = lay_out(svg, context, graph, arena, err);
	if (graph != NULL)
		(void)agclose(graph);
	(void)gvFreeContext(context);
	return rc;
}
