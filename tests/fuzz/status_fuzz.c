#include <stdlib.h>

#include "exchange/inflate.h"
#include "exchange/status.h"
#include "model/base/limits.h"

/* Compressed bytes by themselves, and lists: whoever asks for an entry gets one of its size. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1 << 26);
	const tj_str text = { (const char *)bytes, n };
	struct tj_status_list list;
	unsigned status = 0;
	tj_str out = { 0 };

	if (arena == NULL)
		return 0;
	if (tj_inflate(&out, text, TJ_GZIP, 4096, arena, NULL) == TJ_OK && out.n > 4096)
		abort();
	(void)!tj_inflate(&out, text, TJ_ZLIB, 4096, arena, NULL);
	if (tj_status_list_read(&list, text, arena, NULL) == TJ_OK) {
		for (uint64_t i = 0; i < list.count; i += 1 + list.count / 64)
			if (tj_status_list_get(&status, &list, i, NULL) != TJ_OK ||
			    status >> list.bits != 0)
				abort();
		if (tj_status_list_get(&status, &list, list.count, NULL) == TJ_OK)
			abort();
	}
	tj_arena_free(arena);
	return 0;
}
