#include <stdio.h>

#include "tests/support/face.h"

#define VALUE(index, type, data)	"{\"index\":" #index ",\"type\":\"" type "\",\"data\":"	\
	"{\"format\":\"string\",\"value\":\"" data "\"},\"ttl\":86400,\"timestamp\":\"" FACE_STAMP "\"}"
#define OK_OF(handle, values)	"{\"responseCode\":1,\"handle\":\"" handle "\",\"values\":[" values "]}"
#define NONE_OF(handle)		"{\"responseCode\":200,\"handle\":\"" handle "\",\"values\":[]}"

static int
open_face(void **state)
{
	static struct face f;

	face_open(&f);
	face_record(&f, "88.111.1/g1", "["
	    "{\"index\":1,\"type\":\"URL\",\"data\":\"https://a.example/\"},"
	    "{\"index\":2,\"type\":\"URL.ALT\",\"data\":\"https://b.example/\"},"
	    "{\"index\":3,\"type\":\"EMAIL\",\"data\":\"a@b.example\"},"
	    "{\"index\":5,\"type\":\"KEY\",\"data\":\"hidden\",\"permissions\":\"1100\"}]");
	*state = &f;
	return 0;
}

static int
close_face(void **state)
{
	face_close(*state);
	return 0;
}

#define GET(target)	face_ask(f, "GET", "/api/handles/" target, NULL, NULL)

static void
a_record_is_read_with_what_the_public_may_see(void **state)
{
	struct face *f = *state;

	assert_reply(f, 200, OK_OF("88.111.1/g1", VALUE(1, "URL", "https://a.example/") ","
	    VALUE(2, "URL.ALT", "https://b.example/") "," VALUE(3, "EMAIL", "a@b.example")),
	    GET("88.111.1/g1"));
	assert_str("application/json;charset=UTF-8", face_header(f, "Content-Type"));
}

static void
filters_unite_and_types_know_their_subtypes(void **state)
{
	struct face *f = *state;

	assert_reply(f, 200, OK_OF("88.111.1/g1", VALUE(1, "URL", "https://a.example/")),
	    GET("88.111.1/g1?type=url"));
	assert_reply(f, 200, OK_OF("88.111.1/g1", VALUE(1, "URL", "https://a.example/") ","
	    VALUE(2, "URL.ALT", "https://b.example/")), GET("88.111.1/g1?type=URL."));
	assert_reply(f, 200, OK_OF("88.111.1/g1", VALUE(1, "URL", "https://a.example/") ","
	    VALUE(3, "EMAIL", "a@b.example")), GET("88.111.1/g1?index=3&type=URL"));
	assert_reply(f, 200, OK_OF("88.111.1/g1", VALUE(3, "EMAIL", "a@b.example")),
	    GET("88.111.1/g1?type=EMAIL&auth&cert=true&doNotRefer=true"));
	assert_reply(f, 200, NONE_OF("88.111.1/g1"), GET("88.111.1/g1?index=9"));
	assert_reply(f, 200, NONE_OF("88.111.1/g1"), GET("88.111.1/g1?type=NOPE"));
}

static void
what_is_hidden_looks_like_what_is_not_there(void **state)
{
	struct face *f = *state;

	assert_reply(f, 200, NONE_OF("88.111.1/g1"), GET("88.111.1/g1?index=5"));
	assert_reply(f, 200, NONE_OF("88.111.1/g1"), GET("88.111.1/g1?type=KEY"));
	assert_reply(f, 200, OK_OF("88.111.1/g1", "{\"index\":5,\"type\":\"KEY\",\"data\":"
	    "{\"format\":\"string\",\"value\":\"hidden\"},\"permissions\":\"1100\",\"ttl\":86400,"
	    "\"timestamp\":\"" FACE_STAMP "\"}"),
	    face_admin(f, "GET", "/api/handles/88.111.1/g1?index=5", NULL));
	assert_reply(f, 200, NONE_OF("88.111.1/g1"),
	    face_admin(f, "GET", "/api/handles/88.111.1/g1?index=5&publicOnly", NULL));
	/* Not even an administrator's browser gives it to another page's script. */
	assert_reply(f, 200, "x(" NONE_OF("88.111.1/g1") ");",
	    face_admin(f, "GET", "/api/handles/88.111.1/g1?index=5&callback=x", NULL));
}

