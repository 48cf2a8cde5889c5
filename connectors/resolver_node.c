#include <stdio.h>

#include "connectors/ask_proof.h"
#include "connectors/ask_record.h"
#include "connectors/resolver_node.h"
#include "connectors/url.h"
#include "connectors/zone.h"
#include "exchange/handle_data.h"
#include "exchange/handle_json.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

#define QUERY		"?type=" TJ_DECLARATION_TYPE "&type=" TJ_HS_SIGNATURE
#define PER_NODE	16u	/* requests at a time: servers have some dozens of threads for all */
#define REQUEST_MS	10000L	/* a declaration is a look-up; slow nodes were seen to take 3 s */

struct network {
	struct tj_resolver	 port;
	struct tj_node_options	 options;
};

/* One identifier. */
struct item {
	struct tj_zone_waiter	 waiter;	/* its first member */
	struct call		*call;
	const tj_ident		*id;
	struct tj_question	 question;
	struct tj_places	 referred;
	unsigned		 hops;
	tj_str			 jws;		/* to be verified; .p NULL: none */
	struct tj_proof_question *proof;	/* of a log; NULL: none is needed */
	tj_str			 record;	/* the answer, where it is signed; .p NULL: not */
	struct tj_resolution	 out;
	enum tj_rc		 rc;		/* of verifying it */
};

struct call {
	const struct network	*network;
	struct tj_asker		 asker;
	struct tj_zones		 zones;
	struct tj_record_asker	 records;
	struct tj_places	 root;
	struct item		*items;		/* [count] no identifier twice */
	size_t			 count;
	size_t			 bytes;		/* of declarations */
	tj_time			 at;
	struct tj_arena		*arena;		/* of the answers */
	struct tj_arena		**arenas;	/* [crew] while they are verified */
};

static void
set(struct item *item, enum tj_resolved status, const char *why)
{
	item->out.status = status;
	item->out.reason = tj_str_dup(tj_str_of(why), item->call->arena);
	if (item->out.reason.p == NULL)
		tj_ask_fail(&item->call->asker, TJ_E_NOMEM, NULL);
}

/* From here on the item is the node's. */
static void
set_source(struct item *item, const struct tj_question *q)
{
	item->out.age_s = q->age_s;
	item->out.source = tj_str_dup(q->place, item->call->arena);
	if (item->out.source.p == NULL)
		tj_ask_fail(&item->call->asker, TJ_E_NOMEM, NULL);
}

/* The record, where there is a signature to check it with.  false: no memory. */
static bool
keep_signed(struct item *item, const struct tj_question *q)
{
	struct call *call = item->call;

	if (tj_reply_newest(&q->reply, TJ_S(TJ_HS_SIGNATURE)) == NULL)
		return true;
	call->bytes += q->text.n;
	item->record = tj_str_dup(q->text, call->arena);
	return item->record.p != NULL;
}

static void
take_declaration(struct item *item, const struct tj_question *q)
{
	const struct tj_reply_value *newest = tj_reply_newest(&q->reply, TJ_S(TJ_DECLARATION_TYPE));
	struct call *call = item->call;

	if (newest == NULL || newest->text.n == 0) {
		set(item, TJ_UNKNOWN, "its record has no declaration, or hides it");
		return;
	}
	call->bytes += newest->text.n;
	if (newest->text.n > TJ_MAX_JWS_BYTES || call->bytes > TJ_MAX_ANSWERS_BYTES) {
		set(item, TJ_NOT_ACCEPTED, "the declaration is larger than allowed");
		return;
	}
	item->jws = tj_str_dup(newest->text, call->arena);
	if (item->jws.p == NULL || !keep_signed(item, q))
		tj_ask_fail(&call->asker, TJ_E_NOMEM, NULL);
}

static void answered(struct tj_question *);

static void
ask_at(struct item *item, const struct tj_places *at)
{
	item->question = (struct tj_question){ .query = QUERY, .at = at, .ctx = item,
	    .handle = tj_str_cut(item->id->canonical, strlen("hdl:"), TJ_MAX_IDENT_BYTES),
	    .answered = answered };
	tj_ask(&item->call->asker, &item->question);
}

