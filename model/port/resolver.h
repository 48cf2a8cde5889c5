#ifndef TJ_PORT_RESOLVER_H
#define TJ_PORT_RESOLVER_H

#include "model/declaration.h"
#include "model/ident.h"

/*
 * Asks for the newest acceptable declarations of many products at once.  What
 * comes back has been verified: signature, issuer's right to the identifier,
 * identifier, validity at `at`, arithmetic.  What was not accepted has a reason.
 */
enum tj_resolved {
	TJ_RESOLVED,		/* declaration and digest are set */
	TJ_UNKNOWN,		/* nobody is known who answers for it, or it has none */
	TJ_NOT_ACCEPTED,	/* there is one, and it was refused: reason */
	TJ_NO_ANSWER		/* who answers for it could not be asked: reason */
};

struct tj_resolution {
	enum tj_resolved		 status;
	const struct tj_declaration	*declaration;
	tj_digest			 digest;	/* of its JWS signing input */
	tj_str				 source;	/* where it came from */
	tj_str				 signer;	/* of its record; empty: it was not signed */
	tj_str				 root;		/* whose certificates lead to him; or empty */
	uint32_t			 age_s;		/* since it was asked for; 0: just now */
	tj_str				 reason;
};

struct tj_resolver {
	/* out[n] for ids[n]; fails only where nothing at all can be said. */
	enum tj_rc (*resolve)(struct tj_resolver *, struct tj_resolution *out,
	    const tj_ident *ids, size_t n, tj_time at, struct tj_arena *,
	    struct tj_err *);
	void	(*close)(struct tj_resolver *);
};

#endif
