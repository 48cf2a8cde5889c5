#include "model/base/sum.h"
#include "tests/support/support.h"

static void
what_rounding_takes_is_kept(void **state)
{
	struct tj_sum sum = { 0, 0 };

	(void)state;
	tj_sum_add(&sum, 1);
	tj_sum_add(&sum, 1e100);
	tj_sum_add(&sum, 1);
	tj_sum_add(&sum, -1e100);
	assert_true(tj_sum_of(&sum) == 2);	/* Neumaier's own example; plainly it is 0 */
}

static void
halves_may_lie_apart(void **state)
{
	struct tj_sum together = { 0, 0 };
	double sum = 0, rest = 0;

	(void)state;
	for (int i = 1; i <= 1000; i++) {
		tj_sum_add(&together, 1.0 / i);
		tj_sum_step(&sum, &rest, 1.0 / i);
	}
	assert_memory_equal(&sum, &together.sum, sizeof(sum));
	assert_memory_equal(&rest, &together.rest, sizeof(rest));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_rounding_takes_is_kept),
		test(halves_may_lie_apart),
	};

	return RUN(tests);
}