/* "Ask somebody else", who is named in the same breath. */
static void
follow_referral(struct item *item, const struct tj_question *q)
{
	struct tj_err why = { 0 };
	enum tj_rc rc;

	if (++item->hops > TJ_MAX_RESOLVE_HOPS) {
		set(item, TJ_NO_ANSWER, "it was sent from node to node in a circle");
		return;
	}
	rc = tj_reply_places(&item->referred, &q->reply, item->call->asker.arena, &why);
	if (rc == TJ_E_NOMEM)
		tj_ask_fail(&item->call->asker, rc, NULL);
	else if (rc != TJ_OK)
		set(item, TJ_NO_ANSWER, why.text);
	else if (item->referred.list.n == 0)
		set(item, TJ_NO_ANSWER, "it says that another node answers, and not which one");
	else
		ask_at(item, &item->referred);
}

static void
answered(struct tj_question *q)
{
	struct item *item = q->ctx;

	set_source(item, q);
	switch (q->state) {
	case TJ_ASK_FOUND:
		if (q->reply.code == TJ_REPLY_REFERRAL ||
		    q->reply.code == TJ_REPLY_PREFIX_REFERRAL)
			follow_referral(item, q);
		else
			take_declaration(item, q);
		return;
	case TJ_ASK_ABSENT:
		set(item, TJ_UNKNOWN, q->why);
		return;
	case TJ_ASK_LIED:
		set(item, TJ_NOT_ACCEPTED, q->why);
		return;
	case TJ_ASK_FAILED:
	default:
		set(item, TJ_NO_ANSWER, q->why);
	}
}

static void
home_found(struct tj_zone_waiter *waiter, const struct tj_places *places, const char *why)
{
	struct item *item = (struct item *)(void *)waiter;

	if (places == NULL)
		set(item, TJ_NO_ANSWER, why);
	else
		ask_at(item, places);
}

static void
begin(struct item *item)
{
	const tj_str name = tj_str_cut(item->id->canonical, strlen("hdl:"), TJ_MAX_IDENT_BYTES);

	if (item->id->scheme != TJ_IDENT_handle) {
		set(item, TJ_UNKNOWN, "nodes are asked for handles only; name its registry under "
		    "[upstream]");
		return;
	}
	item->waiter.found = home_found;
	tj_zone_find(&item->call->zones, tj_str_cut(name, 0, tj_str_find(name, '/')),
	    &item->waiter);
}

/* A log's proof of each that is signed in a batch, from the node that the declaration is from. */

static enum tj_rc
failure(const struct call *call, struct tj_err *err)
{
	if (call->asker.failed != TJ_OK && err != NULL)
		*err = call->asker.err;
	return call->asker.failed;
}

static enum tj_rc
run(struct call *call, struct tj_err *err)
{
	if (call->asker.failed == TJ_OK)
		TRY(tj_fetcher_run(call->asker.fetcher, err));
	return failure(call, err);
}

static enum tj_rc
ask_proof(struct item *item, struct tj_err *err)
{
	struct call *call = item->call;
	struct tj_arena *arena = call->asker.arena;
	const struct tj_policy *logs;

	item->proof = NULL;
	TRY(tj_proof_logs(&logs, item->jws, call->network->options.trust, arena, err));
	if (logs == NULL)
		return TJ_OK;
	if ((item->proof = TJ_NEW(arena, struct tj_proof_question)) == NULL)
		return tj_fail_nomem(err);
	item->proof->place = item->out.source;
	item->proof->jws = item->jws;
	item->proof->bytes = &call->bytes;
	tj_proof_ask(&call->asker, item->proof);
	return TJ_OK;
}

/* Without it nothing can be said: that it is refused would be to say too much. */
static void
take_proof(struct item *item)
{
	const struct tj_proof_question *q = item->proof;

	if (q->age_s > item->out.age_s)
		item->out.age_s = q->age_s;
	if (q->state != TJ_ASK_FAILED)
		return;
	set(item, TJ_NO_ANSWER, q->proof.why.p);
	item->jws = (tj_str){ NULL, 0 };
}

