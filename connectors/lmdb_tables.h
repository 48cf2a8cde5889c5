#ifndef TJ_CONNECTORS_LMDB_TABLES_H
#define TJ_CONNECTORS_LMDB_TABLES_H

#include "connectors/lmdb_env.h"
#include "connectors/log.h"

/*
 * The index of a registry: five tables of an LMDB database, which say where in the log
 * things stand.  Each call is a transaction of its own.  Errors as store.h says.
 */
#define TJ_TABLES	5

struct tj_tables {
	struct tj_lmdb	db;
	unsigned	handles[TJ_TABLES];
};

/* The struct stays where it is until close. */
enum tj_rc tj_tables_open(struct tj_tables *, const char *folder, enum tj_store_mode,
    struct tj_err *) TJ_MUST_USE;
void	 tj_tables_close(struct tj_tables *);	/* also after an open that failed */

/* Finding.  NOTFOUND.  O(log n). */
enum tj_rc tj_tables_id(struct tj_place *, struct tj_tables *, tj_str id,
    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_tables_newest(struct tj_place *, struct tj_tables *, tj_str product,
    struct tj_err *) TJ_MUST_USE;
/* The product's first whose sequence is not below *sequence, which becomes it. */
enum tj_rc tj_tables_next(struct tj_place *, uint64_t *sequence, struct tj_tables *,
    tj_str product, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_tables_record(struct tj_place *, struct tj_tables *, tj_str key,
    struct tj_err *) TJ_MUST_USE;
/* TJ_MAX_HOME_BYTES at most.  The place may be NULL. */
enum tj_rc tj_tables_home(struct tj_place *, struct tj_tables *, tj_str prefix,
    struct tj_err *) TJ_MUST_USE;

/*
 * The keys of records that begin with `start`, each shown with the place of its entry, in
 * their order; of a key longer than TJ_TABLES_KEY the row holds the beginning and the
 * SHA-256 alone, is_cut says so, and they stand by these.  Within one transaction.
 */
#define TJ_TABLES_KEY	448

typedef enum tj_rc tj_tables_visit(void *ctx, tj_str key, bool is_cut,
    const struct tj_place *, struct tj_err *);
enum tj_rc tj_tables_records(struct tj_tables *, tj_str start, tj_tables_visit *, void *ctx,
    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_tables_homes(struct tj_tables *, tj_tables_visit *, void *ctx,
    struct tj_err *) TJ_MUST_USE;

/* The log's files as the index knows them, by number. */
struct tj_segments {
	TJ_VEC(struct tj_segment) list;
};
enum tj_rc tj_tables_segments(struct tj_segments *, struct tj_tables *, struct tj_arena *,
    struct tj_err *) TJ_MUST_USE;
/* A moment to look at the index as it is, whoever writes; tj_lmdb_leave() ends it. */
enum tj_rc tj_tables_snapshot(struct MDB_txn **, struct tj_tables *, struct tj_err *)
    TJ_MUST_USE;
enum tj_rc tj_tables_segments_in(struct tj_segments *, struct tj_tables *,
    struct MDB_txn *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/*
 * Entries that are in the log, for the index.  Of one thing the last in the list counts;
 * one whose body is empty takes its row away, unless it is a declaration.
 */
struct tj_row {
	enum tj_entry_kind kind;
	bool		is_gone;
	uint64_t	sequence;
	struct tj_place	place;
	tj_digest	product, id;	/* SHA-256 of a declaration's */
	tj_str		key;		/* of a record or a home */
};

/* Fills all but the place.  `key` is the entry's. */
enum tj_rc tj_row_of(struct tj_row *, const struct tj_entry *, struct tj_err *) TJ_MUST_USE;

/*
 * All of it, durable, or nothing.  Segments replace those of their number; with 0 bytes
 * they take them away.  Whoever calls holds tj_lmdb_lock().  Sorts rows.
 */
enum tj_rc tj_tables_write(struct tj_tables *, struct tj_row *, size_t n,
    const struct tj_segment *, size_t segment_count, struct tj_err *) TJ_MUST_USE;

/* Is each row of one, as the snapshot has it, in the other, the same?  Shows what is not,
 * `most` of them at most; *different counts all.  O(rows). */
enum tj_rc tj_tables_compare(size_t *different, struct tj_tables *, struct MDB_txn *,
    struct tj_tables *want, size_t most, void (*show)(void *ctx, const char *what), void *ctx,
    struct tj_err *) TJ_MUST_USE;

#endif
