#ifndef TJ_EXCHANGE_HANDLE_SITE_H
#define TJ_EXCHANGE_HANDLE_SITE_H

#include "exchange/json.h"
#include "exchange/octets.h"

/*
 * Where a service of the Handle System is to be found: HS_SITE (RFC 3651 section 3.2.2, in
 * the layout its servers write), and as JSON.
 *
 *	version[2] protocol major[1] minor[1] serial[2] flags[1] hash option[1]
 *	bytes(hash filter) n[4] attributes: n times bytes(name) bytes(value)
 *	n[4] servers: n times id[4] address[16] bytes(public key) m[4] interfaces:
 *	m times kind[1] protocol[1] port[4]
 *
 * An IPv4 address is its four octets behind twelve zeros.
 */
#define TJ_SITE_PRIMARY		0x80	/* flags */
#define TJ_SITE_MULTI_PRIMARY	0x40
#define TJ_SITE_ADMIN		1	/* kind of an interface */
#define TJ_SITE_QUERY		2

enum tj_site_protocol { TJ_SITE_UDP, TJ_SITE_TCP, TJ_SITE_HTTP, TJ_SITE_HTTPS };

struct tj_site_interface {
	uint8_t		kind, protocol;
	uint32_t	port;
};

struct tj_site_server {
	uint32_t	 id;
	uint8_t		 address[16];
	tj_str		 public_key;	/* as HS_PUBKEY holds it; may be empty */
	struct tj_site_interface *interfaces;	/* [interface_count] */
	size_t		 interface_count;
};

struct tj_site_attribute {
	tj_str	name, value;
};

struct tj_site {
	uint16_t	version, serial;
	uint8_t		protocol_major, protocol_minor, flags;
	uint8_t		hash_option;	/* 0: by prefix, 1: by suffix, 2: by all */
	tj_str		hash_filter;
	struct tj_site_attribute *attributes;	/* [attribute_count] */
	size_t		attribute_count;
	struct tj_site_server	*servers;	/* [server_count] */
	size_t		server_count;
};

/* DATA: not such.  Views of the data, lists in the arena. */
enum tj_rc tj_site_read(struct tj_site *, tj_str data, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_site_write(struct tj_buf *, const struct tj_site *);
/* Members of the object that is open: {"version":1,"protocolVersion":"2.11",…}. */
enum tj_rc tj_site_put(struct tj_json_writer *, const struct tj_site *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* "192.0.2.1" or an IPv6 address; false: no such.  An empty text is 0.0.0.0. */
bool	 tj_site_address(uint8_t address[16], tj_str text);

#endif
