#include <stdlib.h>

#include "exchange/label.h"

/* As a link, and as the code itself: what is read is what would be written. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const tj_str text = { (const char *)bytes, n };
	struct tj_arena *arena = tj_arena_new(1 << 24);
	struct tj_label_code read;
	tj_str code = text, link = TJ_S("");

	if (arena == NULL)
		return 0;
	if (tj_label_unlink(&code, &link, text, arena, NULL) != TJ_OK)
		code = text;
	if (tj_label_read(&read, code, arena, NULL) == TJ_OK &&
	    tj_label_at(&read.label, link, arena, NULL) == TJ_OK &&
	    tj_label_link(&link, &read.label, TJ_S("https://a"), code, arena, NULL) != TJ_OK)
		abort();
	tj_arena_free(arena);
	return 0;
}
