#include <time.h>

#include "connectors/chain_bif.h"
#include "connectors/url.h"
#include "exchange/anchor.h"
#include "exchange/bif.h"
#include "exchange/bif_reply.h"
#include "exchange/crypto.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

#define PAUSE_MS	250u	/* between two looks, then twice as long */
#define MAX_PAUSE_MS	4000u	/* blocks come every few seconds */

struct bif {
	struct tj_chain				 chain;
	const struct tj_chain_bif_options	*options;
	struct tj_web				*web;
	tj_str					 base;
};

static enum tj_rc
ask(tj_str *json, struct bif *bif, const char *method, tj_str url, tj_str body,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_web_question question = { .method = method, .url = url, .body = body,
	    .max_bytes = TJ_MAX_DOC_BYTES };
	struct tj_web_answer answer;

	if (url.p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_web_ask(&answer, bif->web, &question, arena, err));
	if (answer.status != 200)
		return tj_fail(err, answer.status >= 500 || answer.status == 429 ? TJ_E_LOCKED :
		    TJ_E_DATA, "%.*s: the chain's node answers with status %u", TJ_FMT(url),
		    answer.status);
	*json = answer.body;
	return TJ_OK;
}

static enum tj_rc
nonce_ask(uint64_t *nonce, struct bif *bif, tj_str address, struct tj_arena *arena,
    struct tj_err *err)
{
	enum tj_rc rc;
	tj_str json;

	TRY(ask(&json, bif, "GET", tj_str_fmt(arena, "%.*s/getAccountBase?address=%.*s",
	    TJ_FMT(bif->base), TJ_FMT(address)), TJ_S(""), arena, err));
	rc = tj_bif_read_nonce(nonce, json, arena, err);
	return rc != TJ_E_NOTFOUND ? rc : tj_fail(err, rc, "the chain knows no account %.*s: it "
	    "has to be opened and given a balance first", TJ_FMT(address));
}

static enum tj_rc
name_of(tj_str *name, tj_str blob, struct tj_arena *arena, struct tj_err *err)
{
	char hex[TJ_DIGEST_HEX];
	tj_digest digest = { 0 };

	TRY(tj_sha256(&digest, blob, err));
	*name = tj_str_dup(tj_str_of(tj_digest_hex(hex, &digest)), arena);
	return name->p == NULL ? tj_fail_nomem(err) : TJ_OK;
}

static enum tj_rc
bif_prepare(struct tj_chain *chain, struct tj_chain_transaction *out, tj_str key, tj_str value,
    struct tj_arena *arena, struct tj_err *err)
{
	struct bif *bif = (struct bif *)chain;
	const struct tj_chain_bif_options *o = bif->options;
	struct tj_bif_entry entry = { .fee_limit = o->fee_limit, .gas_price = o->gas_price,
	    .metadata = TJ_S(""), .key = key, .value = value };
	struct tj_chain_transaction made;
	uint8_t signature[TJ_SIGNATURE_BYTES];
	tj_str blob;

	TRY(tj_bid_of_key(&entry.source, &o->key, arena, err));
	TRY(nonce_ask(&entry.nonce, bif, entry.source, arena, err));
	entry.nonce++;
	TRY(tj_bif_blob(&blob, &entry, arena, err));
	TRY(name_of(&made.name, blob, arena, err));
	TRY(o->sign(o->ctx, signature, blob, err));
	TRY(tj_bif_submit(&made.body, blob, signature, &o->key, arena, err));
	*out = made;
	return TJ_OK;
}

/* A lost answer is not a refusal: waiting will tell. */
static enum tj_rc
bif_send(struct tj_chain *chain, const struct tj_chain_transaction *transaction,
    struct tj_arena *arena, struct tj_err *err)
{
	struct bif *bif = (struct bif *)chain;
	struct tj_err why = { 0 };
	enum tj_rc rc;
	tj_str json;

	rc = ask(&json, bif, "POST", tj_str_fmt(arena, "%.*s/submitTransaction",
	    TJ_FMT(bif->base)), transaction->body, arena, &why);
	if (rc == TJ_E_LOCKED)
		return TJ_OK;
	if (rc == TJ_OK)
		return tj_bif_read_submitted(json, transaction->name, arena, err);
	return tj_fail(err, rc, "%s", why.text);
}

static uint64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static enum tj_rc
look(struct bif *bif, uint64_t *block, tj_str name, struct tj_arena *arena, struct tj_err *err)
{
	tj_str json;

	TRY(ask(&json, bif, "GET", tj_str_fmt(arena, "%.*s/getTransactionHistory?hash=%.*s",
	    TJ_FMT(bif->base), TJ_FMT(name)), TJ_S(""), arena, err));
	return tj_bif_read_included(block, json, name, arena, err);
}

static enum tj_rc
bif_wait(struct tj_chain *chain, uint64_t *block, tj_str name, struct tj_arena *arena,
    struct tj_err *err)
{
	struct bif *bif = (struct bif *)chain;
	const uint64_t until = now_ms() + bif->options->deadline_ms;
	uint32_t pause_ms = PAUSE_MS;
	struct tj_err why = { 0 };
	enum tj_rc rc;

	while ((rc = look(bif, block, name, arena, &why)) != TJ_OK) {
		if (rc != TJ_E_NOTFOUND && rc != TJ_E_LOCKED)
			return tj_fail(err, rc, "%s", why.text);
		if (now_ms() + pause_ms >= until)
			return tj_fail(err, TJ_E_LOCKED, "the transaction %.*s is in no block yet "
			    "(%s)", TJ_FMT(name), why.text);
		(void)nanosleep(&(struct timespec){ pause_ms / 1000,
		    (long)(pause_ms % 1000) * 1000000L }, NULL);
		pause_ms = 2 * pause_ms < MAX_PAUSE_MS ? 2 * pause_ms : MAX_PAUSE_MS;
	}
	return TJ_OK;
}

static void
bif_close(struct tj_chain *chain)
{
	struct bif *bif = (struct bif *)chain;

	tj_web_close(bif->web);
	tj_mem_free(bif);
}

enum tj_rc
tj_chain_bif_open(struct tj_chain **out, const struct tj_chain_bif_options *options,
    struct tj_err *err)
{
	struct bif *bif;
	enum tj_rc rc;
	tj_str base;

	TRY(tj_url_base(&base, options->url, err));
	if ((bif = tj_mem_calloc(1, sizeof(*bif))) == NULL)
		return tj_fail_nomem(err);
	bif->chain = (struct tj_chain){ TJ_ANCHOR_BIF, bif_prepare, bif_send, bif_wait,
	    bif_close };
	bif->options = options;
	bif->base = base;
	rc = tj_web_open(&bif->web, &options->web, err);
	if (rc != TJ_OK)
		tj_mem_free(bif);
	else
		*out = &bif->chain;
	return rc;
}
