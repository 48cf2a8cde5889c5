#include <stdlib.h>

#include "exchange/crypto_sm2.h"
#include "exchange/did_bid.h"
#include "exchange/sig_der.h"

/* A key, a sidecar, an address of a key: whatever is read is written in the same way. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	const tj_str text = { (const char *)bytes, n };
	uint8_t raw[TJ_SIGNATURE_BYTES], der[TJ_SIG_DER_BYTES], secret[TJ_BID_PRIVATE_BYTES];
	enum tj_bid_type type;
	struct tj_sm2 *key;
	tj_bid_key bid;
	tj_str hex;

	if (arena == NULL)
		return 0;
	if (tj_sig_of_der(raw, bytes, n) && tj_sig_to_der(der, raw) != n)
		abort();
	if (tj_sm2_read_pem(&key, text, true, NULL) == TJ_OK) {
		(void)!tj_sm2_sidecar_verify(key, text, text, NULL);
		tj_sm2_free(key);
	}
	(void)!tj_bid_private_parse(secret, &type, text, NULL);
	if (tj_bid_key_parse(&bid, text, NULL) == TJ_OK) {
		if (tj_bid_key_text(&hex, &bid, arena, NULL) == TJ_OK && hex.n != n)
			abort();
		(void)!tj_bid_check(text, &bid, arena, NULL);
	}
	tj_arena_free(arena);
	return 0;
}
