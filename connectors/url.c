#include "connectors/url.h"
#include "model/base/buf.h"
#include "model/base/limits.h"

bool
tj_url_is_secure(tj_str url)
{
	return tj_str_eq_nocase(tj_str_cut(url, 0, 8), TJ_S("https://"));
}

static bool
is_of_host(char c)
{
	return tj_is_alnum(c) || (c != '\0' && strchr(".-_:[]", c) != NULL);
}

enum tj_rc
tj_url_origin(tj_str *origin, tj_str url, struct tj_err *err)
{
	const size_t head = tj_url_is_secure(url) ? 8 : 7;
	size_t end = head;

	if (head == 7 && !tj_str_eq_nocase(tj_str_cut(url, 0, 7), TJ_S("http://")))
		return tj_fail(err, TJ_E_DATA, "expected https://… or http://…, found \"%.*s\"",
		    TJ_FMT(url));
	while (end < url.n && is_of_host(url.p[end]))
		end++;
	if (end == head || (end < url.n && strchr("/?#", url.p[end]) == NULL) ||
	    tj_str_control(url) < url.n)
		return tj_fail(err, TJ_E_DATA, "expected a host and perhaps a port, found \"%.*s\"",
		    TJ_FMT(url));
	for (size_t i = end; i < url.n; i++)
		if ((unsigned char)url.p[i] <= ' ' || url.p[i] == 0x7f || url.p[i] == '\\')
			return tj_fail(err, TJ_E_DATA, "a URL with blanks or backslashes: \"%.*s\"",
			    TJ_FMT(url));
	*origin = tj_str_cut(url, 0, end);
	return TJ_OK;
}

enum tj_rc
tj_url_base(tj_str *base, tj_str text, struct tj_err *err)
{
	tj_str origin;

	while (text.n > 0 && text.p[text.n - 1] == '/')
		text.n--;
	TRY(tj_url_origin(&origin, text, err));
	if (tj_str_find(text, '?') < text.n || tj_str_find(text, '#') < text.n)
		return tj_fail(err, TJ_E_DATA, "expected an address without \"?\" and \"#\", "
		    "found \"%.*s\"", TJ_FMT(text));
	*base = text;
	return TJ_OK;
}

static bool
stands(char c)
{
	return tj_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~' || c == '/';
}

static tj_str
url_make(tj_str base, const char *path, tj_str name, const char *query, struct tj_arena *arena)
{
	struct tj_buf buf;
	tj_str url = { NULL, 0 };

	tj_buf_init(&buf, base.n + 3 * name.n + strlen(query) + 32);
	tj_buf_put(&buf, base);
	tj_buf_put(&buf, tj_str_of(path));
	for (size_t i = 0; i < name.n; i++)
		if (stands(name.p[i]))
			tj_buf_putc(&buf, name.p[i]);
		else
			tj_buf_fmt(&buf, "%%%02X", (unsigned char)name.p[i]);
	tj_buf_put(&buf, tj_str_of(query));
	if (!buf.failed)
		url = tj_str_dup(tj_buf_view(&buf), arena);
	tj_buf_fini(&buf);
	return url;
}

tj_str
tj_url_of_handle(tj_str base, tj_str handle, const char *query, struct tj_arena *arena)
{
	return url_make(base, "/api/handles/", handle, query, arena);
}

tj_str
tj_url_of_proof(tj_str base, tj_str id, struct tj_arena *arena)
{
	return url_make(base, "/tanji/proof?id=", id, "", arena);
}
