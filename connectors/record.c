#include "connectors/record.h"
#include "exchange/crypto.h"
#include "model/base/limits.h"

enum { CHECK = 0, SEQUENCE = 32, DIGEST = 40, PRODUCT_N = 72, ID_N = 76 };

static void
u32_write(uint8_t bytes[4], size_t n)
{
	for (int i = 3; i >= 0; i--, n >>= 8)
		bytes[i] = (uint8_t)n;
}

static size_t
u32_read(const uint8_t bytes[4])
{
	size_t n = 0;

	for (int i = 0; i < 4; i++)
		n = n << 8 | bytes[i];
	return n;
}

void
tj_sequence_write(uint8_t bytes[8], uint64_t sequence)
{
	for (int i = 7; i >= 0; i--, sequence >>= 8)
		bytes[i] = (uint8_t)sequence;
}

uint64_t
tj_sequence_read(const uint8_t bytes[8])
{
	uint64_t sequence = 0;

	for (int i = 0; i < 8; i++)
		sequence = sequence << 8 | bytes[i];
	return sequence;
}

size_t
tj_record_bytes(const struct tj_stored *stored)
{
	return TJ_RECORD_HEAD + stored->product.n + stored->id.n + stored->jws.n;
}

static uint8_t *
put(uint8_t *at, tj_str text)
{
	memcpy(at, text.p, text.n);
	return at + text.n;
}

enum tj_rc
tj_record_write(uint8_t *bytes, const struct tj_stored *stored, uint64_t sequence,
    struct tj_err *err)
{
	uint8_t *at = bytes + TJ_RECORD_HEAD;
	tj_digest check;

	tj_sequence_write(bytes + SEQUENCE, sequence);
	memcpy(bytes + DIGEST, stored->digest.b, TJ_DIGEST_BYTES);
	u32_write(bytes + PRODUCT_N, stored->product.n);
	u32_write(bytes + ID_N, stored->id.n);
	at = put(at, stored->product);
	at = put(at, stored->id);
	at = put(at, stored->jws);
	TRY(tj_sha256(&check, (tj_str){ (const char *)bytes + SEQUENCE,
	    (size_t)(at - bytes) - SEQUENCE }, err));
	memcpy(bytes + CHECK, check.b, TJ_DIGEST_BYTES);
	return TJ_OK;
}

enum tj_rc
tj_record_read(struct tj_stored *out, tj_str record, uint64_t sequence,
    struct tj_err *err)
{
	const uint8_t *bytes = (const uint8_t *)record.p;
	struct tj_stored stored;
	tj_digest check;
	tj_str texts;
	size_t product_n, id_n;

	if (record.n < TJ_RECORD_HEAD)
		return tj_fail(err, TJ_E_CORRUPT, "a record of %zu bytes", record.n);
	TRY(tj_sha256(&check, tj_str_cut(record, SEQUENCE, record.n), err));
	if (memcmp(bytes + CHECK, check.b, TJ_DIGEST_BYTES) != 0)
		return tj_fail(err, TJ_E_CORRUPT, "a record's bytes have changed");
	product_n = u32_read(bytes + PRODUCT_N);
	id_n = u32_read(bytes + ID_N);
	texts = tj_str_cut(record, TJ_RECORD_HEAD, record.n);
	if (tj_sequence_read(bytes + SEQUENCE) != sequence ||
	    product_n > texts.n || id_n > texts.n - product_n)
		return tj_fail(err, TJ_E_CORRUPT, "a record in another's place");
	memcpy(stored.digest.b, bytes + DIGEST, TJ_DIGEST_BYTES);
	stored.product = tj_str_cut(texts, 0, product_n);
	stored.id = tj_str_cut(texts, product_n, id_n);
	stored.jws = tj_str_cut(texts, product_n + id_n, texts.n);
	*out = stored;
	return TJ_OK;
}

enum tj_rc
tj_stored_check(const struct tj_stored *stored, struct tj_err *err)
{
	if (stored->product.n == 0 || stored->id.n == 0)
		return tj_fail(err, TJ_E_DATA, "a declaration without %s",
		    stored->id.n == 0 ? "an id" : "a product");
	if (stored->product.n > TJ_MAX_IDENT_BYTES || stored->id.n > TJ_MAX_IDENT_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "an identifier of more than %d bytes",
		    TJ_MAX_IDENT_BYTES);
	if (stored->jws.n > TJ_MAX_JWS_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a declaration of more than %zu bytes",
		    TJ_MAX_JWS_BYTES);
	return TJ_OK;
}

enum tj_rc
tj_stored_same(const struct tj_stored *old, const struct tj_stored *stored,
    struct tj_err *err)
{
	if (tj_digest_eq(&old->digest, &stored->digest))
		return TJ_OK;
	return tj_fail(err, TJ_E_CONFLICT,
	    "%.*s is in the registry with other content; nothing signed is replaced",
	    TJ_FMT(stored->id));
}

enum tj_rc
tj_stored_dup(struct tj_stored *out, const struct tj_stored *stored,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_stored copy = {
		.digest = stored->digest,
		.product = tj_str_dup(stored->product, arena),
		.id = tj_str_dup(stored->id, arena),
		.jws = tj_str_dup(stored->jws, arena),
	};

	if (copy.product.p == NULL || copy.id.p == NULL || copy.jws.p == NULL)
		return tj_fail_nomem(err);
	*out = copy;
	return TJ_OK;
}
