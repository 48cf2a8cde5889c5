#ifndef TJ_CONNECTORS_CHAIN_BIF_H
#define TJ_CONNECTORS_CHAIN_BIF_H

#include "connectors/web.h"
#include "exchange/did_bid.h"
#include "model/port/chain.h"

/*
 * Xinghuo BIF-Core (星火·链网) over the HTTP interface of one of its nodes: an entry of the
 * account's own metadata.  The transaction is made and signed here; the node is given it
 * whole and its hash is known before.  One transaction of an account at a time.
 */
struct tj_chain_bif_options {
	tj_str			 url;		/* of the node */
	tj_bid_key		 key;		/* of the account, whose address follows from it */
	enum tj_rc	       (*sign)(void *ctx, uint8_t signature[TJ_SIGNATURE_BYTES],
	    tj_str blob, struct tj_err *);
	void			*ctx;
	uint64_t		 fee_limit, gas_price;
	struct tj_web_options	 web;
	uint32_t		 deadline_ms;	/* of waiting for a block */
};

/* The options are borrowed.  DATA: not a URL. */
enum tj_rc tj_chain_bif_open(struct tj_chain **, const struct tj_chain_bif_options *,
	    struct tj_err *) TJ_MUST_USE;

#endif
