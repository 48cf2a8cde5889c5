#include <stdio.h>

#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "engine/cli/verify_show.h"
#include "model/base/limits.h"

static const char *const results[] = { "-", "ok", "NO", "?" };

static enum tj_rc
gate_json(struct tj_json_writer *json, enum tj_gate gate, const struct tj_verdict *verdict,
    struct tj_cli *cli)
{
	const tj_str why = verdict->reasons[gate];
	tj_str text = tj_str_of(verdict->gates[gate] == TJ_GATE_PASSED ? "passed" : "not tried");

	if (verdict->gates[gate] == TJ_GATE_FAILED)
		text = why;
	else if (verdict->gates[gate] == TJ_GATE_NOT_CHECKED)
		text = tj_str_fmt(cli->arena, "not checked: %.*s", TJ_FMT(why));
	if (text.p == NULL)
		return tj_fail_nomem(&cli->err);
	tj_json_put(json, tj_gate_key(gate), text);
	return TJ_OK;
}

enum tj_rc
tj_verify_put(struct tj_json_writer *json, const struct tj_verdict *verdict, struct tj_cli *cli)
{
	tj_json_put_bool(json, "accepted", verdict->accepted);
	if (verdict->declaration != NULL) {
		tj_json_put(json, "product", verdict->declaration->product);
		tj_json_put(json, "id", verdict->declaration->id);
		tj_json_put(json, "issuer", verdict->declaration->issuer);
	}
	tj_json_open(json, "gates", '{');
	for (size_t i = 0; i < TJ_GATES; i++)
		TRY(gate_json(json, (enum tj_gate)i, verdict, cli));
	tj_json_close(json, '}');
	return TJ_OK;
}

static enum tj_rc
verdict_json(struct tj_cli *cli, const char *name, const struct tj_verdict *verdict)
{
	struct tj_json_writer json;
	enum tj_rc rc;

	tj_json_begin(&json, TJ_MAX_DOC_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_put(&json, "declaration", tj_str_of(name));
	rc = tj_verify_put(&json, verdict, cli);
	tj_json_close(&json, '}');
	if (rc == TJ_OK)
		return tj_report_json(cli, &json);
	tj_buf_fini(&json.buf);
	return rc;
}

void
tj_verify_gates(const struct tj_cli *cli, const struct tj_verdict *verdict)
{
	for (size_t i = 0; i < TJ_GATES; i++) {
		const bool unchecked = verdict->gates[i] == TJ_GATE_NOT_CHECKED;

		(void)printf("  %-3s %-36s %s%.*s\n", results[verdict->gates[i]],
		    tj_gate_text((enum tj_gate)i, cli->lang),
		    unchecked ? TJ_SAY(cli, "not checked: ", "未检查：没有可用的依据") : "",
		    TJ_FMT(unchecked && cli->lang == TJ_ZH ? TJ_S("") : verdict->reasons[i]));
	}
}

enum tj_rc
tj_verify_show(struct tj_cli *cli, const char *name, const struct tj_verdict *verdict)
{
	if (cli->json)
		return verdict_json(cli, name, verdict);
	(void)printf("%s: %s\n", name, verdict->accepted ?
	    TJ_SAY(cli, "accepted", "通过") : TJ_SAY(cli, "REFUSED", "未通过"));
	tj_verify_gates(cli, verdict);
	if (verdict->accepted)
		tj_report_declaration(stdout, verdict->declaration, cli->lang);
	return TJ_OK;
}
