#ifndef TJ_EXCHANGE_BIF_REPLY_H
#define TJ_EXCHANGE_BIF_REPLY_H

#include "model/base/str.h"

/*
 * What a node of Xinghuo BIF-Core (星火·链网) answers, as much of it as writing one entry
 * takes.  DATA: not such an answer; REFUSED: the node says no, with its code and words.
 */

/* /getAccountBase: the account's last nonce.  NOTFOUND: no such account. */
enum tj_rc tj_bif_read_nonce(uint64_t *, tj_str json, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* /submitTransaction of one.  DATA: it has taken one of another hash. */
enum tj_rc tj_bif_read_submitted(tj_str json, tj_str hash, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* /getTransactionHistory?hash=: the block it is in.  NOTFOUND: in none yet; REFUSED: there as
 * failed. */
enum tj_rc tj_bif_read_included(uint64_t *block, tj_str json, tj_str hash, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
