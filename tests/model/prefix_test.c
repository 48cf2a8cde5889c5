#include "model/base/limits.h"
#include "model/prefix.h"
#include "tests/support/support.h"

static void
the_levels_of_an_industrial_identifier_are_told_apart(void **state)
{
	struct tj_err err = { 0 };
	tj_prefix p;

	(void)state;
	assert_ok(tj_prefix_parse(&p, TJ_S("88.101.0042"), &err), &err);
	assert_true(p.is_idis);
	assert_int_equal(p.level, 3);
	assert_str("88", p.segments[0]);
	assert_str("101", p.segments[1]);
	assert_str("0042", p.segments[2]);
	assert_ok(tj_prefix_parse(&p, TJ_S("0.na/86.1000"), &err), &err);
	assert_str("86.1000", p.text);
	assert_int_equal(p.level, 2);
	assert_int_equal(p.segments[2].n, 0);
	assert_ok(tj_prefix_parse(&p, TJ_S("88"), &err), &err);
	assert_int_equal(p.level, 1);
}

/* Seen in CAICT's documents: see the header. */
static void
published_prefixes_are_read(void **state)
{
	static const char *const seen[] = {
		"88.608.8889", "88.101.0042", "88.709.0000", "88.1021.150", "86.709.612", "88.111.1",
		"88.100.1", "88.101", "88.1000",
	};
	tj_prefix p;

	(void)state;
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
		assert_ok(tj_prefix_parse(&p, tj_str_of(seen[i]), NULL), NULL);
		assert_true(p.is_idis);
		assert_str(seen[i], p.text);
	}
}

static void
other_prefixes_are_the_handle_systems(void **state)
{
	static const char *const others[] = {
		"10.1000", "20.500.12345", "21.T14999", "0.NA", "87.101.x", "21.14100.a.b.c",
	};
	tj_prefix p;

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_ok(tj_prefix_parse(&p, tj_str_of(others[i]), NULL), NULL);
		assert_false(p.is_idis);
	}
	assert_int_equal(p.level, 5);
}

static void
what_is_no_prefix_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "", "empty" }, { "0.NA/", "empty" }, { "88.", "offset 3" }, { ".88", "offset 0" },
		{ "88..1", "offset 3" }, { "88.101.0042.1", "offset 12" }, { "88.1x1", "offset 3" },
		{ "88.123456", "1 to 5" }, { "0.NA/88.x", "offset 8" }, { "21.a/b", "no segment" },
		{ "21.a b", "no segment" }, { "21.%41", "no segment" }, { "21.\x01", "one line" },
		{ "21.\xff", "one line" },
	};
	struct tj_err err = { 0 };
	tj_prefix p = { .level = 7 };
	char longest[160], over[TJ_MAX_IDENT_BYTES + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_rc(TJ_E_DATA, tj_prefix_parse(&p, tj_str_of(bad[i].text), &err), &err);
		assert_non_null(strstr(err.text, bad[i].says));
	}
	memset(longest, '7', sizeof(longest));
	memcpy(longest, "88.101.", 7);
	assert_ok(tj_prefix_parse(&p, (tj_str){ longest, 7 + 128 }, &err), &err);
	assert_rc(TJ_E_DATA, tj_prefix_parse(&p, (tj_str){ longest, 7 + 129 }, &err), &err);
	memset(over, 'a', sizeof(over));
	assert_rc(TJ_E_LIMIT, tj_prefix_parse(&p, (tj_str){ over, sizeof(over) - 1 }, &err), &err);
}

static void
who_is_above_and_who_below(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 16);

	(void)state;
	assert_str("88.101", tj_prefix_parent(TJ_S("88.101.0042")));
	assert_str("88", tj_prefix_parent(TJ_S("88.101")));
	assert_int_equal(tj_prefix_parent(TJ_S("88")).n, 0);
	assert_true(tj_prefix_is_below(TJ_S("88.101.0042"), TJ_S("88.101")));
	assert_true(tj_prefix_is_below(TJ_S("88.101.0042"), TJ_S("88")));
	assert_true(tj_prefix_is_below(TJ_S("21.t14999.1"), TJ_S("21.T14999")));
	assert_false(tj_prefix_is_below(TJ_S("88.101"), TJ_S("88.101")));
	assert_false(tj_prefix_is_below(TJ_S("88.1010.1"), TJ_S("88.101")));
	assert_false(tj_prefix_is_below(TJ_S("88"), TJ_S("")));
	assert_str("0.NA/88.101", tj_prefix_handle(TJ_S("88.101"), arena));
	tj_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_levels_of_an_industrial_identifier_are_told_apart),
		test(published_prefixes_are_read),
		test(other_prefixes_are_the_handle_systems),
		test(what_is_no_prefix_is_refused_with_its_place),
		test(who_is_above_and_who_below),
	};

	return RUN(tests);
}
