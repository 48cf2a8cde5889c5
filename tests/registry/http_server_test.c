#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "exchange/registry/http_server.h"
#include "tests/support/client.h"
#include "tests/support/support.h"

static const struct tj_http_limits usual = {
	.body_bytes = 1 << 20, .all_bodies_bytes = 8 << 20, .target_bytes = 8192,
	.header_bytes = 32768, .connections = 200, .connections_per_peer = 100,
	.idle_s = 30, .request_s = 30
};

/* Says what it was asked; "/slow" takes its time, "/bad" answers nonsense. */
static void
echo(void *ctx, const struct tj_http_request *r, struct tj_http_response *response,
    struct tj_arena *arena)
{
	const tj_str body = tj_str_fmt(arena,
	    "%.*s %.*s ?%.*s body=%zu peer=%.*s secure=%d id=%.*s cert=%zu\n", TJ_FMT(r->method),
	    TJ_FMT(r->path), TJ_FMT(r->query), r->body.n, TJ_FMT(r->peer), r->is_secure,
	    TJ_FMT(r->id), r->client_cert.n);

	(void)ctx;
	if (tj_str_eq(r->path, TJ_S("/slow")))
		(void)poll(NULL, 0, 700);
	tj_http_reply(response, 200, "text/plain", body, arena);
	if (tj_str_eq(r->path, TJ_S("/bad")))
		tj_http_add(response, "X-Bad", TJ_S("a\r\nb: c"), arena);
	if (tj_str_eq(r->path, TJ_S("/nothing")))
		response->status = 0;
}

struct running {
	struct tj_http_server	*server;
	struct tj_http_meter	 meter;
	uint16_t		 port;
	struct tj_arena		*arena;
	struct tj_err		 err;
};

static void
start(struct running *run, const struct tj_http_settings *settings, int log)
{
	static const tj_str address = { "127.0.0.1:0", 11 };
	const struct tj_http_setup setup = { .plain = &address, .plain_count = 1,
	    .threads = 2, .log = log, .app = { echo, NULL }, .meter = &run->meter };

	*run = (struct running){ .arena = tj_arena_new((size_t)1 << 28) };
	assert_ok(tj_http_server_start(&run->server, &setup, settings, &run->err), &run->err);
	run->port = tj_http_server_port(run->server, 0);
	assert_true(run->port > 0);
}

static void
stop(struct running *run)
{
	tj_http_server_stop(run->server);
	tj_arena_free(run->arena);
}

static void
start_usual(struct running *run)
{
	const struct tj_http_settings settings = { .limits = usual };

	start(run, &settings, -1);
}

#define CLOSE	"Host: h\r\nConnection: close\r\n\r\n"
#define ASK(run, text) tj_client_ask((run)->port, TJ_S(text), (run)->arena)

static void
requests_are_answered_with_what_came(void **state)
{
	struct running run;
	tj_str reply;

	(void)state;
	start_usual(&run);
	reply = ASK(&run, "GET /a%2Fb//c?x=%20&y HTTP/1.1\r\n" CLOSE);
	assert_int_equal(tj_client_status(reply), 200);
	assert_true(tj_client_has(reply, "\r\n\r\nGET /a%2Fb//c ?x=%20&y body=0 peer=127.0.0.1 secure=0"));
	assert_true(tj_client_has(reply, "\r\nX-Request-Id: "));
	reply = ASK(&run, "PUT /p HTTP/1.1\r\nContent-Length: 5\r\nX-Request-Id: my-id.1\r\n" CLOSE "hello");
	assert_true(tj_client_has(reply, "PUT /p ? body=5"));
	assert_true(tj_client_has(reply, "\r\nX-Request-Id: my-id.1\r\n"));
	reply = ASK(&run, "GET http://other/x HTTP/1.1\r\n" CLOSE);
	assert_true(tj_client_has(reply, "GET /x ?"));
	reply = ASK(&run, "GET /old HTTP/1.0\r\n\r\n");
	assert_int_equal(tj_client_status(reply), 200);
	reply = ASK(&run, "GET /bad HTTP/1.1\r\n" CLOSE);
	assert_int_equal(tj_client_status(reply), 500);
	assert_false(tj_client_has(reply, "b: c"));
	reply = ASK(&run, "GET /nothing HTTP/1.1\r\n" CLOSE);
	assert_int_equal(tj_client_status(reply), 500);
	stop(&run);
}

