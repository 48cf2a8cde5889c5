#include "exchange/note_line.h"
#include "exchange/registry/node.h"
#include "exchange/registry/published.h"
#include "exchange/tlog_tile.h"

/*
 * This node's transparency log, for whoever wants to check or copy it (C2SP tlog-tiles):
 *
 *	/log/checkpoint		/log/vkey
 *	/log/tile/LEVEL/INDEX[.p/WIDTH]		/log/tile/entries/INDEX[.p/WIDTH]
 *	/log/anchor/SIZE.json			(exchange/anchor.h)
 *
 * A tile of a width has one content for ever; the checkpoint is the one that changes.
 */
#define PREFIX	"/log/"
#define PLAIN	"text/plain; charset=utf-8"
#define OCTETS	"application/octet-stream"

/* "anchor/801.json" */
static bool
is_anchor(tj_str name)
{
	const tj_str before = TJ_S("anchor/"), behind = TJ_S(".json");
	uint64_t size;

	return name.n > before.n + behind.n && tj_str_starts(name, before) &&
	    tj_str_eq(tj_str_cut(name, name.n - behind.n, behind.n), behind) &&
	    tj_note_number(&size, tj_str_cut(name, before.n, name.n - before.n - behind.n));
}

void
tj_face_log(const struct tj_node *node, const struct tj_http_request *request,
    struct tj_http_response *response, struct tj_arena *arena)
{
	struct tj_published file = { tj_str_cut(request->path, sizeof(PREFIX) - 1,
	    request->path.n), TJ_MAX_NOTE_BYTES, PLAIN, TJ_PUBLISHED_NOW };
	tj_tile tile;

	if (node->log == NULL || !tj_str_starts(request->path, TJ_S(PREFIX)))
		return;
	if (tj_tile_parse(&tile, file.name)) {
		file.max_bytes = TJ_BUNDLE_BYTES;
		file.type = OCTETS;
		file.keep = TJ_PUBLISHED_FOREVER;
	} else if (is_anchor(file.name)) {
		file.max_bytes = TJ_MAX_KEYS_BYTES;
		file.type = "application/json";
	} else if (!tj_str_eq(file.name, TJ_S("checkpoint")) &&
	    !tj_str_eq(file.name, TJ_S("vkey"))) {
		tj_http_reply(response, 404, PLAIN, TJ_S("a log has no such thing\n"), arena);
		return;
	}
	tj_published_reply(response, node->log, &file, request, arena);
}
