#include "connectors/record_bytes.h"
#include "connectors/records.h"
#include "connectors/registry_parts.h"
#include "model/base/limits.h"
#include "model/base/mem.h"
#include "model/base/names.h"

struct lmdb_records {
	struct tj_records	 port;
	struct tj_registry	*registry;
	bool			 is_own;	/* the registry goes with it */
};

static struct tj_registry *
registry_of(struct tj_records *port)
{
	return ((struct lmdb_records *)port)->registry;		/* its first member */
}

/* The state of a record now; .bytes.n 0: there is none. */
static enum tj_rc
read_state(struct tj_record_state *out, struct tj_registry *registry, tj_str key,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_entry entry = { .sequence = 0 };
	const enum tj_rc rc = tj_registry_find(&entry, registry, TJ_BY_RECORD, key, arena, err);

	if (rc != TJ_OK && rc != TJ_E_NOTFOUND)
		return rc;
	*out = (struct tj_record_state){ entry.body, entry.digest };
	return TJ_OK;
}

static enum tj_rc
lmdb_get(struct tj_records *port, struct tj_record *out, tj_str handle,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_registry *registry = registry_of(port);
	const tj_str key = tj_record_key(handle, arena);
	struct tj_record record = { 0 };
	struct tj_record_state state;

	if (key.p == NULL)
		return tj_fail_nomem(err);
	TRY(read_state(&state, registry, key, arena, err));
	if (state.bytes.n == 0)
		return tj_fail(err, TJ_E_NOTFOUND, "no record of %.*s", TJ_FMT(handle));
	TRY(tj_lmdb_explain(&registry->tables.db,
	    tj_record_decode(&record, state.bytes, arena, err), err));
	record.version = state.version;
	*out = record;
	return TJ_OK;
}

/*
 * Editing.  Callers queue up; the first of them takes all that wait and commits them at
 * once, while others gather for the next.
 */
struct tj_edit_wait {
	struct tj_edit_wait	*next;
	struct tj_edit		*edits;
	size_t			 n;
	bool			 is_done;
	enum tj_rc		 rc;
	struct tj_err		 err;
};

struct touched {			/* a record that the group edits */
	tj_str			key;
	struct tj_record_state	before, now;
};

struct group {
	struct tj_registry	*registry;
	struct tj_arena		*arena;
	struct tj_names		 keys;		/* number = place in touched */
	TJ_VEC(struct touched)	 touched;
};

static enum tj_rc
touch(struct touched **out, struct group *g, tj_str handle, struct tj_err *err)
{
	struct touched touched = { .key = tj_record_key(handle, g->arena) };
	uint32_t number;

	if (touched.key.p == NULL)
		return tj_fail_nomem(err);
	if ((number = tj_names_find(&g->keys, touched.key)) == TJ_NONE) {
		TRY(read_state(&touched.before, g->registry, touched.key, g->arena, err));
		touched.now = touched.before;
		if (!TJ_PUSH(g->arena, &g->touched, touched))
			return tj_fail_nomem(err);
		if ((number = tj_names_add(&g->keys, touched.key)) == TJ_NONE) {
			g->touched.n--;
			return tj_fail_nomem(err);
		}
	}
	*out = &g->touched.v[number];
	return TJ_OK;
}

static enum tj_rc
apply(struct group *g, struct tj_edit *edit, struct tj_err *err)
{
	struct tj_record_state next = { 0 };
	struct touched *touched = NULL;
	bool changed;

	TRY(touch(&touched, g, edit->handle, err));
	TRY(tj_record_apply(&next, &changed, edit, &touched->now, g->arena, err));
	touched->now = next;
	edit->version = next.version;
	return TJ_OK;
}

static void
apply_all(struct group *g, struct tj_edit_wait *waits)
{
	for (struct tj_edit_wait *wait = waits; wait != NULL; wait = wait->next)
		for (size_t i = 0; i < wait->n; i++) {
			tj_err_clear(&wait->edits[i].err);
			wait->edits[i].rc = apply(g, &wait->edits[i], &wait->edits[i].err);
		}
}

