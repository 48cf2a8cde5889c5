#ifndef TJ_EXCHANGE_VKEY_H
#define TJ_EXCHANGE_VKEY_H

#include "exchange/crypto_ed25519.h"

/*
 * Verifier keys of C2SP signed-note: name "+" id "+" base64(type || public key), with
 *
 *	id = SHA-256(name || 0x0A || type || public key)[0:4]
 *
 * in eight hexadecimal digits.  Types that are known here: Ed25519 over the text
 * (0x01) and cosignature/v1, Ed25519 with a time (0x04, C2SP tlog-cosignature).  Others
 * (ML-DSA-44 is 0x06) are read, and what they have signed counts as signed by nobody.
 */
enum tj_vkey_type { TJ_VKEY_ED25519 = 1, TJ_VKEY_COSIGNATURE = 4 };

typedef struct {
	tj_str		name;		/* views, as long as what they were read from */
	tj_str		key;		/* the public key's octets */
	uint32_t	id;
	uint8_t		type;
} tj_vkey;

/* DATA: not one, or an id that its name and key do not give. */
enum tj_rc tj_vkey_parse(tj_vkey *, tj_str text, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_vkey_text(tj_str *, const tj_vkey *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* The public half of a key under a name.  DATA: no name for a key. */
enum tj_rc tj_vkey_of(tj_vkey *, tj_str name, enum tj_vkey_type, const struct tj_ed25519 *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

bool	 tj_vkey_is_known(const tj_vkey *);		/* a type that is verified here */
/* Not empty, well-formed UTF-8 without spaces (Unicode's White_Space), controls and plus. */
bool	 tj_vkey_is_name(tj_str);

#endif
