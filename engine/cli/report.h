#ifndef TJ_CLI_REPORT_H
#define TJ_CLI_REPORT_H

#include <stdio.h>

#include "engine/cli/cmd.h"
#include "engine/solve.h"
#include "exchange/json.h"
#include "model/declaration.h"
#include "model/finding.h"

/* Declarations and figures as people and programs read them. */

/* Total, stages as bars, and what it rests on. */
void	tj_report_declaration(FILE *, const struct tj_declaration *, enum tj_lang);
/* One line: total, unit, product. */
void	tj_report_line(FILE *, tj_str product, tj_dec total_kgco2e, tj_unit, const char *state);

/* "findings": […] in an object that is open. */
void	tj_report_findings_json(struct tj_json_writer *, const struct tj_findings *, enum tj_lang);
/* How exact a solution is: "numerics": {…} in an object that is open; one line of text. */
void	tj_report_numerics_json(struct tj_json_writer *, const struct tj_solution *);
void	tj_report_numerics(FILE *, const struct tj_solution *, enum tj_lang);
/* A number as plain decimal text with 15 significant digits. */
#define TJ_NUMBER_TEXT	400
const char *tj_report_number(char text[TJ_NUMBER_TEXT], double);
/* The same as a text of JSON; NAN is left out. */
void	tj_report_number_json(struct tj_json_writer *, const char *name, double);
/* What was written so far to stdout; the writer goes on. */
enum tj_rc tj_report_json_part(struct tj_json_writer *, struct tj_err *) TJ_MUST_USE;
/* The writer's text to stdout; frees the writer. */
enum tj_rc tj_report_json(struct tj_cli *, struct tj_json_writer *) TJ_MUST_USE;

#endif
