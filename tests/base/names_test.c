#include "model/base/names.h"
#include "tests/support/support.h"

static void
numbers_are_given_in_order(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_names names;

	(void)state;
	tj_names_init(&names, arena);
	assert_int_equal(tj_names_find(&names, TJ_S("a")), TJ_NONE);
	assert_int_equal(tj_names_add(&names, TJ_S("a")), 0);
	assert_int_equal(tj_names_add(&names, TJ_S("")), 1);
	assert_int_equal(tj_names_add(&names, TJ_S("a")), 0);
	assert_int_equal(tj_names_find(&names, TJ_S("")), 1);
	for (int i = 0; i < 5000; i++)
		assert_int_equal(tj_names_add(&names, tj_str_fmt(arena, "n%d", i)),
		    i + 2);
	assert_int_equal(tj_names_find(&names, TJ_S("n4321")), 4323);
	assert_int_equal(tj_names_find(&names, TJ_S("n5000")), TJ_NONE);
	tj_arena_free(arena);
}

static void
the_last_names_can_be_forgotten(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	tj_name known[2] = { tj_name_of(TJ_S("n7")), tj_name_of(TJ_S("n99")) };
	struct tj_names names;
	uint32_t likely[2];

	(void)state;
	tj_names_init(&names, arena);
	tj_names_truncate(&names, 0);
	tj_names_prefetch(likely, &names, known, 2);
	assert_int_equal(likely[0], TJ_NONE);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(tj_names_add(&names, tj_str_fmt(arena, "n%d", i)), i);
	tj_names_prefetch(likely, &names, known, 2);
	assert_int_equal(likely[0], 7);
	assert_int_equal(likely[1], 99);
	tj_names_truncate(&names, 50);
	assert_int_equal(tj_names_find(&names, TJ_S("n49")), 49);
	assert_int_equal(tj_names_find(&names, TJ_S("n50")), TJ_NONE);
	assert_int_equal(tj_names_find_name(&names, known[1]), TJ_NONE);
	assert_int_equal(tj_names_find_name(&names, known[0]), 7);
	assert_int_equal(tj_names_add(&names, known[1].text), 50);
	assert_int_equal(tj_names_find_name(&names, known[1]), 50);
	tj_arena_free(arena);
}

static enum tj_rc
add_many(void)
{
	struct tj_arena *arena = tj_arena_new(1 << 24);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_names names;

	if (rc == TJ_OK)
		tj_names_init(&names, arena);
	for (int i = 0; rc == TJ_OK && i < 3000; i++) {
		const tj_str name = tj_str_fmt(arena, "%d", i);

		if (name.p == NULL || tj_names_add(&names, name) == TJ_NONE)
			rc = TJ_E_NOMEM;
	}
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(add_many());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(numbers_are_given_in_order),
		test(the_last_names_can_be_forgotten),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
