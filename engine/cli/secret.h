#ifndef TJ_CLI_SECRET_H
#define TJ_CLI_SECRET_H

#include "model/base/str.h"

/*
 * A secret key of the Handle System in a file that only its owner may read: one line, without
 * its end.  NUL behind it, in the arena.  NOINPUT; PERM: others may read it; DATA: there is
 * none, or more than one line.
 */
enum tj_rc tj_secret_read(tj_str *, const char *path, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* The bytes are no more, wherever the arena's memory goes. */
void	 tj_secret_wipe(tj_str);

#endif
