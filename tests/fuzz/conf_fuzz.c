#include "exchange/conf.h"
#include "exchange/profile.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct tj_arena *arena = tj_arena_new((size_t)1 << 28);
	const tj_str text = { (const char *)data, n };
	struct tj_profile profile;
	struct tj_err err;

	if (arena != NULL)
		(void)!tj_profile_read(&profile, TJ_S("fuzz.conf"), text, arena, &err);
	tj_arena_free(arena);
	return 0;
}