static enum tj_rc
prove_all(struct call *call, struct tj_err *err)
{
	for (size_t i = 0; i < call->count; i++)
		if (call->items[i].jws.p != NULL)
			TRY(ask_proof(&call->items[i], err));
	TRY(run(call, err));
	for (size_t i = 0; i < call->count; i++)
		if (call->items[i].jws.p != NULL && call->items[i].proof != NULL)
			take_proof(&call->items[i]);
	return failure(call, err);
}

/* Verifying, by all hands. */

static enum tj_rc
verify(struct item *item, struct tj_arena *arena)
{
	static const struct tj_proof none;
	const struct call *call = item->call;
	struct tj_verdict verdict;
	enum tj_gate gate;

	TRY(tj_verify_proven(&verdict, item->jws, item->proof == NULL ? &none :
	    &item->proof->proof, call->network->options.trust, item->id, call->at, arena, NULL));
	gate = tj_verdict_failed(&verdict);
	if (verdict.accepted) {
		item->out.status = TJ_RESOLVED;
		item->out.declaration = verdict.declaration;
		item->out.digest = verdict.digest;
		return TJ_OK;
	}
	item->out.status = TJ_NOT_ACCEPTED;
	item->out.reason = tj_str_fmt(arena, "%s: %.*s", tj_gate_key(gate),
	    TJ_FMT(verdict.reasons[gate]));
	return item->out.reason.p == NULL ? TJ_E_NOMEM : TJ_OK;
}

static void
verify_part(void *ctx, size_t part, unsigned worker)
{
	struct call *call = ctx;
	struct item *item = &call->items[part];

	if (item->jws.p != NULL)
		item->rc = verify(item, call->arenas[worker]);
	item->jws = (tj_str){ NULL, 0 };
}

static enum tj_rc
verify_all(struct call *call, struct tj_err *err)
{
	struct tj_crew *crew = call->network->options.crew;
	const unsigned size = tj_crew_size(crew);
	enum tj_rc rc = TJ_OK;

	call->arenas = TJ_NEWN(call->arena, struct tj_arena *, size);
	if (call->arenas == NULL)
		return tj_fail_nomem(err);
	for (unsigned i = 0; i < size; i++)
		if ((call->arenas[i] = tj_arena_new(TJ_MAX_ARENA_BYTES)) == NULL)
			rc = TJ_E_NOMEM;
	if (rc == TJ_OK)
		tj_crew_run(crew, verify_part, call, call->count);
	for (size_t i = 0; i < call->count && rc == TJ_OK; i++)
		rc = call->items[i].rc;
	for (unsigned i = 0; i < size; i++) {
		tj_arena_adopt(call->arena, call->arenas[i]);
		tj_arena_free(call->arenas[i]);
	}
	if (rc == TJ_E_NOMEM)
		return tj_fail_nomem(err);
	return rc == TJ_OK ? TJ_OK : tj_fail(err, rc, "a declaration could not be verified");
}

/* What was accepted is looked at once more where its record is signed. */

static enum tj_rc
find_record(void *ctx, struct tj_record *record, tj_str handle, struct tj_arena *arena,
    struct tj_err *err)
{
	struct call *call = ctx;

	(void)arena;
	return tj_record_ask(&call->records, record, handle, err);
}

static enum tj_rc
check_record(struct item *item, struct tj_arena *arena, struct tj_err *err)
{
	struct call *call = item->call;
	const struct tj_node_options *options = &call->network->options;
	const struct tj_handle_trust trust = { .roots = options->roots,
	    .root_count = options->root_count, .at = call->at, .get = find_record, .ctx = call };
	struct tj_handle_verdict verdict;
	struct tj_handle_body body;
	struct tj_record record;

	TRY(tj_handle_json_read(&body, item->record, arena, err));
	record = (struct tj_record){ .handle = item->question.handle, .values = body.values,
	    .count = body.count };
	TRY(tj_handle_record_check(&verdict, &trust, &record, arena, err));
	item->out.signer = tj_str_dup(verdict.signer, call->arena);
	item->out.root = tj_str_dup(verdict.root, call->arena);
	return item->out.signer.p == NULL || item->out.root.p == NULL ? tj_fail_nomem(err) : TJ_OK;
}

