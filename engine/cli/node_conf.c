#include "engine/cli/conf_folder.h"
#include "engine/cli/node_conf.h"
#include "exchange/conf.h"
#include "exchange/handle_data.h"
#include "model/base/limits.h"

static const struct tj_conf_key known_keys[] = {
	{ "node", "name", TJ_CONF_REQUIRED },
	{ "node", "role", TJ_CONF_OPTIONAL },
	{ "node", "prefix", TJ_CONF_REPEATS },
	{ "node", "admin", TJ_CONF_REPEATS },
	{ "node", "registry", TJ_CONF_OPTIONAL },
	{ "node", "did", TJ_CONF_OPTIONAL },
	{ "node", "public_address", TJ_CONF_OPTIONAL },
	{ "node", "public_http_port", TJ_CONF_OPTIONAL },
	{ "node", "public_https_port", TJ_CONF_OPTIONAL },
	{ "listen", "http", TJ_CONF_REPEATS },
	{ "listen", "https", TJ_CONF_REPEATS },
	{ "listen", "unix", TJ_CONF_REPEATS },
	{ "listen", "certificate", TJ_CONF_OPTIONAL },
	{ "listen", "key", TJ_CONF_OPTIONAL },
	{ "listen", "client_certificates", TJ_CONF_OPTIONAL },
	{ "listen", "trusted_proxy", TJ_CONF_REPEATS },
	{ "listen", "metrics_from", TJ_CONF_REPEATS },
	{ "limits", "threads", TJ_CONF_OPTIONAL },
	{ "limits", "body_bytes", TJ_CONF_OPTIONAL },
	{ "limits", "all_bodies_bytes", TJ_CONF_OPTIONAL },
	{ "limits", "target_bytes", TJ_CONF_OPTIONAL },
	{ "limits", "header_bytes", TJ_CONF_OPTIONAL },
	{ "limits", "connections", TJ_CONF_OPTIONAL },
	{ "limits", "connections_per_address", TJ_CONF_OPTIONAL },
	{ "limits", "requests_per_second", TJ_CONF_OPTIONAL },
	{ "limits", "burst", TJ_CONF_OPTIONAL },
	{ "limits", "idle_seconds", TJ_CONF_OPTIONAL },
	{ "limits", "request_seconds", TJ_CONF_OPTIONAL },
	{ "limits", "drain_seconds", TJ_CONF_OPTIONAL },
	{ "parent", "url", TJ_CONF_EACH },
	{ "parent", "as", TJ_CONF_EACH },
	{ "parent", "secret", TJ_CONF_EACH },
	{ "parent", "ca", TJ_CONF_OPTIONAL },
	{ "parent", "allow", TJ_CONF_REPEATS },
	{ "evidence", "log", TJ_CONF_OPTIONAL },
	{ "evidence", "witness", TJ_CONF_OPTIONAL },
	{ "log", "access", TJ_CONF_OPTIONAL },
	{ "page", "scanner", TJ_CONF_OPTIONAL },
	{ "page", "proofs", TJ_CONF_OPTIONAL },
	{ "page", "log_policy", TJ_CONF_OPTIONAL },
	{ "page", "status", TJ_CONF_OPTIONAL },
	{ "page", "scans", TJ_CONF_OPTIONAL },
	{ "page", "place_header", TJ_CONF_OPTIONAL },
	{ NULL, NULL, TJ_CONF_OPTIONAL }
};

/* What every step of reading needs. */
struct reader {
	struct tj_node_conf	*node;
	struct tj_conf_folder	 folder;
	const struct tj_conf	*conf;		/* of the folder */
	struct tj_arena		*arena;
	struct tj_err		*err;
};

static enum tj_rc
texts_read(struct reader *r, const char *section, const char *key, const char *before,
    void *vec)
{
	TJ_VEC(tj_str) *texts = vec;
	const struct tj_conf_entry *e = NULL;

	while ((e = tj_conf_each(r->conf, e, section, key)) != NULL) {
		const tj_str text = tj_str_fmt(r->arena, "%s%.*s", before, TJ_FMT(e->value));

		if (text.p == NULL || !TJ_PUSH(r->arena, texts, text))
			return tj_fail_nomem(r->err);
	}
	return TJ_OK;
}

static enum tj_rc
networks_read(struct reader *r, const char *key, void *vec)
{
	TJ_VEC(tj_network) *networks = vec;
	const struct tj_conf_entry *e = NULL;

	while ((e = tj_conf_each(r->conf, e, "listen", key)) != NULL) {
		tj_network network;

		if (!tj_network_parse(&network, e->value))
			return tj_conf_fail(r->conf, e, r->err, "expected a network like "
			    "10.0.0.0/8 or an address, found \"%.*s\"", TJ_FMT(e->value));
		if (!TJ_PUSH(r->arena, networks, network))
			return tj_fail_nomem(r->err);
	}
	return TJ_OK;
}

