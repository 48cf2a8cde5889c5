#ifndef TJ_EXCHANGE_B64_STD_H
#define TJ_EXCHANGE_B64_STD_H

#include "model/base/str.h"

/*
 * base64 with "+", "/" and padding (RFC 4648 section 4), as HTTP and the Handle System
 * write it.  Read generously, since its writers differ: with or without padding, either
 * alphabet, blanks and line ends between.
 */
/* .p is NULL on no memory. */
tj_str	 tj_b64_std_encode(tj_str bytes, struct tj_arena *);
/* DATA. */
enum tj_rc tj_b64_std_decode(tj_str *bytes, tj_str text, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
