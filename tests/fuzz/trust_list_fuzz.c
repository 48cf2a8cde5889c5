#include <stdlib.h>

#include "exchange/trust_list.h"

/* What is read can be written, and says the same again; what nobody signed is believed from
 * nobody. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1 << 26);
	const struct tj_trust_signers nobody = { .threshold = 0 };
	const tj_str text = { (const char *)bytes, n };
	struct tj_trust_list list, again;
	tj_str written;

	if (arena == NULL)
		return 0;
	if (tj_trust_list_read(&list, text, arena, NULL) == TJ_OK &&
	    tj_trust_list_write(&written, &list, arena, NULL) == TJ_OK &&
	    (tj_trust_list_read(&again, written, arena, NULL) != TJ_OK ||
	    again.version != list.version || again.expires != list.expires))
		abort();
	if (tj_trust_list_open(&list, text, &nobody, 0, arena, NULL) == TJ_OK)
		abort();
	(void)!tj_trust_list_follows(text, text, arena, NULL);
	tj_arena_free(arena);
	return 0;
}
