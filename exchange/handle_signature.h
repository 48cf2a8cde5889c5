#ifndef TJ_EXCHANGE_HANDLE_SIGNATURE_H
#define TJ_EXCHANGE_HANDLE_SIGNATURE_H

#include "exchange/handle_data.h"
#include "exchange/handle_jws.h"

/*
 * HS_SIGNATURE: a value of a record by which readers of the Handle System see who vouches
 * for the others.  A JWS (handle_jws.h) over
 *
 *	{"digests":{"alg":"SHA-256","digests":[{"index":1,"digest":base64}]},
 *	 "iss":"301:88.111.1/ADMIN","sub":"88.111.1/SN0001","exp":…,"nbf":…,"iat":…}
 *
 * Each value is digested alone, in its binary form (handle_value.h) without index and
 * timestamp: who reads some values of a record can check those.
 */
#define TJ_HANDLE_SIGNATURE_INDEX	400u	/* from which on they stand, by custom */

/* Is it for signatures to cover?  Not of a type that is itself a signature, and to be read by
 * the public: the digest of a secret would let anybody try guesses at it. */
bool	 tj_handle_is_signed(const struct tj_value *);

/* Over all that are for signatures to cover; claims->subject is the handle. */
enum tj_rc tj_handle_sign(tj_str *jws, const struct tj_handle_claims *,
	    const struct tj_value *, size_t count, const struct tj_rsa *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

/*
 * covered[count]: set for the values that it covers, the others are left as they are.
 * REFUSED, saying why: the signature is not this key's, is about another handle, not valid
 * at this time, or one of the values has another digest.  Whether the issuer may speak for
 * the handle is another question (handle_chain.h).
 */
enum tj_rc tj_handle_signature_check(bool *covered, tj_str jws, tj_str handle,
	    const struct tj_value *, size_t count, const struct tj_rsa *, tj_time at,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/*
 * Who has signed a value of this index in the record, and another than this one: once it is
 * there, readers refuse the record.  By what the signatures say, which is believed of none;
 * those that are no signatures are passed over.  NOMEM.
 */
enum tj_rc tj_handle_signers_of_another(struct tj_handle_list *who, const struct tj_value *,
	    const struct tj_value *record, size_t count, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
