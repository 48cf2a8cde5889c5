#include "exchange/trust.h"

void
tj_trust_init(struct tj_trust *trust, struct tj_arena *arena)
{
	*trust = (struct tj_trust){ .arena = arena };
}

static void
free_keys(struct tj_issuer *issuer)
{
	for (size_t i = 0; i < issuer->keys.n; i++)
		tj_key_free(issuer->keys.v[i].key);
	issuer->keys.n = 0;
}

void
tj_trust_fini(struct tj_trust *trust)
{
	for (size_t i = 0; i < trust->issuers.n; i++)
		free_keys(&trust->issuers.v[i]);
	trust->issuers.n = 0;
	tj_anchors_close(trust->anchors);
	trust->anchors = NULL;
}

const struct tj_issuer *
tj_trust_find(const struct tj_trust *trust, tj_str id)
{
	for (size_t i = 0; i < trust->issuers.n; i++)
		if (tj_str_eq(trust->issuers.v[i].id, id))
			return &trust->issuers.v[i];
	return NULL;
}

static struct tj_trusted_key *
find_key(const struct tj_issuer *issuer, tj_str kid)
{
	for (size_t i = 0; i < issuer->keys.n; i++)
		if (tj_str_eq(issuer->keys.v[i].kid, kid))
			return &issuer->keys.v[i];
	return NULL;
}

const struct tj_trusted_key *
tj_issuer_key(const struct tj_issuer *issuer, tj_str kid)
{
	return find_key(issuer, kid);
}

bool
tj_issuer_may_declare(const struct tj_issuer *issuer, tj_ident product)
{
	for (size_t i = 0; i < issuer->authorities.n; i++)
		if (tj_str_eq(issuer->authorities.v[i], TJ_S("*")) ||
		    tj_ident_under(product, issuer->authorities.v[i]))
			return true;
	return false;
}

static enum tj_rc
add_key(struct tj_issuer *issuer, const struct tj_jwk *jwk, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_trusted_key trusted = { .kid = tj_str_dup(jwk->kid, arena),
		.valid_from = TJ_TIME_NONE, .revoked_at = TJ_TIME_NONE };

	if (trusted.kid.p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_key_of_point(&trusted.key, &jwk->point, err));
	if (TJ_PUSH(arena, &issuer->keys, trusted))
		return TJ_OK;
	tj_key_free(trusted.key);
	return tj_fail_nomem(err);
}

static enum tj_rc
fill(struct tj_issuer *issuer, const struct tj_did *did, const tj_str *authorities,
    size_t n, struct tj_arena *arena, struct tj_err *err)
{
	issuer->id = tj_str_dup(did->id, arena);
	if (issuer->id.p == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < n; i++) {
		const tj_str authority = tj_str_dup(authorities[i], arena);

		if (authority.p == NULL || !TJ_PUSH(arena, &issuer->authorities, authority))
			return tj_fail_nomem(err);
	}
	for (size_t i = 0; i < did->keys.n; i++)
		TRY(add_key(issuer, &did->keys.v[i], arena, err));
	issuer->shown = issuer->keys.n;
	return TJ_OK;
}

enum tj_rc
tj_trust_add_did(struct tj_trust *trust, const struct tj_did *did, const tj_str *authorities,
    size_t n, struct tj_err *err)
{
	struct tj_issuer issuer = { 0 };
	enum tj_rc rc;

	if (tj_trust_find(trust, did->id) != NULL)
		return tj_fail(err, TJ_E_CONFLICT, "%.*s is trusted already", TJ_FMT(did->id));
	rc = fill(&issuer, did, authorities, n, trust->arena, err);
	if (rc == TJ_OK && !TJ_PUSH(trust->arena, &trust->issuers, issuer))
		rc = tj_fail_nomem(err);
	if (rc != TJ_OK)
		free_keys(&issuer);
	return rc;
}

enum tj_rc
tj_trust_add(struct tj_trust *trust, tj_str issuer, tj_str did_json,
    const tj_str *authorities, size_t n, struct tj_err *err)
{
	struct tj_did did;

	TRY(tj_did_read(&did, did_json, trust->arena, err));
	if (!tj_str_eq(did.id, issuer))
		return tj_fail(err, TJ_E_DATA, "the document is that of %.*s, expected %.*s",
		    TJ_FMT(did.id), TJ_FMT(issuer));
	return tj_trust_add_did(trust, &did, authorities, n, err);
}

enum tj_rc
tj_trust_add_jwk(struct tj_trust *trust, tj_str jwk_json, const tj_str *authorities,
    size_t n, struct tj_err *err)
{
	struct tj_did did = { 0 };
	struct tj_jwk jwk;
	size_t hash;

	TRY(tj_jwk_read(&jwk, jwk_json, trust->arena, err));
	hash = tj_str_find(jwk.kid, '#');
	if (hash == 0 || hash == jwk.kid.n)
		return tj_fail(err, TJ_E_DATA, "the key's kid is \"%.*s\", expected one like "
		    "did:web:steel.example#k1", TJ_FMT(jwk.kid));
	did.id = tj_str_cut(jwk.kid, 0, hash);
	if (!TJ_PUSH(trust->arena, &did.keys, jwk))
		return tj_fail_nomem(err);
	return tj_trust_add_did(trust, &did, authorities, n, err);
}

