#include <stdio.h>

#include "engine/cli/out.h"
#include "engine/cli/registry_report.h"
#include "engine/cli/report.h"
#include "model/base/limits.h"

enum tj_rc
tj_registry_report_show(struct tj_cli *cli, const char *done,
    const struct tj_registry_report *report)
{
	struct tj_json_writer json;

	if (!cli->json) {
		(void)printf(TJ_SAY(cli,
		    "%s: %zu declarations, %zu states of records, %zu of prefixes, %.1f MB\n",
		    "%s：声明 %zu，记录状态 %zu，前缀状态 %zu，%.1f MB\n"), done,
		    report->declarations, report->states, report->homes,
		    (double)report->log_bytes / 1e6);
		return TJ_OK;
	}
	tj_json_begin(&json, TJ_MAX_DOC_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_put_count(&json, "declarations", report->declarations);
	tj_json_put_count(&json, "states", report->states);
	tj_json_put_count(&json, "homes", report->homes);
	tj_json_put_count(&json, "bytes", (size_t)report->log_bytes);
	tj_json_put_count(&json, "wrong", report->wrong);
	tj_json_close(&json, '}');
	return tj_report_json(cli, &json);
}
