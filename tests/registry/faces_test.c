#include "connectors/records.h"
#include "exchange/did.h"
#include "exchange/json.h"
#include "exchange/registry/node.h"
#include "tests/support/client.h"
#include "tests/support/support.h"

struct setting {
	struct tj_arena		*arena;
	struct tj_http_meter	 meter;
	struct tj_node		 node;
	struct tj_err		 err;
};

static void
begin(struct setting *s)
{
	*s = (struct setting){ .arena = tj_arena_new((size_t)1 << 24) };
	assert_ok(tj_records_mem_open(&s->node.records, &s->err), &s->err);
	s->node.meter = &s->meter;
}

static void
end(struct setting *s)
{
	s->node.records->close(s->node.records);
	tj_arena_free(s->arena);
}

static struct tj_http_response
ask_as(struct setting *s, const char *method, const char *path, const char *peer)
{
	const struct tj_http_request request = { .id = TJ_S("i"), .method = tj_str_of(method),
	    .path = tj_str_of(path), .peer = tj_str_of(peer) };
	struct tj_http_response response = { 0 };

	tj_node_answer(&s->node, &request, &response, s->arena);
	return response;
}

static struct tj_http_response
ask(struct setting *s, const char *path)
{
	return ask_as(s, "GET", path, "127.0.0.1");
}

static enum tj_rc
no_get(struct tj_records *records, struct tj_record *record, tj_str handle,
    struct tj_arena *arena, struct tj_err *err)
{
	(void)records;
	(void)record;
	(void)handle;
	(void)arena;
	return tj_fail(err, TJ_E_IO, "gone");
}

static void
a_node_is_healthy_while_it_runs_and_ready_while_its_records_answer(void **state)
{
	struct setting s;
	enum tj_rc (*get)(struct tj_records *, struct tj_record *, tj_str, struct tj_arena *,
	    struct tj_err *);

	(void)state;
	begin(&s);
	assert_int_equal(ask(&s, "/healthz").status, 200);
	assert_int_equal(ask(&s, "/readyz").status, 200);
	assert_string_equal(ask(&s, "/readyz").face, "health");
	assert_int_equal(ask_as(&s, "PUT", "/healthz", "127.0.0.1").status, 405);
	s.meter.is_draining = true;
	assert_int_equal(ask(&s, "/healthz").status, 200);
	assert_int_equal(ask(&s, "/readyz").status, 503);
	s.meter.is_draining = false;
	get = s.node.records->get;
	s.node.records->get = no_get;
	assert_int_equal(ask(&s, "/readyz").status, 503);
	s.node.records->get = get;
	end(&s);
}

static void
metrics_count_what_was_answered(void **state)
{
	struct setting s;
	tj_str text;

	(void)state;
	begin(&s);
	assert_ok(s.node.records->set_home(s.node.records, TJ_S("88.1\"\n"), true, &s.err),
	    &s.err);
	tj_http_meter_count(&s.meter, "health", TJ_S("GET"), 200, 70, 0, 3);
	tj_http_meter_count(&s.meter, "health", TJ_S("GET"), 204, 300, 0, 3);
	tj_http_meter_count(&s.meter, "handle", TJ_S("BREW"), 400, 9000000, 12, 0);
	text = ask(&s, "/metrics").body;
	assert_true(tj_client_has(text, "tanji_http_requests_total{face=\"health\",method=\"GET\",status=\"2xx\"} 2\n"));
	assert_true(tj_client_has(text, "tanji_http_requests_total{face=\"handle\",method=\"other\",status=\"4xx\"} 1\n"));
	assert_true(tj_client_has(text, "tanji_http_request_seconds_bucket{le=\"5e-05\"} 0\n"));
	assert_true(tj_client_has(text, "tanji_http_request_seconds_bucket{le=\"0.0001\"} 1\n"));
	assert_true(tj_client_has(text, "tanji_http_request_seconds_bucket{le=\"5\"} 2\n"));
	assert_true(tj_client_has(text, "tanji_http_request_seconds_bucket{le=\"+Inf\"} 3\n"));
	assert_true(tj_client_has(text, "tanji_http_request_seconds_count 3\n"));
	assert_true(tj_client_has(text, "tanji_http_body_bytes_in_total 12\n"));
	assert_true(tj_client_has(text, "tanji_records{prefix=\"88.1\\\"?\"} 0\n"));
	end(&s);
}

static void
metrics_are_for_this_machine_and_the_networks_named(void **state)
{
	struct setting s;
	tj_network network;

	(void)state;
	begin(&s);
	assert_int_equal(ask_as(&s, "GET", "/metrics", "::1").status, 200);
	assert_int_equal(ask_as(&s, "GET", "/metrics", "unix").status, 200);
	assert_int_equal(ask_as(&s, "GET", "/metrics", "10.1.2.3").status, 404);
	assert_true(tj_network_parse(&network, TJ_S("10.0.0.0/8")));
	s.node.settings.watchers = &network;
	s.node.settings.watcher_count = 1;
	assert_int_equal(ask_as(&s, "GET", "/metrics", "10.1.2.3").status, 200);
	assert_int_equal(ask_as(&s, "GET", "/metrics", "11.1.2.3").status, 404);
	end(&s);
}

