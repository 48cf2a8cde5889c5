#include "model/scheme.h"

/*
 * ISO/IEC 15459 with the issuing agency code VAA.  The rules for what follows
 * the three letters were not verified against the standard: digits and capital
 * letters, not divided further, and nothing about them is claimed.
 */
static bool
is_code_char(char c)
{
	return tj_is_digit(c) || (c >= 'A' && c <= 'Z');
}

/* Bare, it must hold a digit too: VAAL is a river. */
static bool
is_bare(tj_str text)
{
	bool digit = false;

	for (size_t i = 0; i < text.n; i++)
		digit = digit || tj_is_digit(text.p[i]);
	return digit && tj_str_starts(text, TJ_S("VAA")) &&
	    tj_ident_is_all(text, is_code_char);
}

enum tj_rc
tj_ident_vaa(tj_ident *out, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	tj_str code = text;
	size_t at;

	if (!tj_ident_strip(&code, text, TJ_S("vaa:")) && !is_bare(text))
		return TJ_E_NOTFOUND;
	at = text.n - code.n;
	if (!tj_str_starts(code, TJ_S("VAA")) || code.n == strlen("VAA"))
		return tj_ident_fail(err, TJ_IDENT_vaa, at,
		    "a code is the letters VAA and what the agency's member added");
	for (size_t i = 0; i < code.n; i++)
		if (!is_code_char(code.p[i]))
			return tj_ident_fail(err, TJ_IDENT_vaa, at + i,
			    "not a digit or a capital letter");
	TRY(tj_ident_join(&out->canonical, TJ_S("vaa:"), code, arena, err));
	out->scheme = TJ_IDENT_vaa;
	out->granularity = TJ_MODEL;
	return TJ_OK;
}

bool
tj_vaa_under(tj_str canonical, tj_str authority)
{
	return tj_str_eq(authority, canonical);
}
