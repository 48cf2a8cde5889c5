#include "exchange/jws.h"
#include "exchange/verify_proven.h"

static bool
is_fatal(enum tj_rc rc)
{
	return rc == TJ_E_NOMEM || rc == TJ_E_INTERNAL;
}

enum tj_rc
tj_proof_logs(const struct tj_policy **out, tj_str jws, const struct tj_trust *trust,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_err why = { 0 };
	tj_str issuer;
	enum tj_rc rc;

	*out = NULL;
	if (!tj_jws_is_batch(jws))
		return TJ_OK;
	rc = tj_jws_issuer(&issuer, jws, arena, &why);
	if (rc == TJ_OK)
		*out = tj_trust_logs(trust, issuer);
	return is_fatal(rc) ? tj_fail(err, rc, "%s", why.text) : TJ_OK;
}

static enum tj_rc
proof_check(struct tj_logged *logged, tj_str jws, const struct tj_proof *proof,
    const struct tj_trust *trust, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_logged_ask ask = { .kind = TJ_LEAF_batch };
	const tj_str why = proof->why.n > 0 ? proof->why : TJ_S("there is none");
	tj_str issuer;

	TRY(tj_jws_issuer(&issuer, jws, arena, err));
	if ((ask.policy = tj_trust_logs(trust, issuer)) == NULL)
		return tj_fail(err, TJ_E_REFUSED, "no log is believed for %.*s; name it under "
		    "[log %.*s]", TJ_FMT(issuer), TJ_FMT(issuer));
	if (proof->text.n == 0)
		return tj_fail(err, TJ_E_NOTFOUND, "%.*s", TJ_FMT(why));
	return tj_logged_check(logged, proof->text, &ask, jws, arena, err);
}

static enum tj_rc
evidence_make(struct tj_evidence *evidence, struct tj_logged *logged, tj_str jws,
    const struct tj_proof *proof, const struct tj_trust *trust, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_err why = { 0 };
	const enum tj_rc rc = proof_check(logged, jws, proof, trust, arena, &why);

	if (is_fatal(rc))
		return tj_fail(err, rc, "%s", why.text);
	if (rc == TJ_OK) {
		evidence->logged = logged;
		return TJ_OK;
	}
	evidence->unlogged = tj_str_dup(tj_str_of(why.text), arena);
	return evidence->unlogged.p == NULL ? tj_fail_nomem(err) : TJ_OK;
}

enum tj_rc
tj_verify_proven(struct tj_verdict *out, tj_str jws, const struct tj_proof *proof,
    const struct tj_trust *trust, const tj_ident *expected, tj_time at, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_evidence evidence = { 0 };
	struct tj_logged logged = { 0 };

	if (tj_jws_is_batch(jws))
		TRY(evidence_make(&evidence, &logged, jws, proof, trust, arena, err));
	return tj_verify_with(out, jws, trust, expected, at, &evidence, arena, err);
}