/* Every "$ref" leads somewhere, and every {parameter} of a path is described. */
static void
references_hold(const struct tj_json *document, const struct tj_json *at, tj_str name,
    struct tj_arena *arena)
{
	if (tj_str_eq(name, TJ_S("$ref"))) {
		tj_str path = tj_str_dup(tj_json_text(at), arena);
		char *p = (char *)(uintptr_t)path.p;

		assert_true(tj_str_starts(path, TJ_S("#/components/")));
		for (char *c = p; *c != '\0'; c++)
			if (*c == '/')
				*c = '.';
		if (tj_json_find(document, p + 2) == NULL)
			fail_msg("%s leads nowhere", p);
	}
	for (size_t i = 0; i < tj_json_count(at); i++)
		references_hold(document, tj_json_at(at, i),
		    tj_json_type(at) == TJ_JSON_OBJECT ? tj_json_name(at, i) : TJ_S(""), arena);
}

static void
operations_are_complete(const struct tj_json *path, tj_str name)
{
	const struct tj_json *parameters = tj_json_find(path, "parameters");

	assert_true(name.p[0] == '/');
	if (tj_str_find(name, '{') < name.n)
		assert_int_equal(tj_json_count(parameters), 1);
	for (size_t i = 0; i < tj_json_count(path); i++) {
		const struct tj_json *operation = tj_json_at(path, i);

		if (operation == parameters)
			continue;
		assert_true(tj_json_count(tj_json_find(operation, "responses")) > 0);
		assert_true(tj_json_text(tj_json_find(operation, "operationId")).n > 0);
	}
}

static void
the_description_is_an_openapi_document_of_every_route(void **state)
{
	static const char *const routes[] = { "/api/handles", "/api/handles/{handle}",
	    "/api/prefixes", "/api/prefixes/{prefix}", "/api/site", "/api/sessions",
	    "/api/sessions/this", "/api/verifications/{who}", "/{handle}", "/log/checkpoint",
	    "/log/tile/{tile}", "/witness/add-checkpoint", "/witness/{origin}/checkpoint", "/healthz",
	    "/readyz", "/metrics", "/openapi.json" };
	const struct tj_json *document, *paths;
	struct setting s;

	(void)state;
	begin(&s);
	assert_ok(tj_json_read(&document, ask(&s, "/openapi.json").body, s.arena, &s.err),
	    &s.err);
	assert_str("3.0.3", tj_json_text(tj_json_find(document, "openapi")));
	assert_non_null(tj_json_find(document, "info.title"));
	assert_non_null(tj_json_find(document, "info.version"));
	paths = tj_json_find(document, "paths");
	assert_int_equal(tj_json_count(paths), sizeof(routes) / sizeof(routes[0]));
	for (size_t i = 0; i < tj_json_count(paths); i++) {
		assert_str(routes[i], tj_json_name(paths, i));
		operations_are_complete(tj_json_at(paths, i), tj_json_name(paths, i));
	}
	references_hold(document, document, TJ_S(""), s.arena);
	end(&s);
}

static void
what_no_face_knows_is_not_there(void **state)
{
	struct setting s;

	(void)state;
	begin(&s);
	assert_int_equal(ask(&s, "/api/nothing/such").status == 200, false);
	end(&s);
}

/* Of tests/exchange/data/declaration.jwk. */
static void
the_companys_keys_are_shown_as_a_set(void **state)
{
	struct tj_http_response response;
	struct tj_did did = { .id = TJ_S("") };
	struct setting s;

	(void)state;
	begin(&s);
	assert_int_equal(ask(&s, "/.well-known/jwks.json").status, 404);
	s.node.settings.did_json = tj_test_file("tests/exchange/data/declaration.did.json", s.arena);
	response = ask(&s, "/.well-known/jwks.json");
	assert_int_equal(response.status, 200);
	assert_ok(tj_jwks_read(&did, response.body, s.arena, NULL), NULL);
	assert_str("did:web:steel.example#k1", did.keys.v[0].kid);
	assert_int_equal(ask_as(&s, "POST", "/.well-known/jwks.json", "127.0.0.1").status, 405);
	end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_companys_keys_are_shown_as_a_set),
		test(a_node_is_healthy_while_it_runs_and_ready_while_its_records_answer),
		test(metrics_count_what_was_answered),
		test(metrics_are_for_this_machine_and_the_networks_named),
		test(the_description_is_an_openapi_document_of_every_route),
		test(what_no_face_knows_is_not_there),
	};

	return RUN(tests);
}
