#include <stdio.h>

#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/registry_report.h"
#include "engine/cli/report.h"
#include "model/base/limits.h"

static enum tj_rc
show(struct tj_cli *cli, uint64_t before, uint64_t after)
{
	struct tj_json_writer json;

	if (!cli->json) {
		(void)printf(TJ_SAY(cli, "%.1f MB of log before, %.1f MB after\n",
		    "日志由 %.1f MB 缩减为 %.1f MB\n"), (double)before / 1e6, (double)after / 1e6);
		return TJ_OK;
	}
	tj_json_begin(&json, TJ_MAX_DOC_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_put_count(&json, "bytes_before", (size_t)before);
	tj_json_put_count(&json, "bytes_after", (size_t)after);
	tj_json_close(&json, '}');
	return tj_report_json(cli, &json);
}

static enum tj_rc
compact(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	struct tj_registry *registry;
	uint64_t before, after;
	enum tj_rc rc;

	(void)status;
	TRY(tj_registry_open(&registry, args->operands[0], TJ_STORE_READ, &cli->err));
	tj_registry_close(registry);	/* there is one: WRITE would make it */
	TRY(tj_registry_open(&registry, args->operands[0], TJ_STORE_WRITE, &cli->err));
	rc = tj_registry_compact(&before, &after, registry, &cli->err);
	tj_registry_close(registry);
	TRY(rc);
	return show(cli, before, after);
}

const struct tj_command tj_cmd_compact = {
	.name = "compact",
	.summary = { "drop what later states of records have replaced", "清除已被取代的记录状态" },
	.operands = "REGISTRY",
	.operand_min = 1,
	.operand_max = 1,
	.about = {
		"Makes a registry smaller: states of records that later ones replaced, and deleted "
		"records, go; declarations never do. Others may read meanwhile, and write in the "
		"moments between two files of the log. It may be stopped at any time; what it has "
		"done until then stays done.",
		"缩小登记库：清除已被后来状态取代的记录状态与已删除的记录；声明从不清除。期间他人可以读取，"
		"并可在两个日志文件之间写入。可随时中止，已完成的部分仍然有效。",
	},
	.examples = "tanji compact works/out/registry",
	.run = compact,
};
