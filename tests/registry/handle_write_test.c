#include <pthread.h>
#include <stdio.h>

#include "model/base/buf.h"
#include "tests/support/face.h"

#define H	"/api/handles/88.111.1/w"
#define URL1	"[{\"index\":1,\"type\":\"URL\",\"data\":{\"format\":\"string\",\"value\":\"u\"}}]"
#define DONE	"{\"responseCode\":1,\"handle\":\"88.111.1/w\"}"

static int
open_face(void **state)
{
	static struct face f;

	face_open(&f);
	*state = &f;
	return 0;
}

static int
close_face(void **state)
{
	face_close(*state);
	return 0;
}

static void
a_record_is_created_overwritten_and_deleted(void **state)
{
	struct face *f = *state;

	assert_reply(f, 201, DONE, face_admin(f, "PUT", H, URL1));
	assert_reply(f, 200, DONE, face_admin(f, "PUT", H, URL1));	/* overwriting is the default */
	assert_reply(f, 200, DONE, face_admin(f, "PUT", H "?overwrite=true", URL1));
	assert_reply(f, 409, "{\"responseCode\":101,\"handle\":\"88.111.1/w\",\"message\":"
	    "\"Handle already exists\"}", face_admin(f, "PUT", H "?overwrite=false", URL1));
	/* One name in any case. */
	assert_int_equal(face_admin(f, "PUT", "/api/handles/88.111.1/W?overwrite=false", URL1), 409);
	assert_reply(f, 200, DONE, face_admin(f, "DELETE", H, NULL));
	assert_reply(f, 404, "{\"responseCode\":100,\"handle\":\"88.111.1/w\",\"message\":"
	    "\"Handle not found\"}", face_admin(f, "DELETE", H, NULL));
}

static void
the_body_may_have_three_shapes_and_numbers_may_be_texts(void **state)
{
	struct face *f = *state;

	assert_int_equal(face_admin(f, "PUT", H, "{\"values\":" URL1 "}"), 201);
	assert_int_equal(face_admin(f, "PUT", H, "{\"handle\":\"88.111.1/W\",\"values\":" URL1 "}"), 200);
	assert_int_equal(face_admin(f, "PUT", H, "{\"index\":\"7\",\"type\":\"A\",\"data\":\"b\","
	    "\"ttl\":\"60\",\"timestamp\":\"1999-01-01T00:00:00Z\",\"extra\":1}"), 200);
	/* The client's timestamp is not believed. */
	assert_reply(f, 200, "{\"responseCode\":1,\"handle\":\"88.111.1/w\",\"values\":[{\"index\":7,"
	    "\"type\":\"A\",\"data\":{\"format\":\"string\",\"value\":\"b\"},\"ttl\":60,"
	    "\"timestamp\":\"" FACE_STAMP "\"}]}", face_ask(f, "GET", H, NULL, NULL));
}

static void
values_alone_are_added_and_replaced(void **state)
{
	struct face *f = *state;

	assert_reply(f, 404, "{\"responseCode\":100,\"handle\":\"88.111.1/w\",\"message\":"
	    "\"Handle not found\"}", face_admin(f, "PUT", H "?index=1", URL1));
	assert_int_equal(face_admin(f, "PUT", H, URL1), 201);
	assert_reply(f, 201, DONE, face_admin(f, "PUT", H "?index=2",
	    "{\"index\":2,\"type\":\"A\",\"data\":\"a\"}"));
	assert_reply(f, 200, DONE, face_admin(f, "PUT", H "?index=various",
	    "[{\"index\":2,\"type\":\"A\",\"data\":\"b\"},{\"index\":3,\"type\":\"A\",\"data\":\"c\"}]"));
	assert_reply(f, 200, DONE, face_admin(f, "PUT", H "?index=3&index=2",
	    "[{\"index\":2,\"type\":\"A\",\"data\":\"b\"},{\"index\":3,\"type\":\"A\",\"data\":\"c\"}]"));
	assert_reply(f, 409, "{\"responseCode\":201,\"handle\":\"88.111.1/w\",\"message\":"
	    "\"Index conflict for 3\"}", face_admin(f, "PUT", H "?index=various&overwrite=false",
	    "[{\"index\":3,\"type\":\"A\",\"data\":\"x\"},{\"index\":4,\"type\":\"A\",\"data\":\"x\"}]"));
	assert_int_equal(face_admin(f, "PUT", H "?index=2", "{\"index\":3,\"type\":\"A\",\"data\":\"x\"}"), 400);
	assert_int_equal(face_ask(f, "GET", H "?index=4", NULL, NULL), 200);
	assert_true(tj_str_starts(f->reply.body, TJ_S("{\"responseCode\":200,")));
}

