#include "exchange/anchor.h"
#include "exchange/bif.h"
#include "exchange/crypto_sm2.h"
#include "exchange/json.h"
#include "model/base/limits.h"
#include "tests/support/support.h"

static tj_str
text(const struct tj_json *json, const char *path)
{
	tj_str found;

	assert_ok(tj_json_get_text(&found, json, path, NULL), NULL);
	return found;
}

static uint64_t
number(const struct tj_json *json, const char *path)
{
	double found;

	assert_ok(tj_json_get_number(&found, json, path, NULL), NULL);
	return (uint64_t)found;
}

static tj_str
bytes_of(tj_str hex, struct tj_arena *arena)
{
	char *bytes = TJ_NEWN(arena, char, hex.n / 2 + 1);

	for (size_t i = 0; i < hex.n / 2; i++)
		bytes[i] = (char)(16 * tj_hex_digit(hex.p[2 * i]) + tj_hex_digit(hex.p[2 * i + 1]));
	return (tj_str){ bytes, hex.n / 2 };
}

static struct tj_bif_entry
entry_of(const struct tj_json *v)
{
	return (struct tj_bif_entry){
		.source = text(v, "transaction.source_address"),
		.nonce = number(v, "transaction.nonce"),
		.fee_limit = number(v, "transaction.fee_limit"),
		.gas_price = number(v, "transaction.gas_price"),
		.metadata = text(v, "transaction.metadata"),
		.key = text(v, "transaction.operation.key"),
		.value = text(v, "transaction.operation.value"),
	};
}

/* The body as the vector has it, member by member. */
static void
assert_body(const struct tj_json *v, tj_str json, struct tj_arena *arena)
{
	const struct tj_json *body, *item, *signature;

	assert_ok(tj_json_read(&body, json, arena, NULL), NULL);
	assert_ok(tj_json_get(&item, body, "items", TJ_JSON_ARRAY, NULL), NULL);
	assert_int_equal(tj_json_count(item), 1);
	item = tj_json_at(item, 0);
	assert_str(text(v, "transaction_blob").p, text(item, "transaction_blob"));
	assert_ok(tj_json_get(&signature, item, "signatures", TJ_JSON_ARRAY, NULL), NULL);
	assert_int_equal(tj_json_count(signature), 1);
	signature = tj_json_at(signature, 0);
	assert_str(text(v, "sign_data").p, text(signature, "sign_data"));
	assert_str(text(v, "enc_public_key").p, text(signature, "public_key"));
}

static void
check_vector(const struct tj_json *v, struct tj_arena *arena)
{
	const struct tj_bif_entry entry = entry_of(v);
	const tj_str signature = bytes_of(text(v, "sign_data"), arena);
	char hex[TJ_DIGEST_HEX];
	tj_digest digest;
	struct tj_sm2 *sm2;
	tj_bid_key key;
	tj_str blob, json;

	assert_ok(tj_bif_blob(&blob, &entry, arena, NULL), NULL);
	assert_true(tj_str_eq(blob, bytes_of(text(v, "transaction_blob"), arena)));
	assert_ok(tj_sha256(&digest, blob, NULL), NULL);
	assert_str(tj_digest_hex(hex, &digest), text(v, "hash"));
	assert_ok(tj_bid_key_parse(&key, text(v, "enc_public_key"), NULL), NULL);
	assert_int_equal(signature.n, TJ_SIGNATURE_BYTES);
	assert_ok(tj_bif_submit(&json, blob, (const uint8_t *)signature.p, &key, arena, NULL), NULL);
	assert_body(v, json, arena);
	if (key.type != TJ_BID_SM2)
		return;
	assert_ok(tj_sm2_of_point(&sm2, key.raw, NULL), NULL);
	assert_ok(tj_sm2_verify(sm2, (const uint8_t *)signature.p, blob, NULL), NULL);
	tj_sm2_free(sm2);
}

