#include "model/base/set.h"
#include "tests/support/support.h"

#define NUMBERS	300000u		/* four levels */

static void
numbers_come_back_in_order(void **state)
{
	struct tj_set set;
	uint64_t seed = 3;

	(void)state;
	assert_ok(tj_set_init(&set, NUMBERS, NULL), NULL);
	assert_int_equal(tj_set_take_first(&set), TJ_NONE);
	assert_int_equal(tj_set_take_last(&set), TJ_NONE);
	tj_set_add(&set, NUMBERS - 1);
	tj_set_add(&set, 0);
	tj_set_add(&set, 64);
	tj_set_add(&set, 64);
	assert_int_equal(tj_set_take_last(&set), NUMBERS - 1);
	assert_int_equal(tj_set_take_first(&set), 0);
	assert_int_equal(tj_set_take_first(&set), 64);
	assert_int_equal(tj_set_take_last(&set), TJ_NONE);
	for (int round = 0; round < 20; round++) {
		uint32_t before = NUMBERS, number;

		for (int i = 0; i < 1000; i++)
			tj_set_add(&set,
			    (uint32_t)(tj_test_uniform(&seed) * (NUMBERS - 1)));
		while ((number = tj_set_take_last(&set)) != TJ_NONE) {
			assert_true(number < before);
			before = number;
		}
	}
	tj_set_fini(&set);
}

static void
what_is_removed_is_gone(void **state)
{
	struct tj_set set;

	(void)state;
	assert_ok(tj_set_init(&set, NUMBERS, NULL), NULL);
	for (uint32_t i = 0; i < NUMBERS; i++)
		tj_set_add(&set, i);
	for (uint32_t i = 0; i < NUMBERS; i++)
		if (i % 1000 != 7)
			tj_set_remove(&set, i);
	for (uint32_t i = 7; i < NUMBERS; i += 1000)
		assert_int_equal(tj_set_take_first(&set), i);
	assert_int_equal(tj_set_take_first(&set), TJ_NONE);
	tj_set_remove(&set, 5);		/* is not there */
	assert_int_equal(tj_set_take_last(&set), TJ_NONE);
	tj_set_fini(&set);
}

static void
sets_of_any_size(void **state)
{
	static const uint32_t sizes[] = { 0, 1, 63, 64, 65, 4096, 4097, 262144, 262145 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct tj_set set;

		assert_ok(tj_set_init(&set, sizes[i], NULL), NULL);
		if (sizes[i] > 0) {
			tj_set_add(&set, sizes[i] - 1);
			assert_int_equal(tj_set_take_first(&set), sizes[i] - 1);
		}
		assert_int_equal(tj_set_take_first(&set), TJ_NONE);
		tj_set_fini(&set);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(numbers_come_back_in_order),
		test(what_is_removed_is_gone),
		test(sets_of_any_size),
	};

	return RUN(tests);
}
