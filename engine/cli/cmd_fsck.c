#include <stdio.h>

#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/registry_report.h"

static const struct tj_option options[] = {
	{ "repair", NULL, { "make the index anew from the log first", "先由日志重建索引" } },
	{ NULL, NULL, { NULL, NULL } }
};

static void
show_wrong(void *ctx, const char *what)
{
	char text[TJ_ERR_TEXT + 256];

	(void)ctx;
	(void)snprintf(text, sizeof(text), "%s", what);
	tj_err_tame(text);
	(void)fprintf(stderr, "%s\n", text);
}

static enum tj_rc
repair(struct tj_cli *cli, const char *folder)
{
	struct tj_registry_report report;
	uint64_t cut;

	TRY(tj_registry_repair(&report, &cut, folder, &cli->err));
	if (cut > 0)
		(void)fprintf(stderr, TJ_SAY(cli, "%ju bytes at the end of the log were no whole "
		    "commit and do not count any more\n", "日志末尾 %ju 字节不构成完整的提交，不再计入\n"),
		    (uintmax_t)cut);
	return TJ_OK;
}

static enum tj_rc
check(struct tj_registry_report *report, struct tj_cli *cli, const char *folder)
{
	struct tj_registry *registry;
	enum tj_rc rc;

	rc = tj_registry_open(&registry, folder, TJ_STORE_READ, &cli->err);
	if (rc == TJ_E_CORRUPT) {	/* that is an answer, too */
		show_wrong(NULL, cli->err.text);
		tj_err_clear(&cli->err);
		*report = (struct tj_registry_report){ .wrong = 1 };
		return TJ_OK;
	}
	TRY(rc);
	rc = tj_registry_check(report, registry, show_wrong, NULL, &cli->err);
	tj_registry_close(registry);
	return rc;
}

static enum tj_rc
fsck(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const char *folder = args->operands[0];
	struct tj_registry_report report;

	if (tj_args_has(args, "repair"))
		TRY(repair(cli, folder));
	TRY(check(&report, cli, folder));
	TRY(tj_registry_report_show(cli, report.wrong == 0 ? TJ_SAY(cli, "sound", "完好") :
	    TJ_SAY(cli, "damaged", "已损坏"), &report));
	if (report.wrong == 0)
		return TJ_OK;
	*status = 1;
	(void)fprintf(stderr, TJ_SAY(cli,
	    "%zu things are wrong. If the log is whole, `tanji fsck --repair %s` makes the index "
	    "anew; else move the folder away and put a backup there: `tanji restore`\n",
	    "共 %zu 处错误。若日志完整，可用 `tanji fsck --repair %s` 重建索引；否则请移开该目录，"
	    "用 `tanji restore` 由备份恢复\n"), report.wrong, folder);
	return TJ_OK;
}

const struct tj_command tj_cmd_fsck = {
	.name = "fsck",
	.summary = { "check all of a registry, and repair its index", "全面检查登记库，修复索引" },
	.operands = "REGISTRY",
	.operand_min = 1,
	.operand_max = 1,
	.options = options,
	.about = {
		"Computes all of a registry again: the check and the digest of each entry of its "
		"log, the product and the id a declaration is filed under against what it "
		"says, and "
		"the whole index from the log, row by row, there and back. Others may go on "
		"writing. "
		"What is wrong is named, and the exit status is then 1. Signatures are not its "
		"business: see tanji verify.\n"
		"--repair makes the index anew from the log; end every other program that has the "
		"registry open first. It never changes the log, and refuses where that is damaged "
		"in the middle: then only a backup helps.",
		"重新计算整个登记库：日志每条的校验值与摘要，声明内容与其登记的产品和编号是否相符，"
		"并由日志重建全部索引，与现有索引逐行双向比较。期间他人可继续写入。"
		"发现的错误逐一列出，退出状态为 1。签名核验请用 tanji verify。\n"
		"--repair 由日志重建索引；请先结束其他打开该登记库的程序。"
		"它从不修改日志；若日志中间损坏则拒绝，此时只能由备份恢复。",
	},
	.examples = "tanji fsck works/out/registry\ntanji fsck --repair works/out/registry",
	.run = fsck,
};
