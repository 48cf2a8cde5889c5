#include <stdlib.h>

#include "exchange/anchor.h"

/* What is read can be written, and is read again. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_anchor anchor;
	tj_str json;

	if (arena == NULL)
		return 0;
	if (tj_anchor_read(&anchor, (tj_str){ (const char *)bytes, n }, arena, NULL) == TJ_OK &&
	    tj_anchor_write(&json, &anchor, arena, NULL) == TJ_OK &&
	    tj_anchor_read(&anchor, json, arena, NULL) != TJ_OK)
		abort();
	tj_arena_free(arena);
	return 0;
}
