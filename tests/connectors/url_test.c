#include "connectors/url.h"
#include "tests/support/support.h"

static struct tj_err	err;

static void
an_origin_is_scheme_host_and_port(void **state)
{
	tj_str origin;

	(void)state;
	assert_ok(tj_url_origin(&origin, TJ_S("https://node.example:8000/a?b#c"), &err), &err);
	assert_str("https://node.example:8000", origin);
	assert_ok(tj_url_origin(&origin, TJ_S("HTTP://[2001:db8::1]:80"), &err), &err);
	assert_str("HTTP://[2001:db8::1]:80", origin);
	assert_ok(tj_url_origin(&origin, TJ_S("http://a?x"), &err), &err);
	assert_str("http://a", origin);
}

static void
what_could_be_read_in_two_ways_is_refused(void **state)
{
	static const char *const texts[] = { "", "node.example", "ftp://a/", "file:///etc/passwd",
		"http://", "https:///a", "http://a@b/", "http://a:b@c/", "http://a\\@b/", "http://a b/",
		"http://a/b c", "http://a/\\b", "http://a%40b/", "http://\xe4\xb8\xad/", "http://a/\x7f",
		"http://a,b/", "javascript:http://a" };
	tj_str origin;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_rc(TJ_E_DATA, tj_url_origin(&origin, tj_str_of(texts[i]), &err), &err);
	assert_rc(TJ_E_DATA, tj_url_origin(&origin, (tj_str){ "http://a\0b/", 11 }, &err), &err);
}

static void
a_base_has_no_slash_at_its_end(void **state)
{
	tj_str base;

	(void)state;
	assert_ok(tj_url_base(&base, TJ_S("https://a.example/"), &err), &err);
	assert_str("https://a.example", base);
	assert_ok(tj_url_base(&base, TJ_S("https://a.example/hdl//"), &err), &err);
	assert_str("https://a.example/hdl", base);
	assert_rc(TJ_E_DATA, tj_url_base(&base, TJ_S("https://a.example/?x"), &err), &err);
	assert_rc(TJ_E_DATA, tj_url_base(&base, TJ_S("https://"), &err), &err);
	assert_true(tj_url_is_secure(TJ_S("HTTPS://a")));
	assert_false(tj_url_is_secure(TJ_S("http://a")));
}

static void
a_handle_goes_into_the_path_byte_for_byte(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);

	(void)state;
	assert_str("http://a/api/handles/88.1/a%23%3F%25%20%2B/b?type=URL",
	    tj_url_of_handle(TJ_S("http://a"), TJ_S("88.1/a#?% +/b"), "?type=URL", arena));
	assert_str("http://a/api/handles/88.1/%E9%92%A2",
	    tj_url_of_handle(TJ_S("http://a"), TJ_S("88.1/钢"), "", arena));
	assert_str("http://a/tanji/proof?id=urn%3Auuid%3A5e0e%26x",
	    tj_url_of_proof(TJ_S("http://a"), TJ_S("urn:uuid:5e0e&x"), arena));
	tj_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(an_origin_is_scheme_host_and_port),
		test(what_could_be_read_in_two_ways_is_refused),
		test(a_base_has_no_slash_at_its_end),
		test(a_handle_goes_into_the_path_byte_for_byte),
	};

	return RUN(tests);
}
