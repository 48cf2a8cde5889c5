#include "exchange/cbor.h"
#include "exchange/label_form.h"
#include "model/base/limits.h"

/* SubjectPublicKeyInfo of a P-256 key is this and its point (RFC 5480). */
static const uint8_t spki_head[] = {
	0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
	0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04
};

static tj_str
view(const void *bytes, size_t n)
{
	return (tj_str){ bytes, n };
}

/* What is signed (RFC 9052 section 4.4): no external data. */
static enum tj_rc
to_be_signed(tj_str *out, tj_str header, tj_str payload, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_buf buf;
	enum tj_rc rc;

	tj_buf_init(&buf, 2 * TJ_MAX_LABEL_BYTES);
	tj_cbor_put(&buf, TJ_CBOR_ARRAY, 4);
	tj_cbor_put_bytes(&buf, TJ_CBOR_TEXT, TJ_S("Signature1"));
	tj_cbor_put_bytes(&buf, TJ_CBOR_BYTES, header);
	tj_cbor_put_bytes(&buf, TJ_CBOR_BYTES, TJ_S(""));
	tj_cbor_put_bytes(&buf, TJ_CBOR_BYTES, payload);
	rc = tj_buf_done(out, &buf, arena, err);
	tj_buf_fini(&buf);
	return rc;
}

enum tj_rc
tj_label_kid(uint8_t kid[TJ_LABEL_KID_BYTES], const struct tj_key *key, struct tj_err *err)
{
	char spki[sizeof(spki_head) + sizeof(tj_point)];
	tj_digest digest;
	tj_point point;

	TRY(tj_key_point(&point, key, err));
	memcpy(spki, spki_head, sizeof(spki_head));
	memcpy(spki + sizeof(spki_head), &point, sizeof(point));
	TRY(tj_sha256(&digest, view(spki, sizeof(spki)), err));
	memcpy(kid, digest.b, TJ_LABEL_KID_BYTES);
	return TJ_OK;
}

enum tj_rc
tj_label_sign(tj_str *code, const struct tj_label *label, struct tj_signer *signer,
    const struct tj_key *shown, struct tj_arena *arena, struct tj_err *err)
{
	uint8_t header[TJ_LABEL_HEADER_BYTES], signature[TJ_SIGNATURE_BYTES];
	tj_str payload, message;
	tj_digest digest;

	memcpy(header, tj_label_header_head, TJ_LABEL_HEADER_HEAD);
	TRY(tj_label_kid(header + TJ_LABEL_HEADER_HEAD, shown, err));
	TRY(tj_label_payload(&payload, label, arena, err));
	TRY(to_be_signed(&message, view(header, sizeof(header)), payload, arena, err));
	TRY(tj_sha256(&digest, message, err));
	TRY(signer->sign(signer, signature, &digest, err));
	return tj_label_frame(code, view(header, sizeof(header)), payload, signature, arena, err);
}

enum tj_rc
tj_label_check(const struct tj_label_code *code, const struct tj_key *key,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_str message;

	TRY(to_be_signed(&message, code->protected_header, code->payload, arena, err));
	return tj_key_verify(key, code->signature, message, err);
}
