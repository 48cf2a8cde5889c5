#include <stdlib.h>

#include "exchange/leaf.h"
#include "exchange/tlog_proof.h"

/* What is read is written the same; no entry of nobody's is in a tree. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1 << 26);
	const tj_str text = { (const char *)bytes, n };
	char written[TJ_LEAF_MOST];
	struct tj_tlog_proof proof;
	tj_leaf leaf;
	tj_str again;

	if (arena == NULL)
		return 0;
	if (tj_tlog_proof_parse(&proof, text, arena, NULL) == TJ_OK) {
		if (tj_tlog_proof_text(&again, &proof, arena, NULL) == TJ_OK && !tj_str_eq(text, again))
			abort();
		(void)!tj_tlog_proof_check(&proof, TJ_S("an entry"), NULL);
	}
	if (tj_leaf_parse(&leaf, text, NULL) == TJ_OK &&
	    !tj_str_eq(text, tj_leaf_text(written, &leaf)))
		abort();
	tj_arena_free(arena);
	return 0;
}
