#include "model/scheme.h"

/*
 * URNs, RFC 8141.  Equivalent are those alike in namespace (any case) and
 * namespace-specific string (as it is, but for the case of %-escapes); the r-, q-
 * and f-components behind it take no part (section 3), so they are dropped.
 */

/* pchar of RFC 3986, or "/": section 2. */
static bool
is_nss_char(char c)
{
	return c != '\0' && (tj_is_alnum(c) || strchr("-._~!$&'()*+,;=:@/", c) != NULL);
}

static enum tj_rc
check_namespace(tj_str nid, size_t at, struct tj_err *err)
{
	if (nid.n < 2 || nid.n > 32)
		return tj_ident_fail(err, TJ_IDENT_urn, at,
		    "a namespace has 2 to 32 characters");
	for (size_t i = 0; i < nid.n; i++)
		if (!tj_is_alnum(nid.p[i]) &&
		    (nid.p[i] != '-' || i == 0 || i == nid.n - 1))
			return tj_ident_fail(err, TJ_IDENT_urn, at + i,
			    "a namespace is letters, digits and hyphens between them");
	return TJ_OK;
}

static enum tj_rc
check_specific(tj_str nss, size_t at, struct tj_err *err)
{
	if (nss.n == 0 || nss.p[0] == '/')
		return tj_ident_fail(err, TJ_IDENT_urn, at,
		    "nothing stands behind the namespace");
	for (size_t i = 0; i < nss.n; i++)
		if (!is_nss_char(nss.p[i]) && !tj_ident_is_escape(nss, i))
			return tj_ident_fail(err, TJ_IDENT_urn, at + i,
			    "a character that a URN must write as %%XX");
	return TJ_OK;
}

/* RFC 9562, section 4: 8-4-4-4-12 hexadecimal digits. */
static enum tj_rc
check_uuid(tj_str nss, size_t at, struct tj_err *err)
{
	for (size_t i = 0; i < nss.n; i++) {
		const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;

		if (hyphen ? nss.p[i] != '-' : tj_hex_digit(nss.p[i]) < 0)
			return tj_ident_fail(err, TJ_IDENT_urn, at + i,
			    "a UUID is hexadecimal digits, 8-4-4-4-12");
	}
	if (nss.n != 36)
		return tj_ident_fail(err, TJ_IDENT_urn, at + nss.n,
		    "a UUID has 36 characters");
	return TJ_OK;
}

static void
lower(char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] - 'A' + 'a');
}

static void
upper_escapes(char *p, size_t n)
{
	for (size_t i = 0; i + 2 < n; i++)
		for (size_t k = 1; p[i] == '%' && k <= 2; k++)
			if (p[i + k] >= 'a' && p[i + k] <= 'f')
				p[i + k] = (char)(p[i + k] - 'a' + 'A');
}

/* Where the r- ("?+"), q- ("?=") or f-component ("#") starts, or the end. */
static size_t
find_components(tj_str text)
{
	const size_t question = tj_str_find(text, '?'), hash = tj_str_find(text, '#');

	return question < hash ? question : hash;
}

enum tj_rc
tj_ident_urn(tj_ident *out, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	const size_t start = strlen("urn:");
	tj_str rest, nid, nss;
	bool uuid;
	char *p;

	if (!tj_ident_strip(&rest, text, TJ_S("urn:")))
		return TJ_E_NOTFOUND;
	rest = tj_str_cut(rest, 0, find_components(rest));
	nid = tj_str_cut(rest, 0, tj_str_find(rest, ':'));
	nss = tj_str_cut(rest, nid.n + 1, rest.n);
	uuid = tj_str_eq_nocase(nid, TJ_S("uuid"));
	TRY(check_namespace(nid, start, err));
	TRY(check_specific(nss, start + nid.n + 1, err));
	if (uuid)
		TRY(check_uuid(nss, start + nid.n + 1, err));
	if ((p = TJ_NEWN(arena, char, start + rest.n + 1)) == NULL)
		return tj_fail_nomem(err);
	memcpy(p, text.p, start + rest.n);
	lower(p, uuid ? start + rest.n : start + nid.n);
	upper_escapes(p + start + nid.n, rest.n - nid.n);
	out->canonical = (tj_str){ p, start + rest.n };
	out->scheme = TJ_IDENT_urn;
	out->granularity = TJ_MODEL;
	return TJ_OK;
}

bool
tj_urn_under(tj_str canonical, tj_str authority)
{
	authority = tj_ident_bare(authority, TJ_S(""), ':');
	return tj_str_starts(canonical, authority) &&
	    tj_ident_covers(authority, canonical, ":");
}
