#include "exchange/registry/node.h"
#include "exchange/registry/published.h"

#define PLAIN	"text/plain; charset=utf-8"

void
tj_published_reply(struct tj_http_response *response, struct tj_folder *folder,
    const struct tj_published *file, const struct tj_http_request *request,
    struct tj_arena *arena)
{
	const tj_str name = tj_str_dup(file->name, arena);
	tj_str bytes = { NULL, 0 };
	enum tj_rc rc = TJ_E_NOMEM;

	if (!tj_node_only_get(request, response, arena))
		return;
	if (name.p != NULL)
		rc = folder->read(folder, &bytes, name.p, file->max_bytes, arena, NULL);
	if (rc == TJ_OK)
		tj_http_reply(response, 200, file->type, bytes, arena);
	else if (rc == TJ_E_NOINPUT)
		tj_http_reply(response, 404, PLAIN, TJ_S("not there\n"), arena);
	else
		tj_http_reply(response, 503, PLAIN, TJ_S("it cannot be read now\n"), arena);
	tj_http_add(response, "Cache-Control", tj_str_of(rc == TJ_OK ? file->keep : "no-store"),
	    arena);
	tj_http_add(response, "Access-Control-Allow-Origin", TJ_S("*"), arena);
}