static void
asking_for_more_than_the_public_sees_needs_a_name(void **state)
{
	struct face *f = *state;

	assert_reply(f, 401, "{\"responseCode\":402,\"handle\":\"88.111.1/g1\",\"message\":"
	    "\"Authentication needed\"}", GET("88.111.1/g1?publicOnly=false"));
	assert_str("Basic realm=\"handle\"", face_header_with(f, "WWW-Authenticate", "Basic"));
	assert_int_equal(face_header_with(f, "WWW-Authenticate", "Handle sessionId=").n,
	    strlen("Handle sessionId=\"\", nonce=\"\"") + 36 + 24);
	f->is_plain = true;
	assert_reply(f, 403, "{\"responseCode\":402,\"handle\":\"88.111.1/g1\",\"message\":"
	    "\"Authentication needed, for which this server takes HTTPS alone\"}",
	    GET("88.111.1/g1?publicOnly=false"));
	/* Over plain HTTP a password is not listened to. */
	assert_reply(f, 200, NONE_OF("88.111.1/g1"),
	    face_admin(f, "GET", "/api/handles/88.111.1/g1?index=5", NULL));
	f->is_plain = false;
}

static void
each_way_to_fail_has_its_code(void **state)
{
	static const struct {
		const char	*target;
		unsigned	 status;
		const char	*start;
	} cases[] = {
		{ "/api/handles/88.111.1/none", 404, "{\"responseCode\":100,\"handle\":\"88.111.1/none\"}" },
		{ "/api/handles/10.9/x", 400, "{\"responseCode\":301,\"handle\":\"10.9/x\",\"message\":"
		    "\"That prefix doesn't live here\"}" },
		{ "/api/handles/", 400, "{\"responseCode\":102," },
		{ "/api/handles/88.111.1/a%zz", 400, "{\"responseCode\":102," },
		{ "/api/handles/88.111.1/a%", 400, "{\"responseCode\":102," },
		{ "/api/handles/88.111.1/%ff", 400, "{\"responseCode\":102," },
		{ "/api/handles/88.111.1/a%00b", 400, "{\"responseCode\":102," },
		{ "/api/handles/88.111.1/g1?index=x", 400, "{\"responseCode\":4," },
		{ "/api/handles/88.111.1/g1?index=-1", 400, "{\"responseCode\":4," },
		{ "/api/handles/88.111.1/g1?index=99999999999", 400, "{\"responseCode\":4," },
		{ "/api/handles/88.111.1/g1?index=various", 400, "{\"responseCode\":4," },
		{ "/api/handles/88.111.1/g1?type=%f", 400, "{\"responseCode\":4," },
		{ "/api/handles", 400, "{\"responseCode\":4," },
		{ "/api/nothing", 404, "{\"responseCode\":4," },
		{ "/api/", 404, "{\"responseCode\":4," },
		{ "/api", 404, "{\"responseCode\":4," },
		{ "/api/site/x", 404, "{\"responseCode\":4," },
		{ "/api/sessions/that", 404, "{\"responseCode\":4," },
	};
	struct face *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const unsigned got = face_ask(f, "GET", cases[i].target, NULL, NULL);

		if (got != cases[i].status ||
		    !tj_str_starts(f->reply.body, tj_str_of(cases[i].start)))
			print_error("%s: %u %.*s\n", cases[i].target, got, TJ_FMT(f->reply.body));
		assert_int_equal(got, cases[i].status);
		assert_true(tj_str_starts(f->reply.body, tj_str_of(cases[i].start)));
	}
	assert_int_equal(face_ask(f, "PATCH", "/api/handles/88.111.1/g1", NULL, NULL), 501);
	assert_true(tj_str_starts(f->reply.body, TJ_S("{\"responseCode\":4,")));
	assert_int_equal(face_ask(f, "TRACE", "/api/handles/88.111.1/g1", NULL, NULL), 405);
	assert_int_equal(face_ask(f, "PUT", "/api/site", NULL, NULL), 405);
}

