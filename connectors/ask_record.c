#include <stdio.h>

#include "connectors/ask_record.h"
#include "exchange/handle_json.h"

#define KEYS	"?type=HS_PUBKEY&type=HS_CERT"

struct asking {
	struct tj_zone_waiter	 waiter;	/* its first member */
	struct tj_asker		*asker;
	struct tj_question	 question;
	struct tj_record_slot	*slot;
};

void
tj_record_asker_init(struct tj_record_asker *records, struct tj_asker *asker,
    struct tj_zones *zones)
{
	*records = (struct tj_record_asker){ .asker = asker, .zones = zones };
	tj_names_init(&records->names, asker->arena);
}

static void
settle(struct tj_record_slot *slot, enum tj_rc rc, const char *place, size_t n, const char *why)
{
	slot->rc = rc;
	(void)snprintf(slot->why, sizeof(slot->why), "%.*s%s%s", (int)n, place,
	    n > 0 ? ": " : "", why);
}

static void
take(struct asking *a, const struct tj_question *q)
{
	struct tj_handle_body body = { 0 };
	struct tj_err why = { 0 };
	const enum tj_rc rc = tj_handle_json_read(&body, q->text, a->asker->arena, &why);

	if (rc == TJ_E_NOMEM) {
		tj_ask_fail(a->asker, rc, NULL);
		return;
	}
	settle(a->slot, rc == TJ_OK ? TJ_OK : TJ_E_DATA, q->place.p, q->place.n, why.text);
	a->slot->record = (struct tj_record){ .handle = q->handle, .values = body.values,
	    .count = body.count };
}

static void
answered(struct tj_question *q)
{
	struct asking *a = q->ctx;
	enum tj_rc rc = TJ_E_LOCKED;

	if (q->state == TJ_ASK_FOUND && (q->reply.code == TJ_REPLY_OK ||
	    q->reply.code == TJ_REPLY_NO_VALUES)) {
		take(a, q);
		return;
	}
	if (q->state == TJ_ASK_ABSENT)
		rc = TJ_E_NOTFOUND;
	else if (q->state == TJ_ASK_LIED)
		rc = TJ_E_REFUSED;
	settle(a->slot, rc, q->place.p, q->place.n, q->state == TJ_ASK_FOUND ?
	    "it sends to another node, which is not asked for keys" : q->why);
}

static void
home_found(struct tj_zone_waiter *waiter, const struct tj_places *places, const char *why)
{
	struct asking *a = (struct asking *)(void *)waiter;

	if (places == NULL) {
		settle(a->slot, TJ_E_LOCKED, "", 0, why);
		return;
	}
	a->question.at = places;
	tj_ask(a->asker, &a->question);
}

static enum tj_rc
ask(struct tj_record_asker *records, struct tj_record_slot *slot, tj_str handle,
    struct tj_err *err)
{
	struct tj_asker *asker = records->asker;
	struct asking *a = TJ_NEW(asker->arena, struct asking);

	if (a == NULL)
		return tj_fail_nomem(err);
	*a = (struct asking){ .waiter.found = home_found, .asker = asker, .slot = slot,
	    .question = { .handle = handle, .query = KEYS, .ctx = a, .answered = answered } };
	tj_zone_find(records->zones, tj_record_prefix(handle), &a->waiter);
	if (asker->failed == TJ_OK)
		TRY(tj_fetcher_run(asker->fetcher, err));
	if (asker->failed != TJ_OK && err != NULL)
		*err = asker->err;
	return asker->failed;
}

enum tj_rc
tj_record_ask(struct tj_record_asker *records, struct tj_record *out, tj_str handle,
    struct tj_err *err)
{
	struct tj_arena *arena = records->asker->arena;
	const tj_str name = tj_str_upper(handle, arena);
	const uint32_t number = name.p == NULL ? TJ_NONE : tj_names_add(&records->names, name);
	const struct tj_record_slot *known;

	if (number == TJ_NONE)
		return tj_fail_nomem(err);
	if (number == records->list.n) {
		struct tj_record_slot slot = { .rc = TJ_E_LOCKED, .why = "it was not asked" };

		TRY(ask(records, &slot, handle, err));
		if (!TJ_PUSH(arena, &records->list, slot))
			return tj_fail_nomem(err);
	}
	known = &records->list.v[number];
	if (known->rc != TJ_OK)
		return tj_fail(err, known->rc, "%s", known->why);
	*out = known->record;
	return TJ_OK;
}
