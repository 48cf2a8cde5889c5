#include <math.h>

#include "engine/cli/out.h"
#include "engine/cli/report.h"

#define BAR	24

static tj_dec
stage_sum(const struct tj_declaration *decl, size_t stage)
{
	tj_dec sum = TJ_DEC_ZERO;

	for (size_t i = 0; i < TJ_CATEGORIES; i++)
		if (tj_dec_add(&sum, sum, decl->parts_kgco2e[stage][i], NULL) != TJ_OK)
			return TJ_DEC_ZERO;
	return sum;
}

static tj_dec
category_sum(const struct tj_declaration *decl, size_t category)
{
	tj_dec sum = TJ_DEC_ZERO;

	for (size_t i = 0; i < TJ_STAGES; i++)
		if (tj_dec_add(&sum, sum, decl->parts_kgco2e[i][category], NULL) != TJ_OK)
			return TJ_DEC_ZERO;
	return sum;
}

static void
bar_put(FILE *out, tj_dec part, tj_dec total)
{
	const double whole = fabs(tj_dec_double(total));
	const double share = whole > 0 ? fabs(tj_dec_double(part)) / whole : 0;

	(void)fputs("  ", out);
	for (int i = 0; i < BAR; i++)
		(void)fputs(i < (int)lround(share * BAR) ? "█" : " ", out);
	(void)fprintf(out, " %5.1f %%\n", 100 * share);
}

static void
sums_put(FILE *out, const struct tj_declaration *decl, enum tj_lang lang)
{
	char text[TJ_DEC_TEXT];

	for (size_t i = 0; i < TJ_STAGES; i++) {
		const tj_dec sum = stage_sum(decl, i);

		if (tj_dec_sign(sum) == 0)
			continue;
		(void)fprintf(out, "  %-16s %14s", tj_stage_label((enum tj_stage)i, lang),
		    tj_dec_text(text, sum));
		bar_put(out, sum, decl->total_kgco2e);
	}
	for (size_t i = 0; i < TJ_CATEGORIES; i++) {
		const tj_dec sum = category_sum(decl, i);

		if (tj_dec_sign(sum) != 0)
			(void)fprintf(out, "  %-16s %14s\n",
			    tj_category_label((enum tj_category)i, lang),
			    tj_dec_text(text, sum));
	}
}

static void
basis_put(FILE *out, const struct tj_declaration *decl, enum tj_lang lang)
{
	char a[TJ_DATE_TEXT], b[TJ_DATE_TEXT], text[TJ_DEC_TEXT];

	(void)fprintf(out, lang == TJ_ZH ?
	    "  核算期 %s 至 %s，方法 %.*s，GWP %.*s，初级数据 %s %%\n" :
	    "  period %s to %s, profile %.*s, GWP %.*s, primary data %s %%\n",
	    tj_date_text(a, decl->period_start), tj_date_text(b, decl->period_end),
	    TJ_FMT(decl->profile), TJ_FMT(decl->gwp_set),
	    tj_dec_text(text, decl->primary_data_share));
	for (size_t i = 0; i < decl->upstream.n; i++)
		(void)fprintf(out, lang == TJ_ZH ? "  上游 %.*s（%.*s）%.*s\n" :
		    "  upstream %.*s by %.*s, %.*s\n",
		    TJ_FMT(decl->upstream.v[i].product), TJ_FMT(decl->upstream.v[i].issuer),
		    TJ_FMT(decl->upstream.v[i].id));
	for (size_t i = 0; i < decl->findings.n; i++)
		(void)fprintf(out, lang == TJ_ZH ? "  提示 %.*s\n" : "  finding %.*s\n",
		    TJ_FMT(decl->findings.v[i]));
}

