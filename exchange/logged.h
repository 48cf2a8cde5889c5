#ifndef TJ_EXCHANGE_LOGGED_H
#define TJ_EXCHANGE_LOGGED_H

#include "exchange/crypto_sm2.h"
#include "exchange/leaf.h"
#include "exchange/tlog_policy.h"

/* What a log's checked proof says of the bytes it holds. */
struct tj_logged {
	tj_digest	artefact;	/* SHA-256 of them, as the leaf has it */
	enum tj_leaf_kind kind;
	tj_str		origin;		/* the log's name */
	uint64_t	index, size;	/* of the leaf; of the tree that the checkpoint tells of */
	size_t		witnesses;	/* that have cosigned the checkpoint */
	tj_time		by;		/* when a quorum of witnesses saw it there; or NONE */
	const struct tj_note *note;	/* the checkpoint; NULL: not at hand */
};

/* What a proof is held against. */
struct tj_logged_ask {
	const struct tj_policy	*policy;
	const struct tj_sm2	*gm;	/* the checkpoint must have this key's line too; or NULL */
	enum tj_leaf_kind	 kind;
};

/*
 * Is the file with these bytes in a log that is believed, by this proof (tlog-proof@v1)?
 * The refusals, each told as such: not a proof (DATA, LIMIT); not a log that is believed, a
 * signature that is missing or bad, no quorum, no line of the SM2 key, not the leaf
 * of this file (REFUSED).  Everything lives in the arena or views `proof`.
 */
enum tj_rc tj_logged_check(struct tj_logged *, tj_str proof, const struct tj_logged_ask *,
	    tj_str file, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* Is this checkpoint by itself one of a log that is believed?  Refusals as above; artefact, kind
 * and index stay empty.  ask->kind does not matter. */
enum tj_rc tj_logged_check_head(struct tj_logged *, tj_str checkpoint, const struct tj_logged_ask *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
