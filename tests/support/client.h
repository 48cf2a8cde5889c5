#ifndef TJ_TESTS_CLIENT_H
#define TJ_TESTS_CLIENT_H

#include "model/base/str.h"

/*
 * A client that says what the test wants, well-formed or not, and looks at the bytes that
 * come back.  Nothing waits longer than some seconds.
 */
int	 tj_client_connect(uint16_t port);		/* 127.0.0.1; fails the test */
int	 tj_client_connect_unix(const char *path);
void	 tj_client_send(int fd, tj_str bytes);
/* All until the server closes. */
tj_str	 tj_client_rest(int fd, struct tj_arena *);
/* One response, as Content-Length says; for HEAD without its body. */
tj_str	 tj_client_reply(int fd, bool is_head, struct tj_arena *);
/* Connects, sends, takes all until the server closes. */
tj_str	 tj_client_ask(uint16_t port, tj_str bytes, struct tj_arena *);
/* "HTTP/1.1 200 …" begins with status 200; 0: no such line. */
unsigned tj_client_status(tj_str reply);
bool	 tj_client_has(tj_str reply, const char *text);

#endif
