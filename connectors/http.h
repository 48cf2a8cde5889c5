#ifndef TJ_CONNECTORS_HTTP_H
#define TJ_CONNECTORS_HTTP_H

#include "connectors/guard.h"

/*
 * A client of HTTP for many requests at once, over connections that are kept and used
 * again (HTTP/2 where TLS offers it).  Nobody on the other side is believed:
 *
 *	http and https, and no proxy, whatever the environment says;
 *	every address that is to be connected to is shown to the guard;
 *	an answer over its ceiling, one that trickles or never ends is broken off;
 *	redirects are followed for GET only, TJ_MAX_REDIRECTS at most, not from https to
 *	http; user and password go to no other origin than the first.
 *
 * So many requests to one origin at a time, the others wait for their turn; a slow origin
 * holds up nobody else's.  One thread.
 */
enum tj_fetch_end {
	TJ_FETCH_ANSWERED,	/* status, answer, etag: whatever the status is */
	TJ_FETCH_UNREACHED,	/* nothing was sent: no name, no connection, no trust in its TLS */
	TJ_FETCH_BROKEN,	/* the request may have arrived, and there is no whole answer */
	TJ_FETCH_REFUSED	/* by us: the address, the redirect, the size */
};

#define TJ_FETCH_WHY	256

/* One request and what came of it.  Stays where it is until done() was called. */
struct tj_fetch {
	const char	*method;	/* "GET", "PUT", "POST", "DELETE" */
	tj_str		 url;		/* NUL behind it */
	tj_str		 body;		/* of PUT and POST */
	const char	*type;		/* of the body; NULL: application/json */
	tj_str		 condition;	/* a header: "If-Match: …"; may be empty */
	const char	*user, *password;	/* Basic; NULL: none */
	size_t		 max_bytes;	/* of the answer */
	long		 timeout_ms;	/* of each leg, from its start */
	void	       (*done)(struct tj_fetch *);	/* may add further ones, this one too */
	void		*ctx;		/* the caller's */

	enum tj_fetch_end end;
	unsigned	 status;
	tj_str		 answer, etag;	/* until done() returns */
	uint32_t	 retry_after_s;	/* 0: not told */
	char		 why[TJ_FETCH_WHY];	/* unless answered */
};

/* One leg of a request, for those who want to see. */
struct tj_hop {
	tj_str		 url;
	unsigned	 status;	/* 0: no answer */
	uint32_t	 ms;
	size_t		 bytes;		/* of the answer */
	bool		 is_cached;	/* not asked at all: kept from an earlier time */
	const char	*why;		/* "" where there is an answer */
};

/* "300:88.111.1/ADMIN" as Basic has it, which knows no ":" in a name; NUL behind it. */
enum tj_rc tj_fetch_user(tj_str *, tj_str admin, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

struct tj_fetcher_options {
	struct tj_guard	*guard;
	const char	*ca;		/* PEM file; NULL: the system's */
	uint32_t	 deadline_ms;	/* of all, from tj_fetcher_new() on; 0: none */
	unsigned	 per_origin;	/* requests at a time */
	unsigned	 gone_after;	/* an origin that failed so often in a row is not asked
					 * again; 0: always */
	void	       (*trace)(void *ctx, const struct tj_hop *);	/* or NULL */
	void		*trace_ctx;
};

struct tj_fetcher;

/* The options are borrowed. */
enum tj_rc tj_fetcher_new(struct tj_fetcher **, const struct tj_fetcher_options *,
    struct tj_err *) TJ_MUST_USE;
void	 tj_fetcher_free(struct tj_fetcher *);	/* takes NULL; nobody's done() is called */
/* To be sent after `delay_ms`. */
enum tj_rc tj_fetcher_add(struct tj_fetcher *, struct tj_fetch *, uint32_t delay_ms,
    struct tj_err *) TJ_MUST_USE;
/* Until all are done.  After the deadline those that are left, and those that are added, end
 * as not answered.  NOMEM, INTERNAL: and nobody's done() is called any more. */
enum tj_rc tj_fetcher_run(struct tj_fetcher *, struct tj_err *) TJ_MUST_USE;

#endif
