#include <math.h>

#include "exchange/locations.h"
#include "exchange/xml.h"
#include "model/base/limits.h"

struct locations {
	const struct tj_xml	**list;		/* [count] that may still be chosen */
	size_t			  count;
};

/* "0.5", and nothing that a number of C might be besides. */
static double
number_of(tj_str text, double otherwise)
{
	double whole = 0, scale = 1;
	bool after_point = false;

	if (text.n == 0 || text.n > 32)
		return otherwise;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '.' && !after_point) {
			after_point = true;
			continue;
		}
		if (!tj_is_digit(text.p[i]))
			return otherwise;
		whole = whole * 10 + (text.p[i] - '0');
		scale *= after_point ? 10 : 1;
	}
	return whole / scale;
}

/* What a method leaves; where it leaves nothing, all stay. */
static void
keep(struct locations *from, const bool *kept)
{
	size_t n = 0;

	for (size_t i = 0; i < from->count; i++)
		if (kept[i])
			n++;
	if (n == 0)
		return;
	n = 0;
	for (size_t i = 0; i < from->count; i++)
		if (kept[i])
			from->list[n++] = from->list[i];
	from->count = n;
}

static void
by_attribute(struct locations *from, bool *kept, tj_str asked)
{
	const size_t colon = tj_str_find(asked, ':');
	const tj_str name = tj_str_cut(asked, 0, colon);
	const tj_str value = tj_str_cut(asked, colon + 1, asked.n);

	if (colon == asked.n)
		return;
	for (size_t i = 0; i < from->count; i++) {
		kept[i] = false;
		for (size_t k = 0; k < from->list[i]->attr_count; k++)
			if (tj_str_eq(from->list[i]->attrs[k].name, name) &&
			    tj_str_eq_nocase(from->list[i]->attrs[k].value, value))
				kept[i] = true;
	}
	keep(from, kept);
}

/* Where somebody is, nobody knows: those for no country in particular. */
static void
by_country(struct locations *from, bool *kept)
{
	for (size_t i = 0; i < from->count; i++)
		kept[i] = tj_xml_attr(from->list[i], "country").p == NULL;
	keep(from, kept);
}

static void
by_score(struct locations *from, bool *kept)
{
	double best = -1;

	for (size_t i = 0; i < from->count; i++)
		best = fmax(best, number_of(tj_xml_attr(from->list[i], "score"), 0));
	for (size_t i = 0; i < from->count; i++)
		kept[i] = number_of(tj_xml_attr(from->list[i], "score"), 0) == best;
	keep(from, kept);
}

/* A location without a weight weighs one; where all weigh nothing, all weigh the same. */
static const struct tj_xml *
by_weight(const struct locations *from, double chance)
{
	const size_t any = (size_t)(chance * (double)from->count);
	double total = 0, at = 0;

	for (size_t i = 0; i < from->count; i++)
		total += number_of(tj_xml_attr(from->list[i], "weight"), 1);
	for (size_t i = 0; total > 0 && i < from->count; i++) {
		at += number_of(tj_xml_attr(from->list[i], "weight"), 1);
		if (chance * total < at)
			return from->list[i];
	}
	return from->list[any < from->count ? any : from->count - 1];
}

static const struct tj_xml *
choose(struct locations *from, bool *kept, tj_str methods, tj_str locatt, double chance)
{
	tj_str rest = methods, method;

	while (from->count > 1 && tj_str_next(&method, &rest, ',')) {
		method = tj_str_trim(method);
		if (tj_str_eq(method, TJ_S("locatt")))
			by_attribute(from, kept, locatt);
		else if (tj_str_eq(method, TJ_S("country")))
			by_country(from, kept);
		else if (tj_str_eq(method, TJ_S("score")))
			by_score(from, kept);
		else if (tj_str_eq(method, TJ_S("weighted")))
			break;
	}
	return by_weight(from, chance);
}

static enum tj_rc
collect(struct locations *out, const struct tj_xml *root, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_xml *const first = tj_xml_child(root, "location");
	struct locations made = { .count = 0 };
	size_t n = 0;

	for (const struct tj_xml *at = first; at != NULL; at = tj_xml_next(at, "location"))
		n++;
	if ((made.list = TJ_NEWN(arena, const struct tj_xml *, n)) == NULL)
		return tj_fail_nomem(err);
	for (const struct tj_xml *at = first; at != NULL; at = tj_xml_next(at, "location"))
		if (tj_xml_attr(at, "href").n > 0)
			made.list[made.count++] = at;
	*out = made;
	return TJ_OK;
}

enum tj_rc
tj_location_choose(tj_str *href, tj_str xml, tj_str locatt, double chance,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_xml *root;
	struct locations from;
	tj_str methods;
	bool *kept;

	TRY(tj_xml_read(&root, TJ_S(TJ_LOCATIONS_TYPE), xml, arena, err));
	if (!tj_str_eq(root->name, TJ_S("locations")))
		return tj_fail(err, TJ_E_DATA, "expected <locations>");
	TRY(collect(&from, root, arena, err));
	if (from.count == 0)
		return tj_fail(err, TJ_E_NOTFOUND, "no location with a href");
	if ((kept = TJ_NEWN(arena, bool, from.count)) == NULL)
		return tj_fail_nomem(err);
	methods = tj_xml_attr(root, "chooseby");
	if (methods.p == NULL)
		methods = TJ_S("locatt,address,country,score,weighted");
	*href = tj_xml_attr(choose(&from, kept, methods, locatt, chance), "href");
	return TJ_OK;
}
