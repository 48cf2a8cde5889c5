#include "model/base/buf.h"
#include "tests/support/support.h"

static void
writes_stand_one_behind_the_other(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_buf buf;
	tj_str out;

	(void)state;
	tj_buf_init(&buf, 1 << 16);
	assert_str("", tj_buf_view(&buf));
	tj_buf_put(&buf, TJ_S("a\0b"));
	tj_buf_put(&buf, (tj_str){ NULL, 0 });
	tj_buf_putc(&buf, '!');
	tj_buf_fmt(&buf, "%d%s", 42, "");
	assert_true(tj_str_eq(tj_buf_view(&buf), TJ_S("a\0b!42")));
	for (int i = 0; i < 1000; i++)
		tj_buf_fmt(&buf, "%04d", i);
	assert_ok(tj_buf_done(&out, &buf, arena, NULL), NULL);
	tj_buf_fini(&buf);
	assert_int_equal(out.n, 4006);
	assert_string_equal(out.p + 6 + 3996, "0999");
	tj_arena_free(arena);
}

static void
nothing_is_written_over_the_ceiling(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_err err = { 0 };
	tj_str out = TJ_S("untouched");
	struct tj_buf buf;

	(void)state;
	tj_buf_init(&buf, 8);
	tj_buf_put(&buf, TJ_S("12345678"));
	assert_ok(tj_buf_done(&out, &buf, arena, NULL), NULL);
	assert_str("12345678", out);
	tj_buf_fini(&buf);
	tj_buf_init(&buf, 8);
	tj_buf_put(&buf, TJ_S("12"));
	tj_buf_fmt(&buf, "%d", 3456789);
	tj_buf_putc(&buf, 'x');		/* would fit, but comes behind what did not */
	assert_str("12", tj_buf_view(&buf));
	assert_rc(TJ_E_LIMIT, tj_buf_done(&out, &buf, arena, &err), &err);
	assert_str("12345678", out);
	tj_buf_fini(&buf);
	tj_arena_free(arena);
}

static enum tj_rc
write_much(void)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	enum tj_rc rc = TJ_E_NOMEM;
	struct tj_buf buf;
	tj_str out;

	tj_buf_init(&buf, 1 << 16);
	for (int i = 0; i < 1000; i++)
		tj_buf_fmt(&buf, "%d", i);
	if (arena != NULL)
		rc = tj_buf_done(&out, &buf, arena, NULL);
	tj_buf_fini(&buf);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(write_much());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(writes_stand_one_behind_the_other),
		test(nothing_is_written_over_the_ceiling),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
