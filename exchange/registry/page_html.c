#include "exchange/registry/html.h"
#include "exchange/registry/page.h"
#include "model/base/limits.h"

static const char *const texts[TJ_PAGE_TEXTS][2] = {
#define X(name, en, zh) { en, zh },
#define W(word, en, zh)
#include "exchange/registry/page_text.def"
#undef X
#undef W
};

/* Why a gate failed, by the scripts' word for it. */
static const struct {
	const char	*word;
	const char	*text[2];
} whys[] = {
#define X(name, en, zh)
#define W(word, en, zh) { word, { en, zh } },
#include "exchange/registry/page_text.def"
#undef X
#undef W
};

static const struct {
	const char		*key;
	enum tj_page_text	 text;
} gates[] = {
	{ "form", TJ_PAGE_GATE_FORM }, { "link", TJ_PAGE_GATE_LINK },
	{ "signature", TJ_PAGE_GATE_SIGNATURE }, { "time", TJ_PAGE_GATE_TIME },
	{ "declared", TJ_PAGE_GATE_DECLARED }, { "log", TJ_PAGE_GATE_LOG },
	{ "status", TJ_PAGE_GATE_STATUS }, { "shown", TJ_PAGE_GATE_SHOWN },
};

/* What the scripts say, in the page's language. */
struct said {
	const char		*name;
	enum tj_page_text	 text;
};

static const struct said proof_says[] = {
	{ "ok", TJ_PAGE_TRUE }, { "no", TJ_PAGE_FALSE }, { "not-tried", TJ_PAGE_NOT_TRIED },
	{ "no-proof", TJ_PAGE_NO_PROOF }, { "no-policy", TJ_PAGE_NO_POLICY },
	{ "no-list", TJ_PAGE_NO_LIST }, { "no-status", TJ_PAGE_NO_STATUS },
	{ "old-browser", TJ_PAGE_OLD_BROWSER }, { "in-log", TJ_PAGE_IN_LOG },
	{ "in-log-witnessed", TJ_PAGE_IN_LOG_WITNESSED },
	{ "in-log-unchecked", TJ_PAGE_IN_LOG_UNCHECKED }, { "piece", TJ_PAGE_PIECE },
	{ NULL, TJ_PAGE_TEXTS }
};

static const struct said scan_says[] = {
	{ "camera", TJ_PAGE_CAMERA }, { "stop", TJ_PAGE_CAMERA_STOP },
	{ "reading", TJ_PAGE_READING }, { "point", TJ_PAGE_POINT }, { "none", TJ_PAGE_SCAN_NONE },
	{ "one", TJ_PAGE_SCAN_ONE }, { "several", TJ_PAGE_SCAN_SEVERAL },
	{ "huge", TJ_PAGE_SCAN_HUGE }, { "corrupt", TJ_PAGE_SCAN_CORRUPT },
	{ "failed", TJ_PAGE_SCAN_FAILED }, { "no-camera", TJ_PAGE_NO_CAMERA },
	{ "other", TJ_PAGE_OTHER_CODE }, { "open", TJ_PAGE_OPEN },
	{ NULL, TJ_PAGE_TEXTS }
};

static const char *
say(const struct tj_page *page, enum tj_page_text text)
{
	return texts[text][page->lang];
}

static void
put_said(struct tj_buf *out, const struct tj_page *page, enum tj_page_text text)
{
	tj_html_put(out, tj_str_of(say(page, text)));
}

static void
put_says(struct tj_buf *out, const struct tj_page *page, const struct said *says)
{
	for (; says->name != NULL; says++) {
		tj_buf_fmt(out, " data-%s=\"", says->name);
		put_said(out, page, says->text);
		tj_buf_putc(out, '"');
	}
}

static void
put_whys(struct tj_buf *out, const struct tj_page *page)
{
	for (size_t i = 0; i < sizeof(whys) / sizeof(whys[0]); i++) {
		tj_buf_fmt(out, " data-why-%s=\"", whys[i].word);
		tj_html_put(out, tj_str_of(whys[i].text[page->lang]));
		tj_buf_putc(out, '"');
	}
}

