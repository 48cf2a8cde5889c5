#include "model/base/str.h"
#include "tests/support/support.h"

#define SKULL	"\xf0\x9f\x92\x80"

static void
views_compare_by_bytes(void **state)
{
	(void)state;
	assert_true(tj_str_eq(TJ_S("a\0b"), TJ_S("a\0b")));
	assert_false(tj_str_eq(TJ_S("a\0b"), TJ_S("a\0c")));
	assert_true(tj_str_eq((tj_str){ NULL, 0 }, TJ_S("")));
	assert_true(tj_str_eq_nocase(TJ_S("Kg碳"), TJ_S("kG碳")));
	assert_false(tj_str_eq_nocase(TJ_S("Ä"), TJ_S("ä")));
	assert_false(tj_str_eq_nocase(TJ_S("a"), TJ_S("ab")));
	assert_true(tj_str_cmp(TJ_S("a"), TJ_S("b")) < 0);
	assert_true(tj_str_cmp(TJ_S("ab"), TJ_S("a")) > 0);
	assert_true(tj_str_cmp(TJ_S("\x7f"), TJ_S("\x80")) < 0);
	assert_int_equal(tj_str_cmp((tj_str){ NULL, 0 }, TJ_S("")), 0);
	assert_true(tj_str_starts(TJ_S("abc"), TJ_S("")));
	assert_true(tj_str_starts(TJ_S("abc"), TJ_S("abc")));
	assert_false(tj_str_starts(TJ_S("ab"), TJ_S("abc")));
}

static void
hashes_agree_with_equality(void **state)
{
	(void)state;
	assert_true(tj_str_hash(TJ_S("kg")) == tj_str_hash(TJ_S("kg")));
	assert_true(tj_str_hash(TJ_S("kg")) != tj_str_hash(TJ_S("KG")));
	assert_true(tj_str_hash_nocase(TJ_S("kg")) == tj_str_hash_nocase(TJ_S("KG")));
	assert_true(tj_str_hash((tj_str){ NULL, 0 }) == tj_str_hash(TJ_S("")));
}

static void
blanks_are_trimmed_at_both_ends(void **state)
{
	(void)state;
	assert_str("a b", tj_str_trim(TJ_S(" \t\r\na b\v\f ")));
	assert_str("a", tj_str_trim(TJ_S("\xc2\xa0\xe3\x80\x80" "a \xe3\x80\x80\xc2\xa0")));
	assert_str("", tj_str_trim(TJ_S(" \xe3\x80\x80 ")));
	assert_str("", tj_str_trim((tj_str){ NULL, 0 }));
	assert_str("碳", tj_str_trim(TJ_S("碳")));
	assert_str("\x80", tj_str_trim(TJ_S("\x80")));
	assert_str("\xa0", tj_str_trim(TJ_S("\xa0 ")));
}

static void
cuts_are_clipped_to_what_is_there(void **state)
{
	(void)state;
	assert_str("bc", tj_str_cut(TJ_S("abcd"), 1, 2));
	assert_str("cd", tj_str_cut(TJ_S("abcd"), 2, SIZE_MAX));
	assert_str("", tj_str_cut(TJ_S("abcd"), 9, 9));
	assert_str("", tj_str_cut((tj_str){ NULL, 0 }, 1, 1));
	assert_int_equal(tj_str_find(TJ_S("abcd"), 'c'), 2);
	assert_int_equal(tj_str_find(TJ_S("abcd"), 'x'), 4);
	assert_int_equal(tj_str_find((tj_str){ NULL, 0 }, 'x'), 0);
}

static void
parts_are_as_many_as_separators_and_one(void **state)
{
	tj_str rest = TJ_S("a,,b,"), part;

	(void)state;
	assert_true(tj_str_next(&part, &rest, ','));
	assert_str("a", part);
	assert_true(tj_str_next(&part, &rest, ','));
	assert_str("", part);
	assert_true(tj_str_next(&part, &rest, ','));
	assert_str("b", part);
	assert_true(tj_str_next(&part, &rest, ','));
	assert_str("", part);
	assert_false(tj_str_next(&part, &rest, ','));
	rest = TJ_S("");
	assert_true(tj_str_next(&part, &rest, ','));
	assert_false(tj_str_next(&part, &rest, ','));
}

/* Ill-formed sequences after RFC 3629 and table 3-7 of the Unicode standard. */
static void
only_well_formed_utf8_passes(void **state)
{
	static const char *const good[] = {
		"", "abc", "碳迹", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
		"\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", SKULL,
	};
	static const char *const bad[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x61", "\xe0\x9f\xbf",
		"\xe2\x82", "\xe2\x82\x61", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf",
		"\xf0\x9f\x92", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe", "\xff",
		"\xf8\x88\x80\x80\x80", "a\xc3",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(tj_str_is_utf8(tj_str_of(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(tj_str_is_utf8(tj_str_of(bad[i])));
	assert_false(tj_str_is_utf8((tj_str){ "a\0b", 3 }));
}

static void
control_characters_are_found(void **state)
{
	(void)state;
	assert_int_equal(tj_str_control(TJ_S("碳 é\xc2\xa0~")), 9);
	assert_int_equal(tj_str_control(TJ_S("ab\n")), 2);
	assert_int_equal(tj_str_control(TJ_S("a\x7f")), 1);
	assert_int_equal(tj_str_control(TJ_S("a\xc2\x9b")), 1);
	assert_int_equal(tj_str_control((tj_str){ NULL, 0 }), 0);
	for (size_t at = 0; at < 20; at++)
		for (unsigned c = 0; c < 256; c++) {
			char text[] = "20 plain characters~";

			text[at] = (char)c;
			assert_int_equal(tj_str_control((tj_str){ text, 20 }),
			    c < 0x20 || c == 0x7f || (c == 0xc2 && at < 19) ? at : 20);
			assert_int_equal(tj_str_is_utf8((tj_str){ text, 20 }),
			    c > 0 && c < 0x80);
		}
}

static void
copies_end_in_nul(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	tj_str copy;

	(void)state;
	copy = tj_str_dup(tj_str_cut(TJ_S("abcd"), 1, 2), arena);
	assert_string_equal(copy.p, "bc");
	copy = tj_str_dup((tj_str){ NULL, 0 }, arena);
	assert_string_equal(copy.p, "");
	copy = tj_str_fmt(arena, "%s %d", "碳", 6);
	assert_int_equal(copy.n, 5);
	assert_string_equal(copy.p, "碳 6");
	copy = tj_str_fmt(arena, "%070000d", 6);
	copy = tj_str_fmt(arena, "%.*s/", TJ_FMT(copy));
	assert_int_equal(copy.n, 70001);
	copy = tj_str_upper(TJ_S("azAZ09é"), arena);
	assert_string_equal(copy.p, "AZAZ09é");
	tj_arena_free(arena);
}

static enum tj_rc
copy_all(void)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	enum tj_rc rc = TJ_OK;

	if (arena == NULL || tj_str_dup(TJ_S("a"), arena).p == NULL ||
	    tj_str_fmt(arena, "%070000d", 1).p == NULL ||
	    tj_str_upper(tj_str_fmt(arena, "%070000d", 1), arena).p == NULL)
		rc = TJ_E_NOMEM;
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(copy_all());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(views_compare_by_bytes),
		test(hashes_agree_with_equality),
		test(blanks_are_trimmed_at_both_ends),
		test(cuts_are_clipped_to_what_is_there),
		test(parts_are_as_many_as_separators_and_one),
		test(only_well_formed_utf8_passes),
		test(control_characters_are_found),
		test(copies_end_in_nul),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