static void
names_are_decoded_once_and_said_back_as_they_came(void **state)
{
	static const char *const paths[][2] = {
		{ "88.111.1/a+b", "88.111.1/a+b" },
		{ "88.111.1/q%3F%23%25x", "88.111.1/q?#%x" },
		{ "88.111.1/s/t//u", "88.111.1/s/t//u" },
		{ "88.111.1%2Fa%2525", "88.111.1/a%25" },
		{ "88.111.1/%E7%A2%B3", "88.111.1/碳" },
		{ "88.111.1/..", "88.111.1/.." },
		{ "88.111.1/%2e%2e/%2E", "88.111.1/../." },
		{ "88.111.1//", "88.111.1//" },
	};
	struct face *f = *state;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const tj_str target = tj_str_fmt(f->arena, "/api/handles/%s", paths[i][0]);
		const tj_str want = tj_str_fmt(f->arena,
		    "{\"responseCode\":1,\"handle\":\"%s\"", paths[i][1]);

		face_record(f, paths[i][1], "[{\"index\":1,\"type\":\"URL\",\"data\":\"x\"}]");
		assert_int_equal(face_ask(f, "GET", target.p, NULL, NULL), 200);
		assert_true(tj_str_starts(f->reply.body, want));
	}
	assert_reply(f, 200, OK_OF("88.111.1/G1", VALUE(3, "EMAIL", "a@b.example")),
	    GET("88.111.1/G1?index=3"));
}

static void
a_handle_of_2048_bytes_is_one_and_a_longer_one_is_not(void **state)
{
	struct face *f = *state;
	char target[2100] = "/api/handles/88.111.1/";
	const size_t start = strlen("/api/handles/");

	memset(target + strlen(target), 'x', start + 2048 - strlen(target));
	assert_int_equal(face_ask(f, "GET", target, NULL, NULL), 404);
	target[start + 2048] = 'x';
	assert_int_equal(face_ask(f, "GET", target, NULL, NULL), 400);
	assert_true(tj_str_starts(f->reply.body, TJ_S("{\"responseCode\":102,")));
}

static void
a_name_without_a_slash_is_a_prefix(void **state)
{
	struct face *f = *state;

	face_record(f, "0.NA/88.111.1", "[{\"index\":3,\"type\":\"EMAIL\",\"data\":\"a@b.example\"}]");
	assert_reply(f, 200, OK_OF("88.111.1", VALUE(3, "EMAIL", "a@b.example")), GET("88.111.1"));
	assert_reply(f, 200, OK_OF("0.na/88.111.1", VALUE(3, "EMAIL", "a@b.example")),
	    GET("0.na/88.111.1"));
	assert_int_equal(GET("0.NA/88.111.1.7"), 404);
	assert_int_equal(GET("0.NA/88.111"), 400);
	assert_int_equal(GET("0.NA/88.111.10"), 400);
}

static void
a_post_of_json_is_a_get(void **state)
{
	struct face *f = *state;

	assert_reply(f, 200, OK_OF("88.111.1/g1", VALUE(1, "URL", "https://a.example/") ","
	    VALUE(3, "EMAIL", "a@b.example")), face_ask(f, "POST", "/api/handles/88.111.1/g1",
	    "{\"index\":[1,3],\"auth\":true,\"publicOnly\":null}", "Content-Type",
	    "application/json; charset=utf-8", NULL));
	assert_int_equal(face_ask(f, "POST", "/api/handles/88.111.1/g1", "{}", NULL), 400);
	assert_int_equal(face_ask(f, "POST", "/api/handles/88.111.1/g1", "[1]", "Content-Type",
	    "application/json", NULL), 400);
	assert_int_equal(face_ask(f, "POST", "/api/handles/88.111.1/g1", "{\"index\":{}}",
	    "Content-Type", "application/json", NULL), 400);
	assert_int_equal(face_ask(f, "POST", "/api/handles/88.111.1/g1", "{\"index\":-1}",
	    "Content-Type", "application/json", NULL), 400);
}

