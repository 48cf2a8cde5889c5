#include <stdarg.h>
#include <stdio.h>

#include "model/base/limits.h"
#include "model/scheme.h"

const char *
tj_scheme_name(enum tj_scheme scheme)
{
	static const char *const names[] = {
#define X(name) #name,
#include "model/ident.def"
#undef X
	};

	return names[scheme];
}

bool
tj_ident_covers(tj_str authority, tj_str name, const char *boundaries)
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

tj_str
tj_ident_bare(tj_str authority, tj_str prefix, char separator)
{
	(void)tj_ident_strip(&authority, authority, prefix);
	if (authority.n > 0 && authority.p[authority.n - 1] == separator)
		authority.n--;
	return authority;
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

enum tj_rc
tj_ident_check_name(tj_str name, enum tj_scheme scheme, size_t at, struct tj_err *err)
{
	const size_t control = tj_str_control(name);

	if (name.n == 0)
		return tj_ident_fail(err, scheme, at, "nothing stands here");
	if (name.n > TJ_MAX_IDENT_BYTES)
		return tj_ident_fail(err, scheme, at, "%zu bytes; at most %u are allowed",
		    name.n, TJ_MAX_IDENT_BYTES);
	if (!tj_str_is_utf8(name))
		return tj_ident_fail(err, scheme, at, "not UTF-8 once decoded");
	if (control < name.n)
		return tj_ident_fail(err, scheme, at + control, "a control character");
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

static bool
is_plain(char c, const char *kept)
{
	return tj_is_alnum(c) || (c != '\0' && (strchr("-._~", c) != NULL ||
	    strchr(kept, c) != NULL));
}

void
tj_ident_escape(struct tj_buf *buf, tj_str value, const char *kept)
{
	for (size_t i = 0, n; i < value.n; i += n) {
		for (n = 0; i + n < value.n && is_plain(value.p[i + n], kept); n++)
			;
		tj_buf_put(buf, tj_str_cut(value, i, n));
		if (n == 0) {
			tj_buf_fmt(buf, "%%%02X", (unsigned)(unsigned char)value.p[i]);
			n = 1;
		}
	}
}
