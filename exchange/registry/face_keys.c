#include "exchange/did.h"
#include "exchange/registry/node.h"

/* The keys of /.well-known/did.json for those who read JWK sets (RFC 7517 section 5). */
void
tj_face_keys(const struct tj_node *node, const struct tj_http_request *request,
    struct tj_http_response *response, struct tj_arena *arena)
{
	struct tj_did did;
	tj_str jwks;

	if (!tj_str_eq(request->path, TJ_S("/.well-known/jwks.json")) ||
	    node->settings.did_json.n == 0 || !tj_node_only_get(request, response, arena))
		return;
	if (tj_did_read(&did, node->settings.did_json, arena, NULL) != TJ_OK ||
	    tj_jwks_write(&jwks, &did, arena, NULL) != TJ_OK)
		return;
	tj_http_reply(response, 200, "application/jwk-set+json", jwks, arena);
	tj_http_add(response, "Access-Control-Allow-Origin", TJ_S("*"), arena);
	tj_http_add(response, "Cache-Control", TJ_S("no-cache"), arena);
}
