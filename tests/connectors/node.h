#ifndef TJ_TESTS_CONNECTORS_NODE_H
#define TJ_TESTS_CONNECTORS_NODE_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/support.h"

/* A server of a few answers on loopback, one connection after the other, in a thread of its own. */
struct node_answer {
	const char	*request;	/* how its first line begins: "GET /api/handles/88.1/a" */
	unsigned	 status;
	const char	*headers;	/* lines with their ends */
	const char	*body;		/* NULL: the connection is closed without a word */
};

struct node {
	int			 fd;
	char			 url[64];
	const struct node_answer *answers;	/* ends with a request of NULL */
	unsigned		 requests;	/* to be read when it is closed */
	char			 last[8192];	/* the last request */
	pthread_t		 thread;
};

static inline void
node_answer(struct node *node, int fd)
{
	const struct node_answer *a = node->answers;
	char head[512];

	node->requests++;
	while (a->request != NULL && strncmp(node->last, a->request, strlen(a->request)) != 0)
		a++;
	if (a->request != NULL && a->body == NULL)
		return;
	(void)snprintf(head, sizeof(head), "HTTP/1.1 %u X\r\nContent-Length: %zu\r\n"
	    "Connection: close\r\n%s\r\n", a->request == NULL ? 404 : a->status,
	    a->request == NULL ? 0 : strlen(a->body), a->request == NULL ? "" : a->headers);
	(void)!write(fd, head, strlen(head));
	if (a->request != NULL)
		(void)!write(fd, a->body, strlen(a->body));
}

/* Until all of the body is there. */
static inline void
node_read(struct node *node, int fd)
{
	size_t n = 0;

	memset(node->last, 0, sizeof(node->last));
	while (n < sizeof(node->last) - 1) {
		const ssize_t got = read(fd, node->last + n, sizeof(node->last) - 1 - n);
		const char *end = strstr(node->last, "\r\n\r\n");
		const char *length = strstr(node->last, "Content-Length: ");

		if (got <= 0)
			return;
		n += (size_t)got;
		end = strstr(node->last, "\r\n\r\n");
		length = strstr(node->last, "Content-Length: ");
		if (end != NULL && (length == NULL || n >= (size_t)(end + 4 - node->last) +
		    strtoul(length + strlen("Content-Length: "), NULL, 10)))
			return;
	}
}

static inline void *
node_serve(void *ctx)
{
	struct node *node = ctx;
	int fd;

	while ((fd = accept(node->fd, NULL, NULL)) >= 0) {
		node_read(node, fd);
		if (node->last[0] != '\0')
			node_answer(node, fd);
		(void)shutdown(fd, SHUT_WR);
		(void)close(fd);
	}
	return NULL;
}

static inline void
node_open(struct node *node, const struct node_answer *answers)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);
	struct sockaddr *any = (struct sockaddr *)(void *)&at;

	*node = (struct node){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
	    .answers = answers };
	assert_int_equal(bind(node->fd, any, sizeof(at)), 0);
	assert_int_equal(listen(node->fd, 64), 0);
	assert_int_equal(getsockname(node->fd, any, &n), 0);
	(void)snprintf(node->url, sizeof(node->url), "http://127.0.0.1:%u", ntohs(at.sin_port));
	assert_int_equal(pthread_create(&node->thread, NULL, node_serve, node), 0);
}

static inline void
node_close(struct node *node)
{
	(void)shutdown(node->fd, SHUT_RDWR);	/* ends its accept() */
	(void)pthread_join(node->thread, NULL);
	(void)close(node->fd);
}

#endif