const struct tj_policy *
tj_trust_logs(const struct tj_trust *trust, tj_str issuer)
{
	for (size_t i = 0; i < trust->logs.n; i++)
		if (tj_str_eq(trust->logs.v[i].issuer, issuer))
			return trust->logs.v[i].policy;
	return NULL;
}

enum tj_rc
tj_trust_add_logs(struct tj_trust *trust, tj_str issuer, const struct tj_policy *policy,
    struct tj_err *err)
{
	const struct tj_trusted_logs logs = { tj_str_dup(issuer, trust->arena), policy };

	if (tj_trust_logs(trust, issuer) != NULL)
		return tj_fail(err, TJ_E_CONFLICT, "the logs of %.*s are named already",
		    TJ_FMT(issuer));
	return logs.issuer.p != NULL && TJ_PUSH(trust->arena, &trust->logs, logs) ? TJ_OK :
	    tj_fail_nomem(err);
}

/* The history's word on a key that is there already. */
static enum tj_rc
check_same(const struct tj_trusted_key *known, const struct tj_jwk *jwk, struct tj_err *err)
{
	tj_point point = { 0 };

	TRY(tj_key_point(&point, known->key, err));
	return memcmp(&point, &jwk->point, sizeof(point)) == 0 ? TJ_OK :
	    tj_fail(err, TJ_E_DATA, "did.json and the key history have two keys of the name "
		"%.*s", TJ_FMT(known->kid));
}

static enum tj_rc
add_record(struct tj_issuer *issuer, const struct tj_key_record *record,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_trusted_key *known = find_key(issuer, record->jwk.kid);
	const tj_str reason = tj_str_dup(record->reason, arena);

	if (reason.p == NULL)
		return tj_fail_nomem(err);
	if (known == NULL) {
		TRY(add_key(issuer, &record->jwk, arena, err));
		known = &issuer->keys.v[issuer->keys.n - 1];
	} else {
		TRY(check_same(known, &record->jwk, err));
	}
	known->valid_from = record->valid_from;
	known->revoked_at = record->revoked_at;
	known->reason = reason;
	return TJ_OK;
}

/* Whoever stole a key can write a history with it: only one signed with a key that the
 * company shows today, and has not given up itself, is believed. */
static enum tj_rc
check_signer(const struct tj_issuer *issuer, const struct tj_key_history *history,
    const struct tj_jws *jws, struct tj_err *err)
{
	const struct tj_trusted_key *key = find_key(issuer, jws->kid);
	const struct tj_key_record *record = tj_key_history_find(history, jws->kid);

	if (!tj_str_eq(history->issuer, issuer->id))
		return tj_fail(err, TJ_E_DATA, "the key history is that of %.*s, expected %.*s",
		    TJ_FMT(history->issuer), TJ_FMT(issuer->id));
	if (key == NULL)
		return tj_fail(err, TJ_E_REFUSED, "the key history is signed with \"%.*s\", which "
		    "the did.json of %.*s does not show; get both again", TJ_FMT(jws->kid),
		    TJ_FMT(issuer->id));
	if (record == NULL || record->revoked_at != TJ_TIME_NONE ||
	    record->valid_until != TJ_TIME_NONE)
		return tj_fail(err, TJ_E_REFUSED, "the key history is signed with %.*s, which is "
		    "no good by its own word", TJ_FMT(jws->kid));
	return tj_jws_verify(jws, key->key, err);
}

enum tj_rc
tj_trust_add_history(struct tj_trust *trust, tj_str id, tj_str bytes, struct tj_err *err)
{
	struct tj_key_history history = { .issuer = TJ_S("") };
	struct tj_issuer *issuer = NULL;
	struct tj_jws jws = { .kid = TJ_S("") };

	for (size_t i = 0; i < trust->issuers.n; i++)
		if (tj_str_eq(trust->issuers.v[i].id, id))
			issuer = &trust->issuers.v[i];
	if (issuer == NULL)
		return tj_fail(err, TJ_E_NOTFOUND, "%.*s is not trusted here", TJ_FMT(id));
	if (issuer->history.n > 0)
		return tj_fail(err, TJ_E_CONFLICT, "the key history of %.*s is known already",
		    TJ_FMT(id));
	TRY(tj_key_history_parse(&history, &jws, bytes, trust->arena, err));
	TRY(check_signer(issuer, &history, &jws, err));
	for (size_t i = 0; i < history.keys.n; i++)
		TRY(add_record(issuer, &history.keys.v[i], trust->arena, err));
	issuer->history = tj_str_dup(bytes, trust->arena);
	return issuer->history.p == NULL ? tj_fail_nomem(err) : TJ_OK;
}
