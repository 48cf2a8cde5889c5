#include "model/scheme.h"

/*
 * A name that means something in one book only.  Written "local:NAME" it is one
 * whatever NAME looks like: the way out for a material code in another's shape.
 */
enum tj_rc
tj_ident_local(tj_ident *out, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	const tj_str prefix = TJ_S("local:");
	const bool prefixed = tj_str_starts(text, prefix);
	const tj_str name = tj_str_cut(text, prefixed ? prefix.n : 0, text.n);

	TRY(tj_ident_check_name(name, TJ_IDENT_local, text.n - name.n, err));
	TRY(tj_ident_join(&out->canonical, prefix, name, arena, err));
	out->scheme = TJ_IDENT_local;
	out->granularity = TJ_MODEL;
	return TJ_OK;
}

bool
tj_local_under(tj_str canonical, tj_str authority)
{
	return tj_str_eq(authority, canonical);
}
