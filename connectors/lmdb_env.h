#ifndef TJ_CONNECTORS_LMDB_ENV_H
#define TJ_CONNECTORS_LMDB_ENV_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "connectors/lmdb_check.h"
#include "connectors/store.h"
#include "model/base/limits.h"

struct MDB_env;
struct MDB_txn;

/*
 * A folder with an LMDB database, opened so that nothing in it can end the
 * program: data.mdb is checked before LMDB maps it and its pages before LMDB
 * follows them (lmdb_check.h), once a process, one writer at a time.
 *
 *	data.mdb, lock.mdb	LMDB's own
 *	write.lock		flock(2) of the writer, who need not wait for ever;
 *				made last, so without it an empty data.mdb is new
 */
#define TJ_LMDB_KEPT	16	/* of the 126 readers that a database may have */

struct tj_lmdb {
	struct tj_lmdb	*next;		/* of those open in this process */
	dev_t		 device;	/* of the folder */
	ino_t		 inode;
	struct MDB_env	*env;
	pthread_rwlock_t map;		/* held shared by transactions: none may see it move */
	_Atomic(struct MDB_txn *) kept[TJ_LMDB_KEPT];	/* looks that are over, for the next */
	int		 lock_fd;	/* -1: reading only */
	char		 folder[TJ_MAX_PATH_BYTES];
};

/* As store.h says of LMDB, for a database of so many tables with entries that
 * `is_sound` knows.  The struct stays where it is until close. */
enum tj_rc tj_lmdb_open(struct tj_lmdb *, const char *folder, enum tj_store_mode,
    unsigned tables, tj_lmdb_is_sound *, struct tj_err *) TJ_MUST_USE;
void	 tj_lmdb_close(struct tj_lmdb *);	/* also after an open that failed */

/* The right to write.  LOCKED after TJ_STORE_WAIT_MS; PERM if open for reading. */
enum tj_rc tj_lmdb_lock(struct tj_lmdb *, struct tj_err *) TJ_MUST_USE;
void	 tj_lmdb_unlock(struct tj_lmdb *);

/*
 * LMDB's codes.  begin: a transaction, though others may have let the map grow; of
 * one database several threads may read while one writes.  It ends with abort or
 * commit, also where that fails.  make_room: a map with so much room behind what is
 * there, MDB_MAP_FULL over TJ_MAX_REGISTRY_BYTES; waits for the transactions of others,
 * and must not be called within one.
 */
int	 tj_lmdb_begin(struct MDB_txn **, struct tj_lmdb *, unsigned flags) TJ_MUST_USE;
void	 tj_lmdb_abort(struct tj_lmdb *, struct MDB_txn *);
int	 tj_lmdb_commit(struct tj_lmdb *, struct MDB_txn *) TJ_MUST_USE;
/* The same for reading alone, as often as there are requests: it costs neither memory nor
 * the lock of all readers. */
int	 tj_lmdb_look(struct MDB_txn **, struct tj_lmdb *) TJ_MUST_USE;
void	 tj_lmdb_leave(struct tj_lmdb *, struct MDB_txn *);
int	 tj_lmdb_make_room(struct tj_lmdb *, size_t bytes) TJ_MUST_USE;

/*
 * The rows of a table whose keys begin with `start`, in their order, each shown while it
 * lives; what visit() answers but OK ends it.  txn NULL: in one of its own.
 */
typedef enum tj_rc tj_lmdb_visit(void *ctx, struct MDB_txn *, tj_str key, tj_str value,
    struct tj_err *);
enum tj_rc tj_lmdb_walk(struct tj_lmdb *, struct MDB_txn *, unsigned table, tj_str start,
    tj_lmdb_visit *, void *ctx, struct tj_err *) TJ_MUST_USE;

/* What LMDB or the system answered, in our terms. */
enum tj_rc tj_lmdb_fail(const struct tj_lmdb *, int code, struct tj_err *);
/* CORRUPT, with what to do. */
enum tj_rc tj_lmdb_damaged(const struct tj_lmdb *, const char *what, struct tj_err *);
/* `rc` as it is, but CORRUPT said as tj_lmdb_damaged() says it. */
enum tj_rc tj_lmdb_explain(const struct tj_lmdb *, enum tj_rc rc, struct tj_err *);

#endif