static enum tj_rc
write_group(struct group *g, struct tj_err *err)
{
	struct tj_entry *entries = TJ_NEWN(g->arena, struct tj_entry, g->touched.n + 1);
	size_t n = 0;

	if (entries == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < g->touched.n; i++) {
		const struct touched *t = &g->touched.v[i];

		if (!tj_str_eq(t->now.bytes, t->before.bytes))
			entries[n++] = (struct tj_entry){ .kind = TJ_ENTRY_RECORD,
			    .digest = t->now.version, .key = t->key, .body = t->now.bytes };
	}
	return tj_registry_write(g->registry, entries, n, err);
}

static enum tj_rc
commit_group(struct tj_registry *registry, struct tj_edit_wait *waits, struct tj_err *err)
{
	struct group g = { .registry = registry, .arena = tj_arena_new(TJ_MAX_ARENA_BYTES) };
	enum tj_rc rc;

	if (g.arena == NULL)
		return tj_fail_nomem(err);
	tj_names_init(&g.keys, g.arena);
	if ((rc = tj_registry_lock(registry, err)) == TJ_OK) {
		apply_all(&g, waits);
		rc = write_group(&g, err);
		tj_registry_unlock(registry);
	}
	tj_arena_free(g.arena);
	return rc;
}

/* With the mutex held, which is let go meanwhile. */
static void
lead(struct tj_registry *registry)
{
	struct tj_edit_wait *waits = registry->waiting;
	struct tj_err err = { 0 };
	enum tj_rc rc;

	registry->waiting = NULL;
	registry->has_leader = true;
	(void)pthread_mutex_unlock(&registry->mutex);
	rc = commit_group(registry, waits, &err);
	(void)pthread_mutex_lock(&registry->mutex);
	registry->has_leader = false;
	for (struct tj_edit_wait *wait = waits, *next; wait != NULL; wait = next) {
		next = wait->next;
		wait->rc = rc;
		wait->err = err;
		wait->is_done = true;	/* and its caller may take it away */
	}
	(void)pthread_cond_broadcast(&registry->changed);
}

static enum tj_rc
lmdb_edit(struct tj_records *port, struct tj_edit *edits, size_t n, struct tj_err *err)
{
	struct tj_registry *registry = registry_of(port);
	struct tj_edit_wait wait = { .edits = edits, .n = n }, **end = &registry->waiting;

	(void)pthread_mutex_lock(&registry->mutex);
	while (*end != NULL)
		end = &(*end)->next;
	*end = &wait;
	while (!wait.is_done) {
		if (registry->has_leader)
			(void)pthread_cond_wait(&registry->changed, &registry->mutex);
		else
			lead(registry);
	}
	(void)pthread_mutex_unlock(&registry->mutex);
	if (wait.rc != TJ_OK && err != NULL)
		*err = wait.err;
	return wait.rc;
}

/* Listing. */

struct listing {
	struct tj_registry	*registry;
	tj_str			 start;
	size_t			 total, skip, most;
	enum tj_rc		(*visit)(void *, tj_str, struct tj_err *);
	void			*ctx;
};

static enum tj_rc
list_key(struct listing *l, tj_str key, struct tj_err *err)
{
	const size_t n = l->total;

	if (!tj_str_starts(key, l->start))
		return TJ_OK;
	l->total++;
	return n < l->skip || n - l->skip >= l->most ? TJ_OK : l->visit(l->ctx, key, err);
}

/* A row that does not hold all of its key: the entry does. */
static enum tj_rc
list_cut(struct listing *l, const struct tj_place *place, struct tj_err *err)
{
	struct tj_arena *arena = tj_arena_new(TJ_MAX_DOC_BYTES);
	struct tj_entry entry = { .sequence = 0 };
	enum tj_rc rc;

	if (arena == NULL)
		return tj_fail_nomem(err);
	rc = tj_registry_entry(&entry, l->registry, place, arena, err);
	if (rc == TJ_E_NOTFOUND)
		rc = tj_fail(err, TJ_E_LOCKED, "is being compacted; try again");
	if (rc == TJ_OK)
		rc = list_key(l, entry.key, err);
	tj_arena_free(arena);
	return rc;
}

