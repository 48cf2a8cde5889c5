#ifndef TJ_CONNECTORS_WITNESS_ASK_H
#define TJ_CONNECTORS_WITNESS_ASK_H

#include "connectors/http.h"
#include "connectors/web.h"
#include "exchange/witness.h"

/*
 * Asks witnesses over HTTP for their cosignatures of a head (C2SP tlog-witness), all at once, each
 * until it has answered or the time is over: what one knows of the log is learnt from its 409,
 * and who is busy or has lost an answer is asked again.  A cosignature is verified before
 * it is handed on.
 */
struct tj_witness_head {		/* to be cosigned */
	tj_str			 bytes;		/* of the checkpoint */
	const struct tj_note	*note;		/* the same, read */
	uint64_t		 size;
	const struct tj_merkle_nodes *nodes;	/* of its tree */
	struct tj_sha256	*sha;
};

struct tj_witness_asked {
	tj_str		 name;		/* for people */
	tj_str		 url;		/* its submission prefix */
	const tj_vkey	*vkey;

	bool		 is_cosigned;
	tj_str		 line;		/* its cosignature, with the newline; in the arena */
	char		 why[TJ_FETCH_WHY];	/* there is none */
};

struct tj_witness_ask_options {
	struct tj_web_options	web;		/* its timeout_ms: of each request */
	uint32_t		deadline_ms;	/* of all */
};

/* OK whatever came of each.  NOMEM, INTERNAL, CORRUPT: the tree's nodes cannot be read. */
enum tj_rc tj_witness_ask(struct tj_witness_asked *, size_t n, const struct tj_witness_head *,
	    const struct tj_witness_ask_options *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
