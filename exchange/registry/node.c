#include "exchange/registry/node.h"

#define X(name) { #name, tj_face_##name },
static const struct {
	const char	*name;
	tj_face		*ask;
} faces[] = {
#include "exchange/registry/faces.def"
	{ NULL, NULL }
};
#undef X

bool
tj_node_only_get(const struct tj_http_request *request, struct tj_http_response *response,
    struct tj_arena *arena)
{
	if (tj_str_eq(request->method, TJ_S("GET")))
		return true;
	tj_http_reply(response, 405, "text/plain; charset=utf-8", TJ_S("GET or HEAD alone\n"),
	    arena);
	tj_http_add(response, "Allow", TJ_S("GET, HEAD"), arena);
	return false;
}

void
tj_node_answer(const struct tj_node *node, const struct tj_http_request *request,
    struct tj_http_response *response, struct tj_arena *arena)
{
	for (size_t i = 0; faces[i].name != NULL && response->status == 0; i++) {
		faces[i].ask(node, request, response, arena);
		response->face = faces[i].name;
	}
	if (response->status == 0)
		response->face = "none";
	if (response->status == 0)
		tj_http_reply(response, 404, "text/plain; charset=utf-8",
		    TJ_S("nothing is here\n"), arena);
}