static void
values_alone_are_deleted_all_or_none(void **state)
{
	struct face *f = *state;

	face_record(f, "88.111.1/w", "[{\"index\":1,\"type\":\"A\",\"data\":\"a\"},"
	    "{\"index\":2,\"type\":\"A\",\"data\":\"b\"},{\"index\":3,\"type\":\"A\",\"data\":\"c\"}]");
	assert_reply(f, 400, "{\"responseCode\":200,\"handle\":\"88.111.1/w\",\"message\":"
	    "\"No value at index 9\"}", face_admin(f, "DELETE", H "?index=1&index=9", NULL));
	assert_reply(f, 200, DONE, face_admin(f, "DELETE", H "?index=3&index=1", NULL));
	assert_int_equal(face_admin(f, "DELETE", H "?index=1", NULL), 400);
	assert_int_equal(face_admin(f, "DELETE", H "?index=various", NULL), 400);
	assert_int_equal(face_admin(f, "DELETE", "/api/handles/88.111.1/no?index=1", NULL), 404);
	/* A record without a value is none. */
	assert_reply(f, 200, DONE, face_admin(f, "DELETE", H "?index=2", NULL));
	assert_int_equal(face_ask(f, "GET", H, NULL, NULL), 404);
}

static void
bad_bodies_have_their_codes(void **state)
{
	static const struct {
		const char	*body;
		unsigned	 status, code;
	} cases[] = {
		{ "", 400, 4 }, { "{", 400, 4 }, { "[1]", 400, 4 }, { "\"x\"", 400, 4 },
		{ "[]", 400, 202 }, { "{\"values\":{}}", 400, 4 },
		{ "{\"handle\":\"88.111.1/other\",\"values\":" URL1 "}", 400, 4 },
		{ "{\"index\":0,\"type\":\"A\",\"data\":\"\"}", 400, 202 },
		{ "{\"index\":-1,\"type\":\"A\",\"data\":\"\"}", 400, 202 },
		{ "{\"index\":1.5,\"type\":\"A\",\"data\":\"\"}", 400, 202 },
		{ "{\"index\":2147483648,\"type\":\"A\",\"data\":\"\"}", 400, 202 },
		{ "{\"index\":\"x\",\"type\":\"A\",\"data\":\"\"}", 400, 4 },
		{ "{\"type\":\"A\",\"data\":\"\"}", 400, 4 },
		{ "{\"index\":1,\"data\":\"\"}", 400, 4 },
		{ "{\"index\":1,\"type\":\"A\"}", 400, 4 },
		{ "{\"index\":1,\"type\":\"\",\"data\":\"\"}", 400, 202 },
		{ "{\"index\":1,\"type\":\"A\",\"data\":{\"format\":\"nope\",\"value\":\"\"}}", 400, 4 },
		{ "{\"index\":1,\"type\":\"A\",\"data\":{\"format\":\"hex\",\"value\":\"abc\"}}", 400, 4 },
		{ "{\"index\":1,\"type\":\"A\",\"data\":{\"format\":\"base64\",\"value\":\"*\"}}", 400, 4 },
		{ "{\"index\":1,\"type\":\"A\",\"data\":{\"value\":\"\"}}", 400, 4 },
		{ "{\"index\":1,\"type\":\"A\",\"data\":1}", 400, 4 },
		{ "{\"index\":1,\"index\":2,\"type\":\"A\",\"data\":\"\"}", 400, 4 },
		{ "{\"index\":1,\"type\":\"A\",\"data\":\"\",\"ttl\":-1}", 400, 202 },
		{ "{\"index\":1,\"type\":\"A\",\"data\":\"\",\"permissions\":\"11\"}", 400, 4 },
		{ "[{\"index\":1,\"type\":\"A\",\"data\":\"\"},{\"index\":1,\"type\":\"B\",\"data\":\"\"}]", 409, 201 },
	};
	struct face *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const unsigned got = face_admin(f, "PUT", H, cases[i].body);
		const tj_str want = tj_str_fmt(f->arena, "{\"responseCode\":%u,", cases[i].code);

		if (got != cases[i].status || !tj_str_starts(f->reply.body, want))
			print_error("%s: %u %.*s\n", cases[i].body, got, TJ_FMT(f->reply.body));
		assert_int_equal(got, cases[i].status);
		assert_true(tj_str_starts(f->reply.body, want));
	}
	assert_int_equal(face_ask(f, "GET", H, NULL, NULL), 404);
}

