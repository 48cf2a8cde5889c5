#include <stdarg.h>
#include <stdio.h>

#include "connectors/ask.h"
#include "connectors/url.h"
#include "model/base/limits.h"

#define ABSENT_S	60u	/* what is missing today may be there in a minute */
#define BUSY_TRIES	3u	/* a node that is busy is asked so often */
#define BUSY_MS		400u	/* the first pause; then twice as long */
#define BUSY_MAX_S	10u	/* who wants us to wait longer has no answer for this run */

#define NO_SERVER	0u
#define SEVERAL		UINT_MAX

void
tj_ask_fail(struct tj_asker *asker, enum tj_rc rc, const struct tj_err *err)
{
	if (asker->failed != TJ_OK)
		return;
	asker->failed = rc;
	if (err != NULL)
		asker->err = *err;
	else
		(void)tj_fail_nomem(&asker->err);
}

static void
end(struct tj_question *q, enum tj_asked state)
{
	struct tj_asker *asker = q->asker;	/* the question may be another one then */

	q->state = state;
	if (asker->failed == TJ_OK)
		q->answered(q);
	tj_arena_reset(asker->scratch);
}

static void ask_next(struct tj_question *);

/*
 * Nothing of use at this place: the next one may know more.  A failure is told before an
 * absence, since who failed might have known; unless it is the same server.
 */
static void TJ_PRINTF(3, 4)
go_on(struct tj_question *q, enum tj_asked state, const char *fmt, ...)
{
	const unsigned here = q->at->list.v[q->next - 1].server;
	const bool failed = q->failed_at != NO_SERVER;
	va_list ap;

	if (!failed || (state == TJ_ASK_ABSENT && q->failed_at == here)) {
		va_start(ap, fmt);
		(void)vsnprintf(q->why, sizeof(q->why), fmt, ap);
		va_end(ap);
		tj_err_tame(q->why);
		q->state = state;
	}
	if (state != TJ_ASK_ABSENT)
		q->failed_at = failed && q->failed_at != here ? SEVERAL : here;
	while (state == TJ_ASK_ABSENT && q->next < q->at->list.n &&
	    q->at->list.v[q->next].server == here)
		q->next++;
	if (q->next < q->at->list.n)
		ask_next(q);
	else
		end(q, q->state);
}

/* As long as all of its values may be kept. */
static uint32_t
ttl_of(const struct tj_reply *reply, uint32_t most)
{
	for (size_t i = 0; i < reply->values.n; i++)
		if (reply->values.v[i].ttl_s < most)
			most = reply->values.v[i].ttl_s;
	return most;
}

void
tj_ask_keep(struct tj_asker *asker, tj_str key, tj_str text, uint32_t ttl_s)
{
	const uint32_t seconds = ttl_s < asker->keep_s ? ttl_s : asker->keep_s;
	struct tj_err why = { 0 };

	if (asker->cache != NULL &&
	    tj_cache_put(asker->cache, key, text, seconds, asker->now, &why) == TJ_E_NOMEM)
		tj_ask_fail(asker, TJ_E_NOMEM, NULL);
}

static void
keep(struct tj_question *q, tj_str text, uint32_t ttl_s)
{
	if (q->age_s == 0)
		tj_ask_keep(q->asker, q->key, text, ttl_s);
}

/* What a node said in so many words. */
static void
take_reply(struct tj_question *q, tj_str text)
{
	struct tj_reply *reply = &q->reply;

	switch (reply->code) {
	case TJ_REPLY_OK: case TJ_REPLY_NO_VALUES:
	case TJ_REPLY_REFERRAL: case TJ_REPLY_PREFIX_REFERRAL:
		if (!tj_str_eq_nocase(reply->handle, q->handle)) {
			go_on(q, TJ_ASK_LIED, "it answers for \"%.*s\" when asked for %.*s",
			    TJ_FMT(reply->handle), TJ_FMT(q->handle));
			return;
		}
		keep(q, text, ttl_of(reply, UINT32_MAX));
		q->text = text;
		end(q, TJ_ASK_FOUND);
		return;
	case TJ_REPLY_NOT_FOUND:
		keep(q, TJ_S(""), ABSENT_S);
		go_on(q, TJ_ASK_ABSENT, "it knows no %.*s", TJ_FMT(q->handle));
		return;
	case TJ_REPLY_NOT_HERE:
		go_on(q, TJ_ASK_ABSENT, "it does not answer for %.*s", TJ_FMT(q->handle));
		return;
	default:
		go_on(q, TJ_ASK_FAILED, "it answers with code %u%s%.*s", reply->code,
		    reply->message.n > 0 ? ": " : "", TJ_FMT(reply->message));
	}
}