static void
scripts_and_people_get_their_forms(void **state)
{
	struct face *f = *state;

	assert_reply(f, 200, "cb$__alert_1_(" NONE_OF("88.111.1/g1") ");",
	    GET("88.111.1/g1?index=9&callback=cb$_%3Balert(1)"));
	assert_str("application/javascript;charset=UTF-8", face_header(f, "Content-Type"));
	assert_reply(f, 200, "{\n  \"responseCode\": 200,\n  \"handle\": \"88.111.1/g1\",\n"
	    "  \"values\": []\n}", GET("88.111.1/g1?index=9&pretty"));
	assert_reply(f, 200, NONE_OF("88.111.1/g1"), GET("88.111.1/g1?index=9&pretty=false"));
	assert_reply(f, 404, "cb({\"responseCode\":100,\"handle\":\"88.111.1/no\"});",
	    GET("88.111.1/no?callback=cb"));
}

static void
other_pages_may_ask_and_say_how(void **state)
{
	struct face *f = *state;

	assert_int_equal(face_ask(f, "GET", "/api/handles/88.111.1/g1", NULL, "Origin",
	    "https://page.example", NULL), 200);
	assert_str("https://page.example", face_header(f, "Access-Control-Allow-Origin"));
	assert_null(face_header(f, "Access-Control-Allow-Credentials").p);
	assert_int_equal(face_ask(f, "OPTIONS", "/api/handles/88.111.1/g1", NULL, "Origin",
	    "https://page.example", "Access-Control-Request-Method", "PUT",
	    "Access-Control-Request-Headers", "authorization,content-type", NULL), 200);
	assert_str("GET,POST,HEAD,PUT,DELETE", face_header(f, "Access-Control-Allow-Methods"));
	assert_str("86400", face_header(f, "Access-Control-Max-Age"));
	assert_str("authorization,content-type", face_header(f, "Access-Control-Allow-Headers"));
	assert_int_equal(face_ask(f, "GET", "/api/handles/88.111.1/none", NULL, "Origin",
	    "https://page.example", NULL), 404);
	assert_str("https://page.example", face_header(f, "Access-Control-Allow-Origin"));
	/* A form elsewhere cannot say that it posts JSON. */
	assert_int_equal(face_ask(f, "POST", "/api/prefixes/0.NA/88.5", "", "Origin",
	    "https://evil.example", "Authorization", FACE_ADMIN, NULL), 400);
	assert_false(f->node.records->is_home(f->node.records, TJ_S("88.5")));
}

static void
a_reader_who_knows_it_need_not_get_it_again(void **state)
{
	struct face *f = *state;
	tj_str tag;

	assert_int_equal(GET("88.111.1/g1"), 200);
	tag = face_header(f, "ETag");
	assert_int_equal(tag.n, 66);
	assert_int_equal(face_ask(f, "GET", "/api/handles/88.111.1/g1", NULL, "If-None-Match",
	    tag.p, NULL), 304);
	assert_int_equal(f->reply.body.n, 0);
	assert_str(tag.p, face_header(f, "ETag"));
	assert_int_equal(face_ask(f, "HEAD", "/api/handles/88.111.1/g1", NULL, "If-None-Match",
	    "\"x\", W/\"y\"", NULL), 200);
	face_record(f, "88.111.1/g1", "[{\"index\":1,\"type\":\"URL\",\"data\":\"x\"}]");
	assert_int_equal(face_ask(f, "GET", "/api/handles/88.111.1/g1", NULL, "If-None-Match",
	    tag.p, NULL), 200);
}

static void
declare(struct face *f, const char *id, const char *jws)
{
	struct tj_store *store = f->node.declarations;
	struct tj_stored stored = {
		.product = TJ_S("hdl:88.111.1/C24"), .id = tj_str_of(id), .jws = tj_str_of(jws)
	};
	struct tj_err err = { 0 };

	memcpy(stored.digest.b, id + strlen(id) - 8, 8);
	assert_ok(store->begin(store, &err), &err);
	assert_ok(store->put(store, &stored, &err), &err);
	assert_ok(store->commit(store, &err), &err);
}

