#ifndef TJ_CONNECTORS_STORE_H
#define TJ_CONNECTORS_STORE_H

#include "model/port/store.h"

/*
 * Opens a registry of each kind of store.def:
 *
 *	tj_store_lmdb_open(&store, "out/registry", TJ_STORE_WRITE, err)
 *	tj_store_mem_open(&store, "", TJ_STORE_WRITE, err)
 *
 * Close it with store->close(store), which drops what was not committed.
 *
 * LMDB: the folder of a registry (registry.h), which this opens for itself.
 * READ: NOINPUT if no registry is there; never writes to it.
 * WRITE makes the folder (0755) if need be.  PERM on a folder that may not be
 * written.  CORRUPT, with what to do, for a truncated or damaged index: its
 * structure is checked once, here, so that LMDB, which trusts its pages, can be
 * trusted with them: O(declarations), about 0.2 KB read for each.  CORRUPT, too, for a log
 * that is gone or shorter than it was; a damaged entry of it, when it is read.
 * begin: LOCKED if another process writes and does not finish within
 * TJ_STORE_WAIT_MS.  commit is durable; a full disk gives IO and changes nothing.
 * Readers never wait and see the last commit before their call.
 *
 * Several threads may read, also while one of them begins, puts and commits.
 * One folder may be open once in a process (LMDB's rule; LOCKED says so).  each() shows
 * what was committed before its call, and of all declarations no later ones.
 * A registry whose lock file this user may not write (another company's) is
 * read without lock: correct as long as its owner does not write meanwhile.
 */
enum tj_store_mode { TJ_STORE_READ, TJ_STORE_WRITE };

#define TJ_STORE_WAIT_MS	2000	/* a commit takes tens of milliseconds */

#define X(kind, durable)						\
enum tj_rc tj_store_##kind##_open(struct tj_store **, const char *where,	\
    enum tj_store_mode, struct tj_err *) TJ_MUST_USE;
#include "connectors/store.def"
#undef X

#endif
