#include "exchange/handle_site.h"
#include "exchange/registry/auth.h"

/* The binary protocol that this node speaks, and what it tells of itself by default. */
#define PROTOCOL_MAJOR	2
#define PROTOCOL_MINOR	11

static size_t
interfaces_of(struct tj_site_interface to[2], const struct tj_node_settings *settings)
{
	size_t n = 0;

	if (settings->http_port != 0)
		to[n++] = (struct tj_site_interface){
		    TJ_SITE_QUERY, TJ_SITE_HTTP, settings->http_port };
	if (settings->https_port != 0)
		to[n++] = (struct tj_site_interface){
		    TJ_SITE_ADMIN | TJ_SITE_QUERY, TJ_SITE_HTTPS, settings->https_port };
	return n;
}

enum tj_rc
tj_call_site(struct tj_call *call, tj_str rest, struct tj_err *err)
{
	const struct tj_node_settings *settings = &call->node->settings;
	struct tj_site_interface interfaces[2];
	struct tj_site_server server = { .id = 1, .interfaces = interfaces };
	struct tj_site_attribute name = { TJ_S("desc"), settings->name };
	struct tj_site site = {
		.version = 1, .serial = 1, .flags = TJ_SITE_PRIMARY, .hash_option = 2,
		.protocol_major = PROTOCOL_MAJOR, .protocol_minor = PROTOCOL_MINOR,
		.attributes = &name, .attribute_count = settings->name.n > 0 ? 1 : 0,
		.servers = &server, .server_count = 1,
	};
	struct tj_json_writer out;
	enum tj_rc rc;

	if (rest.n > 0)
		return tj_call_refuse_as(call, 404, TJ_HS_PROTOCOL, "There is nothing below site");
	if (!tj_call_is_method(call, "GET"))
		return tj_call_refuse_as(call, 405, TJ_HS_PROTOCOL, "Method not allowed");
	if (!tj_site_address(server.address, settings->public_address))
		return tj_fail(err, TJ_E_CONFIG, "the public address is no address");
	server.interface_count = interfaces_of(interfaces, settings);
	tj_reply_begin(call, &out, TJ_HS_OK);
	tj_json_open(&out, "site", '{');
	if ((rc = tj_site_put(&out, &site, call->arena, err)) != TJ_OK) {
		tj_buf_fini(&out.buf);
		return rc;
	}
	tj_json_close(&out, '}');
	return tj_reply_end(call, &out, 200, err);
}
