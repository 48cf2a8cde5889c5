#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/base/mem.h"
#include "model/decimal_digits.h"

/* Within these, 10^scale times any double's 53 bits fits in 127 bits. */
#define SCALE_MIN	(-18)
#define SCALE_MAX	22
#define HALF		((uint64_t)1 << 63)

double
tj_dec_double(tj_dec a)
{
	const tj_int128 magnitude = tj_dec_magnitude(a.coef);
	char text[TJ_DEC_TEXT];

	/* Both exact in a double: one operation, one rounding (Clinger 1990). */
	if (magnitude <= (tj_int128)1 << 53 && a.exp >= -22 && a.exp <= 22) {
		const double power = (double)tj_dec_pow10(a.exp < 0 ? -a.exp : a.exp);

		return a.exp < 0 ? (double)a.coef / power : (double)a.coef * power;
	}
	/* Without a decimal point, so that no locale can misread it. */
	(void)tj_dec_text(text, (tj_dec){ a.coef, 0 });
	(void)snprintf(text + strlen(text), 16, "e%d", a.exp);
	return strtod(text, NULL);
}

/*
 * A double in units of 10^-scale: value = units + fraction / 2^64, units its
 * floor.  What lies below the fraction's last bit is kept as that bit being set,
 * so that "exactly one half" stays exact.
 */
struct scaled {
	tj_int128	units;
	uint64_t	fraction;
};

/* v / 2^shift for shift > 0 and 0 <= v < 2^127. */
static struct scaled
shift_right(tj_int128 v, int shift)
{
	const tj_int128 one = 1;
	const tj_int128 units = shift < 127 ? v >> shift : 0;
	const tj_int128 rest = shift < 127 ? v & ((one << shift) - 1) : v;
	const int below = shift - 64;

	if (below <= 0)
		return (struct scaled){ units, (uint64_t)rest << -below };
	if (below >= 127)
		return (struct scaled){ units, rest != 0 };
	return (struct scaled){ units,
	    (uint64_t)(rest >> below) | ((rest & ((one << below) - 1)) != 0) };
}

/* Of a magnitude in ones, in tens, hundreds … (10^drop, drop <= 18). */
static struct scaled
drop_digits(struct scaled s, int drop)
{
	const tj_int128 divisor = tj_dec_pow10(drop);
	const tj_int128 rest = (s.units % divisor) << 64;

	if (drop == 0)
		return s;
	return (struct scaled){ s.units / divisor, (uint64_t)(rest / divisor) |
	    (rest % divisor != 0 || s.fraction != 0) };
}

static bool
scale_magnitude(struct scaled *out, double x, int scale)
{
	int exp;
	const double significand = frexp(x, &exp);
	const tj_int128 v = (tj_int128)ldexp(significand, 53) *
	    tj_dec_pow10(scale > 0 ? scale : 0);

	exp -= 53;
	if (exp < 0)
		*out = shift_right(v, -exp);
	else if (exp < 113 && v <= TJ_DEC_LIMIT >> exp)
		*out = (struct scaled){ v << exp, 0 };
	else
		return false;
	*out = drop_digits(*out, scale < 0 ? -scale : 0);
	return out->units < TJ_DEC_LIMIT;
}

static enum tj_rc
scale_double(struct scaled *out, double x, int scale, struct tj_err *err)
{
	struct scaled s = { 0 };

	if (!isfinite(x))
		return tj_fail(err, TJ_E_RANGE, "not a finite number");
	if (scale < SCALE_MIN || scale > SCALE_MAX)
		return tj_fail(err, TJ_E_RANGE, "%d digits after the point", scale);
	if (x != 0 && !scale_magnitude(&s, fabs(x), scale))
		return tj_fail(err, TJ_E_RANGE, "%g at %d digits after the point is "
		    "longer than %d digits", x, scale, TJ_DEC_DIGITS);
	if (x < 0)
		s = (struct scaled){ -s.units - (s.fraction != 0), -s.fraction };
	*out = s;
	return TJ_OK;
}

/* To the nearest unit, ties to even. */
static tj_int128
nearest(struct scaled s)
{
	return s.units + (s.fraction > HALF || (s.fraction == HALF && s.units % 2 != 0));
}

static enum tj_rc
decimal_of(tj_dec *out, tj_int128 units, int scale, struct tj_err *err)
{
	return tj_dec_finish(out, tj_dec_magnitude(units), TJ_LOST_NONE, units < 0,
	    scale, TJ_ROUND_DOWN, err);
}

enum tj_rc
tj_dec_of_double(tj_dec *out, double x, int scale, struct tj_err *err)
{
	struct scaled s = { 0 };

	TRY(scale_double(&s, x, scale, err));
	return decimal_of(out, nearest(s), scale, err);
}