static void
head_gets_the_length_and_no_body(void **state)
{
	struct running run;
	tj_str reply;
	int fd;

	(void)state;
	start_usual(&run);
	fd = tj_client_connect(run.port);
	tj_client_send(fd, TJ_S("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\nGET /y HTTP/1.1\r\n" CLOSE));
	reply = tj_client_rest(fd, run.arena);
	assert_true(tj_client_has(reply, "\r\nContent-Length: "));
	assert_false(tj_client_has(reply, "GET /x"));
	assert_true(tj_client_has(reply, "\r\n\r\nGET /y"));
	(void)close(fd);
	stop(&run);
}

static void
pipelined_requests_are_answered_in_their_order(void **state)
{
	struct running run;
	tj_str reply;
	int fd;

	(void)state;
	start_usual(&run);
	fd = tj_client_connect(run.port);
	tj_client_send(fd, TJ_S("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
	    "PUT /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
	    "DELETE /3 HTTP/1.1\r\nHost: h\r\n\r\n"));
	for (int i = 1; i <= 3; i++) {
		reply = tj_client_reply(fd, false, run.arena);
		assert_int_equal(tj_client_status(reply), 200);
		assert_true(tj_client_has(reply, i == 1 ? "GET /1" : i == 2 ? "PUT /2 ? body=3" :
		    "DELETE /3"));
	}
	(void)close(fd);
	stop(&run);
}

static void
who_expects_100_continue_gets_it_or_the_refusal(void **state)
{
	struct running run;
	tj_str reply;
	int fd;

	(void)state;
	start_usual(&run);
	fd = tj_client_connect(run.port);
	tj_client_send(fd, TJ_S("PUT /e HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n"
	    "Expect: 100-continue\r\n\r\n"));
	reply = tj_client_reply(fd, true, run.arena);
	assert_int_equal(tj_client_status(reply), 100);
	tj_client_send(fd, TJ_S("abc"));
	reply = tj_client_reply(fd, false, run.arena);
	assert_int_equal(tj_client_status(reply), 200);
	(void)close(fd);
	reply = ASK(&run, "PUT /e HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n"
	    "Expect: 100-continue\r\n\r\n");
	assert_int_equal(tj_client_status(reply), 413);
	reply = ASK(&run, "GET /e HTTP/1.1\r\nHost: h\r\nExpect: 200-maybe\r\n\r\n");
	assert_int_equal(tj_client_status(reply), 417);
	stop(&run);
}

