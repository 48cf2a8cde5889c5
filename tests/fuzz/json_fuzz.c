#include "exchange/json.h"

static void
walk(const struct tj_json *value)
{
	(void)tj_json_text(value);
	(void)tj_json_find(value, "a.b");
	for (size_t i = 0; i < tj_json_count(value); i++) {
		(void)tj_json_type(value);
		walk(tj_json_at(value, i));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1 << 26);
	const struct tj_json *root;

	if (arena != NULL && tj_json_read(&root, (tj_str){ (const char *)bytes, n }, arena,
	    NULL) == TJ_OK)
		walk(root);
	tj_arena_free(arena);
	return 0;
}
