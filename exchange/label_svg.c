#include <stdlib.h>

#include "exchange/label_svg.h"
#include "exchange/qr.h"
#include "model/base/buf.h"
#include "model/base/limits.h"

#define TEXT_X_UM	31000		/* where the people's half begins */
#define BAR_X_UM	57000		/* of the longest bar's begin */
#define BAR_UM		16000		/* its length */
#define RIGHT_UM	82000
#define PAGE_LEFT_UM	19000		/* A4 is 210 x 297 mm */
#define PAGE_TOP_UM	12000
#define PAGE_STEP_Y_UM	39000
#define PAGE_STEP_X_UM	88000

static const char style[] =
    "<style>text{font-family:'Noto Sans CJK SC','Noto Sans SC','WenQuanYi Zen Hei',"
    "'DejaVu Sans',sans-serif;fill:#111}</style>";

/* What XML would take for its own; control characters have no place in a picture. */
static void
put_text(struct tj_buf *buf, tj_str text)
{
	for (size_t i = 0; i < text.n; i++) {
		const char c = text.p[i];

		if (c == '&')
			tj_buf_put(buf, TJ_S("&amp;"));
		else if (c == '<')
			tj_buf_put(buf, TJ_S("&lt;"));
		else if (c == '>')
			tj_buf_put(buf, TJ_S("&gt;"));
		else
			tj_buf_putc(buf, (unsigned char)c < ' ' || c == 0x7f ? ' ' : c);
	}
}

/* Millimetres with three digits, without floating point. */
static void
put_mm(struct tj_buf *buf, long um)
{
	tj_buf_fmt(buf, "%s%ld.%03ld", um < 0 ? "-" : "", labs(um) / 1000, labs(um) % 1000);
}

/* The font's size is in hundredths of a millimetre. */
static void
text_begin(struct tj_buf *buf, long x_um, long y_um, int size, const char *more)
{
	tj_buf_put(buf, TJ_S("<text x=\""));
	put_mm(buf, x_um);
	tj_buf_put(buf, TJ_S("\" y=\""));
	put_mm(buf, y_um);
	tj_buf_fmt(buf, "\" font-size=\"%d.%02d\"%s>", size / 100, size % 100, more);
}

static void
text_at(struct tj_buf *buf, long x_um, long y_um, int size, const char *more, tj_str text)
{
	text_begin(buf, x_um, y_um, size, more);
	put_text(buf, text);
	tj_buf_put(buf, TJ_S("</text>"));
}

/* As much of it as fits: a letter of ASCII is half as wide as one of Chinese. */
static tj_str
fit(tj_str text, size_t halves)
{
	size_t i = 0, used = 0;

	while (i < text.n) {
		const unsigned char c = (unsigned char)text.p[i];
		const size_t bytes = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

		used += c < 0xe0 ? 1 : 2;
		if (used > halves)
			break;
		i += bytes;
	}
	return tj_str_cut(text, 0, i);
}

/* Dark modules of a row that stand side by side are one rectangle of one path. */
static void
put_code(struct tj_buf *buf, const struct tj_qr *qr)
{
	tj_buf_put(buf, TJ_S("<path transform=\"translate(1.000,1.500) scale("
	    TJ_LABEL_MODULE_MM ")\" fill=\"#000\" d=\""));
	for (unsigned y = 0; y < qr->size; y++)
		for (unsigned x = 0, n; x < qr->size; x += n) {
			const uint8_t *row = qr->dark + y * qr->size;

			for (n = 1; x + n < qr->size && row[x + n] == row[x]; n++)
				;
			if (row[x])
				tj_buf_fmt(buf, "M%u %uh%uv1h-%uz", x + TJ_QR_QUIET,
				    y + TJ_QR_QUIET, n, n);
		}
	tj_buf_put(buf, TJ_S("\"/>"));
}

static const char *
number_text(char text[TJ_DEC_TEXT], const struct tj_label *label, int64_t mantissa)
{
	return tj_dec_text(text, tj_label_number(label, mantissa));
}

static void
put_total(struct tj_buf *buf, const struct tj_label_print *print)
{
	const struct tj_label *label = &print->label;
	const bool grave = label->boundary == TJ_LABEL_GRAVE;
	char number[TJ_DEC_TEXT];

	(void)number_text(number, label, label->total);
	text_at(buf, TEXT_X_UM, 4200, 250, "", TJ_S("产品碳足迹  Product carbon footprint"));
	text_at(buf, TEXT_X_UM, 10000, strlen(number) > 14 ? 400 : 560,
	    " font-weight=\"bold\"", tj_str_of(number));
	text_begin(buf, RIGHT_UM, 10000, 280, " text-anchor=\"end\"");
	tj_buf_fmt(buf, "kg CO₂e / %s</text>", tj_unit_symbol(label->unit));
	text_at(buf, TEXT_X_UM, 13200, 230, "", grave ? TJ_S("从摇篮到坟墓  cradle to grave")
	    : TJ_S("从摇篮到大门  cradle to gate"));
}

static int64_t
largest(const struct tj_label *label)
{
	int64_t most = 1;

	for (size_t s = 0; s < TJ_STAGES; s++) {
		const int64_t size = label->stages[s] < 0 ? -label->stages[s] : label->stages[s];

		most = size > most ? size : most;
	}
	return most;
}

