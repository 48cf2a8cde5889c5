#include <stdlib.h>

#include "exchange/did.h"

/* What is read can be written, and is read again. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1 << 26);
	const tj_str text = { (const char *)bytes, n };
	struct tj_did did = { 0 };
	struct tj_jwk jwk;
	tj_str json;

	if (arena == NULL)
		return 0;
	(void)!tj_jwk_read(&jwk, text, arena, NULL);
	(void)!tj_jwks_read(&did, text, arena, NULL);
	if (tj_did_read(&did, text, arena, NULL) == TJ_OK &&
	    tj_did_write(&json, &did, arena, NULL) == TJ_OK &&
	    tj_did_read(&did, json, arena, NULL) != TJ_OK)
		abort();
	tj_arena_free(arena);
	return 0;
}
