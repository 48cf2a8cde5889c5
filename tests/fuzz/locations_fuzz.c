#include <stdlib.h>

#include "exchange/locations.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A line of what was asked for, then the document. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1u << 28);
	tj_str rest = { (const char *)data, n }, locatt = TJ_S(""), href;

	(void)tj_str_next(&locatt, &rest, '\n');
	for (int i = 0; i < 4; i++)
		if (tj_location_choose(&href, rest, locatt, i * 0.25, arena, NULL) == TJ_OK &&
		    href.n == 0)
			abort();
	tj_arena_free(arena);
	return 0;
}
