#include "model/base/limits.h"
#include "model/scheme.h"

static const struct {
	tj_ident_reader	*read;
	tj_ident_within	*under;
} kinds[TJ_IDENT_COUNT_] = {
#define X(name) { tj_ident_##name, tj_##name##_under },
#include "model/ident.def"
#undef X
};

const char *
tj_granularity_name(enum tj_granularity granularity)
{
	static const char *const names[] = { "model", "batch", "item" };

	return names[granularity];
}

enum tj_rc
tj_ident_parse(tj_ident *out, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	enum tj_rc rc = TJ_E_NOTFOUND;
	tj_ident ident = { 0 };

	if (text.n == 0)
		return tj_fail(err, TJ_E_DATA, "an identifier is empty");
	if (text.n > TJ_MAX_IDENT_TEXT)
		return tj_fail(err, TJ_E_LIMIT, "an identifier of %zu bytes; at most %u "
		    "are read", text.n, TJ_MAX_IDENT_TEXT);
	if (!tj_str_is_utf8(text))
		return tj_fail(err, TJ_E_DATA, "an identifier is not UTF-8");
	if ((ident.text = tj_str_dup(text, arena)).p == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < TJ_IDENT_COUNT_ && rc == TJ_E_NOTFOUND; i++)
		rc = kinds[i].read(&ident, ident.text, arena, err);
	TRY(rc);
	if (ident.canonical.n > TJ_MAX_IDENT_BYTES + TJ_MAX_IDENT_PREFIX)
		return tj_fail(err, TJ_E_LIMIT, "%s identifier of %zu bytes; at most %u "
		    "are allowed", tj_scheme_name(ident.scheme), ident.canonical.n,
		    TJ_MAX_IDENT_BYTES);
	*out = ident;
	return TJ_OK;
}

bool
tj_ident_eq(tj_ident a, tj_ident b)
{
	return tj_str_eq(a.canonical, b.canonical);
}

bool
tj_ident_under(tj_ident ident, tj_str authority)
{
	return kinds[ident.scheme].under(ident.canonical, authority);
}
