#ifndef TJ_EXCHANGE_PEM_H
#define TJ_EXCHANGE_PEM_H

#include "model/base/str.h"

/*
 * Keys as text, whatever their kind: PKCS #8 or SubjectPublicKeyInfo in PEM, and on reading what
 * else OpenSSL takes for one.  For the files that hold OpenSSL's keys.
 */
struct evp_pkey_st;		/* OpenSSL's EVP_PKEY */

/* DATA: no such key there, or encrypted; LIMIT.  The caller frees *pkey. */
enum tj_rc tj_pem_read(struct evp_pkey_st **pkey, tj_str pem, bool is_public,
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_pem_write(tj_str *pem, const struct evp_pkey_st *pkey, bool is_public,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