/* Units are written the same in every language, but for the one that is a word. */
static const char *
unit_text(const struct tj_page *page)
{
	return page->label.unit == tj_unit_base(TJ_DIM_COUNT) ?
	    say(page, TJ_PAGE_PIECE) : tj_unit_symbol(page->label.unit);
}

static void
put_number(struct tj_buf *out, const struct tj_label *label, int64_t mantissa)
{
	char text[TJ_DEC_TEXT];

	tj_buf_put(out, tj_str_of(tj_dec_text(text, tj_label_number(label, mantissa))));
}

static void
put_address(struct tj_buf *out, const struct tj_page *page, const char *of)
{
	tj_buf_fmt(out, "/tanji/%s?id=", of);
	for (size_t i = 0; i < page->decl.id.n; i++)
		tj_buf_fmt(out, "%%%02X", (unsigned)(unsigned char)page->decl.id.p[i]);
}

static void
put_preload(struct tj_buf *out, const struct tj_page *page, const char *what)
{
	tj_buf_put(out, TJ_S("<link rel=\"preload\" as=\"fetch\" crossorigin href=\""));
	if (*what == '/')
		tj_buf_put(out, tj_str_of(what));
	else
		put_address(out, page, what);
	tj_buf_put(out, TJ_S("\">"));
}

/* What page.js asks for is on its way before page.js is there. */
static void
put_preloads(struct tj_buf *out, const struct tj_page *page)
{
	if (!page->has_label)
		return;
	put_preload(out, page, "/.well-known/did.json");
	put_preload(out, page, "/tanji/log-policy");
	if (page->decl.id.n == 0)
		return;
	put_preload(out, page, "declaration");
	put_preload(out, page, "proof");
}

static void
put_head(struct tj_buf *out, const struct tj_page *page)
{
	tj_buf_fmt(out, "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
	    "<meta name=\"color-scheme\" content=\"light dark\"><title>",
	    page->lang == TJ_ZH ? "zh-CN" : "en");
	put_said(out, page, TJ_PAGE_TITLE);
	tj_buf_put(out, TJ_S("</title><link rel=\"stylesheet\" href=\"/tanji/style.css\">"
	    "<link rel=\"modulepreload\" href=\"/tanji/label.js\">"
	    "<link rel=\"modulepreload\" href=\"/tanji/jws.js\">"
	    "<link rel=\"modulepreload\" href=\"/tanji/tlog.js\">"
	    "<link rel=\"modulepreload\" href=\"/tanji/tlog_policy.js\">"
	    "<link rel=\"modulepreload\" href=\"/tanji/status.js\">"
	    "<script type=\"module\" src=\"/tanji/page.js\"></script>"));
	put_preloads(out, page);
	tj_buf_put(out, TJ_S("</head>\n<body><header>"
	    "<span class=\"brand\">碳迹 Tanji</span> <a id=\"language\" hreflang=\""));
	tj_buf_fmt(out, "%s\" href=\"", page->lang == TJ_ZH ? "en" : "zh-CN");
	tj_html_put(out, page->path);
	tj_buf_fmt(out, "?lang=%s", page->lang == TJ_ZH ? "en" : "zh");
	if (page->query.n > 0)
		tj_buf_putc(out, '&'), tj_html_put(out, page->query);
	tj_buf_put(out, TJ_S("\">"));
	put_said(out, page, TJ_PAGE_OTHER_LANG);
	tj_buf_put(out, TJ_S("</a></header>\n<main>\n"));
}

