#include "exchange/b64.h"
#include "exchange/handle_data.h"
#include "exchange/handle_jws.h"
#include "exchange/json_time.h"
#include "model/base/limits.h"

#define HEADER	"{\"alg\":\"RS256\"}"

/* alg, and nothing that would change what the bytes mean. */
static enum tj_rc
check_header(tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_json *header;
	tj_str alg;

	TRY(tj_json_read(&header, text, arena, err));
	TRY(tj_json_get_text(&alg, header, "alg", err));
	if (!tj_str_eq(alg, TJ_S("RS256")))
		return tj_fail(err, TJ_E_DATA, "alg \"%.*s\", expected RS256", TJ_FMT(alg));
	for (size_t i = 0; i < tj_json_count(header); i++) {
		const tj_str name = tj_json_name(header, i);

		if (!tj_str_eq(name, TJ_S("alg")) && !tj_str_eq(name, TJ_S("typ")) &&
		    !tj_str_eq(name, TJ_S("kid")))
			return tj_fail(err, TJ_E_DATA, "a header with \"%.*s\" is not accepted",
			    TJ_FMT(name));
	}
	return TJ_OK;
}

enum tj_rc
tj_handle_jws_parse(struct tj_handle_jws *out, tj_str bytes, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str rest = bytes, header, payload, text;
	struct tj_handle_jws jws;

	if (bytes.n > TJ_MAX_HANDLE_JWS)
		return tj_fail(err, TJ_E_LIMIT, "a signature of more than %zu bytes",
		    TJ_MAX_HANDLE_JWS);
	if (!tj_str_next(&header, &rest, '.') || !tj_str_next(&payload, &rest, '.') ||
	    rest.p == NULL)
		return tj_fail(err, TJ_E_DATA, "not a compact JWS: three parts were expected");
	jws.input = tj_str_cut(bytes, 0, header.n + 1 + payload.n);
	TRY(tj_b64_decode(&text, header, arena, err));
	TRY(check_header(text, arena, err));
	TRY(tj_b64_decode(&jws.payload, payload, arena, err));
	TRY(tj_b64_decode(&jws.signature, rest, arena, err));
	*out = jws;
	return TJ_OK;
}

enum tj_rc
tj_handle_jws_verify(const struct tj_handle_jws *jws, const struct tj_rsa *rsa,
    struct tj_err *err)
{
	return tj_rsa_verify(rsa, TJ_SHA256, jws->signature, jws->input, err);
}

static enum tj_rc
time_of(tj_time *out, const struct tj_json *payload, const char *name, tj_time otherwise,
    struct tj_err *err)
{
	double number;

	*out = otherwise;
	if (tj_json_find(payload, name) == NULL)
		return TJ_OK;
	TRY(tj_json_get_number(&number, payload, name, err));
	if (!(number >= 0 && number < 0x1p53))
		return tj_fail(err, TJ_E_DATA, "\"%s\" is no time", name);
	*out = (tj_time)number;
	return TJ_OK;
}

/* "400:88.111.1/0.0", or a record's name alone. */
static enum tj_rc
link_read(struct tj_reference *out, const struct tj_json *from, struct tj_arena *arena,
    struct tj_err *err)
{
	const tj_str text = tj_json_text(from);

	if (text.n == 0 || text.n > TJ_MAX_IDENT_BYTES || !tj_str_is_utf8(text))
		return tj_fail(err, TJ_E_DATA, "\"chain\" names no record");
	if (tj_is_digit(text.p[0])) {
		const enum tj_rc rc = tj_reference_parse(out, text, arena, NULL);

		if (rc != TJ_E_DATA)
			return rc == TJ_OK ? TJ_OK : tj_fail_nomem(err);
	}
	*out = (struct tj_reference){ .handle = text };
	return TJ_OK;
}

