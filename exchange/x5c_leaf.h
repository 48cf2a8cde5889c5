#ifndef TJ_EXCHANGE_X5C_LEAF_H
#define TJ_EXCHANGE_X5C_LEAF_H

#include "exchange/crypto.h"

/* The certificate of a signer itself, apart from who answers for it. */
struct x509_st;			/* OpenSSL's X509 */

/*
 * Is it one to sign declarations of this company with?  REFUSED: that of an authority, for
 * other uses, another key than one for ES256, or another company's.  It is the company's if
 * one of its alternative names is the DID as a URI or, for did:web:HOST without path and
 * port, the DNS name HOST; no wildcard is.
 */
enum tj_rc tj_x5c_leaf_check(tj_point *, struct x509_st *, tj_str did,
	    struct tj_err *) TJ_MUST_USE;
/* Its subject in one line. */
enum tj_rc tj_x5c_subject(tj_str *, struct x509_st *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
