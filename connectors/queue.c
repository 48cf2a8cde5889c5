#include "connectors/queue.h"
#include "exchange/crypto.h"

#define FLUSH_AT	64	/* acknowledgements: a commit is an fsync */

enum tj_rc
tj_queue_open(struct tj_queue *queue, bool *was_damaged, const char *folder,
    struct tj_err *err)
{
	*queue = (struct tj_queue){ .arena = tj_arena_new(TJ_MAX_ARENA_BYTES) };
	queue->kv.db.lock_fd = -1;
	if (queue->arena == NULL)
		return tj_fail_nomem(err);
	return tj_kv_open_anew(&queue->kv, was_damaged, folder, err);
}

void
tj_queue_close(struct tj_queue *queue)
{
	if (queue->arena != NULL)
		tj_kv_close(&queue->kv);
	tj_arena_free(queue->arena);
}

static enum tj_rc
key_of(tj_digest *key, tj_str node, tj_str product, struct tj_arena *arena,
    struct tj_err *err)
{
	const tj_str name = tj_str_fmt(arena, "%.*s\n%.*s", TJ_FMT(node), TJ_FMT(product));

	return name.p == NULL ? tj_fail_nomem(err) : tj_sha256(key, name, err);
}

enum tj_rc
tj_queue_find(struct tj_acknowledged *out, struct tj_queue *queue, tj_str node,
    tj_str product, struct tj_arena *arena, struct tj_err *err)
{
	enum tj_rc rc;
	tj_digest key;
	tj_str value;

	TRY(key_of(&key, node, product, arena, err));
	rc = tj_kv_get(&value, &queue->kv, &key, arena, err);
	if (rc == TJ_E_CORRUPT || (rc == TJ_OK && value.n < TJ_DIGEST_BYTES))
		return tj_fail(err, TJ_E_NOTFOUND, "not to be read");
	if (rc != TJ_OK)
		return rc;
	memcpy(out->digest.b, value.p, TJ_DIGEST_BYTES);
	out->etag = tj_str_cut(value, TJ_DIGEST_BYTES, value.n);
	return TJ_OK;
}

enum tj_rc
tj_queue_add(struct tj_queue *queue, tj_str node, tj_str product,
    const struct tj_acknowledged *what, struct tj_err *err)
{
	const size_t n = TJ_DIGEST_BYTES + what->etag.n;
	struct tj_kv_entry entry;
	char *bytes;

	TRY(key_of(&entry.key, node, product, queue->arena, err));
	if ((bytes = TJ_NEWN(queue->arena, char, n)) == NULL)
		return tj_fail_nomem(err);
	memcpy(bytes, what->digest.b, TJ_DIGEST_BYTES);
	if (what->etag.n > 0)
		memcpy(bytes + TJ_DIGEST_BYTES, what->etag.p, what->etag.n);
	entry.value = (tj_str){ bytes, n };
	if (!TJ_PUSH(queue->arena, &queue->fresh, entry))
		return tj_fail_nomem(err);
	return queue->fresh.n < FLUSH_AT ? TJ_OK : tj_queue_flush(queue, err);
}

enum tj_rc
tj_queue_flush(struct tj_queue *queue, struct tj_err *err)
{
	const enum tj_rc rc = tj_kv_write(&queue->kv, queue->fresh.v, queue->fresh.n, err);

	queue->fresh.v = NULL;
	queue->fresh.n = queue->fresh.cap = 0;
	tj_arena_reset(queue->arena);
	return rc;
}
