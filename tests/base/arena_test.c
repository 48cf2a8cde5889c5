#include <stdalign.h>

#include "tests/support/support.h"

static void
what_is_handed_out_is_zeroed_aligned_and_apart(void **state)
{
	struct tj_arena *arena = tj_arena_new((size_t)64 << 20);
	unsigned char *blocks[400];
	uint64_t seed = 1;
	size_t sizes[400];

	(void)state;
	for (size_t i = 0; i < 400; i++) {
		sizes[i] = 1 + tj_test_random(&seed) % (i % 10 == 0 ? 100000 : 500);
		blocks[i] = tj_arena_alloc(arena, sizes[i], 1);
		assert_non_null(blocks[i]);
		assert_int_equal((uintptr_t)blocks[i] % alignof(max_align_t), 0);
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(blocks[i][k], 0);
		memset(blocks[i], (int)(i % 255) + 1, sizes[i]);
	}
	for (size_t i = 0; i < 400; i++) {
		assert_int_equal(blocks[i][0], i % 255 + 1);
		assert_int_equal(blocks[i][sizes[i] - 1], i % 255 + 1);
	}
	tj_arena_free(arena);
}

static void
the_ceiling_and_absurd_sizes_are_refused(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);

	(void)state;
	assert_null(tj_arena_alloc(arena, SIZE_MAX, 1));
	assert_null(tj_arena_alloc(arena, SIZE_MAX / 2, 3));
	assert_null(tj_arena_alloc(arena, (1 << 20) + 1, 1));
	assert_non_null(tj_arena_alloc(arena, 900000, 1));
	assert_null(tj_arena_alloc(arena, 900000, 1));
	assert_true(tj_arena_bytes(arena) <= 1 << 20);
	assert_non_null(tj_arena_alloc(arena, 0, 8));
	assert_non_null(tj_arena_alloc(arena, 8, 0));
	tj_arena_free(arena);
	arena = tj_arena_new(SIZE_MAX);
	assert_null(tj_arena_alloc(arena, SIZE_MAX - 16, 1));
	tj_arena_free(arena);
	tj_arena_free(NULL);
}

static void
arrays_grow_and_keep_what_they_hold(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	TJ_VEC(uint32_t) list = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 10000; i++)
		assert_true(TJ_PUSH(arena, &list, i * i));
	assert_int_equal(list.n, 10000);
	for (uint32_t i = 0; i < 10000; i++)
		assert_int_equal(list.v[i], i * i);
	while (TJ_PUSH(arena, &list, 0))
		;
	assert_int_equal(list.n, list.cap);
	assert_int_equal(list.v[9999], 9999u * 9999u);
	tj_arena_free(arena);
}

static enum tj_rc
fill(void)
{
	struct tj_arena *arena = tj_arena_new((size_t)4 << 20);
	TJ_VEC(int) list = { 0 };
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;

	for (int i = 0; rc == TJ_OK && i < 50000; i++)
		if (!TJ_PUSH(arena, &list, i) || tj_arena_alloc(arena, 1, 24) == NULL)
			rc = TJ_E_NOMEM;
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(fill());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_is_handed_out_is_zeroed_aligned_and_apart),
		test(the_ceiling_and_absurd_sizes_are_refused),
		test(arrays_grow_and_keep_what_they_hold),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
