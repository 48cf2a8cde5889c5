#ifndef TJ_EXCHANGE_SHA256_H
#define TJ_EXCHANGE_SHA256_H

#include "model/base/digest.h"

/*
 * SHA-256 of many short texts: a context that is made once and used again, which is a
 * third of what a digest of 65 bytes costs otherwise.  One for each thread; for a
 * single digest there is tj_sha256().
 */
struct tj_sha256;

enum tj_rc tj_sha256_new(struct tj_sha256 **, struct tj_err *) TJ_MUST_USE;
void	 tj_sha256_free(struct tj_sha256 *);	/* takes NULL */

/* Of the parts, one behind the other.  INTERNAL: the library failed. */
enum tj_rc tj_sha256_of(tj_digest *, struct tj_sha256 *, const tj_str *parts, size_t n,
	    struct tj_err *) TJ_MUST_USE;

/* HMAC-SHA-256 (RFC 2104). */
enum tj_rc tj_hmac_sha256(tj_digest *, tj_str key, tj_str message, struct tj_err *) TJ_MUST_USE;

#endif
