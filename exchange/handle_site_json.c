#include <arpa/inet.h>
#include <stdio.h>

#include "exchange/handle_format.h"
#include "exchange/handle_json.h"
#include "exchange/handle_site.h"
#include "model/base/limits.h"

static const char *const protocols[] = { "UDP", "TCP", "HTTP", "HTTPS" };
static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
static const uint8_t zeros[12];

#define PROTOCOLS	(sizeof(protocols) / sizeof(protocols[0]))
#define ADDRESS_TEXT	INET6_ADDRSTRLEN

bool
tj_site_address(uint8_t address[16], tj_str text)
{
	char copy[ADDRESS_TEXT];

	memset(address, 0, 16);
	if (text.n == 0)
		return true;
	if (text.n >= sizeof(copy))
		return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	return inet_pton(AF_INET, copy, address + 12) == 1 ||
	    inet_pton(AF_INET6, copy, address) == 1;
}

static const char *
address_text(char text[ADDRESS_TEXT], const uint8_t address[16])
{
	const bool is_v4 = memcmp(address, zeros, 12) == 0 || memcmp(address, mapped, 12) == 0;

	return inet_ntop(is_v4 ? AF_INET : AF_INET6, is_v4 ? address + 12 : address, text,
	    ADDRESS_TEXT);
}

static void
put_interfaces(struct tj_json_writer *out, const struct tj_site_server *server)
{
	tj_json_open(out, "interfaces", '[');
	for (size_t i = 0; i < server->interface_count; i++) {
		const struct tj_site_interface *from = &server->interfaces[i];

		tj_json_open(out, NULL, '{');
		tj_json_put_bool(out, "query", (from->kind & TJ_SITE_QUERY) != 0);
		tj_json_put_bool(out, "admin", (from->kind & TJ_SITE_ADMIN) != 0);
		tj_json_put(out, "protocol", tj_str_of(protocols[from->protocol]));
		tj_json_put_count(out, "port", from->port);
		tj_json_close(out, '}');
	}
	tj_json_close(out, ']');
}

static enum tj_rc
put_server(struct tj_json_writer *out, const struct tj_site_server *server,
    struct tj_arena *arena, struct tj_err *err)
{
	char address[ADDRESS_TEXT];
	enum tj_rc rc;

	tj_json_open(out, NULL, '{');
	tj_json_put_count(out, "serverId", server->id);
	tj_json_put(out, "address", tj_str_of(address_text(address, server->address)));
	if (server->public_key.n > 0) {
		tj_json_open(out, "publicKey", '{');
		rc = tj_handle_write_key(out, server->public_key, arena, err);
		if (rc == TJ_E_NOTFOUND)
			rc = tj_handle_put_plain(out, server->public_key, arena, err);
		TRY(rc);
		tj_json_close(out, '}');
	}
	put_interfaces(out, server);
	tj_json_close(out, '}');
	return TJ_OK;
}

static void
put_attributes(struct tj_json_writer *out, const struct tj_site *site)
{
	tj_json_open(out, "attributes", '[');
	for (size_t i = 0; i < site->attribute_count; i++) {
		tj_json_open(out, NULL, '{');
		tj_json_put(out, "name", site->attributes[i].name);
		tj_json_put(out, "value", site->attributes[i].value);
		tj_json_close(out, '}');
	}
	tj_json_close(out, ']');
}

enum tj_rc
tj_site_put(struct tj_json_writer *out, const struct tj_site *site, struct tj_arena *arena,
    struct tj_err *err)
{
	char protocol[16];

