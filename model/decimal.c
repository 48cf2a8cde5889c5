#include "model/decimal_digits.h"

tj_int128
tj_dec_pow10(int n)
{
	tj_int128 p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

tj_int128
tj_dec_magnitude(tj_int128 coef)
{
	return coef < 0 ? -coef : coef;
}

static int
digit_count(tj_int128 magnitude)
{
	int n = 0;

	for (; magnitude > 0; magnitude /= 10)
		n++;
	return n;
}

bool
tj_dec_fit(tj_dec *out, tj_int128 coef, int64_t exp)
{
	if (coef == 0)
		exp = exp < -TJ_DEC_EXP ? -TJ_DEC_EXP : exp > TJ_DEC_EXP ? TJ_DEC_EXP : exp;
	for (; tj_dec_magnitude(coef) >= TJ_DEC_LIMIT || exp < -TJ_DEC_EXP; exp++) {
		if (coef % 10 != 0)
			return false;
		coef /= 10;
	}
	for (; exp > TJ_DEC_EXP; exp--) {
		if (tj_dec_magnitude(coef) >= TJ_DEC_LIMIT / 10)
			return false;
		coef *= 10;
	}
	*out = (tj_dec){ coef, (int32_t)exp };
	return true;
}

tj_dec
tj_dec_int(int64_t n)
{
	return (tj_dec){ n, 0 };
}

/* Bring both to one exponent without loss; coefficients stay below 10^38. */
static bool
align(tj_dec *a, tj_dec *b)
{
	const tj_int128 room = TJ_DEC_LIMIT * 1000;
	tj_dec *high = a->exp >= b->exp ? a : b;
	tj_dec *low = high == a ? b : a;

	while (high->exp > low->exp) {
		if (tj_dec_magnitude(high->coef) < room) {
			high->coef *= 10;
			high->exp--;
		} else if (low->coef % 10 == 0) {
			low->coef /= 10;
			low->exp++;
		} else {
			return false;
		}
	}
	return true;
}

enum tj_rc
tj_dec_add(tj_dec *out, tj_dec a, tj_dec b, struct tj_err *err)
{
	if (!align(&a, &b) || !tj_dec_fit(out, a.coef + b.coef, a.exp))
		return tj_fail(err, TJ_E_RANGE, "a sum needs more than %d digits",
		    TJ_DEC_DIGITS);
	return TJ_OK;
}

enum tj_rc
tj_dec_sub(tj_dec *out, tj_dec a, tj_dec b, struct tj_err *err)
{
	b.coef = -b.coef;
	return tj_dec_add(out, a, b, err);
}

/* Take n out of a and m out of b where both go; n * m is ten. */
static bool
take_ten(tj_dec *a, int n, tj_dec *b, int m)
{
	if (a->coef % n != 0 || b->coef % m != 0)
		return false;
	a->coef /= n;
	b->coef /= m;
	a->exp++;
	return true;
}

static bool
product_is_long(tj_int128 a, tj_int128 b)
{
	return b != 0 && tj_dec_magnitude(a) >= TJ_DEC_LIMIT * 10000 / tj_dec_magnitude(b);
}

enum tj_rc
tj_dec_mul(tj_dec *out, tj_dec a, tj_dec b, struct tj_err *err)
{
	while (product_is_long(a.coef, b.coef))
		if (!take_ten(&a, 10, &b, 1) && !take_ten(&a, 1, &b, 10) &&
		    !take_ten(&a, 5, &b, 2) && !take_ten(&a, 2, &b, 5))
			break;
	if (product_is_long(a.coef, b.coef) ||
	    !tj_dec_fit(out, a.coef * b.coef, (int64_t)a.exp + b.exp))
		return tj_fail(err, TJ_E_RANGE, "a product needs more than %d digits",
		    TJ_DEC_DIGITS);
	return TJ_OK;
}

/* Where rest / divisor and a little more (sticky) lies against one half. */
static enum tj_lost
lost_of(tj_int128 rest, tj_int128 divisor, bool sticky)
{
	if (rest == 0)
		return sticky ? TJ_LOST_BELOW_HALF : TJ_LOST_NONE;
	if (rest < divisor - rest)
		return TJ_LOST_BELOW_HALF;
	return rest > divisor - rest || sticky ? TJ_LOST_ABOVE_HALF : TJ_LOST_HALF;
}

enum tj_lost
tj_dec_drop(tj_int128 *q, int64_t n, bool sticky)
{
	const tj_int128 divisor = tj_dec_pow10(n > 38 ? 38 : (int)n);
	const tj_int128 rest = *q % divisor;

	*q /= divisor;
	return lost_of(rest, divisor, sticky);
}

/* Does rounding take the last kept digit one away from zero? */
static bool
rounds_away(enum tj_round mode, enum tj_lost lost, bool odd, bool negative)
{
	if (lost == TJ_LOST_NONE)
		return false;
	switch (mode) {
	case TJ_ROUND_HALF_EVEN:
		return lost == TJ_LOST_ABOVE_HALF || (lost == TJ_LOST_HALF && odd);
	case TJ_ROUND_HALF_UP:
		return lost != TJ_LOST_BELOW_HALF;
	case TJ_ROUND_DOWN:
		break;
	case TJ_ROUND_UP:
		return true;
	case TJ_ROUND_FLOOR:
		return negative;
	case TJ_ROUND_CEILING:
		return !negative;
	}
	return false;
}

enum tj_rc
tj_dec_finish(tj_dec *out, tj_int128 q, enum tj_lost lost, bool negative,
    int scale, enum tj_round mode, struct tj_err *err)
{
	if (rounds_away(mode, lost, q % 2 != 0, negative))
		q++;
	if (q >= TJ_DEC_LIMIT)
		return tj_fail(err, TJ_E_RANGE, "more than %d digits at %d after the point",
		    TJ_DEC_DIGITS, scale);
	*out = (tj_dec){ negative ? -q : q, -scale };
	return TJ_OK;
}

/* One more digit of a quotient by long division; rest < divisor < 10^34. */
static bool
next_digit(tj_int128 *q, tj_int128 *rest, tj_int128 divisor)
{
	if (*q >= TJ_DEC_LIMIT / 10)
		return false;
	*rest *= 10;
	*q = *q * 10 + *rest / divisor;
	*rest %= divisor;
	return true;
}

enum tj_rc
tj_dec_div(tj_dec *out, tj_dec a, tj_dec b, int scale, enum tj_round mode,
    struct tj_err *err)
{
	const bool negative = (a.coef < 0) != (b.coef < 0);
	const tj_int128 divisor = tj_dec_magnitude(b.coef);
	tj_int128 q, rest;
	enum tj_lost lost;
	int shift;

	if (divisor == 0)
		return tj_fail(err, TJ_E_RANGE, "division by zero");
	if (scale < -TJ_DEC_EXP || scale > TJ_DEC_EXP)
		return tj_fail(err, TJ_E_RANGE, "%d digits after the point", scale);
	q = tj_dec_magnitude(a.coef) / divisor;
	rest = tj_dec_magnitude(a.coef) % divisor;
	for (shift = a.exp - b.exp + scale; shift > 0; shift--)
		if (!next_digit(&q, &rest, divisor))
			return tj_fail(err, TJ_E_RANGE,
			    "more than %d digits at %d after the point",
			    TJ_DEC_DIGITS, scale);
	lost = shift < 0 ? tj_dec_drop(&q, -shift, rest != 0) :
	    lost_of(rest, divisor, false);
	return tj_dec_finish(out, q, lost, negative, scale, mode, err);
}

enum tj_rc
tj_dec_div_exact(tj_dec *out, tj_dec a, tj_dec b, struct tj_err *err)
{
	const tj_int128 divisor = tj_dec_magnitude(b.coef);
	int exp = a.exp - b.exp;
	tj_int128 q, rest;

	if (divisor == 0)
		return tj_fail(err, TJ_E_RANGE, "division by zero");
	q = tj_dec_magnitude(a.coef) / divisor;
	rest = tj_dec_magnitude(a.coef) % divisor;
	for (; rest != 0; exp--)
		if (!next_digit(&q, &rest, divisor))
			break;
	if (rest != 0 ||
	    !tj_dec_fit(out, (a.coef < 0) != (b.coef < 0) ? -q : q, exp))
		return tj_fail(err, TJ_E_RANGE, "a quotient does not end in %d digits",
		    TJ_DEC_DIGITS);
	return TJ_OK;
}

enum tj_rc
tj_dec_round(tj_dec *out, tj_dec a, int scale, enum tj_round mode,
    struct tj_err *err)
{
	return tj_dec_div(out, a, tj_dec_int(1), scale, mode, err);
}

int
tj_dec_sign(tj_dec a)
{
	return (a.coef > 0) - (a.coef < 0);
}

int
tj_dec_cmp(tj_dec a, tj_dec b)
{
	const int sign = tj_dec_sign(a);
	int order;

	if (sign != tj_dec_sign(b) || sign == 0)
		return (sign > tj_dec_sign(b)) - (sign < tj_dec_sign(b));
	order = digit_count(tj_dec_magnitude(a.coef)) + a.exp -
	    digit_count(tj_dec_magnitude(b.coef)) - b.exp;
	if (order != 0)
		return order > 0 ? sign : -sign;
	/* Leading digits stand at one place: 34 digits align them. */
	if (a.exp > b.exp)
		a.coef *= tj_dec_pow10(a.exp - b.exp);
	else
		b.coef *= tj_dec_pow10(b.exp - a.exp);
	return (a.coef > b.coef) - (a.coef < b.coef);
}
