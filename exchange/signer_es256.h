#ifndef TJ_EXCHANGE_SIGNER_ES256_H
#define TJ_EXCHANGE_SIGNER_ES256_H

#include "model/port/signer.h"

/* A signer that holds a private P-256 key given as PEM.  The kid is copied; the
 * text may be wiped afterwards.  End with signer->close(signer). */
enum tj_rc tj_signer_es256_open(struct tj_signer **, tj_str pem, tj_str kid,
	    struct tj_err *) TJ_MUST_USE;

#endif
