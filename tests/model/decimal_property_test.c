#include <math.h>
#include <stdio.h>

#include "model/decimal.h"
#include "tests/support/support.h"

#define ROUNDS	20000

/* Up to `digits` digits, exponent of -20 to 20, either sign. */
static tj_dec
any_dec(uint64_t *seed, unsigned digits)
{
	const unsigned n = 1 + (unsigned)(tj_test_random(seed) % digits);
	tj_dec d = { 0, (int32_t)(tj_test_random(seed) % 41) - 20 };

	for (unsigned i = 0; i < n; i++)
		d.coef = d.coef * 10 + (int)(tj_test_random(seed) % 10);
	if (tj_test_random(seed) % 2 != 0)
		d.coef = -d.coef;
	return d;
}

/* Spread over many orders of magnitude, with zeros and whole numbers among them. */
static double
any_double(uint64_t *seed)
{
	const double sign = tj_test_random(seed) % 2 != 0 ? -1 : 1;
	const int exp = (int)(tj_test_random(seed) % 90) - 60;

	switch (tj_test_random(seed) % 8) {
	case 0:
		return 0;
	case 1:
		return sign * (double)(tj_test_random(seed) % 1000);
	case 2:
		return sign * (double)(tj_test_random(seed) % 4096) / 64;
	default:
		return sign * ldexp(tj_test_uniform(seed), exp);
	}
}

static void
text_reads_back_as_the_same_number(void **state)
{
	uint64_t seed = 1;
	char text[TJ_DEC_TEXT], again[TJ_DEC_TEXT];

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		const tj_dec a = any_dec(&seed, TJ_DEC_DIGITS);
		tj_dec b;

		assert_ok(tj_dec_parse(&b, tj_str_of(tj_dec_text(text, a)), NULL), NULL);
		assert_int_equal(tj_dec_cmp(a, b), 0);
		assert_string_equal(tj_dec_text(again, b), text);
	}
}

static void
subtraction_undoes_addition(void **state)
{
	uint64_t seed = 2;
	int done = 0;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		const tj_dec a = any_dec(&seed, 16), b = any_dec(&seed, 16);
		tj_dec sum, back, other;

		if (tj_dec_add(&sum, a, b, NULL) != TJ_OK)
			continue;
		done++;
		assert_ok(tj_dec_sub(&back, sum, b, NULL), NULL);
		assert_int_equal(tj_dec_cmp(back, a), 0);
		assert_ok(tj_dec_add(&other, b, a, NULL), NULL);
		assert_int_equal(tj_dec_cmp(other, sum), 0);
		assert_int_equal(tj_dec_cmp(sum, a), tj_dec_sign(b));
	}
	assert_true(done > ROUNDS / 2);
}

static void
division_undoes_multiplication(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		const tj_dec a = any_dec(&seed, 17), b = any_dec(&seed, 17);
		tj_dec product, back;

		assert_ok(tj_dec_mul(&product, a, b, NULL), NULL);
		assert_int_equal(tj_dec_sign(product), tj_dec_sign(a) * tj_dec_sign(b));
		if (tj_dec_sign(b) == 0)
			continue;
		assert_ok(tj_dec_div_exact(&back, product, b, NULL), NULL);
		assert_int_equal(tj_dec_cmp(back, a), 0);
	}
}

/* q <= a / b < q + 1 unit, with q rounded toward minus infinity. */
static void
quotients_lie_within_one_unit(void **state)
{
	uint64_t seed = 4;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		const int scale = (int)(tj_test_random(&seed) % 8);
		tj_dec a = any_dec(&seed, 9), b = any_dec(&seed, 9), q, low, high;

		a.exp %= 5;
		b.exp %= 5;
		if (b.coef == 0)
			continue;
		if (b.coef < 0)
			b.coef = -b.coef;
		assert_ok(tj_dec_div(&q, a, b, scale, TJ_ROUND_FLOOR, NULL), NULL);
		assert_int_equal(q.exp, -scale);
		assert_ok(tj_dec_mul(&low, q, b, NULL), NULL);
		q.coef++;
		assert_ok(tj_dec_mul(&high, q, b, NULL), NULL);
		assert_true(tj_dec_cmp(low, a) <= 0 && tj_dec_cmp(a, high) < 0);
	}
}

/* The C library's conversions are exact too, and come by another way. */
static void
doubles_agree_with_the_c_library(void **state)
{
	uint64_t seed = 5;
	char text[TJ_DEC_TEXT], want[512];

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		const double x = any_double(&seed);
		const int scale = (int)(tj_test_random(&seed) % 23);
		const tj_dec a = any_dec(&seed, TJ_DEC_DIGITS);
		tj_dec d;

		assert_true(tj_dec_double(a) == strtod(tj_dec_text(text, a), NULL));
		(void)snprintf(want, sizeof(want), "%.*f", scale, x);
		if (tj_dec_of_double(&d, x, scale, NULL) != TJ_OK)
			continue;
		if (tj_dec_sign(d) == 0 && want[0] == '-')
			memmove(want, want + 1, strlen(want));
		assert_string_equal(tj_dec_text(text, d), want);
	}
}

/* out[n] adds up to total. */
static void
assert_adds_up(const tj_dec *out, size_t n, tj_dec total)
{
	tj_dec sum = TJ_DEC_ZERO;

	for (size_t i = 0; i < n; i++)
		assert_ok(tj_dec_add(&sum, sum, out[i], NULL), NULL);
	assert_int_equal(tj_dec_cmp(sum, total), 0);
}

static void
parts_add_up_and_stay_near(void **state)
{
	uint64_t seed = 6;
	double parts[40];
	tj_dec out[40], total, low, high, unit;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		const size_t n = tj_test_random(&seed) % 41;
		const int scale = (int)(tj_test_random(&seed) % 12);

		for (size_t k = 0; k < n; k++)
			parts[k] = any_double(&seed);
		assert_ok(tj_dec_apportion(out, &total, parts, n, scale, NULL), NULL);
		assert_adds_up(out, n, total);
		unit = (tj_dec){ 1, -scale };
		for (size_t k = 0; k < n; k++) {
			assert_ok(tj_dec_of_double(&low, parts[k], scale, NULL), NULL);
			assert_ok(tj_dec_add(&high, low, unit, NULL), NULL);
			assert_ok(tj_dec_sub(&low, low, unit, NULL), NULL);
			assert_true(tj_dec_cmp(low, out[k]) <= 0);
			assert_true(tj_dec_cmp(out[k], high) <= 0);
			assert_true(parts[k] != 0 || tj_dec_sign(out[k]) == 0);
		}
	}
}

static void
parts_add_up_to_any_total_given(void **state)
{
	uint64_t seed = 7;
	double parts[40];
	tj_dec out[40];

	(void)state;
	for (int i = 0; i < 5000; i++) {
		const size_t n = 1 + tj_test_random(&seed) % 40;
		const int scale = (int)(tj_test_random(&seed) % 12);
		const tj_dec total = { (tj_int128)(tj_test_random(&seed) % 2000001) -
		    1000000, -scale };

		for (size_t k = 0; k < n; k++)
			parts[k] = any_double(&seed);
		assert_ok(tj_dec_apportion_to(out, total, parts, n, scale, NULL), NULL);
		assert_adds_up(out, n, total);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(text_reads_back_as_the_same_number),
		test(subtraction_undoes_addition),
		test(division_undoes_multiplication),
		test(quotients_lie_within_one_unit),
		test(doubles_agree_with_the_c_library),
		test(parts_add_up_and_stay_near),
		test(parts_add_up_to_any_total_given),
	};

	return RUN(tests);
}
