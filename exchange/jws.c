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

/* RFC 7515 section 4.1.6: base64, not base64url. */
static enum tj_rc
read_x5c(struct tj_jws *jws, const struct tj_json *header, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *array;
	tj_str *ders;
	size_t n;

	if (tj_json_find(header, "x5c") == NULL)
		return TJ_OK;
	TRY(tj_json_get(&array, header, "x5c", TJ_JSON_ARRAY, err));
	n = tj_json_count(array);
	if (n == 0 || n > TJ_MAX_CHAIN)
		return tj_fail(err, n == 0 ? TJ_E_DATA : TJ_E_LIMIT,
		    "a chain of %zu certificates in the header, expected 1 to %u", n,
		    TJ_MAX_CHAIN);
	if ((ders = TJ_NEWN(arena, tj_str, n)) == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < n; i++)
		TRY(tj_b64_standard_decode(&ders[i], tj_json_text(tj_json_at(array, i)), arena,
		    err));
	jws->x5c = ders;
	jws->x5c_count = n;
	return TJ_OK;
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
	TRY(optional_text(&jws->typ, header, "typ", err));
	return read_x5c(jws, header, arena, err);
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
tj_jws_issuer(tj_str *did, tj_str bytes, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_jws jws = { 0 };
	tj_str header;

	if (bytes.n > TJ_MAX_JWS_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a JWS of more than %zu bytes", TJ_MAX_JWS_BYTES);
	if (!tj_str_next(&header, &bytes, '.'))
		return tj_fail(err, TJ_E_DATA, "not a compact JWS");
	TRY(read_header(&jws, header, arena, err));
	*did = tj_str_cut(jws.kid, 0, tj_str_find(jws.kid, '#'));
	return TJ_OK;
}

bool
tj_jws_is_batch(tj_str bytes)
{
	/* {"alg":"tlog-es256 */
	return tj_str_starts(bytes, TJ_S("eyJhbGciOiJ0bG9nLWVzMjU2"));
}

enum tj_rc
tj_jws_parse_as(struct tj_jws *out, tj_str bytes, tj_str typ, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_jws jws = { 0 };

	TRY(tj_jws_parse(&jws, bytes, arena, err));
	if (!tj_str_eq(jws.typ, typ))
		return tj_fail(err, TJ_E_DATA, "typ is \"%.*s\", expected %.*s",
		    TJ_FMT(jws.typ), TJ_FMT(typ));
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
write_header(tj_str *header, tj_str alg, tj_str typ, const struct tj_signer *signer,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_json_writer out;

	tj_json_begin(&out, TJ_MAX_KEYS_BYTES);
	tj_json_open(&out, NULL, '{');
	tj_json_put(&out, "alg", alg);
	tj_json_put(&out, "kid", signer->kid);
	tj_json_put(&out, "typ", typ);
	if (signer->x5c_count > 0) {
		tj_json_open(&out, "x5c", '[');
		for (size_t i = 0; i < signer->x5c_count; i++)
			tj_json_put(&out, NULL, signer->x5c[i]);
		tj_json_close(&out, ']');
	}
	tj_json_close(&out, '}');
	return tj_json_end(header, &out, arena, err);
}

/* The signing input, with room for the signature behind it. */
static enum tj_rc
write_input(char **text, size_t *n, tj_str payload, tj_str alg, tj_str typ,
    const struct tj_signer *signer, struct tj_arena *arena, struct tj_err *err)
{
	tj_str header;
	size_t bytes;
	char *made;

	if (payload.n > TJ_MAX_DECLARATION)
		return tj_fail(err, TJ_E_LIMIT, "a payload of more than %zu bytes",
		    TJ_MAX_DECLARATION);
	TRY(write_header(&header, alg, typ, signer, arena, err));
	bytes = tj_b64_bytes(header.n) + 1 + tj_b64_bytes(payload.n);
	made = TJ_NEWN(arena, char, bytes + 1 + tj_b64_bytes(TJ_SIGNATURE_BYTES) + 1);
	if (made == NULL)
		return tj_fail_nomem(err);
	*text = made;
	*n = bytes;
	made += tj_b64_write(made, header);
	*made++ = '.';
	(void)tj_b64_write(made, payload);
	return TJ_OK;
}

static bool
makes_batches(const struct tj_signer *signer)
{
	return tj_str_eq(signer->alg, TJ_S(TJ_BATCH_ALG));
}

enum tj_rc
tj_jws_build_as(tj_str *jws, tj_digest *digest, tj_str payload, tj_str typ,
    struct tj_signer *signer, struct tj_arena *arena, struct tj_err *err)
{
	uint8_t signature[TJ_SIGNATURE_BYTES];
	tj_digest made;
	char *text;
	size_t n;

	if (!tj_str_eq(signer->alg, TJ_S(TJ_ES256)) && !makes_batches(signer))
		return tj_fail(err, TJ_E_CONFIG, "a signer for %.*s, expected " TJ_ES256,
		    TJ_FMT(signer->alg));
	TRY(write_input(&text, &n, payload, signer->alg, typ, signer, arena, err));
	TRY(tj_sha256(&made, (tj_str){ text, n }, err));
	TRY(signer->sign(signer, signature, &made, err));
	text[n++] = '.';
	n += tj_b64_write(text + n, (tj_str){ (const char *)signature, sizeof(signature) });
	*jws = (tj_str){ text, n };
	if (digest != NULL)
		*digest = made;
	return TJ_OK;
}

enum tj_rc
tj_jws_build(tj_str *jws, tj_digest *digest, tj_str payload, struct tj_signer *signer,
    struct tj_arena *arena, struct tj_err *err)
{
	const tj_str typ = makes_batches(signer) ? TJ_S(TJ_BATCH_TYP) : TJ_S(TJ_JWS_TYP);

	return tj_jws_build_as(jws, digest, payload, typ, signer, arena, err);
}
