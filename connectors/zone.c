#include <stdarg.h>
#include <stdio.h>

#include "connectors/zone.h"
#include "model/base/limits.h"

#define SITES	"?type=HS_SITE&type=HS_SITE.6&type=HS_SERV"

struct tj_zone {
	struct tj_zones		*zones;
	tj_str			 prefix;
	struct tj_zone		*waits_for;	/* or NULL */
	struct tj_zone_waiter	 waiter;	/* of it */
	struct tj_zone_waiter	*waiting;	/* for this one */
	struct tj_question	 question;
	unsigned		 hops;		/* records that named another record */
	bool			 is_known;
	struct tj_places	 own;		/* as its record says */
	const struct tj_places	*places;	/* known; NULL: why */
	char			 why[2 * TJ_FETCH_WHY];
};

void
tj_zones_init(struct tj_zones *zones, struct tj_asker *asker, const struct tj_places *root)
{
	*zones = (struct tj_zones){ .asker = asker, .root = root };
	tj_names_init(&zones->names, asker->arena);
}

static void
settle(struct tj_zone *zone, const struct tj_places *places)
{
	struct tj_zone_waiter *waiter = zone->waiting, *next;

	zone->is_known = true;
	zone->places = places;
	zone->waits_for = NULL;
	zone->waiting = NULL;
	for (; waiter != NULL && zone->zones->asker->failed == TJ_OK; waiter = next) {
		next = waiter->next;
		waiter->found(waiter, places, zone->why);
	}
}

static void TJ_PRINTF(2, 3)
fail(struct tj_zone *zone, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(zone->why, sizeof(zone->why), fmt, ap);
	va_end(ap);
	settle(zone, NULL);
}

/* Does `other` wait, by however many steps, for this one? */
static bool
is_circle(const struct tj_zone *zone, const struct tj_zone *other)
{
	for (; other != NULL; other = other->waits_for)
		if (other == zone)
			return true;
	return false;
}

static struct tj_zone *zone_of(struct tj_zones *, tj_str prefix);

static void
wait_for(struct tj_zone *zone, tj_str prefix,
    void (*found)(struct tj_zone_waiter *, const struct tj_places *, const char *why))
{
	struct tj_zone *other = zone_of(zone->zones, prefix);

	if (other == NULL)
		return;
	if (is_circle(zone, other)) {
		fail(zone, "the delegation of %.*s goes in a circle, over %.*s",
		    TJ_FMT(zone->prefix), TJ_FMT(other->prefix));
		return;
	}
	zone->waiter.found = found;
	if (other->is_known) {
		found(&zone->waiter, other->places, other->why);
		return;
	}
	zone->waits_for = other;
	zone->waiter.next = other->waiting;
	other->waiting = &zone->waiter;
}

static struct tj_zone *
zone_waiting(struct tj_zone_waiter *waiter)
{
	return (struct tj_zone *)(void *)((char *)waiter - offsetof(struct tj_zone, waiter));
}

static void
ask(struct tj_zone *zone, tj_str handle, const struct tj_places *at,
    void (*answered)(struct tj_question *))
{
	zone->waits_for = NULL;
	zone->question = (struct tj_question){ .handle = handle, .query = SITES, .at = at,
	    .answered = answered, .ctx = zone };
	if (handle.p == NULL)
		tj_ask_fail(zone->zones->asker, TJ_E_NOMEM, NULL);
	else
		tj_ask(zone->zones->asker, &zone->question);
}

static tj_str
record_of(const struct tj_zone *zone)
{
	return tj_str_fmt(zone->zones->asker->arena, "0.NA/%.*s", TJ_FMT(zone->prefix));
}

static void
fail_to_ask(struct tj_zone *zone, const struct tj_question *q)
{
	fail(zone, "who answers for %.*s could not be found out: %.*s: %s", TJ_FMT(zone->prefix),
	    TJ_FMT(q->place), q->why);
}

/* Service records: the places are named by another record. */

static void take(struct tj_zone *, struct tj_question *);

static void
service_answered(struct tj_question *q)
{
	struct tj_zone *zone = q->ctx;

	if (q->state == TJ_ASK_FOUND && q->reply.values.n > 0)
		take(zone, q);
	else
		fail(zone, "the record %.*s, which is to say who answers for %.*s, is not to be "
		    "had: %.*s: %s", TJ_FMT(q->handle), TJ_FMT(zone->prefix), TJ_FMT(q->place),
		    q->state == TJ_ASK_FOUND ? "it names no node" : q->why);
}

static void
service_home_found(struct tj_zone_waiter *waiter, const struct tj_places *places,
    const char *why)
{
	struct tj_zone *zone = zone_waiting(waiter);

	if (places == NULL)
		fail(zone, "%s", why);
	else
		ask(zone, zone->question.handle, places, service_answered);
}

static void
service_zone_found(struct tj_zone_waiter *waiter, const struct tj_places *places,
    const char *why)
{
	struct tj_zone *zone = zone_waiting(waiter);

	if (places == NULL)
		fail(zone, "%s", why);
	else
		settle(zone, places);
}

