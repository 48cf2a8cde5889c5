#include <gnutls/abstract.h>
#include <microhttpd.h>

#include "exchange/registry/http_mhd.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

/*
 * libmicrohttpd 0.9.75: as many daemons of one thread as there are threads that answer,
 * without sockets of their own; connections are taken by http_listen.c and handed round.
 * So limits hold for all addresses together, and draining begins with nothing listening.
 *
 * The library reads leniently: a CR or an LF alone ends a line, a NUL the value it is in, a
 * line that begins with a blank is joined to the one before.  Each of these two servers may
 * read as two different requests.  But it reads in place and writes NULs over the line ends
 * it saw, so what came is still there to look at: every line must begin two NULs behind
 * the end of the one before (layout_…).  What does not is refused.
 */
/* A connection's memory, beside its lines: what the library makes of them.  It zeroes one and
 * a half times all of it for each request, which drives what the request needs out of the
 * processor's cache: with 32 KB, a tenth of the time; with 20, half as much. */
#define POOL_SLACK	4096
#define PRIORITIES	"NORMAL:-VERS-TLS1.0:-VERS-TLS1.1:%SERVER_PRECEDENCE"

/* Whose connections this thread has: a TLS callback is told nothing else. */
static _Thread_local struct tj_http_server *serving;

/* Headers. */

static void
layout_line(struct tj_http_visit *visit, const char *begin, const char *end)
{
	if (visit->line != begin || end[0] != '\0' || end[1] != '\0')
		visit->line = NULL;
	else
		visit->line = end + 2;
}

static enum MHD_Result
header_take(void *ctx, enum MHD_ValueKind kind, const char *name, size_t name_n,
    const char *value, size_t value_n)
{
	struct tj_http_visit *visit = ctx;
	struct tj_http_pair pair = { { name, name_n }, { value == NULL ? "" : value, value_n } };

	(void)kind;
	if (visit->line != NULL && value != NULL)
		layout_line(visit, name, value + value_n);
	while (pair.value.n > 0 && (pair.value.p[pair.value.n - 1] == ' ' ||
	    pair.value.p[pair.value.n - 1] == '\t'))
		pair.value.n--;
	return TJ_PUSH(visit->arena, &visit->headers, pair) ? MHD_YES : MHD_NO;
}

/* The empty line at the end is looked at last, and nothing more was read as headers. */
static bool
layout_ends(const struct tj_http_visit *visit, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

	return visit->line != NULL && visit->line[0] == '\0' && visit->line[1] == '\0' &&
	    info->header_size == (size_t)(visit->line + 2 - visit->method.p);
}

static tj_refusal
headers_take(struct tj_http_visit *visit, struct MHD_Connection *connection)
{
	struct tj_http_request *r = &visit->request;
	int n;

	visit->line = visit->method.p;
	/* "GET /path HTTP/1.1": one blank each, and no NUL between. */
	if (visit->uri != visit->method.p + visit->method.n + 1 ||
	    visit->version.p != visit->uri + visit->target.n + 1)
		visit->line = NULL;
	else
		layout_line(visit, visit->method.p, visit->version.p + visit->version.n);
	n = MHD_get_connection_values_n(connection, MHD_HEADER_KIND, header_take, visit);
	r->headers = visit->headers.v;
	r->header_count = visit->headers.n;
	if (n < 0 || (size_t)n != visit->headers.n || visit->target.p == NULL)
		return (tj_refusal){ 503, "out of memory" };
	if (!layout_ends(visit, connection))
		return (tj_refusal){ 400, "a line that is not ended by CR LF, or is continued" };
	return (tj_refusal){ 0, NULL };
}

/* The certificate that a client has proven to have the key of. */
static void
certificate_take(struct tj_http_visit *visit, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_GNUTLS_SESSION);
	const gnutls_datum_t *chain;
	unsigned n = 0;

	if (info == NULL || info->tls_session == NULL)
		return;
	chain = gnutls_certificate_get_peers(info->tls_session, &n);
	if (chain != NULL && n > 0)
		visit->request.client_cert = (tj_str){ (const char *)chain[0].data,
		    chain[0].size };
}

