#include <math.h>

#include "model/decimal.h"
#include "tests/support/support.h"

static void
assert_units(const tj_dec *out, const int *want, size_t n, int scale)
{
	for (size_t i = 0; i < n; i++) {
		assert_int_equal((int)out[i].coef, want[i]);
		assert_int_equal(out[i].exp, -scale);
	}
}

/* Ten seats for 100000 votes, the usual example of Hare's quota. */
static void
seats_go_to_the_largest_remainders(void **state)
{
	static const double quotas[] = { 4.7, 1.6, 1.59, 1.2, 0.6, 0.31 };
	static const int seats[] = { 5, 2, 1, 1, 1, 0 };
	tj_dec out[6], total;

	(void)state;
	assert_ok(tj_dec_apportion(out, &total, quotas, 6, 0, NULL), NULL);
	assert_units(out, seats, 6, 0);
	assert_int_equal(tj_dec_cmp(total, tj_dec_int(10)), 0);
}

static void
ties_go_to_the_first(void **state)
{
	static const double thirds[] = { 1 / 3.0, 1 / 3.0, 1 / 3.0, 0 };
	static const int want[] = { 34, 33, 33, 0 };
	tj_dec out[4], total;

	(void)state;
	assert_ok(tj_dec_apportion(out, &total, thirds, 4, 2, NULL), NULL);
	assert_units(out, want, 4, 2);
	assert_int_equal(tj_dec_cmp(total, tj_dec_int(1)), 0);
}

static void
credits_are_parts_too(void **state)
{
	static const double parts[] = { 2.345, -0.678, -0.0004, 0 };
	static const int want[] = { 235, -68, 0, 0 };
	tj_dec out[4], total;

	(void)state;
	assert_ok(tj_dec_apportion(out, &total, parts, 4, 2, NULL), NULL);
	assert_int_equal((int)total.coef, 167);
	assert_units(out, want, 4, 2);
}

static void
a_small_part_beside_a_huge_one_is_kept(void **state)
{
	static const double parts[] = { 1e20, 0.75, -1e20, 0.5 };
	tj_dec out[4], total;

	(void)state;
	assert_ok(tj_dec_apportion(out, &total, parts, 4, 2, NULL), NULL);
	assert_int_equal((int)total.coef, 125);
	assert_int_equal((int)out[1].coef, 75);
	assert_int_equal((int)out[3].coef, 50);
}

static void
a_total_that_is_given_is_met(void **state)
{
	static const double parts[] = { 1.004, 0, 2.004, 3.004 };
	static const int nearly[] = { 101, 0, 200, 300 };
	static const int far[] = { 1101, 0, 1201, 1300 };
	const tj_dec one_more = { 601, -2 }, many_more = { 3602, -2 };
	tj_dec out[4];

	(void)state;
	assert_ok(tj_dec_apportion_to(out, one_more, parts, 4, 2, NULL), NULL);
	assert_units(out, nearly, 4, 2);
	assert_ok(tj_dec_apportion_to(out, many_more, parts, 4, 2, NULL), NULL);
	assert_units(out, far, 4, 2);
}

static void
what_cannot_be_met_is_refused(void **state)
{
	static const double one = 1, bad[] = { 1, (double)NAN }, zeros[] = { 0, 0, 0 };
	static const int want[] = { 1, 1, 0 };
	tj_dec out[3] = { { 42, 0 }, { 42, 0 } }, total = { 42, 0 };

	(void)state;
	assert_rc(TJ_E_RANGE, tj_dec_apportion(out, &total, bad, 2, 2, NULL), NULL);
	assert_rc(TJ_E_RANGE, tj_dec_apportion_to(out, tj_dec_int(1), NULL, 0, 2, NULL),
	    NULL);
	assert_rc(TJ_E_RANGE, tj_dec_apportion_to(out, (tj_dec){ 1, -3 }, &one, 1, 2, NULL),
	    NULL);
	assert_int_equal((int)out[0].coef, 42);
	assert_int_equal((int)total.coef, 42);
	assert_ok(tj_dec_apportion(out, &total, NULL, 0, 2, NULL), NULL);
	assert_int_equal(tj_dec_sign(total), 0);
	assert_ok(tj_dec_apportion_to(out, tj_dec_int(2), zeros, 3, 0, NULL), NULL);
	assert_units(out, want, 3, 0);
}

static void
memory_may_run_out(void **state)
{
	static const double parts[] = { 1, 2, 3 };
	tj_dec out[3];

	(void)state;
	OOM_LOOP(tj_dec_apportion(out, NULL, parts, 3, 2, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(seats_go_to_the_largest_remainders),
		test(ties_go_to_the_first),
		test(credits_are_parts_too),
		test(a_small_part_beside_a_huge_one_is_kept),
		test(a_total_that_is_given_is_met),
		test(what_cannot_be_met_is_refused),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
