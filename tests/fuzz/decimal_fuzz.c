#include <stdlib.h>

#include "model/decimal.h"

/* What reads must write as text that reads back as the same number. */
static void
check(tj_dec d)
{
	char text[TJ_DEC_TEXT];
	tj_dec again;

	if (tj_dec_parse(&again, tj_str_of(tj_dec_text(text, d)), NULL) != TJ_OK ||
	    tj_dec_cmp(d, again) != 0)
		abort();
	(void)tj_dec_double(d);
	for (int mode = TJ_ROUND_HALF_EVEN; mode <= TJ_ROUND_CEILING; mode++)
		if (tj_dec_round(&again, d, 3, (enum tj_round)mode, NULL) == TJ_OK &&
		    again.exp != -3)
			abort();
}

/* Of two numbers: what is exact must be undone exactly. */
static void
check_pair(tj_dec a, tj_dec b)
{
	tj_dec c, back;

	if (tj_dec_add(&c, a, b, NULL) == TJ_OK &&
	    tj_dec_sub(&back, c, b, NULL) == TJ_OK && tj_dec_cmp(back, a) != 0)
		abort();
	if (tj_dec_mul(&c, a, b, NULL) == TJ_OK &&
	    tj_dec_div_exact(&back, c, b, NULL) == TJ_OK && tj_dec_cmp(back, a) != 0)
		abort();
	if (tj_dec_div(&c, a, b, 6, TJ_ROUND_HALF_EVEN, NULL) == TJ_OK && c.exp != -6)
		abort();
}

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const tj_number_style styles[] = {
		{ '.', 0, false }, { ',', '.', true }, { '.', '\'', true },
		{ ',', ' ', false },
	};
	tj_str rest = { (const char *)data, n }, part;
	tj_dec last = TJ_DEC_ZERO, d;

	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++)
		if (tj_dec_parse_as(&d, rest, styles[i], NULL) == TJ_OK)
			check(d);
	while (tj_str_next(&part, &rest, '\n'))
		if (tj_dec_parse(&d, part, NULL) == TJ_OK) {
			check_pair(last, d);
			last = d;
		}
	return 0;
}
