#include "model/gs1.h"
#include "model/scheme.h"

/*
 * Digital Link URIs: https://host/any/stem/01/GTIN/10/LOT?17=DATE&other=…
 * Keys of the query that are no digits are somebody else's, and passed over.
 */

/* Split off what stands behind the last "/". */
static bool
cut_last(tj_str *part, tj_str *path)
{
	size_t i = path->n;

	while (i > 0 && path->p[i - 1] != '/')
		i--;
	if (i == 0)
		return false;
	*part = tj_str_cut(*path, i, path->n);
	*path = tj_str_cut(*path, 0, i - 1);
	return true;
}

/* The stem is free, so pairs of AI and value are read from the end to the key. */
static bool
find_key(tj_str *pairs, tj_str path)
{
	const struct tj_gs1_ai *row;
	tj_str rest = path, value, ai;

	do {
		if (!cut_last(&value, &rest) || !cut_last(&ai, &rest) ||
		    (row = tj_gs1_ai_find(ai)) == NULL)
			return false;
	} while (!tj_gs1_is_key(row));
	*pairs = tj_str_cut(path, rest.n + 1, path.n);
	return true;
}

static enum tj_rc
add(struct tj_gs1 *gs1, tj_str ai, tj_str raw, tj_str text, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str value;

	TRY(tj_ident_decode(&value, raw, TJ_IDENT_gs1, (size_t)(raw.p - text.p), arena, err));
	return tj_gs1_add(gs1, ai, value, raw, text, err);
}

static enum tj_rc
read_pairs(struct tj_gs1 *gs1, tj_str pairs, tj_str text, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str ai, value;

	while (tj_str_next(&ai, &pairs, '/') && tj_str_next(&value, &pairs, '/'))
		TRY(add(gs1, ai, value, text, arena, err));
	return TJ_OK;
}

static enum tj_rc
read_query(struct tj_gs1 *gs1, tj_str query, tj_str text, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str pair;

	while (tj_str_next(&pair, &query, '&')) {
		const size_t equals = tj_str_find(pair, '=');
		const tj_str ai = tj_str_cut(pair, 0, equals);

		if (!tj_ident_is_all(ai, tj_is_digit))
			continue;
		TRY(add(gs1, ai, tj_str_cut(pair, equals + 1, pair.n), text, arena, err));
		if (strchr(gs1->list[gs1->n - 1].row->flags, '?') == NULL)
			return tj_ident_fail(err, TJ_IDENT_gs1, pair.p - text.p,
			    "(%.*s) is no attribute", TJ_FMT(ai));
	}
	return TJ_OK;
}

/* The path must be the key's qualifiers, all of them and in their order. */
static enum tj_rc
check_path(struct tj_gs1 *gs1, size_t n, size_t at, struct tj_err *err)
{
	bool same;

	tj_gs1_choose_path(gs1, 0);
	same = gs1->path_n == n;
	for (size_t i = 0; same && i < n; i++)
		same = gs1->path[i] == i;
	return same ? TJ_OK : tj_ident_fail(err, TJ_IDENT_gs1, at,
	    "the qualifiers of (%.*s) are not all in the path, or not in their order",
	    TJ_FMT(gs1->list[0].ai));
}

enum tj_rc
tj_gs1_read_link(struct tj_gs1 *gs1, tj_str text, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str rest, path, query, pairs;
	size_t in_path;

	if (!tj_ident_strip(&rest, text, TJ_S("https://")) &&
	    !tj_ident_strip(&rest, text, TJ_S("http://")))
		return TJ_E_NOTFOUND;
	rest = tj_str_cut(rest, 0, tj_str_find(rest, '#'));
	path = tj_str_cut(rest, 0, tj_str_find(rest, '?'));
	query = tj_str_cut(rest, path.n + 1, rest.n);
	path = tj_str_cut(path, tj_str_find(path, '/'), path.n);	/* behind the host */
	if (!find_key(&pairs, path))
		return tj_ident_fail(err, TJ_IDENT_gs1, text.n - rest.n,
		    "a URL without a GS1 key in its path");
	TRY(read_pairs(gs1, pairs, text, arena, err));
	in_path = gs1->n;
	TRY(read_query(gs1, query, text, arena, err));
	TRY(tj_gs1_check_pairs(gs1, err));
	return check_path(gs1, in_path, (size_t)(pairs.p - text.p), err);
}