void
tj_report_declaration(FILE *out, const struct tj_declaration *decl, enum tj_lang lang)
{
	char total[TJ_DEC_TEXT];

	(void)fprintf(out, "%.*s  %.*s\n", TJ_FMT(decl->product), TJ_FMT(decl->product_name));
	(void)fprintf(out, lang == TJ_ZH ? "  %s kg CO2e/%s（摇篮到大门）\n" :
	    "  %s kg CO2e per %s, cradle to gate\n",
	    tj_dec_text(total, decl->total_kgco2e), tj_unit_symbol(decl->unit));
	sums_put(out, decl, lang);
	(void)fprintf(out, lang == TJ_ZH ? "  签发 %.*s（%.*s）\n" : "  declared by %.*s (%.*s)\n",
	    TJ_FMT(decl->issuer_name), TJ_FMT(decl->issuer));
	basis_put(out, decl, lang);
	if (decl->id.n > 0)
		(void)fprintf(out, "  %.*s\n", TJ_FMT(decl->id));
}

void
tj_report_line(FILE *out, tj_str product, tj_dec total_kgco2e, tj_unit unit,
    const char *state)
{
	char total[TJ_DEC_TEXT];

	(void)fprintf(out, "%14s kg CO2e/%-6s %-10s %.*s\n",
	    tj_dec_text(total, total_kgco2e), tj_unit_symbol(unit), state, TJ_FMT(product));
}

const char *
tj_report_number(char text[TJ_NUMBER_TEXT], double value)
{
	const int size = value == 0 || !isfinite(value) ? 0 :
	    (int)floor(log10(fabs(value)));
	const int digits = 14 - size;

	(void)snprintf(text, TJ_NUMBER_TEXT, "%.*f", digits < 0 ? 0 : digits, value);
	return text;
}

void
tj_report_number_json(struct tj_json_writer *json, const char *name, double value)
{
	char text[TJ_NUMBER_TEXT];

	if (!isnan(value))
		tj_json_put(json, name, tj_str_of(tj_report_number(text, value)));
}

static void
finding_json(struct tj_json_writer *json, const struct tj_finding *finding,
    enum tj_lang lang)
{
	static const char *const severities[] = { "note", "warning", "error" };

	tj_json_open(json, NULL, '{');
	tj_json_put(json, "rule", tj_str_of(tj_rule_key(finding->rule)));
	tj_json_put(json, "severity",
	    tj_str_of(severities[tj_rule_severity(finding->rule)]));
	if (finding->place.file.n > 0)
		tj_json_put(json, "file", finding->place.file);
	if (finding->place.line != 0)
		tj_json_put_count(json, "line", finding->place.line);
	if (finding->place.column != 0)
		tj_json_put_count(json, "column", finding->place.column);
	if (finding->place.field.n > 0)
		tj_json_put(json, "field", finding->place.field);
	if (finding->subject.n > 0)
		tj_json_put(json, "subject", finding->subject);
	tj_json_put(json, "text", finding->text);
	tj_json_put(json, "todo", tj_str_of(tj_rule_todo(finding->rule, lang)));
	tj_json_close(json, '}');
}

void
tj_report_findings_json(struct tj_json_writer *json, const struct tj_findings *findings,
    enum tj_lang lang)
{
	tj_json_open(json, "findings", '[');
	for (size_t i = 0; i < findings->list.n; i++)
		finding_json(json, &findings->list.v[i], lang);
	tj_json_close(json, ']');
}

enum tj_rc
tj_report_json_part(struct tj_json_writer *json, struct tj_err *err)
{
	if (json->buf.failed)
		return tj_fail_nomem(err);
	(void)fwrite(json->buf.p, 1, json->buf.n, stdout);
	json->buf.n = 0;
	return TJ_OK;
}

enum tj_rc
tj_report_json(struct tj_cli *cli, struct tj_json_writer *json)
{
	tj_str text;

	TRY(tj_json_end(&text, json, cli->arena, &cli->err));
	(void)fwrite(text.p, 1, text.n, stdout);
	(void)putchar('\n');
	return TJ_OK;
}
