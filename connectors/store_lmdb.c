#include "connectors/batch.h"
#include "connectors/registry_parts.h"
#include "connectors/stored.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

/* What is put waits in a batch; commit writes it at once. */
struct lmdb_store {
	struct tj_store		 port;
	struct tj_registry	*registry;
	bool			 is_own;	/* the registry goes with it */
	bool			 is_writing;
	struct tj_batch		 batch;
};

static struct lmdb_store *
own(struct tj_store *port)
{
	return (struct lmdb_store *)port;	/* its first member */
}

static enum tj_rc
misused(const struct lmdb_store *store, const char *how, struct tj_err *err)
{
	return tj_fail(err, TJ_E_INTERNAL, "%s: %s", store->registry->tables.db.folder, how);
}

static struct tj_stored
stored_of(const struct tj_entry *entry)
{
	return (struct tj_stored){ entry->digest, entry->key, entry->id, entry->body };
}

static enum tj_rc
find(struct tj_stored *out, struct lmdb_store *store, enum tj_registry_by by, tj_str name,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_entry entry;

	TRY(tj_registry_find(&entry, store->registry, by, name, arena, err));
	*out = stored_of(&entry);
	return TJ_OK;
}

static enum tj_rc
lmdb_by_id(struct tj_store *port, struct tj_stored *out, tj_str id,
    struct tj_arena *arena, struct tj_err *err)
{
	return find(out, own(port), TJ_BY_ID, id, arena, err);
}

static enum tj_rc
lmdb_newest(struct tj_store *port, struct tj_stored *out, tj_str product,
    struct tj_arena *arena, struct tj_err *err)
{
	return find(out, own(port), TJ_BY_PRODUCT, product, arena, err);
}

/* All of them, or one product's. */

struct visiting {
	struct tj_registry	*registry;
	enum tj_rc		(*visit)(void *, const struct tj_stored *, struct tj_err *);
	void			*ctx;
	struct tj_arena		*arena;
	uint64_t		 end;		/* sequence of what comes later */
	bool			 has_begun;	/* the segment under way was there */
};

static enum tj_rc
show_entry(void *ctx, const struct tj_place *place, const struct tj_entry *entry,
    struct tj_err *err)
{
	struct visiting *v = ctx;
	const struct tj_stored stored = stored_of(entry);

	(void)place;
	v->has_begun = true;
	if (entry->kind != TJ_ENTRY_DECLARATION || entry->sequence >= v->end)
		return TJ_OK;
	return v->visit(v->ctx, &stored, err);
}

/* As it is now: compaction has written it anew. */
static enum tj_rc
renew(struct tj_segment *segment, struct visiting *v, struct tj_err *err)
{
	struct tj_segments now = { 0 };

	TRY(tj_tables_segments(&now, &v->registry->tables, v->arena, err));
	for (size_t i = 0; i < now.list.n; i++)
		if (now.list.v[i].number == segment->number) {
			*segment = now.list.v[i];
			return TJ_OK;
		}
	segment->bytes = 0;		/* it held no declaration */
	return TJ_OK;
}

static enum tj_rc
walk_segment(struct visiting *v, struct tj_segment segment, struct tj_err *err)
{
	enum tj_rc rc = TJ_E_NOTFOUND;

	v->has_begun = false;		/* a visitor's own NOTFOUND ends it */
	for (int tries = 0; rc == TJ_E_NOTFOUND && !v->has_begun &&
	    tries < TJ_REGISTRY_TRIES; tries++) {
		if (tries > 0)
			TRY(renew(&segment, v, err));
		rc = segment.bytes == 0 ? TJ_OK :
		    tj_log_walk(&v->registry->log, &segment, show_entry, v, err);
	}
	if (rc == TJ_E_NOTFOUND && !v->has_begun)
		return tj_lmdb_damaged(&v->registry->tables.db, "a file of the log is gone", err);
	return rc;
}

static enum tj_rc
each_of_all(struct visiting *v, struct tj_err *err)
{
	struct tj_segments segments = { 0 };

	TRY(tj_tables_segments(&segments, &v->registry->tables, v->arena, err));
	if (segments.list.n > 0)
		v->end = segments.list.v[segments.list.n - 1].next_sequence;
	for (size_t i = 0; i < segments.list.n; i++)
		TRY(walk_segment(v, segments.list.v[i], err));
	return TJ_OK;
}

static enum tj_rc
each_of_product(struct visiting *v, tj_str product, struct tj_err *err)
{
	struct tj_entry entry = { .sequence = 0 };
	struct tj_place place;
	uint64_t sequence = 0;
	enum tj_rc rc;
	int tries = 0;

	while ((rc = tj_tables_next(&place, &sequence, &v->registry->tables, product,
	    err)) == TJ_OK) {
		rc = tj_registry_entry(&entry, v->registry, &place, v->arena, err);
		if (rc == TJ_E_NOTFOUND && tries++ < TJ_REGISTRY_TRIES)
			continue;
		TRY(rc);
		if (!tj_str_eq(entry.key, product) || entry.sequence != sequence)
			return tj_lmdb_damaged(&v->registry->tables.db, "index of products", err);
		TRY(show_entry(v, &place, &entry, err));
		tj_arena_reset(v->arena);
		tries = 0;
		sequence++;
	}
	return rc == TJ_E_NOTFOUND ? TJ_OK : rc;
}

