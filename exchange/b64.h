#ifndef TJ_EXCHANGE_B64_H
#define TJ_EXCHANGE_B64_H

#include "model/base/str.h"

/*
 * base64url without padding (RFC 4648 section 5, as RFC 7515 uses it).  Bytes are
 * carried in a tj_str.  Every text has one decoding and every decoding one text:
 * padding, blanks, other alphabets and unused bits that are not zero are DATA.
 */
/* .p is NULL on no memory. */
tj_str	 tj_b64_encode(tj_str bytes, struct tj_arena *);
enum tj_rc tj_b64_decode(tj_str *bytes, tj_str text, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
