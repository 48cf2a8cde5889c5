#ifndef TJ_EXCHANGE_HANDLE_JWS_H
#define TJ_EXCHANGE_HANDLE_JWS_H

#include "exchange/crypto_handle.h"
#include "exchange/json.h"
#include "model/base/date.h"
#include "model/record.h"

/*
 * What values of type HS_SIGNATURE and HS_CERT have in common: a compact JWS (RFC 7515) with
 * the header {"alg":"RS256"}, over claims of which these are in both:
 *
 *	iss	who signed: where the key is, "301:88.111.1/ADMIN"
 *	sub	whom or what it is about
 *	exp, nbf, iat	seconds since 1970; may be missing
 *	chain	certificates up to a root, the issuer's first; may be missing
 */
struct tj_handle_jws {
	tj_str	input;			/* what was signed */
	tj_str	payload, signature;	/* decoded */
};

struct tj_handle_claims {
	struct tj_reference	 issuer;
	tj_str			 subject;
	tj_time			 expires, not_before, issued;
	const struct tj_reference *chain;	/* [chain_count]; index 0: that record's newest */
	size_t			 chain_count;
};

/* Form and header alone.  DATA, LIMIT.  `input` views `jws`, the rest is in the arena. */
enum tj_rc tj_handle_jws_parse(struct tj_handle_jws *, tj_str jws, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* REFUSED: not this key's. */
enum tj_rc tj_handle_jws_verify(const struct tj_handle_jws *, const struct tj_rsa *,
	    struct tj_err *) TJ_MUST_USE;
/* *payload: for what only one of the two types has.  DATA, LIMIT. */
enum tj_rc tj_handle_claims_read(struct tj_handle_claims *, const struct tj_json **payload,
	    const struct tj_handle_jws *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* REFUSED: not valid at this time. */
enum tj_rc tj_handle_claims_check_time(const struct tj_handle_claims *, tj_time at,
	    struct tj_err *) TJ_MUST_USE;
/* iss, sub, exp, nbf, iat and, where there is one, chain, into the object that is open. */
enum tj_rc tj_handle_claims_put(struct tj_json_writer *, const struct tj_handle_claims *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_handle_jws_sign(tj_str *jws, tj_str payload, const struct tj_rsa *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
