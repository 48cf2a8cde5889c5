#ifndef TJ_REGISTRY_NETWORK_H
#define TJ_REGISTRY_NETWORK_H

#include "model/base/str.h"

/*
 * Addresses of the internet as values: IPv6, and IPv4 as RFC 4291 section 2.5.5.2 maps
 * it, so that one peer has one spelling.
 */
#define TJ_ADDRESS_TEXT	46	/* the longest, and a NUL */

typedef struct {
	uint8_t	b[16];
} tj_address;

typedef struct {
	tj_address	address;
	unsigned	bits;		/* of b[16]: 104 for 10.0.0.0/8 */
} tj_network;

struct sockaddr;

bool	 tj_address_parse(tj_address *, tj_str);	/* "192.0.2.1", "2001:db8::1" */
/* Of a peer; false: it has none, as on a unix socket. */
bool	 tj_address_of(tj_address *, const struct sockaddr *);
const char *tj_address_text(char text[TJ_ADDRESS_TEXT], const tj_address *);
/* "10.0.0.0/8", "::1"; bits behind the prefix must be zero, or it is a mistake. */
bool	 tj_network_parse(tj_network *, tj_str);
/* In one of the n? */
bool	 tj_network_has(const tj_network *, size_t n, const tj_address *);

#endif
