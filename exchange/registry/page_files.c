#include "exchange/builtin.h"
#include "exchange/inflate.h"
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
} own[] = {
	{ "/tanji/page.js", "page", SCRIPT, NULL },
	{ "/tanji/label.js", "label", SCRIPT, NULL },
	{ "/tanji/jws.js", "jws", SCRIPT, NULL },
	{ "/tanji/tlog.js", "tlog", SCRIPT, NULL },
	{ "/tanji/tlog_policy.js", "tlog_policy", SCRIPT, NULL },
	{ "/tanji/status.js", "status", SCRIPT, NULL },
	{ "/tanji/scan.js", "scan", SCRIPT, NULL },
	{ "/tanji/scan_worker.js", "scan_worker", SCRIPT, WORKER_POLICY },
	{ "/tanji/style.css", "style", "text/css; charset=utf-8", NULL },
};

static enum tj_rc
file_add(struct tj_page_settings *page, struct tj_page_file file, struct tj_arena *arena,
    struct tj_err *err)
{
	TRY(tj_deflate(&file.gzip, file.bytes, TJ_GZIP, arena, err));
	return TJ_PUSH(arena, &page->files, file) ? TJ_OK : tj_fail_nomem(err);
}

enum tj_rc
tj_page_own_files(struct tj_page_settings *page, struct tj_arena *arena, struct tj_err *err)
{
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		const struct tj_page_file file = { .path = own[i].path, .type = own[i].type,
		    .policy = own[i].policy,
		    .bytes = tj_builtin_text(tj_builtin_find("web", tj_str_of(own[i].name))) };

		TRY(file_add(page, file, arena, err));
	}
	return TJ_OK;
}

enum tj_rc
tj_page_scanner_files(struct tj_page_settings *page, tj_str js, tj_str wasm,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_page_file script = { .path = "/tanji/scanner.js", .type = SCRIPT,
	    .bytes = js };
	const struct tj_page_file module = { .path = "/tanji/scanner.wasm",
	    .type = "application/wasm", .bytes = wasm };

	TRY(file_add(page, script, arena, err));
	TRY(file_add(page, module, arena, err));
	page->has_scanner = true;
	return TJ_OK;
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
put(struct tj_http_response *response, const struct tj_page_file *file, bool is_packed,
    struct tj_arena *arena)
{
	tj_http_reply(response, 200, file->type,
	    tj_str_dup(is_packed ? file->gzip : file->bytes, arena), arena);
	tj_http_add(response, "X-Content-Type-Options", TJ_S("nosniff"), arena);
	tj_http_add(response, "Cache-Control", TJ_S("max-age=3600"), arena);
	tj_http_add(response, "Vary", TJ_S("Accept-Encoding"), arena);
	if (is_packed)
		tj_http_add(response, "Content-Encoding", TJ_S("gzip"), arena);
	if (file->policy != NULL)
		tj_http_add(response, "Content-Security-Policy", tj_str_of(file->policy), arena);
}

bool
tj_page_file(const struct tj_node *node, const struct tj_http_request *request,
    struct tj_http_response *response, struct tj_arena *arena)
{
	const struct tj_page_settings *page = &node->settings.page;

	for (size_t i = 0; i < page->files.n; i++) {
		if (!tj_str_eq(request->path, tj_str_of(page->files.v[i].path)))
			continue;
		put(response, &page->files.v[i],
		    has_token(tj_http_header(request, "Accept-Encoding"), TJ_S("gzip")), arena);
		return true;
	}
	return false;
}
