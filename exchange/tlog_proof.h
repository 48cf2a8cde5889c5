#ifndef TJ_EXCHANGE_TLOG_PROOF_H
#define TJ_EXCHANGE_TLOG_PROOF_H

#include "exchange/checkpoint.h"
#include "exchange/merkle.h"
#include "model/base/buf.h"

/*
 * That something is in a log, checkable without it (C2SP tlog-proof@v1; files X.tlog-proof):
 *
 *	c2sp.org/tlog-proof@v1
 *	extra <base64>			(may be left out; nobody answers for it)
 *	index <n>
 *	<base64 of a hash>		the inclusion proof, from the leaf towards the root
 *	…
 *					an empty line
 *	<checkpoint with its signatures>
 */
#define TJ_TLOG_PROOF_HEAD	"c2sp.org/tlog-proof@v1"

struct tj_tlog_proof {
	tj_str			extra;		/* decoded; .p NULL: none */
	uint64_t		index;
	struct tj_merkle_proof	path;
	tj_str			bytes;		/* of the checkpoint, verbatim */
	struct tj_note		note;
	struct tj_checkpoint	checkpoint;
};

/* DATA, LIMIT.  Form alone: see tj_tlog_proof_check() and tj_policy_check(). */
enum tj_rc tj_tlog_proof_parse(struct tj_tlog_proof *, tj_str bytes, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* Of extra, index, path and the checkpoint's bytes. */
enum tj_rc tj_tlog_proof_text(tj_str *, const struct tj_tlog_proof *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* REFUSED: the entry is not that leaf of the checkpoint's tree.  Whose checkpoint it is, is
 * another question. */
enum tj_rc tj_tlog_proof_check(const struct tj_tlog_proof *, tj_str entry,
	    struct tj_err *) TJ_MUST_USE;

/* Lines of hashes up to an empty line, which is taken too; DATA, LIMIT at `most`. */
enum tj_rc tj_merkle_proof_parse(struct tj_merkle_proof *, tj_str *rest, size_t most,
	    struct tj_err *) TJ_MUST_USE;
/* The same lines, and the empty one. */
void	 tj_merkle_proof_put(struct tj_buf *, const struct tj_merkle_proof *);

#endif
