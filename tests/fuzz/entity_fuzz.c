#include <stdlib.h>

#include "exchange/entity_json.h"
#include "model/prefix.h"

/* An entity without a finding is written and read to the same; a prefix has a level. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1 << 26);
	const tj_str text = { (const char *)bytes, n };
	struct tj_findings findings;
	struct tj_entity entity = { 0 }, back = { 0 };
	tj_prefix prefix;
	tj_str json;

	if (arena == NULL)
		return 0;
	if (tj_prefix_parse(&prefix, text, NULL) == TJ_OK &&
	    (prefix.level == 0 || tj_prefix_is_below(tj_prefix_parent(prefix.text), prefix.text)))
		abort();
	tj_findings_init(&findings, arena);
	if (tj_entity_read(&entity, TJ_S("f"), text, &findings, arena, NULL) == TJ_OK) {
		tj_entity_check(&entity, TJ_S("f"), &findings);
		if (tj_entity_write(&json, &entity, arena, NULL) != TJ_OK ||
		    tj_entity_read(&back, TJ_S("f"), json, &findings, arena, NULL) != TJ_OK)
			abort();
		for (size_t i = 0; i < TJ_ENTITY_COUNT_; i++)
			if (!tj_str_eq(entity.items[i], back.items[i]))
				abort();
	}
	tj_arena_free(arena);
	return 0;
}
