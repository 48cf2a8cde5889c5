#include "exchange/sig_der.h"
#include "tests/support/support.h"

static void
what_is_written_is_read_again(void **state)
{
	uint64_t random = 7;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		uint8_t raw[TJ_SIGNATURE_BYTES], der[TJ_SIG_DER_BYTES], back[TJ_SIGNATURE_BYTES];
		size_t n;

		for (size_t i = 0; i < sizeof(raw); i++)
			raw[i] = (uint8_t)(tj_test_random(&random) >> 20);
		memset(raw, 0, (size_t)round % 33);	/* short r */
		memset(raw + 32, 0, (size_t)round / 33 % 33);
		n = tj_sig_to_der(der, raw);
		assert_in_range(n, 8, TJ_SIG_DER_BYTES);
		assert_true(tj_sig_of_der(back, der, n));
		assert_memory_equal(raw, back, sizeof(raw));
		assert_false(tj_sig_of_der(back, der, n - 1));
	}
}

static void
any_other_form_is_refused(void **state)
{
	static const struct {
		size_t	n;
		uint8_t	der[16];
	} bad[] = {
		{ 0, { 0 } }, { 1, { 0x30 } }, { 2, { 0x30, 0 } },
		{ 8, { 0x31, 6, 2, 1, 1, 2, 1, 1 } },		/* no sequence */
		{ 8, { 0x30, 7, 2, 1, 1, 2, 1, 1 } },		/* of another length */
		{ 9, { 0x30, 6, 2, 1, 1, 2, 1, 1, 0 } },	/* something behind it */
		{ 9, { 0x30, 0x81, 6, 2, 1, 1, 2, 1, 1 } },	/* a length in two bytes */
		{ 9, { 0x30, 7, 2, 2, 0, 1, 2, 1, 1 } },	/* a zero too many */
		{ 8, { 0x30, 6, 2, 1, 0x81, 2, 1, 1 } },	/* below zero */
		{ 8, { 0x30, 6, 3, 1, 1, 2, 1, 1 } },		/* no integer */
		{ 7, { 0x30, 5, 2, 0, 2, 1, 1 } },		/* an empty one */
		{ 8, { 0x30, 0x80, 2, 1, 1, 2, 1, 1 } },	/* BER's open length */
		{ 5, { 0x30, 3, 2, 1, 1 } },			/* only one */
	};
	uint8_t raw[TJ_SIGNATURE_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(tj_sig_of_der(raw, bad[i].der, bad[i].n));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_is_written_is_read_again),
		test(any_other_form_is_refused),
	};

	return RUN(tests);
}