static tj_refusal
rate_check(struct tj_http_server *server, const struct tj_http_visit *visit,
    unsigned *wait_ms)
{
	const struct tj_http_limits *limits = &visit->settings->s.limits;

	if (!visit->has_client)
		return (tj_refusal){ 0, NULL };
	*wait_ms = tj_http_peers_ask(server->peers, &visit->client, limits->requests_per_s,
	    limits->burst, visit->begun_us / 1000);
	if (*wait_ms == 0)
		return (tj_refusal){ 0, NULL };
	server->meter->rate_limited++;
	return (tj_refusal){ 429, "too many requests" };
}

/* Replies. */

static bool
reply_headers(struct tj_http_visit *visit, struct MHD_Response *response)
{
	for (size_t i = 0; i < visit->response.headers.n; i++) {
		const struct tj_http_pair *h = &visit->response.headers.v[i];
		const tj_str value = tj_str_dup(h->value, visit->arena);

		/* No text of a client's can end a header: the library takes no CR or LF. */
		if (value.p == NULL || strlen(value.p) != value.n ||
		    MHD_add_response_header(response, h->name.p, value.p) != MHD_YES)
			return false;
	}
	return true;
}

static struct MHD_Response *
reply_make(struct tj_http_visit *visit, bool is_last)
{
	const tj_str body = visit->response.body;
	struct MHD_Response *response = MHD_create_response_from_buffer(body.n,
	    (void *)(uintptr_t)body.p, MHD_RESPMEM_PERSISTENT);

	if (response == NULL)
		return NULL;
	if (!reply_headers(visit, response) ||
	    (is_last && MHD_add_response_header(response, "Connection", "close") != MHD_YES)) {
		MHD_destroy_response(response);
		return NULL;
	}
	return response;
}

/* NO: the connection is to be closed. */
static enum MHD_Result
reply(struct tj_http_server *server, struct tj_http_visit *visit,
    struct MHD_Connection *connection, bool is_last)
{
	int reading = TJ_CONN_READING;
	struct MHD_Response *response;
	enum MHD_Result rc;

	if (!atomic_compare_exchange_strong(&visit->conn->phase, &reading, TJ_CONN_ANSWERING))
		return MHD_NO;		/* its time has passed */
	visit->is_answered = true;
	tj_http_add(&visit->response, "X-Request-Id", visit->request.id, visit->arena);
	response = reply_make(visit, is_last || atomic_load(&server->meter->is_draining));
	if (response == NULL) {
		visit->response = (struct tj_http_response){ .status = 500,
		    .face = visit->response.face };
		response = reply_make(visit, true);
	}
	if (response == NULL)
		return MHD_NO;
	rc = MHD_queue_response(connection, visit->response.status, response);
	MHD_destroy_response(response);
	return rc;
}

static void
refusal_put(struct tj_http_visit *visit, tj_refusal refusal, unsigned wait_ms)
{
	visit->response = (struct tj_http_response){ .face = "refused" };
	tj_http_reply(&visit->response, refusal.status, "text/plain; charset=utf-8",
	    tj_str_fmt(visit->arena, "%s\n", refusal.why), visit->arena);
	if (refusal.status == 429 || refusal.status == 503)
		tj_http_add(&visit->response, "Retry-After",
		    tj_str_fmt(visit->arena, "%u", wait_ms / 1000 + 1), visit->arena);
}

/*
 * Refuses before the body, which is not read then, and closes.  The library stops reading
 * early for PUT and POST; for others it would read on, so those are told past it.
 */
