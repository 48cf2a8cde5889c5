#ifndef TJ_CLI_CMD_H
#define TJ_CLI_CMD_H

#include "model/base/arena.h"
#include "model/base/crew.h"
#include "model/base/date.h"
#include "model/base/str.h"

/*
 * A command of the program: one file cmd_<name>.c, one line in commands.def.
 * Help, man pages and shell completion are written from these tables (help.c),
 * so they cannot say anything else than what the program does.
 */
struct tj_option {
	const char	*name;		/* without the dashes; NULL ends a table */
	const char	*argument;	/* "DATE"; NULL: a flag */
	const char	*text[2];	/* by enum tj_lang */
};

struct tj_args;
struct tj_cli;

struct tj_command {
	const char		*name;
	const char		*summary[2];
	const char		*operands;	/* "[DIR]", "BOOK" */
	size_t			 operand_min, operand_max;
	const struct tj_option	*options;	/* its own; those of all are in opt.c */
	const char		*about[2];	/* paragraphs, "\n" between them */
	const char		*examples;	/* lines of shell, "\n" between them */
	/* Answers the exit status for `no` (1) and the like through *status; a failure
	 * is an rc with cli->err filled in, and becomes its exit status. */
	enum tj_rc		(*run)(struct tj_cli *, const struct tj_args *, int *status);
};

/* What every command is given. */
struct tj_cli {
	enum tj_lang	 lang;
	bool		 json, quiet;
	tj_time		 at;		/* --at; the machine's clock otherwise */
	struct tj_arena	*arena;		/* lives as long as the program */
	struct tj_crew	*crew;		/* the same; NULL: one thread */
	struct tj_err	 err;
};

extern const struct tj_command *const tj_commands[];	/* NULL ends */
const struct tj_command *tj_command_find(tj_str name);

#define X(name) extern const struct tj_command tj_cmd_##name;
#include "engine/cli/commands.def"
#undef X

#endif
