#include <stdlib.h>

#include "exchange/tlog_policy.h"

/* A checkpoint that nobody has signed is believed by no policy with logs or without. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char head[] = "log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
	    "\n\xe2\x80\x94 a AAAAAAA=\n";
	struct tj_arena *arena = tj_arena_new(1 << 26);
	struct tj_checkpoint checkpoint;
	struct tj_policy policy;
	struct tj_note note;
	struct tj_policy_seen seen;

	if (arena == NULL)
		return 0;
	if (tj_policy_parse(&policy, (tj_str){ (const char *)bytes, n }, arena, NULL) == TJ_OK &&
	    tj_checkpoint_read(&checkpoint, &note, tj_str_of(head), arena, NULL) == TJ_OK &&
	    tj_policy_check(&seen, &policy, &note, &checkpoint, arena, NULL) == TJ_OK)
		abort();
	tj_arena_free(arena);
	return 0;
}
