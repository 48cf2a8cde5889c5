#ifndef TJ_EXCHANGE_HANDLE_CHAIN_H
#define TJ_EXCHANGE_HANDLE_CHAIN_H

#include "exchange/handle_trust.h"

/*
 * With which key a signature of the record `handle` is to be checked, by what it claims: what
 * handle_trust.c asks for each of them.
 */
struct tj_handle_signer {
	struct tj_rsa		*key;		/* the caller frees it */
	struct tj_reference	 root;		/* handle empty: no root is given */
	size_t			 certificates;
};

/* The key that a record shows at this index, as HS_PUBKEY; the caller frees it.  REFUSED: none
 * that is of use. */
enum tj_rc tj_handle_shown_key(struct tj_rsa **, const struct tj_record *, uint32_t index,
	    struct tj_err *) TJ_MUST_USE;
/* REFUSED, saying why; and what get() answers. */
enum tj_rc tj_handle_chain_walk(struct tj_handle_signer *, const struct tj_handle_trust *,
	    tj_str handle, const struct tj_handle_claims *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
