#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/registry_report.h"

static enum tj_rc
restore(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	struct tj_registry_report report;
	struct tj_registry *backup;
	enum tj_rc rc;

	(void)status;
	TRY(tj_registry_open(&backup, args->operands[0], TJ_STORE_READ, &cli->err));
	rc = tj_registry_copy(&report, args->operands[1], backup, &cli->err);
	tj_registry_close(backup);
	TRY(rc);
	return tj_registry_report_show(cli, TJ_SAY(cli, "restored", "已恢复"), &report);
}

const struct tj_command tj_cmd_restore = {
	.name = "restore",
	.summary = { "put a registry back from a backup", "由备份恢复登记库" },
	.operands = "BACKUP REGISTRY",
	.operand_min = 2,
	.operand_max = 2,
	.about = {
		"Puts a copy made by tanji backup in the place of a registry. Each entry is "
		"checked on its way and the index is made anew; the registry appears in "
		"full or not at "
		"all. "
		"A folder that is there is never overwritten: move a damaged registry away first, "
		"and keep it until you are sure.",
		"将 tanji backup 所做的副本放回登记库的位置。恢复时逐条校验并重建索引；"
		"登记库要么完整出现，要么不出现。"
		"已存在的目录绝不覆盖：请先把损坏的登记库移开，确认无误之前请保留它。",
	},
	.examples = "mv works/out/registry works/out/registry.damaged\n"
	    "tanji restore /backup/registry-2026-10-15 works/out/registry",
	.run = restore,
};
