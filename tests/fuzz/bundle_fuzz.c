#include <stdlib.h>

#include "exchange/bundle_verify.h"

/* What is read can be written, and is read again; and everything behind the signature, as if
 * the signer itself meant harm. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1 << 28);
	const tj_str text = { (const char *)bytes, n };
	struct tj_bundle bundle, again;
	struct tj_trust trust;
	struct tj_bundle_ask ask = { .trust = &trust, .at = 1792022400 };
	struct tj_bundle_verdict verdict;
	tj_str payload;

	if (arena == NULL)
		return 0;
	if (tj_bundle_read(&bundle, text, arena, NULL) == TJ_OK) {
		if (tj_bundle_write(&payload, &bundle, arena, NULL) == TJ_OK &&
		    (tj_bundle_read(&again, payload, arena, NULL) != TJ_OK ||
		    again.declarations.n != bundle.declarations.n))
			abort();
		tj_trust_init(&trust, arena);
		verdict = (struct tj_bundle_verdict){ .accepted = true };
		/* Whom the reader trusts is nobody: nothing may be accepted. */
		if (tj_bundle_judge(&verdict, &bundle, &ask, arena, NULL) == TJ_OK &&
		    verdict.accepted)
			abort();
		tj_trust_fini(&trust);
	}
	(void)tj_bundle_is(text, arena);
	tj_arena_free(arena);
	return 0;
}