static void
a_body_must_be_announced_as_json(void **state)
{
	struct face *f = *state;

	assert_int_equal(face_ask(f, "PUT", H, URL1, "Authorization", FACE_ADMIN, NULL), 400);
	assert_int_equal(face_ask(f, "PUT", H, URL1, "Authorization", FACE_ADMIN, "Content-Type",
	    "text/plain", NULL), 400);
	assert_true(tj_str_starts(f->reply.body, TJ_S("{\"responseCode\":4,")));
	assert_int_equal(face_ask(f, "PUT", H, URL1, "Authorization", FACE_ADMIN, "content-type",
	    "Application/JSON ; charset=UTF-8", NULL), 201);
}

static void
deep_and_long_bodies_are_refused(void **state)
{
	struct face *f = *state;
	struct tj_buf buf;

	tj_buf_init(&buf, 1u << 20);
	for (int i = 0; i < 100000; i++)
		tj_buf_putc(&buf, '[');
	tj_buf_putc(&buf, '\0');
	assert_int_equal(face_admin(f, "PUT", H, buf.p), 400);
	tj_buf_fini(&buf);
	for (int n = 2048; n <= 2049; n++) {
		tj_buf_init(&buf, 1u << 20);
		for (int i = 1; i <= n; i++)
			tj_buf_fmt(&buf, "%s{\"index\":%d,\"type\":\"A\",\"data\":\"\"}", i == 1 ? "[" : ",", i);
		tj_buf_put(&buf, TJ_S("]\0"));
		assert_int_equal(face_admin(f, "PUT", H, buf.p), n == 2048 ? 201 : 400);
		tj_buf_fini(&buf);
	}
	assert_int_equal(face_admin(f, "PUT", H "?index=3000", "{\"index\":3000,\"type\":\"A\",\"data\":\"\"}"),
	    400);
	assert_true(tj_str_starts(f->reply.body, TJ_S("{\"responseCode\":202,")));
}

static void
writing_needs_a_name_and_tls(void **state)
{
	struct face *f = *state;

	assert_int_equal(face_ask(f, "PUT", H, URL1, "Content-Type", "application/json", NULL), 401);
	assert_int_equal(face_ask(f, "DELETE", H, NULL, NULL), 401);
	assert_reply(f, 401, "{\"responseCode\":402,\"handle\":\"88.111.1/w\",\"message\":"
	    "\"Authentication needed\"}", face_ask(f, "DELETE", H, NULL, "X-Requested-With",
	    "XMLHttpRequest", NULL));
	assert_null(face_header_with(f, "WWW-Authenticate", "Basic").p);
	f->is_plain = true;
	assert_int_equal(face_admin(f, "PUT", H, URL1), 403);
	assert_true(tj_str_starts(f->reply.body, TJ_S("{\"responseCode\":402,")));
	f->is_plain = false;
	assert_int_equal(face_admin(f, "PUT", "/api/handles/10.9/x", URL1), 400);
	assert_true(tj_str_starts(f->reply.body, TJ_S("{\"responseCode\":301,")));
}

