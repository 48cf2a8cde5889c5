#ifndef TJ_CONNECTORS_SCRATCH_H
#define TJ_CONNECTORS_SCRATCH_H

#include "model/base/limits.h"
#include "model/base/err.h"

/* A folder of our own beside `path` ("PATH.tanji-XXXXXX"), for what shall appear whole. */
struct tj_scratch {
	char	path[TJ_MAX_PATH_BYTES + 16];	/* "": none */
};

/* IO, PERM, NOINPUT (the folder above is not there). */
enum tj_rc tj_scratch_make(struct tj_scratch *, const char *path, struct tj_err *) TJ_MUST_USE;
/* The folder and the files in it. */
void	 tj_scratch_remove(struct tj_scratch *);

#endif
