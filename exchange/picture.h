#ifndef TJ_EXCHANGE_PICTURE_H
#define TJ_EXCHANGE_PICTURE_H

#include "model/base/str.h"

/*
 * Our own drawings (SVG) as other formats, by librsvg and cairo.  Fonts are the
 * machine's, so the bytes may differ from one machine to another.
 * DATA: not a drawing that can be shown.  In the arena.
 */
/* At so many dots a millimetre. */
enum tj_rc tj_picture_png(tj_str *png, tj_str svg, double dots_per_mm, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* A page for each drawing, all of one size. */
enum tj_rc tj_picture_pdf(tj_str *pdf, const tj_str *svgs, size_t n, double width_mm,
	    double height_mm, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
