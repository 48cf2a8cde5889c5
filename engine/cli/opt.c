#include "engine/cli/opt.h"
#include "exchange/note_line.h"
#include "model/base/limits.h"

const struct tj_option tj_common_options[] = {
	{ "json", NULL, { "answer as JSON on standard output",
	    "以 JSON 格式在标准输出作答" } },
	{ "at", "DATE", {
	    "take DATE (2026-10-15) for today, so that the answer is the same for ever",
	    "以 DATE（如 2026-10-15）为当前日期，使结果可重现" } },
	{ "lang", "LANG", { "en or zh; without it the environment decides",
	    "en 或 zh；缺省由环境变量决定" } },
	{ "quiet", NULL, { "no list of findings, only their count",
	    "不列出提示，仅给出数量" } },
	{ "threads", "N", { "work with N threads; without it with as many as there are processors",
	    "使用 N 个线程；缺省与处理器数相同" } },
	{ "help", NULL, { "show this help", "显示帮助" } },
	{ NULL, NULL, { NULL, NULL } }
};

static const struct tj_option *
option_in(const struct tj_option *options, tj_str name)
{
	for (; options != NULL && options->name != NULL; options++)
		if (tj_str_eq(name, tj_str_of(options->name)))
			return options;
	return NULL;
}

/* One option at argv[*at]; moves *at past a value of its own. */
static enum tj_rc
option_parse(struct tj_given *given, const struct tj_command *command, int argc,
    char **argv, int *at, struct tj_err *err)
{
	const tj_str word = tj_str_of(argv[*at] + 2);
	const size_t equals = tj_str_find(word, '=');
	const tj_str name = tj_str_cut(word, 0, equals);
	const struct tj_option *option = option_in(command->options, name);

	if (option == NULL)
		option = option_in(tj_common_options, name);
	if (option == NULL)
		return tj_fail(err, TJ_E_USAGE, "no option --%.*s; see `tanji help %s`",
		    TJ_FMT(name), command->name);
	given->name = option->name;
	given->value = equals < word.n ? word.p + equals + 1 : NULL;
	if (option->argument == NULL && given->value != NULL)
		return tj_fail(err, TJ_E_USAGE, "--%s takes no value", option->name);
	if (option->argument != NULL && given->value == NULL) {
		if (*at + 1 >= argc)
			return tj_fail(err, TJ_E_USAGE, "--%s wants a value: --%s %s",
			    option->name, option->name, option->argument);
		given->value = argv[++*at];
	}
	return TJ_OK;
}

static enum tj_rc
operands_check(const struct tj_args *args, const struct tj_command *command,
    struct tj_err *err)
{
	if (tj_args_has(args, "help") ||
	    (args->operand_count >= command->operand_min &&
	    args->operand_count <= command->operand_max))
		return TJ_OK;
	return tj_fail(err, TJ_E_USAGE, "%s; usage: tanji %s [options] %s",
	    args->operand_count < command->operand_min ? "something is missing" :
	    "too many words", command->name, command->operands);
}

enum tj_rc
tj_args_parse(struct tj_args *args, const struct tj_command *command, int argc,
    char **argv, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_args parsed = {
		.given = TJ_NEWN(arena, struct tj_given, (size_t)argc + 1),
		.operands = TJ_NEWN(arena, const char *, (size_t)argc + 1),
	};
	bool options = true;

	if (parsed.given == NULL || parsed.operands == NULL)
		return tj_fail_nomem(err);
	for (int i = 0; i < argc; i++) {
		if (options && strcmp(argv[i], "--") == 0)
			options = false;
		else if (options && strncmp(argv[i], "--", 2) == 0)
			TRY(option_parse(&parsed.given[parsed.given_count++], command,
			    argc, argv, &i, err));
		else
			parsed.operands[parsed.operand_count++] = argv[i];
	}
	TRY(operands_check(&parsed, command, err));
	*args = parsed;
	return TJ_OK;
}

bool
tj_args_has(const struct tj_args *args, const char *name)
{
	for (size_t i = 0; i < args->given_count; i++)
		if (strcmp(args->given[i].name, name) == 0)
			return true;
	return false;
}

const char *
tj_args_value(const struct tj_args *args, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < args->given_count; i++)
		if (strcmp(args->given[i].name, name) == 0)
			value = args->given[i].value;
	return value;
}

const char *
tj_args_nth(const struct tj_args *args, const char *name, size_t n)
{
	for (size_t i = 0; i < args->given_count; i++)
		if (strcmp(args->given[i].name, name) == 0 && n-- == 0)
			return args->given[i].value;
	return NULL;
}

enum tj_rc
tj_args_until(tj_time *until, const struct tj_args *args, tj_time at, unsigned usual_days,
    struct tj_err *err)
{
	const char *days = tj_args_value(args, "days");
	uint64_t n = usual_days;

	if (days != NULL && (!tj_note_number(&n, tj_str_of(days)) || n == 0 ||
	    n > TJ_MAX_STATUS_DAYS))
		return tj_fail(err, TJ_E_USAGE, "--days is a number from 1 to %u, not %s",
		    TJ_MAX_STATUS_DAYS, days);
	*until = at + (tj_time)n * 24 * 60 * 60;
	return TJ_OK;
}
