#ifndef TJ_CONNECTORS_REGISTRY_PARTS_H
#define TJ_CONNECTORS_REGISTRY_PARTS_H

#include "connectors/lmdb_tables.h"
#include "connectors/registry.h"

/* What the files registry*.c, store_lmdb.c and records_lmdb.c share. */
struct tj_edit_wait;
struct tj_turn;

struct tj_registry {
	struct tj_tables	 tables;
	struct tj_log		 log;
	pthread_mutex_t		 mutex;		/* of all below */
	pthread_cond_t		 changed;
	bool			 is_writing, has_leader;
	struct tj_turn		*turns;		/* who waits for the right to write, in order */
	struct tj_edit_wait	*waiting;	/* edits that nobody has taken yet, in order */
};

/* The right to write, among threads (first come, first served) and processes.  LOCKED after
 * TJ_STORE_WAIT_MS, PERM. */
enum tj_rc tj_registry_lock(struct tj_registry *, struct tj_err *) TJ_MUST_USE;
void	 tj_registry_unlock(struct tj_registry *);

/* Appends all of them, durable, or nothing.  Sets their sequences.  Whoever calls has the
 * right to write. */
enum tj_rc tj_registry_write(struct tj_registry *, struct tj_entry *, size_t n,
    struct tj_err *) TJ_MUST_USE;

enum tj_registry_by { TJ_BY_ID, TJ_BY_PRODUCT, TJ_BY_RECORD };

/* The entry in the arena: a declaration by its id, a product's newest, a record's state.
 * NOTFOUND. */
enum tj_rc tj_registry_find(struct tj_entry *, struct tj_registry *, enum tj_registry_by,
    tj_str name, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* The entry at a place that the index gave.  NOTFOUND: compacted since, ask again. */
enum tj_rc tj_registry_entry(struct tj_entry *, struct tj_registry *, const struct tj_place *,
    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* A place that is not there time and again is not compacted, but gone. */
#define TJ_REGISTRY_TRIES	16

/* Recomputes what an entry says of itself.  CORRUPT, in words that name it. */
enum tj_rc tj_entry_verify(const struct tj_entry *, struct tj_err *) TJ_MUST_USE;

/*
 * The index of a log, into tables that are empty.  The segments' ends are believed where
 * `to_the_end`; else each is looked at as far as its bytes say, and what stands behind the
 * last whole commit is left out: ->bytes then says how much holds, 0 for one that holds
 * nothing.  Each entry that is not what it says is shown, if there is a `show`, or ends it.
 */
struct tj_building {
	struct tj_tables *into;
	const struct tj_log *log;
	struct tj_segments segments;
	bool		 to_the_end;
	void		(*show)(void *ctx, const char *what);
	void		*ctx;
	struct tj_registry_report report;
};
enum tj_rc tj_registry_build(struct tj_building *, struct tj_err *) TJ_MUST_USE;

#endif
