#include "exchange/b64.h"
#include "exchange/did.h"
#include "exchange/jwk_json.h"
#include "model/base/limits.h"

static bool
holds_private_key(const struct tj_json *value)
{
	if (tj_json_find(value, "kty") != NULL && tj_json_find(value, "d") != NULL)
		return true;
	for (size_t i = 0; i < tj_json_count(value); i++)
		if (holds_private_key(tj_json_at(value, i)))
			return true;
	return false;
}

static enum tj_rc
check_public(const struct tj_json *value, struct tj_err *err)
{
	return !holds_private_key(value) ? TJ_OK : tj_fail(err, TJ_E_DATA, "this file holds a "
	    "private key (\"d\"): publish the public one, and if this one was handed out, "
	    "replace it");
}

enum tj_rc
tj_jwk_read_public(const struct tj_json **root, tj_str json, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *read;

	if (json.n > TJ_MAX_KEYS_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "keys in more than %zu bytes", TJ_MAX_KEYS_BYTES);
	TRY(tj_json_read(&read, json, arena, err));
	TRY(check_public(read, err));
	*root = read;
	return TJ_OK;
}

static enum tj_rc
get_coordinate(uint8_t number[32], const struct tj_json *jwk, const char *name,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_str text, bytes;

	TRY(tj_json_get_text(&text, jwk, name, err));
	TRY(tj_b64_decode(&bytes, text, arena, err));
	if (bytes.n != 32)
		return tj_fail(err, TJ_E_DATA, "%s has %zu bytes, expected 32", name, bytes.n);
	memcpy(number, bytes.p, 32);
	return TJ_OK;
}

static bool
says(const struct tj_json *jwk, const char *name, const char *wanted)
{
	const struct tj_json *found = tj_json_find(jwk, name);

	return found != NULL && tj_str_eq(tj_json_text(found), tj_str_of(wanted));
}

/* A key made for something else (use "enc", alg "ECDH-ES") signs nothing. */
static bool
is_es256(const struct tj_json *jwk)
{
	return says(jwk, "kty", "EC") && says(jwk, "crv", "P-256") &&
	    (tj_json_find(jwk, "use") == NULL || says(jwk, "use", "sig")) &&
	    (tj_json_find(jwk, "alg") == NULL || says(jwk, "alg", TJ_ES256));
}

enum tj_rc
tj_jwk_get(struct tj_jwk *out, const struct tj_json *object, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_jwk jwk = { 0 };

	TRY(check_public(object, err));
	if (!is_es256(object))
		return tj_fail(err, TJ_E_DATA, "not a JWK for ES256 signatures: expected kty EC, "
		    "crv P-256, and use sig and alg ES256 if they are there");
	TRY(get_coordinate(jwk.point.x, object, "x", arena, err));
	TRY(get_coordinate(jwk.point.y, object, "y", arena, err));
	if (tj_json_find(object, "kid") != NULL)
		TRY(tj_json_get_text(&jwk.kid, object, "kid", err));
	*out = jwk;
	return TJ_OK;
}

enum tj_rc
tj_jwk_read(struct tj_jwk *jwk, tj_str json, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_json *root = NULL;

	TRY(tj_jwk_read_public(&root, json, arena, err));
	return tj_jwk_get(jwk, root, arena, err);
}

/* Adds the key of a JWK, if it is of our kind; `kid` instead of its own, if given. */
static enum tj_rc
add_key(struct tj_did *did, const struct tj_json *object, tj_str kid,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_jwk jwk;

	if (!is_es256(object))
		return TJ_OK;
	TRY(tj_jwk_get(&jwk, object, arena, err));
	if (kid.n > 0)
		jwk.kid = kid;
	return TJ_PUSH(arena, &did->keys, jwk) ? TJ_OK : tj_fail_nomem(err);
}

