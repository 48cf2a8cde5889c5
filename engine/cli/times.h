#ifndef TJ_CLI_TIMES_H
#define TJ_CLI_TIMES_H

#include <stdio.h>

#include "exchange/json.h"

/*
 * Where the time of a run went, for those who ask with --times: seconds by the wall's
 * clock and of the processors, stage after stage.  Of the main thread.
 */
struct tj_seconds {
	double	wall, cpu;
};

/* A stage begins, and the one before it ends.  `name` is kept. */
void	tj_times_begin(const char *name);
void	tj_times_end(void);
/* Ends a stage whose n parts ran side by side: its wall time is theirs by what their
 * workers took. */
void	tj_times_end_parts(const char *const *names, const struct tj_seconds *, size_t n);

/* Of this thread until now. */
struct tj_seconds tj_times_of_thread(void);
/* What passed since then is added to the sum; answers now. */
struct tj_seconds tj_times_since(struct tj_seconds *sum, struct tj_seconds then);

/* A table, the slowest stage, and the most memory that was held at once. */
void	tj_times_show(FILE *, enum tj_lang);
/* "times": {…} in an object that is open. */
void	tj_times_json(struct tj_json_writer *);

#endif
