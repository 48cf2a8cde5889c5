#ifndef TJ_CLI_OUT_H
#define TJ_CLI_OUT_H

#include <stdio.h>

#include "engine/cli/cmd.h"
#include "model/finding.h"

/*
 * What people read.  Answers go to stdout, talk to stderr.  Places are written
 * as editors and grep know them: file:line:column: field.
 */
void	tj_out_error(FILE *, const struct tj_err *, enum tj_lang);
/* One line each, then what to do about each kind; with `quiet` the counts alone. */
void	tj_out_findings(FILE *, const struct tj_findings *, enum tj_lang, bool quiet);
/* A word in the user's language. */
#define TJ_SAY(cli, en, zh)	((cli)->lang == TJ_ZH ? (zh) : (en))

#endif
