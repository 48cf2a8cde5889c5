#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "engine/cli/help.h"
#include "engine/cli/opt.h"
#include "model/unit.h"

static const struct tj_option options[] = {
	{ "write-manual", "DIR", { "write man pages and shell completion into DIR",
	    "将手册页与命令补全写入 DIR" } },
	{ NULL, NULL, { NULL, NULL } }
};

static enum tj_rc
page_write(struct tj_cli *cli, const char *dir, enum tj_lang lang,
    const struct tj_command *command)
{
	const tj_str path = tj_str_fmt(cli->arena, "%s/%sman1/tanji%s%s.1", dir,
	    lang == TJ_ZH ? "zh_CN/" : "", command == NULL ? "" : "-",
	    command == NULL ? "" : command->name);
	FILE *out = path.p == NULL ? NULL : fopen(path.p, "w");

	if (out == NULL)
		return tj_fail(&cli->err, TJ_E_IO, "cannot write in %s", dir);
	tj_help_man(out, command, lang);
	if (fclose(out) != 0)
		return tj_fail(&cli->err, TJ_E_IO, "cannot write %s", path.p);
	return TJ_OK;
}

static enum tj_rc
folder_make(struct tj_cli *cli, const char *dir, const char *below)
{
	const tj_str path = tj_str_fmt(cli->arena, "%s%s", dir, below);

	if (path.p == NULL)
		return tj_fail_nomem(&cli->err);
	if (mkdir(path.p, 0777) != 0 && errno != EEXIST)
		return tj_fail(&cli->err, TJ_E_IO, "cannot make %s: %s", path.p,
		    strerror(errno));
	return TJ_OK;
}

static enum tj_rc
manual_write(struct tj_cli *cli, const char *dir)
{
	static const char *const folders[] = { "", "/man1", "/zh_CN", "/zh_CN/man1" };
	tj_str path;
	FILE *out;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		TRY(folder_make(cli, dir, folders[i]));
	for (int lang = TJ_EN; lang <= TJ_ZH; lang++) {
		TRY(page_write(cli, dir, (enum tj_lang)lang, NULL));
		for (size_t i = 0; tj_commands[i] != NULL; i++)
			TRY(page_write(cli, dir, (enum tj_lang)lang, tj_commands[i]));
	}
	path = tj_str_fmt(cli->arena, "%s/tanji.bash", dir);
	if (path.p == NULL || (out = fopen(path.p, "w")) == NULL)
		return tj_fail(&cli->err, TJ_E_IO, "cannot write in %s", dir);
	tj_help_completion(out);
	if (fclose(out) != 0)
		return tj_fail(&cli->err, TJ_E_IO, "cannot write %s", path.p);
	return TJ_OK;
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
