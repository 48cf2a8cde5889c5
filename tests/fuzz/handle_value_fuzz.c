#include <stdlib.h>

#include "exchange/handle_value.h"

/* Values one behind the other: what is read is written with the same bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new((size_t)1 << 26);
	tj_str rest = { (const char *)bytes, n };
	struct tj_value value;
	struct tj_buf buf;

	if (arena == NULL)
		return 0;
	tj_buf_init(&buf, n);
	while (tj_handle_value_read(&value, &rest, arena, NULL) == TJ_OK)
		tj_handle_value_write(&buf, &value);
	if (buf.failed || buf.n != n - rest.n || (buf.n > 0 && memcmp(buf.p, bytes, buf.n) != 0))
		abort();
	tj_buf_fini(&buf);
	tj_arena_free(arena);
	return 0;
}
