#ifndef TJ_EXCHANGE_ANCHOR_H
#define TJ_EXCHANGE_ANCHOR_H

#include "model/base/digest.h"

/*
 * That a log's checkpoint stands in a chain: a record
 *	{"chain":"bif-core","transaction":"<hash>","checkpoint":"<the note, verbatim>"}
 * beside the log.  The chain orders checkpoints for those who can ask it; nothing is verified
 * with it here, and no proof needs it.
 */
#define TJ_ANCHOR_BIF	"bif-core"

struct tj_anchor {
	tj_str	chain;
	tj_str	transaction;	/* the chain's own name of it: for BIF 64 hexadecimal digits */
	tj_str	checkpoint;
};

enum tj_rc tj_anchor_write(tj_str *json, const struct tj_anchor *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* DATA: a member is missing, or a name holds control characters. */
enum tj_rc tj_anchor_read(struct tj_anchor *, tj_str json, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* What goes into the chain: "sha256:" and the hexadecimal digest of the checkpoint. */
enum tj_rc tj_anchor_value(tj_str *, tj_str checkpoint, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
