#include "model/base/limits.h"
#include "model/decimal_digits.h"

/* An exponent that no coefficient brings back into range. */
#define EXPONENT_CEILING	100000000

/* A number being read: what it is so far, and the text still to come. */
struct number {
	tj_str		rest;
	tj_int128	coef;
	int64_t		exp;
	bool		negative;
	bool		too_long;	/* a digit other than 0 had no place */
};

static bool
take(struct number *number, const char *text)
{
	if (!tj_str_starts(number->rest, tj_str_of(text)))
		return false;
	number->rest = tj_str_cut(number->rest, strlen(text), number->rest.n);
	return true;
}

static bool
take_char(struct number *number, char c)
{
	return take(number, (const char[]){ c, '\0' });
}

static bool
take_minus(struct number *number)
{
	return take(number, "-") || take(number, "\xe2\x88\x92");	/* U+2212 */
}

/* Spreadsheets write blanks that do not break, and typographic apostrophes. */
static bool
take_group(struct number *number, char group)
{
	if (group == 0)
		return false;
	if (group == ' ' && (take(number, "\xc2\xa0") || take(number, "\xe2\x80\xaf")))
		return true;
	if (group == '\'' && take(number, "\xe2\x80\x99"))
		return true;
	return take_char(number, group);
}

/* -1: not a digit. */
static int
take_digit(struct number *number)
{
	char c;

	if (number->rest.n == 0)
		return -1;
	c = number->rest.p[0];
	if (c < '0' || c > '9')
		return -1;
	number->rest = tj_str_cut(number->rest, 1, number->rest.n);
	return c - '0';
}

static size_t
read_digits(struct number *number, bool fraction)
{
	size_t count = 0;
	int digit;

	for (; (digit = take_digit(number)) >= 0; count++) {
		if (number->coef < TJ_DEC_LIMIT / 10) {
			number->coef = number->coef * 10 + digit;
			number->exp -= fraction;
		} else {
			number->too_long |= digit != 0;
			number->exp += !fraction;
		}
	}
	return count;
}

/* Digits before the point; groups, where there are any, stand at thousands. */
static bool
read_whole(size_t *count, struct number *number, char group)
{
	*count = read_digits(number, false);
	while (take_group(number, group)) {
		if (*count < 1 || *count > 3)
			return false;
		*count = read_digits(number, false);
		if (*count != 3)
			return false;
	}
	return true;
}

static bool
read_exponent(struct number *number)
{
	int64_t exp = 0;
	bool negative, any = false;
	int digit;

	if (!take(number, "e") && !take(number, "E"))
		return true;
	negative = take_minus(number);
	if (!negative)
		(void)take(number, "+");
	for (; (digit = take_digit(number)) >= 0; any = true)
		if (exp < EXPONENT_CEILING)
			exp = exp * 10 + digit;
	number->exp += negative ? -exp : exp;
	return any;
}

static bool
read_number(struct number *number, tj_number_style style)
{
	const bool is_signed = (number->negative = take_minus(number)) ||
	    take(number, "+");
	size_t whole, fraction = 0;

	if (!read_whole(&whole, number, style.group))
		return false;
	if (take_char(number, style.decimal))
		fraction = read_digits(number, true);
	if (whole + fraction == 0 || !read_exponent(number))
		return false;
	if (style.trailing_minus && !is_signed)
		number->negative = take_minus(number);
	return number->rest.n == 0;
}

enum tj_rc
tj_dec_parse_as(tj_dec *out, tj_str text, tj_number_style style, struct tj_err *err)
{
	struct number number = { .rest = tj_str_trim(text) };

	if (number.rest.n == 0)
		return tj_fail(err, TJ_E_DATA, "expected a number, found nothing");
	if (number.rest.n > TJ_MAX_CELL_BYTES)
		return tj_fail(err, TJ_E_RANGE, "a number of %zu bytes", number.rest.n);
	if (!read_number(&number, style))
		return tj_fail(err, TJ_E_DATA, "expected a number, found \"%.*s\"",
		    TJ_FMT(text));
	if (number.negative)
		number.coef = -number.coef;
	if (number.too_long || !tj_dec_fit(out, number.coef, number.exp))
		return tj_fail(err, TJ_E_RANGE, "more than %d digits, or too large or "
		    "small: \"%.*s\"", TJ_DEC_DIGITS, TJ_FMT(text));
	return TJ_OK;
}

enum tj_rc
tj_dec_parse(tj_dec *out, tj_str text, struct tj_err *err)
{
	return tj_dec_parse_as(out, text, (tj_number_style){ .decimal = '.' }, err);
}

/* The digits of a magnitude, at least one; returns how many. */
static int
digits_of(char digits[TJ_DEC_DIGITS], tj_int128 magnitude)
{
	char reversed[TJ_DEC_DIGITS];
	uint64_t word;
	int n = 0;

	/* 64-bit division is many times faster, and most numbers are short. */
	for (; magnitude > UINT64_MAX && n < TJ_DEC_DIGITS; magnitude /= 10)
		reversed[n++] = (char)('0' + (int)(magnitude % 10));
	word = (uint64_t)magnitude;
	do
		reversed[n++] = (char)('0' + (int)(word % 10));
	while ((word /= 10) > 0 && n < TJ_DEC_DIGITS);
	for (int i = 0; i < n; i++)
		digits[i] = reversed[n - 1 - i];
	return n;
}

const char *
tj_dec_text(char text[TJ_DEC_TEXT], tj_dec a)
{
	char digits[TJ_DEC_DIGITS], *p = text;
	const int n = digits_of(digits, tj_dec_magnitude(a.coef));
	const int point = a.coef == 0 && a.exp > 0 ? 1 : n + a.exp;

	if (a.coef < 0)
		*p++ = '-';
	for (int i = point < 1 ? point - 1 : 0; i < n || i < point; i++) {
		if (i == point)
			*p++ = '.';
		*p++ = (char)(i >= 0 && i < n ? digits[i] : '0');
	}
	*p = '\0';
	return text;
}
