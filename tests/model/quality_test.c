#include "model/quality.h"
#include "tests/support/support.h"

static void
ratings_name_their_scale(void **state)
{
	tj_dqr dqr;

	(void)state;
	assert_ok(tj_dqr_parse(&dqr, TJ_S("pact3:2/1/3.5"), NULL), NULL);
	assert_int_equal(dqr.scale, TJ_DQR_PACT3);
	assert_true(dqr.technology == 2 && dqr.time == 1 && dqr.geography == 3.5);
	assert_string_equal(tj_dqr_scale_name(dqr.scale), "pact3");
	assert_ok(tj_dqr_parse(&dqr, TJ_S(" "), NULL), NULL);
	assert_int_equal(dqr.scale, TJ_DQR_NONE);
	assert_string_equal(tj_dqr_scale_name(dqr.scale), "");
}

static void
other_scales_and_other_shapes_are_refused(void **state)
{
	static const char *const cases[] = {
		"2/1/3", "pact2:2/1/3", "pact3:", "pact3:2", "pact3:2/1", "pact3:2/1/",
		"pact3:2/1/3/1", "pact3:0.9/1/3", "pact3:1/5.1/1", "pact3:1/2/x", "pact3",
	};
	struct tj_err err = { 0 };
	tj_dqr dqr = { .time = 4 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_rc(TJ_E_DATA, tj_dqr_parse(&dqr, tj_str_of(cases[i]), &err), &err);
	assert_true(dqr.time == 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(ratings_name_their_scale),
		test(other_scales_and_other_shapes_are_refused),
	};

	return RUN(tests);
}
