#include "exchange/bundle_verify.h"
#include "exchange/timestamp.h"
#include "exchange/verify_proven.h"

struct check {
	const struct tj_bundle_ask	*ask;
	struct tj_bundle_verdict	*out;
	struct tj_trust			 vouched;	/* those whom the reader does not know */
	struct tj_policy		 policy;	/* the bundle's own */
	TJ_VEC(struct tj_status_list)	 lists;
	struct tj_arena			*arena;
};

/* Keys: the reader's own first. */
static enum tj_rc
issuer_take(struct check *check, const struct tj_trust_issuer *issuer, struct tj_err *err)
{
	struct tj_trust *trust = check->ask->trust;
	const struct tj_issuer *known = tj_trust_find(trust, issuer->did.id);

	if (known == NULL) {
		trust = &check->vouched;
		TRY(tj_trust_add_did(trust, &issuer->did, issuer->authorities.v,
		    issuer->authorities.n, err));
	}
	return issuer->history.n == 0 || (known != NULL && known->history.n > 0) ? TJ_OK :
	    tj_trust_add_history(trust, issuer->did.id, issuer->history, err);
}

/* By whose name stands in the header: the reader's trust, or the bundle's word. */
static const struct tj_trust *
trust_of(const struct check *check, tj_str bytes)
{
	const struct tj_trust *own = check->ask->trust;
	tj_str did;

	if (tj_jws_issuer(&did, bytes, check->arena, NULL) != TJ_OK)
		return own;
	return tj_trust_find(own, did) == NULL && tj_trust_find(&check->vouched, did) != NULL ?
	    &check->vouched : own;
}

static enum tj_rc
lists_open(struct check *check, struct tj_err *err)
{
	const struct tj_bundle *bundle = &check->out->bundle;

	for (size_t i = 0; i < bundle->status.n; i++) {
		struct tj_status_list list;

		TRY(tj_status_list_open(&list, bundle->status.v[i],
		    trust_of(check, bundle->status.v[i]), check->ask->at, check->arena, err));
		if (!TJ_PUSH(check->arena, &check->lists, list))
			return tj_fail_nomem(err);
		if (list.valid_from != TJ_TIME_NONE && (check->out->status_at == TJ_TIME_NONE ||
		    list.valid_from < check->out->status_at))
			check->out->status_at = list.valid_from;
	}
	return TJ_OK;
}

/* ---- evidence of one declaration ---- */

/* By logs of the bundle's own word nothing is dated. */
static enum tj_rc
logged_make(struct tj_logged *out, struct tj_evidence *evidence, const struct check *check,
    const struct tj_bundled *bundled, struct tj_err *err)
{
	struct tj_logged_ask ask = { .policy = &check->policy,
	    .kind = tj_jws_is_batch(bundled->jws) ? TJ_LEAF_batch : TJ_LEAF_decl };
	const struct tj_policy *own = check->ask->policy;

	if (bundled->proof.n == 0)
		return TJ_OK;
	if (own == NULL)
		TRY(tj_proof_logs(&own, bundled->jws, check->ask->trust, check->arena, err));
	if (own != NULL)
		ask.policy = own;
	if (own == NULL && check->policy.logs.n == 0)
		return TJ_OK;
	TRY(tj_logged_check(out, bundled->proof, &ask, bundled->jws, check->arena, err));
	if (own == NULL)
		out->by = TJ_TIME_NONE;
	evidence->logged = out;
	return TJ_OK;
}

static enum tj_rc
stamp_check(struct tj_timestamp *stamp, const struct check *check,
    const struct tj_bundled *bundled, struct tj_err *err)
{
	const struct tj_stamp_check stamped = { .bytes = bundled->jws, .query = bundled->query,
	    .roots = check->ask->tsa, .crls = check->ask->crls, .policy = TJ_S("") };

	return tj_timestamp_check(stamp, bundled->stamp, &stamped, check->arena, err);
}

/* `first`: the one that the reader has asked about. */
static enum tj_rc
verify_one(struct tj_bundle_item *item, struct check *check, const struct tj_bundled *bundled,
    bool first, struct tj_err *err)
{
	const tj_ident *expected = first ? check->ask->expected : NULL;
	const struct tj_trust *trust = trust_of(check, bundled->jws);
	struct tj_evidence evidence = { .lists = check->lists.v, .list_count = check->lists.n,
	    .required = first ? check->ask->required : 0 };
	struct tj_timestamp stamp = { 0 };
	struct tj_logged logged = { 0 };

	TRY(logged_make(&logged, &evidence, check, bundled, err));
	if (bundled->stamp.n > 0 && check->ask->tsa.n > 0) {
		TRY(stamp_check(&stamp, check, bundled, err));
		evidence.stamped = &stamp.by;
	}
	item->vouched = trust != check->ask->trust;
	return tj_verify_with(&item->verdict, bundled->jws, trust, expected, check->ask->at,
	    &evidence, check->arena, err);
}

