#include <errno.h>
#include <time.h>

#include "connectors/registry_parts.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

/* Opening. */

static enum tj_rc
check_files(struct tj_registry *registry, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_segments segments = { 0 };
	enum tj_rc rc = TJ_OK;

	TRY(tj_tables_segments(&segments, &registry->tables, arena, err));
	for (size_t i = 0; i < segments.list.n && rc == TJ_OK; i++)
		rc = tj_log_check(&registry->log, &segments.list.v[i], err);
	return rc;
}

/* Another process may just be compacting. */
static enum tj_rc
check_log(struct tj_registry *registry, struct tj_err *err)
{
	struct tj_arena *arena = tj_arena_new(TJ_MAX_DOC_BYTES);
	enum tj_rc rc = TJ_E_NOTFOUND;

	if (arena == NULL)
		return tj_fail_nomem(err);
	for (int tries = 0; rc == TJ_E_NOTFOUND && tries < TJ_REGISTRY_TRIES; tries++)
		rc = check_files(registry, arena, err);
	tj_arena_free(arena);
	return tj_lmdb_explain(&registry->tables.db, rc == TJ_E_NOTFOUND ? TJ_E_CORRUPT : rc, err);
}

enum tj_rc
tj_registry_open(struct tj_registry **out, const char *folder, enum tj_store_mode mode,
    struct tj_err *err)
{
	struct tj_registry *registry = tj_mem_calloc(1, sizeof(*registry));
	enum tj_rc rc;

	if (registry == NULL)
		return tj_fail_nomem(err);
	(void)pthread_mutex_init(&registry->mutex, NULL);
	(void)pthread_cond_init(&registry->changed, NULL);
	tj_log_init(&registry->log, registry->tables.db.folder);
	rc = tj_tables_open(&registry->tables, folder, mode, err);
	if (rc == TJ_OK)
		rc = check_log(registry, err);
	if (rc != TJ_OK) {
		tj_registry_close(registry);
		return rc;
	}
	*out = registry;
	return TJ_OK;
}

void
tj_registry_close(struct tj_registry *registry)
{
	if (registry == NULL)
		return;
	tj_log_fini(&registry->log);
	tj_tables_close(&registry->tables);
	(void)pthread_cond_destroy(&registry->changed);
	(void)pthread_mutex_destroy(&registry->mutex);
	tj_mem_free(registry);
}

/* The right to write: in the order they asked for it, so that a busy writer keeps nobody out. */

struct tj_turn {
	struct tj_turn	*next;
};

/* Where it is noted in the queue, or its end (NULL). */
static struct tj_turn **
find_turn(struct tj_registry *registry, const struct tj_turn *turn)
{
	struct tj_turn **at = &registry->turns;

	while (*at != turn)
		at = &(*at)->next;
	return at;
}

static enum tj_rc
wait_for_threads(struct tj_registry *registry, struct tj_err *err)
{
	struct tj_turn mine = { NULL };
	struct timespec until;
	bool is_mine;
	int code = 0;

	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += TJ_STORE_WAIT_MS / 1000;
	(void)pthread_mutex_lock(&registry->mutex);
	*find_turn(registry, NULL) = &mine;
	while (!(is_mine = !registry->is_writing && registry->turns == &mine) &&
	    code != ETIMEDOUT)
		code = pthread_cond_timedwait(&registry->changed, &registry->mutex, &until);
	*find_turn(registry, &mine) = mine.next;
	registry->is_writing |= is_mine;
	(void)pthread_mutex_unlock(&registry->mutex);
	return is_mine ? TJ_OK : tj_fail(err, TJ_E_LOCKED, "%s: is being written to; try "
	    "again", registry->tables.db.folder);
}

static void
let_threads(struct tj_registry *registry)
{
	(void)pthread_mutex_lock(&registry->mutex);
	registry->is_writing = false;
	(void)pthread_cond_broadcast(&registry->changed);
	(void)pthread_mutex_unlock(&registry->mutex);
}

enum tj_rc
tj_registry_lock(struct tj_registry *registry, struct tj_err *err)
{
	enum tj_rc rc;

	TRY(wait_for_threads(registry, err));
	if ((rc = tj_lmdb_lock(&registry->tables.db, err)) != TJ_OK)
		let_threads(registry);
	return rc;
}

void
tj_registry_unlock(struct tj_registry *registry)
{
	tj_lmdb_unlock(&registry->tables.db);
	let_threads(registry);
}

/* Reading. */

enum tj_rc
tj_registry_entry(struct tj_entry *out, struct tj_registry *registry,
    const struct tj_place *place, struct tj_arena *arena, struct tj_err *err)
{
	enum tj_rc rc;
	tj_str bytes;

	rc = tj_log_read(&bytes, &registry->log, place, arena, err);
	if (rc == TJ_OK)
		rc = tj_entry_read(out, bytes, err);
	return tj_lmdb_explain(&registry->tables.db, rc, err);
}

static enum tj_rc
look_up(struct tj_place *place, struct tj_registry *registry, enum tj_registry_by by,
    tj_str name, struct tj_err *err)
{
	switch (by) {
	case TJ_BY_ID:
		return tj_tables_id(place, &registry->tables, name, err);
	case TJ_BY_PRODUCT:
		return tj_tables_newest(place, &registry->tables, name, err);
	case TJ_BY_RECORD:
		return tj_tables_record(place, &registry->tables, name, err);
	}
	return TJ_E_INTERNAL;
}

