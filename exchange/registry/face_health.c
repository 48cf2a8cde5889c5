#include "exchange/registry/node.h"

/*
 * For whoever starts and watches the process: /healthz says that it runs, /readyz that
 * requests are worth sending to it: its records answer, and it is not about to end.
 */
static bool
records_answer(struct tj_records *records, struct tj_arena *arena)
{
	struct tj_record record;
	const enum tj_rc rc = records->get(records, &record, TJ_S("0.NA/0.NA"), arena, NULL);

	return rc == TJ_OK || rc == TJ_E_NOTFOUND;
}

static void
ready(const struct tj_node *node, struct tj_http_response *response, struct tj_arena *arena)
{
	const char *why = NULL;

	if (node->meter != NULL && node->meter->is_draining)
		why = "draining\n";
	else if (!records_answer(node->records, arena))
		why = "the records do not answer\n";
	tj_http_reply(response, why == NULL ? 200 : 503, "text/plain; charset=utf-8",
	    tj_str_of(why == NULL ? "ready\n" : why), arena);
}

void
tj_face_health(const struct tj_node *node, const struct tj_http_request *request,
    struct tj_http_response *response, struct tj_arena *arena)
{
	const bool asks_ready = tj_str_eq(request->path, TJ_S("/readyz"));

	if (!asks_ready && !tj_str_eq(request->path, TJ_S("/healthz")))
		return;
	if (!tj_node_only_get(request, response, arena))
		return;
	if (asks_ready)
		ready(node, response, arena);
	else
		tj_http_reply(response, 200, "text/plain; charset=utf-8", TJ_S("ok\n"), arena);
	tj_http_add(response, "Cache-Control", TJ_S("no-store"), arena);
}
