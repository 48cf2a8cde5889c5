#ifndef TJ_EXCHANGE_TRUST_H
#define TJ_EXCHANGE_TRUST_H

#include "exchange/did.h"
#include "model/ident.h"

/*
 * Whom this reader believes: issuers, their keys, and the identifiers that each may
 * speak for.  Read once, then only looked at, by any number of threads.
 */
struct tj_trusted_key {
	tj_str		 kid;
	struct tj_key	*key;
};

struct tj_issuer {
	tj_str				id;		/* did:web:steel.example */
	TJ_VEC(struct tj_trusted_key)	keys;
	TJ_VEC(tj_str)			authorities;	/* see tj_ident_under(); "*": any */
};

struct tj_trust {
	struct tj_arena		*arena;
	TJ_VEC(struct tj_issuer) issuers;
};

void	 tj_trust_init(struct tj_trust *, struct tj_arena *);
void	 tj_trust_fini(struct tj_trust *);

/* Believe `issuer` with the keys of its did.json, for the authorities named; all of
 * it is copied.  DATA: not a DID document, or that of somebody else.  CONFLICT: this
 * issuer is there already. */
enum tj_rc tj_trust_add(struct tj_trust *, tj_str issuer, tj_str did_json,
	    const tj_str *authorities, size_t n, struct tj_err *) TJ_MUST_USE;
/* The same with one JWK whose kid is <issuer>#<name>. */
enum tj_rc tj_trust_add_jwk(struct tj_trust *, tj_str jwk_json,
	    const tj_str *authorities, size_t n, struct tj_err *) TJ_MUST_USE;

/* NULL: nobody of this name, no key of this kid. O(issuers), O(keys). */
const struct tj_issuer *tj_trust_find(const struct tj_trust *, tj_str issuer);
const struct tj_key *tj_issuer_key(const struct tj_issuer *, tj_str kid);
bool	 tj_issuer_may_declare(const struct tj_issuer *, tj_ident);

#endif