enum tj_rc
tj_jwks_read(struct tj_did *did, tj_str json, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_did read = { .id = did->id };
	const struct tj_json *root = NULL, *keys;

	TRY(tj_jwk_read_public(&root, json, arena, err));
	TRY(tj_json_get(&keys, root, "keys", TJ_JSON_ARRAY, err));
	for (size_t i = 0; i < tj_json_count(keys); i++)
		TRY(add_key(&read, tj_json_at(keys, i), (tj_str){ 0 }, arena, err));
	if (read.keys.n == 0)
		return tj_fail(err, TJ_E_DATA, "no ES256 key among %zu keys", tj_json_count(keys));
	*did = read;
	return TJ_OK;
}

/*
 * The key's name behind '#', if this is the URL of a key of the document's own;
 * else empty.  DID Core section 3.2: "#k1" in a document is short for "<its id>#k1".
 */
static tj_str
own_fragment(tj_str url, tj_str did)
{
	if (tj_str_starts(url, did))
		url = tj_str_cut(url, did.n, url.n);
	return tj_str_starts(url, TJ_S("#")) ? tj_str_cut(url, 1, url.n) : TJ_S("");
}

/* The method's key, if it is one of this DID's own. */
static enum tj_rc
add_method(struct tj_did *did, const struct tj_json *method, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *jwk = tj_json_find(method, "publicKeyJwk");
	tj_str id, fragment, kid;

	if (jwk == NULL)
		return TJ_OK;
	TRY(tj_json_get_text(&id, method, "id", err));
	fragment = own_fragment(id, did->id);
	if (fragment.n == 0)
		return TJ_OK;
	kid = tj_str_fmt(arena, "%.*s#%.*s", TJ_FMT(did->id), TJ_FMT(fragment));
	return kid.p == NULL ? tj_fail_nomem(err) : add_key(did, jwk, kid, arena, err);
}

/* An entry of assertionMethod is a method, or the name of one of `methods`. */
static enum tj_rc
add_assertion(struct tj_did *did, const struct tj_json *entry,
    const struct tj_json *methods, struct tj_arena *arena, struct tj_err *err)
{
	const tj_str wanted = own_fragment(tj_json_text(entry), did->id);
	tj_str id;

	if (tj_json_type(entry) == TJ_JSON_OBJECT)
		return add_method(did, entry, arena, err);
	for (size_t i = 0; i < tj_json_count(methods); i++) {
		TRY(tj_json_get_text(&id, tj_json_at(methods, i), "id", err));
		if (tj_str_eq(own_fragment(id, did->id), wanted))
			return add_method(did, tj_json_at(methods, i), arena, err);
	}
	return TJ_OK;
}

static enum tj_rc
add_assertions(struct tj_did *did, const struct tj_json *root, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *methods, *assertions;

	TRY(tj_json_get(&methods, root, "verificationMethod", TJ_JSON_ARRAY, err));
	TRY(tj_json_get(&assertions, root, "assertionMethod", TJ_JSON_ARRAY, err));
	for (size_t i = 0; i < tj_json_count(assertions); i++)
		TRY(add_assertion(did, tj_json_at(assertions, i), methods, arena, err));
	return TJ_OK;
}

enum tj_rc
tj_did_read(struct tj_did *did, tj_str json, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_did read = { 0 };
	const struct tj_json *root = NULL;

	TRY(tj_jwk_read_public(&root, json, arena, err));
	TRY(tj_json_get_text(&read.id, root, "id", err));
	if (!tj_str_starts(read.id, TJ_S("did:")))
		return tj_fail(err, TJ_E_DATA, "not a DID document: its id is \"%.*s\"",
		    TJ_FMT(read.id));
	TRY(add_assertions(&read, root, arena, err));
	if (read.keys.n == 0)
		return tj_fail(err, TJ_E_DATA,
		    "no ES256 key (publicKeyJwk) that %.*s may assert with", TJ_FMT(read.id));
	*did = read;
	return TJ_OK;
}
