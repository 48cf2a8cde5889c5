#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "exchange/registry/http_listen.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

#define TICK_MS		250
#define BACKLOG		1024	/* the system's somaxconn may lower it */
#define AT_ONCE		64	/* taken from one socket before the next is looked at */

struct place {
	int			fd;	/* -1: closed */
	uint16_t		port;
	struct sockaddr_un	path;	/* sun_path empty: no unix socket */
};

struct tj_listener {
	struct place		places[TJ_MAX_LISTEN];
	size_t			n;
	int			wake;		/* eventfd */
	_Atomic bool		is_stopping, is_ending;
	bool			is_running;
	pthread_t		thread;
	pthread_mutex_t		lock;		/* of has_stopped */
	pthread_cond_t		stopped;
	bool			has_stopped;
	struct tj_listening	to;
};

static enum tj_rc
fail_system(struct tj_err *err, tj_str address, const char *what)
{
	const enum tj_rc rc = errno == EADDRINUSE ? TJ_E_LOCKED :
	    errno == EACCES || errno == EPERM ? TJ_E_PERM : TJ_E_IO;

	if (rc == TJ_E_LOCKED)
		return tj_fail(err, rc, "%.*s: another server has this address; end it, or "
		    "listen elsewhere", TJ_FMT(address));
	return tj_fail(err, rc, "%.*s: %s: %s", TJ_FMT(address), what, strerror(errno));
}

static enum tj_rc
fail_address(struct tj_err *err, tj_str address)
{
	return tj_fail(err, TJ_E_USAGE, "\"%.*s\" is no address to listen on; write "
	    "127.0.0.1:8080, [::1]:8080 or unix:/run/tanji.sock", TJ_FMT(address));
}

static bool
port_parse(in_port_t *port, tj_str text)
{
	unsigned n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (!tj_is_digit(text.p[i]) || n > UINT16_MAX)
			return false;
		n = 10 * n + (unsigned)(text.p[i] - '0');
	}
	*port = htons((uint16_t)n);
	return text.n > 0 && n <= UINT16_MAX;
}

/* "127.0.0.1:80" or "[::1]:80"; the length, or 0. */
static socklen_t
internet_parse(struct sockaddr_in6 *six, struct sockaddr_in *four, tj_str text)
{
	size_t colon = text.n;
	tj_address address;
	tj_str host;

	while (colon > 0 && text.p[colon - 1] != ':')
		colon--;
	if (colon < 2)
		return 0;
	host = tj_str_cut(text, 0, colon - 1);
	if (!port_parse(&four->sin_port, tj_str_cut(text, colon, text.n)))
		return 0;
	six->sin6_port = four->sin_port;
	if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']') {
		if (!tj_address_parse(&address, tj_str_cut(host, 1, host.n - 2)))
			return 0;
		six->sin6_family = AF_INET6;
		memcpy(&six->sin6_addr, address.b, sizeof(address.b));
		return sizeof(*six);
	}
	if (tj_str_find(host, ':') < host.n || !tj_address_parse(&address, host))
		return 0;
	four->sin_family = AF_INET;
	memcpy(&four->sin_addr, address.b + 12, 4);
	return sizeof(*four);
}

