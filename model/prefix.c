#include "model/base/limits.h"
#include "model/prefix.h"
#include "model/scheme.h"

static const struct {
	const char	*name;
	size_t		 min, max;	/* digits */
} idis[] = {
	{ "an issuer", 2, 2 }, { "an industry", 1, 5 }, { "an enterprise", 1, 128 },
};

#define IDIS_LEVELS	(sizeof(idis) / sizeof(idis[0]))

/* Printable ASCII; beyond it the Handle System allows any UTF-8, and so do we. */
static bool
is_plain(char c)
{
	return (unsigned char)c > ' ' && c != 0x7f && c != '/' && c != '%';
}

static enum tj_rc
check_segment(tj_str segment, size_t level, size_t at, bool is_idis, struct tj_err *err)
{
	if (segment.n == 0)
		return tj_fail(err, TJ_E_DATA, "offset %zu: a segment of the prefix is empty", at);
	if (!tj_ident_is_all(segment, is_plain))
		return tj_fail(err, TJ_E_DATA, "offset %zu: \"%.*s\" is no segment of a prefix",
		    at, TJ_FMT(segment));
	if (!is_idis)
		return TJ_OK;
	if (level >= IDIS_LEVELS)
		return tj_fail(err, TJ_E_DATA, "offset %zu: nothing follows the enterprise in "
		    "issuer.industry.enterprise", at);
	if (!tj_ident_is_all(segment, tj_is_digit) || segment.n < idis[level].min ||
	    segment.n > idis[level].max)
		return tj_fail(err, TJ_E_DATA, "offset %zu: %s has %zu to %zu digits, found "
		    "\"%.*s\"", at, idis[level].name, idis[level].min, idis[level].max,
		    TJ_FMT(segment));
	return TJ_OK;
}

static bool
is_idis_issuer(tj_str segment)
{
	return tj_str_eq(segment, TJ_S("86")) || tj_str_eq(segment, TJ_S("88"));
}

enum tj_rc
tj_prefix_parse(tj_prefix *out, tj_str text, struct tj_err *err)
{
	tj_prefix prefix = { .text = text };
	tj_str rest, segment;
	size_t at;

	(void)tj_ident_strip(&prefix.text, text, TJ_S("0.NA/"));
	if (prefix.text.n == 0)
		return tj_fail(err, TJ_E_DATA, "the prefix is empty");
	if (prefix.text.n > TJ_MAX_IDENT_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a prefix of %zu bytes, at most %d", prefix.text.n,
		    TJ_MAX_IDENT_BYTES);
	if (!tj_str_is_utf8(prefix.text) || tj_str_control(prefix.text) < prefix.text.n)
		return tj_fail(err, TJ_E_DATA, "a prefix is one line of UTF-8");
	rest = prefix.text;
	at = text.n - rest.n;
	prefix.is_idis = is_idis_issuer(tj_str_cut(rest, 0, tj_str_find(rest, '.')));
	for (; tj_str_next(&segment, &rest, '.'); at += segment.n + 1, prefix.level++) {
		TRY(check_segment(segment, prefix.level, at, prefix.is_idis, err));
		if (prefix.level < 3)
			prefix.segments[prefix.level] = segment;
	}
	*out = prefix;
	return TJ_OK;
}

tj_str
tj_prefix_parent(tj_str prefix)
{
	size_t n = prefix.n;

	while (n > 0 && prefix.p[n - 1] != '.')
		n--;
	return tj_str_cut(prefix, 0, n > 0 ? n - 1 : 0);
}

bool
tj_prefix_is_below(tj_str prefix, tj_str above)
{
	return above.n > 0 && prefix.n > above.n + 1 && prefix.p[above.n] == '.' &&
	    tj_str_eq_nocase(tj_str_cut(prefix, 0, above.n), above);
}

tj_str
tj_prefix_handle(tj_str prefix, struct tj_arena *arena)
{
	return tj_str_fmt(arena, "0.NA/%.*s", TJ_FMT(prefix));
}
