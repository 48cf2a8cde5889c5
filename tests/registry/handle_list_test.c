#include <stdio.h>

#include "tests/support/face.h"

static int
open_face(void **state)
{
	static struct face f;

	face_open(&f);
	for (int i = 1; i <= 6; i++)
		face_record(&f, tj_str_fmt(f.arena, "88.111.1/g%d", i).p,
		    "{\"index\":1,\"type\":\"URL\",\"data\":\"u\"}");
	*state = &f;
	return 0;
}

static int
close_face(void **state)
{
	face_close(*state);
	return 0;
}

#define LIST(query)	face_admin(f, "GET", "/api/handles?prefix=88.111.1" query, NULL)
#define START	"{\"responseCode\":1,\"prefix\":\"88.111.1\",\"totalCount\":\"7\","

static void
handles_are_listed_under_a_prefix(void **state)
{
	struct face *f = *state;

	assert_reply(f, 200, START "\"handles\":[\"88.111.1/ADMIN\",\"88.111.1/G1\",\"88.111.1/G2\","
	    "\"88.111.1/G3\",\"88.111.1/G4\",\"88.111.1/G5\",\"88.111.1/G6\"]}", LIST(""));
	assert_reply(f, 200, START "\"page\":1,\"pageSize\":3,\"handles\":[\"88.111.1/G3\",\"88.111.1/G4\","
	    "\"88.111.1/G5\"]}", LIST("&page=1&pageSize=3"));
	assert_reply(f, 200, START "\"page\":2,\"pageSize\":3,\"handles\":[\"88.111.1/G6\"]}",
	    LIST("&page=2&pageSize=3"));
	assert_reply(f, 200, START "\"page\":0,\"pageSize\":0,\"handles\":[]}", LIST("&page=0&pageSize=0"));
	assert_reply(f, 200, START "\"page\":2147483647,\"pageSize\":2147483647,\"handles\":[]}",
	    LIST("&page=2147483647&pageSize=2147483647"));
	/* Either missing or negative: all. */
	assert_int_equal(LIST("&page=1"), 200);
	assert_non_null(strstr(tj_str_dup(f->reply.body, f->arena).p, "G6"));
	assert_int_equal(LIST("&page=-1&pageSize=3"), 200);
	assert_non_null(strstr(tj_str_dup(f->reply.body, f->arena).p, "G6"));
	assert_int_equal(face_admin(f, "GET", "/api/handles/?prefix=0.NA/88.111.1", NULL), 200);
	assert_true(tj_str_starts(f->reply.body, TJ_S("{\"responseCode\":1,\"prefix\":\"0.NA/88.111.1\",")));
}

static void
a_list_is_for_who_may_list(void **state)
{
	struct face *f = *state;

	assert_reply(f, 401, "{\"responseCode\":402,\"message\":\"Authentication needed\"}",
	    face_ask(f, "GET", "/api/handles?prefix=88.111.1", NULL, NULL));
	assert_int_equal(face_admin(f, "GET", "/api/handles?prefix=10.9", NULL), 400);
	assert_true(tj_str_starts(f->reply.body, TJ_S("{\"responseCode\":301,")));
	assert_int_equal(face_admin(f, "GET", "/api/handles?prefix=", NULL), 400);
	assert_int_equal(face_admin(f, "GET", "/api/handles?prefix=a/b/c", NULL), 400);
	assert_int_equal(face_admin(f, "DELETE", "/api/handles?prefix=88.111.1", NULL), 405);
	f->is_plain = true;
	assert_int_equal(LIST(""), 403);
}