static void
read_answer(struct tj_question *q, tj_str text, unsigned status)
{
	struct tj_err why = { 0 };
	const enum tj_rc rc = tj_reply_read(&q->reply, text, q->asker->scratch, &why);

	if (rc == TJ_E_NOMEM)
		tj_ask_fail(q->asker, rc, NULL);
	else if (rc != TJ_OK)
		go_on(q, TJ_ASK_FAILED, "its answer (status %u) is not that of a node: "
		    "%s%s%s", status, why.field, why.field[0] == '\0' ? "" : ": ", why.text);
	else
		take_reply(q, text);
}

bool
tj_ask_later(struct tj_asker *asker, struct tj_fetch *fetch, unsigned *tries)
{
	uint32_t wait_ms = BUSY_MS << *tries;
	struct tj_err why = { 0 };

	if ((fetch->status != 503 && fetch->status != 429) || ++*tries >= BUSY_TRIES ||
	    fetch->retry_after_s > BUSY_MAX_S)
		return false;
	if (fetch->retry_after_s > 0)
		wait_ms = fetch->retry_after_s * 1000;
	if (tj_fetcher_add(asker->fetcher, fetch, wait_ms, &why) != TJ_OK)
		tj_ask_fail(asker, TJ_E_NOMEM, NULL);
	return true;
}

static void
fetched(struct tj_fetch *fetch)
{
	struct tj_question *q = fetch->ctx;

	if (fetch->end != TJ_FETCH_ANSWERED)
		go_on(q, TJ_ASK_FAILED, "%s", fetch->why);
	else if (!tj_ask_later(q->asker, fetch, &q->tries))
		read_answer(q, fetch->answer, fetch->status);
}

bool
tj_ask_kept(struct tj_cached *out, struct tj_asker *asker, tj_str key)
{
	struct tj_hop hop = { .url = key, .is_cached = true, .why = "" };
	struct tj_cached cached;
	struct tj_err why;
	enum tj_rc rc;

	if (asker->cache == NULL || asker->fresh)
		return false;
	rc = tj_cache_get(&cached, asker->cache, key, asker->now, asker->scratch, &why);
	if (rc == TJ_E_NOMEM)
		tj_ask_fail(asker, rc, NULL);
	if (rc != TJ_OK)
		return false;
	if (cached.age_s == 0)
		cached.age_s = 1;
	hop.bytes = cached.text.n;
	if (asker->trace != NULL)
		asker->trace(asker->trace_ctx, &hop);
	*out = cached;
	return true;
}

/* true: answered from the cache, or nobody is answered any more. */
static bool
is_kept(struct tj_question *q)
{
	struct tj_cached cached = { .age_s = 0 };

	if (!tj_ask_kept(&cached, q->asker, q->key))
		return q->asker->failed != TJ_OK;
	q->age_s = cached.age_s;
	if (cached.text.n == 0)
		go_on(q, TJ_ASK_ABSENT, "it knew no %.*s a short while ago",
		    TJ_FMT(q->handle));
	else
		read_answer(q, cached.text, 0);
	return true;
}

static void
ask_next(struct tj_question *q)
{
	struct tj_asker *asker = q->asker;
	struct tj_err why = { 0 };
	enum tj_rc rc;

	q->place = q->at->list.v[q->next++].url;
	q->tries = 0;
	q->age_s = 0;
	q->key = tj_url_of_handle(q->place, q->handle, q->query, asker->arena);
	q->fetch = (struct tj_fetch){ .method = "GET", .url = q->key, .ctx = q,
	    .max_bytes = TJ_MAX_ANSWER_BYTES, .timeout_ms = asker->timeout_ms,
	    .done = fetched };
	if (q->key.p != NULL && asker->fresh)
		q->fetch.url = tj_str_fmt(asker->arena, "%s&auth=true", q->key.p);
	if (q->fetch.url.p == NULL) {
		tj_ask_fail(asker, TJ_E_NOMEM, NULL);
		return;
	}
	if (is_kept(q))
		return;
	rc = tj_fetcher_add(asker->fetcher, &q->fetch, 0, &why);
	if (rc == TJ_E_NOMEM)
		tj_ask_fail(asker, rc, NULL);
	else if (rc != TJ_OK)
		go_on(q, TJ_ASK_FAILED, "%s", why.text);
}

void
tj_ask(struct tj_asker *asker, struct tj_question *q)
{
	q->asker = asker;
	q->next = 0;
	q->failed_at = NO_SERVER;
	q->why[0] = '\0';
	ask_next(q);
}
