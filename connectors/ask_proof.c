#include <stdio.h>

#include "connectors/ask_proof.h"
#include "connectors/url.h"
#include "exchange/format_vc.h"
#include "exchange/jws.h"
#include "model/base/limits.h"

static void
settle(struct tj_proof_question *q, enum tj_asked state, const char *why)
{
	q->state = state;
	q->proof.why = tj_str_fmt(q->asker->arena, "%.*s: %s", TJ_FMT(q->key), why);
	if (q->proof.why.p == NULL)
		tj_ask_fail(q->asker, TJ_E_NOMEM, NULL);
}

/* true: there is room for it. */
static bool
take(struct tj_proof_question *q, tj_str text)
{
	if (*q->bytes + text.n > TJ_MAX_ANSWERS_BYTES) {
		settle(q, TJ_ASK_FAILED, "more was answered than is read");
		return false;
	}
	*q->bytes += text.n;
	q->state = TJ_ASK_FOUND;
	q->proof.text = tj_str_dup(text, q->asker->arena);
	if (q->proof.text.p == NULL)
		tj_ask_fail(q->asker, TJ_E_NOMEM, NULL);
	return true;
}

static void
fetched(struct tj_fetch *fetch)
{
	struct tj_proof_question *q = fetch->ctx;
	char why[64];

	if (fetch->end != TJ_FETCH_ANSWERED) {
		settle(q, TJ_ASK_FAILED, fetch->why);
	} else if (fetch->status == 200 && fetch->answer.n > 0) {
		if (take(q, fetch->answer))
			tj_ask_keep(q->asker, q->key, fetch->answer, UINT32_MAX);
	} else if (fetch->status == 404) {
		settle(q, TJ_ASK_ABSENT, "no proof of it is there");
	} else if (!tj_ask_later(q->asker, fetch, &q->tries)) {
		(void)snprintf(why, sizeof(why), "an answer of status %u is no proof",
		    fetch->status);
		settle(q, TJ_ASK_FAILED, why);
	}
}

/* By the name that it gives itself, which is a hash of what it says. */
static enum tj_rc
key_make(struct tj_proof_question *q, struct tj_arena *scratch)
{
	struct tj_declaration decl;
	struct tj_jws jws;

	TRY(tj_jws_parse(&jws, q->jws, scratch, NULL));
	TRY(tj_vc_read(&decl, NULL, jws.payload, scratch, NULL));
	q->key = tj_url_of_proof(q->place, decl.id, q->asker->arena);
	return q->key.p == NULL ? TJ_E_NOMEM : TJ_OK;
}

static void
ask(struct tj_proof_question *q)
{
	struct tj_asker *asker = q->asker;
	struct tj_err why = { 0 };
	enum tj_rc rc;

	q->fetch = (struct tj_fetch){ .method = "GET", .url = q->key, .ctx = q,
	    .max_bytes = TJ_MAX_TLOG_PROOF, .timeout_ms = asker->timeout_ms, .done = fetched };
	rc = tj_fetcher_add(asker->fetcher, &q->fetch, 0, &why);
	if (rc == TJ_E_NOMEM)
		tj_ask_fail(asker, rc, NULL);
	else if (rc != TJ_OK)
		settle(q, TJ_ASK_FAILED, why.text);
}

void
tj_proof_ask(struct tj_asker *asker, struct tj_proof_question *q)
{
	struct tj_cached cached = { .age_s = 0 };
	enum tj_rc rc;

	q->asker = asker;
	q->state = TJ_ASK_ABSENT;
	rc = key_make(q, asker->scratch);
	if (rc == TJ_E_NOMEM) {
		tj_ask_fail(asker, rc, NULL);
	} else if (rc == TJ_OK && tj_ask_kept(&cached, asker, q->key)) {
		q->age_s = cached.age_s;
		(void)take(q, cached.text);
	} else if (rc == TJ_OK && asker->failed == TJ_OK) {
		ask(q);
	}
	tj_arena_reset(asker->scratch);
}
