#include "exchange/base32.h"
#include "exchange/label.h"
#include "model/base/limits.h"
#include "model/scheme.h"

#define GS1_SITE	"https://id.gs1.org"

static bool
is_of_host(char c)
{
	return tj_is_alnum(c) || c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
}

bool
tj_label_site_ok(tj_str site)
{
	return tj_str_starts(site, TJ_S("https://")) &&
	    tj_ident_is_all(tj_str_cut(site, strlen("https://"), site.n), is_of_host);
}

enum tj_rc
tj_label_link(tj_str *text, const struct tj_label *label, tj_str site, tj_str code,
    struct tj_arena *arena, struct tj_err *err)
{
	const tj_str letters = tj_base32_encode(code, arena);
	struct tj_buf buf;
	enum tj_rc rc;
	tj_str path;

	if (letters.p == NULL)
		return tj_fail_nomem(err);
	tj_buf_init(&buf, TJ_MAX_IDENT_TEXT + 2 * TJ_MAX_LABEL_BYTES);
	tj_buf_put(&buf, site);
	if (tj_ident_strip(&path, label->product, TJ_S(GS1_SITE))) {
		tj_buf_put(&buf, path);
	} else {
		tj_buf_putc(&buf, '/');
		tj_ident_escape(&buf, tj_str_cut(label->product, strlen("hdl:"),
		    label->product.n), "/");
	}
	tj_buf_put(&buf, TJ_S("?C="));
	tj_buf_put(&buf, letters);
	rc = tj_buf_done(text, &buf, arena, err);
	tj_buf_fini(&buf);
	return rc;
}

/* Looks for C among the parameters; true where there are two. */
static bool
find_code(tj_str *letters, tj_str parameters)
{
	tj_str pair;

	while (tj_str_next(&pair, &parameters, '&')) {
		if (!tj_str_starts(pair, TJ_S("C=")))
			continue;
		if (letters->p != NULL)
			return true;
		*letters = tj_str_cut(pair, 2, pair.n);
	}
	return false;
}

enum tj_rc
tj_label_unlink(tj_str *code, tj_str *link, tj_str text, struct tj_arena *arena,
    struct tj_err *err)
{
	const size_t hash = tj_str_find(text, '#');
	const tj_str before = tj_str_cut(text, 0, hash);
	const size_t mark = tj_str_find(before, '?');
	tj_str letters = { NULL, 0 }, rest;

	if (text.n > TJ_MAX_IDENT_TEXT + 2 * TJ_MAX_LABEL_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a label's text of %zu bytes", text.n);
	if (!tj_ident_strip(&rest, text, TJ_S("https://")) &&
	    !tj_ident_strip(&rest, text, TJ_S("http://")))
		return tj_fail(err, TJ_E_DATA, "not the link of a label: no https:// before it");
	if (find_code(&letters, tj_str_cut(before, mark + 1, before.n)) ||
	    find_code(&letters, tj_str_cut(text, hash + 1, text.n)))
		return tj_fail(err, TJ_E_DATA, "a link with two labels");
	if (letters.p == NULL)
		return tj_fail(err, TJ_E_DATA, "a link without a label: no C= behind it");
	TRY(tj_base32_decode(code, letters, arena, err));
	*link = tj_str_cut(before, 0, mark);
	return TJ_OK;
}

/* The link's path is the handle. */
static enum tj_rc
ident_of_path(tj_ident *ident, tj_str link, struct tj_arena *arena, struct tj_err *err)
{
	const tj_str behind = tj_str_cut(link, tj_str_find(link, '/') + 2, link.n);
	const size_t slash = tj_str_find(behind, '/');
	tj_str path, text;

	TRY(tj_ident_decode(&path, tj_str_cut(behind, slash + 1, behind.n), TJ_IDENT_handle,
	    link.n - behind.n + slash + 1, arena, err));
	if ((text = tj_str_fmt(arena, "hdl:%.*s", TJ_FMT(path))).p == NULL)
		return tj_fail_nomem(err);
	return tj_ident_parse(ident, text, arena, err);
}

enum tj_rc
tj_label_at(const struct tj_label *label, tj_str link, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_ident ident;

	if (tj_str_starts(label->product, TJ_S(GS1_SITE)))
		TRY(tj_ident_parse(&ident, link, arena, err));
	else
		TRY(ident_of_path(&ident, link, arena, err));
	if (tj_str_eq(ident.canonical, label->product))
		return TJ_OK;
	return tj_fail(err, TJ_E_REFUSED, "the label is of %.*s, the link of %.*s",
	    TJ_FMT(label->product), TJ_FMT(ident.canonical));
}