static enum tj_rc
lmdb_each(struct tj_store *port, tj_str product,
    enum tj_rc (*visit)(void *, const struct tj_stored *, struct tj_err *), void *ctx,
    struct tj_err *err)
{
	struct visiting v = { own(port)->registry, visit, ctx, tj_arena_new(TJ_MAX_ARENA_BYTES),
	    UINT64_MAX, false };
	enum tj_rc rc;

	if (v.arena == NULL)
		return tj_fail_nomem(err);
	rc = product.n == 0 ? each_of_all(&v, err) : each_of_product(&v, product, err);
	tj_arena_free(v.arena);
	return tj_lmdb_explain(&v.registry->tables.db, rc, err);
}

/* Writing. */

static enum tj_rc
lmdb_begin(struct tj_store *port, struct tj_err *err)
{
	struct lmdb_store *store = own(port);
	enum tj_rc rc;

	if (store->is_writing)
		return misused(store, "begin within begin", err);
	TRY(tj_registry_lock(store->registry, err));
	if ((rc = tj_batch_init(&store->batch, err)) != TJ_OK)
		tj_registry_unlock(store->registry);
	store->is_writing = rc == TJ_OK;
	return rc;
}

static void
lmdb_abort(struct tj_store *port)
{
	struct lmdb_store *store = own(port);

	if (!store->is_writing)
		return;
	tj_batch_fini(&store->batch);
	store->is_writing = false;
	tj_registry_unlock(store->registry);
}

/* Is its id new here?  CONFLICT: it is there with other content. */
static enum tj_rc
compare(bool *is_new, struct lmdb_store *store, const struct tj_stored *stored,
    struct tj_err *err)
{
	struct tj_arena *arena;
	struct tj_stored old;
	struct tj_place place;
	enum tj_rc rc;

	*is_new = false;
	rc = tj_tables_id(&place, &store->registry->tables, stored->id, err);
	if (rc == TJ_E_NOTFOUND) {
		*is_new = true;
		return TJ_OK;
	}
	TRY(rc);
	if ((arena = tj_arena_new(TJ_MAX_DOC_BYTES)) == NULL)
		return tj_fail_nomem(err);
	rc = find(&old, store, TJ_BY_ID, stored->id, arena, err);
	if (rc == TJ_OK)
		rc = tj_stored_same(&old, stored, err);
	tj_arena_free(arena);
	return rc;
}

static enum tj_rc
lmdb_put(struct tj_store *port, const struct tj_stored *stored, struct tj_err *err)
{
	struct lmdb_store *store = own(port);
	const struct tj_stored *pending;
	bool is_new;

	if (!store->is_writing)
		return misused(store, "put without begin", err);
	TRY(tj_stored_check(stored, err));
	if ((pending = tj_batch_find(&store->batch, stored->id)) != NULL)
		return tj_stored_same(pending, stored, err);
	TRY(compare(&is_new, store, stored, err));
	return is_new ? tj_batch_add(&store->batch, stored, err) : TJ_OK;
}

static enum tj_rc
write_batch(struct lmdb_store *store, struct tj_err *err)
{
	const size_t n = store->batch.list.n;
	struct tj_entry *entries = TJ_NEWN(store->batch.arena, struct tj_entry, n + 1);

	if (entries == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < n; i++) {
		const struct tj_stored *one = &store->batch.list.v[i];

		entries[i] = (struct tj_entry){ .kind = TJ_ENTRY_DECLARATION,
		    .digest = one->digest, .key = one->product, .id = one->id,
		    .body = one->jws };
	}
	return tj_registry_write(store->registry, entries, n, err);
}

static enum tj_rc
lmdb_commit(struct tj_store *port, struct tj_err *err)
{
	struct lmdb_store *store = own(port);
	enum tj_rc rc;

	if (!store->is_writing)
		return misused(store, "commit without begin", err);
	rc = write_batch(store, err);
	lmdb_abort(port);	/* what could not be written is dropped */
	return rc;
}

static void
lmdb_close(struct tj_store *port)
{
	if (port == NULL)
		return;
	lmdb_abort(port);
	if (own(port)->is_own)
		tj_registry_close(own(port)->registry);
	tj_mem_free(port);
}

enum tj_rc
tj_registry_store(struct tj_store **out, struct tj_registry *registry, struct tj_err *err)
{
	struct lmdb_store *store = tj_mem_calloc(1, sizeof(*store));

	if (store == NULL)
		return tj_fail_nomem(err);
	store->port = (struct tj_store){ lmdb_begin, lmdb_put, lmdb_commit, lmdb_abort,
	    lmdb_newest, lmdb_by_id, lmdb_each, lmdb_close };
	store->registry = registry;
	*out = &store->port;
	return TJ_OK;
}

enum tj_rc
tj_store_lmdb_open(struct tj_store **out, const char *where, enum tj_store_mode mode,
    struct tj_err *err)
{
	struct tj_registry *registry;
	struct tj_store *store;
	enum tj_rc rc;

	TRY(tj_registry_open(&registry, where, mode, err));
	if ((rc = tj_registry_store(&store, registry, err)) != TJ_OK) {
		tj_registry_close(registry);
		return rc;
	}
	own(store)->is_own = true;
	*out = store;
	return TJ_OK;
}
