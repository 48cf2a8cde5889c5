#include "model/base/date.h"
#include "model/gs1.h"
#include "model/scheme.h"

/*
 * The checks that gs1_ai.def names.  Each looks at one part of a value, whose
 * characters and length are right already.
 */
typedef const char *lint(size_t *at, tj_str part);

/* Weights 3, 1, 3 … from the right. */
char
tj_gs1_check_digit(tj_str digits)
{
	int sum = 0;

	for (size_t i = 0; i < digits.n; i++)
		sum += (digits.p[i] - '0') * ((digits.n - i) % 2 == 1 ? 3 : 1);
	return (char)('0' + (10 - sum % 10) % 10);
}

static const char *
csum(size_t *at, tj_str part)
{
	*at = part.n - 1;
	return tj_gs1_check_digit(tj_str_cut(part, 0, part.n - 1)) == part.p[part.n - 1] ?
	    NULL : "the check digit is wrong";
}

/*
 * A pair of characters that carry a sum modulo 1021: each character's place in
 * CSET 82, times ascending primes from the right.
 */
static const char *
csumalpha(size_t *at, tj_str part)
{
	static const char cset82[] = "!\"%&'()*+,-./0123456789:;<=>?"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
	static const char cset32[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
	static const unsigned primes[] = { 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41,
	    43, 47, 53, 59, 61, 67, 71, 73, 79, 83 };
	const size_t n = part.n < 2 ? 0 : part.n - 2;
	unsigned sum = 0;

	*at = n;
	if (part.n < 2 || n > sizeof(primes) / sizeof(primes[0]))
		return "no place for a pair of check characters";
	for (size_t i = 0; i < n; i++)
		sum += (unsigned)(strchr(cset82, part.p[i]) - cset82) * primes[n - 1 - i];
	sum %= 1021;
	return part.p[n] == cset32[sum >> 5] && part.p[n + 1] == cset32[sum & 31] ?
	    NULL : "the pair of check characters is wrong";
}

/* The shortest company prefix has four digits. */
static const char *
key(size_t *at, tj_str part)
{
	for (*at = 0; *at < 4; ++*at)
		if (*at == part.n || !tj_is_digit(part.p[*at]))
			return "a key starts with a company prefix, four digits at least";
	return NULL;
}

static int
number(tj_str part, size_t from, size_t n)
{
	int value = 0;

	for (size_t i = from; i < from + n; i++)
		value = value * 10 + (part.p[i] - '0');
	return value;
}

/* Month at byte 2 or 4, and day; day 00 is the whole month where that is allowed. */
static const char *
date(size_t *at, tj_str part, size_t year_digits, bool day_may_be_0)
{
	const int year = number(part, 0, year_digits) + (year_digits == 2 ? 2000 : 0);
	const int month = number(part, year_digits, 2);
	const int day = number(part, year_digits + 2, 2);
	tj_date made;

	*at = year_digits;
	if (month < 1 || month > 12)
		return "no such month";
	*at += 2;
	if ((day == 0 && day_may_be_0) || tj_date_make(&made, year, month, day))
		return NULL;
	return "no such day";
}

static const char *
yymmdd(size_t *at, tj_str part)
{
	return date(at, part, 2, false);
}

static const char *
yymmd0(size_t *at, tj_str part)
{
	return date(at, part, 2, true);
}

static const char *
yyyymmdd(size_t *at, tj_str part)
{
	return date(at, part, 4, false);
}

static const char *
hh(size_t *at, tj_str part)
{
	*at = 0;
	return number(part, 0, 2) < 24 ? NULL : "no such hour";
}

static const char *
mi(size_t *at, tj_str part)
{
	*at = 0;
	return number(part, 0, 2) < 60 ? NULL : "no such minute or second";
}

static const char *
hhmi(size_t *at, tj_str part)
{
	const char *fault = hh(at, part);

	if (fault == NULL) {
		fault = mi(at, tj_str_cut(part, 2, 2));
		*at = 2;
	}
	return fault;
}

static const char *
pieceoftotal(size_t *at, tj_str part)
{
	const int piece = number(part, 0, 2), total = number(part, 2, 2);

	*at = 0;
	return piece > 0 && piece <= total ? NULL : "no such piece of the total";
}

static const char *
zero(size_t *at, tj_str part)
{
	*at = 0;
	return part.p[0] == '0' ? NULL : "a zero stands here";
}

static const char *
nonzero(size_t *at, tj_str part)
{
	*at = 0;
	for (size_t i = 0; i < part.n; i++)
		if (part.p[i] != '0')
			return NULL;
	return "zero is not allowed";
}

static const char *
nozeroprefix(size_t *at, tj_str part)
{
	*at = 0;
	return part.n > 1 && part.p[0] == '0' ? "no leading zeros" : NULL;
}

static const char *
hasnondigit(size_t *at, tj_str part)
{
	*at = 0;
	for (size_t i = 0; i < part.n; i++)
		if (!tj_is_digit(part.p[i]))
			return NULL;
	return "not digits alone";
}

static const char *
importeridx(size_t *at, tj_str part)
{
	*at = 0;
	return tj_is_alnum(part.p[0]) || part.p[0] == '-' || part.p[0] == '_' ? NULL :
	    "a letter, a digit, \"-\" or \"_\" stands here";
}

static const char *
yesno(size_t *at, tj_str part)
{
	*at = 0;
	return part.p[0] == '0' || part.p[0] == '1' ? NULL : "0 or 1 stands here";
}

static const char *
hyphen(size_t *at, tj_str part)
{
	*at = 0;
	return part.p[0] == '-' ? NULL : "a hyphen stands here";
}

static const struct {
	const char	*name;
	lint		*check;
} lints[] = {
	{ "csum", csum }, { "csumalpha", csumalpha }, { "key", key },
	{ "yymmdd", yymmdd }, { "yymmd0", yymmd0 }, { "yyyymmdd", yyyymmdd },
	{ "hh", hh }, { "mi", mi }, { "ss", mi }, { "hhmi", hhmi },
	{ "zero", zero }, { "nonzero", nonzero }, { "nozeroprefix", nozeroprefix },
	{ "pieceoftotal", pieceoftotal }, { "hasnondigit", hasnondigit },
	{ "importeridx", importeridx }, { "yesno", yesno }, { "hyphen", hyphen },
};

/* A check that is not here is one that gs1.h says is not made. */
const char *
tj_gs1_lint(size_t *at, tj_str name, tj_str part)
{
	for (size_t i = 0; i < sizeof(lints) / sizeof(lints[0]); i++)
		if (tj_str_eq(name, tj_str_of(lints[i].name)))
			return lints[i].check(at, part);
	return NULL;
}
