#ifndef TJ_EXCHANGE_JWS_H
#define TJ_EXCHANGE_JWS_H

#include "exchange/crypto.h"
#include "model/port/signer.h"

/*
 * Compact JWS (RFC 7515), ES256 only.  Issued with the header
 *	{"alg":"ES256","kid":"did:web:steel.example#k1","typ":"vc+jwt"}
 * and read with any order of alg, kid, typ and x5c (not used yet); every other
 * member is refused, above all those that name a key (jwk, jku, x5u), change the
 * meaning of the bytes (zip, b64) or ask to be understood (crit).
 */
#define TJ_JWS_TYP	"vc+jwt"

struct tj_jws {
	tj_str	signing_input;	/* header "." payload, as they came */
	tj_str	payload;	/* decoded */
	tj_str	alg, kid, typ;	/* kid, typ: empty if the header has none */
	uint8_t	signature[TJ_SIGNATURE_BYTES];
};

/* No blanks, no padding, nothing behind it.  DATA, LIMIT.  signing_input views
 * `bytes`, the rest lives in the arena. */
enum tj_rc tj_jws_parse(struct tj_jws *, tj_str bytes, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* REFUSED: the header's alg is not the key's, or the signature is not good. */
enum tj_rc tj_jws_verify(const struct tj_jws *, const struct tj_key *,
	    struct tj_err *) TJ_MUST_USE;
/* What a declaration is known by: SHA-256 of the signing input.  The signature is
 * not part of it, since another signature of the same bytes says nothing new. */
enum tj_rc tj_jws_digest(tj_digest *, const struct tj_jws *, struct tj_err *) TJ_MUST_USE;
/* Sign `payload`; the digest is that of tj_jws_digest(), and may be NULL. */
enum tj_rc tj_jws_build(tj_str *jws, tj_digest *, tj_str payload, struct tj_signer *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* The digest that tj_jws_build() would give, without a signature: a re-run asks the
 * registry for it and signs nothing that is there. */
enum tj_rc tj_jws_digest_of(tj_digest *, tj_str payload, tj_str kid, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
