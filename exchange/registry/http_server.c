#include <poll.h>
#include <unistd.h>

#include "exchange/registry/http_mhd.h"
#include "exchange/registry/http_server.h"
#include "model/base/mem.h"

#define SETTLE_MS	200	/* of draining, in which keep-alive clients are told to close */
#define LOOK_MS		5
#define GONE_TICKS	4	/* about a second: each look is a system call a connection */

/* Nothing of it is read; a client that wrote first may see a reset instead. */
static void
turn_away(int fd, bool is_tls, const char *why)
{
	char seen[4096];

	if (!is_tls)
		tj_http_say(fd, 503, why);
	(void)shutdown(fd, SHUT_WR);
	(void)!recv(fd, seen, sizeof(seen), MSG_DONTWAIT);
	(void)close(fd);
}

static const char *
refuses(struct tj_http_server *server, const tj_address *peer)
{
	struct tj_http_current *now = (struct tj_http_current *)
	    tj_current_take(&server->settings);
	const struct tj_http_settings *s = &now->s;
	const char *why = NULL;

	if (server->meter->connections >= (int64_t)s->limits.connections)
		why = "too many connections";
	else if (peer != NULL && !tj_http_peers_connect(server->peers, peer,
	    tj_network_has(s->trusted, s->trusted_count, peer) ? UINT_MAX :
	    s->limits.connections_per_peer, tj_http_now_us() / 1000))
		why = "too many connections of yours";
	tj_current_drop(&server->settings, &now->shared);
	return why;
}

static void
on_arrival(void *ctx, int fd, size_t which, const struct sockaddr *from, socklen_t from_n,
    const tj_address *peer)
{
	struct tj_http_server *server = ctx;
	const bool is_tls = which >= server->plain_count;
	const char *why = refuses(server, peer);

	if (why != NULL) {
		server->meter->connections_refused++;
		turn_away(fd, is_tls, why);
		return;
	}
	server->meter->connections++;
	server->turn = (server->turn + 1) % server->threads;
	if (tj_mhd_add((is_tls ? server->tls : server->plain)[server->turn], fd, from, from_n))
		return;
	server->meter->connections--;	/* no memory; the library has closed it */
	if (peer != NULL)
		tj_http_peers_disconnect(server->peers, peer);
}

static void
on_tick(void *ctx)
{
	struct tj_http_server *server = ctx;
	struct tj_http_current *now = (struct tj_http_current *)
	    tj_current_take(&server->settings);

	server->meter->timed_out += tj_http_conns_expire(&server->conns, &now->s.limits,
	    tj_http_now_us() / 1000);
	tj_current_drop(&server->settings, &now->shared);
	if (++server->ticks % GONE_TICKS == 0)
		tj_http_conns_end_gone(&server->conns);
}

/* Settings. */

static void
settings_end(struct tj_shared *shared)
{
	struct tj_http_current *settings = (struct tj_http_current *)shared;

	tj_arena_free(settings->arena);
	tj_mem_free(settings);
}

static enum tj_rc
settings_new(struct tj_http_current **out, const struct tj_http_settings *from,
    struct tj_err *err)
{
	struct tj_http_current *made = tj_mem_calloc(1, sizeof(*made));
	tj_network *trusted;

	if (made == NULL)
		return tj_fail_nomem(err);
	made->shared.end = settings_end;
	made->s = *from;
	made->s.certificate = made->s.key = (tj_str){ NULL, 0 };	/* in the identity */
	made->arena = tj_arena_new((from->trusted_count + 1) * sizeof(*trusted) + 65536);
	trusted = made->arena == NULL ? NULL :
	    TJ_NEWN(made->arena, tj_network, from->trusted_count + 1);
	if (trusted == NULL) {
		settings_end(&made->shared);
		return tj_fail_nomem(err);
	}
	if (from->trusted_count > 0)
		memcpy(trusted, from->trusted, from->trusted_count * sizeof(*trusted));
	made->s.trusted = trusted;
	*out = made;
	return TJ_OK;
}

static enum tj_rc
identity_new(struct tj_tls_identity **out, const struct tj_http_settings *settings,
    struct tj_err *err)
{
	struct tj_tls_identity *identity = NULL;

	if (settings->certificate.n > 0) {
		TRY(tj_tls_identity_read(&identity, settings->certificate, settings->key, err));
		identity->asks_client = settings->asks_certificate;
	}
	*out = identity;
	return TJ_OK;
}

enum tj_rc
tj_http_server_change(struct tj_http_server *server, const struct tj_http_settings *settings,
    struct tj_err *err)
{
	struct tj_tls_identity *identity;
	struct tj_http_current *current;
	enum tj_rc rc;

	TRY(identity_new(&identity, settings, err));
	if (identity == NULL && atomic_load(&server->identity) != NULL)
		return tj_fail(err, TJ_E_DATA, "a server with TLS needs a certificate");
	if ((rc = settings_new(&current, settings, err)) != TJ_OK) {
		tj_tls_identity_free(identity);
		return rc;
	}
	if (identity != NULL) {
		identity->before = atomic_load(&server->identity);
		atomic_store(&server->identity, identity);
	}
	tj_current_put(&server->settings, &current->shared);
	return TJ_OK;
}

