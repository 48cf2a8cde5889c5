#include "exchange/jwk_json.h"
#include "exchange/trust_issuer.h"
#include "model/base/limits.h"

enum tj_rc
tj_trust_issuer_of(struct tj_trust_issuer *out, const struct tj_issuer *issuer,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_trust_issuer made = { .did.id = issuer->id, .history = issuer->history };

	for (size_t i = 0; i < issuer->shown; i++) {
		struct tj_jwk jwk = { .kid = issuer->keys.v[i].kid };

		TRY(tj_key_point(&jwk.point, issuer->keys.v[i].key, err));
		if (!TJ_PUSH(arena, &made.did.keys, jwk))
			return tj_fail_nomem(err);
	}
	for (size_t i = 0; i < issuer->authorities.n; i++)
		if (!TJ_PUSH(arena, &made.authorities, issuer->authorities.v[i]))
			return tj_fail_nomem(err);
	*out = made;
	return TJ_OK;
}

enum tj_rc
tj_trust_issuer_put(struct tj_json_writer *out, const struct tj_trust_issuer *issuer,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_json_open(out, NULL, '{');
	tj_json_put(out, "id", issuer->did.id);
	tj_json_open(out, "keys", '[');
	for (size_t i = 0; i < issuer->did.keys.n; i++)
		TRY(tj_jwk_put(out, NULL, &issuer->did.keys.v[i], arena, err));
	tj_json_close(out, ']');
	tj_json_open(out, "authorities", '[');
	for (size_t i = 0; i < issuer->authorities.n; i++)
		tj_json_put(out, NULL, issuer->authorities.v[i]);
	tj_json_close(out, ']');
	if (issuer->history.n > 0)
		tj_json_put(out, "history", issuer->history);
	tj_json_close(out, '}');
	return TJ_OK;
}

static enum tj_rc
get_keys(struct tj_trust_issuer *issuer, const struct tj_json *object, struct tj_arena *arena,
    struct tj_err *err)
{
	const tj_str id = issuer->did.id;
	const struct tj_json *keys;

	TRY(tj_json_get(&keys, object, "keys", TJ_JSON_ARRAY, err));
	for (size_t i = 0; i < tj_json_count(keys); i++) {
		struct tj_jwk jwk = { .kid = TJ_S("") };

		TRY(tj_jwk_get(&jwk, tj_json_at(keys, i), arena, err));
		if (!tj_str_starts(jwk.kid, id) || tj_str_find(jwk.kid, '#') != id.n)
			return tj_fail(err, TJ_E_DATA, "the key \"%.*s\" is not one of %.*s",
			    TJ_FMT(jwk.kid), TJ_FMT(id));
		if (!TJ_PUSH(arena, &issuer->did.keys, jwk))
			return tj_fail_nomem(err);
	}
	return issuer->did.keys.n > 0 ? TJ_OK :
	    tj_fail(err, TJ_E_DATA, "no key of %.*s", TJ_FMT(id));
}

static enum tj_rc
get_authorities(struct tj_trust_issuer *issuer, const struct tj_json *object,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_json *array;

	TRY(tj_json_get(&array, object, "authorities", TJ_JSON_ARRAY, err));
	for (size_t i = 0; i < tj_json_count(array); i++) {
		const tj_str authority = tj_json_text(tj_json_at(array, i));

		if (authority.n == 0)
			return tj_fail(err, TJ_E_DATA, "an authority of %.*s is no text",
			    TJ_FMT(issuer->did.id));
		if (!TJ_PUSH(arena, &issuer->authorities, authority))
			return tj_fail_nomem(err);
	}
	return issuer->authorities.n > 0 ? TJ_OK : tj_fail(err, TJ_E_DATA,
	    "nothing that %.*s may speak for", TJ_FMT(issuer->did.id));
}

enum tj_rc
tj_trust_issuer_get(struct tj_trust_issuer *out, const struct tj_json *object,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_trust_issuer issuer = { .history = TJ_S("") };

	TRY(tj_json_get_text(&issuer.did.id, object, "id", err));
	if (!tj_str_starts(issuer.did.id, TJ_S("did:")) ||
	    tj_str_find(issuer.did.id, '#') < issuer.did.id.n ||
	    tj_str_control(issuer.did.id) < issuer.did.id.n)
		return tj_fail(err, TJ_E_DATA, "\"%.*s\" is no DID", TJ_FMT(issuer.did.id));
	TRY(get_keys(&issuer, object, arena, err));
	TRY(get_authorities(&issuer, object, arena, err));
	if (tj_json_find(object, "history") != NULL)
		TRY(tj_json_get_text(&issuer.history, object, "history", err));
	*out = issuer;
	return TJ_OK;
}

enum tj_rc
tj_trust_issuers_put(struct tj_json_writer *out, const struct tj_trust_issuers *issuers,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_json_open(out, "issuers", '[');
	for (size_t i = 0; i < issuers->list.n; i++)
		TRY(tj_trust_issuer_put(out, &issuers->list.v[i], arena, err));
	tj_json_close(out, ']');
	return TJ_OK;
}

enum tj_rc
tj_trust_issuers_get(struct tj_trust_issuers *out, const struct tj_json *root,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_trust_issuers issuers = { 0 };
	const struct tj_json *array;
	size_t n;

	TRY(tj_json_get(&array, root, "issuers", TJ_JSON_ARRAY, err));
	if ((n = tj_json_count(array)) > TJ_MAX_ISSUERS)
		return tj_fail(err, TJ_E_LIMIT, "%zu issuers, at most %u are read", n,
		    TJ_MAX_ISSUERS);
	for (size_t i = 0; i < n; i++) {
		struct tj_trust_issuer issuer;

		TRY(tj_trust_issuer_get(&issuer, tj_json_at(array, i), arena, err));
		for (size_t k = 0; k < i; k++)
			if (tj_str_eq(issuers.list.v[k].did.id, issuer.did.id))
				return tj_fail(err, TJ_E_DATA, "%.*s stands there twice",
				    TJ_FMT(issuer.did.id));
		if (!TJ_PUSH(arena, &issuers.list, issuer))
			return tj_fail_nomem(err);
	}
	*out = issuers;
	return TJ_OK;
}

enum tj_rc
tj_trust_add_issuers(struct tj_trust *trust, const struct tj_trust_issuers *issuers,
    struct tj_err *err)
{
	for (size_t i = 0; i < issuers->list.n; i++) {
		const struct tj_trust_issuer *issuer = &issuers->list.v[i];

		if (tj_trust_find(trust, issuer->did.id) != NULL)
			continue;
		TRY(tj_trust_add_did(trust, &issuer->did, issuer->authorities.v,
		    issuer->authorities.n, err));
		if (issuer->history.n > 0)
			TRY(tj_trust_add_history(trust, issuer->did.id, issuer->history, err));
	}
	return TJ_OK;
}
