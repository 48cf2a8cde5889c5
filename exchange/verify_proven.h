#ifndef TJ_EXCHANGE_VERIFY_PROVEN_H
#define TJ_EXCHANGE_VERIFY_PROVEN_H

#include "exchange/verify.h"

/*
 * Declarations as suppliers give them out: one that is signed in a batch (jws.h) comes with the
 * proof of a log and counts with that alone.  Which logs are believed for whom, the trust says.
 */
struct tj_proof {
	tj_str	text;		/* tlog-proof@v1, unchecked; empty: there is none */
	tj_str	why;		/* why there is none; or empty */
};

/*
 * The logs whose proof is needed, by what the bytes say of themselves.  NULL: they are signed
 * singly, cannot be read, or no logs are believed for whom they name; a proof would change
 * nothing, and verifying tells why.  NOMEM.
 */
enum tj_rc tj_proof_logs(const struct tj_policy **, tj_str jws, const struct tj_trust *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* tj_verify(), with a proof that is looked at where one is needed.  What is wrong with it is
 * the reason of the gate "signature". */
enum tj_rc tj_verify_proven(struct tj_verdict *, tj_str jws, const struct tj_proof *,
	    const struct tj_trust *, const tj_ident *expected, tj_time at, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