static void
the_server_makes_a_suffix(void **state)
{
	struct face *f = *state;
	const tj_str start = TJ_S("{\"responseCode\":1,\"handle\":\"88.111.1/ab-");
	tj_str first;

	assert_int_equal(face_admin(f, "PUT", "/api/handles/88.111.1/ab-?mintNewSuffix", URL1), 201);
	assert_true(tj_str_starts(f->reply.body, start));
	assert_int_equal(f->reply.body.n, start.n + 16 + 2);
	first = f->reply.body;
	assert_int_equal(face_admin(f, "PUT", "/api/handles/88.111.1/ab-?mintNewSuffix=true", URL1), 201);
	assert_false(tj_str_eq(first, f->reply.body));
	assert_int_equal(face_admin(f, "PUT", "/api/handles/88.111.1/?mintNewSuffix=true", URL1), 201);
	assert_int_equal(face_admin(f, "PUT", "/api/handles/88.111.1?mintNewSuffix=true", URL1), 400);
}

#define PUT_IF(header, tag)	face_ask(f, "PUT", H, URL1, "Authorization", FACE_ADMIN,	\
	"Content-Type", "application/json", header, tag, NULL)

static void
conditions_are_held(void **state)
{
	struct face *f = *state;
	tj_str first, second;

	assert_reply(f, 412, "{\"responseCode\":100,\"handle\":\"88.111.1/w\",\"message\":"
	    "\"There is no such record\"}", PUT_IF("If-Match", "*"));
	assert_int_equal(PUT_IF("If-None-Match", "*"), 201);
	first = face_header(f, "ETag");
	assert_int_equal(first.n, 66);
	assert_reply(f, 412, "{\"responseCode\":101,\"handle\":\"88.111.1/w\",\"message\":"
	    "\"The record is there\"}", PUT_IF("If-None-Match", "*"));
	f->at++;
	assert_int_equal(PUT_IF("If-Match", tj_str_fmt(f->arena, "\"x\", %.*s", TJ_FMT(first)).p), 200);
	second = face_header(f, "ETag");
	assert_false(tj_str_eq(first, second));
	assert_reply(f, 412, "{\"responseCode\":201,\"handle\":\"88.111.1/w\",\"message\":"
	    "\"The record has changed since it was read\"}", PUT_IF("If-Match", first.p));
	/* What a declaration beside it adds to the tag is not the writer's business. */
	assert_int_equal(PUT_IF("If-Match", tj_str_fmt(f->arena, "%.*s-00\"",
	    TJ_FMT(tj_str_cut(second, 0, second.n - 1))).p), 200);
	assert_int_equal(face_ask(f, "DELETE", H, NULL, "Authorization", FACE_ADMIN, "If-Match",
	    first.p, NULL), 412);
	assert_int_equal(face_ask(f, "DELETE", H, NULL, "Authorization", FACE_ADMIN, "If-Match",
	    "*", NULL), 200);
}

struct writer {
	pthread_t	 thread;
	struct face	*face;
	unsigned	 won, lost;
};

#define ROUNDS	200

