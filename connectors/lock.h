#ifndef TJ_CONNECTORS_LOCK_H
#define TJ_CONNECTORS_LOCK_H

#include "model/base/err.h"

/*
 * A file whose flock(2) is the right to write what lies beside it.  Taken by whoever opens
 * it; given back by close, also when the process dies.  The file stays.
 */
#define TJ_LOCK_WAIT_MS	2000	/* what is written under it takes tens of milliseconds */

/* LOCKED if another process has it for longer than that; PERM, IO.  Close *fd to give it back. */
enum tj_rc tj_lock_take(int *fd, const char *path, struct tj_err *) TJ_MUST_USE;

#endif