static enum tj_rc
internet_open(struct place *place, tj_str text, struct tj_err *err)
{
	struct sockaddr_in6 six = { 0 };
	struct sockaddr_in four = { 0 };
	socklen_t n = internet_parse(&six, &four, text), got = sizeof(six);
	const bool is_six = n == sizeof(six);
	const struct sockaddr *address = is_six ? (void *)&six : (void *)&four;
	const int yes = 1;

	if (n == 0)
		return fail_address(err, text);
	place->fd = socket(is_six ? AF_INET6 : AF_INET,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (place->fd < 0)
		return fail_system(err, text, "cannot make a socket");
	(void)setsockopt(place->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (is_six)
		(void)setsockopt(place->fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes));
	if (bind(place->fd, address, n) != 0 || listen(place->fd, BACKLOG) != 0)
		return fail_system(err, text, "cannot listen");
	if (getsockname(place->fd, (struct sockaddr *)&six, &got) != 0)
		return fail_system(err, text, "cannot tell the port");
	place->port = ntohs(six.sin6_port);	/* in the same place in both */
	return TJ_OK;
}

/* A socket that nobody listens on any more is removed. */
static enum tj_rc
leftover_remove(const struct sockaddr_un *path, tj_str text, struct tj_err *err)
{
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct stat st;
	int answer;

	if (fd < 0)
		return fail_system(err, text, "cannot make a socket");
	answer = connect(fd, (const struct sockaddr *)path, sizeof(*path)) == 0 ? 0 : errno;
	(void)close(fd);
	if (answer == ENOENT)
		return TJ_OK;
	errno = EADDRINUSE;
	if (answer != ECONNREFUSED)
		return fail_system(err, text, NULL);
	if (lstat(path->sun_path, &st) == 0 && S_ISSOCK(st.st_mode) &&
	    unlink(path->sun_path) != 0)
		return fail_system(err, text, "cannot remove the old socket");
	return TJ_OK;
}

static enum tj_rc
unix_open(struct place *place, tj_str text, struct tj_err *err)
{
	const tj_str path = tj_str_cut(text, 5, text.n);	/* behind "unix:" */

	if (path.n == 0 || path.n >= sizeof(place->path.sun_path))
		return fail_address(err, text);
	place->path.sun_family = AF_UNIX;
	memcpy(place->path.sun_path, path.p, path.n);
	if (leftover_remove(&place->path, text, err) != TJ_OK) {
		place->path.sun_path[0] = '\0';
		return err == NULL ? TJ_E_LOCKED : err->rc;
	}
	place->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (place->fd < 0 || bind(place->fd, (const struct sockaddr *)&place->path,
	    sizeof(place->path)) != 0) {
		place->path.sun_path[0] = '\0';		/* not ours to remove */
		return fail_system(err, text, "cannot listen");
	}
	if (chmod(place->path.sun_path, 0660) != 0 || listen(place->fd, BACKLOG) != 0)
		return fail_system(err, text, "cannot listen");
	return TJ_OK;
}

static void
places_close(struct tj_listener *listener)
{
	for (size_t i = 0; i < listener->n; i++) {
		struct place *place = &listener->places[i];

		if (place->fd >= 0)
			(void)close(place->fd);
		if (place->path.sun_path[0] != '\0')
			(void)unlink(place->path.sun_path);
		place->fd = -1;
		place->path.sun_path[0] = '\0';
	}
}

static void
listener_free(struct tj_listener *listener)
{
	places_close(listener);
	if (listener->wake >= 0)
		(void)close(listener->wake);
	(void)pthread_mutex_destroy(&listener->lock);
	(void)pthread_cond_destroy(&listener->stopped);
	tj_mem_free(listener);
}

static enum tj_rc
places_open(struct tj_listener *listener, const tj_str *addresses, size_t n,
    struct tj_err *err)
{
	if (listener->wake < 0)
		return tj_fail(err, TJ_E_IO, "no event descriptor: %s", strerror(errno));
	for (size_t i = 0; i < n; i++) {
		struct place *place = &listener->places[listener->n++];

		place->fd = -1;
		if (tj_str_starts(addresses[i], TJ_S("unix:")))
			TRY(unix_open(place, addresses[i], err));
		else
			TRY(internet_open(place, addresses[i], err));
	}
	return TJ_OK;
}

enum tj_rc
tj_listener_open(struct tj_listener **out, const tj_str *addresses, size_t n,
    struct tj_err *err)
{
	struct tj_listener *listener;
	enum tj_rc rc;

	if (n == 0 || n > TJ_MAX_LISTEN)
		return tj_fail(err, TJ_E_USAGE, "from 1 to %d addresses to listen on, not %zu",
		    TJ_MAX_LISTEN, n);
	if ((listener = tj_mem_calloc(1, sizeof(*listener))) == NULL)
		return tj_fail_nomem(err);
	(void)pthread_mutex_init(&listener->lock, NULL);
	(void)pthread_cond_init(&listener->stopped, NULL);
	listener->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if ((rc = places_open(listener, addresses, n, err)) != TJ_OK) {
		listener_free(listener);
		return rc;
	}
	*out = listener;
	return TJ_OK;
}

/* False: there is no more. */
static bool
take(struct tj_listener *listener, size_t which)
{
	for (int i = 0; i < AT_ONCE; i++) {
		struct sockaddr_storage from = { 0 };
		const struct sockaddr *address = (const struct sockaddr *)&from;
		socklen_t n = sizeof(from);
		tj_address peer;
		const int fd = accept4(listener->places[which].fd, (struct sockaddr *)&from, &n,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
		    errno == ENOBUFS))
			(void)usleep(TICK_MS * 100);	/* until some are closed */
		if (fd < 0)
			return false;
		listener->to.arrived(listener->to.ctx, fd, which, address, n,
		    tj_address_of(&peer, address) ? &peer : NULL);
	}
	return true;
}

