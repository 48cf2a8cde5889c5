#include <errno.h>
#include <stdio.h>

#include "connectors/file.h"
#include "engine/cli/help.h"
#include "engine/cli/opt.h"
#include "model/unit.h"

static const struct tj_option options[] = {
	{ "write-manual", "DIR", { "write man pages and shell completion into DIR",
	    "将手册页与命令补全写入 DIR" } },
	{ NULL, NULL, { NULL, NULL } }
};

static enum tj_rc
out_open(FILE **out, struct tj_cli *cli, tj_str path)
{
	if (path.p == NULL)
		return tj_fail_nomem(&cli->err);
	if ((*out = fopen(path.p, "w")) == NULL)
		return tj_fail(&cli->err, TJ_E_IO, "cannot write %s: %s", path.p,
		    strerror(errno));
	return TJ_OK;
}

static enum tj_rc
out_close(FILE *out, struct tj_cli *cli, tj_str path)
{
	const bool failed = ferror(out) != 0;

	if (fclose(out) != 0 || failed)
		return tj_fail(&cli->err, TJ_E_IO, "cannot write %s", path.p);
	return TJ_OK;
}

static enum tj_rc
page_write(struct tj_cli *cli, const char *folder, enum tj_lang lang,
    const struct tj_command *command)
{
	const tj_str path = tj_str_fmt(cli->arena, "%s/tanji%s%s.1", folder,
	    command == NULL ? "" : "-", command == NULL ? "" : command->name);
	FILE *out;

	TRY(out_open(&out, cli, path));
	tj_help_man(out, command, lang);
	return out_close(out, cli, path);
}

static enum tj_rc
pages_write(struct tj_cli *cli, const char *dir, enum tj_lang lang)
{
	const tj_str folder = tj_str_fmt(cli->arena, "%s/%sman1", dir,
	    lang == TJ_ZH ? "zh_CN/" : "");

	if (folder.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_file_make_folder(folder.p, 0755, &cli->err));
	TRY(page_write(cli, folder.p, lang, NULL));
	for (size_t i = 0; tj_commands[i] != NULL; i++)
		TRY(page_write(cli, folder.p, lang, tj_commands[i]));
	return TJ_OK;
}

static enum tj_rc
manual_write(struct tj_cli *cli, const char *dir)
{
	const tj_str path = tj_str_fmt(cli->arena, "%s/tanji.bash", dir);
	FILE *out;

	TRY(pages_write(cli, dir, TJ_EN));
	TRY(pages_write(cli, dir, TJ_ZH));
	TRY(out_open(&out, cli, path));
	tj_help_completion(out);
	return out_close(out, cli, path);
}

static void
units_list(void)
{
	for (size_t i = 0; i < tj_unit_count(); i++)
		(void)printf("%-10s %s\n", tj_unit_symbol((tj_unit)i),
		    tj_dimension_name(tj_unit_dimension((tj_unit)i)));
}

static enum tj_rc
help(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const char *dir = tj_args_value(args, "write-manual");
	const struct tj_command *command;

	(void)status;
	if (dir != NULL)
		return manual_write(cli, dir);
	if (args->operand_count == 0) {
		tj_help_overview(stdout, cli->lang);
		return TJ_OK;
	}
	if (strcmp(args->operands[0], "units") == 0) {
		units_list();
		return TJ_OK;
	}
	if ((command = tj_command_find(tj_str_of(args->operands[0]))) == NULL)
		return tj_fail(&cli->err, TJ_E_USAGE, "no command %s; see `tanji help`",
		    args->operands[0]);
	tj_help_command(stdout, command, cli->lang);
	return TJ_OK;
}

const struct tj_command tj_cmd_help = {
	.name = "help",
	.summary = { "show help on a command", "显示命令的帮助" },
	.operands = "[COMMAND]",
	.operand_max = 1,
	.options = options,
	.about = {
		"Shows what a command does and its options. `tanji help units` lists the units "
		"that files may use.",
		"显示命令的作用与选项。tanji help units 列出文件中可用的单位。",
	},
	.examples = "tanji help run\ntanji help units",
	.run = help,
};