static enum MHD_Result
refuse(struct tj_http_server *server, struct tj_http_visit *visit,
    struct MHD_Connection *connection, tj_refusal refusal, unsigned wait_ms)
{
	const bool ends_early = tj_str_eq(visit->method, TJ_S("PUT")) ||
	    tj_str_eq(visit->method, TJ_S("POST"));
	int reading = TJ_CONN_READING;

	refusal_put(visit, refusal, wait_ms);
	if (ends_early || (tj_http_header(&visit->request, "Content-Length").p == NULL &&
	    tj_http_header(&visit->request, "Transfer-Encoding").p == NULL))
		return reply(server, visit, connection, true);
	visit->is_answered = true;
	if (!visit->conn->is_tls && atomic_compare_exchange_strong(&visit->conn->phase,
	    &reading, TJ_CONN_ANSWERING))
		tj_http_say(visit->conn->fd, refusal.status, refusal.why);
	return MHD_NO;
}

/* Requests. */

static enum MHD_Result
head(struct tj_http_server *server, struct tj_http_visit *visit,
    struct MHD_Connection *connection)
{
	const struct tj_http_limits *limits = &visit->settings->s.limits;
	struct tj_http_request *r = &visit->request;
	tj_refusal refusal = headers_take(visit, connection);
	tj_str target = visit->target;
	unsigned wait_ms = 0;

	visit->has_head = true;
	r->method = visit->method;
	tj_http_visit_identify(&server->visits, visit);
	if (refusal.status == 0)
		refusal = tj_http_check_target(&target, limits->target_bytes);
	if (refusal.status == 0)
		refusal = tj_http_check_head(visit->version, r, limits->header_bytes,
		    limits->body_bytes);
	if (refusal.status == 0)
		refusal = rate_check(server, visit, &wait_ms);
	if (refusal.status != 0)
		return refuse(server, visit, connection, refusal, wait_ms);
	r->path = tj_str_cut(target, 0, tj_str_find(target, '?'));
	r->query = tj_str_cut(target, r->path.n + 1, target.n);
	if (tj_str_eq(r->method, TJ_S("HEAD")))
		r->method = TJ_S("GET");
	if (visit->conn->is_tls)
		certificate_take(visit, connection);
	return MHD_YES;
}

/* Its own limit was looked at before: the library hands out what Content-Length says. */
static void
body_take(struct tj_http_server *server, struct tj_http_visit *visit, tj_str part)
{
	if (visit->refusal.status != 0)
		return;
	if (atomic_fetch_add(&server->bodies_bytes, part.n) + part.n >
	    visit->settings->s.limits.all_bodies_bytes) {
		atomic_fetch_sub(&server->bodies_bytes, part.n);
		visit->refusal = (tj_refusal){ 503, "too many bodies at once" };
		return;
	}
	tj_buf_put(&visit->body, part);
	if (visit->body.failed) {
		atomic_fetch_sub(&server->bodies_bytes, part.n);
		visit->refusal = (tj_refusal){ 503, "out of memory" };
	}
}

static enum MHD_Result
answer(struct tj_http_server *server, struct tj_http_visit *visit,
    struct MHD_Connection *connection)
{
	visit->request.body = tj_buf_view(&visit->body);
	if (visit->refusal.status != 0)
		refusal_put(visit, visit->refusal, 0);
	else
		server->app.answer(server->app.ctx, &visit->request, &visit->response,
		    visit->arena);
	if (visit->response.status < 200 || visit->response.status > 599)
		visit->response.status = 500;
	return reply(server, visit, connection, false);
}

static struct tj_http_conn *
conn_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info == NULL ? NULL : info->socket_context;
}

/*
 * The library would cut the query to arguments, which nobody here asks it for, and forgets the
 * connection where they are more than its memory holds.  It reads on from the "?".
 */
static void
hide_query(const char *uri)
{
	char *query = strchr(uri, '?');

	if (query != NULL)
		query[1] = '\0';
}

