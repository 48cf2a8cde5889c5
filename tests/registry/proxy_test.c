#include <stdio.h>

#include "tests/support/face.h"

static int
open_face(void **state)
{
	static struct face f;

	face_open(&f);
	face_record(&f, "88.111.1/g", "[{\"index\":1,\"type\":\"EMAIL\",\"data\":\"a@b.example\"},"
	    "{\"index\":2,\"type\":\"URL\",\"data\":\"https://a.example/?x=1\"},"
	    "{\"index\":3,\"type\":\"URL\",\"data\":\"https://b.example/\",\"ttl\":60},"
	    "{\"index\":4,\"type\":\"KEY\",\"data\":\"hidden\",\"permissions\":\"1100\"}]");
	*state = &f;
	return 0;
}

static int
close_face(void **state)
{
	face_close(*state);
	return 0;
}

#define GET(target)	face_ask(f, "GET", target, NULL, NULL)

static bool
says(struct face *f, const char *text)
{
	return strstr(tj_str_dup(f->reply.body, f->arena).p, text) != NULL;
}

static void
a_handle_leads_to_its_first_url(void **state)
{
	struct face *f = *state;

	assert_int_equal(GET("/88.111.1/g"), 302);
	assert_str("https://a.example/?x=1", face_header(f, "Location"));
	assert_str("Fri, 02 Oct 2026 00:00:00 GMT", face_header(f, "Expires"));
	assert_true(says(f, "<a rel=\"noopener nofollow\" href=\"https://a.example/?x=1\">"));
	assert_int_equal(GET("/88.111.1%2Fg?index=3&auth"), 302);
	assert_str("https://b.example/", face_header(f, "Location"));
	assert_str("Thu, 01 Oct 2026 00:01:00 GMT", face_header(f, "Expires"));
	assert_int_equal(GET("/88.111.1/g?urlappend=%26z%3D3"), 302);
	assert_str("https://a.example/?x=1&z=3", face_header(f, "Location"));
	assert_int_equal(GET("/88.111.1/g?urlappend=%0D%0ASet-Cookie:x"), 302);
	assert_str("https://a.example/?x=1%0D%0ASet-Cookie:x", face_header(f, "Location"));
	assert_int_equal(face_ask(f, "HEAD", "/88.111.1/g", NULL, NULL), 302);
}

static void
the_record_is_shown_where_it_leads_nowhere_or_is_asked_not_to(void **state)
{
	struct face *f = *state;

	assert_int_equal(GET("/88.111.1/g?noredirect"), 200);
	assert_str("text/html; charset=utf-8", face_header(f, "Content-Type"));
	assert_true(says(f, "<td>2</td><td>URL</td>"));
	assert_true(says(f, "a@b.example"));
	assert_false(says(f, "hidden"));
	assert_int_equal(GET("/88.111.1/g?type=EMAIL"), 200);
	assert_false(says(f, "https://"));
	assert_int_equal(GET("/88.111.1/g?index=4"), 200);
	assert_false(says(f, "hidden"));
}

static void
what_is_not_there_is_a_page_too(void **state)
{
	struct face *f = *state;

	assert_int_equal(GET("/88.111.1/none"), 404);
	assert_true(says(f, "<h1>Handle not found</h1>"));
	assert_int_equal(GET("/10.9/x"), 404);
	assert_int_equal(GET("/88.111.1/a%zz"), 400);
	assert_int_equal(GET("/88.111.1/g?index=x"), 400);
	assert_int_equal(GET("/88.111.1/g?a=%f"), 400);
	/* What is no handle's path is for other faces. */
	assert_int_equal(GET("/favicon.ico"), 404);
	assert_str("nothing is here\n", f->reply.body);
	assert_int_equal(GET("/"), 404);
	assert_int_equal(face_ask(f, "POST", "/88.111.1/g", NULL, NULL), 404);
}

