#include "engine/cli/out.h"

static const char *const severities[3][2] = {
	{ "note", "说明" }, { "warning", "警告" }, { "error", "错误" }
};

static void
place_put(FILE *out, tj_str file, uint32_t line, uint32_t column, tj_str field)
{
	if (file.n == 0)
		return;
	(void)fprintf(out, "%.*s:", TJ_FMT(file));
	if (line != 0)
		(void)fprintf(out, "%u:", line);
	if (column != 0)
		(void)fprintf(out, "%u:", column);
	if (field.n != 0)
		(void)fprintf(out, " %.*s:", TJ_FMT(field));
	(void)fputc(' ', out);
}

void
tj_out_error(FILE *out, const struct tj_err *err, enum tj_lang lang)
{
	(void)fputs("tanji: ", out);
	place_put(out, tj_str_of(err->file), err->line, err->column,
	    tj_str_of(err->field));
	(void)fprintf(out, "%s: %s\n", tj_rc_text(err->rc, lang), err->text);
}

static void
finding_put(FILE *out, const struct tj_finding *finding, enum tj_lang lang)
{
	const tj_place *place = &finding->place;

	place_put(out, place->file, place->line, place->column, place->field);
	(void)fprintf(out, "%s: %s", severities[tj_rule_severity(finding->rule)][lang],
	    tj_rule_text(finding->rule, lang));
	if (finding->subject.n > 0)
		(void)fprintf(out, " [%.*s]", TJ_FMT(finding->subject));
	if (finding->text.n > 0)
		(void)fprintf(out, ": %.*s", TJ_FMT(finding->text));
	(void)fputc('\n', out);
}

/* What to do, once for each rule that was found. */
static void
todo_put(FILE *out, const struct tj_findings *findings, enum tj_lang lang)
{
	size_t times[TJ_RULE_COUNT_] = { 0 };

	for (size_t i = 0; i < findings->list.n; i++)
		times[findings->list.v[i].rule]++;
	for (size_t rule = 0; rule < TJ_RULE_COUNT_; rule++)
		if (times[rule] > 0)
			(void)fprintf(out, "  %s: %s\n",
			    tj_rule_text((enum tj_rule)rule, lang),
			    tj_rule_todo((enum tj_rule)rule, lang));
}

void
tj_out_findings(FILE *out, const struct tj_findings *findings, enum tj_lang lang,
    bool quiet)
{
	const uint32_t *counts = findings->counts;

	if (findings->list.n == 0)
		return;
	for (size_t i = 0; !quiet && i < findings->list.n; i++)
		finding_put(out, &findings->list.v[i], lang);
	(void)fprintf(out, lang == TJ_ZH ? "错误 %u，警告 %u，说明 %u\n" :
	    "errors %u, warnings %u, notes %u\n", counts[TJ_ERROR], counts[TJ_WARNING],
	    counts[TJ_NOTE]);
	if (quiet)
		return;
	(void)fputs(lang == TJ_ZH ? "处理办法：\n" : "what to do:\n", out);
	todo_put(out, findings, lang);
}
