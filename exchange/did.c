#include "exchange/b64.h"
#include "exchange/did.h"
#include "exchange/jwk_json.h"
#include "model/base/limits.h"

static enum tj_rc
put_coordinate(struct tj_json_writer *out, const char *name, const uint8_t number[32],
    struct tj_arena *arena, struct tj_err *err)
{
	const tj_str text = tj_b64_encode((tj_str){ (const char *)number, 32 }, arena);

	if (text.p == NULL)
		return tj_fail_nomem(err);
	tj_json_put(out, name, text);
	return TJ_OK;
}

/* RFC 7517 section 4, RFC 7518 section 6.2.1. */
enum tj_rc
tj_jwk_put(struct tj_json_writer *out, const char *name, const struct tj_jwk *jwk,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_json_open(out, name, '{');
	tj_json_put(out, "kty", TJ_S("EC"));
	tj_json_put(out, "crv", TJ_S("P-256"));
	TRY(put_coordinate(out, "x", jwk->point.x, arena, err));
	TRY(put_coordinate(out, "y", jwk->point.y, arena, err));
	tj_json_put(out, "kid", jwk->kid);
	tj_json_put(out, "alg", TJ_S(TJ_ES256));
	tj_json_put(out, "use", TJ_S("sig"));
	tj_json_close(out, '}');
	return TJ_OK;
}

static enum tj_rc
put_jwks(struct tj_json_writer *out, const struct tj_did *did, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_json_open(out, NULL, '{');
	tj_json_open(out, "keys", '[');
	for (size_t i = 0; i < did->keys.n; i++)
		TRY(tj_jwk_put(out, NULL, &did->keys.v[i], arena, err));
	tj_json_close(out, ']');
	tj_json_close(out, '}');
	return TJ_OK;
}

static enum tj_rc
put_method(struct tj_json_writer *out, tj_str controller, const struct tj_jwk *jwk,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_json_open(out, NULL, '{');
	tj_json_put(out, "id", jwk->kid);
	tj_json_put(out, "type", TJ_S("JsonWebKey"));
	tj_json_put(out, "controller", controller);
	TRY(tj_jwk_put(out, "publicKeyJwk", jwk, arena, err));
	tj_json_close(out, '}');
	return TJ_OK;
}

static enum tj_rc
put_did(struct tj_json_writer *out, const struct tj_did *did, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_json_open(out, NULL, '{');
	tj_json_open(out, "@context", '[');
	tj_json_put(out, NULL, TJ_S("https://www.w3.org/ns/did/v1"));
	tj_json_put(out, NULL, TJ_S("https://w3id.org/security/jwk/v1"));
	tj_json_close(out, ']');
	tj_json_put(out, "id", did->id);
	tj_json_open(out, "verificationMethod", '[');
	for (size_t i = 0; i < did->keys.n; i++)
		TRY(put_method(out, did->id, &did->keys.v[i], arena, err));
	tj_json_close(out, ']');
	tj_json_open(out, "assertionMethod", '[');
	for (size_t i = 0; i < did->keys.n; i++)
		tj_json_put(out, NULL, did->keys.v[i].kid);
	tj_json_close(out, ']');
	tj_json_close(out, '}');
	return TJ_OK;
}

enum tj_rc
tj_jwk_write(tj_str *json, const struct tj_jwk *jwk, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_json_writer out;

	tj_json_begin(&out, TJ_MAX_KEYS_BYTES);
	return tj_json_end_if(tj_jwk_put(&out, NULL, jwk, arena, err), json, &out, arena, err);
}

enum tj_rc
tj_jwks_write(tj_str *json, const struct tj_did *did, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_json_writer out;

	tj_json_begin(&out, TJ_MAX_KEYS_BYTES);
	return tj_json_end_if(put_jwks(&out, did, arena, err), json, &out, arena, err);
}

enum tj_rc
tj_did_write(tj_str *json, const struct tj_did *did, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_json_writer out;

	tj_json_begin(&out, TJ_MAX_KEYS_BYTES);
	return tj_json_end_if(put_did(&out, did, arena, err), json, &out, arena, err);
}
