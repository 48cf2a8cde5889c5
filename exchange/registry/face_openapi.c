#include "exchange/builtin.h"
#include "exchange/registry/node.h"

/* What the node answers, as OpenAPI 3.0: exchange/openapi/openapi.json. */
void
tj_face_openapi(const struct tj_node *node, const struct tj_http_request *request,
    struct tj_http_response *response, struct tj_arena *arena)
{
	const struct tj_builtin *document;

	(void)node;
	if (!tj_str_eq(request->path, TJ_S("/openapi.json")) ||
	    !tj_node_only_get(request, response, arena))
		return;
	document = tj_builtin_find("openapi", TJ_S("openapi"));
	tj_http_reply(response, 200, "application/json", tj_builtin_text(document), arena);
	tj_http_add(response, "Access-Control-Allow-Origin", TJ_S("*"), arena);
}
