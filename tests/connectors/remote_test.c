#include "tests/support/tls_node.h"

static struct tls_node	node;
static struct tj_err	err;

static int
open_node(void **state)
{
	(void)state;
	tls_node_open(&node);
	return 0;
}

static int
close_node(void **state)
{
	(void)state;
	tls_node_close(&node);
	return 0;
}

static const struct tj_value values[] = {
	{ .index = 1, .ttl_s = 60, .permissions = TJ_VALUE_PERMISSIONS, .type = { "URL", 3 },
	    .data = { "https://a.example/", 18 } },
	{ .index = 2, .ttl_s = 86400, .permissions = TJ_VALUE_PERMISSIONS, .type = { "NOTE", 4 },
	    .data = { "x", 1 } },
	{ .index = 3, .ttl_s = 86400, .permissions = TJ_ADMIN_WRITE, .type = { "KEY", 3 },
	    .data = { "nobody reads it", 15 } },
};

static struct tj_record
record(const char *handle, size_t n)
{
	return (struct tj_record){ .handle = tj_str_of(handle), .values = values, .count = n };
}

static void
a_record_is_made_once_and_read_as_it_is(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 24);
	const struct tj_record want = record("88.111.1/a", 2);
	struct tj_remote *remote;
	struct tj_record there;
	bool written;

	(void)state;
	assert_ok(tj_remote_open(&remote, &node.options, &err), &err);
	assert_rc(TJ_E_NOTFOUND, tj_remote_get(&there, remote, want.handle, arena, &err), &err);
	assert_ok(tj_remote_put(&written, remote, &want, TJ_REMOTE_NEW, &err), &err);
	assert_true(written);
	assert_ok(tj_remote_put(&written, remote, &want, TJ_REMOTE_NEW, &err), &err);
	assert_false(written);
	assert_ok(tj_remote_get(&there, remote, want.handle, arena, &err), &err);
	assert_int_equal(there.count, 2);
	assert_int_equal(there.values[0].ttl_s, 60);
	assert_str("https://a.example/", there.values[0].data);
	assert_ok(tj_remote_delete(remote, want.handle, &err), &err);
	assert_ok(tj_remote_delete(remote, want.handle, &err), &err);
	assert_rc(TJ_E_NOTFOUND, tj_remote_get(&there, remote, want.handle, arena, &err), &err);
	tj_remote_close(remote);
	tj_arena_free(arena);
}

static void
another_record_of_that_name_stays_unless_it_is_to_be_replaced(void **state)
{
	const struct tj_record one = record("88.111.1/b", 1), two = record("88.111.1/b", 2);
	struct tj_remote *remote;
	bool written;

	(void)state;
	assert_ok(tj_remote_open(&remote, &node.options, &err), &err);
	assert_ok(tj_remote_put(&written, remote, &one, TJ_REMOTE_NEW, &err), &err);
	assert_rc(TJ_E_CONFLICT, tj_remote_put(&written, remote, &two, TJ_REMOTE_NEW, &err), &err);
	assert_false(written);
	assert_ok(tj_remote_put(&written, remote, &two, TJ_REMOTE_REPLACE, &err), &err);
	assert_true(written);
	tj_remote_close(remote);
}

/* As many as there are values already, so that what is there has a say. */
static enum tj_rc
count_make(void *ctx, struct tj_value *out, const struct tj_record *there, struct tj_arena *arena,
    struct tj_err *e)
{
	const tj_str text = tj_str_fmt(arena, "%zu", there->count);

	if (text.p == NULL)
		return tj_fail_nomem(e);
	*out = values[1];
	out->index = *(const uint32_t *)ctx;
	out->data = text;
	return TJ_OK;
}

static enum tj_rc
never_make(void *ctx, struct tj_value *out, const struct tj_record *there, struct tj_arena *arena,
    struct tj_err *e)
{
	(void)ctx;
	(void)out;
	(void)there;
	(void)arena;
	return tj_fail(e, TJ_E_REFUSED, "no");
}

