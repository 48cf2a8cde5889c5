#ifndef TJ_CLI_PROGRESS_H
#define TJ_CLI_PROGRESS_H

#include <stddef.h>

/*
 * A bar on the terminal while something takes long.  Silent unless stderr is a
 * terminal, and for the first half second.
 */
void	tj_progress(const char *what, size_t done, size_t total);
void	tj_progress_end(void);		/* wipes the line; main() does after a failure */

#endif
