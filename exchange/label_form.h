#ifndef TJ_EXCHANGE_LABEL_FORM_H
#define TJ_EXCHANGE_LABEL_FORM_H

#include "exchange/label.h"

/* What the files label*.c share: a label's bytes, which can be written in one way only. */

/* Keys of the payload (CWT, RFC 8392) and of what is ours in it. */
enum { TJ_LABEL_EXPIRES = 4, TJ_LABEL_ISSUED = 6, TJ_LABEL_OURS = -65537 };
enum {
	TJ_LABEL_GTIN = 1, TJ_LABEL_LOT = 2, TJ_LABEL_EXPONENT = 3, TJ_LABEL_TOTAL = 4,
	TJ_LABEL_PARTS = 5, TJ_LABEL_BOUNDARY = 6, TJ_LABEL_UNIT = 7, TJ_LABEL_HASH = 8,
	TJ_LABEL_STATUS = 9, TJ_LABEL_SERIAL = 10, TJ_LABEL_HANDLE = 11
};

#define TJ_LABEL_LATEST		((tj_time)1 << 40)	/* of a time: 36,812 years are enough */
#define TJ_LABEL_EXPONENTS	18			/* digits of an int64_t */
#define TJ_LABEL_HEADER_HEAD	5			/* bytes before the kid */
#define TJ_LABEL_HEADER_BYTES	(TJ_LABEL_HEADER_HEAD + TJ_LABEL_KID_BYTES)

extern const uint8_t tj_label_header_head[TJ_LABEL_HEADER_HEAD];	/* {1: -7, 4: h'… */

/* The product as the payload writes it. */
struct tj_label_name {
	bool		is_gtin;
	uint64_t	gtin;
	tj_str		lot, serial;	/* .p NULL: none */
	tj_str		handle;		/* without "hdl:" */
};

/* DATA: a product that labels do not name. */
enum tj_rc tj_label_name_of(struct tj_label_name *, tj_str product, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* Back: the canonical identifier, with all that can be checked of it. */
enum tj_rc tj_label_product_of(tj_str *product, const struct tj_label_name *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

int64_t	 tj_label_unit_code(tj_unit);	/* 0: labels have no such unit */
bool	 tj_label_unit_find(tj_unit *, int64_t code);

enum tj_rc tj_label_payload(tj_str *, const struct tj_label *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* The whole code. */
enum tj_rc tj_label_frame(tj_str *code, tj_str header, tj_str payload,
	    const uint8_t signature[TJ_SIGNATURE_BYTES], struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
