#include <stdio.h>
#include <sys/socket.h>
#include <time.h>

#include "exchange/registry/http_conns.h"

void
tj_http_conns_init(struct tj_http_conns *conns)
{
	(void)pthread_mutex_init(&conns->lock, NULL);
	conns->first = NULL;
}

void
tj_http_conns_add(struct tj_http_conns *conns, struct tj_http_conn *conn)
{
	(void)pthread_mutex_lock(&conns->lock);
	conn->next = conns->first;
	conn->before = NULL;
	if (conns->first != NULL)
		conns->first->before = conn;
	conns->first = conn;
	(void)pthread_mutex_unlock(&conns->lock);
}

void
tj_http_conns_remove(struct tj_http_conns *conns, struct tj_http_conn *conn)
{
	(void)pthread_mutex_lock(&conns->lock);
	if (conn->before == NULL)
		conns->first = conn->next;
	else
		conn->before->next = conn->next;
	if (conn->next != NULL)
		conn->next->before = conn->before;
	(void)pthread_mutex_unlock(&conns->lock);
}

int64_t
tj_http_now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static const char *
reason(unsigned status)
{
	switch (status) {
	case 400: return "Bad Request";
	case 408: return "Request Timeout";
	case 411: return "Length Required";
	case 413: return "Content Too Large";
	case 429: return "Too Many Requests";
	case 503: return "Service Unavailable";
	default: return "Refused";
	}
}

void
tj_http_say(int fd, unsigned status, const char *why)
{
	char text[512];
	const int n = snprintf(text, sizeof(text), "HTTP/1.1 %u %s\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\nContent-Length: %zu\r\n%s"
	    "Connection: close\r\n\r\n%s\n", status, reason(status), strlen(why) + 1,
	    status == 503 || status == 429 ? "Retry-After: 1\r\n" : "", why);

	if (n > 0 && (size_t)n < sizeof(text))
		(void)!send(fd, text, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static bool
end(struct tj_http_conn *conn, int phase, bool is_late)
{
	if (!atomic_compare_exchange_strong(&conn->phase, &phase, TJ_CONN_EXPIRED))
		return false;
	if (is_late && !conn->is_tls && (phase == TJ_CONN_NEW || phase == TJ_CONN_READING))
		tj_http_say(conn->fd, 408, "the request took too long");
	/* The library sees the end of the stream and closes. */
	(void)shutdown(conn->fd, SHUT_RDWR);
	return true;
}

unsigned
tj_http_conns_expire(struct tj_http_conns *conns, const struct tj_http_limits *limits,
    int64_t now_ms)
{
	unsigned count = 0;

	(void)pthread_mutex_lock(&conns->lock);
	for (struct tj_http_conn *conn = conns->first; conn != NULL; conn = conn->next) {
		const int phase = atomic_load(&conn->phase);
		const unsigned most_s = phase == TJ_CONN_NEW || phase == TJ_CONN_IDLE ?
		    limits->idle_s : limits->request_s;

		if (phase != TJ_CONN_EXPIRED && phase != TJ_CONN_GONE &&
		    now_ms - atomic_load(&conn->since_ms) > (int64_t)most_s * 1000)
			count += end(conn, phase, true);
	}
	(void)pthread_mutex_unlock(&conns->lock);
	return count;
}

/* Nothing more will come, and all that came was read. */
static bool
is_gone(const struct tj_http_conn *conn)
{
	char byte;

	return recv(conn->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void
tj_http_conns_end_gone(struct tj_http_conns *conns)
{
	(void)pthread_mutex_lock(&conns->lock);
	for (struct tj_http_conn *conn = conns->first; conn != NULL; conn = conn->next) {
		const bool seemed_gone = conn->seems_gone;
		int phase = atomic_load(&conn->phase);

		/* Twice: a request whose last bytes were read just now is not answered yet. */
		conn->seems_gone = phase != TJ_CONN_ANSWERING && is_gone(conn);
		if (seemed_gone && conn->seems_gone &&
		    atomic_compare_exchange_strong(&conn->phase, &phase, TJ_CONN_GONE))
			(void)shutdown(conn->fd, SHUT_RDWR);
	}
	(void)pthread_mutex_unlock(&conns->lock);
}

void
tj_http_conns_end_idle(struct tj_http_conns *conns)
{
	(void)pthread_mutex_lock(&conns->lock);
	for (struct tj_http_conn *conn = conns->first; conn != NULL; conn = conn->next)
		if (!end(conn, TJ_CONN_IDLE, false))
			(void)end(conn, TJ_CONN_NEW, false);
	(void)pthread_mutex_unlock(&conns->lock);
}
