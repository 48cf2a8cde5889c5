#include "engine/cli/help.h"
#include "engine/cli/opt.h"

static const char *const about_program[2] = {
	"Tanji traces the greenhouse-gas footprint of every batch of a product through its "
	"supply chain and signs what it finds. It reads what ERP, MES and meters export, asks the "
	"suppliers' registries for the footprints of what was bought, computes every batch, and "
	"writes one signed declaration per batch to the registry.",
	"碳迹（Tanji）沿供应链追踪每一批产品的温室气体足迹，并对结果签名。它读取 ERP、MES 与表计导出的文件，"
	"向供应商的登记库查询外购品的足迹，逐批计算，并为每一批向登记库写入一份签名声明。",
};

static const struct {
	int		 status;
	const char	*text[2];
} statuses[] = {
	{ 0, { "done", "完成" } },
	{ 1, { "the answer is no: a verification failed", "结论为否：验证未通过" } },
	{ 2, { "wrong usage", "用法错误" } },
	{ 65, { "the data cannot be used; every error is listed", "数据不可用，错误已全部列出" } },
	{ 66, { "a file is missing", "文件缺失" } },
	{ 69, { "not found in the registry", "登记库中未找到" } },
	{ 70, { "an error of the program", "程序内部错误" } },
	{ 71, { "out of memory", "内存不足" } },
	{ 73, { "already there, and different", "已存在且内容不同" } },
	{ 74, { "reading or writing failed", "读写失败" } },
	{ 75, { "the registry is in use: try again", "登记库被占用，请重试" } },
	{ 77, { "permission denied", "权限不足" } },
	{ 78, { "the configuration is wrong", "配置错误" } },
};

#define STATUS_COUNT	(sizeof(statuses) / sizeof(statuses[0]))

void
tj_help_overview(FILE *out, enum tj_lang lang)
{
	(void)fprintf(out, "%s\n\n", about_program[lang]);
	(void)fprintf(out, lang == TJ_ZH ? "用法：tanji 命令 [选项] …\n\n" :
	    "usage: tanji COMMAND [options] …\n\n");
	for (size_t i = 0; tj_commands[i] != NULL; i++)
		(void)fprintf(out, "  %-10s %s\n", tj_commands[i]->name,
		    tj_commands[i]->summary[lang]);
	(void)fprintf(out, lang == TJ_ZH ? "\n各命令的说明见 tanji help 命令\n" :
	    "\nMore of each: tanji help COMMAND\n");
}

static void
options_list(FILE *out, const struct tj_option *options, enum tj_lang lang)
{
	char left[64];

	for (; options != NULL && options->name != NULL; options++) {
		(void)snprintf(left, sizeof(left), "--%s%s%s", options->name,
		    options->argument == NULL ? "" : " ",
		    options->argument == NULL ? "" : options->argument);
		(void)fprintf(out, "  %-24s %s\n", left, options->text[lang]);
	}
}

/* Each line of `lines` behind `before`. */
static void
lines_put(FILE *out, const char *lines, const char *before, const char *after)
{
	tj_str rest = tj_str_of(lines), line;

	while (tj_str_next(&line, &rest, '\n'))
		(void)fprintf(out, "%s%.*s%s", before, TJ_FMT(line), after);
}

void
tj_help_command(FILE *out, const struct tj_command *command, enum tj_lang lang)
{
	(void)fprintf(out, "tanji %s: %s\n\n", command->name, command->summary[lang]);
	(void)fprintf(out, lang == TJ_ZH ? "用法：tanji %s [选项] %s\n\n" :
	    "usage: tanji %s [options] %s\n\n", command->name, command->operands);
	lines_put(out, command->about[lang], "", "\n");
	(void)fputc('\n', out);
	options_list(out, command->options, lang);
	options_list(out, tj_common_options, lang);
	(void)fputc('\n', out);
	lines_put(out, command->examples, "  $ ", "\n");
}

/* Text for roff: a backslash means nothing special, "-" is a minus, and what begins a
 * line is no request. */
static void
roff_put(FILE *out, tj_str text)
{
	if (text.n > 0 && (text.p[0] == '.' || text.p[0] == '\''))
		(void)fputs("\\&", out);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\\')
			(void)fputs("\\e", out);
		else if (text.p[i] == '-')
			(void)fputs("\\-", out);
		else
			(void)fputc(text.p[i], out);
	}
}

/* Each line of `text` as roff text behind `before`. */
static void
roff_lines(FILE *out, const char *text, const char *before)
{
	tj_str rest = tj_str_of(text), line;

	while (tj_str_next(&line, &rest, '\n')) {
		(void)fputs(before, out);
		roff_put(out, line);
		(void)fputc('\n', out);
	}
}

static void
man_options(FILE *out, const struct tj_option *options, enum tj_lang lang)
{
	for (; options != NULL && options->name != NULL; options++) {
		(void)fputs(".TP\n.B \\-\\-", out);
		roff_put(out, tj_str_of(options->name));
		if (options->argument != NULL)
			(void)fprintf(out, " \\fI%s\\fR", options->argument);
		(void)fputc('\n', out);
		roff_lines(out, options->text[lang], "");
	}
}