static void
nothing_in_a_record_becomes_more_than_text(void **state)
{
	struct face *f = *state;

	face_record(f, "88.111.1/<b>\"'&", "[{\"index\":1,\"type\":\"<script>\",\"data\":"
	    "\"</td><script>alert(1)</script>\"},{\"index\":2,\"type\":\"A\",\"data\":\"javascript:alert(1)\"},"
	    "{\"index\":3,\"type\":\"B\",\"data\":{\"format\":\"hex\",\"value\":\"ff00\"}}]");
	assert_int_equal(GET("/88.111.1/%3Cb%3E%22'&"), 200);
	assert_false(says(f, "<script"));
	assert_false(says(f, "<b>"));
	assert_false(says(f, "href"));
	assert_true(says(f, "&#60;script&#62;alert(1)"));
	assert_true(says(f, "/wA="));
	assert_non_null(strstr(face_header(f, "Content-Security-Policy").p, "default-src 'none'"));
	assert_int_equal(GET("/88.111.1/%3Cscript%3E"), 404);
	assert_false(says(f, "<script"));
	/* Nobody is sent to what is no address of the web. */
	face_record(f, "88.111.1/js", "[{\"index\":1,\"type\":\"URL\",\"data\":\"javascript:alert(1)\"}]");
	assert_int_equal(GET("/88.111.1/js"), 200);
	face_record(f, "88.111.1/crlf", "[{\"index\":1,\"type\":\"URL\",\"data\":"
	    "\"https://a.example/\\r\\nX: y/碳\"}]");
	assert_int_equal(GET("/88.111.1/crlf"), 302);
	assert_str("https://a.example/%0D%0AX:%20y/%E7%A2%B3", face_header(f, "Location"));
}

static void
aliases_are_followed_and_circles_end(void **state)
{
	struct face *f = *state;

	face_record(f, "88.111.1/a", "[{\"index\":1,\"type\":\"HS_ALIAS\",\"data\":\"88.111.1/b\"}]");
	face_record(f, "88.111.1/b", "[{\"index\":1,\"type\":\"HS_ALIAS\",\"data\":\"88.111.1/g\"}]");
	assert_int_equal(GET("/88.111.1/a"), 302);
	assert_str("https://a.example/?x=1", face_header(f, "Location"));
	face_record(f, "88.111.1/b", "[{\"index\":1,\"type\":\"HS_ALIAS\",\"data\":\"88.111.1/A\"}]");
	assert_int_equal(GET("/88.111.1/a"), 500);
	face_record(f, "88.111.1/b", "[{\"index\":1,\"type\":\"HS_ALIAS\",\"data\":\"10.9/x\"}]");
	assert_int_equal(GET("/88.111.1/a"), 404);
	assert_int_equal(GET("/88.111.1/a?ignore_aliases"), 200);
}

static void
locations_are_chosen_from(void **state)
{
	struct face *f = *state;
	unsigned first = 0, second = 0;

	face_record(f, "88.111.1/loc", "[{\"index\":1,\"type\":\"URL\",\"data\":\"https://url.example/\"},"
	    "{\"index\":1000,\"type\":\"10320/loc\",\"data\":\"<locations>"
	    "<location id='0' href='https://zero.example/' weight='0'/>"
	    "<location id='1' href='https://one.example/' weight='1'/>"
	    "<location id='2' href='https://two.example/' weight='1'/></locations>\"}]");
	for (int i = 0; i < 200; i++) {
		assert_int_equal(GET("/88.111.1/loc"), 302);
		first += tj_str_eq(face_header(f, "Location"), TJ_S("https://one.example/"));
		second += tj_str_eq(face_header(f, "Location"), TJ_S("https://two.example/"));
	}
	assert_int_equal(first + second, 200);
	assert_true(first > 50 && second > 50);
	assert_int_equal(GET("/88.111.1/loc?locatt=id:0"), 302);
	assert_str("https://zero.example/", face_header(f, "Location"));
	/* One that cannot be read is as if it were not there. */
	face_record(f, "88.111.1/bad", "[{\"index\":1,\"type\":\"URL\",\"data\":\"https://url.example/\"},"
	    "{\"index\":2,\"type\":\"10320/loc\",\"data\":\"<locations\"}]");
	assert_int_equal(GET("/88.111.1/bad"), 302);
	assert_str("https://url.example/", face_header(f, "Location"));
}

static enum tj_rc
show_once(struct face *f)
{
	struct tj_arena *arena = tj_arena_new(1u << 20);
	unsigned status;

	if (arena == NULL)
		return TJ_E_NOMEM;
	status = face_ask_in(f, arena, "GET", "/88.111.1/g?urlappend=x", NULL, NULL);
	memset(&f->reply, 0, sizeof(f->reply));
	tj_arena_free(arena);
	assert_true(status == 302 || status == 500);
	return status == 302 ? TJ_OK : TJ_E_NOMEM;
}

static void
memory_that_runs_out_leads_nowhere(void **state)
{
	OOM_LOOP(show_once(*state));
}

#define t(f)	cmocka_unit_test_setup_teardown(f, open_face, close_face)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		t(a_handle_leads_to_its_first_url),
		t(the_record_is_shown_where_it_leads_nowhere_or_is_asked_not_to),
		t(what_is_not_there_is_a_page_too),
		t(nothing_in_a_record_becomes_more_than_text),
		t(aliases_are_followed_and_circles_end),
		t(locations_are_chosen_from),
		t(memory_that_runs_out_leads_nowhere),
	};

	return RUN(tests);
}