static void
put_total(struct tj_buf *out, const struct tj_page *page)
{
	const struct tj_label *label = &page->label;

	tj_buf_put(out, TJ_S("<h1>"));
	if (page->is_declared && page->decl.product_name.n > 0)
		tj_html_put(out, page->decl.product_name);
	else
		put_said(out, page, TJ_PAGE_TITLE);
	tj_buf_put(out, TJ_S("</h1><p class=\"product\">"));
	tj_html_put(out, page->product);
	tj_buf_put(out, TJ_S("</p>\n<p class=\"total\"><strong id=\"total\">"));
	put_number(out, label, label->total);
	tj_buf_put(out, TJ_S("</strong> "));
	put_said(out, page, TJ_PAGE_PER);
	tj_buf_fmt(out, " <span id=\"unit\">%s</span></p>\n<p class=\"boundary\">",
	    unit_text(page));
	put_said(out, page, label->boundary == TJ_LABEL_GRAVE ? TJ_PAGE_GRAVE : TJ_PAGE_GATE);
	tj_buf_put(out, TJ_S("</p>\n"));
}

static double
largest(const struct tj_label *label)
{
	double most = 1;

	for (size_t s = 0; s < TJ_STAGES; s++) {
		const double size = (double)label->stages[s];

		most = size > most ? size : -size > most ? -size : most;
	}
	return most;
}

/* A picture of numbers that stand beside it: nothing for who hears the page. */
static void
put_bar(struct tj_buf *out, double share)
{
	tj_buf_fmt(out, "<svg class=\"%s\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" "
	    "aria-hidden=\"true\"><rect width=\"%.1f\" height=\"8\" rx=\"1\"/></svg>",
	    share < 0 ? "bar credit" : "bar", 100 * (share < 0 ? -share : share));
}

static void
put_stages(struct tj_buf *out, const struct tj_page *page)
{
	const double most = largest(&page->label);

	tj_buf_put(out, TJ_S("<h2>"));
	put_said(out, page, TJ_PAGE_STAGES);
	tj_buf_put(out, TJ_S("</h2>\n<table class=\"stages\"><tbody>\n"));
	for (unsigned s = 0; s < TJ_STAGES; s++) {
		const enum tj_stage stage = (enum tj_stage)s;

		tj_buf_put(out, TJ_S("<tr><th scope=\"row\">"));
		tj_buf_fmt(out, "%s</th><td class=\"picture\">",
		    tj_stage_label(stage, page->lang));
		put_bar(out, (double)page->label.stages[s] / most);
		tj_buf_fmt(out, "</td><td class=\"number\" data-stage=\"%s\">",
		    tj_stage_key(stage));
		put_number(out, &page->label, page->label.stages[s]);
		tj_buf_put(out, TJ_S("</td></tr>\n"));
	}
	tj_buf_put(out, TJ_S("</tbody></table>\n"));
}

static void
put_proof(struct tj_buf *out, const struct tj_page *page)
{
	tj_buf_put(out, TJ_S("<section id=\"proof\" aria-live=\"polite\""));
	put_says(out, page, proof_says);
	put_whys(out, page);
	tj_buf_put(out, TJ_S("><h2>"));
	put_said(out, page, TJ_PAGE_PROOF);
	tj_buf_put(out, TJ_S("</h2>\n<p id=\"verdict\"></p><noscript><p class=\"note\">"));
	put_said(out, page, TJ_PAGE_NO_SCRIPT);
	tj_buf_put(out, TJ_S("</p></noscript>\n<ul>\n"));
	for (size_t g = 0; g < sizeof(gates) / sizeof(gates[0]); g++) {
		tj_buf_fmt(out, "<li data-gate=\"%s\"><span class=\"mark\" aria-hidden=\"true\">"
		    "·</span> <span class=\"gate\">", gates[g].key);
		put_said(out, page, gates[g].text);
		tj_buf_put(out, TJ_S("</span> <span class=\"result\">"));
		put_said(out, page, TJ_PAGE_WAIT);
		tj_buf_put(out, TJ_S("</span></li>\n"));
	}
	tj_buf_put(out, TJ_S("</ul>\n<p class=\"note\">"));
	put_said(out, page, TJ_PAGE_PROOF_HOW);
	tj_buf_put(out, TJ_S("</p><p class=\"note\">"));
	put_said(out, page, TJ_PAGE_COPY);
	if (page->is_counted) {
		tj_buf_putc(out, ' ');
		put_said(out, page, TJ_PAGE_COUNTED);
	}
	tj_buf_put(out, TJ_S("</p></section>\n"));
}

