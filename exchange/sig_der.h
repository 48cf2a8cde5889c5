#ifndef TJ_EXCHANGE_SIG_DER_H
#define TJ_EXCHANGE_SIG_DER_H

#include "exchange/crypto.h"

/*
 * r || s (32 bytes each, big-endian) and the DER form of the same two numbers,
 * SEQUENCE { INTEGER r, INTEGER s } (ECDSA-Sig-Value, SEC 1 section C.5): for 256-bit
 * curves, where everything fits into one byte of length.
 */
#define TJ_SIG_DER_BYTES	72	/* at most */

/* How many bytes it wrote: 8 to 72. */
size_t	 tj_sig_to_der(uint8_t der[TJ_SIG_DER_BYTES], const uint8_t raw[TJ_SIGNATURE_BYTES]);
/* false: not the one form that tj_sig_to_der() gives. */
bool	 tj_sig_of_der(uint8_t raw[TJ_SIGNATURE_BYTES], const uint8_t *der, size_t n);

#endif
