#ifndef TJ_EXCHANGE_DID_H
#define TJ_EXCHANGE_DID_H

#include "exchange/crypto.h"

/*
 * Public keys as others publish and expect them: one JWK (RFC 7517), a set of
 * them, a did:web document with JsonWebKey methods (publicKeyJwk).  P-256 only,
 * and no key that says it is for other things than ES256 signatures.  A file with
 * a private key in it ("d") is refused: it ought not to be around.
 */
struct tj_jwk {
	tj_str		kid;	/* did:web:steel.example#k1; may be empty on reading */
	tj_point	point;
};

struct tj_did {
	tj_str				id;	/* did:web:steel.example */
	TJ_VEC(struct tj_jwk)		keys;	/* that may sign for it (assertionMethod) */
};

enum tj_rc tj_jwk_write(tj_str *json, const struct tj_jwk *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_jwk_read(struct tj_jwk *, tj_str json, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* did.json: /.well-known/did.json of the host. */
enum tj_rc tj_did_write(tj_str *json, const struct tj_did *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* Keys of other kinds or of other subjects are read over; DATA if none is left. */
enum tj_rc tj_did_read(struct tj_did *, tj_str json, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* jwks.json: the same keys; the id is not part of it. */
enum tj_rc tj_jwks_write(tj_str *json, const struct tj_did *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* Replaces did->keys and nothing else. */
enum tj_rc tj_jwks_read(struct tj_did *, tj_str json, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
