#include "exchange/crypto.h"
#include "exchange/registry/page.h"

/*
 * What the page checks, as it was signed: the declaration, the issuer's keys, the proof of a
 * log and whose logs count, status lists.  For the page, and for anybody's tools.
 */
struct finding {
	const struct tj_label	*label;
	struct tj_stored	*out;
	struct tj_arena		*arena;
	bool			 found;
};

static enum tj_rc
copy(struct tj_stored *out, const struct tj_stored *stored, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_stored made = { stored->digest, tj_str_dup(stored->product, arena),
	    tj_str_dup(stored->id, arena), tj_str_dup(stored->jws, arena) };

	if (made.product.p == NULL || made.id.p == NULL || made.jws.p == NULL)
		return tj_fail_nomem(err);
	*out = made;
	return TJ_OK;
}

static enum tj_rc
visit(void *ctx, const struct tj_stored *stored, struct tj_err *err)
{
	struct finding *f = ctx;
	tj_digest digest;

	TRY(tj_sha256(&digest, stored->jws, err));
	if (memcmp(digest.b, f->label->declaration, TJ_LABEL_DECLARATION) != 0)
		return TJ_OK;
	TRY(copy(f->out, stored, f->arena, err));
	f->found = true;
	return TJ_E_NOTFOUND;		/* enough */
}

static enum tj_rc
find(struct tj_stored *out, bool *is_newest, struct tj_store *store, tj_str product,
    const struct tj_label *label, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_stored newest, named;
	struct finding f = { label, &named, arena, false };
	enum tj_rc rc;

	TRY(store->newest(store, &newest, product, arena, err));
	*is_newest = true;
	*out = newest;
	if (label == NULL)
		return TJ_OK;
	rc = store->each(store, product, visit, &f, err);
	if (!f.found)
		return rc;		/* the page will tell that it is another one */
	*is_newest = tj_digest_eq(&named.digest, &newest.digest);
	*out = named;
	return TJ_OK;
}

enum tj_rc
tj_page_declaration(struct tj_stored *out, bool *is_newest, const struct tj_node *node,
    tj_str product, const struct tj_label *label, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_store *store = node->declarations;
	enum tj_rc rc;
	tj_str lot;

	if (store == NULL || product.n == 0)
		return tj_fail(err, TJ_E_NOTFOUND, "no declarations are here");
	rc = find(out, is_newest, store, product, label, arena, err);
	if (rc != TJ_E_NOTFOUND || tj_label_lot_of(&lot, product, arena, NULL) != TJ_OK)
		return rc;
	return find(out, is_newest, store, lot, label, arena, err);
}

/* For other sites' scripts too, and never from a cache without asking. */
static void
put(struct tj_http_response *response, const char *type, tj_str bytes, struct tj_arena *arena)
{
	tj_http_reply(response, 200, type, bytes, arena);
	tj_http_add(response, "X-Content-Type-Options", TJ_S("nosniff"), arena);
	tj_http_add(response, "Access-Control-Allow-Origin", TJ_S("*"), arena);
	tj_http_add(response, "Cache-Control", TJ_S("no-cache"), arena);
}

static void
put_none(struct tj_http_response *response, enum tj_rc rc, tj_str what, struct tj_arena *arena)
{
	const bool none = rc == TJ_E_NOTFOUND || rc == TJ_E_NOINPUT || rc == TJ_E_DATA;

	tj_http_reply(response, none ? 404 : 500, "text/plain; charset=utf-8",
	    none ? what : TJ_S("it could not be read; try again\n"), arena);
}

/* ?id= is one declaration, ?product= the newest of a product. */
static enum tj_rc
asked_for(struct tj_stored *out, const struct tj_node *node, const struct tj_params *params,
    struct tj_arena *arena)
{
	const tj_str id = tj_params_find(params, "id");
	struct tj_store *store = node->declarations;
	bool is_newest;

	if (id.p != NULL)
		return store == NULL ? TJ_E_NOTFOUND : store->by_id(store, out, id, arena, NULL);
	return tj_page_declaration(out, &is_newest, node, tj_params_find(params, "product"),
	    NULL, arena, NULL);
}

static void
declaration(const struct tj_node *node, const struct tj_params *params,
    struct tj_http_response *response, struct tj_arena *arena)
{
	struct tj_stored stored;
	const enum tj_rc rc = asked_for(&stored, node, params, arena);

	if (rc != TJ_OK)
		put_none(response, rc, TJ_S("no declaration of it is here\n"), arena);
	else
		put(response, "application/jose", stored.jws, arena);
}

static void
proof(const struct tj_node *node, const struct tj_params *params,
    struct tj_http_response *response, struct tj_arena *arena)
{
	struct tj_page_port *port = node->page;
	struct tj_stored stored;
	enum tj_rc rc = TJ_E_NOTFOUND;
	tj_str text = { NULL, 0 };

	if (port != NULL && port->proof != NULL)
		rc = asked_for(&stored, node, params, arena);
	if (rc == TJ_OK)
		rc = port->proof(port, &text, &stored, arena, NULL);
	if (rc != TJ_OK)
		put_none(response, rc, TJ_S("no proof of a log is here for it\n"), arena);
	else
		put(response, "text/plain; charset=utf-8", text, arena);
}

static void
status(const struct tj_node *node, const struct tj_params *params,
    struct tj_http_response *response, struct tj_arena *arena)
{
	struct tj_page_port *port = node->page;
	const tj_str list = tj_params_find(params, "list");
	enum tj_rc rc = TJ_E_NOTFOUND;
	tj_str jws = { NULL, 0 };

	if (port != NULL && port->status != NULL && list.p != NULL)
		rc = port->status(port, &jws, list, arena, NULL);
	if (rc != TJ_OK)
		put_none(response, rc, TJ_S("this list is not here\n"), arena);
	else
		put(response, "application/jose", jws, arena);
}

/* A copy: another configuration may take the place of this one while it is sent. */
static bool
configured(struct tj_http_response *response, const char *type, tj_str bytes,
    struct tj_arena *arena)
{
	if (bytes.n == 0)
		return false;
	put(response, type, tj_str_dup(bytes, arena), arena);
	return true;
}

bool
tj_page_evidence(const struct tj_node *node, const struct tj_http_request *request,
    const struct tj_params *params, struct tj_http_response *response, struct tj_arena *arena)
{
	const struct tj_node_settings *settings = &node->settings;

	if (tj_str_eq(request->path, TJ_S("/.well-known/did.json")))
		return configured(response, "application/did+json", settings->did_json, arena);
	if (tj_str_eq(request->path, TJ_S("/tanji/log-policy")))
		return configured(response, "text/plain; charset=utf-8",
		    settings->page.log_policy, arena);
	if (tj_str_eq(request->path, TJ_S("/tanji/declaration")))
		declaration(node, params, response, arena);
	else if (tj_str_eq(request->path, TJ_S("/tanji/proof")))
		proof(node, params, response, arena);
	else if (tj_str_eq(request->path, TJ_S("/tanji/status")))
		status(node, params, response, arena);
	else
		return false;
	return true;
}
