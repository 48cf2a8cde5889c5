#include "exchange/b64_std.h"
#include "exchange/registry/html.h"
#include "exchange/registry/proxy.h"
#include "model/base/limits.h"

#define HTML	"text/html; charset=utf-8"
/* No script, nothing fetched, in no frame: whatever is in a record. */
#define POLICY	"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; " \
		"base-uri 'none'; form-action 'none'"

bool
tj_proxy_may_link(tj_str url)
{
	static const char *const schemes[] = { "https://", "http://", "ftp://" };
	bool known = false;

	if (url.p == NULL)
		return false;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		const tj_str scheme = tj_str_of(schemes[i]);

		if (url.n > scheme.n && tj_str_eq_nocase(tj_str_cut(url, 0, scheme.n), scheme))
			known = true;
	}
	for (size_t i = 0; i < url.n; i++)
		if (url.p[i] <= ' ' || url.p[i] > '~')
			return false;
	return known;
}

static void
put_link(struct tj_buf *out, tj_str url)
{
	tj_buf_put(out, TJ_S("<a rel=\"noopener nofollow\" href=\""));
	tj_html_put(out, url);
	tj_buf_put(out, TJ_S("\">"));
	tj_html_put(out, url);
	tj_buf_put(out, TJ_S("</a>"));
}

static void
begin(struct tj_buf *out, tj_str title)
{
	tj_buf_init(out, TJ_MAX_LIST_BYTES);
	tj_buf_put(out, TJ_S("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
	    "<title>"));
	tj_html_put(out, title);
	tj_buf_put(out, TJ_S("</title></head><body>\n"));
}

static enum tj_rc
end(struct tj_call *call, struct tj_buf *out, unsigned status, struct tj_err *err)
{
	enum tj_rc rc;
	tj_str body;

	tj_buf_put(out, TJ_S("</body></html>\n"));
	rc = tj_buf_done(&body, out, call->arena, err);
	tj_buf_fini(out);
	TRY(rc);
	call->response->headers.n = 0;
	tj_http_reply(call->response, status, HTML, body, call->arena);
	tj_http_add(call->response, "Content-Security-Policy", TJ_S(POLICY), call->arena);
	tj_http_add(call->response, "X-Content-Type-Options", TJ_S("nosniff"), call->arena);
	return TJ_OK;
}

enum tj_rc
tj_page_redirect(struct tj_call *call, tj_str url, struct tj_err *err)
{
	struct tj_buf out;

	begin(&out, TJ_S("Handle Redirect"));
	put_link(&out, url);
	tj_buf_putc(&out, '\n');
	return end(call, &out, 302, err);
}

static enum tj_rc
put_value(struct tj_buf *out, const struct tj_value *value, struct tj_arena *arena,
    struct tj_err *err)
{
	char at[TJ_TIME_TEXT];
	const bool is_text = tj_str_is_utf8(value->data);
	const tj_str text = is_text ? value->data : tj_b64_std_encode(value->data, arena);

	if (text.p == NULL && value->data.n > 0)
		return tj_fail_nomem(err);
	tj_buf_fmt(out, "<tr><td>%u</td><td>", value->index);
	tj_html_put(out, value->type);
	tj_buf_fmt(out, "</td><td>%s</td><td>", tj_time_text(at, value->timestamp_s));
	if (tj_proxy_may_link(text))
		put_link(out, text);
	else
		tj_html_put(out, text);
	tj_buf_put(out, TJ_S("</td></tr>\n"));
	return TJ_OK;
}

enum tj_rc
tj_page_record(struct tj_call *call, const struct tj_value *const *values, size_t n,
    struct tj_err *err)
{
	enum tj_rc rc = TJ_OK;
	struct tj_buf out;

	begin(&out, call->handle);
	tj_buf_put(&out, TJ_S("<h1>Handle values for: "));
	tj_html_put(&out, call->handle);
	tj_buf_put(&out, TJ_S("</h1>\n<table><tr><th>Index</th><th>Type</th><th>Timestamp</th>"
	    "<th>Data</th></tr>\n"));
	for (size_t i = 0; i < n && rc == TJ_OK; i++)
		rc = put_value(&out, values[i], call->arena, err);
	if (rc != TJ_OK) {
		tj_buf_fini(&out);
		return rc;
	}
	tj_buf_put(&out, TJ_S("</table>\n"));
	return end(call, &out, 200, err);
}

enum tj_rc
tj_page_error(struct tj_call *call, unsigned status, const char *what, struct tj_err *err)
{
	struct tj_buf out;

	begin(&out, tj_str_of(what));
	tj_buf_put(&out, TJ_S("<h1>"));
	tj_html_put(&out, tj_str_of(what));
	tj_buf_put(&out, TJ_S("</h1>\n<p>"));
	if (call->handle.p != NULL)
		tj_html_put(&out, call->handle);
	tj_buf_put(&out, TJ_S("</p>\n"));
	return end(call, &out, status, err);
}
