#include "exchange/builtin.h"
#include "exchange/registry/page.h"

/*
 * What the page loads: our own scripts and style, from the program itself, and the reader of
 * codes, from the folder that was configured.  WebAssembly needs 'wasm-unsafe-eval'; a worker
 * goes by the policy of its own script, so that no page has it, only this worker.
 */
#define WORKER_POLICY	"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; " \
			"connect-src 'self'"
#define SCRIPT		"text/javascript; charset=utf-8"

static const struct {
	const char	*path, *name, *type, *policy;
} files[] = {
	{ "/tanji/page.js", "page", SCRIPT, NULL },
	{ "/tanji/label.js", "label", SCRIPT, NULL },
	{ "/tanji/jws.js", "jws", SCRIPT, NULL },
	{ "/tanji/tlog.js", "tlog", SCRIPT, NULL },
	{ "/tanji/status.js", "status", SCRIPT, NULL },
	{ "/tanji/scan.js", "scan", SCRIPT, NULL },
	{ "/tanji/scan_worker.js", "scan_worker", SCRIPT, WORKER_POLICY },
	{ "/tanji/style.css", "style", "text/css; charset=utf-8", NULL },
};

static void
put(struct tj_http_response *response, const char *type, tj_str bytes, struct tj_arena *arena)
{
	tj_http_reply(response, 200, type, bytes, arena);
	tj_http_add(response, "X-Content-Type-Options", TJ_S("nosniff"), arena);
	tj_http_add(response, "Cache-Control", TJ_S("max-age=3600"), arena);
}

static bool
has_token(tj_str list, tj_str token)
{
	tj_str part;

	while (tj_str_next(&part, &list, ','))
		if (tj_str_eq_nocase(tj_str_trim(part), token))
			return true;
	return false;
}

/* A copy: another configuration may take the place of this one while it is sent. */
static void
put_scanner(struct tj_http_response *response, const char *type, tj_str bytes,
    const char *encoding, struct tj_arena *arena)
{
	put(response, type, tj_str_dup(bytes, arena), arena);
	tj_http_add(response, "Vary", TJ_S("Accept-Encoding"), arena);
	if (encoding != NULL)
		tj_http_add(response, "Content-Encoding", tj_str_of(encoding), arena);
}

static bool
scanner(const struct tj_page_settings *page, const struct tj_http_request *request,
    struct tj_http_response *response, struct tj_arena *arena)
{
	const bool packed = has_token(tj_http_header(request, "Accept-Encoding"), TJ_S("gzip"));

	if (page->scanner_wasm.n == 0)
		return false;
	if (tj_str_eq(request->path, TJ_S("/tanji/scanner.js")))
		put_scanner(response, SCRIPT, page->scanner_js, NULL, arena);
	else if (!tj_str_eq(request->path, TJ_S("/tanji/scanner.wasm")))
		return false;
	else if (packed)
		put_scanner(response, "application/wasm", page->scanner_wasm_gzip, "gzip", arena);
	else
		put_scanner(response, "application/wasm", page->scanner_wasm, NULL, arena);
	return true;
}

bool
tj_page_file(const struct tj_node *node, const struct tj_http_request *request,
    struct tj_http_response *response, struct tj_arena *arena)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (!tj_str_eq(request->path, tj_str_of(files[i].path)))
			continue;
		put(response, files[i].type, tj_builtin_text(tj_builtin_find("web",
		    tj_str_of(files[i].name))), arena);
		if (files[i].policy != NULL)
			tj_http_add(response, "Content-Security-Policy",
			    tj_str_of(files[i].policy), arena);
		return true;
	}
	return scanner(&node->settings.page, request, response, arena);
}
