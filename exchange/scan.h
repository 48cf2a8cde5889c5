#ifndef TJ_EXCHANGE_SCAN_H
#define TJ_EXCHANGE_SCAN_H

#include "model/base/str.h"

/* The texts of the QR codes in a picture. */
struct tj_scanned {
	TJ_VEC(tj_str)	texts;		/* at most TJ_MAX_CODES; bytes as they are */
};

/*
 * PNG, JPEG and what else gdk-pixbuf reads; codes are found by zbar.  DATA: not a picture;
 * LIMIT: larger than TJ_MAX_PICTURE_BYTES or TJ_MAX_PHOTO_DOTS.  No code is no error.
 */
enum tj_rc tj_scan(struct tj_scanned *, tj_str picture, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
