#ifndef TJ_EXCHANGE_CBOR_H
#define TJ_EXCHANGE_CBOR_H

#include "model/base/buf.h"

/*
 * The part of CBOR (RFC 8949) that labels are made of, in its deterministic encoding
 * (section 4.2.1): every value has one spelling, and any other is refused.  A general
 * decoder reads several spellings of one value; behind a signature that is a way in.
 */
enum tj_cbor {
	TJ_CBOR_UNSIGNED = 0, TJ_CBOR_NEGATIVE = 1, TJ_CBOR_BYTES = 2, TJ_CBOR_TEXT = 3,
	TJ_CBOR_ARRAY = 4, TJ_CBOR_MAP = 5
};

/* The head of an item: its kind and its number or length. */
void	 tj_cbor_put(struct tj_buf *, enum tj_cbor, uint64_t);
void	 tj_cbor_put_int(struct tj_buf *, int64_t);
void	 tj_cbor_put_bytes(struct tj_buf *, enum tj_cbor, tj_str);

/* Each takes what it reads off the front of *rest.  DATA: cut off, of another kind, or not
 * in its shortest form. */
enum tj_rc tj_cbor_take(uint64_t *, tj_str *rest, enum tj_cbor, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_cbor_take_int(int64_t *, tj_str *rest, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_cbor_take_bytes(tj_str *, tj_str *rest, enum tj_cbor,
	    struct tj_err *) TJ_MUST_USE;

#endif