/* A credit's bar is green. */
static void
put_bar(struct tj_buf *buf, long y_um, int64_t size, int64_t most)
{
	const double share = (double)(size < 0 ? -size : size) / (double)most;

	tj_buf_put(buf, TJ_S("<rect x=\""));
	put_mm(buf, BAR_X_UM);
	tj_buf_put(buf, TJ_S("\" y=\""));
	put_mm(buf, y_um - 1700);
	tj_buf_put(buf, TJ_S("\" height=\"1.900\" width=\""));
	put_mm(buf, (long)(share * BAR_UM));
	tj_buf_fmt(buf, "\" fill=\"%s\"/>", size < 0 ? "#2e7d32" : "#5b6b7a");
}

static void
put_stages(struct tj_buf *buf, const struct tj_label *label)
{
	const int64_t most = largest(label);

	for (size_t s = 0; s < TJ_STAGES; s++) {
		const long y = 16700 + 2700 * (long)s;
		char number[TJ_DEC_TEXT];

		text_begin(buf, TEXT_X_UM, y, 200, "");
		tj_buf_fmt(buf, "%s %s</text>", tj_stage_label((enum tj_stage)s, TJ_ZH),
		    tj_stage_label((enum tj_stage)s, TJ_EN));
		put_bar(buf, y, label->stages[s], most);
		text_at(buf, RIGHT_UM, y, 200, " text-anchor=\"end\"",
		    tj_str_of(number_text(number, label, label->stages[s])));
	}
}

static void
put_foot(struct tj_buf *buf, const struct tj_label_print *print)
{
	char start[TJ_DATE_TEXT], end[TJ_DATE_TEXT], share[TJ_DEC_TEXT], until[TJ_TIME_TEXT];
	const tj_str link = tj_str_cut(print->text, 0, tj_str_find(print->text, '?'));

	text_begin(buf, TEXT_X_UM, 31000, 190, "");
	tj_buf_fmt(buf, "%s – %s · 初级数据 primary data %s %%</text>",
	    tj_date_text(start, print->start), tj_date_text(end, print->end),
	    tj_dec_text(share, print->primary_data_share));
	text_at(buf, TEXT_X_UM, 33500, 200, "", fit(print->product_name, 50));
	text_at(buf, TEXT_X_UM, 36000, 200, "", fit(print->issuer_name, 50));
	text_begin(buf, 2500, 31500, 170, "");
	tj_buf_fmt(buf, "有效至 valid until %.10s</text>",
	    tj_time_text(until, print->label.expires));
	text_at(buf, 2500, 34000, 170, "", fit(link, 32));
	text_at(buf, 2500, 36000, 170, "", fit(tj_str_cut(link, fit(link, 32).n, link.n), 32));
}

static enum tj_rc
put_label(struct tj_buf *buf, const struct tj_label_print *print, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_qr qr;

	TRY(tj_qr_make(&qr, print->text, arena, err));
	tj_buf_fmt(buf, "<rect x=\"0.1\" y=\"0.1\" width=\"%d.8\" height=\"%d.8\" rx=\"1.5\" "
	    "fill=\"#fff\" stroke=\"#999\" stroke-width=\"0.2\"/>", TJ_LABEL_WIDTH_MM - 1,
	    TJ_LABEL_HEIGHT_MM - 1);
	put_code(buf, &qr);
	put_total(buf, print);
	put_stages(buf, &print->label);
	put_foot(buf, print);
	return TJ_OK;
}

static void
svg_begin(struct tj_buf *buf, int width_mm, int height_mm)
{
	tj_buf_fmt(buf, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%dmm\" "
	    "height=\"%dmm\" viewBox=\"0 0 %d %d\">%s", width_mm, height_mm, width_mm,
	    height_mm, style);
}

static enum tj_rc
svg_end(tj_str *svg, struct tj_buf *buf, enum tj_rc rc, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_buf_put(buf, TJ_S("</svg>\n"));
	if (rc == TJ_OK)
		rc = tj_buf_done(svg, buf, arena, err);
	tj_buf_fini(buf);
	return rc;
}

enum tj_rc
tj_label_svg(tj_str *svg, const struct tj_label_print *print, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_buf buf;

	tj_buf_init(&buf, TJ_MAX_DOC_BYTES);
	svg_begin(&buf, TJ_LABEL_WIDTH_MM, TJ_LABEL_HEIGHT_MM);
	return svg_end(svg, &buf, put_label(&buf, print, arena, err), arena, err);
}

enum tj_rc
tj_label_page_svg(tj_str *svg, const struct tj_label_print *labels, size_t n,
    struct tj_arena *arena, struct tj_err *err)
{
	enum tj_rc rc = TJ_OK;
	struct tj_buf buf;

	tj_buf_init(&buf, TJ_MAX_DOC_BYTES);
	svg_begin(&buf, 210, 297);
	for (size_t i = 0; i < n && i < TJ_LABELS_PER_PAGE && rc == TJ_OK; i++) {
		tj_buf_put(&buf, TJ_S("<g transform=\"translate("));
		put_mm(&buf, PAGE_LEFT_UM + PAGE_STEP_X_UM * (long)(i % 2));
		tj_buf_putc(&buf, ',');
		put_mm(&buf, PAGE_TOP_UM + PAGE_STEP_Y_UM * (long)(i / 2));
		tj_buf_put(&buf, TJ_S(")\">"));
		rc = put_label(&buf, &labels[i], arena, err);
		tj_buf_put(&buf, TJ_S("</g>"));
	}
	return svg_end(svg, &buf, rc, arena, err);
}
