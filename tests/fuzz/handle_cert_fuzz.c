#include <stdlib.h>

#include "exchange/handle_cert.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What is read has a subject, and grants nothing that its permissions do not. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1u << 28);
	struct tj_handle_cert cert;

	if (tj_handle_cert_read(&cert, (tj_str){ (const char *)data, n }, arena, NULL) == TJ_OK) {
		const tj_str handle = TJ_S("88.111.1/SN0001");
		const bool signs = tj_handle_cert_permits(&cert, handle, false);

		if (cert.subject.handle.n == 0 || (cert.perm_count == 0 && signs) ||
		    (!signs && tj_handle_cert_permits(&cert, handle, true)))
			abort();
	}
	tj_arena_free(arena);
	return 0;
}