/* The first line of a request is there. */
static void *
on_target(void *ctx, const char *uri, struct MHD_Connection *connection)
{
	struct tj_http_server *server = ctx;
	struct tj_http_conn *conn = conn_of(connection);
	struct tj_http_current *settings;
	struct tj_http_visit *visit;

	if (conn == NULL)
		return NULL;		/* no memory then */
	settings = (struct tj_http_current *)tj_current_take(&server->settings);
	visit = tj_http_visit_begin(&server->visits, conn, settings);
	if (visit == NULL) {
		tj_current_drop(&server->settings, &settings->shared);
		return NULL;
	}
	visit->uri = uri;
	visit->target = tj_str_dup(tj_str_of(uri == NULL ? "" : uri), visit->arena);
	if (uri != NULL)
		hide_query(uri);
	server->meter->in_flight++;
	atomic_store(&conn->since_ms, visit->begun_us / 1000);
	atomic_store(&conn->phase, TJ_CONN_READING);
	return visit;
}

static enum MHD_Result
on_request(void *ctx, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *data_n, void **context)
{
	struct tj_http_server *server = ctx;
	struct tj_http_visit *visit = *context;

	(void)url;
	if (visit == NULL)
		return MHD_NO;		/* no memory */
	if (!visit->has_head) {
		visit->method = tj_str_of(method);
		visit->version = tj_str_of(version);
		return head(server, visit, connection);
	}
	if (*data_n > 0) {
		body_take(server, visit, (tj_str){ data, *data_n });
		*data_n = 0;
		return MHD_YES;
	}
	return answer(server, visit, connection);
}

static const char *
ended_how(const struct tj_http_visit *visit, enum MHD_RequestTerminationCode code)
{
	if (atomic_load(&visit->conn->phase) == TJ_CONN_EXPIRED)
		return "timeout";
	if (atomic_load(&visit->conn->phase) == TJ_CONN_GONE)
		return "client";
	if (code == MHD_REQUEST_TERMINATED_COMPLETED_OK || visit->is_answered)
		return code == MHD_REQUEST_TERMINATED_CLIENT_ABORT ? "client" : NULL;
	return code == MHD_REQUEST_TERMINATED_CLIENT_ABORT ||
	    code == MHD_REQUEST_TERMINATED_READ_ERROR ? "client" : "malformed";
}

static void
on_completed(void *ctx, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode code)
{
	struct tj_http_server *server = ctx;
	struct tj_http_visit *visit = *context;
	const int64_t now_us = tj_http_now_us();
	const union MHD_ConnectionInfo *info;
	int phase = TJ_CONN_ANSWERING;

	if (visit == NULL)
		return;
	*context = NULL;
	if (!visit->has_head)		/* the library refused it */
		tj_http_visit_identify(&server->visits, visit);
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_HTTP_STATUS);
	if (visit->response.status == 0 && info != NULL)
		visit->response.status = info->http_status;
	tj_http_visit_log(visit, server->log, ended_how(visit, code));
	tj_http_meter_count(server->meter,
	    visit->response.face == NULL ? "none" : visit->response.face, visit->method,
	    visit->response.status, (uint64_t)(now_us - visit->begun_us),
	    visit->body.n, visit->response.body.n);
	atomic_fetch_sub(&server->bodies_bytes, visit->body.n);
	atomic_store(&visit->conn->since_ms, now_us / 1000);
	(void)atomic_compare_exchange_strong(&visit->conn->phase, &phase, TJ_CONN_IDLE);
	tj_current_drop(&server->settings, &visit->settings->shared);
	tj_http_visit_end(&server->visits, visit);
	server->meter->in_flight--;
}

/* Connections. */