/* Beginning and end. */

static enum tj_rc
daemons_start(struct tj_http_server *server, const struct tj_http_setup *setup,
    size_t line_bytes, struct tj_err *err)
{
	for (unsigned i = 0; i < setup->threads; i++) {
		server->threads = i + 1;
		if (setup->plain_count > 0)
			server->plain[i] = tj_mhd_start(server, false, line_bytes);
		if (setup->tls_count > 0)
			server->tls[i] = tj_mhd_start(server, true, line_bytes);
		if ((setup->plain_count > 0 && server->plain[i] == NULL) ||
		    (setup->tls_count > 0 && server->tls[i] == NULL))
			return tj_fail(err, TJ_E_NOMEM, "no thread to answer with");
	}
	return TJ_OK;
}

static enum tj_rc
listening_start(struct tj_http_server *server, const struct tj_http_setup *setup,
    size_t line_bytes, struct tj_err *err)
{
	const struct tj_listening to = { on_arrival, on_tick, server };
	tj_str addresses[TJ_MAX_LISTEN];
	size_t n = 0;

	if (setup->plain_count + setup->tls_count > TJ_MAX_LISTEN)
		return tj_fail(err, TJ_E_USAGE, "at most %d addresses to listen on",
		    TJ_MAX_LISTEN);
	for (size_t i = 0; i < setup->plain_count; i++)
		addresses[n++] = setup->plain[i];
	for (size_t i = 0; i < setup->tls_count; i++)
		addresses[n++] = setup->tls[i];
	TRY(tj_listener_open(&server->listener, addresses, n, err));
	TRY(daemons_start(server, setup, line_bytes, err));
	return tj_listener_run(server->listener, &to, err);
}

static enum tj_rc
server_fill(struct tj_http_server *server, const struct tj_http_setup *setup,
    const struct tj_http_settings *settings, struct tj_err *err)
{
	struct tj_tls_identity *identity;
	struct tj_http_current *current;

	TRY(settings_new(&current, settings, err));
	tj_current_init(&server->settings, &current->shared);
	if ((server->peers = tj_http_peers_new()) == NULL)
		return tj_fail_nomem(err);
	if (setup->threads < 1 || setup->threads > TJ_MAX_THREADS)
		return tj_fail(err, TJ_E_USAGE, "from 1 to %u threads, not %u", TJ_MAX_THREADS,
		    setup->threads);
	if (setup->tls_count > 0) {
		TRY(identity_new(&identity, settings, err));
		if (identity == NULL)
			return tj_fail(err, TJ_E_DATA, "a server with TLS needs a certificate");
		atomic_store(&server->identity, identity);
	}
	return listening_start(server, setup,
	    settings->limits.target_bytes + settings->limits.header_bytes, err);
}

enum tj_rc
tj_http_server_start(struct tj_http_server **out, const struct tj_http_setup *setup,
    const struct tj_http_settings *settings, struct tj_err *err)
{
	struct tj_http_server *server = tj_mem_calloc(1, sizeof(*server));
	enum tj_rc rc;

	if (server == NULL)
		return tj_fail_nomem(err);
	server->app = setup->app;
	server->log = setup->log;
	server->meter = setup->meter;
	server->plain_count = setup->plain_count;
	tj_http_conns_init(&server->conns);
	tj_http_visits_init(&server->visits);
	if ((rc = server_fill(server, setup, settings, err)) != TJ_OK) {
		tj_http_server_stop(server);
		return rc;
	}
	*out = server;
	return TJ_OK;
}

uint16_t
tj_http_server_port(const struct tj_http_server *server, size_t which)
{
	return tj_listener_port(server->listener, which);
}

unsigned
tj_http_server_drain(struct tj_http_server *server, unsigned seconds)
{
	const int64_t begun_us = tj_http_now_us();
	const int64_t most_us = (int64_t)seconds * 1000000;
	int64_t passed_us = 0;

	atomic_store(&server->meter->is_draining, true);
	tj_listener_stop(server->listener);
	while (passed_us < most_us && server->meter->connections > 0) {
		(void)poll(NULL, 0, LOOK_MS);
		passed_us = tj_http_now_us() - begun_us;
		if (passed_us > SETTLE_MS * 1000)
			tj_http_conns_end_idle(&server->conns);
	}
	return (unsigned)server->meter->in_flight;
}

void
tj_http_server_stop(struct tj_http_server *server)
{
	if (server == NULL)
		return;
	tj_listener_close(server->listener);
	for (unsigned i = 0; i < server->threads; i++) {
		tj_mhd_stop(server->plain[i]);
		tj_mhd_stop(server->tls[i]);
	}
	tj_tls_identity_free(atomic_load(&server->identity));
	tj_http_peers_free(server->peers);
	tj_http_visits_fini(&server->visits);
	if (server->settings.now != NULL)
		tj_current_fini(&server->settings);
	tj_mem_free(server);
}
