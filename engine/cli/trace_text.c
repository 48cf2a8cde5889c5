#include <math.h>
#include <stdio.h>

#include "engine/cli/out.h"
#include "engine/cli/trace_show.h"

#define BAR	20

static void
share_put(double share)
{
	const double size = fmin(fabs(share), 1);

	if (isnan(share)) {
		(void)printf("       –  %*s ", BAR, "");
		return;
	}
	(void)printf("%6.1f %%  ", 100 * share);
	for (int i = 0; i < BAR; i++)
		(void)fputs(i < (int)lround(size * BAR) ? "█" : " ", stdout);
	(void)putchar(' ');
}

tj_str
tj_traced_key(const struct tj_trace_line *line, enum tj_trace_view view, enum tj_lang lang)
{
	static const char *const own[] = { "own emissions", "自身排放" };
	static const char *const zero[] = { "counted as zero", "按零计" };
	static const char *const factor[] = { "factor without source", "未注明来源的因子" };
	static const char *const none[] = { "none given", "未注明" };

	if (view == TJ_TRACE_STAGE && line->gathered == 0)
		return tj_str_of(tj_stage_label((enum tj_stage)line->stage, lang));
	if (view == TJ_TRACE_SUPPLIER && line->from == TJ_TRACE_OWN)
		return tj_str_of(own[lang]);
	if (view == TJ_TRACE_SUPPLIER && line->from == TJ_TRACE_AS_ZERO)
		return tj_str_of(zero[lang]);
	if (line->key.n == 0)
		return tj_str_of(view == TJ_TRACE_SUPPLIER ? factor[lang] : none[lang]);
	return line->key;
}

/* What is bought by a factor is better known than the factor's source. */
static void
who_put(const struct tj_trace_line *line, tj_str key)
{
	const bool factor = line->from == TJ_TRACE_BY_FACTOR;

	(void)printf("%.*s", TJ_FMT(factor ? line->name : key));
	if (!factor && line->name.n > 0 && !tj_str_eq(line->name, key))
		(void)printf(" (%.*s)", TJ_FMT(line->name));
	if (!isnan(line->amount))
		(void)printf("  %.6g %s", line->amount, line->unit);
	if (factor)
		(void)printf("  [%.*s]", TJ_FMT(key));
}

static void
line_put(struct tj_cli *cli, const struct tj_trace_line *line, enum tj_trace_view view)
{
	const tj_str key = tj_traced_key(line, view, cli->lang);
	char text[TJ_DEC_TEXT];

	(void)printf("%14s  ", tj_dec_text(text, line->declared_kgco2e));
	share_put(line->share);
	if (line->gathered > 0) {
		(void)printf(TJ_SAY(cli, "the rest (%u)\n", "其余（%u 项）\n"), line->gathered);
		return;
	}
	who_put(line, key);
	if (line->place.n > 0)
		(void)printf("  %.*s", TJ_FMT(line->place));
	(void)putchar('\n');
}

static void
view_put(struct tj_cli *cli, const struct tj_trace *trace, enum tj_trace_view view)
{
	(void)printf("\n%s\n", tj_trace_view_label(view, cli->lang));
	for (size_t i = 0; i < trace->views[view].count; i++)
		if (view != TJ_TRACE_STAGE || trace->views[view].lines[i].kgco2e != 0)
			line_put(cli, &trace->views[view].lines[i], view);
}

/* By name, or by key where its consumer is called the same. */
static void
step_put(const struct tj_trace_step *step, const struct tj_trace_step *before)
{
	const bool named = step->name.n > 0 &&
	    (before == NULL || !tj_str_eq(step->name, before->name));

	(void)printf("%s%.*s", before == NULL ? "" : " < ",
	    TJ_FMT(named ? step->name : step->key));
	if (step->round)
		(void)fputs(" ⟳", stdout);
}

static void
path_put(struct tj_cli *cli, const struct tj_trace_path *path)
{
	const struct tj_trace_step *last = &path->steps[path->step_count - 1];
	char text[TJ_DEC_TEXT];

	(void)printf("%14s  ", tj_dec_text(text, path->declared_kgco2e));
	share_put(path->share);
	for (uint32_t i = 0; i < path->step_count; i++)
		step_put(&path->steps[i], i == 0 ? NULL : &path->steps[i - 1]);
	if (path->bought)
		(void)printf("  %.6g %s", last->amount, last->unit);
	else
		(void)fputs(TJ_SAY(cli, ": own emissions", "：自身排放"), stdout);
	if (path->source.n > 0)
		(void)printf(" [%.*s]", TJ_FMT(path->source));
	(void)putchar('\n');
}

static void
paths_put(struct tj_cli *cli, const struct tj_traced *x)
{
	const struct tj_trace *trace = &x->trace;
	char text[TJ_DEC_TEXT];
	bool round = false;

	(void)printf(TJ_SAY(cli, "\npaths, each of %g %% or more, of %u steps or fewer\n",
	    "\n路径（每条不低于 %g %%，不超过 %u 步）\n"), 100 * x->options.cut_off,
	    x->options.depth);
	for (size_t i = 0; i < trace->path_count; i++) {
		path_put(cli, &trace->paths[i]);
		for (uint32_t s = 0; s < trace->paths[i].step_count; s++)
			round = round || trace->paths[i].steps[s].round;
	}
	(void)printf("%14s  ", tj_dec_text(text, trace->remainder_declared_kgco2e));
	share_put(trace->remainder_share);
	(void)printf("%s\n", TJ_SAY(cli, "remainder: all other paths", "余量：其余全部路径"));
	if (round)
		(void)fputs(TJ_SAY(cli, "⟳ in a loop, all rounds counted\n",
		    "⟳ 位于循环中，已计入全部轮次\n"), stdout);
}

enum tj_rc
tj_traced_text(struct tj_cli *cli, const struct tj_traced *x)
{
	char text[TJ_DEC_TEXT];

	(void)printf("%.*s  %.*s\n", TJ_FMT(x->product->id.n > 0 ? x->product->id :
	    x->product->key), TJ_FMT(x->product->name));
	(void)printf("  %.6g %s: %s kg CO2e\n", x->options.amount, tj_unit_symbol(x->unit),
	    tj_dec_text(text, x->trace.declared_kgco2e));
	for (size_t view = 0; view < TJ_TRACE_VIEWS; view++)
		if (x->views[view])
			view_put(cli, &x->trace, (enum tj_trace_view)view);
	paths_put(cli, x);
	return TJ_OK;
}
