#include <math.h>
#include <stdio.h>

#include "engine/cli/report.h"
#include "engine/cli/trace_show.h"

/* A field, quoted where it must be. */
static void
field_put(tj_str text, char end)
{
	bool quoted = false;

	for (size_t i = 0; i < text.n && !quoted; i++)
		quoted = strchr(",\"\r\n", text.p[i]) != NULL;
	if (quoted)
		(void)putchar('"');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			(void)putchar('"');
		(void)putchar(text.p[i]);
	}
	if (quoted)
		(void)putchar('"');
	(void)putchar(end);
}

static void
number_put(double value)
{
	char text[TJ_NUMBER_TEXT];

	field_put(tj_str_of(isnan(value) ? "" : tj_report_number(text, value)), ',');
}

struct row {
	const char	*view, *stage, *unit;
	tj_str		 key, name, source, place;
	double		 amount, share;
	tj_dec		 kgco2e;
};

static void
row_put(const struct row *row)
{
	char text[TJ_DEC_TEXT];

	field_put(tj_str_of(row->view), ',');
	field_put(row->key, ',');
	field_put(row->name, ',');
	field_put(tj_str_of(row->stage), ',');
	number_put(row->amount);
	field_put(tj_str_of(row->unit), ',');
	field_put(tj_str_of(tj_dec_text(text, row->kgco2e)), ',');
	number_put(100 * row->share);
	field_put(row->source, ',');
	field_put(row->place, '\n');
}

static void
line_put(const struct tj_trace_line *line, enum tj_trace_view view)
{
	row_put(&(struct row){ .view = tj_trace_view_key(view),
	    .stage = line->stage < 0 ? "" : tj_stage_key((enum tj_stage)line->stage),
	    .unit = line->unit, .key = line->gathered > 0 ? TJ_S("rest") : line->key,
	    .name = line->name, .source = line->source, .place = line->place,
	    .amount = line->amount, .share = line->share, .kgco2e = line->declared_kgco2e });
}

static enum tj_rc
path_put(struct tj_cli *cli, const struct tj_trace_path *path)
{
	const struct tj_trace_step *last = &path->steps[path->step_count - 1];
	struct tj_buf key;
	enum tj_rc rc;
	tj_str text;

	tj_buf_init(&key, SIZE_MAX);
	for (uint32_t i = 0; i < path->step_count; i++)
		tj_buf_fmt(&key, "%s%.*s", i == 0 ? "" : " < ", TJ_FMT(path->steps[i].key));
	rc = tj_buf_done(&text, &key, cli->arena, &cli->err);
	tj_buf_fini(&key);
	if (rc != TJ_OK)
		return rc;
	row_put(&(struct row){ .view = "path", .stage = "", .unit = last->unit, .key = text,
	    .name = last->name, .source = path->bought ? path->source : TJ_S("own"),
	    .amount = last->amount, .share = path->share,
	    .kgco2e = path->declared_kgco2e });
	return TJ_OK;
}

enum tj_rc
tj_traced_csv(struct tj_cli *cli, const struct tj_traced *x)
{
	const struct tj_trace *trace = &x->trace;

	(void)puts("view,key,name,stage,amount,unit,kgco2e,share,source,place");
	for (size_t view = 0; view < TJ_TRACE_VIEWS; view++)
		for (size_t i = 0; x->views[view] && i < trace->views[view].count; i++)
			line_put(&trace->views[view].lines[i], (enum tj_trace_view)view);
	for (size_t i = 0; i < trace->path_count; i++)
		TRY(path_put(cli, &trace->paths[i]));
	row_put(&(struct row){ .view = "path", .stage = "", .unit = "",
	    .key = TJ_S("remainder"), .amount = NAN, .share = trace->remainder_share,
	    .kgco2e = trace->remainder_declared_kgco2e });
	return TJ_OK;
}