static struct tj_http_conn *
conn_new(struct MHD_Connection *connection, bool is_tls)
{
	const union MHD_ConnectionInfo *fd = MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_CONNECTION_FD);
	const union MHD_ConnectionInfo *from = MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct tj_http_conn *conn = tj_mem_calloc(1, sizeof(*conn));

	if (conn == NULL)
		return NULL;
	conn->fd = fd->connect_fd;
	conn->is_tls = is_tls;
	conn->is_unix = !tj_address_of(&conn->peer, from->client_addr);
	if (conn->is_unix)
		(void)strcpy(conn->peer_text, "unix");
	else
		(void)tj_address_text(conn->peer_text, &conn->peer);
	atomic_init(&conn->since_ms, tj_http_now_us() / 1000);
	return conn;
}

static void
conn_end(struct tj_http_server *server, struct MHD_Connection *connection,
    struct tj_http_conn *conn)
{
	const union MHD_ConnectionInfo *from = MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	tj_address peer;

	if (conn != NULL)
		tj_http_conns_remove(&server->conns, conn);
	tj_mem_free(conn);
	if (tj_address_of(&peer, from->client_addr))
		tj_http_peers_disconnect(server->peers, &peer);
	server->meter->connections--;
}

static void
on_connection(void *ctx, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode code)
{
	struct tj_http_server *server = ctx;
	const union MHD_ConnectionInfo *info;

	serving = server;
	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		conn_end(server, connection, *context);
		return;
	}
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	*context = conn_new(connection, info != NULL && info->tls_session != NULL);
	if (*context != NULL)
		tj_http_conns_add(&server->conns, *context);
}


/* Daemons. */

/* No escapes are looked at here: targets are taken as they come. */
static size_t
keep_escapes(void *ctx, struct MHD_Connection *connection, char *text)
{
	(void)ctx;
	(void)connection;
	return strlen(text);
}

/* What clients do wrong is in the access log. */
static void
keep_quiet(void *ctx, const char *fmt, va_list args)
{
	(void)ctx;
	(void)fmt;
	(void)args;
}

/*
 * Clients are asked for a certificate, and may have none; which authorities would do is not
 * said, since who holds a handle is shown by its record, not by an authority.
 */
static int
on_handshake(gnutls_session_t session, const gnutls_datum_t *authorities, int authority_count,
    const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **chain,
    unsigned *chain_count, gnutls_privkey_t *key)
{
	struct tj_tls_identity *identity = serving == NULL ? NULL :
	    atomic_load(&serving->identity);

	(void)authorities;
	(void)authority_count;
	(void)algorithms;
	(void)algorithm_count;
	if (identity == NULL)
		return -1;
	if (identity->asks_client) {
		gnutls_certificate_send_x509_rdn_sequence(session, 1);
		gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUEST);
	}
	*chain = identity->chain;
	*chain_count = identity->chain_count;
	*key = identity->key;
	return 0;
}

struct MHD_Daemon *
tj_mhd_start(struct tj_http_server *server, bool is_tls, size_t line_bytes)
{
	const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC |
	    MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ERROR_LOG | (is_tls ? MHD_USE_TLS : 0);
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)(uintptr_t)on_handshake },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)PRIORITIES },
		{ MHD_OPTION_END, 0, NULL }
	};
	struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };

	return MHD_start_daemon(flags, 0, NULL, NULL, on_request, server,
	    MHD_OPTION_EXTERNAL_LOGGER, keep_quiet, NULL,
	    MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
	    MHD_OPTION_URI_LOG_CALLBACK, on_target, server,
	    MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
	    MHD_OPTION_CONNECTION_LIMIT, TJ_MAX_CONNECTIONS,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, line_bytes + POOL_SLACK,
	    MHD_OPTION_ARRAY, is_tls ? tls : none, MHD_OPTION_END);
}

bool
tj_mhd_add(struct MHD_Daemon *daemon, int fd, const struct sockaddr *from, socklen_t from_n)
{
	return MHD_add_connection(daemon, fd, from, from_n) == MHD_YES;
}

void
tj_mhd_stop(struct MHD_Daemon *daemon)
{
	if (daemon != NULL)
		MHD_stop_daemon(daemon);
}
