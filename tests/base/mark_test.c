#include "model/base/mark.h"
#include "tests/support/support.h"

#define WORDS	4

static tj_mark
mark(const uint64_t words[WORDS])
{
	tj_mark m = { 0, 0 };

	for (size_t i = 0; i < WORDS; i++)
		m = tj_mark_word(m, words[i]);
	return m;
}

/* Words of few bits differ in few bits: the hardest to tell apart, and what doubles are like. */
static void
one_or_two_bits_anywhere_make_another_mark(void **state)
{
	const uint64_t same[WORDS] = { 0, UINT64_C(0x3ff0000000000000), 1, 0 };
	const tj_mark m = mark(same);

	(void)state;
	for (size_t i = 0; i < 64 * WORDS; i++)
		for (size_t k = i; k < 64 * WORDS; k++) {
			uint64_t other[WORDS];
			tj_mark n;

			memcpy(other, same, sizeof(other));
			other[i / 64] ^= UINT64_C(1) << i % 64;
			if (k > i)
				other[k / 64] ^= UINT64_C(1) << k % 64;
			n = mark(other);
			assert_true(n.a != m.a);
			assert_true(n.b != m.b);
		}
}

static void
texts_are_told_apart_by_bytes_and_by_length(void **state)
{
	const tj_mark none = { 0, 0 };
	const tj_mark ab_c = tj_mark_text(tj_mark_text(none, TJ_S("ab")), TJ_S("c"));
	const tj_mark a_bc = tj_mark_text(tj_mark_text(none, TJ_S("a")), TJ_S("bc"));
	const tj_str zeros = { "\0\0\0\0\0\0\0\0\0\0", 10 };

	(void)state;
	assert_false(tj_mark_eq(ab_c, a_bc));
	for (size_t n = 0; n < zeros.n; n++)
		assert_false(tj_mark_eq(tj_mark_text(none, tj_str_cut(zeros, 0, n)),
		    tj_mark_text(none, tj_str_cut(zeros, 0, n + 1))));
	assert_true(tj_mark_eq(tj_mark_text(none, TJ_S("twelve bytes")),
	    tj_mark_bytes(none, "twelve bytes", 12)));
	assert_false(tj_mark_eq(tj_mark_double(none, 0.0), tj_mark_double(none, -0.0)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(one_or_two_bits_anywhere_make_another_mark),
		test(texts_are_told_apart_by_bytes_and_by_length),
	};

	return RUN(tests);
}
