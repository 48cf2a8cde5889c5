#include "exchange/handle_reply.h"
#include "model/base/limits.h"
#include "tests/support/support.h"

static struct tj_err	err;

#define VALUE(index, type, time)	"{\"index\":" index ",\"type\":\"" type "\",\"data\":" \
	"{\"format\":\"string\",\"value\":\"v" index "\"},\"ttl\":60,\"timestamp\":\"" time "\"}"
#define RECORD(values)	"{\"responseCode\":1,\"handle\":\"88.1/a\",\"values\":[" values "]}"
#define SITE(servers)	"{\"index\":1,\"type\":\"HS_SITE\",\"data\":{\"format\":\"site\"," \
	"\"value\":{\"version\":1,\"servers\":[" servers "]}}}"
#define SERVER(address, interfaces)	"{\"serverId\":1,\"address\":\"" address "\"," \
	"\"interfaces\":[" interfaces "]}"
#define FACE(protocol, port, query)	"{\"query\":" query ",\"admin\":true,\"protocol\":\"" \
	protocol "\",\"port\":" port "}"

static void
values_are_read_with_all_that_a_reader_needs(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	const struct tj_reply_value *newest;
	struct tj_reply reply;

	(void)state;
	assert_ok(tj_reply_read(&reply, TJ_S(RECORD(VALUE("1", "URL", "2026-10-01T00:00:00Z") ","
	    VALUE("5", "T", "2026-10-01T00:00:00Z") "," VALUE("4", "t", "2026-10-02T00:00:00Z") ","
	    VALUE("3", "T", "2026-10-02T00:00:00Z"))), arena, &err), &err);
	assert_int_equal(reply.code, 1);
	assert_str("88.1/a", reply.handle);
	assert_int_equal(reply.values.n, 4);
	assert_int_equal(reply.values.v[0].ttl_s, 60);
	newest = tj_reply_newest(&reply, TJ_S("T"));
	assert_non_null(newest);
	assert_str("v4", newest->text);
	assert_null(tj_reply_newest(&reply, TJ_S("EMAIL")));
	assert_ok(tj_reply_read(&reply, TJ_S("{\"responseCode\":100,\"message\":\"no\"}"), arena,
	    &err), &err);
	assert_int_equal(reply.code, TJ_REPLY_NOT_FOUND);
	assert_str("no", reply.message);
	assert_int_equal(reply.values.n, 0);
	assert_ok(tj_reply_read(&reply, TJ_S(RECORD("{\"index\":1,\"type\":\"URL\",\"data\":\"x\","
	    "\"ttl\":\"2026-10-01T00:00:00Z\"},{\"index\":2,\"type\":\"B\",\"data\":{\"format\":"
	    "\"base64\",\"value\":\"eA==\"}},{\"index\":3,\"type\":\"N\"}")), arena, &err), &err);
	assert_str("x", reply.values.v[0].text);
	assert_int_equal(reply.values.v[0].ttl_s, 0);
	assert_str("", reply.values.v[1].text);
	assert_int_equal(reply.values.v[1].ttl_s, 86400);
	assert_null(reply.values.v[2].data);
	tj_arena_free(arena);
}

static void
what_is_not_an_answer_is_told_with_its_member(void **state)
{
	static const struct { const char *text, *field; } bad[] = {
		{ "[]", "" }, { "{}", "responseCode" }, { "{\"responseCode\":\"1\"}", "responseCode" },
		{ "{\"responseCode\":-1}", "responseCode" }, { "{\"responseCode\":1.5}", "responseCode" },
		{ "{\"responseCode\":1,\"values\":{}}", "values" },
		{ RECORD("1"), "" }, { RECORD("{\"index\":1}"), "type" },
		{ RECORD("{\"index\":1e300,\"type\":\"T\"}"), "index" },
		{ RECORD("{\"index\":\"1\",\"type\":\"T\"}"), "index" },
		{ RECORD("{\"index\":1,\"type\":\"T\",\"ttl\":-1}"), "ttl" },
		{ RECORD("{\"index\":1,\"type\":\"T\",\"timestamp\":\"now\"}"), "timestamp" },
	};
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_reply reply;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		tj_err_clear(&err);
		assert_rc(TJ_E_DATA, tj_reply_read(&reply, tj_str_of(bad[i].text), arena, &err), &err);
		assert_string_equal(err.field, bad[i].field);
	}
	tj_arena_free(arena);
}

static enum tj_rc
places_of(struct tj_places *places, const char *json, struct tj_arena *arena)
{
	struct tj_reply reply;

	TRY(tj_reply_read(&reply, tj_str_of(json), arena, &err));
	return tj_reply_places(places, &reply, arena, &err);
}

static void
sites_are_places_https_first(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_places places;

	(void)state;
	assert_ok(places_of(&places, RECORD(SITE(
	    SERVER("192.0.2.1", FACE("TCP", "2641", "true") "," FACE("HTTP", "8000", "true") ","
	    FACE("HTTPS", "8443", "true") "," FACE("HTTP", "8001", "false")) ","
	    SERVER("2001:db8::1", FACE("HTTP", "80", "true")))), arena), &err);
	assert_int_equal(places.list.n, 3);
	assert_str("https://192.0.2.1:8443", places.list.v[0].url);
	assert_str("http://192.0.2.1:8000", places.list.v[1].url);
	assert_str("http://[2001:db8::1]:80", places.list.v[2].url);
	assert_int_equal(places.list.v[0].server, places.list.v[1].server);
	assert_int_not_equal(places.list.v[1].server, places.list.v[2].server);
	assert_ok(places_of(&places, RECORD(VALUE("1", "URL", "2026-10-01T00:00:00Z")), arena), &err);
	assert_int_equal(places.list.n, 0);
	tj_arena_free(arena);
}

static void
sites_of_no_use_are_told(void **state)
{
	static const char *const bad[] = {
		RECORD(VALUE("1", "HS_SITE", "2026-10-01T00:00:00Z")), RECORD(SITE("")), RECORD(SITE("1")),
		RECORD(SITE(SERVER("192.0.2.1", ""))), RECORD(SITE(SERVER("", FACE("HTTP", "1", "true")))),
		RECORD(SITE(SERVER("a/b", FACE("HTTP", "1", "true")))),
		RECORD(SITE(SERVER("a@b", FACE("HTTP", "1", "true")))),
		RECORD(SITE(SERVER("192.0.2.1", FACE("HTTP", "65536", "true")))),
		RECORD(SITE(SERVER("192.0.2.1", FACE("HTTP", "-1", "true")))),
		RECORD(SITE(SERVER("192.0.2.1", "{\"port\":1}"))),
		RECORD(SITE(SERVER("192.0.2.1", FACE("TCP", "2641", "true")))),
	};
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_places places;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_rc(TJ_E_DATA, places_of(&places, bad[i], arena), &err);
	tj_arena_free(arena);
}

static enum tj_rc
read_once(void)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	enum tj_rc rc = TJ_E_NOMEM;
	struct tj_places places;

	if (arena != NULL)
		rc = places_of(&places, RECORD(SITE(SERVER("192.0.2.1", FACE("HTTP", "1", "true")))),
		    arena);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(read_once());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(values_are_read_with_all_that_a_reader_needs),
		test(what_is_not_an_answer_is_told_with_its_member),
		test(sites_are_places_https_first),
		test(sites_of_no_use_are_told),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
