#include <stdlib.h>

#include "exchange/handle_json.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static tj_str
write(const struct tj_handle_body *body, struct tj_arena *arena)
{
	struct tj_json_writer out;
	tj_str json = { NULL, 0 };

	tj_json_begin(&out, 1u << 26);
	tj_json_open(&out, NULL, '[');
	for (size_t i = 0; i < body->count; i++)
		if (tj_handle_json_put(&out, &body->values[i], arena, NULL) != TJ_OK)
			abort();
	tj_json_close(&out, ']');
	if (tj_json_end(&json, &out, arena, NULL) != TJ_OK)
		abort();
	return json;
}

/* What was read can be written, and read again it is written the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1u << 28);
	struct tj_handle_body body;
	tj_str first, second;

	if (tj_handle_json_read(&body, (tj_str){ (const char *)data, n }, arena, NULL) == TJ_OK) {
		first = write(&body, arena);
		if (tj_handle_json_read(&body, first, arena, NULL) != TJ_OK)
			abort();
		second = write(&body, arena);
		if (!tj_str_eq(first, second))
			abort();
	}
	tj_arena_free(arena);
	return 0;
}
