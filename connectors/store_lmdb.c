#include "connectors/lmdb_tables.h"
#include "connectors/record.h"
#include "model/base/mem.h"

/* What is put waits in a batch; commit writes it in one transaction. */
struct lmdb_store {
	struct tj_store		port;
	struct tj_tables	tables;
	bool			is_writing;
	struct tj_batch		batch;
};

static struct lmdb_store *
own(struct tj_store *port)
{
	return (struct lmdb_store *)port;	/* its first member */
}

static enum tj_rc
misused(const struct lmdb_store *store, const char *how, struct tj_err *err)
{
	return tj_fail(err, TJ_E_INTERNAL, "%s: %s", store->tables.db.folder, how);
}

static enum tj_rc
lmdb_by_id(struct tj_store *port, struct tj_stored *out, tj_str id,
    struct tj_arena *arena, struct tj_err *err)
{
	return tj_tables_by_id(out, &own(port)->tables, id, arena, err);
}

static enum tj_rc
lmdb_newest(struct tj_store *port, struct tj_stored *out, tj_str product,
    struct tj_arena *arena, struct tj_err *err)
{
	return tj_tables_newest(out, &own(port)->tables, product, arena, err);
}

static enum tj_rc
lmdb_each(struct tj_store *port, tj_str product,
    enum tj_rc (*visit)(void *, const struct tj_stored *, struct tj_err *), void *ctx,
    struct tj_err *err)
{
	return tj_tables_each(&own(port)->tables, product, visit, ctx, err);
}

static enum tj_rc
lmdb_begin(struct tj_store *port, struct tj_err *err)
{
	struct lmdb_store *store = own(port);
	enum tj_rc rc;

	if (store->is_writing)
		return misused(store, "begin within begin", err);
	TRY(tj_lmdb_lock(&store->tables.db, err));
	if ((rc = tj_batch_init(&store->batch, err)) != TJ_OK)
		tj_lmdb_unlock(&store->tables.db);
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
	tj_lmdb_unlock(&store->tables.db);
}

static enum tj_rc
lmdb_put(struct tj_store *port, const struct tj_stored *stored, struct tj_err *err)
{
	struct lmdb_store *store = own(port);
	const struct tj_stored *pending;
	bool is_new = false;

	if (!store->is_writing)
		return misused(store, "put without begin", err);
	TRY(tj_stored_check(stored, err));
	if ((pending = tj_batch_find(&store->batch, stored->id)) != NULL)
		return tj_stored_same(pending, stored, err);
	TRY(tj_tables_compare(&is_new, &store->tables, stored, err));
	return is_new ? tj_batch_add(&store->batch, stored, err) : TJ_OK;
}

static enum tj_rc
lmdb_commit(struct tj_store *port, struct tj_err *err)
{
	struct lmdb_store *store = own(port);
	enum tj_rc rc;

	if (!store->is_writing)
		return misused(store, "commit without begin", err);
	rc = tj_tables_write(&store->tables, &store->batch, err);
	lmdb_abort(port);	/* what could not be written is dropped */
	return rc;
}

static void
lmdb_close(struct tj_store *port)
{
	if (port == NULL)
		return;
	lmdb_abort(port);
	tj_tables_close(&own(port)->tables);
	tj_mem_free(port);
}

enum tj_rc
tj_store_lmdb_open(struct tj_store **out, const char *where, enum tj_store_mode mode,
    struct tj_err *err)
{
	struct lmdb_store *store = tj_mem_calloc(1, sizeof(*store));
	enum tj_rc rc;

	if (store == NULL)
		return tj_fail_nomem(err);
	store->port = (struct tj_store){ lmdb_begin, lmdb_put, lmdb_commit, lmdb_abort,
	    lmdb_newest, lmdb_by_id, lmdb_each, lmdb_close };
	if ((rc = tj_tables_open(&store->tables, where, mode, err)) != TJ_OK) {
		lmdb_close(&store->port);
		return rc;
	}
	*out = &store->port;
	return TJ_OK;
}
