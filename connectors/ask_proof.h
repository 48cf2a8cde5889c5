#ifndef TJ_CONNECTORS_ASK_PROOF_H
#define TJ_CONNECTORS_ASK_PROOF_H

#include "connectors/ask.h"
#include "exchange/verify_proven.h"

/*
 * The log's proof of a declaration that is signed in a batch, from the node that the declaration
 * is from (/tanji/proof?id=), or from the cache, where it is kept as answers are.  It is
 * fetched here and not checked.
 */
struct tj_proof_question {		/* all zero but for the first three; stays where it is */
	tj_str			 place;	/* the node: "https://node.example" */
	tj_str			 jws;
	size_t			*bytes;	/* of all that was answered in this call */

	enum tj_asked		 state;	/* FOUND, ABSENT, FAILED: once the fetcher has run */
	struct tj_proof		 proof;	/* in the asker's arena */
	uint32_t		 age_s;	/* 0: just now */

	struct tj_asker		*asker;
	unsigned		 tries;
	tj_str			 key;	/* in the cache, and its URL */
	struct tj_fetch		 fetch;
};

/* To be called while the fetcher does not run.  What cannot be read is ABSENT. */
void	 tj_proof_ask(struct tj_asker *, struct tj_proof_question *);

#endif
