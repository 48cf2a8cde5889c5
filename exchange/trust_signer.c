#include "exchange/trust.h"

/* A signature is no older than its key, and of no use after the key was revoked. */
static enum tj_rc
check_key_time(const struct tj_trusted_key *key, tj_time seen, struct tj_err *err)
{
	char bound[TJ_TIME_TEXT], by[TJ_TIME_TEXT];

	if (seen != TJ_TIME_NONE && key->valid_from != TJ_TIME_NONE && seen < key->valid_from)
		return tj_fail(err, TJ_E_REFUSED, "%.*s is in use since %s, and the evidence "
		    "is of %s", TJ_FMT(key->kid), tj_time_text(bound, key->valid_from),
		    tj_time_text(by, seen));
	if (key->revoked_at == TJ_TIME_NONE)
		return TJ_OK;
	(void)tj_time_text(bound, key->revoked_at);
	if (seen == TJ_TIME_NONE)
		return tj_fail(err, TJ_E_REFUSED, "%.*s is revoked as of %s (%.*s); what it signed "
		    "before counts with proof of that: a timestamp, or a log's proof with a time",
		    TJ_FMT(key->kid), bound, TJ_FMT(key->reason));
	if (seen >= key->revoked_at)
		return tj_fail(err, TJ_E_REFUSED, "%.*s is revoked as of %s (%.*s), and the "
		    "evidence is of %s", TJ_FMT(key->kid), bound, TJ_FMT(key->reason),
		    tj_time_text(by, seen));
	return TJ_OK;
}

/* What is to be believed, and how its signature is held against a key. */
struct claim {
	const struct tj_jws	*jws;
	tj_signed_check		*check;
	void			*ctx;
};

/* With a key that is known, and as it is now. */
static enum tj_rc
check_key(const struct tj_issuer *issuer, const struct claim *claim, tj_time seen,
    struct tj_err *err)
{
	const tj_str kid = claim->jws->kid;
	const struct tj_trusted_key *key = tj_issuer_key(issuer, kid);

	if (key == NULL)
		return tj_fail(err, TJ_E_REFUSED, "the did.json kept of %.*s has no key \"%.*s\"; "
		    "get it again", TJ_FMT(issuer->id), TJ_FMT(kid));
	TRY(claim->check(claim->ctx, key->key, err));
	return check_key_time(key, seen, err);
}

static enum tj_rc
check_certified(const struct tj_certified *certified, const struct claim *claim,
    struct tj_err *err)
{
	struct tj_key *key = NULL;
	enum tj_rc rc;

	TRY(tj_key_of_point(&key, &certified->point, err));
	rc = claim->check(claim->ctx, key, err);
	tj_key_free(key);
	return rc != TJ_E_REFUSED ? rc : tj_fail(err, rc,
	    "the signature is not that of the certificate's key (%.*s)",
	    TJ_FMT(certified->subject));
}

static enum tj_rc
check_chain(tj_str *words, const struct tj_trust *trust, const struct claim *claim, tj_str did,
    tj_time at, tj_time seen, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_chain chain = { .ders = claim->jws->x5c, .count = claim->jws->x5c_count,
	    .did = did, .at = at, .seen = seen };
	struct tj_certified certified = { .unlisted = false };
	tj_str text;

	TRY(tj_anchors_check(&certified, trust->anchors, &chain, arena, err));
	TRY(check_certified(&certified, claim, err));
	text = tj_str_fmt(arena, "certificate of %.*s%s", TJ_FMT(certified.subject),
	    certified.unlisted ? ", looked up in no revocation list" : "");
	if (text.p == NULL)
		return tj_fail_nomem(err);
	*words = text;
	return TJ_OK;
}

/* Somebody of whom no more is known than the certificate. */
static enum tj_rc
stranger_make(const struct tj_issuer **out, const struct tj_trust *trust, tj_str did,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_issuer *stranger = TJ_NEW(arena, struct tj_issuer);

	if (stranger == NULL)
		return tj_fail_nomem(err);
	stranger->id = did;
	for (size_t i = 0; i < trust->certified.n; i++)
		if (!TJ_PUSH(arena, &stranger->authorities, trust->certified.v[i]))
			return tj_fail_nomem(err);
	*out = stranger;
	return TJ_OK;
}

enum tj_rc
tj_trust_check_as(struct tj_signed_by *out, const struct tj_trust *trust,
    const struct tj_jws *jws, tj_signed_check *check, void *ctx, tj_time at, tj_time seen,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct claim claim = { jws, check, ctx };
	const tj_str did = tj_str_cut(jws->kid, 0, tj_str_find(jws->kid, '#'));
	const bool is_chain = trust->anchors != NULL && jws->x5c_count > 0;
	struct tj_signed_by by = { .issuer = tj_trust_find(trust, did) };

	if (by.issuer == NULL && !is_chain)
		return tj_fail(err, TJ_E_REFUSED, "signed by \"%.*s\", who is not trusted here; "
		    "if you know them, get their did.json and list it under [trust]",
		    TJ_FMT(jws->kid));
	if (by.issuer != NULL)
		TRY(check_key(by.issuer, &claim, seen, err));
	if (is_chain)
		TRY(check_chain(&by.certificate, trust, &claim, did, at, seen, arena, err));
	if (by.issuer == NULL)
		TRY(stranger_make(&by.issuer, trust, did, arena, err));
	*out = by;
	return TJ_OK;
}

static enum tj_rc
check_jws(void *ctx, const struct tj_key *key, struct tj_err *err)
{
	return tj_jws_verify(*(const struct tj_jws **)ctx, key, err);
}

enum tj_rc
tj_trust_check(struct tj_signed_by *out, const struct tj_trust *trust, const struct tj_jws *jws,
    tj_time at, tj_time seen, struct tj_arena *arena, struct tj_err *err)
{
	return tj_trust_check_as(out, trust, jws, check_jws, &jws, at, seen, arena, err);
}

enum tj_rc
tj_trust_add_anchors(struct tj_trust *trust, struct tj_anchors *anchors,
    const tj_str *authorities, size_t n, struct tj_err *err)
{
	if (trust->anchors != NULL) {
		tj_anchors_close(anchors);
		return tj_fail(err, TJ_E_CONFLICT, "authorities are believed already: all in one "
		    "file, please");
	}
	trust->anchors = anchors;
	for (size_t i = 0; i < n; i++) {
		const tj_str authority = tj_str_dup(authorities[i], trust->arena);

		if (authority.p == NULL || !TJ_PUSH(trust->arena, &trust->certified, authority))
			return tj_fail_nomem(err);
	}
	return TJ_OK;
}
