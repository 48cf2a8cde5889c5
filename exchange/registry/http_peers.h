#ifndef TJ_REGISTRY_HTTP_PEERS_H
#define TJ_REGISTRY_HTTP_PEERS_H

#include "exchange/registry/network.h"

/*
 * Who is connected, and how much each may still ask: connections and a bucket of tokens
 * for each address (IPv6: each /64, which one subscriber has whole).  Of bounded size: whoever
 * was idle longest is forgotten first, and was owed nothing.
 */
struct tj_http_peers;

struct tj_http_peers *tj_http_peers_new(void);		/* NULL: no memory */
void	 tj_http_peers_free(struct tj_http_peers *);	/* takes NULL */

/* One connection more, if it has fewer than `most`; else false. */
bool	 tj_http_peers_connect(struct tj_http_peers *, const tj_address *, unsigned most,
	    int64_t now_ms);
void	 tj_http_peers_disconnect(struct tj_http_peers *, const tj_address *);
/* Takes a token of a bucket that holds `burst` and fills with `per_s` a second.  0 if there
 * was one, else the milliseconds until there will be. */
unsigned tj_http_peers_ask(struct tj_http_peers *, const tj_address *, unsigned per_s,
	    unsigned burst, int64_t now_ms);

#endif
