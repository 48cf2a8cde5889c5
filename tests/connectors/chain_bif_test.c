#include "connectors/chain_bif.h"
#include "exchange/bif.h"
#include "tests/connectors/node.h"

static struct tj_err	err;
static tj_range		loopback;

static enum tj_rc
sign(void *ctx, uint8_t signature[TJ_SIGNATURE_BYTES], tj_str blob, struct tj_err *why)
{
	(void)ctx;
	(void)blob;
	(void)why;
	memset(signature, 7, TJ_SIGNATURE_BYTES);
	return TJ_OK;
}

static struct tj_chain_bif_options
options_of(const struct node *node)
{
	return (struct tj_chain_bif_options){ .url = tj_str_of(node->url), .sign = sign,
	    .key = { .type = TJ_BID_ED25519, .raw = { 1, 2, 3 } }, .fee_limit = 5,
	    .gas_price = 6, .web = { &loopback, 1, NULL, 3000 }, .deadline_ms = 100 };
}

/* What the transaction must be where the account's last nonce is 41. */
static void
expected(struct tj_chain_transaction *t, const struct tj_chain_bif_options *o,
    struct tj_arena *arena)
{
	struct tj_bif_entry entry = { .nonce = 42, .fee_limit = 5, .gas_price = 6,
	    .metadata = TJ_S(""), .key = TJ_S("k"), .value = TJ_S("v") };
	uint8_t signature[TJ_SIGNATURE_BYTES];
	char hex[TJ_DIGEST_HEX];
	tj_digest digest;
	tj_str blob;

	assert_ok(tj_bid_of_key(&entry.source, &o->key, arena, &err), &err);
	assert_ok(tj_bif_blob(&blob, &entry, arena, &err), &err);
	assert_ok(tj_sha256(&digest, blob, &err), &err);
	t->name = tj_str_dup(tj_str_of(tj_digest_hex(hex, &digest)), arena);
	memset(signature, 7, sizeof(signature));
	assert_ok(tj_bif_submit(&t->body, blob, signature, &o->key, arena, &err), &err);
}

/* Prepared, sent, and looked for. */
static enum tj_rc
all_steps(uint64_t *block, struct tj_chain_transaction *t, const struct tj_chain_bif_options *o,
    struct tj_arena *arena)
{
	struct tj_chain *chain;
	enum tj_rc rc;

	TRY(tj_chain_bif_open(&chain, o, &err));
	rc = chain->prepare(chain, t, TJ_S("k"), TJ_S("v"), arena, &err);
	if (rc == TJ_OK)
		rc = chain->send(chain, t, arena, &err);
	if (rc == TJ_OK)
		rc = chain->wait(chain, block, t->name, arena, &err);
	chain->close(chain);
	return rc;
}

static enum tj_rc
once(const struct tj_chain_bif_options *o)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_chain_transaction t;
	uint64_t block;
	enum tj_rc rc;

	if (arena == NULL)
		return TJ_E_NOMEM;
	rc = all_steps(&block, &t, o, arena);
	tj_arena_free(arena);
	return rc;
}

static void
an_entry_is_made_here_taken_by_the_node_and_found_in_a_block(void **state)
{
	struct node_answer answers[] = {
	    { "GET /getAccountBase?address=did:bid:ef", 200, "",
		"{\"error_code\":0,\"result\":{\"nonce\":41}}" },
	    { "POST /submitTransaction", 200, "", NULL },
	    { "GET /getTransactionHistory?hash=", 200, "", NULL }, { NULL, 0, NULL, NULL } };
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_chain_bif_options o;
	struct tj_chain_transaction want, got;
	struct node node;
	uint64_t block = 0;

	(void)state;
	node_open(&node, answers);
	o = options_of(&node);
	expected(&want, &o, arena);
	answers[1].body = tj_str_fmt(arena, "{\"results\":[{\"error_code\":0,\"hash\":\"%s\"}]}",
	    want.name.p).p;
	answers[2].body = tj_str_fmt(arena, "{\"error_code\":0,\"result\":{\"transactions\":[{"
	    "\"error_code\":0,\"hash\":\"%s\",\"ledger_seq\":9}]}}", want.name.p).p;
	assert_ok(all_steps(&block, &got, &o, arena), &err);
	assert_int_equal(block, 9);
	assert_str(want.name.p, got.name);
	assert_str(want.body.p, got.body);
	OOM_LOOP(once(&o));
	answers[1].body = NULL;		/* an answer that is lost is not a refusal */
	assert_ok(all_steps(&block, &got, &o, arena), &err);
	answers[2].body = "{\"error_code\":4,\"result\":{}}";
	assert_rc(TJ_E_LOCKED, all_steps(&block, &got, &o, arena), &err);
	assert_non_null(strstr(err.text, want.name.p));
	answers[0].body = answers[2].body;
	assert_rc(TJ_E_NOTFOUND, all_steps(&block, &got, &o, arena), &err);
	assert_non_null(strstr(err.text, "no account did:bid:ef"));
	node_close(&node);
	tj_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(an_entry_is_made_here_taken_by_the_node_and_found_in_a_block),
	};

	if (tj_range_parse(&loopback, TJ_S("127.0.0.0/8"), NULL) != TJ_OK)
		return 1;
	return RUN(tests);
}
