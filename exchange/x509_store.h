#ifndef TJ_EXCHANGE_X509_STORE_H
#define TJ_EXCHANGE_X509_STORE_H

#include "model/base/date.h"

/*
 * Whom chains of certificates may end with, and what has been revoked: an X509_STORE of
 * OpenSSL, filled from PEM.  No network is asked for anything.
 */
struct x509_store_st;

/*
 * `roots`: certificates; chains end with one of them.  `crls`: may be empty; if not, every
 * certificate of a chain must have its issuer's CRL among them, one that had not ended at
 * `at`; whatever it lists is refused.  Certificates must be valid at `at`.
 * DATA: nothing readable there.  End with tj_x509_store_free().
 */
enum tj_rc tj_x509_store_new(struct x509_store_st **, tj_str roots, tj_str crls, tj_time at,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_x509_store_free(struct x509_store_st *);	/* takes NULL */

#endif
