#include <stdio.h>

#include "engine/cli/log_subjects.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"

static const struct {
	const char	*key;
	const char	*text[2];
} findings[] = {
	[TJ_LOG_SINGLE] = { "single", { "one figure", "仅有一个数值" } },
	[TJ_LOG_UNSEEN] = { "unseen", { "UNSEEN: the log holds declarations of it that are not "
	    "among the files; ask for them", "未见：日志中另有未出示的声明，请索取" } },
	[TJ_LOG_UNLOGGED] = { "unlogged", { "UNLOGGED: a file is not in the log under the tag of "
	    "its product and period", "未记入：有文件未以其产品与期间的标签记入日志" } },
	[TJ_LOG_EQUIVOCATION] = { "equivocation", { "EQUIVOCATION: two figures, and neither takes "
	    "the other's place", "前后不一：存在两个数值，且互不替代" } },
};

static void
figure_print(const struct tj_log_file *file)
{
	char text[TJ_DEC_TEXT];

	(void)printf("%s kg CO2e/%s  %s", tj_dec_text(text, file->decl.total_kgco2e),
	    tj_unit_symbol(file->decl.unit), file->path);
	if (file->replaced_by != NULL)
		(void)printf(" (-> %s)", file->replaced_by->path);
	(void)putchar('\n');
}

static void
leaf_print(struct tj_cli *cli, const struct tj_log_leaf_at *leaf)
{
	char hex[TJ_DIGEST_HEX];

	(void)printf(TJ_SAY(cli, "  leaf %llu: ", "  第 %llu 条："),
	    (unsigned long long)leaf->index);
	if (leaf->file != NULL)
		figure_print(leaf->file);
	else
		(void)printf(TJ_SAY(cli, "not at hand, SHA-256 %s\n", "未出示，SHA-256 %s\n"),
		    tj_digest_hex(hex, &leaf->sha));
}

static void
subject_print(struct tj_cli *cli, const struct tj_log_subject *subject)
{
	const struct tj_declaration *decl = &subject->files.v[0]->decl;
	char from[TJ_DATE_TEXT], to[TJ_DATE_TEXT];

	(void)printf("%.*s %s/%s: %s\n", TJ_FMT(decl->product),
	    tj_date_text(from, decl->period_start), tj_date_text(to, decl->period_end),
	    findings[subject->finding].text[cli->lang]);
	for (size_t i = 0; i < subject->leaves.n; i++)
		leaf_print(cli, &subject->leaves.v[i]);
	for (size_t i = 0; i < subject->files.n; i++) {
		if (subject->files.v[i]->has_tag)
			continue;
		(void)printf("  %s: ", subject->files.v[i]->is_logged ?
		    TJ_SAY(cli, "in the log under another tag or none", "以其他标签或无标签记入") :
		    TJ_SAY(cli, "not in the log", "未记入日志"));
		figure_print(subject->files.v[i]);
	}
}

static void
figure_json(struct tj_json_writer *json, const struct tj_log_file *file)
{
	char text[TJ_DEC_TEXT];

	tj_json_put(json, "file", tj_str_of(file->path));
	tj_json_put(json, "id", file->decl.id);
	tj_json_put(json, "issuer", file->decl.issuer);
	tj_json_put(json, "totalKgCO2e",
	    tj_str_of(tj_dec_text(text, file->decl.total_kgco2e)));
	tj_json_put(json, "unit", tj_str_of(tj_unit_symbol(file->decl.unit)));
	if (file->replaced_by != NULL)
		tj_json_put(json, "replacedBy", file->replaced_by->decl.id);
}

static void
leaf_json(struct tj_json_writer *json, const struct tj_log_leaf_at *leaf)
{
	char hex[TJ_DIGEST_HEX];

	tj_json_open(json, NULL, '{');
	tj_json_put_count(json, "index", (size_t)leaf->index);
	tj_json_put(json, "sha256", tj_str_of(tj_digest_hex(hex, &leaf->sha)));
	if (leaf->file != NULL)
		figure_json(json, leaf->file);
	tj_json_close(json, '}');
}

static void
subject_json(struct tj_json_writer *json, const struct tj_log_subject *subject)
{
	const struct tj_declaration *decl = &subject->files.v[0]->decl;
	char from[TJ_DATE_TEXT], to[TJ_DATE_TEXT];

	tj_json_open(json, NULL, '{');
	tj_json_put(json, "product", decl->product);
	tj_json_put(json, "start", tj_str_of(tj_date_text(from, decl->period_start)));
	tj_json_put(json, "end", tj_str_of(tj_date_text(to, decl->period_end)));
	tj_json_put(json, "finding", tj_str_of(findings[subject->finding].key));
	tj_json_open(json, "leaves", '[');
	for (size_t i = 0; i < subject->leaves.n; i++)
		leaf_json(json, &subject->leaves.v[i]);
	tj_json_close(json, ']');
	tj_json_open(json, "unlogged", '[');
	for (size_t i = 0; i < subject->files.n; i++) {
		if (subject->files.v[i]->has_tag)
			continue;
		tj_json_open(json, NULL, '{');
		figure_json(json, subject->files.v[i]);
		tj_json_close(json, '}');
	}
	tj_json_close(json, ']');
	tj_json_close(json, '}');
}

enum tj_rc
tj_log_subjects_show(struct tj_cli *cli, const struct tj_log_subjects *subjects)
{
	struct tj_json_writer json;

	for (size_t i = 0; i < subjects->list.n && !cli->json; i++)
		subject_print(cli, &subjects->list.v[i]);
	if (!cli->json)
		return TJ_OK;
	tj_json_begin(&json, TJ_MAX_LIST_BYTES);
	tj_json_open(&json, NULL, '[');
	for (size_t i = 0; i < subjects->list.n; i++)
		subject_json(&json, &subjects->list.v[i]);
	tj_json_close(&json, ']');
	return tj_report_json(cli, &json);
}
