#ifndef TJ_CONNECTORS_PUBLISHER_H
#define TJ_CONNECTORS_PUBLISHER_H

#include "connectors/http.h"
#include "exchange/handle_data.h"
#include "model/port/store.h"

/*
 * Sends the newest declaration of each product of a registry to a node, as value 1000 of the
 * product's record (type TANJI.DECLARATION), and sees to it that each ends in a known
 * state:
 *
 *	PUBLISHED	it is there: written now, or found there with the same content
 *	CONFLICT	another declaration is there, which this registry does not know
 *	REFUSED		the node, or the program, will not have it: reason
 *	PENDING		not yet; the next call goes on: reason
 *
 * Writes are conditional: a record is made only where there is none (If-None-Match), and
 * changed only if it is as it was read (If-Match), so that two writers never undo each
 * other's work.  Where a write may have arrived and its answer did not, the record is read
 * before anything else is done.  Busy or failing nodes are asked again after a pause that
 * doubles.  What was acknowledged goes to `queue` (queue.h); all else follows from the
 * registry, so a call may be killed at any moment and made again.
 */
enum tj_sent {
	TJ_SENT_PUBLISHED, TJ_SENT_CONFLICT, TJ_SENT_REFUSED, TJ_SENT_PENDING, TJ_SENT_STATES
};

struct tj_sending {
	tj_str		product, id;	/* id: of the declaration */
	enum tj_sent	state;
	tj_str		reason;		/* unless published */
	/* Published: who has signed the record as it was before (HS_SIGNATURE), as far as it was
	 * read; until they sign again, readers refuse it. */
	struct tj_handle_list stale;
};

struct tj_publisher {
	tj_str			 node;		/* "https://node.example" */
	const char		*as;		/* "300:88.111.1/ADMIN" */
	const char		*secret;
	const char		*ca;		/* NULL: the system's */
	struct tj_guard		*guard;
	const char		*queue;		/* folder */
	struct tj_store		*store;
	/* Of each that had to be sent, when its state is known; views live during the call. */
	enum tj_rc	       (*show)(void *ctx, const struct tj_sending *);
	/* Said in passing, such as that the queue is begun anew. */
	void		       (*tell)(void *ctx, const char *text);
	void			*ctx;
};

/* *unchanged: how many were acknowledged before, and so are not sent.  Fails (IO, NOMEM,
 * CORRUPT, LOCKED) where registry or queue cannot be used; what was shown holds all the same. */
enum tj_rc tj_publish_all(size_t *unchanged, const struct tj_publisher *, struct tj_err *)
    TJ_MUST_USE;

#endif
