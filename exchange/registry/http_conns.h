#ifndef TJ_REGISTRY_HTTP_CONNS_H
#define TJ_REGISTRY_HTTP_CONNS_H

#include <pthread.h>
#include <stdatomic.h>

#include "exchange/registry/http_server.h"

/*
 * The connections that are open, and the clock that ends those which take too long.  A
 * connection is in one phase; who moves it on from TJ_CONN_READING has the right to answer.
 */
enum tj_conn_phase {
	TJ_CONN_NEW,		/* nothing came yet */
	TJ_CONN_IDLE,		/* between requests */
	TJ_CONN_READING,	/* a request has begun */
	TJ_CONN_ANSWERING,
	TJ_CONN_EXPIRED,	/* is being closed, having taken too long */
	TJ_CONN_GONE		/* is being closed: the client has gone */
};

struct tj_http_conn {
	struct tj_http_conn	*next, *before;
	int			 fd;
	bool			 is_tls, is_unix;
	tj_address		 peer;		/* where not is_unix */
	char			 peer_text[TJ_ADDRESS_TEXT];	/* "unix" where it is */
	_Atomic int		 phase;
	_Atomic int64_t		 since_ms;	/* of NEW, IDLE, READING */
	bool			 seems_gone;	/* when looked at last; the clock's alone */
};

struct tj_http_conns {
	pthread_mutex_t		 lock;
	struct tj_http_conn	*first;
};

void	 tj_http_conns_init(struct tj_http_conns *);
void	 tj_http_conns_add(struct tj_http_conns *, struct tj_http_conn *);
/* Before its descriptor is closed. */
void	 tj_http_conns_remove(struct tj_http_conns *, struct tj_http_conn *);
/* Ends those that are over their time: 408 where that can be said.  How many. */
unsigned tj_http_conns_expire(struct tj_http_conns *, const struct tj_http_limits *,
	    int64_t now_ms);
/*
 * Ends those whose clients have gone.  The library does not see an end that came together
 * with the last bytes before it.  Called about once a second.
 */
void	 tj_http_conns_end_gone(struct tj_http_conns *);
/* Those on which no request has begun. */
void	 tj_http_conns_end_idle(struct tj_http_conns *);

int64_t	 tj_http_now_us(void);	/* monotonic */
/*
 * The whole reply on a plain socket, past the library: for connections that will get no
 * other.  What does not fit the socket's buffer is lost.
 */
void	 tj_http_say(int fd, unsigned status, const char *why);

#endif