	(void)snprintf(protocol, sizeof(protocol), "%d.%d", site->protocol_major,
	    site->protocol_minor);
	tj_json_put_count(out, "version", site->version);
	tj_json_put(out, "protocolVersion", tj_str_of(protocol));
	tj_json_put_count(out, "serialNumber", site->serial);
	tj_json_put_bool(out, "primarySite", (site->flags & TJ_SITE_PRIMARY) != 0);
	tj_json_put_bool(out, "multiPrimary", (site->flags & TJ_SITE_MULTI_PRIMARY) != 0);
	if (site->hash_option != 2)
		tj_json_put_count(out, "hashOption", site->hash_option);
	put_attributes(out, site);
	tj_json_open(out, "servers", '[');
	for (size_t i = 0; i < site->server_count; i++)
		TRY(put_server(out, &site->servers[i], arena, err));
	tj_json_close(out, ']');
	return TJ_OK;
}

enum tj_rc
tj_handle_write_site(struct tj_json_writer *out, tj_str data, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_site site;
	const enum tj_rc rc = tj_site_read(&site, data, arena, NULL);

	if (rc == TJ_E_NOMEM)
		return tj_fail_nomem(err);
	/* What JSON cannot say stays what it is. */
	if (rc != TJ_OK || site.hash_filter.n > 0)
		return TJ_E_NOTFOUND;
	tj_json_put(out, "format", TJ_S("site"));
	tj_json_open(out, "value", '{');
	TRY(tj_site_put(out, &site, arena, err));
	tj_json_close(out, '}');
	return TJ_OK;
}

static bool
flag(const struct tj_json *from, const char *name)
{
	const struct tj_json *value = tj_json_find(from, name);

	return value != NULL && tj_json_is_true(value);
}

/* "2.11" */
static enum tj_rc
read_protocol(struct tj_site *site, const struct tj_json *from, struct tj_err *err)
{
	unsigned parts[2] = { 0, 0 };
	tj_str text, rest, part;

	TRY(tj_json_get_text(&text, from, "protocolVersion", err));
	rest = text;
	for (size_t i = 0; i < 2; i++) {
		if (!tj_str_next(&part, &rest, '.') || part.n == 0 || part.n > 3)
			return tj_fail(err, TJ_E_DATA, "protocolVersion is two numbers: 2.11");
		for (size_t k = 0; k < part.n; k++) {
			if (!tj_is_digit(part.p[k]))
				return tj_fail(err, TJ_E_DATA,
				    "protocolVersion is two numbers: 2.11");
			parts[i] = parts[i] * 10 + (unsigned)(part.p[k] - '0');
		}
		if (parts[i] > UINT8_MAX)
			return tj_fail(err, TJ_E_DATA, "protocolVersion is two numbers: 2.11");
	}
	site->protocol_major = (uint8_t)parts[0];
	site->protocol_minor = (uint8_t)parts[1];
	return TJ_OK;
}

/* The array of this name, empty where there is none, and room for what is in it. */
static enum tj_rc
list_of(const struct tj_json **list, void **room, size_t *n, const struct tj_json *from,
    const char *name, size_t size, struct tj_arena *arena, struct tj_err *err)
{
	*n = 0;
	if (tj_json_find(from, name) == NULL)
		return TJ_OK;
	TRY(tj_json_get(list, from, name, TJ_JSON_ARRAY, err));
	if (tj_json_count(*list) > TJ_MAX_RECORD_VALUES)
		return tj_fail(err, TJ_E_LIMIT, "a site with more than %d %s",
		    TJ_MAX_RECORD_VALUES, name);
	if ((*room = tj_arena_alloc(arena, tj_json_count(*list), size)) == NULL)
		return tj_fail_nomem(err);
	*n = tj_json_count(*list);
	return TJ_OK;
}

static enum tj_rc
read_interface(struct tj_site_interface *to, const struct tj_json *from, struct tj_err *err)
{
	tj_str protocol;
	unsigned kind = 0;

	TRY(tj_json_get_text(&protocol, from, "protocol", err));
	TRY(tj_json_get_whole(&to->port, from, "port", UINT16_MAX, err));
	if (flag(from, "query"))
		kind |= TJ_SITE_QUERY;
	if (flag(from, "admin"))
		kind |= TJ_SITE_ADMIN;
	to->kind = (uint8_t)kind;
	for (size_t i = 0; i < PROTOCOLS; i++)
		if (tj_str_eq_nocase(protocol, tj_str_of(protocols[i]))) {
			to->protocol = (uint8_t)i;
			return TJ_OK;
		}
	return tj_fail(err, TJ_E_DATA, "protocol \"%.*s\"; there are UDP, TCP, HTTP, HTTPS",
	    TJ_FMT(protocol));
}

