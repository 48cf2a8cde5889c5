#ifndef TJ_CONNECTORS_ENTRY_H
#define TJ_CONNECTORS_ENTRY_H

#include "model/base/digest.h"

/*
 * One entry of a registry's log.  Numbers big-endian:
 *
 *	check[32]	of all that follows: against accidents, not people
 *	length[4]	of all of it
 *	kind[1] is last[1] zero[2]
 *	sequence[8]	goes up over the whole log
 *	digest[32]
 *	key length[4] id length[4] key id body
 *
 * The check tells a damaged entry; its sequence and place, one that stands in another's.
 * Against people there is the signature, and the digest, which fsck computes again; a
 * second SHA-256 took as long as reading the entry did.
 * It is four sums of 64 bits, in the machine's order as LMDB's own numbers are: word i goes
 * to sum i mod 4 by xor, a multiplication by an odd number and a turn, which all can be
 * undone, so that damage within one word never goes unseen.  What is missing to whole
 * words is zero; the length begins the first sum.
 */
#define TJ_ENTRY_HEAD	(32 + 4 + 4 + 8 + 32 + 4 + 4)

enum tj_entry_kind {
	TJ_ENTRY_DECLARATION = 1,	/* key: product, body: JWS */
	TJ_ENTRY_RECORD,		/* key: tj_record_key(), body: its state; empty: deleted */
	TJ_ENTRY_HOME			/* key: prefix, body: "1"; empty: not any more */
};

struct tj_entry {
	enum tj_entry_kind kind;
	bool		is_last;	/* of what was committed at once */
	uint64_t	sequence;
	tj_digest	digest;		/* of a declaration as the store knows it; of a state */
	tj_str		key, id, body;
};

size_t	 tj_entry_bytes(const struct tj_entry *);
/* `bytes` has room for tj_entry_bytes(). */
void	 tj_entry_write(uint8_t *bytes, const struct tj_entry *);
/* What a head says of its entry's length; 0: no entry has it. */
size_t	 tj_entry_length(const uint8_t head[TJ_ENTRY_HEAD]);
/* Views into `bytes`.  CORRUPT: not what was written. */
enum tj_rc tj_entry_read(struct tj_entry *, tj_str bytes, struct tj_err *) TJ_MUST_USE;

#endif