/* ---- all of them ---- */

/* Does another one name it as what it rests on?  Digests cannot go in a circle, so what is
 * named by another is named, over some of them, by the first. */
static bool
is_named(const struct tj_bundle_verdict *out, size_t n)
{
	const struct tj_verdict *it = &out->items.v[n].verdict;

	for (size_t i = 0; i < out->items.n; i++) {
		const struct tj_declaration *decl = out->items.v[i].verdict.declaration;

		for (size_t k = 0; decl != NULL && k < decl->upstream.n; k++)
			if (tj_digest_eq(&decl->upstream.v[k].digest, &it->digest))
				return true;
	}
	return false;
}

static enum tj_rc
declarations_verify(struct check *check, struct tj_err *err)
{
	struct tj_bundle_verdict *out = check->out;

	for (size_t i = 0; i < out->bundle.declarations.n; i++) {
		struct tj_bundle_item item = { .vouched = false };

		TRY(verify_one(&item, check, &out->bundle.declarations.v[i], i == 0, err));
		if (!TJ_PUSH(check->arena, &out->items, item))
			return tj_fail_nomem(err);
		out->accepted = out->accepted && item.verdict.accepted;
	}
	for (size_t i = 1; i < out->items.n; i++)
		if (out->items.v[i].verdict.declaration != NULL && !is_named(out, i))
			return tj_fail(err, TJ_E_REFUSED, "declaration %zu of the bundle, of %.*s, "
			    "is named by no other", i + 1,
			    TJ_FMT(out->items.v[i].verdict.declaration->product));
	if (out->items.v[0].vouched)
		return tj_fail(err, TJ_E_REFUSED, "the declaration is of an issuer who is not "
		    "trusted here: the bundle's word is not enough for what it is about");
	return TJ_OK;
}

/* The label must be one of the first declaration. */
static enum tj_rc
label_verify(struct check *check, struct tj_err *err)
{
	struct tj_bundle_verdict *out = check->out;
	const tj_str text = check->ask->label.n > 0 ? check->ask->label : out->bundle.label;
	tj_digest digest = { { 0 } };

	if (text.n == 0)
		return TJ_OK;
	TRY(tj_label_verify(&out->label, text, check->ask->trust, check->ask->at,
	    check->arena, err));
	out->has_label = true;
	out->accepted = out->accepted && out->label.failed == TJ_LABEL_GATES;
	if (out->label.failed == TJ_LABEL_GATE_FORM)
		return TJ_OK;
	TRY(tj_sha256(&digest, out->bundle.declarations.v[0].jws, err));
	return memcmp(digest.b, out->label.code.label.declaration, TJ_LABEL_DECLARATION) == 0 ?
	    TJ_OK : tj_fail(err, TJ_E_REFUSED,
		"the label is one of another declaration than the bundle's");
}

static enum tj_rc
verify_all(struct check *check, struct tj_err *err)
{
	const struct tj_trust_issuers *issuers = &check->out->bundle.issuers;

	for (size_t i = 0; i < issuers->list.n; i++)
		TRY(issuer_take(check, &issuers->list.v[i], err));
	if (check->out->bundle.policy.n > 0)
		TRY(tj_policy_parse(&check->policy, check->out->bundle.policy, check->arena, err));
	TRY(lists_open(check, err));
	TRY(declarations_verify(check, err));
	return label_verify(check, err);
}

enum tj_rc
tj_bundle_judge(struct tj_bundle_verdict *out, const struct tj_bundle *bundle,
    const struct tj_bundle_ask *ask, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_bundle_verdict verdict = { .accepted = true, .bundle = *bundle,
	    .status_at = TJ_TIME_NONE };
	struct check check = { .ask = ask, .out = &verdict, .arena = arena };
	enum tj_rc rc;

	tj_trust_init(&check.vouched, arena);
	rc = verify_all(&check, err);
	tj_trust_fini(&check.vouched);
	if (rc == TJ_OK)
		*out = verdict;
	return rc;
}

enum tj_rc
tj_bundle_verify(struct tj_bundle_verdict *out, tj_str bytes, const struct tj_bundle_ask *ask,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_bundle bundle;

	TRY(tj_bundle_open(&bundle, bytes, ask->trust, ask->at, arena, err));
	return tj_bundle_judge(out, &bundle, ask, arena, err);
}
