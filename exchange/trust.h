#ifndef TJ_EXCHANGE_TRUST_H
#define TJ_EXCHANGE_TRUST_H

#include "exchange/did.h"
#include "exchange/key_history.h"
#include "exchange/tlog_policy.h"
#include "exchange/x5c.h"
#include "model/ident.h"

/*
 * Whom this reader believes: issuers, their keys, and the identifiers that each may
 * speak for.  Read once, then only looked at, by any number of threads.
 */
struct tj_trusted_key {
	tj_str		 kid;
	struct tj_key	*key;
	tj_time		 valid_from, revoked_at;	/* TJ_TIME_NONE: not known, not revoked */
	tj_str		 reason;			/* of the revocation */
};

struct tj_issuer {
	tj_str				id;		/* did:web:steel.example */
	TJ_VEC(struct tj_trusted_key)	keys;
	size_t				shown;		/* of these: those of its did.json, first */
	tj_str				history;	/* the others, as it came; may be empty */
	TJ_VEC(tj_str)			authorities;	/* see tj_ident_under(); "*": any */
};

/* Whose word it is that something which an issuer signs in batches is in his log. */
struct tj_trusted_logs {
	tj_str			 issuer;
	const struct tj_policy	*policy;
};

struct tj_trust {
	struct tj_arena		*arena;
	TJ_VEC(struct tj_issuer) issuers;
	/* Whose certificates are believed, and what those that they are for may speak for. */
	struct tj_anchors	*anchors;	/* NULL: nobody's */
	TJ_VEC(tj_str)		 certified;	/* as an issuer's authorities */
	TJ_VEC(struct tj_trusted_logs) logs;	/* the reader's own, a trust list's behind them */
};

void	 tj_trust_init(struct tj_trust *, struct tj_arena *);
void	 tj_trust_fini(struct tj_trust *);

/* Believe `issuer` with the keys of its did.json, for the authorities named; all of
 * it is copied.  DATA: not a DID document, or that of somebody else.  CONFLICT: this
 * issuer is there already. */
enum tj_rc tj_trust_add(struct tj_trust *, tj_str issuer, tj_str did_json,
	    const tj_str *authorities, size_t n, struct tj_err *) TJ_MUST_USE;
/* The same with one JWK whose kid is <issuer>#<name>. */
enum tj_rc tj_trust_add_jwk(struct tj_trust *, tj_str jwk_json,
	    const tj_str *authorities, size_t n, struct tj_err *) TJ_MUST_USE;

/* The same of keys that were read already. */
enum tj_rc tj_trust_add_did(struct tj_trust *, const struct tj_did *,
	    const tj_str *authorities, size_t n, struct tj_err *) TJ_MUST_USE;
/*
 * Believe, for the authorities named, also those of whom nothing else is known, if a
 * certificate of theirs goes with what they sign.  `anchors` is the trust's own from now on,
 * also on failure.  CONFLICT: there are some already.
 */
enum tj_rc tj_trust_add_anchors(struct tj_trust *, struct tj_anchors *anchors,
	    const tj_str *authorities, size_t n, struct tj_err *) TJ_MUST_USE;

/*
 * What a trusted issuer says of its keys, also of those it signs with no more: the bytes
 * of a key history.  REFUSED: not signed by a key that the issuer's did.json shows and the
 * history itself has as good; DATA: another issuer's, or at odds with did.json.  CONFLICT:
 * there is one already; an older one could take back what that says.
 */
enum tj_rc tj_trust_add_history(struct tj_trust *, tj_str issuer, tj_str history_jws,
	    struct tj_err *) TJ_MUST_USE;

/* The logs that are believed for what this issuer, known or not, signs in batches (jws.h).  The
 * policy is borrowed.  CONFLICT: he has some already. */
enum tj_rc tj_trust_add_logs(struct tj_trust *, tj_str issuer, const struct tj_policy *,
	    struct tj_err *) TJ_MUST_USE;

/* Who signed this, and what it is believed for. */
struct tj_signed_by {
	const struct tj_issuer	*issuer;
	tj_str			 certificate;	/* in words; empty: it is a key known otherwise */
};
/*
 * `seen`: when somebody else than the signer saw it, or TJ_TIME_NONE: what was signed with a
 * key that is revoked now, or under a certificate that has ended, counts if it was seen
 * before.  An issuer whose keys are known is believed with no others; if there are anchors,
 * a chain that it shows must hold, too.  REFUSED with the reason.
 */
enum tj_rc tj_trust_check(struct tj_signed_by *, const struct tj_trust *, const struct tj_jws *,
	    tj_time at, tj_time seen, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* Is what is in question signed with this key?  REFUSED: it is not. */
typedef enum tj_rc tj_signed_check(void *ctx, const struct tj_key *, struct tj_err *);
/* The same where another signature than that of the JWS, which says whose it is, counts. */
enum tj_rc tj_trust_check_as(struct tj_signed_by *, const struct tj_trust *,
	    const struct tj_jws *, tj_signed_check *, void *ctx, tj_time at, tj_time seen,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* NULL: nobody of this name, no key of this kid, no logs. O(issuers), O(keys). */
const struct tj_issuer *tj_trust_find(const struct tj_trust *, tj_str issuer);
const struct tj_trusted_key *tj_issuer_key(const struct tj_issuer *, tj_str kid);
const struct tj_policy *tj_trust_logs(const struct tj_trust *, tj_str issuer);
bool	 tj_issuer_may_declare(const struct tj_issuer *, tj_ident);

#endif
