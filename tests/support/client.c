#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/client.h"
#include "tests/support/support.h"

#define PATIENCE_S	10

static int
connected(int fd, const struct sockaddr *address, socklen_t n)
{
	const struct timeval patience = { PATIENCE_S, 0 };

	assert_true(fd >= 0);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	assert_int_equal(connect(fd, address, n), 0);
	return fd;
}

int
tj_client_connect(uint16_t port)
{
	const struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	return connected(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
	    (const struct sockaddr *)&address, sizeof(address));
}

int
tj_client_connect_unix(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	return connected(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0),
	    (const struct sockaddr *)&address, sizeof(address));
}

void
tj_client_send(int fd, tj_str bytes)
{
	while (bytes.n > 0) {
		const ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);

		if (n <= 0)
			return;		/* the server may have had enough */
		bytes = tj_str_cut(bytes, (size_t)n, bytes.n);
	}
}

static bool
is_whole(tj_str reply, bool is_head)
{
	const char *end = memmem(reply.p, reply.n, "\r\n\r\n", 4);
	const char *length = strcasestr(reply.p, "\r\nContent-Length: ");
	size_t body = 0;

	if (end == NULL)
		return false;
	if (length != NULL && length < end && !is_head)
		body = strtoul(length + 18, NULL, 10);
	return reply.n >= (size_t)(end + 4 - reply.p) + body;
}

static tj_str
receive(int fd, bool until_closed, bool is_head, struct tj_arena *arena)
{
	const size_t most = (size_t)256 << 10;
	char *bytes = TJ_NEWN(arena, char, most + 1);
	size_t n = 0;
	ssize_t got;

	assert_non_null(bytes);
	while (n < most && (until_closed || !is_whole((tj_str){ bytes, n }, is_head)) &&
	    (got = recv(fd, bytes + n, until_closed ? most - n : 1, 0)) > 0)
		n += (size_t)got;
	return (tj_str){ bytes, n };
}

tj_str
tj_client_rest(int fd, struct tj_arena *arena)
{
	return receive(fd, true, false, arena);
}

tj_str
tj_client_reply(int fd, bool is_head, struct tj_arena *arena)
{
	return receive(fd, false, is_head, arena);
}

tj_str
tj_client_ask(uint16_t port, tj_str bytes, struct tj_arena *arena)
{
	const int fd = tj_client_connect(port);
	tj_str reply;

	tj_client_send(fd, bytes);
	reply = tj_client_rest(fd, arena);
	(void)close(fd);
	return reply;
}

unsigned
tj_client_status(tj_str reply)
{
	unsigned status = 0;

	if (reply.n < 12 || memcmp(reply.p, "HTTP/1.1 ", 9) != 0)
		return 0;
	for (size_t i = 9; i < 12; i++)
		status = 10 * status + (unsigned)(reply.p[i] - '0');
	return status;
}

bool
tj_client_has(tj_str reply, const char *text)
{
	return memmem(reply.p, reply.n, text, strlen(text)) != NULL;
}