#define DECLARED(index, jws)	"{\"index\":" #index ",\"type\":\"TANJI.DECLARATION\",\"data\":"	\
	"{\"format\":\"string\",\"value\":\"" jws "\"},\"permissions\":\"1010\",\"ttl\":86400,"	\
	"\"timestamp\":\"" FACE_STAMP "\"}"

static void
what_the_company_declared_is_a_value_of_the_record(void **state)
{
	struct face *f = *state;
	tj_str first, second;

	declare(f, "urn:uuid:00000001", "a.b.c");
	assert_reply(f, 200, OK_OF("88.111.1/c24", DECLARED(1000, "a.b.c")), GET("88.111.1/c24"));
	first = face_header(f, "ETag");
	declare(f, "urn:uuid:00000002", "d.e.f");
	assert_reply(f, 200, OK_OF("88.111.1/c24", DECLARED(1000, "d.e.f")),
	    GET("88.111.1/c24?type=TANJI.DECLARATION"));
	second = face_header(f, "ETag");
	assert_false(tj_str_eq(first, second));
	face_record(f, "88.111.1/C24", "[{\"index\":2,\"type\":\"URL\",\"data\":\"u\"},"
	    "{\"index\":1000,\"type\":\"A\",\"data\":\"a\"},{\"index\":1002,\"type\":\"B\",\"data\":\"b\"}]");
	assert_reply(f, 200, OK_OF("88.111.1/c24", VALUE(2, "URL", "u") "," VALUE(1000, "A", "a") ","
	    DECLARED(1001, "d.e.f") "," VALUE(1002, "B", "b")), GET("88.111.1/c24"));
	/* It is nobody's to remove. */
	assert_int_equal(face_admin(f, "DELETE", "/api/handles/88.111.1/c24?index=1001", NULL), 400);
	assert_true(tj_str_starts(f->reply.body, TJ_S("{\"responseCode\":200,")));
	/* One of the record's own is the one there is. */
	face_record(f, "88.111.1/C24", "[{\"index\":7,\"type\":\"TANJI.DECLARATION\",\"data\":\"own\"}]");
	assert_reply(f, 200, OK_OF("88.111.1/c24", VALUE(7, "TANJI.DECLARATION", "own")),
	    GET("88.111.1/c24"));
}

static enum tj_rc
read_once(struct face *f)
{
	struct tj_arena *arena = tj_arena_new(1u << 20);
	unsigned status;

	if (arena == NULL)
		return TJ_E_NOMEM;
	status = face_ask_in(f, arena, "GET", "/api/handles/88.111.1/g1?type=URL&pretty", NULL,
	    FACE_ADMIN);
	memset(&f->reply, 0, sizeof(f->reply));
	tj_arena_free(arena);
	assert_true(status == 200 || status == 500);
	return status == 200 ? TJ_OK : TJ_E_NOMEM;
}

static void
memory_that_runs_out_is_an_error_of_the_server(void **state)
{
	OOM_LOOP(read_once(*state));
}

#define t(f)	cmocka_unit_test_setup_teardown(f, open_face, close_face)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		t(a_record_is_read_with_what_the_public_may_see),
		t(filters_unite_and_types_know_their_subtypes),
		t(what_is_hidden_looks_like_what_is_not_there),
		t(asking_for_more_than_the_public_sees_needs_a_name),
		t(each_way_to_fail_has_its_code),
		t(names_are_decoded_once_and_said_back_as_they_came),
		t(a_handle_of_2048_bytes_is_one_and_a_longer_one_is_not),
		t(a_name_without_a_slash_is_a_prefix),
		t(a_post_of_json_is_a_get),
		t(scripts_and_people_get_their_forms),
		t(other_pages_may_ask_and_say_how),
		t(a_reader_who_knows_it_need_not_get_it_again),
		t(what_the_company_declared_is_a_value_of_the_record),
		t(memory_that_runs_out_is_an_error_of_the_server),
	};

	return RUN(tests);
}
