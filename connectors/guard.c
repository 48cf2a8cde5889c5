#include <arpa/inet.h>
#include <netinet/in.h>

#include "connectors/guard.h"

/* What is not public, and what it is called. */
static const struct special {
	uint8_t		 address[16];
	unsigned	 bits;
	bool		 is_v6;
	const char	*name;
} specials[] = {
	{ { 0 }, 8, false, "unspecified" },
	{ { 10 }, 8, false, "private" },
	{ { 100, 64 }, 10, false, "shared by a carrier's customers" },
	{ { 127 }, 8, false, "loopback" },
	{ { 169, 254 }, 16, false, "link-local" },
	{ { 172, 16 }, 12, false, "private" },
	{ { 192, 0, 0 }, 24, false, "reserved" },
	{ { 192, 0, 2 }, 24, false, "for documentation" },
	{ { 192, 88, 99 }, 24, false, "a relay" },
	{ { 192, 168 }, 16, false, "private" },
	{ { 198, 18 }, 15, false, "for measurements" },
	{ { 198, 51, 100 }, 24, false, "for documentation" },
	{ { 203, 0, 113 }, 24, false, "for documentation" },
	{ { 224 }, 4, false, "multicast" },
	{ { 240 }, 4, false, "reserved" },
	{ { [15] = 0 }, 128, true, "unspecified" },
	{ { [15] = 1 }, 128, true, "loopback" },
	{ { [10] = 0xff, 0xff }, 96, true, "IPv4 within IPv6" },
	{ { 0x00, 0x64, 0xff, 0x9b }, 96, true, "IPv4 translated to IPv6" },
	{ { 0x00, 0x64, 0xff, 0x9b, 0x00, 0x01 }, 48, true, "IPv4 translated to IPv6" },
	{ { 0x20, 0x01, 0x00 }, 23, true, "reserved" },		/* Teredo among them */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, true, "for documentation" },
	{ { 0x20, 0x02 }, 16, true, "IPv4 within IPv6" },	/* 6to4 */
	{ { 0x3f, 0xff }, 20, true, "for documentation" },
	{ { 0xfc }, 7, true, "private" },
	{ { 0xfe, 0x80 }, 10, true, "link-local" },
	{ { 0xfe, 0xc0 }, 10, true, "private" },
	{ { 0xff }, 8, true, "multicast" },
};

/* Of IPv6 only 2000::/3 has been given to anybody. */
static const uint8_t	given_v6 = 0x20, given_v6_mask = 0xe0;

static bool
covers(const uint8_t *range, unsigned bits, const uint8_t *address)
{
	const unsigned whole = bits / 8, rest = bits % 8;

	return memcmp(range, address, whole) == 0 &&
	    (rest == 0 || ((range[whole] ^ address[whole]) >> (8 - rest)) == 0);
}

/* The octets of an address; false: of another family. */
static bool
octets_of(uint8_t octets[16], bool *is_v6, const struct sockaddr *address, size_t n)
{
	struct sockaddr_in6 v6;
	struct sockaddr_in v4;

	*is_v6 = address->sa_family == AF_INET6;
	if (*is_v6 && n >= sizeof(v6)) {
		memcpy(&v6, address, sizeof(v6));
		memcpy(octets, &v6.sin6_addr, 16);
		return true;
	}
	if (address->sa_family != AF_INET || n < sizeof(v4))
		return false;
	memcpy(&v4, address, sizeof(v4));
	memcpy(octets, &v4.sin_addr, 4);
	return true;
}

static const char *
special_name(const uint8_t octets[16], bool is_v6)
{
	for (size_t i = 0; i < sizeof(specials) / sizeof(specials[0]); i++)
		if (specials[i].is_v6 == is_v6 &&
		    covers(specials[i].address, specials[i].bits, octets))
			return specials[i].name;
	return is_v6 && (octets[0] & given_v6_mask) != given_v6 ? "reserved" : NULL;
}

static bool
is_allowed(const struct tj_guard *guard, const uint8_t octets[16], bool is_v6)
{
	for (size_t i = 0; i < guard->allowed_count; i++)
		if (guard->allowed[i].is_v6 == is_v6 &&
		    covers(guard->allowed[i].address, guard->allowed[i].bits, octets))
			return true;
	return false;
}

const char *
tj_guard_refuses(struct tj_guard *guard, const struct sockaddr *address, size_t n)
{
	const char *name = "of no kind that is known";
	uint8_t octets[16] = { 0 };
	bool is_v6;

	if (octets_of(octets, &is_v6, address, n)) {
		name = special_name(octets, is_v6);
		if (name == NULL || is_allowed(guard, octets, is_v6))
			return NULL;
	}
	atomic_fetch_add(&guard->refused, 1);
	return name;
}

/* The number behind the slash. */
static bool
bits_read(unsigned *bits, tj_str text, unsigned most)
{
	unsigned n = 0;

	if (text.n < 1 || text.n > 3)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (!tj_is_digit(text.p[i]))
			return false;
		n = 10 * n + (unsigned)(text.p[i] - '0');
	}
	*bits = n;
	return n <= most;
}

enum tj_rc
tj_range_parse(tj_range *out, tj_str text, struct tj_err *err)
{
	const size_t slash = tj_str_find(text, '/');
	char address[INET6_ADDRSTRLEN] = "";
	tj_range range = { .is_v6 = tj_str_find(text, ':') < slash };

	if (slash < sizeof(address))
		memcpy(address, text.p, slash);
	range.bits = range.is_v6 ? 128 : 32;
	if (inet_pton(range.is_v6 ? AF_INET6 : AF_INET, address, range.address) != 1 ||
	    (slash < text.n && !bits_read(&range.bits, tj_str_cut(text, slash + 1, text.n),
	    range.bits)))
		return tj_fail(err, TJ_E_DATA, "expected a range of addresses like 10.1.0.0/16 "
		    "or fd00::/8, found \"%.*s\"", TJ_FMT(text));
	*out = range;
	return TJ_OK;
}
