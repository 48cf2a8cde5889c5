#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include "connectors/guard.h"
#include "tests/support/support.h"

/* What the guard says of an address in any spelling that getaddrinfo() ends in. */
static const char *
judge(struct tj_guard *guard, const char *text)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	const void *address;
	size_t n;

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
		address = &v4;
		n = sizeof(v4);
	} else {
		assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
		address = &v6;
		n = sizeof(v6);
	}
	return tj_guard_refuses(guard, address, n);
}

static void
what_is_not_public_is_refused_and_counted(void **state)
{
	static const char *const texts[] = {
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255",
		"127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255",
		"192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255",
		"198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
		"255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1",
		"64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
		"3fff::1", "4000::1", "5f00::1", "fc00::1", "fdff::1", "fe80::1", "febf::1", "fec0::1",
		"ff02::1",
	};
	struct tj_guard guard = { .allowed = NULL };
	const size_t n = sizeof(texts) / sizeof(texts[0]);

	(void)state;
	for (size_t i = 0; i < n; i++)
		if (judge(&guard, texts[i]) == NULL)
			fail_msg("%s is let through", texts[i]);
	assert_int_equal(guard.refused, n);
}

static void
what_is_public_is_let_through(void **state)
{
	static const char *const texts[] = { "1.1.1.1", "9.255.255.255", "11.0.0.1", "100.63.255.255",
		"100.128.0.1", "126.255.255.255", "128.0.0.1", "172.15.255.255", "172.32.0.1",
		"192.167.255.255", "192.169.0.1", "198.17.255.255", "198.20.0.1", "223.255.255.255",
		"2001:200::1", "2400::1", "2a00:1450::1" };
	struct tj_guard guard = { .allowed = NULL };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (judge(&guard, texts[i]) != NULL)
			fail_msg("%s is refused as %s", texts[i], judge(&guard, texts[i]));
	assert_int_equal(guard.refused, 0);
}

static void
what_is_allowed_by_name_is_let_through_and_nothing_beside_it(void **state)
{
	tj_range ranges[3];
	struct tj_guard guard = { .allowed = ranges, .allowed_count = 3 };

	(void)state;
	assert_ok(tj_range_parse(&ranges[0], TJ_S("127.0.0.0/31"), NULL), NULL);
	assert_ok(tj_range_parse(&ranges[1], TJ_S("10.1.0.0/16"), NULL), NULL);
	assert_ok(tj_range_parse(&ranges[2], TJ_S("fd00::1"), NULL), NULL);
	assert_null(judge(&guard, "127.0.0.1"));
	assert_string_equal(judge(&guard, "127.0.0.2"), "loopback");
	assert_null(judge(&guard, "10.1.255.1"));
	assert_string_equal(judge(&guard, "10.2.0.1"), "private");
	assert_null(judge(&guard, "fd00::1"));
	assert_string_equal(judge(&guard, "fd00::2"), "private");
	assert_string_equal(judge(&guard, "::ffff:127.0.0.1"), "IPv4 within IPv6");
	assert_string_equal(judge(&guard, "::1"), "loopback");
}

static void
other_families_and_short_addresses_are_refused(void **state)
{
	struct sockaddr_un local = { .sun_family = AF_UNIX };
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x01010101) };
	struct tj_guard guard = { .allowed = NULL };

	(void)state;
	assert_non_null(tj_guard_refuses(&guard, (const struct sockaddr *)(const void *)&local,
	    sizeof(local)));
	assert_non_null(tj_guard_refuses(&guard, (const struct sockaddr *)(const void *)&v4, 4));
}

static void
what_is_no_range_is_told(void **state)
{
	static const char *const texts[] = { "", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8",
		"10.0.0.0/a", "10.0.0.0/8 ", "fd00::/129", "fd00", "0x7f.1", "/8", "10.0.0.0/0008",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999/10" };
	struct tj_err err = { 0 };
	tj_range range;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_rc(TJ_E_DATA, tj_range_parse(&range, tj_str_of(texts[i]), &err), &err);
	assert_ok(tj_range_parse(&range, TJ_S("0.0.0.0/0"), &err), &err);
	assert_ok(tj_range_parse(&range, TJ_S("::/0"), &err), &err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_is_not_public_is_refused_and_counted),
		test(what_is_public_is_let_through),
		test(what_is_allowed_by_name_is_let_through_and_nothing_beside_it),
		test(other_families_and_short_addresses_are_refused),
		test(what_is_no_range_is_told),
	};

	return RUN(tests);
}
