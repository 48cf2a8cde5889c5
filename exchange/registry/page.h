#ifndef TJ_REGISTRY_PAGE_H
#define TJ_REGISTRY_PAGE_H

#include "exchange/label.h"
#include "exchange/registry/call.h"

/*
 * The page behind the code on a product.  What it shows is what the label says, or the
 * newest declaration where the link carries no label; it vouches for nothing: that is done
 * in the reader's browser, by exchange/web/page.js.
 */
enum tj_page_text {
#define X(name, en, zh) TJ_PAGE_##name,
#define W(word, en, zh)
#include "exchange/registry/page_text.def"
#undef X
#undef W
	TJ_PAGE_TEXTS
};

struct tj_page {
	enum tj_lang		 lang;
	tj_str			 path;		/* as it came, for the link to the other language */
	tj_str			 query;
	tj_str			 product;	/* canonical identifier */
	bool			 has_label, is_declared;
	struct tj_label		 label;		/* of the label, or as one would be made */
	enum tj_page_text	 no_label;	/* without one: NO_LABEL, or what is wrong with it */
	struct tj_declaration	 decl;		/* the one that the label names, or the newest */
	bool			 is_newest;	/* it is the newest of its product */
	bool			 has_scanner, is_counted;
};

enum tj_rc tj_page_html(tj_str *html, const struct tj_page *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

/*
 * The declaration of a product: the one that the label (or NULL) names where it is here, else
 * the newest; for a thing with a serial that of its lot, if it has none of its own.
 * NOTFOUND.
 */
enum tj_rc tj_page_declaration(struct tj_stored *, bool *is_newest, const struct tj_node *,
	    tj_str product, const struct tj_label *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

/* What the page loads is packed once, in the arena: our own scripts and style, and the reader
 * of codes (zxing-wasm's script and module), which has_scanner then tells. */
enum tj_rc tj_page_own_files(struct tj_page_settings *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_page_scanner_files(struct tj_page_settings *, tj_str js, tj_str wasm,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* Each answers what is its own; false: it is not. */
bool	 tj_page_file(const struct tj_node *, const struct tj_http_request *,
	    struct tj_http_response *, struct tj_arena *);
bool	 tj_page_evidence(const struct tj_node *, const struct tj_http_request *,
	    const struct tj_params *, struct tj_http_response *, struct tj_arena *);

#endif
