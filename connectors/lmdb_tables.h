#ifndef TJ_CONNECTORS_LMDB_TABLES_H
#define TJ_CONNECTORS_LMDB_TABLES_H

#include "connectors/batch.h"
#include "connectors/lmdb_env.h"

/*
 * A registry as three tables of an LMDB database: a log of declarations and an
 * index by product and by id into it.  Each call is a transaction of its own;
 * what it hands out is copied into the arena.  Errors as store.h says.
 */
#define TJ_TABLES	3

struct tj_tables {
	struct tj_lmdb	db;
	unsigned	handles[TJ_TABLES];
};

/* The struct stays where it is until close. */
enum tj_rc tj_tables_open(struct tj_tables *, const char *folder, enum tj_store_mode,
    struct tj_err *) TJ_MUST_USE;
void	 tj_tables_close(struct tj_tables *);	/* also after an open that failed */

/* NOTFOUND.  O(log n). */
enum tj_rc tj_tables_by_id(struct tj_stored *, struct tj_tables *, tj_str id,
    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_tables_newest(struct tj_stored *, struct tj_tables *, tj_str product,
    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* As the store's each(); what `visit` is shown lives during its call. */
enum tj_rc tj_tables_each(struct tj_tables *, tj_str product,
    enum tj_rc (*visit)(void *, const struct tj_stored *, struct tj_err *), void *ctx,
    struct tj_err *) TJ_MUST_USE;
/* Is its id new here?  CONFLICT: it is there with other content. */
enum tj_rc tj_tables_compare(bool *is_new, struct tj_tables *, const struct tj_stored *,
    struct tj_err *) TJ_MUST_USE;

/* All of the batch, durable, or nothing.  Whoever calls holds tj_lmdb_lock(). */
enum tj_rc tj_tables_write(struct tj_tables *, struct tj_batch *, struct tj_err *) TJ_MUST_USE;

#endif
