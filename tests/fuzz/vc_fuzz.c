#include <stdlib.h>

#include "exchange/format_vc.h"
#include "exchange/verify_sums.h"

/* The payload with the id that its bytes give, or the fuzzer would never get past it. */
static tj_str
with_own_id(tj_str payload, struct tj_arena *arena)
{
	const char *at = payload.p;
	tj_str id;

	if (tj_vc_id(&id, payload, arena, NULL) != TJ_OK)
		return payload;
	while (!tj_str_starts((tj_str){ at, id.n }, TJ_S("urn:uuid:")))
		at++;
	return tj_str_fmt(arena, "%.*s%s%.*s", (int)(at - payload.p), payload.p, id.p,
	    (int)(payload.n - (size_t)(at - payload.p) - id.n), at + id.n);
}

/* What is read and can be written comes back with the same bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1 << 26);
	struct tj_declaration decl;
	struct tj_vc_stated stated;
	tj_str payload, first, second, id;

	if (arena == NULL)
		return 0;
	payload = with_own_id((tj_str){ (const char *)bytes, n }, arena);
	if (tj_vc_read(&decl, &stated, payload, arena, NULL) == TJ_OK) {
		(void)!tj_verify_sums(&decl, &stated, NULL);
		if (tj_vc_write(&first, &id, &decl, arena, NULL) == TJ_OK &&
		    (tj_vc_read(&decl, &stated, first, arena, NULL) != TJ_OK ||
		    tj_vc_write(&second, &id, &decl, arena, NULL) != TJ_OK ||
		    !tj_str_eq(first, second)))
			abort();
	}
	tj_arena_free(arena);
	return 0;
}