static void
the_published_transactions_are_made_byte_for_byte(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	const struct tj_json *list;

	(void)state;
	assert_ok(tj_json_read(&list, tj_test_file("tests/exchange/data/bif/bif-vectors.json", arena),
	    arena, NULL), NULL);
	for (size_t i = 0; i < tj_json_count(list); i++)
		check_vector(tj_json_at(list, i), arena);
	tj_arena_free(arena);
}

static void
what_the_chain_would_not_take_is_refused(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	const char *many = TJ_NEWN(arena, char, TJ_MAX_BIF_VALUE + 1);
	struct tj_bif_entry entry = { .source = TJ_S("did:bid:ef1"), .nonce = 1,
		.key = { many, TJ_MAX_BIF_KEY }, .value = { many, TJ_MAX_BIF_VALUE } };
	tj_str blob;

	(void)state;
	assert_ok(tj_bif_blob(&blob, &entry, arena, NULL), NULL);
	assert_true(blob.n > TJ_MAX_BIF_VALUE + TJ_MAX_BIF_KEY);
	entry.key.n++;
	assert_rc(TJ_E_LIMIT, tj_bif_blob(&blob, &entry, arena, NULL), NULL);
	entry.key.n--;
	entry.value.n++;
	assert_rc(TJ_E_LIMIT, tj_bif_blob(&blob, &entry, arena, NULL), NULL);
	tj_arena_free(arena);
}

static void
an_anchor_keeps_the_checkpoint_verbatim(void **state)
{
	static const char *const bad[] = {
		"", "{}", "[]", "{\"chain\":\"\",\"transaction\":\"a\",\"checkpoint\":\"\"}",
		"{\"chain\":\"a\\n\",\"transaction\":\"a\",\"checkpoint\":\"\"}",
		"{\"chain\":\"a\",\"transaction\":7,\"checkpoint\":\"\"}",
		"{\"chain\":\"a\",\"transaction\":\"a\"}",
	};
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const tj_str note = tj_test_file("tests/exchange/data/stamp/checkpoint", arena);
	const struct tj_anchor anchor = { TJ_S(TJ_ANCHOR_BIF), TJ_S("1ae3"), note };
	struct tj_anchor back;
	tj_str json, value;

	(void)state;
	assert_ok(tj_anchor_write(&json, &anchor, arena, NULL), NULL);
	assert_ok(tj_anchor_read(&back, json, arena, NULL), NULL);
	assert_true(tj_str_eq(back.checkpoint, note));
	assert_str("1ae3", back.transaction);
	assert_ok(tj_anchor_value(&value, note, arena, NULL), NULL);
	assert_str("sha256:a8a8c4cbbbc635ba132d10c37108acc08b80fd1ef0e16256f1a0a0c2190c1b4e", value);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_rc(TJ_E_DATA, tj_anchor_read(&back, tj_str_of(bad[i]), arena, NULL), NULL);
	tj_arena_free(arena);
}

static enum tj_rc
make_all(void)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const struct tj_bif_entry entry = { .source = TJ_S("did:bid:ef1"), .nonce = 300,
		.key = TJ_S("a"), .value = TJ_S("b") };
	const uint8_t signature[TJ_SIGNATURE_BYTES] = { 1 };
	const tj_bid_key key = { .type = TJ_BID_ED25519 };
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_anchor anchor = { TJ_S(TJ_ANCHOR_BIF), TJ_S("1"), TJ_S("2") };
	tj_str blob, json;

	if (rc == TJ_OK)
		rc = tj_bif_blob(&blob, &entry, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_bif_submit(&json, blob, signature, &key, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_anchor_value(&anchor.checkpoint, blob, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_anchor_write(&json, &anchor, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_anchor_read(&anchor, json, arena, NULL);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(make_all());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_published_transactions_are_made_byte_for_byte),
		test(what_the_chain_would_not_take_is_refused),
		test(an_anchor_keeps_the_checkpoint_verbatim),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
