#include <stdlib.h>

#include "exchange/verify.h"

/* The public key of tests/exchange/data/declaration.jws. */
static const char did_json[] =
    "{\"id\":\"did:web:steel.example\",\"verificationMethod\":[],\"assertionMethod\":[{"
    "\"id\":\"#k1\",\"publicKeyJwk\":{\"kty\":\"EC\",\"crv\":\"P-256\","
    "\"x\":\"YgPlqNGvDb3eG5Px3z3B9-2aPgc1pF3XCZCVRDMIN0U\","
    "\"y\":\"M-D4wrxppPUlIxTZV-aPlgjSX7jRHOUFFUI5eu1TUwI\"}}]}";

static const struct tj_trust *
trust(void)
{
	static struct tj_trust made;
	const tj_str any = TJ_S("*");

	if (made.arena == NULL) {
		tj_trust_init(&made, tj_arena_new(1 << 20));
		if (tj_trust_add(&made, TJ_S("did:web:steel.example"), tj_str_of(did_json), &any, 1,
		    NULL) != TJ_OK)
			abort();
	}
	return &made;
}

/* Bytes that nobody signed may only be refused; the seed is what somebody signed. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1 << 26);
	struct tj_verdict verdict;

	if (arena != NULL && tj_verify(&verdict, (tj_str){ (const char *)bytes, n }, trust(), NULL,
	    1793491200, arena, NULL) == TJ_OK &&
	    verdict.accepted != (tj_verdict_failed(&verdict) == TJ_GATES))
		abort();
	tj_arena_free(arena);
	return 0;
}
