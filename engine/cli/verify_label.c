#include <stdio.h>

#include "connectors/file.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "engine/cli/verify_label.h"
#include "engine/cli/verify_show.h"
#include "exchange/label_verify.h"
#include "exchange/scan.h"
#include "model/base/limits.h"

static enum tj_label_gate
gate_at(unsigned g)
{
	return (enum tj_label_gate)g;
}

static void
figures_json(struct tj_json_writer *json, const struct tj_label *label)
{
	char text[TJ_DEC_TEXT], time[TJ_TIME_TEXT];

	tj_json_put(json, "product", label->product);
	tj_json_put(json, "total_kgco2e", tj_str_of(tj_dec_text(text,
	    tj_label_number(label, label->total))));
	tj_json_put(json, "unit", tj_str_of(tj_unit_symbol(label->unit)));
	tj_json_put(json, "boundary", label->boundary == TJ_LABEL_GRAVE ?
	    TJ_S("cradle-to-grave") : TJ_S("cradle-to-gate"));
	tj_json_put(json, "valid_until", tj_str_of(tj_time_text(time, label->expires)));
	tj_json_open(json, "stages", '{');
	for (unsigned s = 0; s < TJ_STAGES; s++)
		tj_json_put(json, tj_stage_key((enum tj_stage)s), tj_str_of(tj_dec_text(text,
		    tj_label_number(label, label->stages[s]))));
	tj_json_close(json, '}');
}

static enum tj_gate_result
result(const struct tj_label_verdict *verdict, unsigned gate)
{
	return gate < verdict->failed ? TJ_GATE_PASSED :
	    gate == verdict->failed ? TJ_GATE_FAILED : TJ_GATE_NOT_TRIED;
}

static enum tj_rc
verdict_json(struct tj_cli *cli, tj_str text, const struct tj_label_verdict *verdict)
{
	struct tj_json_writer json;

	tj_json_begin(&json, TJ_MAX_DOC_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_put(&json, "label", text);
	tj_json_put_bool(&json, "accepted", verdict->failed == TJ_LABEL_GATES);
	if (verdict->failed > TJ_LABEL_GATE_SIGNATURE) {
		tj_json_put(&json, "issuer", verdict->issuer);
		figures_json(&json, &verdict->code.label);
	}
	tj_json_open(&json, "gates", '{');
	for (unsigned g = 0; g < TJ_LABEL_GATES; g++)
		tj_verify_gate_put(&json, tj_label_gate_key(gate_at(g)), result(verdict, g),
		    verdict->reason, cli);
	tj_json_close(&json, '}');
	tj_json_close(&json, '}');
	return tj_report_json(cli, &json);
}

static void
figures_text(const struct tj_cli *cli, const struct tj_label_verdict *verdict)
{
	const struct tj_label *label = &verdict->code.label;
	char text[TJ_DEC_TEXT], time[TJ_TIME_TEXT];

	(void)printf("  %.*s  %s kg CO2e/%s, %s\n", TJ_FMT(label->product), tj_dec_text(text,
	    tj_label_number(label, label->total)), tj_unit_symbol(label->unit),
	    label->boundary == TJ_LABEL_GRAVE ? TJ_SAY(cli, "cradle to grave", "从摇篮到坟墓")
	    : TJ_SAY(cli, "cradle to gate", "从摇篮到大门"));
	for (unsigned s = 0; s < TJ_STAGES; s++)
		(void)printf("  %14s  %s\n", tj_dec_text(text, tj_label_number(label,
		    label->stages[s])), tj_stage_label((enum tj_stage)s, cli->lang));
	(void)printf(TJ_SAY(cli, "  by %.*s, until %.10s; whether the label sits on the right "
	    "thing no signature shows\n", "  签发者 %.*s，有效至 %.10s；签名不能证明标签贴在正确的产品上\n"),
	    TJ_FMT(verdict->issuer), tj_time_text(time, label->expires));
}

static void
verdict_text(const struct tj_cli *cli, tj_str text, const struct tj_label_verdict *verdict)
{
	const bool accepted = verdict->failed == TJ_LABEL_GATES;

	(void)printf("%.*s: %s\n", TJ_FMT(tj_str_cut(text, 0, tj_str_find(text, '?'))), accepted
	    ? TJ_SAY(cli, "accepted", "通过") : TJ_SAY(cli, "REFUSED", "未通过"));
	for (unsigned g = 0; g < TJ_LABEL_GATES; g++)
		tj_verify_gate(cli, tj_label_gate_text(gate_at(g), cli->lang), result(verdict, g),
		    g == verdict->failed ? verdict->reason : TJ_S(""));
	if (accepted)
		figures_text(cli, verdict);
}

/* What was scanned may be anything; only what is one line is quoted. */
static tj_str
quotable(tj_str text)
{
	return tj_str_is_utf8(text) && tj_str_control(text) == text.n ? text
	    : TJ_S("(not a text)");
}

enum tj_rc
tj_verify_label(bool *accepted, struct tj_cli *cli, const struct tj_trust *trust, tj_str text)
{
	struct tj_label_verdict verdict;

	TRY(tj_label_verify(&verdict, text, trust, cli->at, cli->arena, &cli->err));
	*accepted = verdict.failed == TJ_LABEL_GATES;
	if (cli->json)
		return verdict_json(cli, quotable(text), &verdict);
	verdict_text(cli, quotable(text), &verdict);
	return TJ_OK;
}

enum tj_rc
tj_verify_picture(bool *accepted, struct tj_cli *cli, const struct tj_trust *trust,
    const char *path)
{
	struct tj_scanned scanned;
	bool all = true;
	tj_str picture;

	TRY(tj_file_read(&picture, path, TJ_MAX_PICTURE_BYTES, cli->arena, &cli->err));
	if (tj_scan(&scanned, picture, cli->arena, &cli->err) != TJ_OK)
		return tj_err_at(&cli->err, path, 0, 0, NULL);
	if (scanned.texts.n == 0)
		return tj_fail(&cli->err, TJ_E_NOTFOUND, "%s: no QR code is found in it; sharper, "
		    "straighter or nearer may help", path);
	for (size_t i = 0; i < scanned.texts.n; i++) {
		bool one = false;

		TRY(tj_verify_label(&one, cli, trust, scanned.texts.v[i]));
		all = all && one;
	}
	*accepted = all;
	return TJ_OK;
}

bool
tj_is_picture(const char *path)
{
	static const char *const endings[] = { ".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp" };
	const tj_str name = tj_str_of(path);

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		const tj_str ending = tj_str_of(endings[i]);

		if (name.n > ending.n && tj_str_eq_nocase(tj_str_cut(name, name.n - ending.n,
		    ending.n), ending))
			return true;
	}
	return false;
}
