#ifndef TJ_REGISTRY_HTTP_TLS_H
#define TJ_REGISTRY_HTTP_TLS_H

#include <gnutls/abstract.h>

#include "model/base/str.h"

/*
 * What the server proves itself with: a certificate, the chain to its issuer, and the key.
 */
#define TJ_TLS_CHAIN	8	/* public authorities use two to four */

struct tj_tls_identity {
	struct tj_tls_identity	*before;	/* kept: handshakes may be under way with it */
	gnutls_pcert_st		 chain[TJ_TLS_CHAIN];
	unsigned		 chain_count;
	gnutls_privkey_t	 key;
	bool			 asks_client;
};

/* DATA: not PEM, or the key is another certificate's. */
enum tj_rc tj_tls_identity_read(struct tj_tls_identity **, tj_str certificate, tj_str key,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_tls_identity_free(struct tj_tls_identity *);	/* and those before it; takes NULL */

#endif
