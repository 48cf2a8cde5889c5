#ifndef TJ_EXCHANGE_BIF_H
#define TJ_EXCHANGE_BIF_H

#include "exchange/did_bid.h"

/*
 * A transaction of Xinghuo BIF-Core (星火·链网) that writes one key and value into the sender's
 * own account, made here byte for byte: whoever signs what a node returns signs blindly.
 * Source of the format: chain.proto of the published SDKs; vectors in tests/exchange/data/bif.
 *
 *	blob = protobuf; hash = SHA-256(blob); the signature is over the blob: pure Ed25519, or
 *	SM2 with TJ_SM2_ID, r || s.
 *
 * An account's nonces go up by one; its last one is in the node's /getAccountBase.
 */
struct tj_bif_entry {
	tj_str		source;		/* did:bid:… of the account */
	uint64_t	nonce;		/* the last one and 1 */
	uint64_t	fee_limit, gas_price;
	tj_str		metadata;	/* may be empty */
	tj_str		key, value;
};

/* LIMIT: a key over 1024 or a value over 256000 bytes, as the chain has it. */
enum tj_rc tj_bif_blob(tj_str *blob, const struct tj_bif_entry *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* What POST /submitTransaction takes. */
enum tj_rc tj_bif_submit(tj_str *json, tj_str blob,
	    const uint8_t signature[TJ_SIGNATURE_BYTES], const tj_bid_key *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
