#include "exchange/handle_reply.h"

/* What a node may answer, as far as a resolver reads it. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1 << 26);
	struct tj_places places;
	struct tj_reply reply;

	if (arena != NULL && tj_reply_read(&reply, (tj_str){ (const char *)bytes, n }, arena,
	    NULL) == TJ_OK) {
		(void)tj_reply_newest(&reply, TJ_S("TANJI.DECLARATION"));
		(void)tj_reply_newest(&reply, TJ_S("HS_SERV"));
		if (tj_reply_places(&places, &reply, arena, NULL) == TJ_OK)
			for (size_t i = 0; i < places.list.n; i++)
				if (places.list.v[i].url.n < 8)
					__builtin_trap();
	}
	tj_arena_free(arena);
	return 0;
}
