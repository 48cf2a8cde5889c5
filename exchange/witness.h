#ifndef TJ_EXCHANGE_WITNESS_H
#define TJ_EXCHANGE_WITNESS_H

#include "exchange/tlog_policy.h"
#include "exchange/tlog_proof.h"

/*
 * A witness (C2SP tlog-witness): keeps the latest head of each log that it knows, and
 * cosigns the next one only if the log has proven that it grew and nothing else.
 *
 * POST …/add-checkpoint has the body
 *
 *	old <size>
 *	<base64 of a hash>		a consistency proof, up to 63
 *	…
 *					an empty line
 *	<checkpoint with its signatures>
 *
 * Nothing is kept here.  Who keeps it (connectors/witness_store.h) reads a request, looks
 * up the state of its origin, decides, makes answer.record durable, and only then
 * answers; no other request of the origin comes between.
 */
#define TJ_WITNESS_HASHES	63

struct tj_witness_request {
	uint64_t		old;
	struct tj_merkle_proof	growth;
	tj_str			bytes;		/* of the checkpoint */
	struct tj_note		note;
	struct tj_checkpoint	checkpoint;
};

struct tj_witness_state {
	uint64_t	size;		/* 0: none was cosigned yet */
	tj_digest	root;
};

struct tj_witness {
	tj_vkey			 vkey;	/* of type TJ_VKEY_COSIGNATURE */
	const struct tj_ed25519	*key;
	const struct tj_policy	*logs;	/* those that it knows; its quorum is not looked at */
};

struct tj_witness_answer {
	unsigned	status;		/* of HTTP: 200, 400, 403, 404, 409, 422 */
	const char	*type;		/* Content-Type */
	tj_str		body;		/* 200: signature lines; 409: the size; else why */
	tj_str		record;		/* 200: what must be kept, the cosigned checkpoint */
};

/* DATA, LIMIT. */
enum tj_rc tj_witness_request_parse(struct tj_witness_request *, tj_str bytes,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* Of old, growth and bytes. */
enum tj_rc tj_witness_request_text(tj_str *, const struct tj_witness_request *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/*
 * What needs no state: form, origin, the log's signature.  answer->status 0: go on with
 * the request.  Fails (NOMEM, INTERNAL) only where nothing can be answered; so does
 * tj_witness_decide().
 */
enum tj_rc tj_witness_receive(struct tj_witness_answer *, struct tj_witness_request *,
	    const struct tj_witness *, tj_str bytes, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* `time`: seconds since 1970, not 0. */
enum tj_rc tj_witness_decide(struct tj_witness_answer *, const struct tj_witness *,
	    const struct tj_witness_request *, const struct tj_witness_state *, uint64_t time,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* What a record says.  CORRUPT: not what this witness has cosigned for this origin. */
enum tj_rc tj_witness_state_read(struct tj_witness_state *, const struct tj_witness *,
	    tj_str origin, tj_str record, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* Before the first. */
enum tj_rc tj_witness_state_none(struct tj_witness_state *, struct tj_err *) TJ_MUST_USE;

#endif
