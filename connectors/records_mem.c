#include <pthread.h>

#include "connectors/record_bytes.h"
#include "connectors/records.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

/* One allocation: the key and the record's bytes stand behind it. */
struct item {
	size_t		key_n, bytes_n;
	tj_digest	version;
	char		bytes[];	/* the key first */
};

struct slot {
	struct item	*item;
};

struct items {			/* by key, ascending */
	struct slot	*v;
	size_t		 n, cap;
};

struct mem_records {
	struct tj_records	port;
	pthread_rwlock_t	lock;
	struct items		items, homes;	/* a home has no bytes but its key */
};

static struct mem_records *
own(struct tj_records *port)
{
	return (struct mem_records *)port;	/* its first member */
}

static tj_str
key_of(const struct item *item)
{
	return (tj_str){ item->bytes, item->key_n };
}

static struct tj_record_state
state_of(const struct item *item)
{
	return (struct tj_record_state){ { item->bytes + item->key_n, item->bytes_n },
	    item->version };
}

/* Place of the first key that is not before this one. */
static size_t
seek(const struct items *items, tj_str key)
{
	size_t low = 0, high = items->n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (tj_str_cmp(key_of(items->v[middle].item), key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct item *
find(const struct items *items, tj_str key)
{
	const size_t at = seek(items, key);

	if (at == items->n || !tj_str_eq(key_of(items->v[at].item), key))
		return NULL;
	return items->v[at].item;
}

static struct item *
item_new(tj_str key, const struct tj_record_state *state)
{
	struct item *item = tj_mem_calloc(1, sizeof(*item) + key.n + state->bytes.n);

	if (item == NULL)
		return NULL;
	item->key_n = key.n;
	item->bytes_n = state->bytes.n;
	item->version = state->version;
	memcpy(item->bytes, key.p, key.n);
	if (state->bytes.n > 0)
		memcpy(item->bytes + key.n, state->bytes.p, state->bytes.n);
	return item;
}

static void
drop(struct items *items, tj_str key)
{
	const size_t at = seek(items, key);

	if (find(items, key) == NULL)
		return;
	tj_mem_free(items->v[at].item);
	memmove(&items->v[at], &items->v[at + 1], (--items->n - at) * sizeof(*items->v));
}

static bool
make_room(struct items *items)
{
	const size_t cap = items->cap == 0 ? 16 : 2 * items->cap;
	struct slot *v;

	if (items->n < items->cap)
		return true;
	if ((v = tj_mem_realloc(items->v, cap * sizeof(*items->v))) == NULL)
		return false;
	items->v = v;
	items->cap = cap;
	return true;
}

/* In the place of what has this key. */
static enum tj_rc
put(struct items *items, tj_str key, const struct tj_record_state *state, struct tj_err *err)
{
	struct item *item = item_new(key, state);
	size_t at;

	if (item == NULL || !make_room(items)) {
		tj_mem_free(item);
		return tj_fail_nomem(err);
	}
	drop(items, key);
	at = seek(items, key);
	memmove(&items->v[at + 1], &items->v[at], (items->n++ - at) * sizeof(*items->v));
	items->v[at].item = item;
	return TJ_OK;
}

static enum tj_rc
give(struct tj_record *out, const struct items *items, tj_str key, tj_str handle,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct item *item = find(items, key);
	struct tj_record record = { 0 };
	tj_str copy;

	if (item == NULL)
		return tj_fail(err, TJ_E_NOTFOUND, "no record of %.*s", TJ_FMT(handle));
	if ((copy = tj_str_dup(state_of(item).bytes, arena)).p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_record_decode(&record, copy, arena, err));
	record.version = item->version;
	*out = record;
	return TJ_OK;
}

static enum tj_rc
mem_get(struct tj_records *port, struct tj_record *out, tj_str handle,
    struct tj_arena *arena, struct tj_err *err)
{
	struct mem_records *records = own(port);
	const tj_str key = tj_record_key(handle, arena);
	enum tj_rc rc;

	if (key.p == NULL)
		return tj_fail_nomem(err);
	(void)pthread_rwlock_rdlock(&records->lock);
	rc = give(out, &records->items, key, handle, arena, err);
	(void)pthread_rwlock_unlock(&records->lock);
	return rc;
}

static enum tj_rc
apply(struct items *items, struct tj_edit *edit, struct tj_arena *arena, struct tj_err *err)
{
	const tj_str key = tj_record_key(edit->handle, arena);
	struct tj_record_state old = { 0 }, next = { 0 };
	const struct item *item;
	bool changed = false;

	if (key.p == NULL)
		return tj_fail_nomem(err);
	if ((item = find(items, key)) != NULL)
		old = state_of(item);
	TRY(tj_record_apply(&next, &changed, edit, &old, arena, err));
	edit->version = next.version;
	if (changed && next.bytes.n == 0)
		drop(items, key);
	else if (changed)
		TRY(put(items, key, &next, err));
	return TJ_OK;
}

static enum tj_rc
mem_edit(struct tj_records *port, struct tj_edit *edits, size_t n, struct tj_err *err)
{
	struct mem_records *records = own(port);
	struct tj_arena *arena = tj_arena_new(TJ_MAX_ARENA_BYTES);

	if (arena == NULL)
		return tj_fail_nomem(err);
	(void)pthread_rwlock_wrlock(&records->lock);
	for (size_t i = 0; i < n; i++) {
		tj_err_clear(&edits[i].err);
		edits[i].rc = apply(&records->items, &edits[i], arena, &edits[i].err);
		tj_arena_reset(arena);
	}
	(void)pthread_rwlock_unlock(&records->lock);
	tj_arena_free(arena);
	return TJ_OK;
}

static enum tj_rc
walk(size_t *total, const struct items *items, tj_str start, size_t skip, size_t most,
    enum tj_rc (*visit)(void *, tj_str, struct tj_err *), void *ctx, struct tj_err *err)
{
	const size_t first = seek(items, start);
	size_t n = 0;

	for (; first + n < items->n && tj_str_starts(key_of(items->v[first + n].item), start); n++)
		if (n >= skip && n - skip < most)
			TRY(visit(ctx, key_of(items->v[first + n].item), err));
	*total = n;
	return TJ_OK;
}

static enum tj_rc
mem_list(struct tj_records *port, size_t *total, tj_str prefix, size_t skip, size_t most,
    enum tj_rc (*visit)(void *, tj_str, struct tj_err *), void *ctx, struct tj_err *err)
{
	struct mem_records *records = own(port);
	char start[TJ_MAX_IDENT_BYTES + 1];
	tj_str key = tj_record_key_in(start, prefix);
	enum tj_rc rc;

	if (key.p == NULL) {
		*total = 0;
		return TJ_OK;
	}
	if (key.n > 0)
		start[key.n++] = '/';
	(void)pthread_rwlock_rdlock(&records->lock);
	rc = walk(total, &records->items, key, skip, most, visit, ctx, err);
	(void)pthread_rwlock_unlock(&records->lock);
	return rc;
}

static enum tj_rc
mem_set_home(struct tj_records *port, tj_str prefix, bool is_home, struct tj_err *err)
{
	struct mem_records *records = own(port);
	const struct tj_record_state nothing = { 0 };
	char room[TJ_MAX_IDENT_BYTES];
	const tj_str key = tj_record_key_in(room, prefix);
	enum tj_rc rc = TJ_OK;

	if (key.n == 0 || key.n > TJ_MAX_HOME_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a prefix of %zu bytes", prefix.n);
	(void)pthread_rwlock_wrlock(&records->lock);
	if (!is_home)
		drop(&records->homes, key);
	else if (find(&records->homes, key) == NULL)
		rc = put(&records->homes, key, &nothing, err);
	(void)pthread_rwlock_unlock(&records->lock);
	return rc;
}

static bool
mem_is_home(struct tj_records *port, tj_str prefix)
{
	struct mem_records *records = own(port);
	char room[TJ_MAX_IDENT_BYTES];
	const tj_str key = tj_record_key_in(room, prefix);
	bool is_home;

	(void)pthread_rwlock_rdlock(&records->lock);
	is_home = key.p != NULL && find(&records->homes, key) != NULL;
	(void)pthread_rwlock_unlock(&records->lock);
	return is_home;
}

static enum tj_rc
mem_each_home(struct tj_records *port,
    enum tj_rc (*visit)(void *, tj_str, struct tj_err *), void *ctx, struct tj_err *err)
{
	struct mem_records *records = own(port);
	enum tj_rc rc;
	size_t total;

	(void)pthread_rwlock_rdlock(&records->lock);
	rc = walk(&total, &records->homes, TJ_S(""), 0, SIZE_MAX, visit, ctx, err);
	(void)pthread_rwlock_unlock(&records->lock);
	return rc;
}

static void
items_fini(struct items *items)
{
	for (size_t i = 0; i < items->n; i++)
		tj_mem_free(items->v[i].item);
	tj_mem_free(items->v);
}

static void
mem_close(struct tj_records *port)
{
	struct mem_records *records = own(port);

	if (records == NULL)
		return;
	items_fini(&records->items);
	items_fini(&records->homes);
	(void)pthread_rwlock_destroy(&records->lock);
	tj_mem_free(records);
}

enum tj_rc
tj_records_mem_open(struct tj_records **out, struct tj_err *err)
{
	struct mem_records *records = tj_mem_calloc(1, sizeof(*records));

	if (records == NULL)
		return tj_fail_nomem(err);
	records->port = (struct tj_records){ mem_get, mem_edit, mem_list, mem_set_home,
	    mem_is_home, mem_each_home, mem_close };
	(void)pthread_rwlock_init(&records->lock, NULL);
	*out = &records->port;
	return TJ_OK;
}
