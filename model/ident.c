#include <stdarg.h>
#include <stdio.h>

#include "model/base/limits.h"
#include "model/gs1.h"
#include "model/ident_kinds.h"

static const struct {
	const char	*name;
	tj_ident_kind	*parse;
} kinds[TJ_IDENT_COUNT_] = {
#define X(name) { #name, tj_ident_##name },
#include "model/ident.def"
#undef X
};

const char *
tj_scheme_name(enum tj_scheme scheme)
{
	return kinds[scheme].name;
}

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
		rc = kinds[i].parse(&ident, ident.text, arena, err);
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

/* Is `authority` all of `name`, or does one of `boundaries` follow it there? */
static bool
covers(tj_str authority, tj_str name, const char *boundaries)
{
	char next;

	if (authority.n == 0 || name.n < authority.n ||
	    !tj_str_eq_nocase(authority, tj_str_cut(name, 0, authority.n)))
		return false;
	if (name.n == authority.n)
		return true;
	next = name.p[authority.n];
	return next != '\0' && strchr(boundaries, next) != NULL;
}

/* Without its own prefix and the separator it may end in. */
static tj_str
bare(tj_str authority, tj_str prefix, char separator)
{
	(void)tj_ident_strip(&authority, authority, prefix);
	if (authority.n > 0 && authority.p[authority.n - 1] == separator)
		authority.n--;
	return authority;
}

/* Dots divide a prefix only: below a whole handle there are but slashes. */
static bool
handle_under(tj_str canonical, tj_str authority)
{
	const tj_str name = tj_str_cut(canonical, strlen("hdl:"), canonical.n);

	authority = bare(authority, TJ_S("hdl:"), '/');
	return covers(authority, name,
	    tj_str_find(authority, '/') == authority.n ? "./" : "/");
}

bool
tj_ident_under(tj_ident ident, tj_str authority)
{
	const tj_str canonical = ident.canonical;

	switch (ident.scheme) {
	case TJ_IDENT_handle:
		return handle_under(canonical, authority);
	case TJ_IDENT_gs1:
		return tj_gs1_under(canonical, authority);
	case TJ_IDENT_oid:
		return covers(bare(authority, TJ_S("urn:oid:"), '.'),
		    tj_str_cut(canonical, strlen("urn:oid:"), canonical.n), ".");
	case TJ_IDENT_did:
	case TJ_IDENT_urn:
		authority = bare(authority, TJ_S(""), ':');
		return tj_str_starts(canonical, authority) &&
		    covers(authority, canonical, ":");
	case TJ_IDENT_ecode:
	case TJ_IDENT_vaa:
	case TJ_IDENT_local:
	case TJ_IDENT_COUNT_:
		break;
	}
	return tj_str_eq(authority, canonical);
}

enum tj_rc
tj_ident_fail_(struct tj_err *err, enum tj_scheme scheme, size_t at,
    const char *src_file, int src_line, const char *fmt, ...)
{
	char what[TJ_ERR_TEXT / 2];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return tj_err_set_(err, TJ_E_DATA, src_file, src_line,
	    "%s identifier, at byte %zu: %s", tj_scheme_name(scheme), at, what);
}

bool
tj_ident_is_all(tj_str s, bool (*is)(char))
{
	for (size_t i = 0; i < s.n; i++)
		if (!is(s.p[i]))
			return false;
	return s.n > 0;
}

bool
tj_ident_is_escape(tj_str s, size_t i)
{
	return s.n - i > 2 && s.p[i] == '%' && tj_hex_digit(s.p[i + 1]) >= 0 &&
	    tj_hex_digit(s.p[i + 2]) >= 0;
}

bool
tj_ident_strip(tj_str *rest, tj_str text, tj_str prefix)
{
	if (text.n < prefix.n || !tj_str_eq_nocase(tj_str_cut(text, 0, prefix.n), prefix))
		return false;
	*rest = tj_str_cut(text, prefix.n, text.n);
	return true;
}

/* C0, DEL, and C1 as UTF-8 writes it: they would steer a reader's terminal. */
static bool
is_control(const char *p, size_t n)
{
	const unsigned char c = (unsigned char)p[0];

	return c < 0x20 || c == 0x7f || (c == 0xc2 && n > 1 && (unsigned char)p[1] < 0xa0);
}

enum tj_rc
tj_ident_check_name(tj_str name, enum tj_scheme scheme, size_t at, struct tj_err *err)
{
	if (name.n == 0)
		return tj_ident_fail(err, scheme, at, "nothing stands here");
	if (name.n > TJ_MAX_IDENT_BYTES)
		return tj_ident_fail(err, scheme, at, "%zu bytes; at most %u are allowed",
		    name.n, TJ_MAX_IDENT_BYTES);
	if (!tj_str_is_utf8(name))
		return tj_ident_fail(err, scheme, at, "not UTF-8 once decoded");
	for (size_t i = 0; i < name.n; i++)
		if (is_control(name.p + i, name.n - i))
			return tj_ident_fail(err, scheme, at + i, "a control character");
	return TJ_OK;
}

enum tj_rc
tj_ident_decode(tj_str *out, tj_str encoded, enum tj_scheme scheme, size_t at,
    struct tj_arena *arena, struct tj_err *err)
{
	const size_t first = tj_str_find(encoded, '%');
	size_t n = first;
	char *p;

	if (first == encoded.n) {
		*out = encoded;
		return TJ_OK;
	}
	if ((p = TJ_NEWN(arena, char, encoded.n + 1)) == NULL)
		return tj_fail_nomem(err);
	memcpy(p, encoded.p, first);
	for (size_t i = first; i < encoded.n; i++) {
		if (encoded.p[i] != '%') {
			p[n++] = encoded.p[i];
			continue;
		}
		if (!tj_ident_is_escape(encoded, i))
			return tj_ident_fail(err, scheme, at + i,
			    "%% is not followed by two hexadecimal digits");
		p[n++] = (char)(tj_hex_digit(encoded.p[i + 1]) * 16 +
		    tj_hex_digit(encoded.p[i + 2]));
		i += 2;
	}
	*out = (tj_str){ p, n };
	return TJ_OK;
}

enum tj_rc
tj_ident_join(tj_str *out, tj_str prefix, tj_str name, struct tj_arena *arena,
    struct tj_err *err)
{
	char *p = TJ_NEWN(arena, char, prefix.n + name.n + 1);

	if (p == NULL)
		return tj_fail_nomem(err);
	memcpy(p, prefix.p, prefix.n);
	memcpy(p + prefix.n, name.p, name.n);
	*out = (tj_str){ p, prefix.n + name.n };
	return TJ_OK;
}
