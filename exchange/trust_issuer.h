#ifndef TJ_EXCHANGE_TRUST_ISSUER_H
#define TJ_EXCHANGE_TRUST_ISSUER_H

#include "exchange/json.h"
#include "exchange/trust.h"

/*
 * An issuer as trust lists and bundles name one:
 *	{"id":"did:web:steel.example","keys":[{JWK with its kid},…],
 *	 "authorities":["88.999.1001",…],"history":"<key history, a JWS>"}
 * The history may be left out.
 */
struct tj_trust_issuer {
	struct tj_did	did;
	TJ_VEC(tj_str)	authorities;
	tj_str		history;	/* empty: none */
};

/* What is known of one: the keys that it shows, and its history. */
enum tj_rc tj_trust_issuer_of(struct tj_trust_issuer *, const struct tj_issuer *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_trust_issuer_put(struct tj_json_writer *, const struct tj_trust_issuer *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* DATA: also a key whose kid is not the issuer's, and an issuer without keys or without
 * authorities. */
enum tj_rc tj_trust_issuer_get(struct tj_trust_issuer *, const struct tj_json *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* Of an object's member `issuers`, an array of up to TJ_MAX_ISSUERS. */
struct tj_trust_issuers {
	TJ_VEC(struct tj_trust_issuer) list;
};
enum tj_rc tj_trust_issuers_put(struct tj_json_writer *, const struct tj_trust_issuers *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_trust_issuers_get(struct tj_trust_issuers *, const struct tj_json *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* Believe them; one who is believed already stays as known. */
enum tj_rc tj_trust_add_issuers(struct tj_trust *, const struct tj_trust_issuers *,
	    struct tj_err *) TJ_MUST_USE;

#endif
