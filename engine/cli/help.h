#ifndef TJ_CLI_HELP_H
#define TJ_CLI_HELP_H

#include <stdio.h>

#include "engine/cli/cmd.h"

/* Help, man pages and completion, all from the tables of the commands. */
void	tj_help_overview(FILE *, enum tj_lang);
void	tj_help_command(FILE *, const struct tj_command *, enum tj_lang);
/* roff; command NULL: tanji(1) itself */
void	tj_help_man(FILE *, const struct tj_command *, enum tj_lang);
void	tj_help_completion(FILE *);	/* bash */

#endif
