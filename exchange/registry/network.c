#include <arpa/inet.h>
#include <sys/socket.h>

#include "exchange/registry/network.h"

static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

bool
tj_address_parse(tj_address *address, tj_str text)
{
	char copy[TJ_ADDRESS_TEXT];
	tj_address parsed;

	if (text.n == 0 || text.n >= sizeof(copy) || memchr(text.p, '\0', text.n) != NULL)
		return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	memcpy(parsed.b, mapped, sizeof(mapped));
	if (inet_pton(AF_INET, copy, parsed.b + sizeof(mapped)) != 1 &&
	    inet_pton(AF_INET6, copy, parsed.b) != 1)
		return false;
	*address = parsed;
	return true;
}

bool
tj_address_of(tj_address *address, const struct sockaddr *peer)
{
	if (peer->sa_family == AF_INET6) {
		memcpy(address->b, &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr,
		    16);
		return true;
	}
	if (peer->sa_family != AF_INET)
		return false;
	memcpy(address->b, mapped, sizeof(mapped));
	memcpy(address->b + sizeof(mapped),
	    &((const struct sockaddr_in *)(const void *)peer)->sin_addr, 4);
	return true;
}

const char *
tj_address_text(char text[TJ_ADDRESS_TEXT], const tj_address *address)
{
	const bool is_v4 = memcmp(address->b, mapped, sizeof(mapped)) == 0;

	return is_v4 ? inet_ntop(AF_INET, address->b + sizeof(mapped), text, TJ_ADDRESS_TEXT)
	    : inet_ntop(AF_INET6, address->b, text, TJ_ADDRESS_TEXT);
}

static bool
bit(const tj_address *address, unsigned i)
{
	return (address->b[i / 8] >> (7 - i % 8) & 1) != 0;
}

bool
tj_network_parse(tj_network *network, tj_str text)
{
	const size_t slash = tj_str_find(text, '/');
	const tj_str host = tj_str_cut(text, 0, slash), length = tj_str_cut(text, slash + 1, 4);
	const bool is_v4 = tj_str_find(host, ':') == host.n;
	const unsigned most = is_v4 ? 32 : 128;
	tj_network parsed = { .bits = 0 };

	if (!tj_address_parse(&parsed.address, host))
		return false;
	if (slash < text.n && (length.n == 0 || length.n > 3))
		return false;
	for (size_t i = 0; i < length.n; i++) {
		if (!tj_is_digit(length.p[i]))
			return false;
		parsed.bits = 10 * parsed.bits + (unsigned)(length.p[i] - '0');
	}
	if (slash == text.n)
		parsed.bits = most;
	if (parsed.bits > most)
		return false;
	parsed.bits += 128 - most;
	for (unsigned i = parsed.bits; i < 128; i++)
		if (bit(&parsed.address, i))
			return false;
	*network = parsed;
	return true;
}

static bool
holds(const tj_network *network, const tj_address *address)
{
	const unsigned whole = network->bits / 8, rest = network->bits % 8;

	return memcmp(network->address.b, address->b, whole) == 0 && (rest == 0 ||
	    (network->address.b[whole] ^ address->b[whole]) >> (8 - rest) == 0);
}

bool
tj_network_has(const tj_network *networks, size_t n, const tj_address *address)
{
	for (size_t i = 0; i < n; i++)
		if (holds(&networks[i], address))
			return true;
	return false;
}