/* Hidden from those whose browser could not use it: page.js shows it. */
static void
put_scanner(struct tj_buf *out, const struct tj_page *page)
{
	tj_buf_put(out, TJ_S("<section id=\"scan\" hidden"));
	put_says(out, page, scan_says);
	tj_buf_put(out, TJ_S("><h2>"));
	put_said(out, page, TJ_PAGE_SCAN);
	tj_buf_put(out, TJ_S("</h2>\n<p><button type=\"button\" id=\"camera\">"));
	put_said(out, page, TJ_PAGE_CAMERA);
	tj_buf_put(out, TJ_S("</button> <label class=\"button\">"));
	put_said(out, page, TJ_PAGE_PHOTO);
	tj_buf_put(out, TJ_S("<input type=\"file\" id=\"photo\" accept=\"image/*\"></label></p>\n"
	    "<video id=\"view\" autoplay playsinline muted hidden aria-label=\""));
	put_said(out, page, TJ_PAGE_VIEW);
	tj_buf_put(out, TJ_S("\"></video>\n<p id=\"scan-state\" role=\"status\"></p>\n"
	    "<ul id=\"scanned\"></ul>\n<p class=\"note\">"));
	put_said(out, page, TJ_PAGE_SCAN_HOW);
	tj_buf_put(out, TJ_S("</p></section>\n"));
}

static void
row_begin(struct tj_buf *out, const struct tj_page *page, enum tj_page_text label)
{
	tj_buf_put(out, TJ_S("<dt>"));
	put_said(out, page, label);
	tj_buf_put(out, TJ_S("</dt><dd>"));
}

static void
put_row(struct tj_buf *out, const struct tj_page *page, enum tj_page_text label, tj_str text)
{
	row_begin(out, page, label);
	tj_html_put(out, text);
	tj_buf_put(out, TJ_S("</dd>\n"));
}

static void
put_dates(struct tj_buf *out, const struct tj_page *page)
{
	char a[TJ_DATE_TEXT], b[TJ_DATE_TEXT], from[TJ_TIME_TEXT], until[TJ_TIME_TEXT];

	row_begin(out, page, TJ_PAGE_PERIOD);
	tj_buf_fmt(out, "<time>%s</time> – <time>%s</time></dd>\n",
	    tj_date_text(a, page->decl.period_start), tj_date_text(b, page->decl.period_end));
	row_begin(out, page, TJ_PAGE_VALID);
	tj_buf_fmt(out, "<time>%.10s</time> – <time>%.10s</time></dd>\n",
	    tj_time_text(from, page->label.issued), tj_time_text(until, page->label.expires));
}

static void
put_quality(struct tj_buf *out, const struct tj_page *page)
{
	char text[TJ_DEC_TEXT];

	row_begin(out, page, TJ_PAGE_PRIMARY);
	tj_buf_fmt(out, "%s %%</dd>\n", tj_dec_text(text, page->decl.primary_data_share));
	row_begin(out, page, TJ_PAGE_QUALITY);
	for (size_t i = 0; i < 3; i++)
		tj_buf_fmt(out, "%s%s", i == 0 ? "" : ", ",
		    tj_dec_text(text, page->decl.dqr[i]));
	tj_buf_put(out, TJ_S("</dd>\n"));
}