static enum tj_rc
read_server(struct tj_site_server *to, const struct tj_json *from, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *key = tj_json_find(from, "publicKey"), *list = NULL;
	void *room = NULL;
	tj_str address;

	TRY(tj_json_get_whole(&to->id, from, "serverId", INT32_MAX, err));
	TRY(tj_json_get_text(&address, from, "address", err));
	if (!tj_site_address(to->address, address))
		return tj_fail(err, TJ_E_DATA, "\"%.*s\" is no address", TJ_FMT(address));
	if (key != NULL)
		TRY(tj_handle_data_get(&to->public_key, key, arena, err));
	TRY(list_of(&list, &room, &to->interface_count, from, "interfaces",
	    sizeof(*to->interfaces), arena, err));
	to->interfaces = room;
	for (size_t i = 0; i < to->interface_count; i++)
		TRY(read_interface(&to->interfaces[i], tj_json_at(list, i), err));
	return TJ_OK;
}

static enum tj_rc
read_attributes(struct tj_site *site, const struct tj_json *from, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *list = NULL;
	void *room = NULL;

	TRY(list_of(&list, &room, &site->attribute_count, from, "attributes",
	    sizeof(*site->attributes), arena, err));
	site->attributes = room;
	for (size_t i = 0; i < site->attribute_count; i++) {
		TRY(tj_json_get_text(&site->attributes[i].name, tj_json_at(list, i), "name", err));
		TRY(tj_json_get_text(&site->attributes[i].value, tj_json_at(list, i), "value",
		    err));
	}
	return TJ_OK;
}

static enum tj_rc
read_servers(struct tj_site *site, const struct tj_json *from, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *list = NULL;
	void *room = NULL;

	TRY(list_of(&list, &room, &site->server_count, from, "servers", sizeof(*site->servers),
	    arena, err));
	site->servers = room;
	for (size_t i = 0; i < site->server_count; i++)
		TRY(read_server(&site->servers[i], tj_json_at(list, i), arena, err));
	return TJ_OK;
}

static enum tj_rc
read_head(struct tj_site *site, const struct tj_json *from, struct tj_err *err)
{
	uint32_t version = 1, serial, hash = 2;

	if (tj_json_find(from, "version") != NULL)
		TRY(tj_json_get_whole(&version, from, "version", UINT16_MAX, err));
	TRY(tj_json_get_whole(&serial, from, "serialNumber", UINT16_MAX, err));
	if (tj_json_find(from, "hashOption") != NULL)
		TRY(tj_json_get_whole(&hash, from, "hashOption", 2, err));
	site->version = (uint16_t)version;
	site->serial = (uint16_t)serial;
	site->hash_option = (uint8_t)hash;
	if (flag(from, "primarySite"))
		site->flags |= TJ_SITE_PRIMARY;
	if (flag(from, "multiPrimary"))
		site->flags |= TJ_SITE_MULTI_PRIMARY;
	return read_protocol(site, from, err);
}

enum tj_rc
tj_handle_read_site(tj_str *data, const struct tj_json *value, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_site site = { 0 };
	struct tj_buf buf;
	enum tj_rc rc;

	TRY(read_head(&site, value, err));
	TRY(read_attributes(&site, value, arena, err));
	TRY(read_servers(&site, value, arena, err));
	tj_buf_init(&buf, TJ_MAX_RECORD_BYTES);
	tj_site_write(&buf, &site);
	rc = tj_buf_done(data, &buf, arena, err);
	tj_buf_fini(&buf);
	return rc;
}
