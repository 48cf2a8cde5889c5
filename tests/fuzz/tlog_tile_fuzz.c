#include <stdlib.h>

#include "exchange/tlog_tile.h"

/* A path that is read is written the same; a bundle's entries are all of it, or it is refused. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const tj_str text = { (const char *)bytes, n };
	tj_digest hashes[TJ_TILE_WIDTH];
	tj_str rest = text, entry;
	char path[TJ_TILE_PATH];
	size_t sum = 0;
	tj_tile tile;

	if (tj_tile_parse(&tile, text)) {
		if (!tj_str_eq(text, tj_str_of(tj_tile_path(path, tile))))
			abort();
		(void)!tj_tile_read(hashes, tile, text, NULL);
	}
	(void)!tj_tile_read(hashes, (tj_tile){ 0, 0, 1 + (unsigned)(n / 32) % 256 }, text, NULL);
	while (tj_bundle_next(&entry, &rest, NULL) == TJ_OK)
		sum += 2 + entry.n;
	if (sum + rest.n != n)
		abort();
	return 0;
}