static enum tj_rc
list_row(void *ctx, tj_str key, bool is_cut, const struct tj_place *place,
    struct tj_err *err)
{
	return is_cut ? list_cut(ctx, place, err) : list_key(ctx, key, err);
}

static enum tj_rc
lmdb_list(struct tj_records *port, size_t *total, tj_str prefix, size_t skip, size_t most,
    enum tj_rc (*visit)(void *, tj_str, struct tj_err *), void *ctx, struct tj_err *err)
{
	struct tj_registry *registry = registry_of(port);
	char room[TJ_MAX_IDENT_BYTES + 1];
	const tj_str start = tj_record_key_in(room, prefix);
	struct listing l = { registry, start, 0, skip, most, visit, ctx };

	if (start.p != NULL) {
		if (start.n > 0)
			room[l.start.n++] = '/';
		TRY(tj_tables_records(&registry->tables, l.start, list_row, &l, err));
	}
	*total = l.total;
	return TJ_OK;
}

/* Homes. */

static bool
lmdb_is_home(struct tj_records *port, tj_str prefix)
{
	char room[TJ_MAX_IDENT_BYTES];
	const tj_str key = tj_record_key_in(room, prefix);

	return key.n > 0 && key.n <= TJ_MAX_HOME_BYTES &&
	    tj_tables_home(NULL, &registry_of(port)->tables, key, NULL) == TJ_OK;
}

static enum tj_rc
change_home(struct tj_registry *registry, tj_str key, bool is_home, struct tj_err *err)
{
	struct tj_entry entry = { .kind = TJ_ENTRY_HOME, .key = key,
	    .body = is_home ? TJ_S("1") : TJ_S("") };
	const enum tj_rc rc = tj_tables_home(NULL, &registry->tables, key, err);

	if (rc != TJ_OK && rc != TJ_E_NOTFOUND)
		return rc;
	if ((rc == TJ_OK) == is_home)
		return TJ_OK;
	return tj_registry_write(registry, &entry, 1, err);
}

static enum tj_rc
lmdb_set_home(struct tj_records *port, tj_str prefix, bool is_home, struct tj_err *err)
{
	struct tj_registry *registry = registry_of(port);
	char room[TJ_MAX_IDENT_BYTES];
	const tj_str key = tj_record_key_in(room, prefix);
	enum tj_rc rc;

	if (key.n == 0 || key.n > TJ_MAX_HOME_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a prefix of %zu bytes", prefix.n);
	TRY(tj_registry_lock(registry, err));
	rc = change_home(registry, key, is_home, err);
	tj_registry_unlock(registry);
	return rc;
}

static enum tj_rc
lmdb_each_home(struct tj_records *port,
    enum tj_rc (*visit)(void *, tj_str, struct tj_err *), void *ctx, struct tj_err *err)
{
	struct listing l = { .most = SIZE_MAX, .visit = visit, .ctx = ctx };

	return tj_tables_homes(&registry_of(port)->tables, list_row, &l, err);
}

static void
lmdb_close(struct tj_records *port)
{
	if (port == NULL)
		return;
	if (((struct lmdb_records *)port)->is_own)
		tj_registry_close(registry_of(port));
	tj_mem_free(port);
}

enum tj_rc
tj_registry_records(struct tj_records **out, struct tj_registry *registry,
    struct tj_err *err)
{
	struct lmdb_records *records = tj_mem_calloc(1, sizeof(*records));

	if (records == NULL)
		return tj_fail_nomem(err);
	records->port = (struct tj_records){ lmdb_get, lmdb_edit, lmdb_list, lmdb_set_home,
	    lmdb_is_home, lmdb_each_home, lmdb_close };
	records->registry = registry;
	*out = &records->port;
	return TJ_OK;
}

enum tj_rc
tj_records_lmdb_open(struct tj_records **out, const char *folder, enum tj_store_mode mode,
    struct tj_err *err)
{
	struct tj_registry *registry;
	struct tj_records *records;
	enum tj_rc rc;

	TRY(tj_registry_open(&registry, folder, mode, err));
	if ((rc = tj_registry_records(&records, registry, err)) != TJ_OK) {
		tj_registry_close(registry);
		return rc;
	}
	((struct lmdb_records *)records)->is_own = true;
	*out = records;
	return TJ_OK;
}
