#include <stdio.h>
#include <stdlib.h>

#include "connectors/system_clock.h"
#include "engine/cli/cmd.h"
#include "engine/cli/help.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/progress.h"
#include "model/base/limits.h"

static enum tj_lang
lang_of_environment(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && *value != '\0')
			return strncmp(value, "zh", 2) == 0 ? TJ_ZH : TJ_EN;
	}
	return TJ_EN;
}

static enum tj_rc
common_options(struct tj_cli *cli, const struct tj_args *args)
{
	const char *lang = tj_args_value(args, "lang"), *at = tj_args_value(args, "at");

	if (lang != NULL && strcmp(lang, "en") != 0 && strcmp(lang, "zh") != 0)
		return tj_fail(&cli->err, TJ_E_USAGE, "--lang is en or zh, not %s", lang);
	if (lang != NULL)
		cli->lang = *lang == 'z' ? TJ_ZH : TJ_EN;
	if (at != NULL && !tj_time_parse(&cli->at, tj_str_of(at)))
		return tj_fail(&cli->err, TJ_E_USAGE,
		    "--at is a day like 2026-10-15, not %s", at);
	cli->json = tj_args_has(args, "json");
	cli->quiet = tj_args_has(args, "quiet");
	if (at == NULL) {
		const struct tj_clock clock = tj_clock_system();

		cli->at = clock.now(&clock);
	}
	return TJ_OK;
}

/* As many threads as asked for: results are the same with any number. */
static enum tj_rc
crew_make(struct tj_cli *cli, const struct tj_args *args)
{
	const char *text = tj_args_value(args, "threads");
	unsigned long threads = 0;
	char *end;

	if (text != NULL) {
		threads = strtoul(text, &end, 10);
		if (*end != '\0' || threads < 1 || threads > TJ_MAX_THREADS)
			return tj_fail(&cli->err, TJ_E_USAGE,
			    "--threads is a number from 1 to %u, not %s", TJ_MAX_THREADS,
			    text);
	}
	return tj_crew_new(&cli->crew, (unsigned)threads, &cli->err);
}

static enum tj_rc
run(struct tj_cli *cli, int argc, char **argv, int *status)
{
	const struct tj_command *command = tj_command_find(tj_str_of(argv[1]));
	struct tj_args args = { 0 };

	if (command == NULL)
		return tj_fail(&cli->err, TJ_E_USAGE, "no command %s; see `tanji help`",
		    argv[1]);
	TRY(tj_args_parse(&args, command, argc - 2, argv + 2, cli->arena, &cli->err));
	TRY(common_options(cli, &args));
	if (tj_args_has(&args, "help")) {
		tj_help_command(stdout, command, cli->lang);
		return TJ_OK;
	}
	TRY(crew_make(cli, &args));
	return command->run(cli, &args, status);
}

int
main(int argc, char **argv)
{
	struct tj_cli cli = { .lang = lang_of_environment() };
	enum tj_rc rc;
	int status = 0;

	if (argc < 2 || strcmp(argv[1], "--help") == 0) {
		tj_help_overview(argc < 2 ? stderr : stdout, cli.lang);
		return argc < 2 ? tj_rc_exit(TJ_E_USAGE) : 0;
	}
	if ((cli.arena = tj_arena_new(TJ_MAX_ARENA_BYTES)) == NULL)
		rc = tj_fail_nomem(&cli.err);
	else
		rc = run(&cli, argc, argv, &status);
	if (rc != TJ_OK) {
		tj_progress_end();
		tj_out_error(stderr, &cli.err, cli.lang);
		status = tj_rc_exit(rc);
	}
	if (fflush(stdout) != 0 && status == 0) {
		perror("tanji: standard output");
		status = tj_rc_exit(TJ_E_IO);
	}
	tj_crew_free(cli.crew);
	tj_arena_free(cli.arena);
	return status;
}
