#ifndef TJ_EXCHANGE_CRYPTO_ED25519_H
#define TJ_EXCHANGE_CRYPTO_ED25519_H

#include "model/base/str.h"

/*
 * Ed25519 (RFC 8032), as signed notes and their cosignatures use it.  Public keys and
 * signatures are their octets.  No file is read or written here.
 */
#define TJ_ED25519_PUBLIC	32
#define TJ_ED25519_SIGNATURE	64

struct tj_ed25519;		/* a private key; may be used by many threads */

enum tj_rc tj_ed25519_generate(struct tj_ed25519 **, struct tj_err *) TJ_MUST_USE;
/* PKCS #8 in PEM.  DATA: no such key there, encrypted, or of another kind.  The text is
 * as secret as the key. */
enum tj_rc tj_ed25519_read_pem(struct tj_ed25519 **, tj_str pem, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_ed25519_write_pem(tj_str *pem, const struct tj_ed25519 *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_ed25519_free(struct tj_ed25519 *);	/* takes NULL */

void	 tj_ed25519_public(uint8_t out[TJ_ED25519_PUBLIC], const struct tj_ed25519 *);
/* About 45 microseconds; verifying about 120. */
enum tj_rc tj_ed25519_sign(uint8_t signature[TJ_ED25519_SIGNATURE], const struct tj_ed25519 *,
	    tj_str message, struct tj_err *) TJ_MUST_USE;
/* REFUSED: not this key's signature of this message. */
enum tj_rc tj_ed25519_verify(const uint8_t public_key[TJ_ED25519_PUBLIC],
	    const uint8_t signature[TJ_ED25519_SIGNATURE], tj_str message,
	    struct tj_err *) TJ_MUST_USE;

#endif
