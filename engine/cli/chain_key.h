#ifndef TJ_CLI_CHAIN_KEY_H
#define TJ_CLI_CHAIN_KEY_H

#include "engine/cli/cmd.h"
#include "exchange/crypto_ed25519.h"
#include "exchange/crypto_sm2.h"
#include "exchange/did_bid.h"

/* The key of an account of 星火·链网: a file in PEM (0600), Ed25519 or SM2. */
struct tj_chain_key {
	tj_bid_key		 bid;
	struct tj_ed25519	*ed25519;	/* one of these, the other NULL */
	struct tj_sm2		*sm2;
};

/* PERM, NOINPUT; DATA: of neither kind. */
enum tj_rc tj_chain_key_read(struct tj_chain_key *, struct tj_cli *, const char *path) TJ_MUST_USE;
void	 tj_chain_key_fini(struct tj_chain_key *);
/* For tj_chain_bif_options; ctx is the key. */
enum tj_rc tj_chain_key_sign(void *ctx, uint8_t signature[TJ_SIGNATURE_BYTES], tj_str blob,
	    struct tj_err *) TJ_MUST_USE;

#endif
