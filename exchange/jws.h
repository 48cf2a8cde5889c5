#ifndef TJ_EXCHANGE_JWS_H
#define TJ_EXCHANGE_JWS_H

#include "exchange/crypto.h"
#include "model/port/signer.h"

/*
 * Compact JWS (RFC 7515), ES256 only.  Issued with the header
 *	{"alg":"ES256","kid":"did:web:steel.example#k1","typ":"vc+jwt"}
 * and, behind these, "x5c":[…] where the signer has certificates.  Read with any order of
 * the four; every other member is refused, above all those that name a key (jwk, jku, x5u),
 * change the meaning of the bytes (zip, b64) or ask to be understood (crit).
 */
#define TJ_JWS_TYP	"vc+jwt"

/*
 * A declaration of a batch has the shape of a compact JWS and is none, so every verifier of
 * them refuses it: its header is
 *	{"alg":"tlog-es256","kid":"did:web:steel.example#k1","typ":"vc+tlog"}
 * and its third part 64 random bytes.  The key `kid` has signed the checkpoint of a log that
 * holds the SHA-256 of all these bytes as a leaf of kind batch; see tj_verify_with().
 */
#define TJ_BATCH_ALG	"tlog-es256"
#define TJ_BATCH_TYP	"vc+tlog"

struct tj_jws {
	tj_str	signing_input;	/* header "." payload, as they came */
	tj_str	payload;	/* decoded */
	tj_str	alg, kid, typ;	/* kid, typ: empty if the header has none */
	const tj_str *x5c;	/* [x5c_count] DER, the signer's first; form alone: see x5c.h */
	size_t	x5c_count;
	uint8_t	signature[TJ_SIGNATURE_BYTES];
};

/* No blanks, no padding, nothing behind it.  DATA, LIMIT.  signing_input views
 * `bytes`, the rest lives in the arena. */
enum tj_rc tj_jws_parse(struct tj_jws *, tj_str bytes, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* Whose key the header names, the DID before its #, of which nothing is checked.  DATA, LIMIT. */
enum tj_rc tj_jws_issuer(tj_str *did, tj_str bytes, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* Do the bytes begin as those of a batch do?  A hint: the parsed header tells. */
bool	 tj_jws_is_batch(tj_str bytes);
/* The same, and DATA where it is of another type. */
enum tj_rc tj_jws_parse_as(struct tj_jws *, tj_str bytes, tj_str typ, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* REFUSED: the header's alg is not the key's, or the signature is not good. */
enum tj_rc tj_jws_verify(const struct tj_jws *, const struct tj_key *,
	    struct tj_err *) TJ_MUST_USE;
/* What a declaration is known by: SHA-256 of the signing input.  The signature is
 * not part of it, since another signature of the same bytes says nothing new. */
enum tj_rc tj_jws_digest(tj_digest *, const struct tj_jws *, struct tj_err *) TJ_MUST_USE;
/* Sign `payload`, singly or by a signer of batches; the digest is that of tj_jws_digest(), and
 * may be NULL. */
enum tj_rc tj_jws_build(tj_str *jws, tj_digest *, tj_str payload, struct tj_signer *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* The same of something that is no credential. */
enum tj_rc tj_jws_build_as(tj_str *jws, tj_digest *, tj_str payload, tj_str typ,
	    struct tj_signer *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
