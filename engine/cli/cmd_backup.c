#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/registry_report.h"

static enum tj_rc
backup(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	struct tj_registry_report report;
	struct tj_registry *registry;
	enum tj_rc rc;

	(void)status;
	TRY(tj_registry_open(&registry, args->operands[0], TJ_STORE_READ, &cli->err));
	rc = tj_registry_copy(&report, args->operands[1], registry, &cli->err);
	tj_registry_close(registry);
	TRY(rc);
	return tj_registry_report_show(cli, TJ_SAY(cli, "copied", "已备份"), &report);
}

const struct tj_command tj_cmd_backup = {
	.name = "backup",
	.summary = { "copy a registry while it is in use", "备份使用中的登记库" },
	.operands = "REGISTRY DEST",
	.operand_min = 2,
	.operand_max = 2,
	.about = {
		"Copies a registry's folder as it is at one moment, while others read and write "
		"it, into a folder that must not be there yet: it appears in full or not at "
		"all. Each "
		"entry is checked on its way. The copy is a registry like any other; see tanji "
		"restore.\n"
		"Copying the folder with other means is safe only while nobody writes.",
		"将登记库按某一时刻的状态复制到尚不存在的目录，期间他人可照常读写；副本要么完整出现，要么不出现。"
		"复制时逐条校验。副本本身就是一个登记库，恢复见 tanji restore。\n"
		"以其他方式复制目录，仅在无人写入时才安全。",
	},
	.examples = "tanji backup works/out/registry /backup/registry-2026-10-15",
	.run = backup,
};