static enum tj_rc
check_signature(struct item *item, struct tj_err *err)
{
	struct tj_arena *arena = item->call->asker.arena;
	struct tj_err why = { 0 };
	const enum tj_rc rc = check_record(item, arena, &why);
	tj_str text;

	item->record = (tj_str){ NULL, 0 };
	if (rc == TJ_OK)
		return TJ_OK;
	if (rc == TJ_E_NOMEM || rc == TJ_E_INTERNAL) {
		if (err != NULL)
			*err = why;
		return rc;
	}
	text = tj_str_fmt(arena, rc == TJ_E_LOCKED ?
	    "the record's signature cannot be checked: %s" :
	    "the record is not what was signed: %s", why.text);
	if (text.p == NULL)
		return tj_fail_nomem(err);
	item->out.declaration = NULL;
	set(item, rc == TJ_E_LOCKED ? TJ_NO_ANSWER : TJ_NOT_ACCEPTED, text.p);
	return TJ_OK;
}

static enum tj_rc
check_signatures(struct call *call, struct tj_err *err)
{
	tj_record_asker_init(&call->records, &call->asker, &call->zones);
	for (size_t i = 0; i < call->count; i++) {
		struct item *item = &call->items[i];

		if (item->out.status == TJ_RESOLVED && item->record.p != NULL)
			TRY(check_signature(item, err));
	}
	return TJ_OK;
}

/* The whole call. */

/* What was kept and is not accepted may be better now. */
static bool
ask_again(struct call *call)
{
	bool any = false;

	call->asker.fresh = true;
	for (size_t i = 0; i < call->count && call->asker.failed == TJ_OK; i++) {
		struct item *item = &call->items[i];

		if (item->out.status != TJ_NOT_ACCEPTED || item->out.age_s == 0)
			continue;
		any = true;
		item->out.reason = (tj_str){ NULL, 0 };
		item->record = (tj_str){ NULL, 0 };
		ask_at(item, item->question.at);
	}
	return any;
}

/* Of all that is asked for now. */
static enum tj_rc
settle_all(struct call *call, struct tj_err *err)
{
	TRY(run(call, err));
	TRY(prove_all(call, err));
	TRY(verify_all(call, err));
	return check_signatures(call, err);
}

static enum tj_rc
ask_all(struct call *call, struct tj_err *err)
{
	for (size_t i = 0; i < call->count && call->asker.failed == TJ_OK; i++)
		begin(&call->items[i]);
	TRY(settle_all(call, err));
	return ask_again(call) ? settle_all(call, err) : TJ_OK;
}

/* Each identifier once; place[i] is the item of ids[i]. */
static enum tj_rc
items_make(struct call *call, uint32_t *place, const tj_ident *ids, size_t n,
    struct tj_err *err)
{
	struct tj_names names;

	tj_names_init(&names, call->asker.arena);
	for (size_t i = 0; i < n; i++) {
		const uint32_t number = tj_names_add(&names, ids[i].canonical);

		if (number == TJ_NONE)
			return tj_fail_nomem(err);
		place[i] = number;
		if (number < call->count)
			continue;
		call->items[number] = (struct item){ .call = call, .id = &ids[i],
		    .out.status = TJ_NO_ANSWER };
		call->count++;
	}
	return TJ_OK;
}

static void
say(const struct network *network, const char *what, const char *why)
{
	char text[TJ_ERR_TEXT + 128];

	(void)snprintf(text, sizeof(text), "%s: %s", what, why);
	if (network->options.tell != NULL)
		network->options.tell(network->options.ctx, text);
}

/* Without it all is as well, only slower. */
static enum tj_rc
cache_open(struct tj_cache **cache, const struct network *network, struct tj_err *err)
{
	bool was_damaged = false;
	struct tj_err why = { 0 };
	enum tj_rc rc = TJ_OK;

	if (network->options.cache != NULL)
		rc = tj_cache_open(cache, &was_damaged, network->options.cache, &why);
	if (rc == TJ_E_NOMEM)
		return tj_fail_nomem(err);
	if (rc != TJ_OK)
		say(network, "no answers are kept", why.text);
	if (was_damaged)
		say(network, network->options.cache, "the cache was damaged and is begun anew");
	return TJ_OK;
}

