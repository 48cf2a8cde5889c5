#include <stdio.h>

#include "connectors/scans.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "exchange/json.h"
#include "model/base/limits.h"

static void
show_text(const struct tj_scan *scan)
{
	char first[TJ_DATE_TEXT], last[TJ_DATE_TEXT];

	(void)printf("%llu\t%llu\t%s\t%s\t%.*s\t", (unsigned long long)scan->count,
	    (unsigned long long)scan->days, tj_date_text(first, scan->first),
	    tj_date_text(last, scan->last), TJ_FMT(scan->product));
	for (size_t i = 0; i < scan->places.n; i++)
		(void)printf("%s%.*s %llu", i > 0 ? ", " : "", TJ_FMT(scan->places.v[i].place),
		    (unsigned long long)scan->places.v[i].count);
	(void)putchar('\n');
}

static void
put_json(struct tj_json_writer *out, const struct tj_scan *scan)
{
	char day[TJ_DATE_TEXT];

	tj_json_open(out, NULL, '{');
	tj_json_put(out, "product", scan->product);
	tj_json_put_count(out, "scans", scan->count);
	tj_json_put_count(out, "days", scan->days);
	tj_json_put(out, "first", tj_str_of(tj_date_text(day, scan->first)));
	tj_json_put(out, "last", tj_str_of(tj_date_text(day, scan->last)));
	tj_json_open(out, "places", '[');
	for (size_t i = 0; i < scan->places.n; i++) {
		tj_json_open(out, NULL, '{');
		tj_json_put(out, "place", scan->places.v[i].place);
		tj_json_put_count(out, "scans", scan->places.v[i].count);
		tj_json_close(out, '}');
	}
	tj_json_close(out, ']');
	tj_json_close(out, '}');
}

static enum tj_rc
show_json(struct tj_cli *cli, const struct tj_scans *scans)
{
	struct tj_json_writer out;
	tj_str text;

	tj_json_begin(&out, TJ_MAX_TABLE_BYTES);
	tj_json_open(&out, NULL, '[');
	for (size_t i = 0; i < scans->list.n; i++)
		put_json(&out, &scans->list.v[i]);
	tj_json_close(&out, ']');
	TRY(tj_json_end(&text, &out, cli->arena, &cli->err));
	(void)fwrite(text.p, 1, text.n, stdout);
	(void)putchar('\n');
	return TJ_OK;
}

static enum tj_rc
run(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	struct tj_scans scans;

	(void)status;
	TRY(tj_scans_read(&scans, args->operands[0], cli->arena, &cli->err));
	if (scans.bad_lines > 0)
		(void)fprintf(stderr, TJ_SAY(cli, "%zu lines are cut short or not ours, and not "
		    "counted\n", "%zu 行不完整或不是扫描记录，未计入\n"), scans.bad_lines);
	if (cli->json)
		return show_json(cli, &scans);
	(void)printf("%s\n", TJ_SAY(cli, "scans\tdays\tfirst\tlast\tproduct\tplaces",
	    "次数\t天数\t首次\t最近\t产品\t地点"));
	for (size_t i = 0; i < scans.list.n; i++)
		show_text(&scans.list.v[i]);
	return TJ_OK;
}

const struct tj_command tj_cmd_scans = {
	.name = "scans",
	.summary = { "how often and where serials were looked at", "查看序列号的扫描次数与地点" },
	.operands = "FILE",
	.operand_min = 1,
	.operand_max = 1,
	.about = {
		"A signature cannot show that a label sits on the right thing: a genuine one can "
		"be copied. A serial that is looked at on many days in many places has been. A "
		"node with `scans = FILE` under [page] in node.conf counts the scans of labels "
		"with a serial; this command shows them, the most often seen first, to whoever "
		"may read that file.\n"
		"A day and at most a province are all that is kept of a scan: no address, no hour, "
		"nothing about the phone. The province comes from the proxy in front "
		"(`place_header`), or is not kept.",
		"签名不能证明标签贴在正确的产品上，真标签也可能被复制；同一序列号在多日、多地被扫描即为可疑。"
		"在 node.conf 的 [page] 中写有 `scans = FILE` 的节点统计带序列号标签的扫描；本命令按次数从多到少列出，"
		"仅限有权读取该文件者。\n"
		"每次扫描只记录日期，至多到省份：不记录网络地址、时刻与终端信息。省份由前端代理给出（`place_header`），"
		"否则不记录。",
	},
	.examples = "tanji scans node/scans.tsv\ntanji scans node/scans.tsv --json",
	.run = run,
};