static enum tj_rc
chain_read(struct tj_handle_claims *claims, const struct tj_json *payload,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_json *list = tj_json_find(payload, "chain");
	struct tj_reference *links;
	size_t n;

	claims->chain = NULL;
	claims->chain_count = 0;
	if (list == NULL || tj_json_type(list) == TJ_JSON_NULL)
		return TJ_OK;
	TRY(tj_json_get(&list, payload, "chain", TJ_JSON_ARRAY, err));
	if ((n = tj_json_count(list)) > TJ_MAX_CERT_CHAIN)
		return tj_fail(err, TJ_E_LIMIT, "a chain of more than %d certificates",
		    TJ_MAX_CERT_CHAIN);
	if ((links = TJ_NEWN(arena, struct tj_reference, n + 1)) == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < n; i++)
		TRY(link_read(&links[i], tj_json_at(list, i), arena, err));
	claims->chain = links;
	claims->chain_count = n;
	return TJ_OK;
}

enum tj_rc
tj_handle_claims_read(struct tj_handle_claims *out, const struct tj_json **out_payload,
    const struct tj_handle_jws *jws, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_json *payload;
	struct tj_handle_claims claims;
	tj_str issuer;

	TRY(tj_json_read(&payload, jws->payload, arena, err));
	TRY(tj_json_get_text(&issuer, payload, "iss", err));
	TRY(tj_reference_parse(&claims.issuer, issuer, arena, err));
	TRY(tj_json_get_text(&claims.subject, payload, "sub", err));
	TRY(time_of(&claims.expires, payload, "exp", INT64_MAX, err));
	TRY(time_of(&claims.not_before, payload, "nbf", 0, err));
	TRY(time_of(&claims.issued, payload, "iat", 0, err));
	TRY(chain_read(&claims, payload, arena, err));
	*out = claims;
	*out_payload = payload;
	return TJ_OK;
}

enum tj_rc
tj_handle_claims_check_time(const struct tj_handle_claims *claims, tj_time at,
    struct tj_err *err)
{
	if (at < claims->not_before)
		return tj_fail(err, TJ_E_REFUSED, "it is not valid yet");
	if (at >= claims->expires)
		return tj_fail(err, TJ_E_REFUSED, "it has expired");
	return TJ_OK;
}

static enum tj_rc
put_reference(struct tj_json_writer *out, const char *name, const struct tj_reference *ref,
    struct tj_arena *arena, struct tj_err *err)
{
	const tj_str text = ref->index == 0 ? ref->handle :
	    tj_str_fmt(arena, "%u:%.*s", ref->index, TJ_FMT(ref->handle));

	if (text.p == NULL)
		return tj_fail_nomem(err);
	tj_json_put(out, name, text);
	return TJ_OK;
}

enum tj_rc
tj_handle_claims_put(struct tj_json_writer *out, const struct tj_handle_claims *claims,
    struct tj_arena *arena, struct tj_err *err)
{
	TRY(put_reference(out, "iss", &claims->issuer, arena, err));
	tj_json_put(out, "sub", claims->subject);
	tj_json_put_seconds(out, "exp", claims->expires);
	tj_json_put_seconds(out, "nbf", claims->not_before);
	tj_json_put_seconds(out, "iat", claims->issued);
	if (claims->chain_count == 0)
		return TJ_OK;
	tj_json_open(out, "chain", '[');
	for (size_t i = 0; i < claims->chain_count; i++)
		TRY(put_reference(out, NULL, &claims->chain[i], arena, err));
	tj_json_close(out, ']');
	return TJ_OK;
}

enum tj_rc
tj_handle_jws_sign(tj_str *jws, tj_str payload, const struct tj_rsa *rsa,
    struct tj_arena *arena, struct tj_err *err)
{
	const tj_str header = tj_b64_encode(TJ_S(HEADER), arena);
	tj_str encoded = tj_b64_encode(payload, arena), input, signature, whole;

	if (header.p == NULL || encoded.p == NULL)
		return tj_fail_nomem(err);
	input = tj_str_fmt(arena, "%.*s.%.*s", TJ_FMT(header), TJ_FMT(encoded));
	if (input.p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_rsa_sign(&signature, rsa, TJ_SHA256, input, arena, err));
	encoded = tj_b64_encode(signature, arena);
	whole = tj_str_fmt(arena, "%.*s.%.*s", TJ_FMT(input), TJ_FMT(encoded));
	if (encoded.p == NULL || whole.p == NULL)
		return tj_fail_nomem(err);
	*jws = whole;
	return TJ_OK;
}
