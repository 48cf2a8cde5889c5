#ifndef TJ_CLI_OPT_H
#define TJ_CLI_OPT_H

#include "engine/cli/cmd.h"

/*
 * Command lines: long options only, "--name", "--name VALUE" or "--name=VALUE",
 * before or after the operands; "--" ends them.
 */
struct tj_args {
	struct tj_given {
		const char	*name;
		const char	*value;		/* NULL for a flag */
	}		*given;
	size_t		 given_count;
	const char	**operands;
	size_t		 operand_count;
};

extern const struct tj_option tj_common_options[];	/* of every command */

/* USAGE: names what is wrong and the nearest help. */
enum tj_rc tj_args_parse(struct tj_args *, const struct tj_command *, int argc,
	    char **argv, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
bool	 tj_args_has(const struct tj_args *, const char *name);
/* The last value given, or NULL. */
const char *tj_args_value(const struct tj_args *, const char *name);
/* The n-th value given of a repeatable option, or NULL. */
const char *tj_args_nth(const struct tj_args *, const char *name, size_t n);
/* Until when what is made at this time is valid: --days, or as many as are usual.  USAGE. */
enum tj_rc tj_args_until(tj_time *until, const struct tj_args *, tj_time at, unsigned usual_days,
	    struct tj_err *) TJ_MUST_USE;

#endif
