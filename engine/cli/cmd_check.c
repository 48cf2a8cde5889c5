#include <stdio.h>

#include "engine/cli/compute.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "model/base/limits.h"

static enum tj_rc
show(struct tj_cli *cli, const struct tj_computed *c)
{
	const struct tj_book *book = &c->loaded.book;
	struct tj_json_writer json;

	if (!cli->json) {
		(void)printf(TJ_SAY(cli,
		    "%zu products, %zu activities, %zu inputs, %zu loops: ready to run\n",
		    "产品 %zu，活动 %zu，投入 %zu，循环 %zu：可以运行\n"), book->products.n,
		    book->activities.n, book->inputs.n,
		    (size_t)c->assessment.plan.loop_count);
		tj_report_numerics(stdout, &c->assessment.solution, cli->lang);
		return TJ_OK;
	}
	tj_json_begin(&json, TJ_MAX_DOC_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_report_numerics_json(&json, &c->assessment.solution);
	tj_report_findings_json(&json, &c->findings, cli->lang);
	tj_json_close(&json, '}');
	return tj_report_json(cli, &json);
}

static enum tj_rc
check(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	struct tj_computed c;
	struct tj_numbers declared;

	(void)status;
	TRY(tj_compute(&c, cli, args->operand_count > 0 ? args->operands[0] : "."));
	if (c.ws.declared.n > 0)
		TRY(tj_compute_declared(&declared, &c, cli->arena, &cli->err));
	return show(cli, &c);
}

const struct tj_command tj_cmd_check = {
	.name = "check",
	.summary = { "read and compute everything, write nothing", "读取并试算，不写任何文件" },
	.operands = "[DIR]",
	.operand_max = 1,
	.about = {
		"Reads every file the company names and lists every error with file, line, "
		"column and field, then computes and lists what was noticed: missing factors, "
		"refused declarations, balances that do not close, late readings. Writes nothing "
		"and needs no key.",
		"读取企业写明的所有文件，列出每个错误（文件、行、列、字段），随后试算并列出提示：缺少的因子、未被采用的"
		"声明、不平衡的物料或碳、迟到的读数。不写任何文件，也不需要密钥。",
	},
	.examples = "tanji check works\ntanji check works --json",
	.run = check,
};
