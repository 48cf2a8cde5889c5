#ifndef TJ_EXCHANGE_BASE32_H
#define TJ_EXCHANGE_BASE32_H

#include "model/base/str.h"

/*
 * base32, upper case, without padding (RFC 4648 section 6): what a QR code holds in
 * 5.5 bits a letter.  Every text has one decoding and every decoding one text: lower
 * case, padding, a letter too many and unused bits that are not zero are DATA.
 */
tj_str	 tj_base32_encode(tj_str bytes, struct tj_arena *);	/* .p NULL: no memory */
enum tj_rc tj_base32_decode(tj_str *bytes, tj_str text, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
