#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/cache.h"
#include "connectors/queue.h"
#include "exchange/crypto.h"
#include "tests/support/support.h"

static struct tj_err	err;
static char		folder[64];

static int
folder_make(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof(folder), "/tmp/tanji-cache-XXXXXX");
	return mkdtemp(folder) == NULL;
}

static int
folder_remove(void **state)
{
	char command[96];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static struct tj_cache *
open_cache(bool want_damaged)
{
	struct tj_cache *cache = NULL;
	bool was_damaged = !want_damaged;

	assert_ok(tj_cache_open(&cache, &was_damaged, folder, &err), &err);
	assert_int_equal(was_damaged, want_damaged);
	return cache;
}

/* What is kept under `url` at this time; "-": nothing. */
static void
assert_kept(struct tj_cache *cache, const char *url, tj_time now, const char *want, uint32_t age_s)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_cached cached = { .text = TJ_S("-"), .age_s = age_s };
	const enum tj_rc rc = tj_cache_get(&cached, cache, tj_str_of(url), now, arena, &err);

	assert_int_equal(rc, strcmp(want, "-") == 0 ? TJ_E_NOTFOUND : TJ_OK);
	assert_str(want, cached.text);
	assert_int_equal(cached.age_s, age_s);
	tj_arena_free(arena);
}

static void
what_was_put_is_there_for_its_time(void **state)
{
	struct tj_cache *cache = open_cache(false);

	(void)state;
	assert_ok(tj_cache_put(cache, TJ_S("a"), TJ_S("body"), 60, 1000, &err), &err);
	assert_ok(tj_cache_put(cache, TJ_S("none"), TJ_S(""), 10, 1000, &err), &err);
	assert_ok(tj_cache_put(cache, TJ_S("never"), TJ_S("x"), 0, 1000, &err), &err);
	assert_ok(tj_cache_close(cache, 1000, &err), &err);
	cache = open_cache(false);
	assert_kept(cache, "a", 1059, "body", 59);
	assert_kept(cache, "a", 1060, "-", 0);
	assert_kept(cache, "a", 999, "-", 0);		/* the clock was set back */
	assert_kept(cache, "none", 1005, "", 5);
	assert_kept(cache, "never", 1000, "-", 0);
	assert_kept(cache, "b", 1000, "-", 0);
	assert_ok(tj_cache_close(cache, 1000, &err), &err);
}

static void
what_has_ended_is_removed_with_the_next_that_is_put(void **state)
{
	struct tj_cache *cache = open_cache(false);

	(void)state;
	assert_ok(tj_cache_put(cache, TJ_S("old"), TJ_S("x"), 60, 1000, &err), &err);
	assert_ok(tj_cache_close(cache, 1000, &err), &err);
	cache = open_cache(false);
	assert_ok(tj_cache_put(cache, TJ_S("new"), TJ_S("y"), 60, 2000, &err), &err);
	assert_ok(tj_cache_close(cache, 2000, &err), &err);
	cache = open_cache(false);
	assert_kept(cache, "old", 1001, "-", 0);
	assert_kept(cache, "new", 2001, "y", 1);
	assert_ok(tj_cache_close(cache, 2000, &err), &err);
	assert_ok(tj_cache_close(NULL, 2000, &err), &err);
}

static void
a_damaged_cache_is_begun_anew(void **state)
{
	struct tj_cache *cache = open_cache(false);
	char path[96];

	(void)state;
	assert_ok(tj_cache_put(cache, TJ_S("a"), TJ_S("body"), 60, 1000, &err), &err);
	assert_ok(tj_cache_close(cache, 1000, &err), &err);
	(void)snprintf(path, sizeof(path), "%s/data.mdb", folder);
	assert_int_equal(truncate(path, 5000), 0);
	cache = open_cache(true);
	assert_kept(cache, "a", 1001, "-", 0);
	assert_ok(tj_cache_put(cache, TJ_S("a"), TJ_S("again"), 60, 1000, &err), &err);
	assert_ok(tj_cache_close(cache, 1000, &err), &err);
	cache = open_cache(false);
	assert_kept(cache, "a", 1001, "again", 1);
	assert_ok(tj_cache_close(cache, 1000, &err), &err);
}

