#ifndef TJ_CONNECTORS_GUARD_H
#define TJ_CONNECTORS_GUARD_H

#include <stdatomic.h>
#include <sys/socket.h>

#include "model/base/str.h"

/*
 * Where the program may connect to.  What others name (a node in a delegation record, a
 * redirect) may point at the machine itself or into the network around it; so an
 * address that is not public is refused unless the operator allowed its range by name.
 * Judged is the address that a socket is about to be connected to, whatever the spelling it
 * came from (2130706433, 0x7f.1, localhost, a name whose answer changes).
 * Ranges that are not public: IANA's registries of special-purpose addresses (RFC 6890).
 */
typedef struct {
	uint8_t		address[16];
	unsigned	bits;		/* of it that count */
	bool		is_v6;
} tj_range;

struct tj_guard {
	const tj_range	*allowed;	/* [allowed_count] */
	size_t		 allowed_count;
	atomic_size_t	 refused;	/* so many times */
};

/* "127.0.0.0/8", "fd00::/8", or one address.  DATA. */
enum tj_rc tj_range_parse(tj_range *, tj_str, struct tj_err *) TJ_MUST_USE;

/* NULL: may be connected to; else what it is ("loopback"), and it is counted.  A range of
 * IPv4 allows IPv4 only: IPv4 within IPv6 is refused as such. */
const char *tj_guard_refuses(struct tj_guard *, const struct sockaddr *, size_t n);

#endif