static void
one_value_is_put_and_the_others_stay_even_those_nobody_reads(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 24);
	const struct tj_record want = record("88.111.1/c", 3);
	uint32_t index = 7;
	struct tj_remote *remote;
	struct tj_record there;
	bool written;

	(void)state;
	assert_ok(tj_remote_open(&remote, &node.options, &err), &err);
	assert_rc(TJ_E_NOTFOUND, tj_remote_put_value(&written, remote, want.handle, count_make, &index,
	    &err), &err);
	assert_ok(tj_remote_put(&written, remote, &want, TJ_REMOTE_NEW, &err), &err);
	assert_ok(tj_remote_put_value(&written, remote, want.handle, count_make, &index, &err), &err);
	assert_true(written);
	assert_ok(tj_remote_get(&there, remote, want.handle, arena, &err), &err);
	assert_int_equal(there.count, 3);	/* the third nobody sees */
	assert_str("2", there.values[2].data);
	index = 2;	/* over one that is there */
	assert_ok(tj_remote_put_value(&written, remote, want.handle, count_make, &index, &err), &err);
	assert_true(written);
	assert_ok(tj_remote_put_value(&written, remote, want.handle, count_make, &index, &err), &err);
	assert_false(written);
	assert_rc(TJ_E_REFUSED, tj_remote_put_value(&written, remote, want.handle, never_make, NULL,
	    &err), &err);
	/* The hidden one is still there: its index is taken. */
	assert_rc(TJ_E_CONFLICT, tj_remote_put(&written, remote, &want, TJ_REMOTE_NEW, &err), &err);
	tj_remote_close(remote);
	tj_arena_free(arena);
}

static void
what_lives_elsewhere_is_not_there(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 24);
	const struct tj_record want = record("88.999.9/a", 1);
	struct tj_remote *remote;
	struct tj_record there;
	bool written;

	(void)state;
	assert_ok(tj_remote_open(&remote, &node.options, &err), &err);
	assert_rc(TJ_E_NOTFOUND, tj_remote_get(&there, remote, want.handle, arena, &err), &err);
	assert_rc(TJ_E_IO, tj_remote_put(&written, remote, &want, TJ_REMOTE_NEW, &err), &err);
	tj_remote_close(remote);
	tj_arena_free(arena);
}

static void
who_may_not_is_told_so(void **state)
{
	struct tj_remote_options wrong = node.options;
	const struct tj_record want = record("88.111.1/d", 1);
	struct tj_remote *remote;
	bool written;

	(void)state;
	wrong.secret = "another";
	assert_ok(tj_remote_open(&remote, &wrong, &err), &err);
	assert_rc(TJ_E_PERM, tj_remote_put(&written, remote, &want, TJ_REMOTE_NEW, &err), &err);
	tj_remote_close(remote);
	wrong = node.options;
	wrong.allowed_count = 0;
	assert_ok(tj_remote_open(&remote, &wrong, &err), &err);
	assert_rc(TJ_E_PERM, tj_remote_put(&written, remote, &want, TJ_REMOTE_NEW, &err), &err);
	tj_remote_close(remote);
	wrong.url = TJ_S("http://127.0.0.1:1");
	assert_rc(TJ_E_CONFIG, tj_remote_open(&remote, &wrong, &err), &err);
	wrong = node.options;
	wrong.url = TJ_S("https://127.0.0.1:1");
	wrong.tries = 1;
	assert_ok(tj_remote_open(&remote, &wrong, &err), &err);
	assert_rc(TJ_E_LOCKED, tj_remote_put(&written, remote, &want, TJ_REMOTE_NEW, &err), &err);
	tj_remote_close(remote);
}

/* Made, changed, read and removed. */
static enum tj_rc
all_once(void)
{
	const struct tj_record want = record("88.111.1/m", 2);
	struct tj_arena *arena = tj_arena_new(1 << 24);
	struct tj_remote *remote = NULL;
	struct tj_record there;
	uint32_t index = 9;
	bool written;
	enum tj_rc rc;

	if (arena == NULL)
		return TJ_E_NOMEM;
	rc = tj_remote_open(&remote, &node.options, &err);
	if (rc == TJ_OK)
		rc = tj_remote_put(&written, remote, &want, TJ_REMOTE_REPLACE, &err);
	if (rc == TJ_OK)
		rc = tj_remote_put_value(&written, remote, want.handle, count_make, &index, &err);
	if (rc == TJ_OK)
		rc = tj_remote_get(&there, remote, want.handle, arena, &err);
	if (rc == TJ_OK)
		rc = tj_remote_delete(remote, want.handle, &err);
	tj_remote_close(remote);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out_at_any_moment(void **state)
{
	(void)state;
	OOM_LOOP(all_once());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_record_is_made_once_and_read_as_it_is),
		test(another_record_of_that_name_stays_unless_it_is_to_be_replaced),
		test(one_value_is_put_and_the_others_stay_even_those_nobody_reads),
		test(what_lives_elsewhere_is_not_there),
		test(who_may_not_is_told_so),
		test(memory_may_run_out_at_any_moment),
	};

	cmocka_set_test_filter(getenv("TJ_TESTS"));
	return cmocka_run_group_tests(tests, open_node, close_node);
}
