#include "exchange/registry/http_check.h"
#include "exchange/registry/http_log.h"
#include "exchange/registry/http_peers.h"
#include "tests/support/support.h"

static unsigned
target_status(const char *text)
{
	tj_str target = tj_str_of(text);

	return tj_http_check_target(&target, 64).status;
}

static void
targets_are_paths_of_utf8_without_control_characters_or_dots(void **state)
{
	static const char *const good[] = { "/", "/a%2Fb//c", "/...", "/.a", "/%E7%A2%B3",
	    "/\xe7\xa2\xb3", "/a%2F..%2Fb", "/x?..", "/x?a=../b", "http://h/a", "/%F4%8F%BF%BF" };
	static const char *const bad[] = { "", "a", "*", "h:443", "http://h", "http://", "/.", "/..",
	    "/a/..", "/a/../b", "/%2e", "/.%2E/", "/a b", "/a\tb", "/%00", "/%0a", "/%7f", "/%",
	    "/%1", "/%g0", "/%ff", "/%c0%80", "/%ed%a0%80", "/%e7%a2", "/%f4%90%80%80",
	    "/\xe7\xa2", "/a#b", "/\xc2%a3\xff", "/%c2%9d", "/\xc2\x85" };
	tj_str target = TJ_S("https://host:1/a/b?c");

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (target_status(good[i]) != 0)
			fail_msg("%s is refused", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (target_status(bad[i]) != 400)
			fail_msg("%s is not refused", bad[i]);
	assert_int_equal(target_status("/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), 0);
	assert_int_equal(target_status("/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), 414);
	assert_int_equal(tj_http_check_target(&target, 64).status, 0);
	assert_str("/a/b?c", target);
}

static void
networks_are_parsed_strictly_and_hold_their_addresses(void **state)
{
	static const struct {
		const char	*network, *inside, *outside;	/* inside NULL: no network */
	} cases[] = {
		{ "10.0.0.0/8", "10.255.0.1", "11.0.0.0" }, { "192.0.2.7", "192.0.2.7", "192.0.2.6" },
		{ "0.0.0.0/0", "255.1.2.3", "2001:db8::1" }, { "::/0", "2001:db8::1", NULL },
		{ "2001:db8::/33", "2001:db8:7fff::", "2001:db8:8000::" },
		{ "172.16.0.0/12", "172.31.255.255", "172.32.0.0" },
		{ "10.0.0.1/8", NULL, NULL }, { "10.0.0.0/33", NULL, NULL }, { "10.0.0.0/", NULL, NULL },
		{ "10.0.0.0/x", NULL, NULL }, { "10.0.0/8", NULL, NULL }, { "", NULL, NULL },
		{ "::1/129", NULL, NULL }, { "::1/1", NULL, NULL }, { "localhost", NULL, NULL },
		{ "10.0.0.0/0008", NULL, NULL }
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tj_network network;
		tj_address address;

		if (tj_network_parse(&network, tj_str_of(cases[i].network)) !=
		    (cases[i].inside != NULL))
			fail_msg("%s", cases[i].network);
		if (cases[i].inside == NULL)
			continue;
		assert_true(tj_address_parse(&address, tj_str_of(cases[i].inside)));
		assert_true(tj_network_has(&network, 1, &address));
		if (cases[i].outside == NULL)
			continue;
		assert_true(tj_address_parse(&address, tj_str_of(cases[i].outside)));
		assert_false(tj_network_has(&network, 1, &address));
	}
}

static void
of_a_chain_of_proxies_the_last_that_is_not_ours_is_who_asked(void **state)
{
	static const struct {
		const char	*header, *client;
	} cases[] = {
		{ "203.0.113.9", "203.0.113.9" }, { "1.1.1.1, 203.0.113.9", "203.0.113.9" },
		{ "203.0.113.9,10.0.0.1 , 10.0.0.2", "203.0.113.9" }, { "10.0.0.9", "10.0.0.9" },
		{ "2001:db8::1", "2001:db8::1" }, { "", NULL }, { "unknown", NULL },
		{ "203.0.113.9, x", NULL }, { "1.2.3.4,", NULL }, { "x, 203.0.113.9", "203.0.113.9" }
	};
	char text[TJ_ADDRESS_TEXT];
	tj_network ours;

	(void)state;
	assert_true(tj_network_parse(&ours, TJ_S("10.0.0.0/8")));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tj_address client;
		const bool is = tj_http_forwarded(&client, tj_str_of(cases[i].header), &ours, 1);

		if (is != (cases[i].client != NULL))
			fail_msg("%s", cases[i].header);
		if (is)
			assert_string_equal(tj_address_text(text, &client), cases[i].client);
	}
}

static tj_address
address(unsigned n)
{
	tj_address a = { { [10] = 0xff, [11] = 0xff, [12] = 10 } };

	a.b[13] = (uint8_t)(n >> 16);
	a.b[14] = (uint8_t)(n >> 8);
	a.b[15] = (uint8_t)n;
	return a;
}

static void
a_peer_may_ask_as_often_as_its_bucket_fills(void **state)
{
	struct tj_http_peers *peers = tj_http_peers_new();
	const tj_address a = address(1), b = address(2);
	unsigned asked = 0;

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_int_equal(tj_http_peers_ask(peers, &a, 10, 5, 1000), 0);
	assert_int_equal(tj_http_peers_ask(peers, &a, 10, 5, 1000), 101);
	assert_int_equal(tj_http_peers_ask(peers, &b, 10, 5, 1000), 0);
	assert_int_equal(tj_http_peers_ask(peers, &a, 10, 5, 1101), 0);
	for (int64_t ms = 2000; ms < 12000; ms++)
		asked += tj_http_peers_ask(peers, &a, 10, 5, ms) == 0;
	assert_in_range(asked, 103, 106);
	tj_http_peers_free(peers);
}

static void
a_flood_of_addresses_forgets_no_open_connection(void **state)
{
	struct tj_http_peers *peers = tj_http_peers_new();
	unsigned refused = 0;

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		const tj_address a = address(i);

		assert_true(tj_http_peers_connect(peers, &a, 1, 0));
	}
	for (unsigned i = 1000; i < 301000; i++) {
		const tj_address a = address(i);

		refused += tj_http_peers_ask(peers, &a, 1, 1, 1) != 0;
	}
	assert_int_equal(refused, 0);
	for (unsigned i = 0; i < 100; i++) {
		const tj_address a = address(i);

		assert_false(tj_http_peers_connect(peers, &a, 1, 2));
		tj_http_peers_disconnect(peers, &a);
		assert_true(tj_http_peers_connect(peers, &a, 1, 2));
	}
	tj_http_peers_free(peers);
}

static void
a_line_of_the_log_has_an_end_whatever_is_in_it(void **state)
{
	static char long_text[5000];
	char line[TJ_HTTP_LINE];
	size_t n;

	(void)state;
	for (int c = 0; c < 256; c++) {
		memset(long_text, c, sizeof(long_text));
		for (size_t size = 0; size <= sizeof(long_text); size = size * 3 + 1) {
			const tj_str text = { long_text, size };
			const struct tj_http_entry entry = { .at_ms = 1234567890123, .id = text,
			    .peer = text, .method = text, .target = text, .agent = text,
			    .status = 599, .bytes = UINT64_MAX, .us = UINT64_MAX,
			    .ended = "malformed" };

			n = tj_http_log_line(line, &entry);
			assert_in_range(n, 100, TJ_HTTP_LINE);
			assert_memory_equal(line, "{\"time\":\"2009-02-13T23:31:30.123Z\",", 35);
			assert_memory_equal(line + n - 2, "}\n", 2);
			assert_int_equal(tj_str_control((tj_str){ line, n - 1 }), n - 1);
			assert_true(tj_str_is_utf8((tj_str){ line, n }));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(targets_are_paths_of_utf8_without_control_characters_or_dots),
		test(networks_are_parsed_strictly_and_hold_their_addresses),
		test(of_a_chain_of_proxies_the_last_that_is_not_ours_is_who_asked),
		test(a_peer_may_ask_as_often_as_its_bucket_fills),
		test(a_flood_of_addresses_forgets_no_open_connection),
		test(a_line_of_the_log_has_an_end_whatever_is_in_it),
	};

	return RUN(tests);
}
