#include "exchange/format_vc.h"
#include "exchange/jws.h"
#include "exchange/registry/call.h"
#include "exchange/registry/page.h"

/*
 * GET of what stands in the code on a product: a GS1 Digital Link, or any link with C=.
 * What the page needs beside it lies under /tanji/ and /.well-known/, on the same host:
 * nothing else is asked for by it.
 */
#define POLICY	"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " \
		"worker-src 'self'; img-src 'self' blob:; base-uri 'none'; form-action 'none'; " \
		"frame-ancestors 'none'"

struct paging {
	const struct tj_node		*node;
	const struct tj_http_request	*request;
	struct tj_arena			*arena;
	struct tj_params		 params;
	struct tj_page			 page;
};

static enum tj_lang
language(const struct paging *p)
{
	const tj_str asked = tj_params_find(&p->params, "lang");

	if (asked.p != NULL)
		return tj_str_starts(asked, TJ_S("zh")) ? TJ_ZH : TJ_EN;
	return tj_str_starts(tj_http_header(p->request, "Accept-Language"), TJ_S("zh")) ? TJ_ZH
	    : TJ_EN;
}

/* The link as a reader has it, but for the host, which says nothing. */
static enum tj_rc
link_of(tj_str *link, const struct paging *p)
{
	*link = tj_str_fmt(p->arena, "https://a%.*s%s%.*s", TJ_FMT(p->request->path),
	    p->request->query.n > 0 ? "?" : "", TJ_FMT(p->request->query));
	return link->p == NULL ? TJ_E_NOMEM : TJ_OK;
}

static enum tj_rc
label_read(struct paging *p, tj_str link)
{
	struct tj_label_code code;
	tj_str bytes, before;
	enum tj_rc rc;

	rc = tj_label_unlink(&bytes, &before, link, p->arena, NULL);
	if (rc == TJ_OK)
		rc = tj_label_read(&code, bytes, p->arena, NULL);
	if (rc == TJ_OK) {
		p->page.has_label = true;
		p->page.label = code.label;
		p->page.product = code.label.product;
		return TJ_OK;
	}
	if (rc == TJ_E_NOMEM)
		return rc;
	p->page.no_label = TJ_PAGE_BAD_LABEL;	/* why, the reader's browser tells */
	return TJ_OK;
}

/* The product that the path names, for who came without a label. */
static enum tj_rc
product_of_path(struct paging *p, tj_str link)
{
	tj_ident ident;

	TRY(tj_ident_parse(&ident, tj_str_cut(link, 0, tj_str_find(link, '?')), p->arena, NULL));
	if (ident.scheme != TJ_IDENT_gs1)
		return TJ_E_NOTFOUND;
	p->page.product = ident.canonical;
	return TJ_OK;
}

/* As a label would have them; in a unit that labels have not there are none to show. */
static enum tj_rc
figures_of_declaration(struct paging *p, tj_str jws)
{
	const enum tj_rc rc = tj_label_of(&p->page.label, &p->page.decl, jws, p->arena, NULL);

	if (rc == TJ_OK || rc == TJ_E_NOMEM || rc == TJ_E_INTERNAL)
		return rc;
	p->page.is_declared = false;
	p->page.no_label = TJ_PAGE_NO_FIGURES;
	return TJ_OK;
}

static enum tj_rc
declaration_find(struct paging *p)
{
	const struct tj_label *label = p->page.has_label ? &p->page.label : NULL;
	struct tj_stored stored;
	struct tj_jws jws;
	enum tj_rc rc;

	rc = tj_page_declaration(&stored, &p->page.is_newest, p->node, p->page.product, label,
	    p->arena, NULL);
	if (rc != TJ_OK)
		return rc == TJ_E_NOTFOUND ? TJ_OK : rc;
	TRY(tj_jws_parse(&jws, stored.jws, p->arena, NULL));
	TRY(tj_vc_read(&p->page.decl, NULL, jws.payload, p->arena, NULL));
	p->page.is_declared = true;
	return p->page.has_label ? TJ_OK : figures_of_declaration(p, stored.jws);
}

static bool
has_code(const struct paging *p)
{
	return tj_params_find(&p->params, "C").p != NULL;
}

/*
 * Of things with a serial that are declared here, where counting is configured: how often
 * and where a serial is looked at tells of copies.  Neither who nor the hour is kept, and a
 * page is not kept back because it could not be counted.
 */
static bool
scan_count(const struct paging *p)
{
	const struct tj_node *node = p->node;
	const char *header = node->settings.page.place_header;
	tj_str place = TJ_S("");

	if (node->page == NULL || node->page->scanned == NULL || !p->page.has_label ||
	    !p->page.is_declared || !tj_label_has_serial(p->page.product, p->arena))
		return false;
	if (header != NULL && p->request->is_proxied)
		place = tj_http_header(p->request, header);
	return node->page->scanned(node->page, p->page.product, place, p->request->at, NULL) ==
	    TJ_OK;
}

static enum tj_rc
page_make(tj_str *html, struct paging *p)
{
	tj_str link;

	TRY(link_of(&link, p));
	p->page.lang = language(p);
	p->page.path = p->request->path;
	p->page.query = p->request->query;
	p->page.no_label = TJ_PAGE_NO_LABEL;
	if (has_code(p))
		TRY(label_read(p, link));
	if (p->page.product.n == 0 && product_of_path(p, link) != TJ_OK && !has_code(p))
		return TJ_E_NOTFOUND;
	TRY(declaration_find(p));
	p->page.has_scanner = p->node->settings.page.has_scanner;
	p->page.is_counted = scan_count(p);
	return tj_page_html(html, &p->page, p->arena, NULL);
}

static void
reply_page(struct paging *p, struct tj_http_response *response)
{
	tj_str html;
	enum tj_rc rc = page_make(&html, p);

	if (rc == TJ_E_NOTFOUND)
		return;		/* not a page of ours */
	if (rc != TJ_OK) {
		tj_http_reply(response, 500, "text/plain; charset=utf-8",
		    TJ_S("this page could not be made; try again\n"), p->arena);
		return;
	}
	tj_http_reply(response, p->page.has_label || p->page.is_declared ? 200
	    : has_code(p) ? 400 : 404, "text/html; charset=utf-8", html, p->arena);
	tj_http_add(response, "Content-Security-Policy", TJ_S(POLICY), p->arena);
	tj_http_add(response, "X-Content-Type-Options", TJ_S("nosniff"), p->arena);
	tj_http_add(response, "Referrer-Policy", TJ_S("no-referrer"), p->arena);
	tj_http_add(response, "Vary", TJ_S("Accept-Language"), p->arena);
	tj_http_add(response, "Cache-Control", TJ_S("no-cache"), p->arena);
}

void
tj_face_page(const struct tj_node *node, const struct tj_http_request *request,
    struct tj_http_response *response, struct tj_arena *arena)
{
	struct paging p = { .node = node, .request = request, .arena = arena };

	if (!tj_str_eq(request->method, TJ_S("GET")) ||
	    tj_str_starts(request->path, TJ_S("/api/")) ||
	    tj_params_read(&p.params, request->query, arena, NULL) != TJ_OK)
		return;
	if (!tj_page_file(node, request, response, arena) &&
	    !tj_page_evidence(node, request, &p.params, response, arena))
		reply_page(&p, response);
}
