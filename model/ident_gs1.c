#include "model/base/buf.h"
#include "model/gs1.h"
#include "model/scheme.h"

#define HOST	"https://id.gs1.org/"

enum tj_rc
tj_gs1_read(struct tj_gs1 *out, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	static tj_gs1_reader *const readers[] = {
		tj_gs1_read_link, tj_gs1_read_elements, tj_gs1_read_epc,
	};
	enum tj_rc rc = TJ_E_NOTFOUND;
	struct tj_gs1 gs1 = { 0 };	/* a reader that knows not the shape leaves it so */

	for (size_t i = 0; i < 3 && rc == TJ_E_NOTFOUND; i++)
		rc = readers[i](&gs1, text, arena, err);
	if (rc == TJ_OK)
		*out = gs1;
	return rc;
}

static void
put_element(struct tj_buf *buf, char before, char between,
    const struct tj_gs1_element *element)
{
	tj_buf_putc(buf, before);
	tj_buf_put(buf, element->ai);
	tj_buf_putc(buf, between);
	tj_ident_escape(buf, element->value, "");
}

static bool
is_in_path(const struct tj_gs1 *gs1, size_t element)
{
	for (size_t i = 0; i < gs1->path_n; i++)
		if (gs1->path[i] == element)
			return true;
	return false;
}

/* Those of fixed length first, as in an element string. */
static void
put_attributes(struct tj_buf *buf, const struct tj_gs1 *gs1)
{
	char before = '?';

	for (int fixed = 1; fixed >= 0; fixed--)
		for (size_t i = 0; i < gs1->n; i++) {
			if (is_in_path(gs1, i) ||
			    (tj_gs1_fixed_length(gs1->list[i].row) > 0) != (fixed == 1))
				continue;
			put_element(buf, before, '=', &gs1->list[i]);
			before = '&';
		}
}

enum tj_rc
tj_gs1_format(tj_str *out, const struct tj_gs1 *gs1, bool with_attributes,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_buf buf;
	enum tj_rc rc;

	tj_buf_init(&buf, TJ_MAX_IDENT_TEXT);
	tj_buf_put(&buf, tj_str_cut(TJ_S(HOST), 0, strlen(HOST) - 1));
	for (size_t i = 0; i < gs1->path_n; i++)
		put_element(&buf, '/', '/', &gs1->list[gs1->path[i]]);
	if (with_attributes)
		put_attributes(&buf, gs1);
	rc = tj_buf_done(out, &buf, arena, err);
	tj_buf_fini(&buf);
	return rc;
}

/* Does the key name one thing by itself?  length: from which on it holds a serial. */
static bool
is_item_key(const struct tj_gs1_element *key)
{
	static const struct { const char *ai; size_t length; } items[] = {
		{ "00", 0 }, { "8004", 0 }, { "8003", 15 }, { "253", 14 }, { "255", 14 },
	};

	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		if (tj_str_eq(key->ai, tj_str_of(items[i].ai)))
			return key->value.n >= items[i].length;
	return false;
}

enum tj_granularity
tj_gs1_granularity(const struct tj_gs1 *gs1)
{
	enum tj_granularity granularity = TJ_MODEL;

	if (is_item_key(&gs1->list[gs1->path[0]]))
		return TJ_ITEM;
	for (size_t i = 1; i < gs1->path_n; i++) {
		const tj_str ai = gs1->list[gs1->path[i]].ai;

		if (tj_str_eq(ai, TJ_S("21")) || tj_str_eq(ai, TJ_S("235")) ||
		    tj_str_eq(ai, TJ_S("8011")))
			return TJ_ITEM;
		if (tj_str_eq(ai, TJ_S("10")))
			granularity = TJ_BATCH;
	}
	return granularity;
}

/* Keys of trade items, logistic units and pieces have a digit before the prefix. */
static bool
has_lead(tj_str ai)
{
	return tj_str_eq(ai, TJ_S("00")) || tj_str_eq(ai, TJ_S("01")) ||
	    tj_str_eq(ai, TJ_S("8003")) || tj_str_eq(ai, TJ_S("8006"));
}

/*
 * An authority that ends within the key is a company prefix, or more of it:
 * leading digits, whatever the indicator or extension digit in front of it is.
 */
bool
tj_gs1_under(tj_str canonical, tj_str authority)
{
	const tj_str below = tj_str_cut(canonical, strlen(HOST), canonical.n);
	const tj_str ai = tj_str_cut(below, 0, tj_str_find(below, '/'));
	const tj_str key = tj_str_cut(below, ai.n + 1, below.n);
	tj_str prefix;
	bool within;

	if (!tj_ident_strip(&prefix, authority, TJ_S(HOST)) ||
	    !tj_str_starts(prefix, ai) || prefix.n < ai.n + 2 || prefix.p[ai.n] != '/')
		return false;
	prefix = tj_str_cut(prefix, ai.n + 1, prefix.n);
	within = prefix.n < tj_str_find(key, '/');
	if (within && has_lead(ai))
		return tj_str_starts(tj_str_cut(key, 1, key.n),
		    tj_str_cut(prefix, 1, prefix.n));
	return tj_str_starts(key, prefix) &&
	    (within || prefix.n == key.n || key.p[prefix.n] == '/');
}

enum tj_rc
tj_ident_gs1(tj_ident *out, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_gs1 gs1;

	TRY(tj_gs1_read(&gs1, text, arena, err));
	TRY(tj_gs1_format(&out->canonical, &gs1, false, arena, err));
	out->scheme = TJ_IDENT_gs1;
	out->granularity = tj_gs1_granularity(&gs1);
	return TJ_OK;
}
