#include "exchange/registry/node.h"
#include "exchange/registry/published.h"
#include "exchange/registry/witness_desk.h"
#include "model/base/limits.h"

/*
 * A witness of the logs of others (C2SP tlog-witness), with both of its prefixes at /witness:
 *
 *	POST /witness/add-checkpoint
 *	GET  /witness/<SHA-256 of a log's origin, hexadecimal>/checkpoint
 *	GET  /witness/vkey
 */
#define PREFIX	"/witness/"
#define PLAIN	"text/plain; charset=utf-8"

static void
add_checkpoint(struct tj_witness_desk *desk, const struct tj_http_request *request,
    struct tj_http_response *response, struct tj_arena *arena)
{
	struct tj_witness_answer answer;
	struct tj_err err = { 0 };

	if (!tj_str_eq(request->method, TJ_S("POST"))) {
		tj_http_reply(response, 405, PLAIN, TJ_S("POST alone\n"), arena);
		tj_http_add(response, "Allow", TJ_S("POST"), arena);
	} else if (desk->answer(desk, &answer, request->body, request->at, arena, &err) == TJ_OK) {
		tj_http_reply(response, answer.status, answer.type, answer.body, arena);
	} else {
		tj_http_reply(response, 503, PLAIN,
		    TJ_S("this witness cannot keep its records now; ask again\n"), arena);
		tj_http_add(response, "Retry-After", TJ_S("1"), arena);
	}
	tj_http_add(response, "Cache-Control", TJ_S("no-store"), arena);
}

static bool
is_record(tj_str name)
{
	tj_digest origin;

	return tj_str_eq(tj_str_cut(name, TJ_DIGEST_HEX - 1, name.n), TJ_S("/checkpoint")) &&
	    tj_digest_parse(&origin, tj_str_cut(name, 0, TJ_DIGEST_HEX - 1));
}

void
tj_face_witness(const struct tj_node *node, const struct tj_http_request *request,
    struct tj_http_response *response, struct tj_arena *arena)
{
	const tj_str name = tj_str_cut(request->path, sizeof(PREFIX) - 1, request->path.n);

	if (node->witness == NULL || !tj_str_starts(request->path, TJ_S(PREFIX)))
		return;
	if (tj_str_eq(name, TJ_S("add-checkpoint")))
		add_checkpoint(node->witness, request, response, arena);
	else if (is_record(name) || tj_str_eq(name, TJ_S("vkey")))
		tj_published_reply(response, node->witnessed, &(struct tj_published){ name,
		    TJ_MAX_NOTE_BYTES, PLAIN, TJ_PUBLISHED_NOW }, request, arena);
	else
		tj_http_reply(response, 404, PLAIN, TJ_S("a witness has no such thing\n"), arena);
}
