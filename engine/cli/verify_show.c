#include <stdio.h>

#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "engine/cli/verify_show.h"
#include "model/base/limits.h"

void
tj_verify_gate_put(struct tj_json_writer *json, const char *key, enum tj_gate_result result,
    tj_str reason, struct tj_cli *cli)
{
	tj_str text = tj_str_of(result == TJ_GATE_PASSED ? "passed" : "not tried");

	if (result == TJ_GATE_FAILED)
		text = reason;
	else if (result == TJ_GATE_NOT_CHECKED)
		text = tj_str_fmt(cli->arena, "not checked: %.*s", TJ_FMT(reason));
	if (text.p != NULL)
		tj_json_put(json, key, text);
	else
		json->buf.failed = true;	/* tj_json_end() says so */
}

void
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
		tj_verify_gate_put(json, tj_gate_key((enum tj_gate)i), verdict->gates[i],
		    verdict->reasons[i], cli);
	tj_json_close(json, '}');
}

static enum tj_rc
verdict_json(struct tj_cli *cli, const char *name, const struct tj_verdict *verdict)
{
	struct tj_json_writer json;

	tj_json_begin(&json, TJ_MAX_DOC_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_put(&json, "declaration", tj_str_of(name));
	tj_verify_put(&json, verdict, cli);
	tj_json_close(&json, '}');
	return tj_report_json(cli, &json);
}

void
tj_verify_gate(const struct tj_cli *cli, const char *text, enum tj_gate_result result,
    tj_str reason)
{
	static const char *const results[] = { "-", "ok", "NO", "?" };
	const bool unchecked = result == TJ_GATE_NOT_CHECKED;

	(void)printf("  %-3s %-36s %s%.*s\n", results[result], text,
	    unchecked ? TJ_SAY(cli, "not checked: ", "未检查：没有可用的依据") : "",
	    TJ_FMT(unchecked && cli->lang == TJ_ZH ? TJ_S("") : reason));
}

void
tj_verify_gates(const struct tj_cli *cli, const struct tj_verdict *verdict)
{
	for (size_t i = 0; i < TJ_GATES; i++)
		tj_verify_gate(cli, tj_gate_text((enum tj_gate)i, cli->lang),
		    verdict->gates[i], verdict->reasons[i]);
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
