#ifndef TJ_EXCHANGE_B64_H
#define TJ_EXCHANGE_B64_H

#include "model/base/str.h"

/*
 * base64url without padding (RFC 4648 section 5, as RFC 7515 uses it).  Bytes are
 * carried in a tj_str.  Every text has one decoding and every decoding one text:
 * padding, blanks, other alphabets and unused bits that are not zero are DATA.
 */
/* How many bytes n bytes become. */
size_t	 tj_b64_bytes(size_t n);
/* Into `text`, which has room for them; answers how many. */
size_t	 tj_b64_write(char *text, tj_str bytes);
/* .p is NULL on no memory. */
tj_str	 tj_b64_encode(tj_str bytes, struct tj_arena *);
enum tj_rc tj_b64_decode(tj_str *bytes, tj_str text, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

/* The same in the standard alphabet with its padding (section 4), as signed notes have it:
 * "+" and "/", filled up with "=" to whole groups of four, which must be there. */
#define TJ_B64_STANDARD_BYTES(n)	(((n) + 2) / 3 * 4)
size_t	 tj_b64_standard_write(char *text, tj_str bytes);
/* Into `bytes`, which has room for text.n / 4 * 3 + 3. */
enum tj_rc tj_b64_standard_read(char *bytes, size_t *n, tj_str text, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_b64_standard_decode(tj_str *bytes, tj_str text, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
