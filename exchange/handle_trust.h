#ifndef TJ_EXCHANGE_HANDLE_TRUST_H
#define TJ_EXCHANGE_HANDLE_TRUST_H

#include "exchange/handle_cert.h"

/*
 * Is a record of the Handle System what somebody signed, and who may that be?  HS_SIGNATURE
 * values name who signed; his certificate (HS_CERT) is in his own record or where the chain
 * says, the certificate of who issued that is found in the same way, and so on up to a root
 * whose key is known here.  Each key on the way must be permitted to speak for the record, and
 * each certificate valid at the time.
 *
 * Where no root is given, the key is the HS_PUBKEY that the signer's own record shows: that
 * tells who says so, and not whether he may.
 */
struct tj_handle_root {
	struct tj_reference	who;	/* "300:88.111.1/0.0"; index 0: any key of that handle */
	tj_rsa_numbers		key;
};

struct tj_handle_trust {
	const struct tj_handle_root	*roots;		/* [root_count] */
	size_t				 root_count;
	tj_time				 at;
	/* A record, all of it that the public may read.  NOTFOUND: there is none. */
	enum tj_rc		       (*get)(void *ctx, struct tj_record *, tj_str handle,
	    struct tj_arena *, struct tj_err *);
	void				*ctx;
};

enum tj_handle_state {
	TJ_HANDLE_UNSIGNED,	/* no HS_SIGNATURE is there */
	TJ_HANDLE_SIGNED,	/* by the key that the signer's record shows */
	TJ_HANDLE_CERTIFIED	/* and certificates lead from a root to that key */
};

struct tj_handle_verdict {
	enum tj_handle_state	state;
	tj_str			signer;		/* "301:88.111.1/ADMIN"; of several the first */
	tj_str			root;		/* the same, where CERTIFIED */
	size_t			certificates;	/* between the two */
};

/*
 * REFUSED, with the signature's index, its signer and the reason: one that does not fit, or a
 * value that none of them covers, unless it is a declaration; a chain that is broken, too
 * long, goes in a circle, ends at nobody known here, or is not permitted.  What get() answers
 * beside NOTFOUND is passed on.  `record` may be a part of one.
 */
enum tj_rc tj_handle_record_check(struct tj_handle_verdict *, const struct tj_handle_trust *,
	    const struct tj_record *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