static enum tj_rc
cache_once(void)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_cache *cache = NULL;
	struct tj_cached cached;
	bool was_damaged;
	enum tj_rc rc, closed;

	if (arena == NULL)
		return TJ_E_NOMEM;
	rc = tj_cache_open(&cache, &was_damaged, folder, &err);
	if (rc == TJ_OK)
		rc = tj_cache_put(cache, TJ_S("a"), TJ_S("body"), 60, 1000, &err);
	closed = tj_cache_close(cache, 1000, rc == TJ_OK ? &err : NULL);
	rc = rc == TJ_OK ? closed : rc;
	cache = NULL;
	if (rc == TJ_OK)
		rc = tj_cache_open(&cache, &was_damaged, folder, &err);
	if (rc == TJ_OK)
		rc = tj_cache_get(&cached, cache, TJ_S("a"), 1001, arena, &err);
	closed = tj_cache_close(cache, 1000, NULL);
	tj_arena_free(arena);
	return rc == TJ_OK ? closed : rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(cache_once());
}

/* The queue. */

static enum tj_rc
queue_once(void)
{
	struct tj_acknowledged what = { .etag = TJ_S("\"1\"") }, found;
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_queue queue;
	bool was_damaged;
	enum tj_rc rc;

	if (arena == NULL)
		return TJ_E_NOMEM;
	what.digest.b[0] = 7;
	rc = tj_queue_open(&queue, &was_damaged, folder, &err);
	if (rc == TJ_OK)
		rc = tj_queue_add(&queue, TJ_S("https://a"), TJ_S("hdl:88.1/X"), &what, &err);
	if (rc == TJ_OK)
		rc = tj_queue_flush(&queue, &err);
	if (rc == TJ_OK)
		rc = tj_queue_find(&found, &queue, TJ_S("https://a"), TJ_S("hdl:88.1/X"), arena, &err);
	if (rc == TJ_OK) {
		assert_int_equal(found.digest.b[0], 7);
		assert_str("\"1\"", found.etag);
	}
	tj_queue_close(&queue);
	tj_arena_free(arena);
	return rc;
}

static void
what_was_acknowledged_is_known_by_node_and_product(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_acknowledged found;
	struct tj_queue queue;
	bool was_damaged;

	(void)state;
	OOM_LOOP(queue_once());
	assert_ok(tj_queue_open(&queue, &was_damaged, folder, &err), &err);
	assert_false(was_damaged);
	assert_ok(tj_queue_find(&found, &queue, TJ_S("https://a"), TJ_S("hdl:88.1/X"), arena, &err),
	    &err);
	assert_rc(TJ_E_NOTFOUND, tj_queue_find(&found, &queue, TJ_S("https://b"), TJ_S("hdl:88.1/X"),
	    arena, &err), &err);
	assert_rc(TJ_E_NOTFOUND, tj_queue_find(&found, &queue, TJ_S("https://a"), TJ_S("hdl:88.1/Y"),
	    arena, &err), &err);
	tj_queue_close(&queue);
	tj_arena_free(arena);
}

static void
many_acknowledgements_go_to_the_disk_by_themselves(void **state)
{
	const struct tj_acknowledged what = { .etag = TJ_S("") };
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_acknowledged found;
	struct tj_queue queue;
	bool was_damaged;

	(void)state;
	assert_ok(tj_queue_open(&queue, &was_damaged, folder, &err), &err);
	for (int i = 0; i < 1000; i++)
		assert_ok(tj_queue_add(&queue, TJ_S("n"), tj_str_fmt(arena, "p%d", i), &what, &err),
		    &err);
	tj_queue_close(&queue);		/* without a flush, as a kill would */
	assert_ok(tj_queue_open(&queue, &was_damaged, folder, &err), &err);
	for (int i = 0; i < 1000 - 64; i++)
		assert_ok(tj_queue_find(&found, &queue, TJ_S("n"), tj_str_fmt(arena, "p%d", i), arena,
		    &err), &err);
	tj_queue_close(&queue);
	tj_arena_free(arena);
}

#define test_in_folder(f)	cmocka_unit_test_setup_teardown(f, folder_make, folder_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test_in_folder(what_was_put_is_there_for_its_time),
		test_in_folder(what_has_ended_is_removed_with_the_next_that_is_put),
		test_in_folder(a_damaged_cache_is_begun_anew),
		test_in_folder(memory_may_run_out),
		test_in_folder(what_was_acknowledged_is_known_by_node_and_product),
		test_in_folder(many_acknowledgements_go_to_the_disk_by_themselves),
	};

	return RUN(tests);
}
