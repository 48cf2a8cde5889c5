#include "exchange/handle_chain.h"
#include "exchange/handle_data.h"
#include "model/base/limits.h"

/* One way up. */
struct walk {
	const struct tj_handle_trust	*trust;
	tj_str				 handle;	/* of the record that was signed */
	const struct tj_reference	*named;		/* [left] the next certificates */
	size_t				 left;
	struct tj_reference		 seen[TJ_MAX_CERT_CHAIN];
	size_t				 count;
	struct tj_arena			*arena;
	struct tj_err			*err;
};

#define REF(ref)	(ref).index, TJ_FMT((ref).handle)

static bool
is_same(const struct tj_reference *a, const struct tj_reference *b)
{
	return a->index == b->index && tj_str_eq_nocase(a->handle, b->handle);
}

static const struct tj_handle_root *
root_of(const struct tj_handle_trust *trust, const struct tj_reference *who)
{
	for (size_t i = 0; i < trust->root_count; i++)
		if (tj_reference_matches(&trust->roots[i].who, who))
			return &trust->roots[i];
	return NULL;
}

/* Where the certificate of who issued this is: as the chain says, else in his own record. */
static enum tj_rc
next_place(struct tj_reference *place, struct walk *w, const struct tj_handle_claims *of)
{
	if (w->left == 0) {
		w->named = of->chain;
		w->left = of->chain_count;
	}
	*place = (struct tj_reference){ .handle = of->issuer.handle };
	if (w->left > 0) {
		*place = *w->named++;
		w->left--;
	}
	for (size_t i = 0; i < w->count; i++)
		if (is_same(&w->seen[i], place))
			return tj_fail(w->err, TJ_E_REFUSED, "the chain of certificates goes in a "
			    "circle, over %.*s", TJ_FMT(place->handle));
	if (w->count == TJ_MAX_CERT_CHAIN)
		return tj_fail(w->err, TJ_E_REFUSED, "the chain has more than %d certificates",
		    TJ_MAX_CERT_CHAIN);
	w->seen[w->count++] = *place;
	return TJ_OK;
}

static bool
is_cert(const struct tj_value *value)
{
	return tj_str_eq_nocase(value->type, TJ_S(TJ_HS_CERT));
}

/* The one at the place, or of those about `who` the one that was issued last. */
static enum tj_rc
pick(struct tj_handle_cert *out, const struct walk *w, const struct tj_record *record,
    const struct tj_reference *place, const struct tj_reference *who)
{
	bool found = false;

	for (size_t i = 0; i < record->count; i++) {
		const struct tj_value *value = &record->values[i];
		struct tj_handle_cert cert;
		enum tj_rc rc;

		if (!is_cert(value) || (place->index != 0 && value->index != place->index))
			continue;
		rc = tj_handle_cert_read(&cert, value->data, w->arena, w->err);
		if (rc == TJ_E_NOMEM || (rc != TJ_OK && place->index != 0))
			return rc;
		if (rc != TJ_OK || (place->index == 0 && !is_same(&cert.subject, who)) ||
		    (found && cert.claims.issued <= out->claims.issued))
			continue;
		*out = cert;
		found = true;
	}
	if (!found)
		return tj_fail(w->err, TJ_E_REFUSED, "there is no certificate of %u:%.*s in %.*s",
		    REF(*who), TJ_FMT(record->handle));
	if (!is_same(&out->subject, who))
		return tj_fail(w->err, TJ_E_REFUSED, "the chain is broken: the certificate in "
		    "%.*s is of %u:%.*s, expected %u:%.*s", TJ_FMT(record->handle),
		    REF(out->subject), REF(*who));
	return TJ_OK;
}

static enum tj_rc
get(struct tj_record *record, const struct walk *w, tj_str handle)
{
	const enum tj_rc rc = w->trust->get(w->trust->ctx, record, handle, w->arena, w->err);

	return rc != TJ_E_NOTFOUND ? rc : tj_fail(w->err, TJ_E_REFUSED,
	    "there is no record %.*s, where its certificate or key should be", TJ_FMT(handle));
}

static enum tj_rc
cert_find(struct tj_handle_cert *cert, struct walk *w, const struct tj_handle_claims *of)
{
	struct tj_reference place;
	struct tj_record record;

	TRY(next_place(&place, w, of));
	TRY(get(&record, w, place.handle));
	return pick(cert, w, &record, &place, &of->issuer);
}

