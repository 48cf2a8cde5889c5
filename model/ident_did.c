#include "model/scheme.h"

/*
 * Decentralised identifiers: the generic grammar of W3C DID Core 3.1, and the
 * method's own where it is known: web, key, bid (Xinghuo) and cn (the industrial
 * internet's).  A path, query or fragment belongs to a DID URL and is refused.
 */

#define METHOD_AT	strlen("did:")

/* Bitcoin's base58, of did:key's "z". */
static const char base58_btc[] =
	"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

static bool
is_lower_alnum(char c)
{
	return tj_is_digit(c) || (c >= 'a' && c <= 'z');
}

static bool
is_base58(char c)
{
	return c != '\0' && strchr(base58_btc, c) != NULL;
}

static bool
is_id_char(char c)
{
	return tj_is_alnum(c) || c == '.' || c == '-' || c == '_' || c == ':' || c == '%';
}

static enum tj_rc
check_generic(tj_str id, size_t at, struct tj_err *err)
{
	for (size_t i = 0; i < id.n; i++) {
		if (!is_id_char(id.p[i]))
			return tj_ident_fail(err, TJ_IDENT_did, at + i,
			    "a character that no DID holds");
		if (id.p[i] == '%' && !tj_ident_is_escape(id, i))
			return tj_ident_fail(err, TJ_IDENT_did, at + i,
			    "%% is not followed by two hexadecimal digits");
	}
	if (id.n == 0 || id.p[id.n - 1] == ':')
		return tj_ident_fail(err, TJ_IDENT_did, at + id.n, "the DID ends too early");
	return TJ_OK;
}

static enum tj_rc
check_web(tj_str id, size_t at, struct tj_err *err)
{
	const size_t host = tj_str_find(id, ':');

	for (size_t i = 0; i < host; i++)
		if (id.p[i] == '_')
			return tj_ident_fail(err, TJ_IDENT_did, at + i,
			    "no host name holds \"_\"");
	if (host == 0)
		return tj_ident_fail(err, TJ_IDENT_did, at, "the host name is empty");
	return TJ_OK;
}

static enum tj_rc
check_key(tj_str id, size_t at, struct tj_err *err)
{
	if (id.p[0] != 'z' || !tj_ident_is_all(tj_str_cut(id, 1, id.n), is_base58))
		return tj_ident_fail(err, TJ_IDENT_did, at, "a key is \"z\" and base58");
	return TJ_OK;
}

/*
 * did:bid:[chain:]KFsuffix: four characters for the chain if there is one, e
 * (Ed25519) or z (SM2), f (base58), 22 bytes in a base58 with b and B, u and U
 * exchanged, which as a set of characters is Bitcoin's: 22 zeros are 22
 * characters, and no 22 bytes are over 31.
 */
static enum tj_rc
check_bid(tj_str id, size_t at, struct tj_err *err)
{
	const size_t colon = tj_str_find(id, ':');
	const tj_str address = colon == id.n ? id : tj_str_cut(id, colon + 1, id.n);
	const tj_str suffix = tj_str_cut(address, 2, address.n);

	if (colon != id.n && (colon != 4 || !tj_ident_is_all(tj_str_cut(id, 0, 4), is_lower_alnum)))
		return tj_ident_fail(err, TJ_IDENT_did, at,
		    "a chain's code is four digits or lower-case letters");
	at += id.n - address.n;
	if (address.n < 2 || (address.p[0] != 'e' && address.p[0] != 'z') ||
	    address.p[1] != 'f')
		return tj_ident_fail(err, TJ_IDENT_did, at,
		    "an address starts with \"ef\" or \"zf\"");
	if (suffix.n < 22 || suffix.n > 31 || !tj_ident_is_all(suffix, is_base58))
		return tj_ident_fail(err, TJ_IDENT_did, at + 2,
		    "an address is 22 bytes in base58");
	return TJ_OK;
}

/* issuer "." industry "." enterprise: 2, 3 to 5, and 1 to 128 digits. */
static enum tj_rc
check_cn(tj_str id, size_t at, struct tj_err *err)
{
	static const size_t min[] = { 2, 3, 1 }, max[] = { 2, 5, 128 };
	tj_str rest = id, segment;
	size_t n = 0;

	for (; tj_str_next(&segment, &rest, '.'); at += segment.n + 1, n++)
		if (n == 3 || !tj_ident_is_all(segment, tj_is_digit) || segment.n < min[n] ||
		    segment.n > max[n])
			return tj_ident_fail(err, TJ_IDENT_did, at,
			    "not issuer.industry.enterprise (2, 3 to 5, 1 to 128 digits)");
	if (n < 3)
		return tj_ident_fail(err, TJ_IDENT_did, at - 1, "no enterprise is named");
	return TJ_OK;
}

static const struct {
	const char	*method;
	enum tj_rc	(*check)(tj_str id, size_t at, struct tj_err *);
} methods[] = {
	{ "web", check_web }, { "key", check_key }, { "bid", check_bid }, { "cn", check_cn },
};

static enum tj_rc
check_method(tj_str method, tj_str id, size_t at, struct tj_err *err)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (tj_str_eq(method, tj_str_of(methods[i].method)))
			return methods[i].check(id, at, err);
	return TJ_OK;
}

/* Host names know no case; the path behind one does.  Escapes are in capitals. */
static void
normalise(char *p, size_t n, bool web)
{
	bool host = web;

	for (size_t i = 0; i < n; i++) {
		host = host && p[i] != ':';
		if (p[i] == '%')
			for (size_t k = i + 1; k < i + 3; k++)
				p[k] = (char)(p[k] >= 'a' ? p[k] - 'a' + 'A' : p[k]);
		if (p[i] == '%')
			i += 2;
		else if (host && p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] - 'A' + 'a');
	}
}

enum tj_rc
tj_ident_did(tj_ident *out, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	tj_str rest, method, id;
	char *p;

	if (!tj_ident_strip(&rest, text, TJ_S("did:")))
		return TJ_E_NOTFOUND;
	if (!tj_str_starts(text, TJ_S("did:")))
		return tj_ident_fail(err, TJ_IDENT_did, 0, "\"did\" is lower case");
	method = tj_str_cut(rest, 0, tj_str_find(rest, ':'));
	if (!tj_ident_is_all(method, is_lower_alnum))
		return tj_ident_fail(err, TJ_IDENT_did, METHOD_AT,
		    "a method is lower-case letters and digits");
	id = tj_str_cut(rest, method.n + 1, rest.n);
	TRY(check_generic(id, text.n - id.n, err));
	TRY(check_method(method, id, text.n - id.n, err));
	if ((p = TJ_NEWN(arena, char, text.n + 1)) == NULL)
		return tj_fail_nomem(err);
	memcpy(p, text.p, text.n);
	normalise(p + text.n - id.n, id.n, tj_str_eq(method, TJ_S("web")));
	out->canonical = (tj_str){ p, text.n };
	out->scheme = TJ_IDENT_did;
	out->granularity = TJ_MODEL;
	return TJ_OK;
}

bool
tj_did_under(tj_str canonical, tj_str authority)
{
	authority = tj_ident_bare(authority, TJ_S(""), ':');
	return tj_str_starts(canonical, authority) &&
	    tj_ident_covers(authority, canonical, ":");
}
