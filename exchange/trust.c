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
}

const struct tj_issuer *
tj_trust_find(const struct tj_trust *trust, tj_str id)
{
	for (size_t i = 0; i < trust->issuers.n; i++)
		if (tj_str_eq(trust->issuers.v[i].id, id))
			return &trust->issuers.v[i];
	return NULL;
}

const struct tj_key *
tj_issuer_key(const struct tj_issuer *issuer, tj_str kid)
{
	for (size_t i = 0; i < issuer->keys.n; i++)
		if (tj_str_eq(issuer->keys.v[i].kid, kid))
			return issuer->keys.v[i].key;
	return NULL;
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
	struct tj_trusted_key trusted = { .kid = tj_str_dup(jwk->kid, arena) };

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
	return TJ_OK;
}

static enum tj_rc
add(struct tj_trust *trust, const struct tj_did *did, const tj_str *authorities,
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
	return add(trust, &did, authorities, n, err);
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
	return add(trust, &did, authorities, n, err);
}