static void
what_two_readers_might_read_as_two_requests_is_refused_and_the_connection_closed(void **state)
{
	static const struct {
		const char	*request;
		size_t		 n;		/* 0: strlen */
		unsigned	 status;
	} cases[] = {
#define H "Host: h\r\n"
		{ "POST / HTTP/1.1\r\n" H "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0, 400 },
		{ "GET / HTTP/1.1\r\n" H "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0, 400 },
		{ "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 0, 411 },
		{ "DELETE / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0, 411 },
		{ "POST / HTTP/1.1\r\n" H "Transfer-Encoding: xchunked\r\n\r\n", 0, 501 },
		{ "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked, identity\r\n\r\n", 0, 501 },
		{ "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n", 0, 400 },
		{ "POST / HTTP/1.1\r\n" H "Transfer-Encoding : chunked\r\n\r\n", 0, 400 },
		{ "POST / HTTP/1.1\r\n" H "Transfer-Encoding: \vchunked\r\n\r\n", 0, 400 },
		{ "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0, 400 },
		{ "POST / HTTP/1.1\r\n" H "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", 0, 400 },
		{ "POST / HTTP/1.1\r\n" H "Content-Length: 1\r\nContent-Length: 9\r\n\r\na", 0, 400 },
		{ "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 0, 400 },
		{ "GET / HTTP/1.1\r\nAccept: a\r\n\r\n", 0, 400 },
		{ "GET / HTTP/1.1\r\n" H "X: a\r\n b\r\n\r\n", 0, 400 },
		{ "GET / HTTP/1.1\r\n" H "X: a\rY: b\r\n\r\n", 0, 400 },
		{ "GET / HTTP/1.1\r\n" H "X: a\nY: b\r\n\r\n", 0, 400 },
		{ "GET / HTTP/1.1\r\n" H "X: a\r\n\n", 0, 400 },
		{ "GET / HTTP/1.1\n" H "\r\n", 0, 400 },
		{ "GET / HTTP/1.1\rHost: h\r\n\r\n", 0, 400 },
		{ "GET / HTTP/1.1\r\n" H "X y: a\r\n\r\n", 0, 400 },
		{ "GET / HTTP/1.1\r\n" H "X: a\0b\r\n\r\n", 35, 400 },
		{ "GET /a\0b HTTP/1.1\r\n" H "\r\n", 30, 400 },
		{ "GET  / HTTP/1.1\r\n" H "\r\n", 0, 400 },
		{ "GET /a b HTTP/1.1\r\n" H "\r\n", 0, 400 },
		{ "GET / HTTP/1.1 \r\n" H "\r\n", 0, 400 },
		{ "G@T / HTTP/1.1\r\n" H "\r\n", 0, 400 },
		{ "GET / HTTP/2.0\r\n" H "\r\n", 0, 505 },
		{ "GET /\r\n" H "\r\n", 0, 0 },
		{ "GET /a%00b HTTP/1.1\r\n" H "\r\n", 0, 400 },
		{ "GET /%zz HTTP/1.1\r\n" H "\r\n", 0, 400 },
		{ "GET /%ff HTTP/1.1\r\n" H "\r\n", 0, 400 },
		{ "GET /a/%2e./b HTTP/1.1\r\n" H "\r\n", 0, 400 },
		{ "GET /a\x01 HTTP/1.1\r\n" H "\r\n", 0, 400 },
		{ "OPTIONS * HTTP/1.1\r\n" H "\r\n", 0, 400 },
		{ "CONNECT h:1 HTTP/1.1\r\n" H "\r\n", 0, 400 },
		{ "POST / HTTP/1.1\r\n" H "Content-Length: 99999999\r\n\r\n", 0, 413 },
		{ "DELETE / HTTP/1.1\r\n" H "Content-Length: 99999999\r\n\r\n", 0, 413 },
		/* The library closes these without a word. */
		{ "POST / HTTP/1.1\r\n" H "Content-Length: +1\r\n\r\na", 0, 0 },
		{ "POST / HTTP/1.1\r\n" H "Content-Length: 1 \r\n\r\na", 0, 0 },
		{ "POST / HTTP/1.1\r\n" H "Content-Length: 0x1\r\n\r\na", 0, 0 },
		{ "POST / HTTP/1.1\r\n" H "Content-Length: -1\r\n\r\na", 0, 0 },
		{ "POST / HTTP/1.1\r\n" H "Content-Length: 1, 1\r\n\r\na", 0, 0 },
		{ "POST / HTTP/1.1\r\n" H "Content-Length: 99999999999999999999999\r\n\r\na", 0, 0 },
	};
	static const char follower[] = "GET /follower HTTP/1.1\r\nHost: h\r\n\r\n";
	struct running run;

	(void)state;
	start_usual(&run);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const size_t n = cases[i].n == 0 ? strlen(cases[i].request) : cases[i].n;
		const int fd = tj_client_connect(run.port);
		tj_str reply;

		tj_client_send(fd, (tj_str){ cases[i].request, n });
		tj_client_send(fd, tj_str_of(follower));
		reply = tj_client_rest(fd, run.arena);
		if (tj_client_has(reply, "/follower") || (cases[i].status != 0 &&
		    tj_client_status(reply) != cases[i].status && reply.n > 0) ||
		    (cases[i].status == 0 && tj_client_status(reply) == 200))
			fail_msg("case %zu: %s\n%.*s", i, cases[i].request, TJ_FMT(reply));
		if (reply.n == 0 && cases[i].status != 0)
			print_message("case %zu: closed without an answer\n", i);
		(void)close(fd);
		assert_int_equal(tj_client_status(ASK(&run, "GET / HTTP/1.1\r\n" CLOSE)), 200);
	}
	stop(&run);
}

static void
too_long_targets_and_headers_are_refused(void **state)
{
	struct running run;
	char *text;
	int n;

	(void)state;
	start_usual(&run);
	text = TJ_NEWN(run.arena, char, 400000);
	for (int size = 10; size < 300000; size = size * 3 + 1) {
		n = sprintf(text, "GET /%0*d HTTP/1.1\r\n" CLOSE, size, 0);
		assert_int_equal(tj_client_status(tj_client_ask(run.port,
		    (tj_str){ text, (size_t)n }, run.arena)), size < 8191 ? 200 : 414);
		n = sprintf(text, "GET / HTTP/1.1\r\nX: %0*d\r\n" CLOSE, size, 0);
		assert_int_equal(tj_client_status(tj_client_ask(run.port,
		    (tj_str){ text, (size_t)n }, run.arena)), size < 32700 ? 200 : 431);
	}
	stop(&run);
}

/* Headers that come in many parts let the library's buffer grow, and lie in it as before. */
static void
headers_that_come_in_parts_are_the_same_headers(void **state)
{
	struct running run;
	char line[64];
	int fd;

	(void)state;
	start_usual(&run);
	fd = tj_client_connect(run.port);
	tj_client_send(fd, TJ_S("GET /parts?a=b&c HTTP/1.1\r\n"));
	for (int i = 0; i < 300; i++) {
		const int n = sprintf(line, "X-%d: %040d\r\n", i, i);

		tj_client_send(fd, (tj_str){ line, 3 });
		if (i % 30 == 0)
			(void)poll(NULL, 0, 1);
		tj_client_send(fd, (tj_str){ line + 3, (size_t)n - 3 });
	}
	tj_client_send(fd, TJ_S(CLOSE));
	assert_int_equal(tj_client_status(tj_client_rest(fd, run.arena)), 200);
	(void)close(fd);
	stop(&run);
}

static void
slow_requests_end_with_408_and_the_connection_closed(void **state)
{
	static const char *const beginnings[] = {
		"", "GET / HT", "GET / HTTP/1.1\r\nHost: h\r\nX", "GET / HTTP/1.1\r\nHost: h\r\n",
		"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nab"
	};
	struct tj_http_settings settings = { .limits = usual };
	struct running run;
	int fds[5];

	(void)state;
	settings.limits.idle_s = settings.limits.request_s = 1;
	start(&run, &settings, -1);
	for (size_t i = 0; i < 5; i++) {
		fds[i] = tj_client_connect(run.port);
		tj_client_send(fds[i], tj_str_of(beginnings[i]));
	}
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(tj_client_status(tj_client_rest(fds[i], run.arena)), 408);
		(void)close(fds[i]);
	}
	stop(&run);
	assert_int_equal(run.meter.timed_out, 5);
}

static void
connections_over_the_limit_are_told_so(void **state)
{
	struct tj_http_settings settings = { .limits = usual };
	struct running run;
	int fds[10];

	(void)state;
	settings.limits.connections_per_peer = 10;
	start(&run, &settings, -1);
	for (size_t i = 0; i < 10; i++) {
		fds[i] = tj_client_connect(run.port);
		tj_client_send(fds[i], TJ_S("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
		assert_int_equal(tj_client_status(tj_client_reply(fds[i], false, run.arena)), 200);
	}
	assert_int_equal(tj_client_status(tj_client_ask(run.port, TJ_S(""), run.arena)), 503);
	assert_int_equal(run.meter.connections_refused, 1);
	settings.limits.connections_per_peer = 11;
	assert_ok(tj_http_server_change(run.server, &settings, &run.err), &run.err);
	assert_int_equal(tj_client_status(ASK(&run, "GET / HTTP/1.1\r\n" CLOSE)), 200);
	for (size_t i = 0; i < 10; i++)
		(void)close(fds[i]);
	stop(&run);
}

static void
who_asks_too_often_is_told_when_to_come_again(void **state)
{
	struct tj_http_settings settings = { .limits = usual };
	struct running run;
	tj_str reply;
	int fd;

	(void)state;
	settings.limits.requests_per_s = 1;
	settings.limits.burst = 3;
	start(&run, &settings, -1);
	for (int i = 0; i < 3; i++)
		assert_int_equal(tj_client_status(ASK(&run, "GET / HTTP/1.1\r\n" CLOSE)), 200);
	fd = tj_client_connect(run.port);
	tj_client_send(fd, TJ_S("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
	reply = tj_client_rest(fd, run.arena);
	assert_int_equal(tj_client_status(reply), 429);
	assert_true(tj_client_has(reply, "\r\nRetry-After: "));
	(void)close(fd);
	(void)poll(NULL, 0, 1100);
	assert_int_equal(tj_client_status(ASK(&run, "GET / HTTP/1.1\r\n" CLOSE)), 200);
	stop(&run);
}

static void
all_bodies_together_have_a_limit(void **state)
{
	struct tj_http_settings settings = { .limits = usual };
	struct running run;
	tj_str reply;

	(void)state;
	settings.limits.all_bodies_bytes = 8;
	start(&run, &settings, -1);
	reply = ASK(&run, "PUT / HTTP/1.1\r\nContent-Length: 9\r\n" CLOSE "123456789");
	assert_int_equal(tj_client_status(reply), 503);
	for (int i = 0; i < 5; i++)
		assert_int_equal(tj_client_status(ASK(&run,
		    "PUT / HTTP/1.1\r\nContent-Length: 8\r\n" CLOSE "12345678")), 200);
	stop(&run);
}

static void
a_proxy_that_is_trusted_says_who_asks_and_others_do_not(void **state)
{
#define FORWARDED "X-Forwarded-For: 203.0.113.9, 198.51.100.7, 10.1.2.3\r\nX-Forwarded-Proto: https\r\n"
	struct tj_http_settings settings = { .limits = usual };
	tj_network trusted[2];
	struct running run;
	tj_str reply;

	(void)state;
	assert_true(tj_network_parse(&trusted[0], TJ_S("127.0.0.0/8")));
	assert_true(tj_network_parse(&trusted[1], TJ_S("10.0.0.0/8")));
	start(&run, &settings, -1);
	reply = ASK(&run, "GET / HTTP/1.1\r\n" FORWARDED CLOSE);
	assert_true(tj_client_has(reply, "peer=127.0.0.1 secure=0"));
	settings.trusted = trusted;
	settings.trusted_count = 2;
	assert_ok(tj_http_server_change(run.server, &settings, &run.err), &run.err);
	reply = ASK(&run, "GET / HTTP/1.1\r\n" FORWARDED CLOSE);
	assert_true(tj_client_has(reply, "peer=198.51.100.7 secure=1"));
	reply = ASK(&run, "GET / HTTP/1.1\r\nX-Forwarded-For: nonsense\r\n" CLOSE);
	assert_true(tj_client_has(reply, "peer=127.0.0.1 secure=0"));
	stop(&run);
}

static void
a_unix_socket_is_served_and_one_left_behind_is_replaced(void **state)
{
	char folder[] = "/tmp/tanji-http-XXXXXX", path[64], address[80];
	const struct tj_http_settings settings = { .limits = usual };
	struct tj_http_meter meter = { 0 };
	struct tj_http_setup setup = { .plain_count = 1, .threads = 1, .log = -1,
	    .app = { echo, NULL }, .meter = &meter };
	struct tj_http_server *server, *second;
	struct tj_arena *arena = tj_arena_new((size_t)1 << 24);
	struct tj_err err;
	struct sockaddr_un left = { .sun_family = AF_UNIX };
	struct stat st;
	tj_str where, reply;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/s", folder);
	(void)snprintf(address, sizeof(address), "unix:%s", path);
	(void)snprintf(left.sun_path, sizeof(left.sun_path), "%s", path);
	where = tj_str_of(address);
	setup.plain = &where;
	assert_ok(tj_http_server_start(&server, &setup, &settings, &err), &err);
	assert_rc(TJ_E_LOCKED, tj_http_server_start(&second, &setup, &settings, &err), &err);
	fd = tj_client_connect_unix(path);
	tj_client_send(fd, TJ_S("GET /u HTTP/1.1\r\nX-Forwarded-Proto: https\r\n" CLOSE));
	reply = tj_client_rest(fd, arena);
	assert_true(tj_client_has(reply, "GET /u ? body=0 peer=unix secure=1"));
	(void)close(fd);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	tj_http_server_stop(server);
	assert_int_not_equal(stat(path, &st), 0);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);	/* somebody was killed here */
	assert_int_equal(bind(fd, (const struct sockaddr *)&left, sizeof(left)), 0);
	(void)close(fd);
	assert_ok(tj_http_server_start(&server, &setup, &settings, &err), &err);
	tj_http_server_stop(server);
	tj_arena_free(arena);
	(void)rmdir(folder);
}

static void
an_address_is_taken_once_and_must_be_one(void **state)
{
	static const char *const bad[] = { "", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x",
	    "127.0.0.1:65536", "localhost:80", "::1:80", "[::1]", "[127.0.0.1:80", "unix:" };
	const struct tj_http_settings settings = { .limits = usual };
	struct tj_http_meter meter = { 0 };
	struct tj_http_setup setup = { .plain_count = 1, .threads = 1, .log = -1,
	    .app = { echo, NULL }, .meter = &meter };
	struct tj_http_server *second;
	struct running run;
	char text[32];
	tj_str where;

	(void)state;
	start_usual(&run);
	(void)snprintf(text, sizeof(text), "127.0.0.1:%u", run.port);
	where = tj_str_of(text);
	setup.plain = &where;
	assert_rc(TJ_E_LOCKED, tj_http_server_start(&second, &setup, &settings, &run.err),
	    &run.err);
	assert_non_null(strstr(run.err.text, "another server has this address"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		where = tj_str_of(bad[i]);
		assert_rc(TJ_E_USAGE, tj_http_server_start(&second, &setup, &settings, &run.err),
		    &run.err);
	}
	stop(&run);
}

static void *
ask_slow(void *arg)
{
	struct running *run = arg;
	static tj_str reply;

	reply = tj_client_ask(run->port, TJ_S("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n"), run->arena);
	return &reply;
}

static void
draining_answers_what_has_begun_and_takes_no_more(void **state)
{
	struct running run;
	pthread_t slow;
	void *reply;
	int idle, half;

	(void)state;
	start_usual(&run);
	idle = tj_client_connect(run.port);
	half = tj_client_connect(run.port);
	tj_client_send(half, TJ_S("PUT /half HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab"));
	assert_int_equal(pthread_create(&slow, NULL, ask_slow, &run), 0);
	(void)poll(NULL, 0, 200);
	assert_int_equal(tj_http_server_drain(run.server, 1), 1);	/* half waits for its rest */
	assert_int_equal(pthread_join(slow, &reply), 0);
	assert_int_equal(tj_client_status(*(tj_str *)reply), 200);
	assert_true(tj_client_has(*(tj_str *)reply, "\r\nConnection: close\r\n"));
	tj_client_send(half, TJ_S("cd"));
	assert_int_equal(tj_client_status(tj_client_rest(half, run.arena)), 200);
	assert_int_equal(tj_client_rest(idle, run.arena).n, 0);
	(void)close(idle);
	(void)close(half);
	assert_int_equal(tj_http_server_drain(run.server, 5), 0);
	stop(&run);
}

static void
each_request_is_a_line_of_the_log_that_nothing_breaks(void **state)
{
	const struct tj_http_settings settings = { .limits = usual };
	char log[8192] = "", *line = log;
	struct running run;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	start(&run, &settings, fds[1]);
	(void)ASK(&run, "GET /\xe7\xa2\xb3?\"q\" HTTP/1.1\r\nUser-Agent: a\"\\\xff\r\nX-Request-Id: one\r\n" CLOSE);
	(void)ASK(&run, "GET /\x1b[2J\xff HTTP/1.1\r\nX-Request-Id: two\r\n" CLOSE);
	(void)ASK(&run, "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\n");
	stop(&run);
	assert_true(read(fds[0], log, sizeof(log) - 1) > 0);
	assert_non_null(strstr(line, "\"id\":\"one\",\"peer\":\"127.0.0.1\",\"method\":\"GET\","
	    "\"target\":\"/\xe7\xa2\xb3?\\\"q\\\"\",\"status\":200,\"bytes\":"));
	assert_non_null(strstr(line, "\"agent\":\"a\\\"\\\\\\ufffd\"}\n{\"time\":\"20"));
	assert_non_null(strstr(line, "\"target\":\"/\\u001b[2J\\ufffd\",\"status\":400"));
	assert_non_null(strstr(line, "\"ended\":\"malformed\"}\n"));
	(void)close(fds[0]);
	(void)close(fds[1]);
}

/* Starts, takes new settings, ends. */
static enum tj_rc
start_once(const struct tj_http_settings *settings)
{
	static const tj_str addresses[] = { { "127.0.0.1:0", 11 }, { "127.0.0.1:0", 11 } };
	struct tj_http_meter meter = { 0 };
	const struct tj_http_setup setup = { .plain = addresses, .plain_count = 1,
	    .tls = addresses + 1, .tls_count = 1, .threads = 2, .log = -1, .app = { echo, NULL },
	    .meter = &meter };
	struct tj_http_server *server = NULL;
	struct tj_err err;
	enum tj_rc rc = tj_http_server_start(&server, &setup, settings, &err);

	if (rc == TJ_OK)
		rc = tj_http_server_change(server, settings, &err);
	tj_http_server_stop(server);
	return rc;
}

static void
memory_may_run_out_while_it_starts(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	tj_network trusted;
	struct tj_http_settings settings = { .limits = usual, .trusted = &trusted,
	    .trusted_count = 1,
	    .certificate = tj_test_file("tests/support/data/loopback.pem", arena),
	    .key = tj_test_file("tests/support/data/loopback.key.pem", arena) };

	(void)state;
	assert_true(tj_network_parse(&trusted, TJ_S("10.0.0.0/8")));
	OOM_LOOP(start_once(&settings));
	tj_arena_free(arena);
}

/* What comes back, in memory that is the test's own. */
static size_t
ask_plainly(uint16_t port, char *reply, size_t room)
{
	static const char request[] = "GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
	const int fd = tj_client_connect(port);
	size_t n = 0;
	ssize_t got;

	(void)!send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL);
	while (n < room && (got = recv(fd, reply + n, room - n, 0)) > 0)
		n += (size_t)got;
	(void)close(fd);
	return n;
}

/* The library's own memory is its own: here fails what the server asks for itself. */
static void
memory_that_runs_out_costs_one_request_and_no_more(void **state)
{
	const struct tj_http_settings settings = { .limits = usual };
	struct running run;
	char reply[2048];
	bool failed = true;

	(void)state;
	start(&run, &settings, -1);
	for (long n = 0; failed && n < 1000; n++) {
		tj_mem_fail_after(n);
		(void)ask_plainly(run.port, reply, sizeof(reply));
		failed = tj_mem_has_failed();
		tj_mem_fail_after(-1);
		assert_true(ask_plainly(run.port, reply, sizeof(reply)) > 0);
		assert_memory_equal(reply, "HTTP/1.1 200", strlen("HTTP/1.1 200"));
	}
	assert_false(failed);
	tj_http_server_stop(run.server);
	tj_arena_free(run.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(requests_are_answered_with_what_came),
		test(head_gets_the_length_and_no_body),
		test(pipelined_requests_are_answered_in_their_order),
		test(who_expects_100_continue_gets_it_or_the_refusal),
		test(what_two_readers_might_read_as_two_requests_is_refused_and_the_connection_closed),
		test(too_long_targets_and_headers_are_refused),
		test(headers_that_come_in_parts_are_the_same_headers),
		test(slow_requests_end_with_408_and_the_connection_closed),
		test(connections_over_the_limit_are_told_so),
		test(who_asks_too_often_is_told_when_to_come_again),
		test(all_bodies_together_have_a_limit),
		test(a_proxy_that_is_trusted_says_who_asks_and_others_do_not),
		test(a_unix_socket_is_served_and_one_left_behind_is_replaced),
		test(an_address_is_taken_once_and_must_be_one),
		test(draining_answers_what_has_begun_and_takes_no_more),
		test(each_request_is_a_line_of_the_log_that_nothing_breaks),
		test(memory_may_run_out_while_it_starts),
		test(memory_that_runs_out_costs_one_request_and_no_more),
	};

	return RUN(tests);
}
