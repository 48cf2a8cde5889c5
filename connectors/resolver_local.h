#ifndef TJ_CONNECTORS_RESOLVER_LOCAL_H
#define TJ_CONNECTORS_RESOLVER_LOCAL_H

#include "exchange/trust.h"
#include "model/port/resolver.h"

/*
 * Suppliers' registries that lie in folders here.  A product is looked up in
 * the registry of the longest authority it is under (tj_ident_under), and
 * nowhere else.  The newest declaration there is verified with `trust`: TJ_RESOLVED,
 * or TJ_NOT_ACCEPTED with the gate that refused it.  No authority, or no declaration:
 * TJ_UNKNOWN; a registry that is missing or cannot be read: TJ_NO_ANSWER; both with
 * the reason.  The call itself fails only without memory.  The proof that a declaration of a
 * batch needs is read from the folder of proofs; where it is not there, that is the reason.
 *
 * Both lists and trust are borrowed until close.  Registries that are asked
 * are open during resolve() only.  O(registries n), and a look-up and a verification per product.
 */
struct tj_local_registry {
	tj_str		 authority;	/* "88.999.1001" */
	const char	*folder;	/* of an LMDB registry */
	const char	*proofs;	/* folder of what lies beside files (declared_file.h); or NULL */
};

enum tj_rc tj_resolver_local_open(struct tj_resolver **,
    const struct tj_local_registry *, size_t n, const struct tj_trust *,
    struct tj_err *) TJ_MUST_USE;

#endif
