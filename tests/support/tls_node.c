#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exchange/registry/http_server.h"
#include "tests/support/tls_node.h"

static void
answer(void *ctx, const struct tj_http_request *request, struct tj_http_response *response,
    struct tj_arena *arena)
{
	const struct face *face = ctx;

	tj_node_answer(&face->node, request, response, arena);
}

/* Until it is killed, by who waits for it or by his end. */
static void
serve(int tell)
{
	static const tj_str address = { "127.0.0.1:0", 11 };
	static struct tj_http_meter meter;
	static struct face face;
	struct tj_http_settings settings = { .limits = { .body_bytes = 1 << 20,
	    .all_bodies_bytes = 8 << 20, .target_bytes = 8192, .header_bytes = 32768,
	    .connections = 200, .connections_per_peer = 100, .idle_s = 30, .request_s = 30 } };
	struct tj_http_setup setup = { .tls = &address, .tls_count = 1, .threads = 2, .log = -1,
	    .app = { answer, &face }, .meter = &meter };
	struct tj_http_server *server;
	struct tj_err err = { 0 };
	uint16_t port;

	face_open(&face);
	(void)!face.node.records->set_home(face.node.records, TJ_S("21"), true, NULL);
	settings.certificate = tj_test_file("tests/support/data/loopback.pem", face.arena);
	settings.key = tj_test_file("tests/support/data/loopback.key.pem", face.arena);
	if (tj_http_server_start(&server, &setup, &settings, &err) != TJ_OK) {
		(void)fprintf(stderr, "%s\n", err.text);
		_exit(1);
	}
	port = tj_http_server_port(server, 0);
	if (write(tell, &port, sizeof(port)) == (ssize_t)sizeof(port))
		for (;;)
			(void)sleep(1);
	_exit(1);
}

void
tls_node_open(struct tls_node *node)
{
	struct tj_err err = { 0 };
	uint16_t port = 0;
	int pipes[2];

	memset(node, 0, sizeof(*node));
	assert_int_equal(pipe(pipes), 0);
	node->pid = fork();
	assert_true(node->pid >= 0);
	if (node->pid == 0) {
		(void)close(pipes[0]);
		(void)alarm(300);	/* nobody waits for longer */
		serve(pipes[1]);
	}
	(void)close(pipes[1]);
	assert_int_equal(read(pipes[0], &port, sizeof(port)), sizeof(port));
	(void)close(pipes[0]);
	(void)snprintf(node->url, sizeof(node->url), "https://127.0.0.1:%u", port);
	(void)snprintf(node->ca, sizeof(node->ca), "%s/tests/support/data/loopback.pem",
	    getenv("TJ_SOURCE_DIR"));
	assert_ok(tj_range_parse(&node->loopback, TJ_S("127.0.0.0/8"), &err), &err);
	node->options = (struct tj_remote_options){ .url = tj_str_of(node->url),
	    .as = "300:88.111.1/ADMIN", .secret = "secret", .ca = node->ca,
	    .allowed = &node->loopback, .allowed_count = 1 };
}

void
tls_node_close(struct tls_node *node)
{
	assert_int_equal(kill(node->pid, SIGKILL), 0);
	assert_int_equal(waitpid(node->pid, NULL, 0), node->pid);
}
