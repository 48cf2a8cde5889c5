#ifndef TJ_EXCHANGE_KEY_HISTORY_H
#define TJ_EXCHANGE_KEY_HISTORY_H

#include "exchange/did.h"
#include "exchange/jws.h"
#include "model/base/date.h"

/*
 * Which keys a company has signed with, and until when: a DID document shows those of
 * today only.  A compact JWS with typ key-history+jwt, signed by a key of today, whose
 * payload is
 *	{"iss":"did:web:steel.example","version":2,"keys":[{"kid":"…#k1","jwk":{…},
 *	 "valid_from":"…","valid_until":"…","revoked_at":"…","reason":"stolen"},…]}
 * Each version has one number more than the one before; no key ever leaves it.
 *
 * What a key signed before it was revoked still counts, where something other than the
 * signer's own word shows that it was signed before: see struct tj_evidence.
 */
#define TJ_KEY_HISTORY_TYP	"key-history+jwt"

struct tj_key_record {
	struct tj_jwk	jwk;		/* with its kid */
	/* TJ_TIME_NONE: not known; has not ended; is not revoked */
	tj_time		valid_from, valid_until, revoked_at;
	tj_str		reason;		/* of the revocation; may be empty */
};

struct tj_key_history {
	tj_str				issuer;
	uint32_t			version;	/* from 1 */
	TJ_VEC(struct tj_key_record)	keys;		/* oldest first */
};

/* The payload. */
enum tj_rc tj_key_history_write(tj_str *payload, const struct tj_key_history *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* DATA: a kid that is not the issuer's or stands there twice, a key whose end is before
 * its beginning, no key at all. */
enum tj_rc tj_key_history_read(struct tj_key_history *, tj_str payload, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* The JWS's form and payload; the signature is the caller's to check. */
enum tj_rc tj_key_history_parse(struct tj_key_history *, struct tj_jws *, tj_str bytes,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* By kid, or by the name behind its '#'; NULL: there is none. */
struct tj_key_record *tj_key_history_find(const struct tj_key_history *, tj_str name);
/*
 * A new key that follows those there: their validity ends at `at`.  CONFLICT: there is
 * one of this kid.  Counts the version up.
 */
enum tj_rc tj_key_history_rotate(struct tj_key_history *, const struct tj_jwk *, tj_time at,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* CONFLICT: it is revoked as of an earlier time; an earlier one may be set.
 * Counts the version up. */
enum tj_rc tj_key_history_revoke(struct tj_key_history *, struct tj_key_record *, tj_time at,
	    tj_str reason, struct tj_err *) TJ_MUST_USE;
#endif