static void
prefixes_come_home_and_leave(void **state)
{
	struct face *f = *state;

	assert_reply(f, 200, "{\"responseCode\":1,\"totalCount\":\"1\",\"prefixes\":[\"0.NA/88.111.1\"]}",
	    face_admin(f, "GET", "/api/prefixes", NULL));
	assert_reply(f, 200, "{\"responseCode\":1,\"handle\":\"0.NA/88.5\"}",
	    face_admin(f, "POST", "/api/prefixes/0.NA/88.5", ""));
	assert_int_equal(face_admin(f, "POST", "/api/prefixes/0.NA/88.5", ""), 200);
	assert_int_equal(face_admin(f, "POST", "/api/prefixes/88.6", ""), 200);
	assert_reply(f, 200, "{\"responseCode\":1,\"totalCount\":\"3\",\"prefixes\":[\"0.NA/88.111.1\","
	    "\"0.NA/88.5\",\"0.NA/88.6\"]}", face_admin(f, "GET", "/api/prefixes/", NULL));
	assert_int_equal(face_admin(f, "GET", "/api/prefixes/0.NA/88.5", NULL), 200);
	assert_int_equal(face_admin(f, "DELETE", "/api/prefixes/0.NA/88.5", NULL), 200);
	assert_reply(f, 400, "{\"responseCode\":301,\"handle\":\"0.NA/88.5\",\"message\":"
	    "\"That prefix doesn't live here\"}", face_admin(f, "DELETE", "/api/prefixes/0.NA/88.5", NULL));
	assert_int_equal(face_ask(f, "GET", "/api/handles/88.5/x", NULL, NULL), 400);
	assert_int_equal(face_ask(f, "GET", "/api/handles/88.6/x", NULL, NULL), 404);
	assert_int_equal(face_admin(f, "POST", "/api/prefixes", ""), 400);
	assert_int_equal(face_admin(f, "POST", "/api/prefixes/0.NA/a/b", ""), 400);
	assert_int_equal(face_admin(f, "POST", "/api/prefixes/88.1/x", ""), 400);
	assert_int_equal(face_admin(f, "POST", "/api/prefixes/0.NA/", ""), 400);
	assert_int_equal(face_admin(f, "PUT", "/api/prefixes/88.6", ""), 405);
	assert_int_equal(face_ask(f, "GET", "/api/prefixes", NULL, NULL), 401);
	face_record(f, "88.111.1/U", "{\"index\":300,\"type\":\"HS_SECKEY\",\"data\":\"x\"}");
	assert_int_equal(face_ask_in(f, f->arena, "GET", "/api/prefixes", NULL,
	    face_basic(f, "300:88.111.1/U", "x")), 403);
	assert_true(tj_str_starts(f->reply.body, TJ_S("{\"responseCode\":400,")));
}

static void
a_node_says_where_it_is(void **state)
{
	struct face *f = *state;

	assert_reply(f, 200, "{\"responseCode\":1,\"site\":{\"version\":1,\"protocolVersion\":\"2.11\","
	    "\"serialNumber\":1,\"primarySite\":true,\"multiPrimary\":false,\"attributes\":[{\"name\":"
	    "\"desc\",\"value\":\"test\"}],\"servers\":[{\"serverId\":1,\"address\":\"192.0.2.1\","
	    "\"interfaces\":[{\"query\":true,\"admin\":false,\"protocol\":\"HTTP\",\"port\":8000},"
	    "{\"query\":true,\"admin\":true,\"protocol\":\"HTTPS\",\"port\":8443}]}]}}",
	    face_ask(f, "GET", "/api/site", NULL, NULL));
	f->node.settings.public_address = TJ_S("2001:db8::1");
	assert_int_equal(face_ask(f, "GET", "/api/site", NULL, NULL), 200);
	assert_non_null(strstr(tj_str_dup(f->reply.body, f->arena).p, "\"2001:db8::1\""));
}

#define t(f)	cmocka_unit_test_setup_teardown(f, open_face, close_face)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		t(handles_are_listed_under_a_prefix),
		t(a_list_is_for_who_may_list),
		t(prefixes_come_home_and_leave),
		t(a_node_says_where_it_is),
	};

	return RUN(tests);
}