static void
put_declared(struct tj_buf *out, const struct tj_page *page)
{
	tj_buf_put(out, TJ_S("<dl>\n"));
	row_begin(out, page, TJ_PAGE_WHO);
	tj_html_put(out, page->decl.issuer_name);
	tj_buf_put(out, TJ_S("<br><span id=\"issuer\">"));
	tj_html_put(out, page->decl.issuer);
	tj_buf_put(out, TJ_S("</span></dd>\n"));
	put_dates(out, page);
	row_begin(out, page, TJ_PAGE_METHOD);
	tj_html_put(out, page->decl.profile);
	tj_buf_put(out, TJ_S(", GWP "));
	tj_html_put(out, page->decl.gwp_set);
	tj_buf_put(out, TJ_S("</dd>\n"));
	put_quality(out, page);
	if (page->decl.site.n > 0)
		put_row(out, page, TJ_PAGE_SITE, page->decl.site);
	tj_buf_put(out, TJ_S("</dl>\n"));
}

static void
put_upstream(struct tj_buf *out, const struct tj_page *page)
{
	tj_buf_put(out, TJ_S("<h2>"));
	put_said(out, page, TJ_PAGE_UPSTREAM);
	tj_buf_put(out, TJ_S("</h2>\n"));
	if (page->decl.upstream.n == 0) {
		tj_buf_put(out, TJ_S("<p>"));
		put_said(out, page, TJ_PAGE_UPSTREAM_NONE);
		tj_buf_put(out, TJ_S("</p>\n"));
		return;
	}
	tj_buf_put(out, TJ_S("<ul class=\"upstream\">\n"));
	for (size_t i = 0; i < page->decl.upstream.n; i++) {
		tj_buf_put(out, TJ_S("<li>"));
		tj_html_put(out, page->decl.upstream.v[i].product);
		tj_buf_put(out, TJ_S("<br><small>"));
		tj_html_put(out, page->decl.upstream.v[i].issuer);
		tj_buf_put(out, TJ_S("</small></li>\n"));
	}
	tj_buf_put(out, TJ_S("</ul>\n"));
}

static void
put_foot(struct tj_buf *out, const struct tj_page *page)
{
	tj_buf_put(out, TJ_S("</main>\n<footer>"));
	if (page->decl.id.n > 0) {
		tj_buf_put(out, TJ_S("<a id=\"declaration\" href=\""));
		put_address(out, page, "declaration");
		tj_buf_put(out, TJ_S("\">"));
		put_said(out, page, TJ_PAGE_DECLARATION);
		tj_buf_put(out, TJ_S("</a> "));
	}
	tj_buf_put(out, TJ_S("<a href=\"/.well-known/did.json\">"));
	put_said(out, page, TJ_PAGE_KEYS);
	tj_buf_put(out, TJ_S("</a></footer></body></html>\n"));
}

static void
put_note(struct tj_buf *out, const struct tj_page *page, enum tj_page_text text)
{
	tj_buf_put(out, TJ_S("<p class=\"note\">"));
	put_said(out, page, text);
	tj_buf_put(out, TJ_S("</p>\n"));
}

static void
put_body(struct tj_buf *out, const struct tj_page *page)
{
	if (page->has_label || page->is_declared) {
		put_total(out, page);
		put_stages(out, page);
	}
	put_proof(out, page);
	if (page->is_declared && !page->is_newest)
		put_note(out, page, TJ_PAGE_NEWER);
	if (!page->has_label)
		put_note(out, page, page->no_label);
	if (!page->is_declared) {
		if (page->decl.id.n == 0)
			put_note(out, page, TJ_PAGE_UNKNOWN);
		return;
	}
	put_declared(out, page);
	put_upstream(out, page);
}

enum tj_rc
tj_page_html(tj_str *html, const struct tj_page *page, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_buf out;
	enum tj_rc rc;

	tj_buf_init(&out, TJ_MAX_DOC_BYTES);
	put_head(&out, page);
	put_body(&out, page);
	if (page->has_scanner)
		put_scanner(&out, page);
	put_foot(&out, page);
	rc = tj_buf_done(html, &out, arena, err);
	tj_buf_fini(&out);
	return rc;
}
