#include <stdlib.h>

#include "connectors/records.h"
#include "exchange/registry/node.h"
#include "exchange/registry/sessions.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define HEADERS_MAX	8

#define RUNS		4096	/* with one node: what is written stays */

static struct tj_node node;
static tj_str admins[] = { TJ_S("300:88.111.1/ADMIN") };

static enum tj_rc
put(void *ctx, struct tj_record *out, const struct tj_record *old, struct tj_arena *arena,
    struct tj_err *err)
{
	static const struct tj_value values[] = {
		{ .index = 1, .ttl_s = 60, .permissions = 14, .type = TJ_S("URL"),
		    .data = TJ_S("https://a.example/") },
		{ .index = 2, .ttl_s = 60, .permissions = 14, .type = TJ_S("10320/loc"),
		    .data = TJ_S("<locations><location href='https://b.example/'/></locations>") },
		{ .index = 300, .ttl_s = 60, .permissions = 12, .type = TJ_S("HS_SECKEY"),
		    .data = TJ_S("secret") },
	};

	(void)old;
	(void)arena;
	(void)err;
	*out = (struct tj_record){ .handle = *(tj_str *)ctx, .values = values, .count = 3 };
	return TJ_OK;
}

static void
start(void)
{
	tj_str handle = TJ_S("88.111.1/ADMIN");
	struct tj_edit edit = { .handle = handle, .edit = put, .ctx = &handle };

	if (node.records != NULL) {
		node.records->close(node.records);
		tj_sessions_free(node.sessions);
	}
	if (tj_records_mem_open(&node.records, NULL) != TJ_OK ||
	    tj_sessions_new(&node.sessions, NULL) != TJ_OK ||
	    node.records->set_home(node.records, TJ_S("88.111.1"), true, NULL) != TJ_OK ||
	    node.records->edit(node.records, &edit, 1, NULL) != TJ_OK)
		abort();
	node.settings.admins = admins;
	node.settings.admin_count = 1;
}

/*
 * A request as lines: method, path, query, flags ("s" for TLS), headers "Name: value", an
 * empty line, the body.  Whatever it is, it has one answer whose headers are lines.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static tj_time at = 1790812800;		/* late enough each time to be listened to */
	static unsigned runs;
	struct tj_http_pair headers[HEADERS_MAX];
	struct tj_http_request request = { .id = TJ_S("1"), .headers = headers,
	    .peer = TJ_S("127.0.0.1"), .at = at += 10 };
	struct tj_http_response response = { 0 };
	struct tj_arena *arena = tj_arena_new(1u << 28);
	tj_str rest = { (const char *)data, n }, line, flags = TJ_S("");

	if (runs++ % RUNS == 0)
		start();
	(void)tj_str_next(&request.method, &rest, '\n');
	(void)tj_str_next(&request.path, &rest, '\n');
	(void)tj_str_next(&request.query, &rest, '\n');
	(void)tj_str_next(&flags, &rest, '\n');
	while (tj_str_next(&line, &rest, '\n') && line.n > 0 &&
	    request.header_count < HEADERS_MAX) {
		const size_t colon = tj_str_find(line, ':');

		headers[request.header_count++] = (struct tj_http_pair){
			tj_str_cut(line, 0, colon), tj_str_trim(tj_str_cut(line, colon + 1, line.n)) };
	}
	request.body = rest;
	request.is_secure = flags.n > 0 && flags.p[0] == 's';
	tj_node_answer(&node, &request, &response, arena);
	if (response.status < 200 || response.status > 599)
		abort();
	for (size_t i = 0; i < response.headers.n; i++)
		for (size_t k = 0; k < response.headers.v[i].value.n; k++)
			if ((uint8_t)response.headers.v[i].value.p[k] < ' ')
				abort();
	tj_arena_free(arena);
	return 0;
}