static void
follow_service(struct tj_zone *zone, tj_str name)
{
	const size_t slash = tj_str_find(name, '/');
	struct tj_arena *arena = zone->zones->asker->arena;

	if (++zone->hops > TJ_MAX_RESOLVE_HOPS) {
		fail(zone, "the delegation of %.*s goes over more than %d records",
		    TJ_FMT(zone->prefix), TJ_MAX_RESOLVE_HOPS);
	} else if (name.n > TJ_MAX_IDENT_BYTES || slash == name.n || slash + 1 == name.n) {
		fail(zone, "the delegation of %.*s names no record: \"%.*s\"",
		    TJ_FMT(zone->prefix), TJ_FMT(name));
	} else if ((name = tj_str_dup(name, arena)).p == NULL) {
		tj_ask_fail(zone->zones->asker, TJ_E_NOMEM, NULL);
	} else if (tj_str_eq_nocase(name, TJ_S("0.NA/0.NA"))) {
		settle(zone, zone->zones->root);
	} else if (tj_str_eq_nocase(tj_str_cut(name, 0, slash), TJ_S("0.NA"))) {
		wait_for(zone, tj_str_cut(name, slash + 1, name.n), service_zone_found);
	} else {
		zone->question.handle = name;
		wait_for(zone, tj_str_cut(name, 0, slash), service_home_found);
	}
}

/* A record of the zone's: places, or who names them. */
static void
take(struct tj_zone *zone, struct tj_question *q)
{
	const struct tj_reply_value *service = tj_reply_newest(&q->reply, TJ_S("HS_SERV"));
	struct tj_err why = { 0 };
	enum tj_rc rc = tj_reply_places(&zone->own, &q->reply, zone->zones->asker->arena, &why);

	if (rc == TJ_E_NOMEM)
		tj_ask_fail(zone->zones->asker, rc, NULL);
	else if (rc != TJ_OK)
		fail(zone, "the record %.*s at %.*s cannot be used: %s%s%s", TJ_FMT(q->handle),
		    TJ_FMT(q->place), why.field, why.field[0] == '\0' ? "" : ": ", why.text);
	else if (zone->own.list.n > 0)
		settle(zone, &zone->own);
	else if (service != NULL)
		follow_service(zone, service->text);
	else
		fail(zone, "the record %.*s at %.*s names no node", TJ_FMT(q->handle),
		    TJ_FMT(q->place));
}

/* From the root, or from the shorter prefix. */

static void
parent_answered(struct tj_question *q)
{
	struct tj_zone *zone = q->ctx;

	if (q->state == TJ_ASK_FOUND && q->reply.values.n > 0)
		take(zone, q);
	else if (q->state == TJ_ASK_FOUND || q->state == TJ_ASK_ABSENT)
		settle(zone, q->at);
	else
		fail_to_ask(zone, q);
}

static void
parent_found(struct tj_zone_waiter *waiter, const struct tj_places *places, const char *why)
{
	struct tj_zone *zone = zone_waiting(waiter);

	if (places == NULL)
		fail(zone, "%s", why);
	else if (places == zone->zones->root)
		settle(zone, places);	/* which was asked already */
	else
		ask(zone, record_of(zone), places, parent_answered);
}

static tj_str
parent_of(tj_str prefix)
{
	while (prefix.n > 0 && prefix.p[prefix.n - 1] != '.')
		prefix.n--;
	return prefix.n == 0 ? prefix : tj_str_cut(prefix, 0, prefix.n - 1);
}

static void
root_answered(struct tj_question *q)
{
	struct tj_zone *zone = q->ctx;
	const tj_str parent = parent_of(zone->prefix);

	if (q->state == TJ_ASK_FOUND && q->reply.values.n > 0)
		take(zone, q);
	else if (q->state != TJ_ASK_FOUND && q->state != TJ_ASK_ABSENT)
		fail_to_ask(zone, q);
	else if (parent.n == 0)
		settle(zone, zone->zones->root);
	else
		wait_for(zone, parent, parent_found);
}

static size_t
segments_of(tj_str prefix)
{
	size_t n = 1;

	for (size_t i = 0; i < prefix.n; i++)
		n += prefix.p[i] == '.';
	return n;
}

/* NULL: the asker has failed. */
static struct tj_zone *
zone_of(struct tj_zones *zones, tj_str prefix)
{
	struct tj_arena *arena = zones->asker->arena;
	const tj_str name = tj_str_upper(prefix, arena);
	const uint32_t number = name.p == NULL ? TJ_NONE : tj_names_add(&zones->names, name);
	struct tj_zone *zone;

	if (number != TJ_NONE && number < zones->list.n)
		return zones->list.v[number].zone;
	if (number == TJ_NONE || (zone = TJ_NEW(arena, struct tj_zone)) == NULL ||
	    !TJ_PUSH(arena, &zones->list, (struct tj_zone_slot){ zone })) {
		tj_ask_fail(zones->asker, TJ_E_NOMEM, NULL);
		return NULL;
	}
	zone->zones = zones;
	zone->prefix = name;
	if (segments_of(name) > TJ_MAX_RESOLVE_HOPS)
		fail(zone, "the prefix %.*s has more than %d segments", TJ_FMT(name),
		    TJ_MAX_RESOLVE_HOPS);
	else
		ask(zone, record_of(zone), zones->root, root_answered);
	return zones->asker->failed == TJ_OK ? zone : NULL;
}

void
tj_zone_find(struct tj_zones *zones, tj_str prefix, struct tj_zone_waiter *waiter)
{
	struct tj_zone *zone = zone_of(zones, prefix);

	if (zone == NULL)
		return;
	if (zone->is_known) {
		waiter->found(waiter, zone->places, zone->why);
		return;
	}
	waiter->next = zone->waiting;
	zone->waiting = waiter;
}