/* Who is in the queue already is taken still. */
static void
stop_here(struct tj_listener *listener)
{
	for (size_t i = 0; i < listener->n; i++)
		while (listener->places[i].fd >= 0 && take(listener, i))
			;
	(void)pthread_mutex_lock(&listener->lock);
	places_close(listener);
	listener->has_stopped = true;
	(void)pthread_cond_broadcast(&listener->stopped);
	(void)pthread_mutex_unlock(&listener->lock);
}

static void *
listener_main(void *arg)
{
	struct tj_listener *listener = arg;
	struct pollfd fds[TJ_MAX_LISTEN + 1];
	uint64_t woken;

	while (!atomic_load(&listener->is_ending)) {
		for (size_t i = 0; i < listener->n; i++)
			fds[i] = (struct pollfd){ listener->places[i].fd, POLLIN, 0 };
		fds[listener->n] = (struct pollfd){ listener->wake, POLLIN, 0 };
		(void)poll(fds, listener->n + 1, TICK_MS);
		(void)!read(listener->wake, &woken, sizeof(woken));
		if (atomic_load(&listener->is_stopping))
			stop_here(listener);
		for (size_t i = 0; i < listener->n; i++)
			if (listener->places[i].fd >= 0 && (fds[i].revents & POLLIN) != 0)
				(void)take(listener, i);
		listener->to.tick(listener->to.ctx);
	}
	return NULL;
}

enum tj_rc
tj_listener_run(struct tj_listener *listener, const struct tj_listening *to,
    struct tj_err *err)
{
	listener->to = *to;
	if (pthread_create(&listener->thread, NULL, listener_main, listener) != 0)
		return tj_fail(err, TJ_E_NOMEM, "no thread to listen with");
	listener->is_running = true;
	return TJ_OK;
}

uint16_t
tj_listener_port(const struct tj_listener *listener, size_t which)
{
	return listener->places[which].port;
}

static void
wake(struct tj_listener *listener)
{
	const uint64_t one = 1;

	(void)!write(listener->wake, &one, sizeof(one));
}

void
tj_listener_stop(struct tj_listener *listener)
{
	atomic_store(&listener->is_stopping, true);
	wake(listener);
	(void)pthread_mutex_lock(&listener->lock);
	while (listener->is_running && !listener->has_stopped)
		(void)pthread_cond_wait(&listener->stopped, &listener->lock);
	(void)pthread_mutex_unlock(&listener->lock);
}

void
tj_listener_close(struct tj_listener *listener)
{
	if (listener == NULL)
		return;
	atomic_store(&listener->is_ending, true);
	wake(listener);
	if (listener->is_running)
		(void)pthread_join(listener->thread, NULL);
	listener_free(listener);
}
