#ifndef TJ_PORT_SIGNER_H
#define TJ_PORT_SIGNER_H

#include "model/base/digest.h"

/* Somebody who holds a private key: a file today, a hardware module tomorrow. */
struct tj_signer {
	tj_str	kid;		/* did:web:steel.example#k1 */
	tj_str	alg;		/* "ES256" */
	/* Certificates that go with what is signed, the signer's first: base64 of DER. */
	const tj_str *x5c;	/* [x5c_count]; mostly none */
	size_t	x5c_count;
	/* Of the message with this SHA-256: raw r || s, 64 bytes for ES256.  May be called
	 * by several threads at once. */
	enum tj_rc (*sign)(struct tj_signer *, uint8_t signature[64],
	    const tj_digest *of_message, struct tj_err *);
	void	 (*close)(struct tj_signer *);
};

#endif
