#ifndef TJ_EXCHANGE_BUNDLE_H
#define TJ_EXCHANGE_BUNDLE_H

#include "exchange/jws.h"
#include "exchange/trust_issuer.h"

/*
 * All that shows a declaration to be true, in one file for readers without a network: a
 * compact JWS (typ tanji-bundle+jwt) whose payload is
 *
 *	{"iss":DID,"iat":seconds,"exp":seconds,
 *	 "declarations":[{"jws":…,"proof":<tlog-proof>,"timestamp":<base64url>,"query":…},…],
 *	 "label":<the text of its code>,"issuers":[…],"status":[<JWS>,…],"policy":<lines>}
 *
 * The first declaration is what it is about, the others are those that it rests on.  Signed by
 * whoever put it together: that nothing of it was exchanged, and as of when it was so.
 */
#define TJ_BUNDLE_TYP	"tanji-bundle+jwt"

struct tj_bundled {		/* a declaration and what lay beside it; the others may be empty */
	tj_str	jws, proof;
	tj_str	stamp, query;	/* DER */
};

struct tj_bundle {
	tj_str			issuer;		/* DID of who signed it */
	tj_time			made, expires;
	TJ_VEC(struct tj_bundled) declarations;	/* at least one */
	tj_str			label;		/* may be empty */
	struct tj_trust_issuers	issuers;
	TJ_VEC(tj_str)		status;		/* lists, JWS each */
	tj_str			policy;		/* tlog_policy.h; may be empty */
};

/* The payload.  LIMIT: over TJ_MAX_DECLARATION, some 150 declarations. */
enum tj_rc tj_bundle_write(tj_str *payload, const struct tj_bundle *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* Form alone; DATA, LIMIT. */
enum tj_rc tj_bundle_read(struct tj_bundle *, tj_str payload, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

/* REFUSED: not signed by somebody who is trusted, another's name in it, expired, not yet
 * made.  What is in it, nobody has looked at yet: see bundle_verify.h. */
enum tj_rc tj_bundle_open(struct tj_bundle *, tj_str jws, const struct tj_trust *, tj_time at,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* Does this claim to be one? */
bool	 tj_bundle_is(tj_str bytes, struct tj_arena *);

#endif
