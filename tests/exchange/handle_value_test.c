#include "exchange/handle_value.h"
#include "tests/support/support.h"

static const struct tj_reference references[] = {
	{ { "88.111.1/ADMIN", 14 }, 300 }, { { "", 0 }, 0 }
};

static const struct tj_value sample = {
	.index = 7, .timestamp_s = 0x01020304, .ttl_s = 86400,
	.permissions = TJ_VALUE_PERMISSIONS, .type = { "URL", 3 }, .data = { "a\0b", 3 },
	.references = references, .reference_count = 2,
};

/* The layout's example, octet by octet. */
static const uint8_t sample_bytes[] = {
	0, 0, 0, 7, 1, 2, 3, 4, 0, 0, 1, 0x51, 0x80, 0x0e,
	0, 0, 0, 3, 'U', 'R', 'L', 0, 0, 0, 3, 'a', 0, 'b',
	0, 0, 0, 2,
	0, 0, 0, 14, '8', '8', '.', '1', '1', '1', '.', '1', '/', 'A', 'D', 'M', 'I', 'N',
	0, 0, 1, 0x2c, 0, 0, 0, 0, 0, 0, 0, 0,
};

static struct tj_arena	*arena;
static struct tj_err	 err;

static int
make_arena(void **state)
{
	(void)state;
	arena = tj_arena_new(1 << 20);
	return arena == NULL;
}

static int
drop_arena(void **state)
{
	(void)state;
	tj_arena_free(arena);
	return 0;
}

static tj_str
bytes_of(const uint8_t *bytes, size_t n)
{
	return (tj_str){ (const char *)bytes, n };
}

static tj_str
written(const struct tj_value *value)
{
	struct tj_buf buf;
	tj_str out;

	tj_buf_init(&buf, 1 << 16);
	tj_handle_value_write(&buf, value);
	assert_ok(tj_buf_done(&out, &buf, arena, &err), &err);
	tj_buf_fini(&buf);
	return out;
}

static void
a_value_is_written_octet_by_octet_as_the_layout_says(void **state)
{
	(void)state;
	assert_true(tj_str_eq(written(&sample), bytes_of(sample_bytes, sizeof(sample_bytes))));
}

static void
what_is_read_is_what_was_written(void **state)
{
	tj_str rest;
	struct tj_value got = { 0 }, absolute = sample;

	(void)state;
	absolute.ttl_is_absolute = true;
	absolute.reference_count = 0;
	rest = written(&absolute);
	assert_ok(tj_handle_value_read(&got, &rest, arena, &err), &err);
	assert_int_equal(rest.n, 0);
	assert_true(got.ttl_is_absolute);
	assert_int_equal(got.reference_count, 0);
	rest = bytes_of(sample_bytes, sizeof(sample_bytes));
	assert_ok(tj_handle_value_read(&got, &rest, arena, &err), &err);
	assert_int_equal(got.index, 7);
	assert_int_equal(got.timestamp_s, 0x01020304);
	assert_int_equal(got.ttl_s, 86400);
	assert_int_equal(got.permissions, TJ_VALUE_PERMISSIONS);
	assert_int_equal(got.data.n, 3);
	assert_int_equal(got.reference_count, 2);
	assert_str("88.111.1/ADMIN", got.references[0].handle);
	assert_int_equal(got.references[0].index, 300);
}

static void
what_stands_behind_a_value_is_left(void **state)
{
	uint8_t two[2 * sizeof(sample_bytes)];
	tj_str rest = bytes_of(two, sizeof(two));
	struct tj_value got;

	(void)state;
	memcpy(two, sample_bytes, sizeof(sample_bytes));
	memcpy(two + sizeof(sample_bytes), sample_bytes, sizeof(sample_bytes));
	assert_ok(tj_handle_value_read(&got, &rest, arena, &err), &err);
	assert_int_equal(rest.n, sizeof(sample_bytes));
	assert_ok(tj_handle_value_read(&got, &rest, arena, &err), &err);
	assert_int_equal(rest.n, 0);
}

static void
a_value_cut_off_anywhere_is_refused_and_nothing_is_taken(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(sample_bytes); n++) {
		struct tj_value got = { .index = 99 };
		tj_str rest = bytes_of(sample_bytes, n);

		assert_rc(TJ_E_DATA, tj_handle_value_read(&got, &rest, arena, &err), &err);
		assert_int_equal(rest.n, n);
		assert_int_equal(got.index, 99);
	}
}

/* Octet `at` of the sample changed to `to`. */
static enum tj_rc
read_changed(size_t at, uint8_t to)
{
	uint8_t bytes[sizeof(sample_bytes)];
	tj_str rest = bytes_of(bytes, sizeof(bytes));
	struct tj_value got;

	memcpy(bytes, sample_bytes, sizeof(bytes));
	bytes[at] = to;
	return tj_handle_value_read(&got, &rest, arena, &err);
}

static void
lengths_and_counts_beyond_the_end_are_refused(void **state)
{
	(void)state;
	assert_rc(TJ_E_DATA, read_changed(14, 0xff), &err);	/* length of the type */
	assert_rc(TJ_E_DATA, read_changed(21, 0x7f), &err);	/* of the data */
	assert_rc(TJ_E_DATA, read_changed(28, 0xff), &err);	/* references */
	assert_rc(TJ_E_DATA, read_changed(31, 3), &err);
	assert_ok(read_changed(31, 1), &err);
}

static void
a_ttl_type_or_permission_that_there_is_not_is_refused(void **state)
{
	(void)state;
	assert_rc(TJ_E_DATA, read_changed(8, 2), &err);
	assert_non_null(strstr(err.text, "ttl type 2"));
	assert_rc(TJ_E_DATA, read_changed(13, 0x1e), &err);
	assert_ok(read_changed(13, 0x0f), &err);
}

static enum tj_rc
read_once(void)
{
	struct tj_arena *own = tj_arena_new(1 << 16);
	tj_str rest = bytes_of(sample_bytes, sizeof(sample_bytes));
	struct tj_value got;
	enum tj_rc rc = own == NULL ? TJ_E_NOMEM : TJ_OK;

	if (rc == TJ_OK)
		rc = tj_handle_value_read(&got, &rest, own, &err);
	tj_arena_free(own);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(read_once());
}

#define arena_test(f)	cmocka_unit_test_setup_teardown(f, make_arena, drop_arena)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		arena_test(a_value_is_written_octet_by_octet_as_the_layout_says),
		arena_test(what_is_read_is_what_was_written),
		arena_test(what_stands_behind_a_value_is_left),
		arena_test(a_value_cut_off_anywhere_is_refused_and_nothing_is_taken),
		arena_test(lengths_and_counts_beyond_the_end_are_refused),
		arena_test(a_ttl_type_or_permission_that_there_is_not_is_refused),
		arena_test(memory_may_run_out),
	};

	return RUN(tests);
}
