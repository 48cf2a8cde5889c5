#ifndef TJ_EXCHANGE_BUNDLE_VERIFY_H
#define TJ_EXCHANGE_BUNDLE_VERIFY_H

#include "exchange/bundle.h"
#include "exchange/label_verify.h"
#include "exchange/tlog_policy.h"
#include "exchange/verify.h"

/*
 * What is in a bundle, gate by gate, with nothing else at hand.
 *
 * Who is believed is the reader's question, not the bundle's: what it is about must be
 * declared by somebody the reader trusts.  Of a trusted issuer the bundle may add the key
 * history, if the reader has none.  Those whose declarations only entered are taken on the
 * word of the bundle's signer, and that is said, if they are not known; each must be named,
 * by its digest, in another one.
 *
 * Proofs are judged by the logs that the reader asks for, else by those that the trust names for
 * who has signed in a batch, else by the bundle's policy.  A time when something was seen (struct
 * tj_evidence) is taken from the reader's own authorities and logs alone: a bundle's policy shows
 * that a log holds a declaration, and would let its signer date what a stolen key has signed.
 */
struct tj_bundle_ask {
	struct tj_trust		*trust;		/* the reader's; grows by key histories */
	const struct tj_policy	*policy;	/* the reader's logs, for all; or NULL */
	tj_str			 tsa, crls;	/* see tj_stamp_check; empty: no stamp is looked at */
	const tj_ident		*expected;	/* the product asked for, or NULL */
	tj_str			 label;		/* the text of the code at hand, if not the bundle's */
	tj_time			 at;
	unsigned		 required;	/* struct tj_evidence; of the first declaration */
};

struct tj_bundle_item {
	struct tj_verdict	verdict;
	bool			vouched;	/* the keys are the word of the bundle's signer */
};

struct tj_bundle_verdict {
	bool			accepted;
	struct tj_bundle	bundle;
	tj_time			status_at;	/* the oldest status list; NONE: there is none */
	TJ_VEC(struct tj_bundle_item) items;	/* as the declarations */
	bool			has_label;
	struct tj_label_verdict	label;		/* of the first declaration */
};

/* Of a bundle whose signer is believed: the rest of tj_bundle_verify(). */
enum tj_rc tj_bundle_judge(struct tj_bundle_verdict *, const struct tj_bundle *,
	    const struct tj_bundle_ask *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* Fails (REFUSED, DATA, LIMIT) where the bundle itself is not to be believed; else OK, whatever
 * the verdict. */
enum tj_rc tj_bundle_verify(struct tj_bundle_verdict *, tj_str bytes,
	    const struct tj_bundle_ask *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
