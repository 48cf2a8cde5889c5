#ifndef TJ_BASE_CREW_H
#define TJ_BASE_CREW_H

#include <stddef.h>

#include "model/base/err.h"

/*
 * Threads that wait for work: one crew a process, made once.  What a job answers
 * must not depend on who does it: parts are handed out as workers get free, so
 * results are put in place by the number of the part.  NULL is a crew of one,
 * the caller.
 */
struct tj_crew;

/* threads 0: as many as this process may use, TJ_MAX_THREADS at most.  NOMEM;
 * threads that the system refuses are done without. */
enum tj_rc tj_crew_new(struct tj_crew **, unsigned threads, struct tj_err *) TJ_MUST_USE;
void	 tj_crew_free(struct tj_crew *);		/* takes NULL */
unsigned tj_crew_size(const struct tj_crew *);	/* the caller and its threads */

/*
 * job(ctx, part, worker) once for each part 0 … parts - 1; worker < size, the
 * caller's is 0.  Returns when all are done.  Not from within a job.
 */
void	 tj_crew_run(struct tj_crew *, void (*job)(void *ctx, size_t part, unsigned worker),
	    void *ctx, size_t parts);

#endif