static unsigned
ask_as(const struct face *face, struct face *own, struct tj_arena *arena, const char *method,
    const char *body, tj_str tag)
{
	const struct tj_http_pair headers[] = {
		{ TJ_S("Authorization"), TJ_S(FACE_ADMIN) },
		{ TJ_S("Content-Type"), TJ_S("application/json") },
		{ TJ_S("If-Match"), tag },
	};
	const struct tj_http_request request = {
		.id = TJ_S("1"), .method = tj_str_of(method), .path = TJ_S(H),
		.body = tj_str_of(body), .headers = headers, .header_count = tag.p == NULL ? 2 : 3,
		.peer = TJ_S("127.0.0.1"), .is_secure = true, .at = FACE_AT
	};

	memset(&own->reply, 0, sizeof(own->reply));
	tj_node_answer(&face->node, &request, &own->reply, arena);
	return own->reply.status;
}

/* Adds one to the number in the record, again and again until it is the one who did. */
static void *
count_up(void *arg)
{
	struct writer *writer = arg;
	static const char key[] = "\"value\":\"";
	struct face *own = calloc(1, sizeof(*own));

	for (unsigned done = 0; done < ROUNDS;) {
		struct tj_arena *arena = tj_arena_new(1u << 24);
		const char *at;
		unsigned status;
		tj_str body;

		(void)ask_as(writer->face, own, arena, "GET", "", (tj_str){ NULL, 0 });
		at = strstr(tj_str_dup(own->reply.body, arena).p, key);
		body = tj_str_fmt(arena, "{\"index\":1,\"type\":\"N\",\"data\":\"%ld\"}",
		    at == NULL ? -1 : strtol(at + strlen(key), NULL, 10) + 1);
		status = ask_as(writer->face, own, arena, "PUT", body.p, face_header(own, "ETag"));
		done += status == 200;
		writer->won += status == 200;
		writer->lost += status == 412;
		if (status != 200 && status != 412)
			done = ROUNDS;
		tj_arena_free(arena);
	}
	free(own);
	return NULL;
}

static void
two_writers_never_lose_each_others_work(void **state)
{
	struct face *f = *state;
	struct writer writers[2] = { { .face = f }, { .face = f } };
	const tj_str want = tj_str_fmt(f->arena, "\"value\":\"%d\"", 2 * ROUNDS);

	face_record(f, "88.111.1/w", "[{\"index\":1,\"type\":\"N\",\"data\":\"0\"}]");
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&writers[i].thread, NULL, count_up, &writers[i]), 0);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_join(writers[i].thread, NULL), 0);
	assert_int_equal(writers[0].won + writers[1].won, 2 * ROUNDS);
	assert_int_equal(face_ask(f, "GET", H, NULL, NULL), 200);
	assert_non_null(strstr(tj_str_dup(f->reply.body, f->arena).p, want.p));
}

static enum tj_rc
write_once(struct face *f)
{
	struct tj_arena *arena = tj_arena_new(1u << 20);
	unsigned status;

	if (arena == NULL)
		return TJ_E_NOMEM;
	status = face_ask_in(f, arena, "PUT", H "?index=1", URL1, FACE_ADMIN);
	memset(&f->reply, 0, sizeof(f->reply));
	tj_arena_free(arena);
	assert_true(status == 200 || status == 201 || status == 500);
	return status != 500 ? TJ_OK : TJ_E_NOMEM;
}

static void
memory_that_runs_out_writes_nothing(void **state)
{
	face_record(*state, "88.111.1/w", "[{\"index\":2,\"type\":\"N\",\"data\":\"0\"}]");
	OOM_LOOP(write_once(*state));
}

#define t(f)	cmocka_unit_test_setup_teardown(f, open_face, close_face)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		t(a_record_is_created_overwritten_and_deleted),
		t(the_body_may_have_three_shapes_and_numbers_may_be_texts),
		t(values_alone_are_added_and_replaced),
		t(values_alone_are_deleted_all_or_none),
		t(bad_bodies_have_their_codes),
		t(a_body_must_be_announced_as_json),
		t(deep_and_long_bodies_are_refused),
		t(writing_needs_a_name_and_tls),
		t(the_server_makes_a_suffix),
		t(conditions_are_held),
		t(two_writers_never_lose_each_others_work),
		t(memory_that_runs_out_writes_nothing),
	};

	return RUN(tests);
}
