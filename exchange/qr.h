#ifndef TJ_EXCHANGE_QR_H
#define TJ_EXCHANGE_QR_H

#include "model/base/str.h"

/*
 * A QR code (ISO/IEC 18004, by libqrencode) at error correction M: a quarter of it may
 * be dirt.  The smallest version that holds the text.
 */
#define TJ_QR_QUIET	4	/* modules of white around it */

struct tj_qr {
	unsigned	 version;	/* 1 .. 40 */
	unsigned	 size;		/* modules a side, 17 + 4 * version */
	const uint8_t	*dark;		/* [size * size] by rows: 1 or 0 */
};

/* LIMIT: more than a code holds.  In the arena. */
enum tj_rc tj_qr_make(struct tj_qr *, tj_str text, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
