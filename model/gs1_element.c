#include "model/gs1.h"
#include "model/scheme.h"

/*
 * Element strings as a label prints them, "(01)…(10)…", and as a scanner sends
 * them, FNC1 shown as 0x1D or "^"; and "gtin:" with the digits of a bar code.
 */

#define FNC1	'\x1d'

/* The shorter GTINs are those of 14 digits with zeros in front. */
static enum tj_rc
pad_gtin(tj_str *out, tj_str value, struct tj_arena *arena, struct tj_err *err)
{
	static const char zeros[] = "000000";

	if (value.n != 8 && value.n != 12 && value.n != 13) {
		*out = value;
		return TJ_OK;
	}
	return tj_ident_join(out, (tj_str){ zeros, 14 - value.n }, value, arena, err);
}

/* The digits of "(10)" at the front of s; none if no bracketed AI stands there. */
static tj_str
bracketed(tj_str s)
{
	size_t n = 1;

	if (s.n == 0 || s.p[0] != '(')
		return (tj_str){ NULL, 0 };
	while (n < s.n && tj_is_digit(s.p[n]))
		n++;
	if (n < 3 || n > 5 || n == s.n || s.p[n] != ')')
		return (tj_str){ NULL, 0 };
	return tj_str_cut(s, 1, n - 1);
}

static enum tj_rc
read_brackets(struct tj_gs1 *gs1, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	tj_str rest = text, value, padded;

	while (rest.n > 0) {
		const tj_str ai = bracketed(rest);
		size_t n = 0;

		rest = tj_str_cut(rest, ai.n + 2, rest.n);
		while (n < rest.n && bracketed(tj_str_cut(rest, n, 6)).n == 0)
			n++;		/* brackets of another kind belong to the value */
		value = padded = tj_str_cut(rest, 0, n);
		if (tj_str_eq(ai, TJ_S("01")))
			TRY(pad_gtin(&padded, value, arena, err));
		TRY(tj_gs1_add(gs1, ai, padded, value, text, err));
		rest = tj_str_cut(rest, n, rest.n);
	}
	return TJ_OK;
}

static bool
is_fnc1(char c)
{
	return c == FNC1 || c == '^';
}

/* No AI is the start of another: the first that fits is the one. */
static const struct tj_gs1_ai *
leading_ai(tj_str *ai, tj_str rest)
{
	const struct tj_gs1_ai *row = NULL;

	for (size_t n = 2; n <= 4 && row == NULL; n++) {
		*ai = tj_str_cut(rest, 0, n);
		row = tj_gs1_ai_find(*ai);
	}
	return row;
}

static enum tj_rc
read_scanned(struct tj_gs1 *gs1, tj_str data, tj_str text, struct tj_err *err)
{
	const struct tj_gs1_ai *row;
	tj_str ai, value;
	size_t n;

	while (data.n > 0) {
		if ((row = leading_ai(&ai, data)) == NULL)
			return tj_ident_fail(err, TJ_IDENT_gs1, data.p - text.p,
			    "no application identifier starts here");
		data = tj_str_cut(data, ai.n, data.n);
		if ((n = tj_gs1_fixed_length(row)) == 0)
			while (n < data.n && !is_fnc1(data.p[n]))
				n++;
		value = tj_str_cut(data, 0, n);
		TRY(tj_gs1_add(gs1, ai, value, value, text, err));
		data = tj_str_cut(data, value.n, data.n);
		if (data.n > 0 && is_fnc1(data.p[0]))
			data = tj_str_cut(data, 1, data.n);
	}
	return TJ_OK;
}

/* What a scanner puts in front of GS1 data (ISO/IEC 15424), or FNC1 itself. */
static bool
is_scanned(tj_str *data, tj_str text)
{
	static const char *const fronts[] = { "]C1", "]e0", "]d2", "]Q3", "]J1", "\x1d", "^" };

	for (size_t i = 0; i < sizeof(fronts) / sizeof(fronts[0]); i++) {
		const tj_str front = tj_str_of(fronts[i]);

		*data = tj_str_cut(text, front.n, text.n);
		if (tj_str_starts(text, front) && data->n > 0 && tj_is_digit(data->p[0]))
			return true;
	}
	return false;
}

static enum tj_rc
read_gtin(struct tj_gs1 *gs1, tj_str digits, tj_str text, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str padded;

	TRY(pad_gtin(&padded, digits, arena, err));
	return tj_gs1_add(gs1, TJ_S("01"), padded, digits, text, err);
}

/* Of several keys on one label the one with the lowest AI names what it is on. */
static enum tj_rc
choose_key(struct tj_gs1 *gs1, struct tj_err *err)
{
	size_t key = gs1->n;

	for (size_t i = 0; i < gs1->n; i++)
		if (tj_gs1_is_key(gs1->list[i].row) &&
		    (key == gs1->n || tj_str_cmp(gs1->list[i].ai, gs1->list[key].ai) < 0))
			key = i;
	if (key == gs1->n)
		return tj_ident_fail(err, TJ_IDENT_gs1, 0, "no key among the elements");
	tj_gs1_choose_path(gs1, key);
	return TJ_OK;
}

enum tj_rc
tj_gs1_read_elements(struct tj_gs1 *gs1, tj_str text, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str data;

	if (bracketed(text).n > 0)
		TRY(read_brackets(gs1, text, arena, err));
	else if (tj_ident_strip(&data, text, TJ_S("gtin:")))
		TRY(read_gtin(gs1, data, text, arena, err));
	else if (is_scanned(&data, text))
		TRY(read_scanned(gs1, data, text, err));
	else
		return TJ_E_NOTFOUND;
	TRY(tj_gs1_check_pairs(gs1, err));
	return choose_key(gs1, err);
}