static enum tj_rc
cache_close(struct tj_cache *cache, const struct call *call, struct tj_err *err)
{
	struct tj_err why = { 0 };
	const enum tj_rc rc = tj_cache_close(cache, call->asker.now, &why);

	if (rc == TJ_E_NOMEM)
		return tj_fail_nomem(err);
	if (rc != TJ_OK)
		say(call->network, "no answers are kept", why.text);
	return TJ_OK;
}

static enum tj_rc
with_cache(struct call *call, struct tj_err *err)
{
	enum tj_rc rc, closed;

	TRY(cache_open(&call->asker.cache, call->network, err));
	rc = ask_all(call, err);
	closed = cache_close(call->asker.cache, call, rc == TJ_OK ? err : NULL);
	return rc == TJ_OK ? closed : rc;
}

static enum tj_rc
with_fetcher(struct call *call, struct tj_err *err)
{
	const struct tj_node_options *options = &call->network->options;
	const struct tj_fetcher_options how = { .guard = options->guard, .ca = options->ca,
	    .deadline_ms = options->deadline_s * 1000, .per_origin = PER_NODE,
	    .gone_after = TJ_GONE_AFTER, .trace = options->trace, .trace_ctx = options->ctx };
	enum tj_rc rc;

	TRY(tj_fetcher_new(&call->asker.fetcher, &how, err));
	rc = with_cache(call, err);
	tj_fetcher_free(call->asker.fetcher);
	return rc;
}

static enum tj_rc
call_run(struct call *call, uint32_t *place, const tj_ident *ids, size_t n,
    struct tj_err *err)
{
	const struct tj_node_options *options = &call->network->options;

	call->items = TJ_NEWN(call->asker.arena, struct item, n);
	if (call->items == NULL ||
	    !TJ_PUSH(call->asker.arena, &call->root.list, (struct tj_place){ options->root, 1 }))
		return tj_fail_nomem(err);
	TRY(items_make(call, place, ids, n, err));
	call->asker.fresh = options->fresh;
	call->asker.keep_s = options->keep_s;
	call->asker.timeout_ms = REQUEST_MS;
	call->asker.now = options->clock.now(&options->clock);
	call->asker.trace = options->trace;
	call->asker.trace_ctx = options->ctx;
	tj_zones_init(&call->zones, &call->asker, &call->root);
	return with_fetcher(call, err);
}

static enum tj_rc
resolve(struct tj_resolver *port, struct tj_resolution *out, const tj_ident *ids, size_t n,
    tj_time at, struct tj_arena *arena, struct tj_err *err)
{
	struct call call = { .network = (const struct network *)port,	/* its first member */
	    .at = at, .arena = arena };
	uint32_t *place = TJ_NEWN(arena, uint32_t, n);
	enum tj_rc rc = TJ_E_NOMEM;

	call.asker.arena = tj_arena_new(TJ_MAX_ARENA_BYTES);
	call.asker.scratch = tj_arena_new(TJ_MAX_ARENA_BYTES);
	if (place != NULL && call.asker.arena != NULL && call.asker.scratch != NULL)
		rc = call_run(&call, place, ids, n, err);
	else
		(void)tj_fail_nomem(err);
	for (size_t i = 0; i < n && rc == TJ_OK; i++)
		out[i] = call.items[place[i]].out;
	tj_arena_free(call.asker.arena);
	tj_arena_free(call.asker.scratch);
	return rc;
}

static void
close_network(struct tj_resolver *port)
{
	tj_mem_free(port);
}

enum tj_rc
tj_resolver_node_open(struct tj_resolver **out, const struct tj_node_options *options,
    struct tj_err *err)
{
	struct network *network;
	tj_str origin;

	TRY(tj_url_origin(&origin, options->root, err));
	if ((network = tj_mem_calloc(1, sizeof(*network))) == NULL)
		return tj_fail_nomem(err);
	network->port = (struct tj_resolver){ .resolve = resolve, .close = close_network };
	network->options = *options;
	*out = &network->port;
	return TJ_OK;
}
