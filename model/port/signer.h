#ifndef TJ_PORT_SIGNER_H
#define TJ_PORT_SIGNER_H

#include "model/base/str.h"

/* Somebody who holds a private key: a file today, a hardware module tomorrow. */
struct tj_signer {
	tj_str	kid;		/* did:web:steel.example#k1 */
	tj_str	alg;		/* "ES256" */
	/* signature: raw r || s, 64 bytes for ES256. */
	enum tj_rc (*sign)(struct tj_signer *, uint8_t signature[64], tj_str message,
	    struct tj_err *);
	void	 (*close)(struct tj_signer *);
};

#endif
