#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "connectors/records.h"
#include "exchange/registry/http_server.h"
#include "exchange/registry/node.h"
#include "tests/support/client.h"
#include "tests/support/support.h"

/*
 * Many at once: clients that ask, clients that are gone in the middle, settings that change,
 * and then the end.  For the thread sanitizer above all (threads.sh).
 */
#define CLIENTS	8
#define EACH	60

struct crowd {
	struct tj_http_server	*server;
	struct tj_http_meter	 meter;
	struct tj_node		 node;
	uint16_t		 port;
	_Atomic unsigned	 answered;
	_Atomic bool		 is_over;
};

static struct tj_http_settings
settings(unsigned body_bytes)
{
	return (struct tj_http_settings){ .limits = { .body_bytes = body_bytes,
	    .all_bodies_bytes = 1 << 20, .target_bytes = 1024, .header_bytes = 4096,
	    .connections = 64, .connections_per_peer = 64, .requests_per_s = 100000,
	    .burst = 100000, .idle_s = 10, .request_s = 10 } };
}

static void
answer(void *ctx, const struct tj_http_request *request, struct tj_http_response *response,
    struct tj_arena *arena)
{
	tj_node_answer(ctx, request, response, arena);
}

static void *
client(void *arg)
{
	static const char *const paths[] = { "healthz", "readyz", "metrics", "88.111.1/x" };
	struct crowd *crowd = arg;
	struct tj_arena *arena = tj_arena_new((size_t)1 << 28);
	int fd = tj_client_connect(crowd->port);
	char text[256];

	for (int i = 0; i < EACH; i++) {
		const int n = snprintf(text, sizeof(text), "%s /%s HTTP/1.1\r\nHost: h\r\n"
		    "Content-Length: 3\r\n\r\nabc", i % 5 == 0 ? "PUT" : "GET", paths[i % 4]);

		tj_client_send(fd, (tj_str){ text, (size_t)(i % 7 == 6 ? n / 2 : n) });
		if (i % 7 == 6) {	/* thinks otherwise */
			(void)close(fd);
			fd = tj_client_connect(crowd->port);
			continue;
		}
		if (tj_client_status(tj_client_reply(fd, false, arena)) != 0)
			crowd->answered++;
		tj_arena_reset(arena);
	}
	(void)close(fd);
	tj_arena_free(arena);
	return NULL;
}

static void *
changer(void *arg)
{
	struct crowd *crowd = arg;
	struct tj_err err;

	for (unsigned i = 0; !crowd->is_over; i++) {
		const struct tj_http_settings next = settings(1000 + i % 100);

		assert_ok(tj_http_server_change(crowd->server, &next, &err), &err);
		(void)poll(NULL, 0, 2);
	}
	return NULL;
}

static void
many_clients_are_answered_while_settings_change(void **state)
{
	static const tj_str address = { "127.0.0.1:0", 11 };
	struct crowd crowd = { .is_over = false };
	const struct tj_http_setup setup = { .plain = &address, .plain_count = 1, .threads = 3,
	    .log = -1, .app = { answer, &crowd.node }, .meter = &crowd.meter };
	const struct tj_http_settings first = settings(1000);
	pthread_t clients[CLIENTS], change;
	struct tj_err err;

	(void)state;
	assert_ok(tj_records_mem_open(&crowd.node.records, &err), &err);
	crowd.node.meter = &crowd.meter;
	assert_ok(tj_http_server_start(&crowd.server, &setup, &first, &err), &err);
	crowd.port = tj_http_server_port(crowd.server, 0);
	assert_int_equal(pthread_create(&change, NULL, changer, &crowd), 0);
	for (int i = 0; i < CLIENTS; i++)
		assert_int_equal(pthread_create(&clients[i], NULL, client, &crowd), 0);
	for (int i = 0; i < CLIENTS; i++)
		assert_int_equal(pthread_join(clients[i], NULL), 0);
	assert_int_equal(crowd.answered, CLIENTS * (EACH - EACH / 7));
	assert_int_equal(tj_http_server_drain(crowd.server, 5), 0);
	crowd.is_over = true;
	assert_int_equal(pthread_join(change, NULL), 0);
	tj_http_server_stop(crowd.server);
	assert_int_equal(crowd.meter.connections, 0);
	assert_int_equal(crowd.meter.in_flight, 0);
	crowd.node.records->close(crowd.node.records);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(many_clients_are_answered_while_settings_change),
	};

	return RUN(tests);
}
