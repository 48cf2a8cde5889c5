#ifndef TJ_REGISTRY_HTTP_SERVER_H
#define TJ_REGISTRY_HTTP_SERVER_H

#include "exchange/registry/http.h"
#include "exchange/registry/http_meter.h"
#include "exchange/registry/network.h"

/*
 * The server: listens, reads requests, refuses what is malformed, too much or too slow, asks
 * the application for the rest, answers and writes the access log.
 */
struct tj_http_server;

struct tj_http_limits {
	size_t		body_bytes;		/* of one request; beyond: 413 */
	size_t		all_bodies_bytes;	/* of all that are being read; beyond: 503 */
	size_t		target_bytes;		/* path and query; beyond: 414 */
	size_t		header_bytes;		/* names and values; beyond: 431 */
	unsigned	connections;		/* beyond: 503 and closed */
	unsigned	connections_per_peer;	/* the same; proxies of ours have no such limit */
	unsigned	requests_per_s;		/* each peer's, lasting; beyond: 429; 0: any number */
	unsigned	burst;			/* at once */
	unsigned	idle_s;			/* until a request's first line, then the connection ends */
	unsigned	request_s;		/* from there to the end of the answer */
};

/* What may change while it serves; target_bytes and header_bytes grow at the next start. */
struct tj_http_settings {
	struct tj_http_limits	 limits;
	const tj_network	*trusted;	/* [trusted_count] proxies whose X-Forwarded-* hold;
						 * who comes by a unix socket is one */
	size_t			 trusted_count;
	tj_str			 certificate;	/* PEM, with what leads to its issuer; or empty */
	tj_str			 key;		/* PEM */
	bool			 asks_certificate;	/* of clients; whichever they prove to have */
};

/* What may not. */
struct tj_http_setup {
	const tj_str		*plain;		/* [plain_count] addresses: see http_listen.h */
	size_t			 plain_count;
	const tj_str		*tls;		/* [tls_count] */
	size_t			 tls_count;
	unsigned		 threads;	/* that answer */
	int			 log;		/* descriptor of the access log; -1: none */
	struct tj_http_app	 app;
	struct tj_http_meter	*meter;		/* zeroed; lives longer than the server */
};

/*
 * Answers when it returns.  USAGE, LOCKED, PERM, IO: an address (http_listen.h); DATA: the
 * certificate or its key; NOMEM.  Signals are not touched; SIGPIPE should be ignored.
 */
enum tj_rc tj_http_server_start(struct tj_http_server **, const struct tj_http_setup *,
	    const struct tj_http_settings *, struct tj_err *) TJ_MUST_USE;
/* The port of the n-th address, plain ones first; 0: a unix socket. */
uint16_t tj_http_server_port(const struct tj_http_server *, size_t which);
/* Requests that begin from now on follow these.  DATA: as above, and nothing is changed. */
enum tj_rc tj_http_server_change(struct tj_http_server *, const struct tj_http_settings *,
	    struct tj_err *) TJ_MUST_USE;
/*
 * Takes no connection more, answers what has begun, at most so many seconds; how many
 * requests had to be cut off.  Then only tj_http_server_stop() is left to do.
 */
unsigned tj_http_server_drain(struct tj_http_server *, unsigned seconds);
void	 tj_http_server_stop(struct tj_http_server *);	/* at once; takes NULL */

#endif
