#ifndef TJ_CLI_NAME_LINES_H
#define TJ_CLI_NAME_LINES_H

#include "model/base/names.h"

/* Names kept in a file, one a line: the number of a name is that of its line, from 0. */

/* All zero names are filled; where there is no file, there are none.  DATA, with the line:
 * a name twice, or an empty one. */
enum tj_rc tj_name_lines_read(struct tj_names *, const char *path, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* Makes the folder; durable. */
enum tj_rc tj_name_lines_write(const struct tj_names *, const char *path, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
