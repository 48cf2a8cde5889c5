#include <stdlib.h>

#include "model/ident.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What is accepted has a canonical form that is accepted, and is its own. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const tj_str text = { (const char *)bytes, n };
	tj_ident first, again;

	if (arena != NULL && tj_ident_parse(&first, text, arena, NULL) == TJ_OK &&
	    (tj_ident_parse(&again, first.canonical, arena, NULL) != TJ_OK ||
	    !tj_ident_eq(first, again) || first.scheme != again.scheme ||
	    first.granularity != again.granularity ||
	    !tj_ident_under(again, first.canonical)))
		abort();
	tj_arena_free(arena);
	return 0;
}
