#ifndef TJ_EXCHANGE_TIMESTAMP_H
#define TJ_EXCHANGE_TIMESTAMP_H

#include "model/base/date.h"

/*
 * Timestamps of RFC 3161: an authority signs that it has seen the digest of some bytes at
 * some time.  A query is made here, and a reply checked; somebody else carries them
 * (connectors/tsa.h, curl).
 * What is stamped is mostly a log's checkpoint: one stamp for all that the log holds.
 */
enum tj_imprint { TJ_IMPRINT_SHA256, TJ_IMPRINT_SM3 };

#define TJ_NONCE_BYTES	8

struct tj_timestamp {
	tj_time	by;		/* the latest that it can have been: time and accuracy */
	tj_str	policy;		/* of the authority: an OID as digits and dots */
	tj_str	authority;	/* whom the certificate that signed is for */
};

/* DER, asking for the authority's certificate.  `nonce`: random; a reply repeats it. */
enum tj_rc tj_timestamp_query(tj_str *query, tj_str bytes, enum tj_imprint,
	    const uint8_t nonce[TJ_NONCE_BYTES], struct tj_arena *, struct tj_err *) TJ_MUST_USE;

struct tj_stamp_check {
	tj_str	bytes;		/* that were stamped */
	tj_str	query;		/* may be empty: then no nonce is compared */
	tj_str	roots;		/* certificates in PEM that the authority's chain ends with */
	tj_str	crls;		/* see tj_x509_store_new() */
	tj_str	policy;		/* that it must have; empty: any */
};

/*
 * REFUSED: not granted, of other bytes, another nonce, another policy, or not signed under
 * one of the roots by a certificate for time stamping, valid at the time it says.
 * DATA, LIMIT: not a reply.
 */
enum tj_rc tj_timestamp_check(struct tj_timestamp *, tj_str reply, const struct tj_stamp_check *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
