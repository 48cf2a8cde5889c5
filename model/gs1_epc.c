#include "model/gs1.h"
#include "model/scheme.h"

/*
 * EPC URNs of pure identities, "urn:epc:id:sgtin:PREFIX.REFERENCE.SERIAL": the
 * same keys with the company prefix set apart and the check digit left out.  The
 * layouts follow common use; the Tag Data Standard itself was not read.
 */
static const struct layout {
	const char	*name;		/* behind "urn:epc:" */
	const char	*ai;
	size_t		 digits;	/* of prefix and reference; 0: any characters */
	const char	*front;		/* of the key: "0", or "+" for the reference's first digit */
	size_t		 appended;	/* parts that are the end of the key */
	const char	*qualifier;	/* the AI of the last part; "" if there is none */
} layouts[] = {
	{ "id:sgtin:",    "01",   13, "+", 0, "21" },
	{ "class:lgtin:", "01",   13, "+", 0, "10" },
	{ "idpat:sgtin:", "01",   13, "+", 0, "*" },
	{ "id:upui:",     "01",   13, "+", 0, "235" },
	{ "id:itip:",     "8006", 13, "+", 2, "21" },
	{ "id:sscc:",     "00",   17, "+", 0, "" },
	{ "id:sgln:",     "414",  12, "",  0, "254" },
	{ "id:pgln:",     "417",  12, "",  0, "" },
	{ "id:grai:",     "8003", 12, "0", 1, "" },
	{ "id:giai:",     "8004", 0,  "",  0, "" },
	{ "id:gdti:",     "253",  12, "",  1, "" },
	{ "id:sgcn:",     "255",  12, "",  1, "" },
	{ "id:gsrn:",     "8018", 17, "",  0, "" },
	{ "id:gsrnp:",    "8017", 17, "",  0, "" },
	{ "id:gsin:",     "402",  16, "",  0, "" },
	{ "id:ginc:",     "401",  0,  "",  0, "" },
	{ "id:cpi:",      "8010", 0,  "",  0, "8011" },
};

#define MAX_PARTS	5	/* itip: prefix, reference, piece, total, serial */

static const struct layout *
find_layout(tj_str *body, tj_str name)
{
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)
		if (tj_ident_strip(body, name, tj_str_of(layouts[i].name)))
			return &layouts[i];
	return NULL;
}

/* The last part may hold dots of its own. */
static size_t
split(tj_str parts[MAX_PARTS], tj_str body, size_t count)
{
	size_t n = 0;

	while (n + 1 < count && tj_str_find(body, '.') < body.n && body.p != NULL)
		(void)tj_str_next(&parts[n++], &body, '.');
	parts[n++] = body;
	return n;
}

static size_t
put(char *digits, size_t n, tj_str s)
{
	for (size_t i = 0; i < s.n; i++)
		digits[n++] = s.p[i];
	return n;
}

/* Prefix and reference as the key has them, and the check digit behind them. */
static enum tj_rc
make_digits(tj_str *out, const struct layout *layout, tj_str prefix, tj_str reference,
    tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	const bool leads = layout->front[0] == '+';
	char digits[20];	/* one in front, 17 at most, one behind */
	size_t n;

	if (prefix.n < 4 || prefix.n > 12 || !tj_ident_is_all(prefix, tj_is_digit))
		return tj_ident_fail(err, TJ_IDENT_gs1, prefix.p - text.p,
		    "a company prefix has 4 to 12 digits");
	if (prefix.n + reference.n != layout->digits || (leads && reference.n == 0) ||
	    (reference.n > 0 && !tj_ident_is_all(reference, tj_is_digit)))
		return tj_ident_fail(err, TJ_IDENT_gs1, reference.p - text.p,
		    "prefix and reference have %zu digits together", layout->digits);
	n = put(digits, 0, leads ? tj_str_cut(reference, 0, 1) : tj_str_of(layout->front));
	n = put(digits, n, prefix);
	n = put(digits, n, tj_str_cut(reference, leads, reference.n));
	digits[n] = tj_gs1_check_digit((tj_str){ digits, n });
	return tj_ident_join(out, (tj_str){ digits, n + 1 }, TJ_S(""), arena, err);
}

static enum tj_rc
append(tj_str *value, tj_str raw, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	tj_str part;

	TRY(tj_ident_decode(&part, raw, TJ_IDENT_gs1, (size_t)(raw.p - text.p), arena, err));
	return tj_ident_join(value, *value, part, arena, err);
}

static enum tj_rc
add_key(struct tj_gs1 *gs1, const struct layout *layout, const tj_str parts[MAX_PARTS],
    tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	tj_str value = parts[0];

	if (layout->digits > 0)
		TRY(make_digits(&value, layout, parts[0], parts[1], text, arena, err));
	else
		TRY(append(&value, parts[1], text, arena, err));
	for (size_t i = 0; i < layout->appended; i++)
		TRY(append(&value, parts[2 + i], text, arena, err));
	return tj_gs1_add(gs1, tj_str_of(layout->ai), value, parts[0], text, err);
}

/* "*" is any serial: the class itself.  A location's "0" is no extension. */
static enum tj_rc
add_qualifier(struct tj_gs1 *gs1, const struct layout *layout, tj_str raw, tj_str text,
    struct tj_arena *arena, struct tj_err *err)
{
	const tj_str ai = tj_str_of(layout->qualifier);
	tj_str value;

	if (tj_str_eq(ai, TJ_S("*")))
		return tj_str_eq(raw, TJ_S("*")) ? TJ_OK : tj_ident_fail(err, TJ_IDENT_gs1,
		    raw.p - text.p, "a pattern of a class ends in \"*\"");
	if (ai.n == 0 || (tj_str_eq(ai, TJ_S("254")) && tj_str_eq(raw, TJ_S("0"))))
		return TJ_OK;
	TRY(tj_ident_decode(&value, raw, TJ_IDENT_gs1, (size_t)(raw.p - text.p), arena, err));
	return tj_gs1_add(gs1, ai, value, raw, text, err);
}

enum tj_rc
tj_gs1_read_epc(struct tj_gs1 *gs1, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	const struct layout *layout;
	tj_str name, body = { NULL, 0 }, parts[MAX_PARTS] = { { NULL, 0 } };
	size_t count;

	if (!tj_ident_strip(&name, text, TJ_S("urn:epc:")))
		return TJ_E_NOTFOUND;
	if ((layout = find_layout(&body, name)) == NULL)
		return tj_ident_fail(err, TJ_IDENT_gs1, text.n - name.n,
		    "an EPC of a kind that is not read");
	count = 2 + layout->appended + (layout->qualifier[0] != '\0');
	if (split(parts, body, count) != count)
		return tj_ident_fail(err, TJ_IDENT_gs1, text.n - body.n,
		    "an EPC of this kind has %zu parts between dots", count);
	TRY(add_key(gs1, layout, parts, text, arena, err));
	TRY(add_qualifier(gs1, layout, parts[count - 1], text, arena, err));
	TRY(tj_gs1_check_pairs(gs1, err));
	tj_gs1_choose_path(gs1, 0);
	return TJ_OK;
}
