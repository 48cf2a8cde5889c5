#include "model/gs1.h"
#include "model/scheme.h"

/* Reads gs1_ai.def: formats, pairings, qualifiers. */

static const struct tj_gs1_ai rows[] = {
#define X(ais, flags, format, rules) { ais, flags, format, rules },
#include "model/gs1_ai.def"
#undef X
};

#define ROWS	(sizeof(rows) / sizeof(rows[0]))

/* "3100-3105" is from 3100 to 3105, "10" from 10 to 10. */
static void
row_range(tj_str *first, tj_str *last, const struct tj_gs1_ai *row)
{
	const tj_str ais = tj_str_of(row->ais);
	const size_t dash = tj_str_find(ais, '-');

	*first = tj_str_cut(ais, 0, dash);
	*last = dash == ais.n ? *first : tj_str_cut(ais, dash + 1, ais.n);
}

const struct tj_gs1_ai *
tj_gs1_ai_find(tj_str ai)
{
	size_t low = 0, high = ROWS;
	tj_str first, last;

	while (low < high) {		/* the first row that starts behind ai */
		const size_t middle = low + (high - low) / 2;

		row_range(&first, &last, &rows[middle]);
		if (tj_str_cmp(first, ai) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return NULL;
	row_range(&first, &last, &rows[low - 1]);
	for (size_t i = 0; i < ai.n; i++)
		if (!tj_is_digit(ai.p[i]))
			return NULL;
	return ai.n == first.n && tj_str_cmp(ai, last) <= 0 ? &rows[low - 1] : NULL;
}

/* One part of a format: "[X..17],csum" is at most 17 of X, may be absent, csum. */
struct part {
	char	set;
	size_t	min, max;
	bool	optional;
	tj_str	lints;
};

static struct part
read_part(tj_str text)
{
	struct part part = { .optional = text.p[0] == '[' };
	size_t i = part.optional, n = 0;
	bool range;

	part.set = text.p[i++];
	range = i < text.n && text.p[i] == '.';
	for (i += range ? 2 : 0; i < text.n && tj_is_digit(text.p[i]); i++)
		n = n * 10 + (size_t)(text.p[i] - '0');
	part.max = n;
	part.min = range ? 1 : n;
	part.lints = tj_str_cut(text, i + part.optional + 1, text.n);
	return part;
}

static bool
in_set(char c, char set)
{
	if (set == 'N')
		return tj_is_digit(c);
	if (c == '\0')
		return false;
	if (set == 'Y')
		return tj_is_digit(c) || (c >= 'A' && c <= 'Z') || strchr("#-/", c) != NULL;
	if (set == 'Z')
		return tj_is_alnum(c) || strchr("-_=", c) != NULL;
	return tj_is_alnum(c) || strchr("!\"%&'()*+,-./:;<=>?_", c) != NULL;
}

/* Takes the part off the front of *rest.  NULL, or the fault and where in *rest. */
static const char *
check_part(size_t *at, tj_str *rest, const struct part *part)
{
	const tj_str here = tj_str_cut(*rest, 0, part->max);
	tj_str lints = part->lints, lint;
	const char *fault;

	for (*at = 0; *at < here.n; ++*at)
		if (!in_set(here.p[*at], part->set))
			return part->set == 'N' ? "not a digit" :
			    "a character that is not allowed here";
	if (here.n < part->min)
		return here.n == 0 ? "the value is empty or too short" :
		    "the value is too short";
	while (lints.n > 0 && tj_str_next(&lint, &lints, ','))
		if ((fault = tj_gs1_lint(at, lint, here)) != NULL)
			return fault;
	*rest = tj_str_cut(*rest, here.n, rest->n);
	return NULL;
}

static const char *
check_value(size_t *at, tj_str value, const struct tj_gs1_ai *row)
{
	tj_str format = tj_str_of(row->format), text, rest = value;
	const char *fault;

	while (tj_str_next(&text, &format, ' ')) {
		const struct part part = read_part(text);

		if (part.optional && rest.n == 0)
			break;
		if ((fault = check_part(at, &rest, &part)) != NULL) {
			*at += value.n - rest.n;
			return fault;
		}
	}
	*at = value.n - rest.n;
	return rest.n == 0 ? NULL : "the value is too long";
}

size_t
tj_gs1_fixed_length(const struct tj_gs1_ai *row)
{
	return row->flags[0] == '*' ? read_part(tj_str_of(row->format)).max : 0;
}

/*
 * Byte `at` of a value in the text it was read from, where it may stand with
 * escapes or without its leading zeros.
 */
static size_t
place(tj_str text, tj_str raw, tj_str value, size_t at)
{
	const size_t zeros = value.n > raw.n ? value.n - raw.n : 0;
	size_t i = 0;

	for (at -= at < zeros ? at : zeros; at > 0 && i < raw.n; at--)
		i += value.p != raw.p && raw.p[i] == '%' && raw.n - i > 2 ? 3 : 1;
	return (size_t)(raw.p - text.p) + i;
}

enum tj_rc
tj_gs1_add(struct tj_gs1 *gs1, tj_str ai, tj_str value, tj_str raw, tj_str text,
    struct tj_err *err)
{
	const struct tj_gs1_ai *row = tj_gs1_ai_find(ai);
	const size_t start = (size_t)(raw.p - text.p);
	const char *fault;
	size_t at;

	if (row == NULL)
		return tj_ident_fail(err, TJ_IDENT_gs1, start,
		    "(%.*s) is no application identifier", TJ_FMT(tj_str_cut(ai, 0, 8)));
	if ((fault = check_value(&at, value, row)) != NULL)
		return tj_ident_fail(err, TJ_IDENT_gs1, place(text, raw, value, at),
		    "(%.*s) %s", TJ_FMT(ai), fault);
	for (size_t i = 0; i < gs1->n; i++)
		if (tj_str_eq(gs1->list[i].ai, ai))
			return tj_ident_fail(err, TJ_IDENT_gs1, start,
			    "(%.*s) stands here twice", TJ_FMT(ai));
	if (gs1->n == TJ_MAX_GS1_ELEMENTS)
		return tj_fail(err, TJ_E_LIMIT, "gs1 identifier: over %d elements",
		    TJ_MAX_GS1_ELEMENTS);
	gs1->list[gs1->n++] = (struct tj_gs1_element){ ai, value, row };
	return TJ_OK;
}

/* "394n": any digit for n. */
static bool
matches(tj_str ai, tj_str pattern)
{
	for (size_t i = 0; i < pattern.n; i++)
		if (i >= ai.n || (pattern.p[i] != 'n' && pattern.p[i] != ai.p[i]))
			return false;
	return ai.n == pattern.n;
}

/* Is there an element like this, other than `self`? */
static bool
is_there(const struct tj_gs1 *gs1, tj_str pattern, const struct tj_gs1_element *self)
{
	for (size_t i = 0; i < gs1->n; i++)
		if (&gs1->list[i] != self && matches(gs1->list[i].ai, pattern))
			return true;
	return false;
}

/* All of "01+21"? */
static bool
is_group_there(const struct tj_gs1 *gs1, tj_str group)
{
	tj_str pattern;

	while (tj_str_next(&pattern, &group, '+'))
		if (!is_there(gs1, pattern, NULL))
			return false;
	return true;
}

static enum tj_rc
check_required(const struct tj_gs1 *gs1, tj_str ai, tj_str groups, struct tj_err *err)
{
	tj_str group, rest = groups;

	while (tj_str_next(&group, &rest, ','))
		if (is_group_there(gs1, group))
			return TJ_OK;
	return tj_ident_fail(err, TJ_IDENT_gs1, 0, "(%.*s) must stand with one of %.*s",
	    TJ_FMT(ai), TJ_FMT(groups));
}

static enum tj_rc
check_excluded(const struct tj_gs1 *gs1, const struct tj_gs1_element *self,
    tj_str patterns, struct tj_err *err)
{
	tj_str pattern;

	while (tj_str_next(&pattern, &patterns, ','))
		if (is_there(gs1, pattern, self))
			return tj_ident_fail(err, TJ_IDENT_gs1, 0,
			    "(%.*s) must not stand with %.*s", TJ_FMT(self->ai),
			    TJ_FMT(pattern));
	return TJ_OK;
}

enum tj_rc
tj_gs1_check_pairs(const struct tj_gs1 *gs1, struct tj_err *err)
{
	for (size_t i = 0; i < gs1->n; i++) {
		const struct tj_gs1_element *element = &gs1->list[i];
		tj_str rules = tj_str_of(element->row->rules), rule, list;

		while (tj_str_next(&rule, &rules, ' ')) {
			if (tj_ident_strip(&list, rule, TJ_S("req=")))
				TRY(check_required(gs1, element->ai, list, err));
			else if (tj_ident_strip(&list, rule, TJ_S("ex=")))
				TRY(check_excluded(gs1, element, list, err));
		}
	}
	return TJ_OK;
}

/* The row's "dlpkey" or "dlpkey=22,10,21|235"; false where it is no key. */
static bool
find_key_rule(tj_str *alternatives, const struct tj_gs1_ai *row)
{
	tj_str rules = tj_str_of(row->rules), rule;

	while (tj_str_next(&rule, &rules, ' '))
		if (tj_ident_strip(alternatives, rule, TJ_S("dlpkey"))) {
			*alternatives = tj_str_cut(*alternatives, 1, alternatives->n);
			return true;
		}
	return false;
}

bool
tj_gs1_is_key(const struct tj_gs1_ai *row)
{
	tj_str alternatives;

	return find_key_rule(&alternatives, row);
}

/* The qualifiers of one alternative that are there, in its order. */
static size_t
follow(size_t path[TJ_GS1_PATH], const struct tj_gs1 *gs1, tj_str alternative)
{
	tj_str ai;
	size_t n = 1;

	while (tj_str_next(&ai, &alternative, ','))
		for (size_t i = 0; i < gs1->n && n < TJ_GS1_PATH; i++)
			if (tj_str_eq(gs1->list[i].ai, ai))
				path[n++] = i;
	return n;
}

void
tj_gs1_choose_path(struct tj_gs1 *gs1, size_t key)
{
	size_t path[TJ_GS1_PATH] = { key };
	tj_str alternatives, alternative;

	gs1->path[0] = key;
	gs1->path_n = 1;
	if (!find_key_rule(&alternatives, gs1->list[key].row))
		return;
	while (tj_str_next(&alternative, &alternatives, '|')) {
		const size_t n = follow(path, gs1, alternative);

		if (n > gs1->path_n) {
			memcpy(gs1->path, path, sizeof(path));
			gs1->path_n = n;
		}
	}
}
