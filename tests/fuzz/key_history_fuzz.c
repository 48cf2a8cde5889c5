#include <stdlib.h>

#include "exchange/key_history.h"

/* What is read can be written, and is read again. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1 << 26);
	const tj_str text = { (const char *)bytes, n };
	struct tj_key_history history = { 0 };
	struct tj_jws jws;
	tj_str payload;

	if (arena == NULL)
		return 0;
	(void)!tj_key_history_parse(&history, &jws, text, arena, NULL);
	if (tj_key_history_read(&history, text, arena, NULL) == TJ_OK &&
	    tj_key_history_write(&payload, &history, arena, NULL) == TJ_OK &&
	    tj_key_history_read(&history, payload, arena, NULL) != TJ_OK)
		abort();
	tj_arena_free(arena);
	return 0;
}
