#include "model/scheme.h"

/*
 * Object identifiers in dot notation: arcs without leading zeros, the first 0 to
 * 2, the second at most 39 below 0 and 1 (ITU-T X.660 | ISO/IEC 9834-1).
 */

/* What is wrong with this arc, or NULL. */
static const char *
arc_fault(tj_str arc, size_t number, char first_arc)
{
	for (size_t i = 0; i < arc.n; i++)
		if (!tj_is_digit(arc.p[i]))
			return "an arc is a number";
	if (arc.n == 0)
		return "an arc is empty";
	if (arc.n > 1 && arc.p[0] == '0')
		return "an arc has no leading zeros";
	if (number == 0 && (arc.n > 1 || arc.p[0] > '2'))
		return "the first arc is 0, 1 or 2";
	if (number == 1 && first_arc < '2' && (arc.n > 2 || (arc.n == 2 && arc.p[0] > '3')))
		return "the second arc is at most 39 below 0 and 1";
	return NULL;
}

/* Walks the arcs: how many, and where and what the first fault is (or NULL). */
static size_t
walk(const char **fault, size_t *at, tj_str dotted)
{
	tj_str arc, rest = dotted;
	size_t n = 0;

	*fault = NULL;
	for (*at = 0; tj_str_next(&arc, &rest, '.'); *at += arc.n + 1, n++)
		if ((*fault = arc_fault(arc, n, dotted.p[0])) != NULL)
			break;
	return n;
}

/*
 * A bare dotted number is an OID only if nothing is wrong with it and it has four
 * arcs at least: "2.10.05" is somebody's drawing number.
 */
enum tj_rc
tj_ident_oid(tj_ident *out, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	tj_str dotted = text;
	const bool is_urn = tj_ident_strip(&dotted, text, TJ_S("urn:oid:"));
	const char *fault;
	size_t at;
	const size_t arcs = walk(&fault, &at, dotted);

	if (!is_urn && (fault != NULL || arcs < 4))
		return TJ_E_NOTFOUND;
	if (fault != NULL)
		return tj_ident_fail(err, TJ_IDENT_oid, text.n - dotted.n + at, "%s", fault);
	if (arcs < 2)
		return tj_ident_fail(err, TJ_IDENT_oid, text.n, "an OID has two arcs at least");
	TRY(tj_ident_join(&out->canonical, TJ_S("urn:oid:"), dotted, arena, err));
	out->scheme = TJ_IDENT_oid;
	out->granularity = TJ_MODEL;
	return TJ_OK;
}

bool
tj_oid_under(tj_str canonical, tj_str authority)
{
	return tj_ident_covers(tj_ident_bare(authority, TJ_S("urn:oid:"), '.'),
	    tj_str_cut(canonical, strlen("urn:oid:"), canonical.n), ".");
}