struct part {
	struct scaled	value;
	size_t		at;		/* its place in parts[], out[] */
};

static bool
is_zero(const struct part *part)
{
	return part->value.units == 0 && part->value.fraction == 0;
}

/* Zeros last: they get nothing while there is another.  Then by remainder. */
static int
by_remainder(const void *left, const void *right)
{
	const struct part *a = left, *b = right;

	if (is_zero(a) != is_zero(b))
		return is_zero(a) ? 1 : -1;
	if (a->value.fraction != b->value.fraction)
		return a->value.fraction > b->value.fraction ? -1 : 1;
	return a->at < b->at ? -1 : 1;
}

/* Each part in units, and their exact sum in fixed point: floors + fractions / 2^64. */
static enum tj_rc
scale_parts(struct part *list, tj_int128 *floors, tj_int128 *fractions,
    const double *parts, size_t n, int scale, struct tj_err *err)
{
	*floors = *fractions = 0;
	for (size_t i = 0; i < n; i++) {
		TRY(scale_double(&list[i].value, parts[i], scale, err));
		list[i].at = i;
		*floors += list[i].value.units;
		*fractions += list[i].value.fraction;
		if (tj_dec_magnitude(*floors) >= TJ_DEC_LIMIT)
			return tj_fail(err, TJ_E_RANGE, "the parts' sum is too large");
	}
	return TJ_OK;
}

/* Put `left` units on the parts, the odd ones on the first of the list. */
static enum tj_rc
share_out(struct part *list, size_t n, tj_int128 left, struct tj_err *err)
{
	tj_int128 takers = 0, each, odd;

	while ((size_t)takers < n && !is_zero(&list[takers]))
		takers++;
	if (takers == 0)
		takers = (tj_int128)n;
	if (takers == 0)
		return left == 0 ? TJ_OK : tj_fail(err, TJ_E_RANGE, "a total without parts");
	odd = (left % takers + takers) % takers;
	each = (left - odd) / takers;
	for (tj_int128 i = 0; i < takers; i++) {
		list[i].value.units += each + (i < odd);
		if (tj_dec_magnitude(list[i].value.units) >= TJ_DEC_LIMIT)
			return tj_fail(err, TJ_E_RANGE, "a part is too large");
	}
	return TJ_OK;
}

/* `given`: toward *total; else *total becomes the parts' sum, rounded. */
static enum tj_rc
apportion_list(struct part *list, tj_int128 *total, bool given, const double *parts,
    size_t n, int scale, struct tj_err *err)
{
	tj_int128 floors, fractions;

	TRY(scale_parts(list, &floors, &fractions, parts, n, scale, err));
	if (!given)
		*total = nearest((struct scaled){ floors + (fractions >> 64),
		    (uint64_t)fractions });
	if (tj_dec_magnitude(*total) >= TJ_DEC_LIMIT)
		return tj_fail(err, TJ_E_RANGE, "the parts' sum is too large");
	qsort(list, n, sizeof(list[0]), by_remainder);
	return share_out(list, n, *total - floors, err);
}

static enum tj_rc
apportion(tj_dec *out, tj_int128 *total, bool given, const double *parts, size_t n,
    int scale, struct tj_err *err)
{
	struct part *list = tj_mem_calloc(n, sizeof(*list));
	enum tj_rc rc;

	if (list == NULL)
		return tj_fail_nomem(err);
	rc = apportion_list(list, total, given, parts, n, scale, err);
	for (size_t i = 0; rc == TJ_OK && i < n; i++)
		out[list[i].at] = (tj_dec){ list[i].value.units, -scale };
	tj_mem_free(list);
	return rc;
}

enum tj_rc
tj_dec_apportion(tj_dec *out, tj_dec *total, const double *parts, size_t n,
    int scale, struct tj_err *err)
{
	tj_int128 units = 0;

	TRY(apportion(out, &units, false, parts, n, scale, err));
	if (total != NULL)
		*total = (tj_dec){ units, -scale };
	return TJ_OK;
}

enum tj_rc
tj_dec_apportion_to(tj_dec *out, tj_dec total, const double *parts, size_t n,
    int scale, struct tj_err *err)
{
	tj_dec rounded;

	TRY(tj_dec_round(&rounded, total, scale, TJ_ROUND_DOWN, err));
	if (tj_dec_cmp(rounded, total) != 0)
		return tj_fail(err, TJ_E_RANGE,
		    "a total of more than %d digits after the point", scale);
	return apportion(out, &rounded.coef, true, parts, n, scale, err);
}
