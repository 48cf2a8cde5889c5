#include "model/scheme.h"

/*
 * Handle = prefix "/" suffix.  The prefix is segments between dots; the suffix is
 * any UTF-8, "/", "?", "#" and blanks included.  Servers fold the case of ASCII
 * letters and of nothing else, and so does the canonical form.  Digits are text:
 * 88.101.0042 and 88.101.42 are two enterprises of China's industrial internet.
 */

/*
 * May this be read as a handle though nothing says so?  Material codes hold
 * slashes and dots too, so only where the prefix is numbers between dots and
 * starts with the two digits of a global prefix (10, 20, 86, 88 …), or is 0.NA.
 */
static bool
is_bare(tj_str text)
{
	const size_t slash = tj_str_find(text, '/');
	tj_str rest = tj_str_cut(text, 0, slash), segment;
	size_t n = 0;

	if (slash == text.n)
		return false;
	if (tj_str_eq_nocase(rest, TJ_S("0.NA")))
		return true;
	for (; tj_str_next(&segment, &rest, '.'); n++)
		if (!tj_ident_is_all(segment, tj_is_digit) || (n == 0 && segment.n != 2))
			return false;
	return n >= 2;
}

/* The URL of the public proxy; what a browser adds behind the path is no part. */
static bool
is_proxied(tj_str *path, tj_str text)
{
	if (!tj_ident_strip(path, text, TJ_S("https://hdl.handle.net/")) &&
	    !tj_ident_strip(path, text, TJ_S("http://hdl.handle.net/")))
		return false;
	*path = tj_str_cut(*path, 0, tj_str_find(*path, '#'));
	*path = tj_str_cut(*path, 0, tj_str_find(*path, '?'));
	return true;
}

static enum tj_rc
check_prefix(tj_str handle, size_t at, struct tj_err *err)
{
	const size_t slash = tj_str_find(handle, '/');
	tj_str rest = tj_str_cut(handle, 0, slash), segment;
	size_t from = 0;

	if (slash == handle.n)
		return tj_ident_fail(err, TJ_IDENT_handle, at + handle.n,
		    "no \"/\" divides prefix and suffix");
	for (; tj_str_next(&segment, &rest, '.'); from += segment.n + 1)
		if (segment.n == 0)
			return tj_ident_fail(err, TJ_IDENT_handle, at + from,
			    "a segment of the prefix is empty");
	if (slash + 1 == handle.n)
		return tj_ident_fail(err, TJ_IDENT_handle, at + handle.n,
		    "the suffix is empty");
	return TJ_OK;
}

enum tj_rc
tj_ident_handle(tj_ident *out, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	tj_str handle, path, upper;
	size_t at;

	if (is_proxied(&path, text)) {
		at = (size_t)(path.p - text.p);
		TRY(tj_ident_decode(&handle, path, TJ_IDENT_handle, at, arena, err));
	} else if (tj_ident_strip(&handle, text, TJ_S("hdl:"))) {
		at = text.n - handle.n;
	} else if (is_bare(text)) {
		handle = text;
		at = 0;
	} else {
		return TJ_E_NOTFOUND;
	}
	TRY(tj_ident_check_name(handle, TJ_IDENT_handle, at, err));
	TRY(check_prefix(handle, at, err));
	if ((upper = tj_str_upper(handle, arena)).p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_ident_join(&out->canonical, TJ_S("hdl:"), upper, arena, err));
	out->scheme = TJ_IDENT_handle;
	out->granularity = TJ_MODEL;
	return TJ_OK;
}

/* Dots divide a prefix only: below a whole handle there are but slashes. */
bool
tj_handle_under(tj_str canonical, tj_str authority)
{
	const tj_str name = tj_str_cut(canonical, strlen("hdl:"), canonical.n);

	authority = tj_ident_bare(authority, TJ_S("hdl:"), '/');
	return tj_ident_covers(authority, name,
	    tj_str_find(authority, '/') == authority.n ? "./" : "/");
}