static enum tj_rc
identity_read(struct reader *r)
{
	const struct tj_conf_entry *role = tj_conf_get(r->conf, "node", "role"), *e = NULL;
	struct tj_node_conf *node = r->node;
	struct tj_reference admin;

	node->name = tj_conf_get(r->conf, "node", "name")->value;
	node->role = role == NULL ? TJ_S("enterprise") : role->value;
	if (!tj_str_eq(node->role, TJ_S("root")) && !tj_str_eq(node->role, TJ_S("industry")) &&
	    !tj_str_eq(node->role, TJ_S("enterprise")))
		return tj_conf_fail(r->conf, role, r->err,
		    "expected root, industry or enterprise, found \"%.*s\"", TJ_FMT(node->role));
	while ((e = tj_conf_each(r->conf, e, "node", "prefix")) != NULL)
		if (e->value.n == 0 || tj_str_find(e->value, '/') < e->value.n)
			return tj_conf_fail(r->conf, e, r->err,
			    "expected a prefix like 88.111.1, found \"%.*s\"", TJ_FMT(e->value));
	while ((e = tj_conf_each(r->conf, e, "node", "admin")) != NULL)
		if (tj_reference_parse(&admin, e->value, r->arena, NULL) != TJ_OK)
			return tj_conf_fail(r->conf, e, r->err, "expected index:handle like "
			    "300:88.111.1/ADMIN, found \"%.*s\"", TJ_FMT(e->value));
	TRY(texts_read(r, "node", "prefix", "", &node->prefixes));
	return texts_read(r, "node", "admin", "", &node->admins);
}

static enum tj_rc
public_read(struct reader *r)
{
	const struct tj_conf_entry *e = tj_conf_get(r->conf, "node", "public_address");
	uint64_t http = 0, https = 0;
	tj_address address;

	if (e != NULL && !tj_address_parse(&address, e->value))
		return tj_conf_fail(r->conf, e, r->err,
		    "expected an address like 192.0.2.1, found \"%.*s\"", TJ_FMT(e->value));
	r->node->public_address = e == NULL ? TJ_S("") : e->value;
	TRY(tj_conf_number(&http, &r->folder, "node", "public_http_port", 1, 65535));
	TRY(tj_conf_number(&https, &r->folder, "node", "public_https_port", 1, 65535));
	r->node->public_http = (uint16_t)http;
	r->node->public_https = (uint16_t)https;
	r->node->registry = tj_path_in(r->folder.dir, TJ_S("registry"), r->arena);
	if (r->node->registry == NULL)
		return tj_fail_nomem(r->err);
	TRY(tj_conf_path(&r->node->did, &r->folder, "node", "did"));
	return tj_conf_path(&r->node->registry, &r->folder, "node", "registry");
}

static enum tj_rc
unix_read(struct reader *r)
{
	const struct tj_conf_entry *e = NULL;

	while ((e = tj_conf_each(r->conf, e, "listen", "unix")) != NULL) {
		const char *path = tj_path_in(r->folder.dir, e->value, r->arena);
		const tj_str address = path == NULL ? (tj_str){ NULL, 0 } :
		    tj_str_fmt(r->arena, "unix:%s", path);

		if (address.p == NULL || !TJ_PUSH(r->arena, &r->node->plain, address))
			return tj_fail_nomem(r->err);
	}
	return TJ_OK;
}

static enum tj_rc
tls_read(struct reader *r)
{
	const struct tj_conf_entry *https = tj_conf_get(r->conf, "listen", "https");
	struct tj_node_conf *node = r->node;

	TRY(tj_conf_path(&node->certificate, &r->folder, "listen", "certificate"));
	TRY(tj_conf_path(&node->key, &r->folder, "listen", "key"));
	if (https != NULL && (node->certificate == NULL || node->key == NULL))
		return tj_conf_fail(r->conf, https, r->err,
		    "https needs `certificate = FILE` and `key = FILE` in [listen]");
	return tj_conf_yes(&node->asks_certificate, &r->folder, "listen", "client_certificates");
}

static enum tj_rc
listen_read(struct reader *r)
{
	struct tj_node_conf *node = r->node;

	TRY(texts_read(r, "listen", "http", "", &node->plain));
	TRY(unix_read(r));
	TRY(texts_read(r, "listen", "https", "", &node->tls));
	TRY(tls_read(r));
	TRY(networks_read(r, "trusted_proxy", &node->trusted));
	TRY(networks_read(r, "metrics_from", &node->watchers));
	if (node->plain.n + node->tls.n == 0 || node->plain.n + node->tls.n > TJ_MAX_LISTEN)
		return tj_fail(r->err, TJ_E_CONFIG, "%.*s: from 1 to %d addresses in [listen], "
		    "like http = 127.0.0.1:8080; there are %zu", TJ_FMT(r->conf->file),
		    TJ_MAX_LISTEN, node->plain.n + node->tls.n);
	return TJ_OK;
}

