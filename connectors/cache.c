#include "connectors/cache.h"
#include "connectors/lmdb_kv.h"
#include "exchange/crypto.h"
#include "model/base/mem.h"

#define PART_BYTES	((size_t)64 << 20)	/* put at once, so that memory stays bounded */

/* Before each text: when it was asked for, when it ends. */
struct head {
	int64_t	since, until;
};

struct tj_cache {
	struct tj_kv			 kv;
	struct tj_arena			*arena;		/* of what was put */
	TJ_VEC(struct tj_kv_entry)	 put;
};

static bool
head_read(struct head *head, tj_str value)
{
	if (value.n < sizeof(*head))
		return false;
	memcpy(head, value.p, sizeof(*head));
	return true;
}

enum tj_rc
tj_cache_get(struct tj_cached *out, struct tj_cache *cache, tj_str url, tj_time now,
    struct tj_arena *arena, struct tj_err *err)
{
	struct head head;
	enum tj_rc rc;
	tj_digest key;
	tj_str value;

	TRY(tj_sha256(&key, url, err));
	rc = tj_kv_get(&value, &cache->kv, &key, arena, err);
	if (rc == TJ_E_NOMEM)
		return rc;
	if (rc != TJ_OK || !head_read(&head, value) || now < head.since || now >= head.until)
		return tj_fail(err, TJ_E_NOTFOUND, "not kept");
	out->text = tj_str_cut(value, sizeof(head), value.n);
	out->age_s = now - head.since > UINT32_MAX ? UINT32_MAX : (uint32_t)(now - head.since);
	return TJ_OK;
}

static enum tj_rc
write_out(struct tj_cache *cache, struct tj_err *err)
{
	const enum tj_rc rc = tj_kv_write(&cache->kv, cache->put.v, cache->put.n, err);

	cache->put.v = NULL;
	cache->put.n = cache->put.cap = 0;
	tj_arena_reset(cache->arena);
	return rc;
}

enum tj_rc
tj_cache_put(struct tj_cache *cache, tj_str url, tj_str text, uint32_t ttl_s, tj_time now,
    struct tj_err *err)
{
	const struct head head = { now, now + ttl_s };
	struct tj_kv_entry entry;
	char *bytes;

	if (ttl_s == 0)
		return TJ_OK;
	if (tj_arena_bytes(cache->arena) > PART_BYTES)
		TRY(write_out(cache, err));
	TRY(tj_sha256(&entry.key, url, err));
	if ((bytes = TJ_NEWN(cache->arena, char, sizeof(head) + text.n + 1)) == NULL)
		return tj_fail_nomem(err);
	memcpy(bytes, &head, sizeof(head));
	if (text.n > 0)
		memcpy(bytes + sizeof(head), text.p, text.n);
	entry.value = (tj_str){ bytes, sizeof(head) + text.n };
	return TJ_PUSH(cache->arena, &cache->put, entry) ? TJ_OK : tj_fail_nomem(err);
}

/* What has ended is removed with the rest. */
struct sweeping {
	struct tj_cache	*cache;
	tj_time		 now;
};

static enum tj_rc
sweep_one(void *ctx, const tj_digest *key, tj_str value, struct tj_err *err)
{
	const struct sweeping *sweeping = ctx;
	struct tj_cache *cache = sweeping->cache;
	struct tj_kv_entry entry = { .key = *key };
	struct head head;

	if (head_read(&head, value) && sweeping->now < head.until)
		return TJ_OK;
	return TJ_PUSH(cache->arena, &cache->put, entry) ? TJ_OK : tj_fail_nomem(err);
}

enum tj_rc
tj_cache_close(struct tj_cache *cache, tj_time now, struct tj_err *err)
{
	struct sweeping sweeping = { cache, now };
	enum tj_rc rc = TJ_OK;

	if (cache == NULL)
		return TJ_OK;
	if (cache->put.n > 0) {
		rc = write_out(cache, err);
		if (rc == TJ_OK)
			rc = tj_kv_each(&cache->kv, sweep_one, &sweeping, err);
		if (rc == TJ_OK)
			rc = write_out(cache, err);
	}
	tj_kv_close(&cache->kv);
	tj_arena_free(cache->arena);
	tj_mem_free(cache);
	return rc;
}

enum tj_rc
tj_cache_open(struct tj_cache **out, bool *was_damaged, const char *folder,
    struct tj_err *err)
{
	struct tj_cache *cache = tj_mem_calloc(1, sizeof(*cache));
	bool damaged = false;
	enum tj_rc rc;

	if (cache == NULL || (cache->arena = tj_arena_new(4 * PART_BYTES)) == NULL) {
		tj_mem_free(cache);
		return tj_fail_nomem(err);
	}
	rc = tj_kv_open_anew(&cache->kv, &damaged, folder, err);
	if (rc != TJ_OK) {
		tj_kv_close(&cache->kv);
		tj_arena_free(cache->arena);
		tj_mem_free(cache);
		return rc;
	}
	*was_damaged = damaged;
	*out = cache;
	return TJ_OK;
}
