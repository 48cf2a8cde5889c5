#ifndef TJ_TESTS_TLS_NODE_H
#define TJ_TESTS_TLS_NODE_H

#include <sys/types.h>

#include "connectors/remote.h"
#include "tests/support/face.h"

/*
 * The node of face.h, home to 21 as well, behind the real server with TLS, in a process of its
 * own: what fails in a test's memory does not fail there.
 */
struct tls_node {
	pid_t			 pid;
	char			 url[64], ca[512];
	tj_range		 loopback;
	struct tj_remote_options options;	/* for tj_remote_open(), as 300:88.111.1/ADMIN */
};

/* Before the test has threads. */
void	 tls_node_open(struct tls_node *);
void	 tls_node_close(struct tls_node *);

#endif
