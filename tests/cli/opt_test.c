#include "engine/cli/opt.h"
#include "tests/support/support.h"

static const struct tj_option options[] = {
	{ "dir", "DIR", { "", "" } },
	{ "dot", NULL, { "", "" } },
	{ NULL, NULL, { NULL, NULL } }
};

static const struct tj_command command = {
	.name = "explain", .operands = "PRODUCT [DIR]", .operand_min = 1, .operand_max = 2,
	.options = options,
};

/* `line` is cut at blanks, as a shell would. */
static enum tj_rc
parse(struct tj_args *args, const char *line, struct tj_arena *arena, struct tj_err *err)
{
	tj_str rest = tj_str_of(line), word;
	char *argv[8];
	int argc = 0;

	while (tj_str_next(&word, &rest, ' ')) {
		word = tj_str_dup(word, arena);
		if (word.p == NULL)
			return tj_fail_nomem(err);
		argv[argc++] = (char *)(uintptr_t)word.p;
	}
	return tj_args_parse(args, &command, argc, argv, arena, err);
}

static void
options_stand_before_and_behind_operands_and_take_values_both_ways(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 16);
	struct tj_args args;
	struct tj_err err;

	(void)state;
	assert_ok(parse(&args, "--dot --dir a X --dir=b=c --at 2026-10-15 Y", arena, &err), &err);
	assert_int_equal(args.operand_count, 2);
	assert_string_equal(args.operands[0], "X");
	assert_string_equal(args.operands[1], "Y");
	assert_true(tj_args_has(&args, "dot"));
	assert_false(tj_args_has(&args, "json"));
	assert_string_equal(tj_args_value(&args, "dir"), "b=c");
	assert_string_equal(tj_args_nth(&args, "dir", 0), "a");
	assert_string_equal(tj_args_nth(&args, "dir", 1), "b=c");
	assert_null(tj_args_nth(&args, "dir", 2));
	assert_string_equal(tj_args_value(&args, "at"), "2026-10-15");
	assert_null(tj_args_value(&args, "lang"));
	tj_arena_free(arena);
}

static void
two_dashes_end_the_options_and_one_dash_is_a_word(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 16);
	struct tj_args args;
	struct tj_err err;

	(void)state;
	assert_ok(parse(&args, "- -- --dot", arena, &err), &err);
	assert_string_equal(args.operands[0], "-");
	assert_string_equal(args.operands[1], "--dot");
	assert_false(tj_args_has(&args, "dot"));
	tj_arena_free(arena);
}

static void
what_cannot_be_meant_is_wrong_usage_and_says_why(void **state)
{
	static const struct {
		const char *line, *text;
	} bad[] = {
		{ "X --colour", "no option --colour; see `tanji help explain`" },
		{ "X --do", "no option --do; see `tanji help explain`" },
		{ "X --dot=yes", "--dot takes no value" },
		{ "X --dir", "--dir wants a value: --dir DIR" },
		{ "--dot", "something is missing; usage: tanji explain [options] PRODUCT [DIR]" },
		{ "X Y Z", "too many words; usage: tanji explain [options] PRODUCT [DIR]" },
	};
	struct tj_arena *arena = tj_arena_new(1 << 16);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct tj_args args = { .operand_count = 42 };
		struct tj_err err = { 0 };

		assert_rc(TJ_E_USAGE, parse(&args, bad[i].line, arena, &err), &err);
		assert_string_equal(err.text, bad[i].text);
		assert_int_equal(args.operand_count, 42);
	}
	tj_arena_free(arena);
}

static void
help_needs_no_operands(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 16);
	struct tj_args args;
	struct tj_err err;

	(void)state;
	assert_ok(parse(&args, "--help", arena, &err), &err);
	assert_true(tj_args_has(&args, "help"));
	tj_arena_free(arena);
}

static enum tj_rc
parse_and_forget(void)
{
	struct tj_arena *arena = tj_arena_new(1 << 16);
	struct tj_args args;
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : parse(&args, "X --dir a", arena, NULL);

	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(parse_and_forget());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(options_stand_before_and_behind_operands_and_take_values_both_ways),
		test(two_dashes_end_the_options_and_one_dash_is_a_word),
		test(what_cannot_be_meant_is_wrong_usage_and_says_why),
		test(help_needs_no_operands),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
