#include <stdlib.h>

#include "exchange/bif_reply.h"

/* Whatever a node says, a block is told only of the transaction that was asked for. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const tj_str text = { (const char *)bytes, n };
	const tj_str hash = TJ_S("ab12"), other = TJ_S("cd34");
	struct tj_arena *arena = tj_arena_new(1 << 24);
	uint64_t count;

	if (arena == NULL)
		return 0;
	(void)!tj_bif_read_nonce(&count, text, arena, NULL);
	if (tj_bif_read_submitted(text, hash, arena, NULL) == TJ_OK &&
	    tj_bif_read_submitted(text, other, arena, NULL) == TJ_OK)
		abort();
	if (tj_bif_read_included(&count, text, hash, arena, NULL) == TJ_OK &&
	    tj_bif_read_included(&count, text, other, arena, NULL) == TJ_OK)
		abort();
	tj_arena_free(arena);
	return 0;
}
