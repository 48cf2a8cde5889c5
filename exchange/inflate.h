#ifndef TJ_EXCHANGE_INFLATE_H
#define TJ_EXCHANGE_INFLATE_H

#include "model/base/str.h"

/*
 * Compressed bytes, whole: gzip (RFC 1952) or zlib (RFC 1950).  What a few bytes may become
 * is the caller's to say: a thousandfold is lawful.
 */
enum tj_deflate { TJ_ZLIB, TJ_GZIP };

/* Best compression; no time and no name in a gzip header: the same bytes give the same. */
enum tj_rc tj_deflate(tj_str *out, tj_str bytes, enum tj_deflate, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* LIMIT: more than `most` bytes came out; DATA: damaged, cut short, something behind it. */
enum tj_rc tj_inflate(tj_str *out, tj_str bytes, enum tj_deflate, size_t most,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
