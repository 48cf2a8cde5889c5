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
a_reset_arena_is_as_new(void **state)
{
	struct tj_arena *arena = tj_arena_new((size_t)1 << 20);

	(void)state;
	tj_arena_reset(arena);
	for (int round = 0; round < 100; round++) {
		for (size_t i = 1; i < 60; i++) {
			unsigned char *block = tj_arena_alloc(arena, 300 * i, 1);

			assert_non_null(block);
			for (size_t k = 0; k < 300 * i; k++)
				assert_int_equal(block[k], 0);
			memset(block, 7, 300 * i);
		}
		tj_arena_reset(arena);
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

static void
room_is_made_without_leaving_anything(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	TJ_VEC(uint32_t) list = { 0 }, absurd = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 100000; i++) {
		assert_true(TJ_RESERVE(arena, &list, 1 + i % 7));
		assert_true(TJ_PUSH(arena, &list, i));
		if (i % 10000 == 0)	/* something else comes to lie before it */
			assert_non_null(tj_arena_alloc(arena, 20000, 1));
	}
	for (uint32_t i = 0; i < 100000; i++)
		assert_int_equal(list.v[i], i);
	assert_true(tj_arena_bytes(arena) < 900000);
	assert_false(TJ_RESERVE(arena, &list, 1 << 20));
	assert_false(TJ_RESERVE(arena, &absurd, SIZE_MAX));
	assert_false(TJ_RESERVE(arena, &absurd, SIZE_MAX / 4));
	assert_int_equal(list.v[99999], 99999);
	tj_arena_free(arena);
}

static void
what_is_adopted_lives_on(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 17), *child = tj_arena_new(1 << 20);
	char *small = tj_arena_alloc(child, 10, 1), *large = tj_arena_alloc(child, 500000, 1);

	(void)state;
	assert_non_null(tj_arena_alloc(arena, 10, 1));
	tj_arena_adopt(arena, child);
	tj_arena_adopt(arena, NULL);
	assert_int_equal(tj_arena_bytes(child), 0);
	tj_arena_free(child);
	small[9] = large[499999] = 'x';
	assert_true(tj_arena_bytes(arena) > 500000);
	assert_null(tj_arena_alloc(arena, 100000, 1));	/* over the ceiling by now */
	assert_non_null(tj_arena_alloc(arena, 10, 1));
	tj_arena_free(arena);
}

static enum tj_rc
fill(void)
{
	struct tj_arena *arena = tj_arena_new((size_t)4 << 20);
	TJ_VEC(int) list = { 0 };
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;

	for (int i = 0; rc == TJ_OK && i < 50000; i++)
		if (!TJ_RESERVE(arena, &list, 2) || !TJ_PUSH(arena, &list, i) ||
		    tj_arena_alloc(arena, 1, 24) == NULL)
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
		test(a_reset_arena_is_as_new),
		test(the_ceiling_and_absurd_sizes_are_refused),
		test(arrays_grow_and_keep_what_they_hold),
		test(room_is_made_without_leaving_anything),
		test(what_is_adopted_lives_on),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