static bool
is_it(const struct tj_entry *entry, enum tj_registry_by by, tj_str name)
{
	const enum tj_entry_kind kind = by == TJ_BY_RECORD ? TJ_ENTRY_RECORD :
	    TJ_ENTRY_DECLARATION;

	return entry->kind == kind && tj_str_eq(by == TJ_BY_ID ? entry->id : entry->key, name);
}

enum tj_rc
tj_registry_find(struct tj_entry *out, struct tj_registry *registry, enum tj_registry_by by,
    tj_str name, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_entry entry = { .sequence = 0 };
	enum tj_rc rc = TJ_E_NOTFOUND;
	struct tj_place place;

	for (int tries = 0; rc == TJ_E_NOTFOUND && tries < TJ_REGISTRY_TRIES; tries++) {
		rc = look_up(&place, registry, by, name, err);
		if (rc == TJ_E_NOTFOUND)
			return tj_fail(err, rc, "%s: no %s of %.*s", registry->tables.db.folder,
			    by == TJ_BY_RECORD ? "record" : "declaration", TJ_FMT(name));
		if (rc == TJ_OK)
			rc = tj_registry_entry(&entry, registry, &place, arena, err);
	}
	if (rc == TJ_E_NOTFOUND)
		return tj_lmdb_damaged(&registry->tables.db, "a file of the log is gone", err);
	TRY(rc);
	if (!is_it(&entry, by, name))
		return tj_lmdb_damaged(&registry->tables.db, "index: another's entry", err);
	*out = entry;
	return TJ_OK;
}

/* Writing. */

struct writing {
	struct tj_registry	*registry;
	struct tj_arena		*arena;
	struct tj_segments	 before, after;		/* after: those that changed */
	struct tj_segment	 segment;		/* that grows */
	struct tj_log_writer	 writer;
	struct tj_row		*rows;
};

/* The segment that is to grow, or the first. */
static enum tj_rc
begin_writing(struct writing *w, uint64_t *sequence, struct tj_err *err)
{
	TRY(tj_tables_segments(&w->before, &w->registry->tables, w->arena, err));
	if (w->before.list.n > 0)
		w->segment = w->before.list.v[w->before.list.n - 1];
	*sequence = w->segment.next_sequence;
	return tj_log_begin(&w->writer, &w->registry->log, &w->segment, err);
}

static enum tj_rc
finish_segment(struct writing *w, struct tj_err *err)
{
	const enum tj_rc rc = tj_log_finish(&w->writer, err);

	tj_log_end(&w->writer);
	TRY(rc);
	return TJ_PUSH(w->arena, &w->after.list, w->segment) ? TJ_OK : tj_fail_nomem(err);
}

static enum tj_rc
roll(struct writing *w, struct tj_err *err)
{
	TRY(finish_segment(w, err));
	w->segment = (struct tj_segment){ .number = w->segment.number + 1,
	    .next_sequence = w->segment.next_sequence };
	return tj_log_begin(&w->writer, &w->registry->log, &w->segment, err);
}

static enum tj_rc
append(struct writing *w, struct tj_entry *entries, size_t n, uint64_t sequence,
    struct tj_err *err)
{
	for (size_t i = 0; i < n; i++) {
		const uint64_t have = w->segment.bytes + w->writer.buffered;

		entries[i].sequence = sequence + i;
		entries[i].is_last = i == n - 1;
		if (have > 0 &&
		    have + tj_entry_bytes(&entries[i]) > w->registry->log.segment_bytes)
			TRY(roll(w, err));
		TRY(tj_row_of(&w->rows[i], &entries[i], err));
		TRY(tj_log_append(&w->rows[i].place, &w->writer, &entries[i], err));
	}
	return finish_segment(w, err);
}

static enum tj_rc
write_all(struct writing *w, struct tj_entry *entries, size_t n, struct tj_err *err)
{
	uint64_t sequence;

	if ((w->rows = TJ_NEWN(w->arena, struct tj_row, n)) == NULL)
		return tj_fail_nomem(err);
	TRY(begin_writing(w, &sequence, err));
	TRY(append(w, entries, n, sequence, err));
	return tj_tables_write(&w->registry->tables, w->rows, n, w->after.list.v,
	    w->after.list.n, err);
}

enum tj_rc
tj_registry_write(struct tj_registry *registry, struct tj_entry *entries, size_t n,
    struct tj_err *err)
{
	struct writing w = { .registry = registry, .arena = tj_arena_new(TJ_MAX_ARENA_BYTES) };
	enum tj_rc rc;

	if (w.arena == NULL)
		return tj_fail_nomem(err);
	rc = n == 0 ? TJ_OK : write_all(&w, entries, n, err);
	tj_log_end(&w.writer);
	/* What does not hold need not lie there: a full disk has room again. */
	if (rc != TJ_OK && w.before.list.n > 0)
		tj_log_rewind(&registry->log, &w.before.list.v[w.before.list.n - 1]);
	tj_arena_free(w.arena);
	if (rc == TJ_E_NOTFOUND)
		return tj_lmdb_damaged(&registry->tables.db, "a file of the log is gone", err);
	return tj_lmdb_explain(&registry->tables.db, rc, err);
}
