#include "model/scheme.h"

/*
 * Ecode, GB/T 31866: read only where it is named, "ecode:CODE".  The widths of
 * version, numbering system and main code were not verified against the
 * standard, so the code is kept whole and nothing about it is claimed.
 */
enum tj_rc
tj_ident_ecode(tj_ident *out, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	tj_str code;

	if (!tj_ident_strip(&code, text, TJ_S("ecode:")))
		return TJ_E_NOTFOUND;
	TRY(tj_ident_check_name(code, TJ_IDENT_ecode, text.n - code.n, err));
	TRY(tj_ident_join(&out->canonical, TJ_S("ecode:"), code, arena, err));
	out->scheme = TJ_IDENT_ecode;
	out->granularity = TJ_MODEL;
	return TJ_OK;
}

bool
tj_ecode_under(tj_str canonical, tj_str authority)
{
	return tj_str_eq(authority, canonical);
}
