#include <stdio.h>

#include "engine/cli/env.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "model/base/limits.h"

static const struct tj_option options[] = {
	{ "dir", "DIR", { "the company's folder: whom it asks and believes; . without it",
	    "企业目录（向谁查询、信任谁），缺省为 ." } },
	{ NULL, NULL, { NULL, NULL } }
};

static const char *const states[4][2] = {
	[TJ_RESOLVED] = { "resolved", "已解析" },
	[TJ_UNKNOWN] = { "unknown", "未知" },
	[TJ_NOT_ACCEPTED] = { "not accepted", "未采用" },
	[TJ_NO_ANSWER] = { "no answer", "无应答" },
};

static enum tj_rc
show_json(struct tj_cli *cli, const tj_ident *ids, const struct tj_resolution *answers,
    size_t n)
{
	struct tj_json_writer json;
	char text[TJ_DEC_TEXT];

	tj_json_begin(&json, TJ_MAX_TABLE_BYTES);
	tj_json_open(&json, NULL, '[');
	for (size_t i = 0; i < n; i++) {
		const struct tj_declaration *decl = answers[i].declaration;

		tj_json_open(&json, NULL, '{');
		tj_json_put(&json, "identifier", ids[i].canonical);
		tj_json_put(&json, "state", tj_str_of(states[answers[i].status][TJ_EN]));
		tj_json_put(&json, "source", answers[i].source);
		tj_json_put(&json, "reason", answers[i].reason);
		if (answers[i].status == TJ_RESOLVED) {
			tj_json_put(&json, "id", decl->id);
			tj_json_put(&json, "total_kgco2e",
			    tj_str_of(tj_dec_text(text, decl->total_kgco2e)));
			tj_json_put(&json, "unit", tj_str_of(tj_unit_symbol(decl->unit)));
		}
		tj_json_close(&json, '}');
	}
	tj_json_close(&json, ']');
	return tj_report_json(cli, &json);
}

static void
show_text(struct tj_cli *cli, const tj_ident *ids, const struct tj_resolution *answers,
    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		(void)printf("%.*s: %s", TJ_FMT(ids[i].text),
		    states[answers[i].status][cli->lang]);
		if (answers[i].reason.n > 0)
			(void)printf(": %.*s", TJ_FMT(answers[i].reason));
		if (answers[i].source.n > 0)
			(void)printf(" (%.*s)", TJ_FMT(answers[i].source));
		(void)putchar('\n');
		if (answers[i].status == TJ_RESOLVED)
			tj_report_declaration(stdout, answers[i].declaration, cli->lang);
	}
}

static enum tj_rc
ask(struct tj_cli *cli, const struct tj_workspace *ws, const struct tj_trust *trust,
    const tj_ident *ids, struct tj_resolution *answers, size_t n)
{
	struct tj_resolver *resolver;
	enum tj_rc rc;

	TRY(tj_env_resolver(&resolver, ws, trust, cli->arena, &cli->err));
	if (resolver == NULL)
		return tj_fail(&cli->err, TJ_E_CONFIG, "nobody to ask: name registries under "
		    "[upstream] in %.*s/" TJ_CONF_FILE, TJ_FMT(ws->dir));
	rc = resolver->resolve(resolver, answers, ids, n, cli->at, cli->arena, &cli->err);
	resolver->close(resolver);
	return rc;
}

static enum tj_rc
resolve(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const char *dir = tj_args_value(args, "dir");
	const size_t n = args->operand_count;
	struct tj_resolution *answers = TJ_NEWN(cli->arena, struct tj_resolution, n);
	tj_ident *ids = TJ_NEWN(cli->arena, tj_ident, n);
	struct tj_workspace ws;
	struct tj_trust trust;
	enum tj_rc rc;

	if (answers == NULL || ids == NULL)
		return tj_fail_nomem(&cli->err);
	for (size_t i = 0; i < n; i++)
		TRY(tj_ident_parse(&ids[i], tj_str_of(args->operands[i]), cli->arena,
		    &cli->err));
	TRY(tj_workspace_read(&ws, dir == NULL ? "." : dir, cli->arena, &cli->err));
	rc = tj_env_trust(&trust, &ws, cli->arena, &cli->err);
	if (rc == TJ_OK)
		rc = ask(cli, &ws, &trust, ids, answers, n);
	tj_trust_fini(&trust);
	if (rc != TJ_OK)
		return rc;
	for (size_t i = 0; i < n; i++)
		if (answers[i].status != TJ_RESOLVED)
			*status = tj_rc_exit(TJ_E_NOTFOUND);
	if (cli->json)
		return show_json(cli, ids, answers, n);
	show_text(cli, ids, answers, n);
	return TJ_OK;
}

const struct tj_command tj_cmd_resolve = {
	.name = "resolve",
	.summary = { "ask the suppliers' registries", "向供应商的登记库查询" },
	.operands = "IDENTIFIER…",
	.operand_min = 1,
	.operand_max = 100000,
	.options = options,
	.about = {
		"Asks the registries under [upstream] for the newest declaration of each "
		"identifier, verifies it with the keys under [trust], and says what came of it, "
		"or why nothing did. Exits with 69 if one could not be resolved.",
		"向 [upstream] 所列登记库查询各标识的最新声明，并用 [trust] 的密钥核验，给出结果或原因。"
		"有未解析的标识时退出状态为 69。",
	},
	.examples = "tanji resolve 88.999.1001/C260901 --dir works --json",
	.run = resolve,
};
