#ifndef TJ_EXCHANGE_CRYPTO_H
#define TJ_EXCHANGE_CRYPTO_H

#include "model/base/digest.h"

/*
 * SHA-256 and ES256 (ECDSA on P-256 with SHA-256, RFC 7518 section 3.4).
 * No file is read or written here: keys come and go as text.  A signature is
 * r || s, 32 bytes each, big-endian; what is signed here has the lower of the two
 * possible s, what is verified may have either.
 */
#define TJ_SIGNATURE_BYTES	64
#define TJ_ES256		"ES256"

struct tj_key;			/* a public key, or a pair */

typedef struct {		/* a public key as RFC 7518 section 6.2.1 writes it */
	uint8_t	x[32], y[32];
} tj_point;

/* About 2 ns a byte, and half a microsecond for the call. */
enum tj_rc tj_sha256(tj_digest *, tj_str bytes, struct tj_err *) TJ_MUST_USE;

enum tj_rc tj_key_generate(struct tj_key **, struct tj_err *) TJ_MUST_USE;
/* A private key as PEM (PKCS #8, or SEC 1 on reading).  DATA: no such key there,
 * encrypted, or of another kind.  The text is as secret as the key. */
enum tj_rc tj_key_read_pem(struct tj_key **, tj_str pem, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_key_write_pem(tj_str *pem, const struct tj_key *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* DATA: not a point of the curve. */
enum tj_rc tj_key_of_point(struct tj_key **, const tj_point *, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_key_point(tj_point *, const struct tj_key *, struct tj_err *) TJ_MUST_USE;
void	 tj_key_free(struct tj_key *);	/* takes NULL */

/* Signs the message with this SHA-256.  About 20 microseconds; verifying about 50.  A key
 * may be used by many threads. */
enum tj_rc tj_key_sign(uint8_t signature[TJ_SIGNATURE_BYTES], struct tj_key *,
	    const tj_digest *of_message, struct tj_err *) TJ_MUST_USE;
/* REFUSED: not this key's signature of this message.  A key that is kept for the next one
 * saves what making it ready costs. */
enum tj_rc tj_key_verify(const struct tj_key *, const uint8_t signature[TJ_SIGNATURE_BYTES],
	    tj_str message, struct tj_err *) TJ_MUST_USE;

#endif
