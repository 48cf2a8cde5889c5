#ifndef TJ_REGISTRY_HTTP_MHD_H
#define TJ_REGISTRY_HTTP_MHD_H

#include <sys/socket.h>

#include "exchange/registry/http_listen.h"
#include "exchange/registry/http_peers.h"
#include "exchange/registry/http_tls.h"
#include "exchange/registry/http_visit.h"
#include "model/base/limits.h"

/*
 * Inside the server: its state, and the one library that speaks HTTP.
 */
struct MHD_Daemon;

struct tj_http_server {
	struct tj_http_app	 app;
	int			 log;
	struct tj_http_meter	*meter;
	struct tj_http_conns	 conns;
	struct tj_http_visits	 visits;
	struct tj_http_peers	*peers;
	struct tj_listener	*listener;
	struct tj_current	 settings;		/* struct tj_http_current */
	_Atomic(struct tj_tls_identity *) identity;	/* NULL: no TLS */
	struct MHD_Daemon	*plain[TJ_MAX_THREADS], *tls[TJ_MAX_THREADS];
	unsigned		 threads, turn;		/* whose turn it is to get a connection */
	unsigned		 ticks;
	size_t			 plain_count;	/* addresses before those with TLS */
	_Atomic size_t		 bodies_bytes;
};

/* One thread that answers what it is given by tj_mhd_add(); line_bytes: the most that the
 * lines of a request may have.  NULL: no memory, no thread. */
struct MHD_Daemon *tj_mhd_start(struct tj_http_server *, bool is_tls, size_t line_bytes);
/* Takes over fd, also where it fails. */
bool	 tj_mhd_add(struct MHD_Daemon *, int fd, const struct sockaddr *, socklen_t);
/* Closes what is open.  Takes NULL. */
void	 tj_mhd_stop(struct MHD_Daemon *);

#endif