static void
man_statuses(FILE *out, enum tj_lang lang)
{
	(void)fprintf(out, ".SH %s\n", lang == TJ_ZH ? "退出状态" : "EXIT STATUS");
	for (size_t i = 0; i < STATUS_COUNT; i++)
		(void)fprintf(out, ".TP\n.B %d\n%s\n", statuses[i].status,
		    statuses[i].text[lang]);
}

static void
man_of_program(FILE *out, enum tj_lang lang)
{
	(void)fprintf(out, ".TH TANJI 1 \"\" \"tanji\" \"\"\n.ad l\n.SH %s\ntanji \\- %s\n",
	    lang == TJ_ZH ? "名称" : "NAME",
	    lang == TJ_ZH ? "逐批追踪并签名的产品碳足迹" :
	    "product carbon footprints by batch, signed and traceable");
	(void)fprintf(out, ".SH %s\n.B tanji\n.I COMMAND\n[options] ...\n.SH %s\n",
	    lang == TJ_ZH ? "概要" : "SYNOPSIS", lang == TJ_ZH ? "描述" : "DESCRIPTION");
	roff_lines(out, about_program[lang], ".PP\n");
	(void)fprintf(out, ".SH %s\n", lang == TJ_ZH ? "命令" : "COMMANDS");
	for (size_t i = 0; tj_commands[i] != NULL; i++)
		(void)fprintf(out, ".TP\n.BR tanji\\-%s (1)\n%s\n", tj_commands[i]->name,
		    tj_commands[i]->summary[lang]);
	(void)fprintf(out, ".SH %s\n", lang == TJ_ZH ? "选项" : "OPTIONS");
	man_options(out, tj_common_options, lang);
	man_statuses(out, lang);
	(void)fprintf(out, ".SH %s\n.TP\n.I tanji.conf\n%s\n",
	    lang == TJ_ZH ? "文件" : "FILES",
	    lang == TJ_ZH ? "企业的配置；tanji init 会写出带注释的样本" :
	    "what a company reads, declares and trusts; tanji init writes one with comments");
}

void
tj_help_man(FILE *out, const struct tj_command *command, enum tj_lang lang)
{
	if (command == NULL) {
		man_of_program(out, lang);
		return;
	}
	(void)fprintf(out, ".TH \"TANJI\\-%s\" 1 \"\" \"tanji\" \"\"\n"
	    ".ad l\n.SH %s\ntanji\\-%s \\- %s\n.SH %s\n.B tanji %s\n[options] ",
	    command->name, lang == TJ_ZH ? "名称" : "NAME", command->name,
	    command->summary[lang], lang == TJ_ZH ? "概要" : "SYNOPSIS", command->name);
	roff_put(out, tj_str_of(command->operands));
	(void)fprintf(out, "\n.SH %s\n", lang == TJ_ZH ? "描述" : "DESCRIPTION");
	roff_lines(out, command->about[lang], ".PP\n");
	(void)fprintf(out, ".SH %s\n", lang == TJ_ZH ? "选项" : "OPTIONS");
	man_options(out, command->options, lang);
	man_options(out, tj_common_options, lang);
	(void)fprintf(out, ".SH %s\n.nf\n", lang == TJ_ZH ? "示例" : "EXAMPLES");
	roff_lines(out, command->examples, "");
	(void)fputs(".fi\n", out);
	man_statuses(out, lang);
	(void)fprintf(out, ".SH %s\n.BR tanji (1)\n", lang == TJ_ZH ? "参见" : "SEE ALSO");
}

static void
words_options(FILE *out, const struct tj_option *options)
{
	for (; options != NULL && options->name != NULL; options++)
		(void)fprintf(out, "--%s ", options->name);
}

void
tj_help_completion(FILE *out)
{
	(void)fputs("# bash completion for tanji\n_tanji()\n{\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} words\n"
	    "\tlocal commands='", out);
	for (size_t i = 0; tj_commands[i] != NULL; i++)
		(void)fprintf(out, "%s%s", i == 0 ? "" : " ", tj_commands[i]->name);
	(void)fputs("'\n\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords=$commands\n"
	    "\telse\n\t\twords='", out);
	words_options(out, tj_common_options);
	(void)fputs("'\n\t\tcase ${COMP_WORDS[1]} in\n", out);
	for (size_t i = 0; tj_commands[i] != NULL; i++) {
		(void)fprintf(out, "\t\t%s) words+='", tj_commands[i]->name);
		words_options(out, tj_commands[i]->options);
		(void)fputs("' ;;\n", out);
	}
	(void)fputs("\t\tesac\n"
	    "\t\t[ \"${COMP_WORDS[1]}\" != help ] || words+=$commands\n\tfi\n"
	    "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\n"
	    "complete -o default -F _tanji tanji\n", out);
}
