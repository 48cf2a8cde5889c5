#ifndef TJ_REGISTRY_HTTP_LISTEN_H
#define TJ_REGISTRY_HTTP_LISTEN_H

#include <sys/socket.h>

#include "exchange/registry/network.h"

/*
 * Sockets that listen, and the one thread that takes connections from them.
 */
struct tj_listener;

struct tj_listening {
	/* A new connection of address `which`; takes over fd.  Peer: NULL on a unix socket. */
	void	(*arrived)(void *ctx, int fd, size_t which, const struct sockaddr *,
	    socklen_t, const tj_address *peer);
	/* Some times a second, from the same thread. */
	void	(*tick)(void *ctx);
	void	*ctx;
};

/*
 * "127.0.0.1:8080", "[::1]:0" (0: a free port), "unix:/run/tanji.sock" (mode 0660; one left
 * behind by a server that is gone is replaced).  USAGE: no address; LOCKED: another server
 * has it; PERM; IO.  Nothing is taken before tj_listener_run().
 */
enum tj_rc tj_listener_open(struct tj_listener **, const tj_str *addresses, size_t n,
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_listener_run(struct tj_listener *, const struct tj_listening *,
	    struct tj_err *) TJ_MUST_USE;
/* The port it has; 0 for a unix socket. */
uint16_t tj_listener_port(const struct tj_listener *, size_t which);
/* Takes no more and closes the sockets; ticks go on.  Once. */
void	 tj_listener_stop(struct tj_listener *);
void	 tj_listener_close(struct tj_listener *);	/* takes NULL; ends the thread */

#endif
