#ifndef TJ_EXCHANGE_DID_BID_H
#define TJ_EXCHANGE_DID_BID_H

#include "exchange/crypto.h"

/*
 * Keys and addresses of Xinghuo BIF (星火·链网).  An address did:bid:[chain:]TFsuffix is
 * made from the public key alone, so that who holds both can check them without
 * the chain: T is e (Ed25519) or z (SM2), F is f (base58), and the suffix is base58 of the
 * last 22 bytes of SHA-256 (e) or SM3 (z) over the raw key: 32 bytes, or 04 || x || y.
 *
 * The base58 is not Bitcoin's: b and B, u and U are exchanged.
 * Source: BIF's published SDKs; vectors in tests/exchange/data/bif.
 */
enum tj_bid_type { TJ_BID_ED25519 = 'e', TJ_BID_SM2 = 'z' };

#define TJ_BID_RAW_BYTES	65		/* of the longer kind */
#define TJ_BID_PRIVATE_BYTES	32

typedef struct {
	enum tj_bid_type	type;
	uint8_t			raw[TJ_BID_RAW_BYTES];	/* tj_bid_raw_bytes() of them */
} tj_bid_key;

size_t	 tj_bid_raw_bytes(enum tj_bid_type);	/* 32 or 65 */

/* Hexadecimal of b0, T, f and the raw key.  DATA. */
enum tj_rc tj_bid_key_parse(tj_bid_key *, tj_str hex, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_bid_key_text(tj_str *hex, const tj_bid_key *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* "priSPK…" (Ed25519), "priSrr…" (SM2): base58 of 18 9E 99, T, f and 32 bytes.  DATA. */
enum tj_rc tj_bid_private_parse(uint8_t raw[TJ_BID_PRIVATE_BYTES], enum tj_bid_type *, tj_str,
	    struct tj_err *) TJ_MUST_USE;

/* "did:bid:zf…", without a chain's code. */
enum tj_rc tj_bid_of_key(tj_str *did, const tj_bid_key *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* REFUSED: the address is of another key; DATA: not an address. */
enum tj_rc tj_bid_check(tj_str did, const tj_bid_key *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif
