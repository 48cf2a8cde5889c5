#include <stdio.h>

#include "connectors/file.h"
#include "engine/cli/load.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "exchange/builtin.h"
#include "exchange/template.h"
#include "model/base/limits.h"

static const struct tj_option options[] = {
	{ "dir", "DIR", { "company folder, for templates of its own",
	    "企业目录（用于企业自有模板）" } },
	{ NULL, NULL, { NULL, NULL } }
};

static const char *const levels[] = { "public", "industry", "enterprise" };

static enum tj_rc
load(struct tj_cli *cli, const struct tj_args *args, const char *name,
    const struct tj_template **template)
{
	const char *dir = tj_args_value(args, "dir");
	const struct tj_workspace ws = { .dir = tj_str_of(dir == NULL ? "." : dir) };

	return tj_load_template(template, &ws, tj_str_of(name), cli->arena, &cli->err);
}

static enum tj_rc
list(struct tj_cli *cli, const struct tj_args *args)
{
	for (const struct tj_builtin *b = tj_builtins; b->kind != NULL; b++) {
		const struct tj_template *t;

		if (strcmp(b->kind, "templates") != 0)
			continue;
		TRY(load(cli, args, b->name, &t));
		(void)printf("%-18s %-10s %.*s\n", b->name, levels[t->level],
		    TJ_FMT(cli->lang == TJ_ZH ? t->title_zh : t->title_en));
	}
	return TJ_OK;
}

static void
field_show(const struct tj_template_field *field, const char *name)
{
	(void)printf("  %-18s %s", name, field->required ? "* " : "  ");
	for (size_t i = 0; i < field->headers.n; i++)
		(void)printf("%s%.*s", i == 0 ? "" : " | ", TJ_FMT(field->headers.v[i]));
	if (field->constant.p != NULL)
		(void)printf(" = %.*s", TJ_FMT(field->constant));
	(void)putchar('\n');
	for (size_t i = 0; i < field->codes.n; i++)
		(void)printf("  %22s%.*s -> %.*s\n", "", TJ_FMT(field->codes.v[i].from),
		    TJ_FMT(field->codes.v[i].to));
}

static enum tj_rc
show(struct tj_cli *cli, const struct tj_args *args)
{
	const struct tj_template *t;

	if (args->operand_count < 2)
		return tj_fail(&cli->err, TJ_E_USAGE, "show which template?");
	TRY(load(cli, args, args->operands[1], &t));
	(void)printf("%.*s: %.*s\n", TJ_FMT(t->id),
	    TJ_FMT(cli->lang == TJ_ZH ? t->title_zh : t->title_en));
	for (size_t i = 0; i < t->chain.n; i++)
		(void)printf("%s%.*s", i == 0 ? "" : " < ", TJ_FMT(t->chain.v[i]));
	for (size_t r = 0; r < t->records.n; r++) {
		const struct tj_template_record *record = &t->records.v[r];

		(void)printf("\n%s (%s)\n", tj_record_name(record->kind),
		    TJ_SAY(cli, "* required", "* 必填"));
		for (size_t i = 0; i < tj_record_fields(record->kind); i++)
			if (record->fields[i].defined)
				field_show(&record->fields[i],
				    tj_record_field(record->kind, i));
	}
	return TJ_OK;
}

/* Reads one file through one template and counts what it says. */
static enum tj_rc
try_file(struct tj_cli *cli, const struct tj_args *args)
{
	const struct tj_template *t;
	struct tj_findings findings;
	struct tj_names files;
	struct tj_ledger ledger = { .arena = cli->arena, .files = &files };
	enum tj_rc rc;
	tj_str bytes;

	if (args->operand_count < 3)
		return tj_fail(&cli->err, TJ_E_USAGE, "try which template on which file?");
	tj_names_init(&files, cli->arena);
	tj_findings_init(&findings, cli->arena);
	TRY(load(cli, args, args->operands[1], &t));
	TRY(tj_file_read(&bytes, args->operands[2], TJ_MAX_TABLE_BYTES, cli->arena,
	    &cli->err));
	rc = tj_template_apply(&ledger, t, tj_str_of(args->operands[2]), bytes, cli->crew,
	    &findings, cli->arena, &cli->err);
	tj_out_findings(stderr, &findings, cli->lang, cli->quiet);
	if (rc != TJ_OK)
		return rc;
	(void)printf("material %zu\nbom %zu\norder %zu\nmovement %zu\nreading %zu\n"
	    "leg %zu\nstack %zu\n", ledger.materials.n, ledger.bom.n, ledger.orders.n,
	    ledger.movements.n, ledger.readings.n, ledger.legs.n, ledger.stacks.n);
	return TJ_OK;
}

static enum tj_rc
template(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const tj_str action = tj_str_of(args->operands[0]);

	(void)status;
	if (tj_str_eq(action, TJ_S("list")))
		return list(cli, args);
	if (tj_str_eq(action, TJ_S("show")))
		return show(cli, args);
	if (tj_str_eq(action, TJ_S("try")))
		return try_file(cli, args);
	return tj_fail(&cli->err, TJ_E_USAGE, "template list, show or try, not %.*s",
	    TJ_FMT(action));
}

const struct tj_command tj_cmd_template = {
	.name = "template",
	.summary = { "list, show and try metadata templates", "列出、查看和试用元数据模板" },
	.operands = "list | show NAME | try NAME FILE",
	.operand_min = 1,
	.operand_max = 3,
	.options = options,
	.about = {
		"A template says how a file's columns, units, codes and encoding map to fields. "
		"NAME is the id of one that comes with the program, or the path of an XML file.\n"
		"try reads FILE through it and counts the rows of each kind; errors name line, "
		"column and field. docs/templates.md describes the language.",
		"模板说明文件的列、单位、代码与编码如何对应到字段。NAME 为内置模板的编号或 XML 文件路径。\n"
		"try 用模板试读 FILE 并统计各类行数；错误会给出行、列与字段。语言说明见 docs/templates.md。",
	},
	.examples = "tanji template list\ntanji template show sap-mb51\n"
	    "tanji template try sap-mb51 in/movements.txt",
	.run = template,
};
