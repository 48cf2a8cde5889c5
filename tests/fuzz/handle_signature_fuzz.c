#include <stdlib.h>

#include "exchange/handle_jws.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What is read says an issuer and a subject. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1u << 28);
	const struct tj_json *payload;
	struct tj_handle_claims claims;
	struct tj_handle_jws jws;

	if (tj_handle_jws_parse(&jws, (tj_str){ (const char *)data, n }, arena, NULL) == TJ_OK &&
	    tj_handle_claims_read(&claims, &payload, &jws, arena, NULL) == TJ_OK &&
	    claims.issuer.handle.n == 0)
		abort();
	tj_arena_free(arena);
	return 0;
}
