#include "exchange/bif.h"
#include "exchange/json.h"
#include "model/base/limits.h"

/* Protocol Buffers: a field's number and how its value is written. */
enum wire { VARINT = 0, BYTES = 2 };

#define TYPE_SET_METADATA	4

static void
put_varint(struct tj_buf *buf, uint64_t n)
{
	for (; n >= 0x80; n >>= 7)
		tj_buf_putc(buf, (char)(0x80 | (n & 0x7f)));
	tj_buf_putc(buf, (char)n);
}

/* What is zero or empty is left out. */
static void
put_number(struct tj_buf *buf, unsigned field, uint64_t n)
{
	if (n == 0)
		return;
	put_varint(buf, field << 3 | VARINT);
	put_varint(buf, n);
}

static void
put_bytes(struct tj_buf *buf, unsigned field, tj_str bytes)
{
	if (bytes.n == 0)
		return;
	put_varint(buf, field << 3 | BYTES);
	put_varint(buf, bytes.n);
	tj_buf_put(buf, bytes);
}

/* A message inside another: its own bytes come first, since their number stands before. */
static enum tj_rc
put_set_metadata(struct tj_buf *buf, const struct tj_bif_entry *entry, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_buf inner;
	tj_str set = TJ_S("");
	enum tj_rc rc;

	tj_buf_init(&inner, TJ_MAX_BIF_BYTES);
	put_bytes(&inner, 1, entry->key);
	put_bytes(&inner, 2, entry->value);
	rc = tj_buf_done(&set, &inner, arena, err);
	tj_buf_fini(&inner);
	if (rc != TJ_OK)
		return rc;
	put_number(buf, 1, TYPE_SET_METADATA);
	put_bytes(buf, 7, set);
	return TJ_OK;
}

static enum tj_rc
operation(tj_str *out, const struct tj_bif_entry *entry, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_buf buf;
	enum tj_rc rc;

	tj_buf_init(&buf, TJ_MAX_BIF_BYTES);
	rc = put_set_metadata(&buf, entry, arena, err);
	if (rc == TJ_OK)
		rc = tj_buf_done(out, &buf, arena, err);
	tj_buf_fini(&buf);
	return rc;
}

enum tj_rc
tj_bif_blob(tj_str *blob, const struct tj_bif_entry *entry, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_buf buf;
	tj_str inner = TJ_S("");
	enum tj_rc rc;

	if (entry->key.n > TJ_MAX_BIF_KEY || entry->value.n > TJ_MAX_BIF_VALUE)
		return tj_fail(err, TJ_E_LIMIT, "a key of %zu and a value of %zu bytes; the chain "
		    "takes %d and %d", entry->key.n, entry->value.n, TJ_MAX_BIF_KEY,
		    TJ_MAX_BIF_VALUE);
	TRY(operation(&inner, entry, arena, err));
	tj_buf_init(&buf, TJ_MAX_BIF_BYTES);
	put_bytes(&buf, 1, entry->source);
	put_number(&buf, 2, entry->nonce);
	put_bytes(&buf, 4, inner);
	put_bytes(&buf, 5, entry->metadata);
	put_number(&buf, 6, entry->fee_limit);
	put_number(&buf, 7, entry->gas_price);
	rc = tj_buf_done(blob, &buf, arena, err);
	tj_buf_fini(&buf);
	return rc;
}

static tj_str
hex_of(tj_str bytes, struct tj_arena *arena)
{
	static const char digits[] = "0123456789abcdef";
	char *text = TJ_NEWN(arena, char, 2 * bytes.n + 1);

	for (size_t i = 0; text != NULL && i < bytes.n; i++) {
		text[2 * i] = digits[(uint8_t)bytes.p[i] >> 4];
		text[2 * i + 1] = digits[bytes.p[i] & 15];
	}
	return (tj_str){ text, 2 * bytes.n };
}

enum tj_rc
tj_bif_submit(tj_str *json, tj_str blob, const uint8_t signature[TJ_SIGNATURE_BYTES],
    const tj_bid_key *key, struct tj_arena *arena, struct tj_err *err)
{
	const tj_str blob_hex = hex_of(blob, arena);
	const tj_str sign_hex = hex_of((tj_str){ (const char *)signature, TJ_SIGNATURE_BYTES },
	    arena);
	struct tj_json_writer out;
	tj_str key_hex = TJ_S("");

	if (blob_hex.p == NULL || sign_hex.p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_bid_key_text(&key_hex, key, arena, err));
	tj_json_begin(&out, TJ_MAX_DOC_BYTES);
	tj_json_open(&out, NULL, '{');
	tj_json_open(&out, "items", '[');
	tj_json_open(&out, NULL, '{');
	tj_json_put(&out, "transaction_blob", blob_hex);
	tj_json_open(&out, "signatures", '[');
	tj_json_open(&out, NULL, '{');
	tj_json_put(&out, "sign_data", sign_hex);
	tj_json_put(&out, "public_key", key_hex);
	tj_json_close(&out, '}');
	tj_json_close(&out, ']');
	tj_json_close(&out, '}');
	tj_json_close(&out, ']');
	tj_json_close(&out, '}');
	return tj_json_end(json, &out, arena, err);
}
