#ifndef TJ_CONNECTORS_RESOLVER_NODE_H
#define TJ_CONNECTORS_RESOLVER_NODE_H

#include "connectors/http.h"
#include "exchange/handle_trust.h"
#include "exchange/trust.h"
#include "model/base/crew.h"
#include "model/port/clock.h"
#include "model/port/resolver.h"

/*
 * Asks the nodes of the Handle System for declarations (value type TANJI.DECLARATION), over
 * HTTP.  Who answers for an identifier is found from `root` (zone.h); every identifier is
 * asked for once, all of them at the same time, a bounded number at each node.
 *
 * What comes back, from a node or from the cache, is verified with `trust` before it is used;
 * what was kept and is not accepted is asked for again.  A node that is dead, silent,
 * slow or lying costs its own identifiers, each of which gets the reason, and nobody
 * else's: a node that failed TJ_GONE_AFTER times in a row is not asked again in the same call,
 * and the whole call ends within `deadline_s`.
 *
 * A record that is signed (HS_SIGNATURE) is used only if what came of it is what was signed,
 * by a key that is published or, where there are `roots`, certified (exchange/handle_trust.h).
 *
 *	TJ_UNKNOWN	not a handle; nobody has such a record; it has no declaration
 *	TJ_NOT_ACCEPTED	what is there fails verification, or answers another question
 *	TJ_NO_ANSWER	a node on the way could not be asked, or not in time
 */
#define TJ_GONE_AFTER	4

struct tj_node_options {
	tj_str			 root;		/* "https://node.example" */
	struct tj_guard		*guard;
	const char		*ca;		/* PEM file; NULL: the system's */
	const char		*cache;		/* folder; NULL: none */
	bool			 fresh;		/* what is kept is not used */
	uint32_t		 deadline_s;	/* of the whole call */
	uint32_t		 keep_s;	/* in the cache, at most */
	struct tj_clock		 clock;		/* of the cache */
	const struct tj_trust	*trust;
	const struct tj_handle_root *roots;	/* [root_count] of certificates of records */
	size_t			 root_count;
	struct tj_crew		*crew;		/* verifies; NULL: the caller alone */
	void		       (*trace)(void *ctx, const struct tj_hop *);	/* or NULL */
	/* Said in passing: that the cache is begun anew, or cannot be used. */
	void		       (*tell)(void *ctx, const char *text);		/* or NULL */
	void			*ctx;		/* of both */
};

/* All that the options point to is borrowed until close.  DATA: root is no URL. */
enum tj_rc tj_resolver_node_open(struct tj_resolver **, const struct tj_node_options *,
    struct tj_err *) TJ_MUST_USE;

#endif
