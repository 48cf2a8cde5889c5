#include "connectors/store.h"
#include "connectors/stored.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

/* A list, oldest first, looked through from the end. */
struct mem_store {
	struct tj_store		 port;
	struct tj_arena		*arena;
	TJ_VEC(struct tj_stored) list;
	size_t			 committed;
	bool			 is_writing, may_write;
};

static struct mem_store *
own(struct tj_store *port)
{
	return (struct mem_store *)port;	/* its first member */
}

static enum tj_rc
mem_begin(struct tj_store *port, struct tj_err *err)
{
	struct mem_store *store = own(port);

	if (!store->may_write)
		return tj_fail(err, TJ_E_PERM, "opened for reading only");
	if (store->is_writing)
		return tj_fail(err, TJ_E_LOCKED, "is being written to");
	store->is_writing = true;
	return TJ_OK;
}

/* Number of the youngest of the first n that matches, or n. */
static size_t
find(const struct mem_store *store, size_t n, tj_str product, tj_str id)
{
	for (size_t i = n; i-- > 0;)
		if ((product.n == 0 || tj_str_eq(store->list.v[i].product, product)) &&
		    (id.n == 0 || tj_str_eq(store->list.v[i].id, id)))
			return i;
	return n;
}

static enum tj_rc
mem_put(struct tj_store *port, const struct tj_stored *stored, struct tj_err *err)
{
	struct mem_store *store = own(port);
	struct tj_stored copy;
	size_t old;

	if (!store->is_writing)
		return tj_fail(err, TJ_E_INTERNAL, "put outside of begin and commit");
	TRY(tj_stored_check(stored, err));
	old = find(store, store->list.n, TJ_S(""), stored->id);
	if (old < store->list.n)
		return tj_stored_same(&store->list.v[old], stored, err);
	TRY(tj_stored_dup(&copy, stored, store->arena, err));
	if (!TJ_PUSH(store->arena, &store->list, copy))
		return tj_fail_nomem(err);
	return TJ_OK;
}

static enum tj_rc
mem_commit(struct tj_store *port, struct tj_err *err)
{
	struct mem_store *store = own(port);

	if (!store->is_writing)
		return tj_fail(err, TJ_E_INTERNAL, "commit without begin");
	store->committed = store->list.n;
	store->is_writing = false;
	return TJ_OK;
}

static void
mem_abort(struct tj_store *port)
{
	struct mem_store *store = own(port);

	store->list.n = store->committed;
	store->is_writing = false;
}

static enum tj_rc
give(struct tj_stored *out, const struct mem_store *store, size_t i, tj_str what,
    struct tj_arena *arena, struct tj_err *err)
{
	if (i == store->committed)
		return tj_fail(err, TJ_E_NOTFOUND, "no declaration of %.*s", TJ_FMT(what));
	return tj_stored_dup(out, &store->list.v[i], arena, err);
}

static enum tj_rc
mem_newest(struct tj_store *port, struct tj_stored *out, tj_str product,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct mem_store *store = own(port);

	return give(out, store, product.n == 0 ? store->committed :
	    find(store, store->committed, product, TJ_S("")), product, arena, err);
}

static enum tj_rc
mem_by_id(struct tj_store *port, struct tj_stored *out, tj_str id,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct mem_store *store = own(port);

	return give(out, store, id.n == 0 ? store->committed :
	    find(store, store->committed, TJ_S(""), id), id, arena, err);
}

static enum tj_rc
mem_each(struct tj_store *port, tj_str product,
    enum tj_rc (*visit)(void *, const struct tj_stored *, struct tj_err *), void *ctx,
    struct tj_err *err)
{
	const struct mem_store *store = own(port);

	for (size_t i = 0; i < store->committed; i++)
		if (product.n == 0 || tj_str_eq(store->list.v[i].product, product))
			TRY(visit(ctx, &store->list.v[i], err));
	return TJ_OK;
}

static void
mem_close(struct tj_store *port)
{
	if (port == NULL)
		return;
	tj_arena_free(own(port)->arena);
	tj_mem_free(port);
}

enum tj_rc
tj_store_mem_open(struct tj_store **out, const char *where, enum tj_store_mode mode,
    struct tj_err *err)
{
	struct mem_store *store = tj_mem_calloc(1, sizeof(*store));

	(void)where;
	if (store == NULL)
		return tj_fail_nomem(err);
	store->port = (struct tj_store){ mem_begin, mem_put, mem_commit, mem_abort,
	    mem_newest, mem_by_id, mem_each, mem_close };
	store->may_write = mode == TJ_STORE_WRITE;
	if ((store->arena = tj_arena_new(TJ_MAX_ARENA_BYTES)) == NULL) {
		tj_mem_free(store);
		return tj_fail_nomem(err);
	}
	*out = &store->port;
	return TJ_OK;
}
