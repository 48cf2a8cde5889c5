#include "exchange/b64.h"
#include "exchange/json.h"
#include "exchange/jws.h"
#include "model/base/limits.h"

/* RFC 7515 section 4.1; what is not listed in jws.h is refused by name. */
static enum tj_rc
check_member(tj_str name, struct tj_err *err)
{
	static const char *const allowed[] = { "alg", "kid", "typ", "x5c" };

	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		if (tj_str_eq(name, tj_str_of(allowed[i])))
			return TJ_OK;
	return tj_fail(err, TJ_E_DATA, "a header with \"%.*s\" is not accepted", TJ_FMT(name));
}

static enum tj_rc
optional_text(tj_str *text, const struct tj_json *object, const char *name,
    struct tj_err *err)
{
	if (tj_json_find(object, name) == NULL) {
		*text = (tj_str){ 0 };
		return TJ_OK;
	}
	return tj_json_get_text(text, object, name, err);
}

static enum tj_rc
read_header(struct tj_jws *jws, tj_str encoded, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_json *header;
	tj_str text;

	TRY(tj_b64_decode(&text, encoded, arena, err));
	TRY(tj_json_read(&header, text, arena, err));
	if (tj_json_type(header) != TJ_JSON_OBJECT)
		return tj_fail(err, TJ_E_DATA, "the header is not an object");
	for (size_t i = 0; i < tj_json_count(header); i++)
		TRY(check_member(tj_json_name(header, i), err));
	TRY(tj_json_get_text(&jws->alg, header, "alg", err));
	TRY(optional_text(&jws->kid, header, "kid", err));
	return optional_text(&jws->typ, header, "typ", err);
}

static enum tj_rc
read_signature(struct tj_jws *jws, tj_str encoded, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str raw;

	TRY(tj_b64_decode(&raw, encoded, arena, err));
	if (raw.n != TJ_SIGNATURE_BYTES)
		return tj_fail(err, TJ_E_DATA, "a signature of %zu bytes, expected %d", raw.n,
		    TJ_SIGNATURE_BYTES);
	memcpy(jws->signature, raw.p, TJ_SIGNATURE_BYTES);
	return TJ_OK;
}

enum tj_rc
tj_jws_parse(struct tj_jws *out, tj_str bytes, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_jws jws = { 0 };
	tj_str rest = bytes, header, payload;

	if (bytes.n > TJ_MAX_JWS_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a JWS of more than %zu bytes", TJ_MAX_JWS_BYTES);
	if (!tj_str_next(&header, &rest, '.') || !tj_str_next(&payload, &rest, '.') ||
	    rest.p == NULL)
		return tj_fail(err, TJ_E_DATA,
		    "not a compact JWS: three parts with a dot between them were expected");
	jws.signing_input = tj_str_cut(bytes, 0, header.n + 1 + payload.n);
	TRY(read_header(&jws, header, arena, err));
	TRY(tj_b64_decode(&jws.payload, payload, arena, err));
	if (jws.payload.n > TJ_MAX_DECLARATION)
		return tj_fail(err, TJ_E_LIMIT, "a payload of more than %zu bytes",
		    TJ_MAX_DECLARATION);
	TRY(read_signature(&jws, rest, arena, err));
	*out = jws;
	return TJ_OK;
}

enum tj_rc
tj_jws_verify(const struct tj_jws *jws, const struct tj_key *key, struct tj_err *err)
{
	/* The key tells the algorithm; the header may only agree. */
	if (!tj_str_eq(jws->alg, TJ_S(TJ_ES256)))
		return tj_fail(err, TJ_E_REFUSED, "alg \"%.*s\", but the key is for " TJ_ES256,
		    TJ_FMT(jws->alg));
	return tj_key_verify(key, jws->signature, jws->signing_input, err);
}

enum tj_rc
tj_jws_digest(tj_digest *digest, const struct tj_jws *jws, struct tj_err *err)
{
	return tj_sha256(digest, jws->signing_input, err);
}

/* Byte for byte the header of jws.h. */
static enum tj_rc
write_header(tj_str *header, tj_str kid, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_json_writer out;

	tj_json_begin(&out, TJ_MAX_IDENT_BYTES + 64);
	tj_json_open(&out, NULL, '{');
	tj_json_put(&out, "alg", TJ_S(TJ_ES256));
	tj_json_put(&out, "kid", kid);
	tj_json_put(&out, "typ", TJ_S(TJ_JWS_TYP));
	tj_json_close(&out, '}');
	return tj_json_end(header, &out, arena, err);
}

static enum tj_rc
write_input(struct tj_buf *buf, tj_str payload, tj_str kid, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str header, parts[2];

	if (payload.n > TJ_MAX_DECLARATION)
		return tj_fail(err, TJ_E_LIMIT, "a payload of more than %zu bytes",
		    TJ_MAX_DECLARATION);
	TRY(write_header(&header, kid, arena, err));
	parts[0] = tj_b64_encode(header, arena);
	parts[1] = tj_b64_encode(payload, arena);
	if (parts[0].p == NULL || parts[1].p == NULL)
		return tj_fail_nomem(err);
	tj_buf_put(buf, parts[0]);
	tj_buf_putc(buf, '.');
	tj_buf_put(buf, parts[1]);
	return buf->failed ? tj_fail_nomem(err) : TJ_OK;
}

enum tj_rc
tj_jws_digest_of(tj_digest *digest, tj_str payload, tj_str kid, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_buf buf;
	enum tj_rc rc;

	tj_buf_init(&buf, TJ_MAX_JWS_BYTES);
	rc = write_input(&buf, payload, kid, arena, err);
	if (rc == TJ_OK)
		rc = tj_sha256(digest, tj_buf_view(&buf), err);
	tj_buf_fini(&buf);
	return rc;
}

static enum tj_rc
sign(struct tj_buf *buf, tj_digest *digest, struct tj_signer *signer,
    struct tj_arena *arena, struct tj_err *err)
{
	uint8_t raw[TJ_SIGNATURE_BYTES];
	tj_str signature;

	TRY(signer->sign(signer, raw, tj_buf_view(buf), err));
	TRY(tj_sha256(digest, tj_buf_view(buf), err));
	signature = tj_b64_encode((tj_str){ (const char *)raw, sizeof(raw) }, arena);
	if (signature.p == NULL)
		return tj_fail_nomem(err);
	tj_buf_putc(buf, '.');
	tj_buf_put(buf, signature);
	return TJ_OK;
}

enum tj_rc
tj_jws_build(tj_str *jws, tj_digest *digest, tj_str payload, struct tj_signer *signer,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_buf buf;
	tj_digest made;
	enum tj_rc rc;

	if (!tj_str_eq(signer->alg, TJ_S(TJ_ES256)))
		return tj_fail(err, TJ_E_CONFIG, "a signer for %.*s, expected " TJ_ES256,
		    TJ_FMT(signer->alg));
	tj_buf_init(&buf, TJ_MAX_JWS_BYTES);
	rc = write_input(&buf, payload, signer->kid, arena, err);
	if (rc == TJ_OK)
		rc = sign(&buf, &made, signer, arena, err);
	if (rc == TJ_OK)
		rc = tj_buf_done(jws, &buf, arena, err);
	if (rc == TJ_OK && digest != NULL)
		*digest = made;
	tj_buf_fini(&buf);
	return rc;
}
