#include "exchange/handle_site.h"

static enum tj_rc
cut_off(struct tj_err *err)
{
	return tj_fail(err, TJ_E_DATA, "the description of a site is cut off");
}

/* How many things follow, of at least `least` octets each: no count makes more room than
 * was sent. */
static bool
take_count(uint32_t *n, tj_str *rest, size_t least)
{
	return tj_take_u32(n, rest) && *n <= rest->n / least;
}

static enum tj_rc
read_attributes(struct tj_site *site, tj_str *rest, struct tj_arena *arena,
    struct tj_err *err)
{
	uint32_t n;

	if (!take_count(&n, rest, 8))
		return cut_off(err);
	if ((site->attributes = TJ_NEWN(arena, struct tj_site_attribute, n)) == NULL)
		return tj_fail_nomem(err);
	for (; site->attribute_count < n; site->attribute_count++) {
		struct tj_site_attribute *to = &site->attributes[site->attribute_count];

		if (!tj_take_bytes(&to->name, rest) || !tj_take_bytes(&to->value, rest) ||
		    !tj_str_is_utf8(to->name) || !tj_str_is_utf8(to->value))
			return cut_off(err);
	}
	return TJ_OK;
}

static enum tj_rc
read_interfaces(struct tj_site_server *server, tj_str *rest, struct tj_arena *arena,
    struct tj_err *err)
{
	uint32_t n;

	if (!take_count(&n, rest, 6))
		return cut_off(err);
	if ((server->interfaces = TJ_NEWN(arena, struct tj_site_interface, n)) == NULL)
		return tj_fail_nomem(err);
	for (; server->interface_count < n; server->interface_count++) {
		struct tj_site_interface *to = &server->interfaces[server->interface_count];

		if (!tj_take_u8(&to->kind, rest) || !tj_take_u8(&to->protocol, rest) ||
		    !tj_take_u32(&to->port, rest))
			return cut_off(err);
		if (to->kind > (TJ_SITE_ADMIN | TJ_SITE_QUERY) || to->protocol > TJ_SITE_HTTPS)
			return tj_fail(err, TJ_E_DATA, "an interface of a kind that there is not");
	}
	return TJ_OK;
}

static enum tj_rc
read_servers(struct tj_site *site, tj_str *rest, struct tj_arena *arena, struct tj_err *err)
{
	uint32_t n;
	tj_str address;

	if (!take_count(&n, rest, 28))
		return cut_off(err);
	if ((site->servers = TJ_NEWN(arena, struct tj_site_server, n)) == NULL)
		return tj_fail_nomem(err);
	for (; site->server_count < n; site->server_count++) {
		struct tj_site_server *to = &site->servers[site->server_count];

		if (!tj_take_u32(&to->id, rest) || !tj_take(&address, rest, 16) ||
		    !tj_take_bytes(&to->public_key, rest))
			return cut_off(err);
		memcpy(to->address, address.p, 16);
		TRY(read_interfaces(to, rest, arena, err));
	}
	return TJ_OK;
}

enum tj_rc
tj_site_read(struct tj_site *out, tj_str data, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_site site = { 0 };

	if (!tj_take_u16(&site.version, &data) || !tj_take_u8(&site.protocol_major, &data) ||
	    !tj_take_u8(&site.protocol_minor, &data) || !tj_take_u16(&site.serial, &data) ||
	    !tj_take_u8(&site.flags, &data) || !tj_take_u8(&site.hash_option, &data) ||
	    !tj_take_bytes(&site.hash_filter, &data))
		return cut_off(err);
	TRY(read_attributes(&site, &data, arena, err));
	TRY(read_servers(&site, &data, arena, err));
	if (data.n > 0)
		return tj_fail(err, TJ_E_DATA, "something stands behind a site");
	*out = site;
	return TJ_OK;
}

static void
write_server(struct tj_buf *buf, const struct tj_site_server *server)
{
	tj_put_u32(buf, server->id);
	tj_buf_put(buf, (tj_str){ (const char *)server->address, 16 });
	tj_put_bytes(buf, server->public_key);
	tj_put_u32(buf, server->interface_count);
	for (size_t i = 0; i < server->interface_count; i++) {
		tj_put_u8(buf, server->interfaces[i].kind);
		tj_put_u8(buf, server->interfaces[i].protocol);
		tj_put_u32(buf, server->interfaces[i].port);
	}
}

void
tj_site_write(struct tj_buf *buf, const struct tj_site *site)
{
	tj_put_u16(buf, site->version);
	tj_put_u8(buf, site->protocol_major);
	tj_put_u8(buf, site->protocol_minor);
	tj_put_u16(buf, site->serial);
	tj_put_u8(buf, site->flags);
	tj_put_u8(buf, site->hash_option);
	tj_put_bytes(buf, site->hash_filter);
	tj_put_u32(buf, site->attribute_count);
	for (size_t i = 0; i < site->attribute_count; i++) {
		tj_put_bytes(buf, site->attributes[i].name);
		tj_put_bytes(buf, site->attributes[i].value);
	}
	tj_put_u32(buf, site->server_count);
	for (size_t i = 0; i < site->server_count; i++)
		write_server(buf, &site->servers[i]);
}
