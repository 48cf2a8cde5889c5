#ifndef TJ_CONNECTORS_LMDB_KV_H
#define TJ_CONNECTORS_LMDB_KV_H

#include "connectors/lmdb_env.h"
#include "model/base/digest.h"

/*
 * One table of an LMDB database: digests and what is known under each.  Values carry a
 * check of their own against accidents.  One thread.
 */
struct tj_kv {
	struct tj_lmdb	db;
	unsigned	table;
};

struct tj_kv_entry {
	tj_digest	key;
	tj_str		value;		/* .p NULL: to be removed */
};

/* Makes the folder and the table.  As tj_lmdb_open(); CORRUPT too where the database is
 * another one.  The struct stays where it is until close. */
enum tj_rc tj_kv_open(struct tj_kv *, const char *folder, struct tj_err *) TJ_MUST_USE;
/* The same for what can be had again: a damaged one is removed and begun anew. */
enum tj_rc tj_kv_open_anew(struct tj_kv *, bool *was_damaged, const char *folder,
    struct tj_err *) TJ_MUST_USE;
void	 tj_kv_close(struct tj_kv *);	/* also after an open that failed */

/* A copy in the arena.  NOTFOUND; CORRUPT: the value does not check.  O(log n). */
enum tj_rc tj_kv_get(tj_str *value, struct tj_kv *, const tj_digest *key, struct tj_arena *,
    struct tj_err *) TJ_MUST_USE;
/* All of them, durable, or none.  LOCKED if another process writes and does not finish. */
enum tj_rc tj_kv_write(struct tj_kv *, const struct tj_kv_entry *, size_t n,
    struct tj_err *) TJ_MUST_USE;
/* Each entry by its key, values as views during the call; those that do not check are
 * passed over.  `visit` must not call the table. */
enum tj_rc tj_kv_each(struct tj_kv *,
    enum tj_rc (*visit)(void *ctx, const tj_digest *key, tj_str value, struct tj_err *),
    void *ctx, struct tj_err *) TJ_MUST_USE;

#endif
