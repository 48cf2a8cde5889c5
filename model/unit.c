#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/unit.h"

static const struct {
	const char		*symbol, *size, *spellings, *rec20, *pact;
	enum tj_dimension	 dimension;
} units[] = {
#define X(symbol, dimension, size, spellings, rec20, pact) \
	{ symbol, size, spellings, rec20, pact, TJ_DIM_##dimension },
#include "model/units.def"
#undef X
};

static const struct {
	const char	*name, *base;
} dimensions[] = {
#define X(name, symbol) { #name, symbol },
#include "model/dimensions.def"
#undef X
};

#define UNITS		(sizeof(units) / sizeof(units[0]))
#define SLOTS		1024	/* a power of two, several times the spellings */
#define LONGEST		48	/* bytes; no spelling comes near */
#define NEAR		3	/* units named in an error */

/* Every spelling, hashed without case.  Made once, then only read. */
static struct {
	tj_str		text;		/* .p is NULL: free */
	tj_unit		unit;
} slots[SLOTS];
static tj_dec		sizes[UNITS];
static double		ratios[UNITS][UNITS];	/* of one dimension; else not looked at */
static tj_unit		bases[TJ_DIM_COUNT_];
static pthread_once_t	made = PTHREAD_ONCE_INIT;

static void
add_spelling(tj_str text, tj_unit unit)
{
	size_t at = (size_t)tj_str_hash_nocase(text) % SLOTS;

	if (text.n == 0)
		return;
	while (slots[at].text.p != NULL)
		at = (at + 1) % SLOTS;
	slots[at].text = text;
	slots[at].unit = unit;
}

static void
add_unit(tj_unit unit)
{
	tj_str rest = tj_str_of(units[unit].spellings), spelling;

	add_spelling(tj_str_of(units[unit].symbol), unit);
	add_spelling(tj_str_of(units[unit].rec20), unit);
	add_spelling(tj_str_of(units[unit].pact), unit);
	while (tj_str_next(&spelling, &rest, '|'))
		add_spelling(spelling, unit);
	if (tj_dec_parse(&sizes[unit], tj_str_of(units[unit].size), NULL) != TJ_OK)
		abort();	/* units.def is wrong, and its test has not run */
	if (strcmp(units[unit].symbol, dimensions[units[unit].dimension].base) == 0)
		bases[units[unit].dimension] = unit;
}

/* Whole numbers that a double holds: their quotient is rounded once. */
static double
quotient(const tj_dec *a, const tj_dec *b)
{
	const int32_t low = a->exp < b->exp ? a->exp : b->exp;

	return tj_dec_double((tj_dec){ a->coef, a->exp - low }) /
	    tj_dec_double((tj_dec){ b->coef, b->exp - low });
}

static void
make(void)
{
	for (size_t i = 0; i < UNITS; i++)
		add_unit((tj_unit)i);
	for (size_t i = 0; i < UNITS; i++)
		for (size_t j = 0; j < UNITS; j++)
			if (units[i].dimension == units[j].dimension)
				ratios[i][j] = quotient(&sizes[i], &sizes[j]);
}

/* A few units, the nearest first. */
struct few {
	size_t		n, distance[NEAR];
	tj_unit		unit[NEAR];
};

static void
few_add(struct few *few, tj_unit unit, size_t distance)
{
	size_t at = 0;

	for (size_t i = 0; i < few->n; i++)
		if (few->unit[i] == unit)
			return;
	while (at < few->n && few->distance[at] <= distance)
		at++;
	if (at == NEAR)
		return;
	few->n += few->n < NEAR;
	for (size_t i = few->n - 1; i > at; i--) {
		few->unit[i] = few->unit[i - 1];
		few->distance[i] = few->distance[i - 1];
	}
	few->unit[at] = unit;
	few->distance[at] = distance;
}

static const char *
few_text(char text[128], const struct few *few)
{
	int n = 0;

	for (size_t i = 0; i < few->n; i++)
		n += snprintf(text + n, 128 - (size_t)n, "%s%s", i == 0 ? "" : ", ",
		    units[few->unit[i]].symbol);
	return text;
}

/* The units spelt so: exactly if there are any, else but for case. */
static struct few
spelt(tj_str name)
{
	struct few exact = { 0 }, folded = { 0 };
	size_t at = (size_t)tj_str_hash_nocase(name) % SLOTS;

	for (; slots[at].text.p != NULL; at = (at + 1) % SLOTS) {
		if (tj_str_eq(slots[at].text, name))
			few_add(&exact, slots[at].unit, slots[at].unit);
		else if (tj_str_eq_nocase(slots[at].text, name))
			few_add(&folded, slots[at].unit, slots[at].unit);
	}
	return exact.n > 0 ? exact : folded;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance in bytes, case not counting, as far as it is no more than
 * `most`; b is up to LONGEST. */
static size_t
distance(tj_str a, tj_str b, size_t most)
{
	size_t row[LONGEST + 1];

	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 0; i < a.n; i++) {
		size_t diagonal = row[0], best = i + 1;

		row[0] = i + 1;
		for (size_t j = 0; j < b.n; j++) {
			const size_t change = diagonal + !tj_str_eq_nocase(
			    tj_str_cut(a, i, 1), tj_str_cut(b, j, 1));

			diagonal = row[j + 1];
			row[j + 1] = least(change, least(row[j], diagonal) + 1);
			best = least(best, row[j + 1]);
		}
		if (best > most)
			return best;
	}
	return row[b.n];
}

/* Units with a spelling that is a slip or two away from this name. */
static struct few
near(tj_str name)
{
	const size_t slips = name.n < 6 ? 1 : least(name.n / 3, 3);
	struct few few = { 0 };

	for (size_t i = 0; i < SLOTS; i++) {
		const tj_str text = slots[i].text;
		size_t off;

		if (text.n == 0 || text.n > name.n + slips || name.n > text.n + slips)
			continue;
		off = distance(name, text, slips);
		if (off <= slips)
			few_add(&few, slots[i].unit, off);
	}
	return few;
}

enum tj_rc
tj_unit_parse(tj_unit *unit, tj_str text, struct tj_err *err)
{
	const tj_str name = tj_str_trim(text);
	struct few few;
	char list[128];

	(void)pthread_once(&made, make);
	if (name.n == 0)
		return tj_fail(err, TJ_E_UNIT, "expected a unit, found nothing");
	if (name.n > LONGEST)
		return tj_fail(err, TJ_E_UNIT, "unknown unit \"%.*s\"", TJ_FMT(name));
	few = spelt(name);
	if (few.n > 1)
		return tj_fail(err, TJ_E_UNIT, "unit \"%.*s\" may be any of %s",
		    TJ_FMT(name), few_text(list, &few));
	if (few.n == 1) {
		*unit = few.unit[0];
		return TJ_OK;
	}
	few = near(name);
	return tj_fail(err, TJ_E_UNIT, "unknown unit \"%.*s\"; %s %s", TJ_FMT(name),
	    few.n > 0 ? "near are" : "known are such as",
	    few.n > 0 ? few_text(list, &few) : "kg, kWh, m3");
}

const char *
tj_unit_symbol(tj_unit unit)
{
	return unit < UNITS ? units[unit].symbol : "";
}

const char *
tj_unit_rec20(tj_unit unit)
{
	return unit < UNITS ? units[unit].rec20 : "";
}

const char *
tj_unit_pact(tj_unit unit)
{
	return unit < UNITS ? units[unit].pact : "";
}

enum tj_dimension
tj_unit_dimension(tj_unit unit)
{
	return unit < UNITS ? units[unit].dimension : TJ_DIM_COUNT_;
}

tj_unit
tj_unit_base(enum tj_dimension dimension)
{
	(void)pthread_once(&made, make);
	return bases[dimension];
}

const char *
tj_dimension_name(enum tj_dimension dimension)
{
	return dimension < TJ_DIM_COUNT_ ? dimensions[dimension].name : "";
}

size_t
tj_unit_count(void)
{
	return UNITS;
}

static enum tj_rc
check_alike(tj_unit from, tj_unit to, struct tj_err *err)
{
	if (from >= UNITS || to >= UNITS)
		return tj_fail(err, TJ_E_UNIT, "a unit is not known");
	if (units[from].dimension != units[to].dimension)
		return tj_fail(err, TJ_E_UNIT, "%s (%s) cannot be given in %s (%s)",
		    units[from].symbol, dimensions[units[from].dimension].name,
		    units[to].symbol, dimensions[units[to].dimension].name);
	(void)pthread_once(&made, make);
	return TJ_OK;
}

enum tj_rc
tj_unit_ratio(double *ratio, tj_unit from, tj_unit to, struct tj_err *err)
{
	TRY(check_alike(from, to, err));
	*ratio = ratios[from][to];
	return TJ_OK;
}

enum tj_rc
tj_unit_convert(tj_dec *out, tj_dec amount, tj_unit from, tj_unit to,
    struct tj_err *err)
{
	tj_dec ratio, product;

	TRY(check_alike(from, to, err));
	if (tj_dec_div_exact(&ratio, sizes[from], sizes[to], NULL) == TJ_OK)
		return tj_dec_mul(out, amount, ratio, err);
	TRY(tj_dec_mul(&product, amount, sizes[from], err));
	return tj_dec_div_exact(out, product, sizes[to], err);
}
