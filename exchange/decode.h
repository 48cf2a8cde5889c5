#ifndef TJ_EXCHANGE_DECODE_H
#define TJ_EXCHANGE_DECODE_H

#include "model/base/str.h"

/*
 * Bytes of a user's file to UTF-8 text.  `auto` believes a byte-order mark,
 * else takes well-formed UTF-8, else GB18030 if all of it decodes.
 */
enum tj_encoding {
	TJ_ENCODING_AUTO,
	TJ_ENCODING_UTF8,	/* with or without a byte-order mark */
	TJ_ENCODING_UTF16LE,	/* SAP's "spreadsheet" text */
	TJ_ENCODING_UTF16BE,
	TJ_ENCODING_GB18030,	/* also GBK and GB2312 */
	TJ_ENCODING_LATIN1,	/* ISO 8859-1 */
	TJ_ENCODING_WINDOWS1252,
	TJ_ENCODINGS
};

const char *tj_encoding_name(enum tj_encoding);		/* "utf-16le" */
bool	 tj_encoding_parse(enum tj_encoding *, tj_str);	/* case does not matter */

/*
 * The text without its byte-order mark.  UTF-8 is not copied: the text is then a
 * view of `bytes`; else it is in the arena.  `used` may be NULL.  O(n).
 * DATA: empty, binary (a NUL), not of this encoding: err says at which byte offset,
 * and err->line is set.  LIMIT: over TJ_MAX_TABLE_BYTES.
 */
enum tj_rc tj_decode(tj_str *text, enum tj_encoding *used, tj_str bytes,
	    enum tj_encoding, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