/* By whom it is, and what its subject may do; not yet whether it is signed. */
static enum tj_rc
cert_check(const struct tj_handle_cert *cert, const struct walk *w)
{
	const enum tj_rc rc = tj_handle_claims_check_time(&cert->claims, w->trust->at, w->err);

	if (rc != TJ_OK)
		return tj_fail(w->err, TJ_E_REFUSED, "the certificate of %u:%.*s %s",
		    REF(cert->subject), w->trust->at < cert->claims.not_before ?
		    "is not valid yet" : "has expired");
	if (!tj_handle_cert_permits(cert, w->handle, w->count > 1))
		return tj_fail(w->err, TJ_E_REFUSED, "%u:%.*s is not permitted to %s %.*s",
		    REF(cert->subject), w->count > 1 ? "certify who signs" : "sign",
		    TJ_FMT(w->handle));
	if (tj_handle_cert_is_root(cert))
		return tj_fail(w->err, TJ_E_REFUSED, "the chain ends at %u:%.*s, who is no root "
		    "that is trusted here", REF(cert->subject));
	return TJ_OK;
}

static enum tj_rc
cert_verify(const struct tj_handle_cert *cert, const tj_rsa_numbers *by, const struct walk *w)
{
	struct tj_rsa *key;
	enum tj_rc rc;

	TRY(tj_rsa_of_numbers(&key, by, w->err));
	rc = tj_handle_jws_verify(&cert->jws, key, w->err);
	tj_rsa_free(key);
	return rc != TJ_E_REFUSED ? rc : tj_fail(w->err, TJ_E_REFUSED,
	    "the certificate of %u:%.*s was not signed by %u:%.*s", REF(cert->subject),
	    REF(cert->claims.issuer));
}

/* From below to a root; each is signed with the key above it. */
static enum tj_rc
climb(struct tj_handle_signer *signer, tj_rsa_numbers *first, struct walk *w,
    const struct tj_handle_claims *of)
{
	const struct tj_handle_root *root;
	struct tj_handle_cert cert, above;

	if ((root = root_of(w->trust, &of->issuer)) != NULL) {
		*first = root->key;
		signer->root = of->issuer;
		return TJ_OK;
	}
	TRY(cert_find(&cert, w, of));
	*first = cert.key;
	for (;;) {
		TRY(cert_check(&cert, w));
		if ((root = root_of(w->trust, &cert.claims.issuer)) != NULL)
			break;
		TRY(cert_find(&above, w, &cert.claims));
		TRY(cert_verify(&cert, &above.key, w));
		cert = above;
	}
	signer->root = cert.claims.issuer;
	return cert_verify(&cert, &root->key, w);
}

enum tj_rc
tj_handle_shown_key(struct tj_rsa **key, const struct tj_record *record, uint32_t index,
    struct tj_err *err)
{
	const struct tj_value *value = tj_record_value(record, index);
	tj_rsa_numbers numbers;

	if (value == NULL || !tj_str_eq_nocase(value->type, TJ_S(TJ_HS_PUBKEY)))
		return tj_fail(err, TJ_E_REFUSED, "%.*s shows no HS_PUBKEY at %u",
		    TJ_FMT(record->handle), index);
	if (tj_str_starts(value->data, TJ_S("-----BEGIN ")))
		return tj_rsa_read_pem(key, value->data, true, err);
	if (!tj_handle_key_read(&numbers, value->data))
		return tj_fail(err, TJ_E_REFUSED, "the key of %u:%.*s is none of RSA", index,
		    TJ_FMT(record->handle));
	return tj_rsa_of_numbers(key, &numbers, err);
}

static enum tj_rc
published_key(struct tj_rsa **key, const struct walk *w, const struct tj_reference *who)
{
	struct tj_record record;

	TRY(get(&record, w, who->handle));
	return tj_handle_shown_key(key, &record, who->index, w->err);
}

enum tj_rc
tj_handle_chain_walk(struct tj_handle_signer *out, const struct tj_handle_trust *trust,
    tj_str handle, const struct tj_handle_claims *claims, struct tj_arena *arena,
    struct tj_err *err)
{
	struct walk w = { .trust = trust, .handle = handle, .arena = arena, .err = err };
	struct tj_handle_signer signer = { .root.handle = TJ_S("") };
	tj_rsa_numbers key;

	if (trust->root_count == 0) {
		TRY(published_key(&signer.key, &w, &claims->issuer));
	} else {
		TRY(climb(&signer, &key, &w, claims));
		TRY(tj_rsa_of_numbers(&signer.key, &key, err));
	}
	signer.certificates = w.count;
	*out = signer;
	return TJ_OK;
}
