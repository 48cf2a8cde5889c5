#ifndef TJ_EXCHANGE_X5C_H
#define TJ_EXCHANGE_X5C_H

#include "exchange/crypto.h"
#include "model/base/date.h"

/*
 * Believing a signature for its certificate: the chain in the header of a JWS (x5c, RFC 7515
 * section 4.1.6) ends with one that the reader named, an anchor (RFC 5280 section 6).  For
 * seals of companies, whose authorities say who they are; what they may speak for,
 * no certificate says.  Chains signed with SM2 are refused: see exchange/timestamp.h.
 */
struct tj_anchors;

/*
 * `roots`: certificates in PEM, the root of an authority or one below it.  `crls`: its
 * revocation lists in PEM; may be empty.  Every certificate below the anchor must have
 * its issuer's list, one that has not ended, or is refused: whether it was stolen, only
 * that list says.  `unlisted`: those without are accepted, and it is said of them.
 */
enum tj_rc tj_anchors_open(struct tj_anchors **, tj_str roots, tj_str crls, bool unlisted,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_anchors_close(struct tj_anchors *);	/* takes NULL */

/* What is asked of a chain. */
struct tj_chain {
	const tj_str	*ders;		/* [count], the signer's first */
	size_t		 count;
	tj_str		 did;		/* whom it must be for: see x5c_leaf.h */
	tj_time		 at;		/* now */
	/* When somebody else than the signer saw what was signed (struct tj_evidence), or
	 * TJ_TIME_NONE.  If known, certificates must be valid then, not now, and one that
	 * was revoked later still counts. */
	tj_time		 seen;
};

struct tj_certified {
	tj_point	point;		/* the signer's key */
	tj_str		subject;	/* "/CN=Steel Works", as OpenSSL writes it in one line */
	bool		unlisted;	/* some certificate was looked up in no list */
};

/* DATA: no certificate there.  REFUSED with the reason: no anchor, not valid then, not for
 * signing, revoked, no list, another company's. */
enum tj_rc tj_anchors_check(struct tj_certified *, const struct tj_anchors *,
	    const struct tj_chain *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/*
 * A signer's certificates in PEM, as they go into its headers.  REFUSED: the first is not
 * for this key, not for signing, or not for the company.
 */
enum tj_rc tj_x5c_read(const tj_str **base64, size_t *count, tj_str pem, const tj_point *,
	    tj_str did, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
