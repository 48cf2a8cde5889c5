#ifndef TJ_EXCHANGE_LABEL_SVG_H
#define TJ_EXCHANGE_LABEL_SVG_H

#include "exchange/label.h"

/*
 * A label as a drawing, in millimetres: the code at GS1's smallest module for such a use
 * (0.396 mm), and beside it for people what the code says, in Chinese and English.  The
 * texts are texts in the drawing, in whatever font its reader has.
 */
#define TJ_LABEL_WIDTH_MM	84
#define TJ_LABEL_HEIGHT_MM	38
#define TJ_LABEL_MODULE_MM	"0.396"
#define TJ_LABELS_PER_PAGE	14	/* A4, two columns of seven */

struct tj_label_print {
	struct tj_label	label;
	tj_str		text;		/* of the code: tj_label_link() */
	tj_str		product_name, issuer_name;	/* any script; cut where they are too long */
	tj_date		start, end;	/* the period declared */
	tj_dec		primary_data_share;	/* percent */
};

/* LIMIT: more text than a code holds. */
enum tj_rc tj_label_svg(tj_str *svg, const struct tj_label_print *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* A sheet of A4 with up to TJ_LABELS_PER_PAGE of them. */
enum tj_rc tj_label_page_svg(tj_str *svg, const struct tj_label_print *labels, size_t n,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