static enum tj_rc
limits_read(struct reader *r)
{
	struct tj_http_limits *l = &r->node->limits;
	const struct {
		const char	*key;
		size_t		*large;
		unsigned	*small;
		uint64_t	 otherwise, least, most;
	} numbers[] = {
		{ "threads", NULL, &r->node->threads, 8, 1, TJ_MAX_THREADS },
		{ "body_bytes", &l->body_bytes, NULL, 4u << 20, 1024, 64u << 20 },
		{ "all_bodies_bytes", &l->all_bodies_bytes, NULL, 256u << 20, 1024, 1ull << 36 },
		{ "target_bytes", &l->target_bytes, NULL, 8192, 256, 1u << 20 },
		{ "header_bytes", &l->header_bytes, NULL, 8192, 1024, 1u << 20 },
		{ "connections", NULL, &l->connections, 4096, 1, TJ_MAX_CONNECTIONS },
		{ "connections_per_address", NULL, &l->connections_per_peer, 256, 1,
		    TJ_MAX_CONNECTIONS },
		{ "requests_per_second", NULL, &l->requests_per_s, 0, 0, 1000000 },
		{ "burst", NULL, &l->burst, 1000, 1, 1000000 },
		{ "idle_seconds", NULL, &l->idle_s, 60, 1, 3600 },
		{ "request_seconds", NULL, &l->request_s, 60, 1, 3600 },
		{ "drain_seconds", NULL, &r->node->drain_s, 30, 1, 3600 },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		uint64_t n = numbers[i].otherwise;

		TRY(tj_conf_number(&n, &r->folder, "limits", numbers[i].key, numbers[i].least,
		    numbers[i].most));
		if (numbers[i].large != NULL)
			*numbers[i].large = n;
		else
			*numbers[i].small = (unsigned)n;
	}
	return TJ_OK;
}

static enum tj_rc
log_read(struct reader *r)
{
	const struct tj_conf_entry *e = tj_conf_get(r->conf, "log", "access");

	r->node->log = "";
	if (e == NULL || tj_str_eq(e->value, TJ_S("stderr")))
		return TJ_OK;
	if (!tj_str_eq(e->value, TJ_S("off")))
		return tj_conf_path(&r->node->log, &r->folder, "log", "access");
	r->node->log = NULL;
	return TJ_OK;
}

static enum tj_rc
page_read(struct reader *r)
{
	const struct tj_conf_entry *e = tj_conf_get(r->conf, "page", "place_header");
	struct tj_page_conf *page = &r->node->page;

	TRY(tj_conf_path(&page->scanner, &r->folder, "page", "scanner"));
	TRY(tj_conf_path(&page->proofs, &r->folder, "page", "proofs"));
	TRY(tj_conf_path(&page->log_policy, &r->folder, "page", "log_policy"));
	TRY(tj_conf_path(&page->status, &r->folder, "page", "status"));
	TRY(tj_conf_path(&page->scans, &r->folder, "page", "scans"));
	if (e == NULL)
		return TJ_OK;
	if (e->value.n == 0 || page->scans == NULL)
		return tj_conf_fail(r->conf, e, r->err, "expected the name of a header, and "
		    "`scans = FILE` beside it");
	page->place_header = tj_str_dup(e->value, r->arena).p;
	return page->place_header == NULL ? tj_fail_nomem(r->err) : TJ_OK;
}

enum tj_rc
tj_node_conf_read(struct tj_node_conf *node, const char *dir, struct tj_arena *arena,
    struct tj_err *err)
{
	const tj_str make = tj_str_fmt(arena, "node init %s --prefix PREFIX", dir);
	struct tj_node_conf read = { .name = TJ_S("") };
	struct reader r = { .node = &read, .arena = arena, .err = err };

	if (make.p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_conf_folder_read(&r.folder, dir, TJ_NODE_FILE, make.p, known_keys, arena, err));
	r.conf = &r.folder.conf;
	read.dir = r.folder.dir;
	TRY(identity_read(&r));
	TRY(public_read(&r));
	TRY(listen_read(&r));
	TRY(limits_read(&r));
	TRY(tj_node_parent_read(&read.parent, &r.folder));
	TRY(tj_conf_path(&read.log_dir, &r.folder, "evidence", "log"));
	TRY(tj_conf_path(&read.witness_dir, &r.folder, "evidence", "witness"));
	TRY(log_read(&r));
	TRY(page_read(&r));
	*node = read;
	return TJ_OK;
}
