#ifndef TJ_PORT_CHAIN_H
#define TJ_PORT_CHAIN_H

#include "model/base/str.h"

/*
 * A blockchain that a value is written into, so that it stands in an order which others
 * keep.  In three steps, so that what is under way can be written down before it is sent.
 */
struct tj_chain_transaction {
	tj_str	name;		/* the chain's own: it finds the transaction again */
	tj_str	body;		/* what is sent */
};

struct tj_chain {
	const char	*name;		/* "bif-core" */
	/* Signed, not sent.  NOTFOUND: the account is not in the chain. */
	enum tj_rc (*prepare)(struct tj_chain *, struct tj_chain_transaction *, tj_str key,
	    tj_str value, struct tj_arena *, struct tj_err *);
	/* OK: taken, or it may have been.  REFUSED: it will never be in a block. */
	enum tj_rc (*send)(struct tj_chain *, const struct tj_chain_transaction *,
	    struct tj_arena *, struct tj_err *);
	/* Until it is in a block.  LOCKED: not in time, so ask again; REFUSED: in one, as
	 * failed. */
	enum tj_rc (*wait)(struct tj_chain *, uint64_t *block, tj_str name, struct tj_arena *,
	    struct tj_err *);
	void	   (*close)(struct tj_chain *);
};

#endif
