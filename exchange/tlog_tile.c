#include <stdio.h>

#include "exchange/note_line.h"
#include "exchange/tlog_tile.h"
#include "model/base/limits.h"

#define MOST_LEVEL	63u	/* that may stand in a path */
#define INDEX_GROUPS	7u	/* of three digits: 2^64 has twenty */
#define MOST_GROUPS	6u	/* that are read: below 2^63 */

/* x001/x234/067 */
static size_t
index_put(char *to, uint64_t index)
{
	unsigned groups[INDEX_GROUPS];
	size_t n = 0, at = 0;

	do
		groups[n++] = (unsigned)(index % 1000);
	while ((index /= 1000) > 0);
	while (n-- > 0)
		at += (size_t)sprintf(to + at, n > 0 ? "x%03u/" : "%03u", groups[n]);
	return at;
}

const char *
tj_tile_path(char path[TJ_TILE_PATH], tj_tile tile)
{
	size_t at;

	if (tile.level == TJ_TILE_ENTRIES)
		at = (size_t)sprintf(path, "tile/entries/");
	else
		at = (size_t)sprintf(path, "tile/%u/", tile.level);
	at += index_put(path + at, tile.index);
	if (tile.width < TJ_TILE_WIDTH)
		(void)sprintf(path + at, ".p/%u", tile.width);
	return path;
}

/* Three digits behind what *rest begins with. */
static bool
index_take(uint64_t *index, tj_str *rest)
{
	if (rest->n < 3)
		return false;
	for (size_t i = 0; i < 3; i++) {
		if (!tj_is_digit(rest->p[i]))
			return false;
		*index = 10 * *index + (uint64_t)(rest->p[i] - '0');
	}
	*rest = tj_str_cut(*rest, 3, rest->n);
	return true;
}

static bool
take(tj_str *rest, tj_str prefix)
{
	if (!tj_str_starts(*rest, prefix))
		return false;
	*rest = tj_str_cut(*rest, prefix.n, rest->n);
	return true;
}

static bool
index_parse(uint64_t *out, tj_str *rest)
{
	uint64_t index = 0;
	unsigned groups = 0;

	while (take(rest, TJ_S("x")))
		if (++groups == MOST_GROUPS || !index_take(&index, rest) ||
		    index == 0 || !take(rest, TJ_S("/")))
			return false;
	*out = index;
	return index_take(out, rest);
}

static bool
level_parse(unsigned *level, tj_str *rest)
{
	uint64_t number;
	tj_str word;

	if (!take(rest, TJ_S("tile/")) || !tj_str_next(&word, rest, '/'))
		return false;
	if (tj_str_eq(word, TJ_S("entries"))) {
		*level = TJ_TILE_ENTRIES;
		return true;
	}
	if (!tj_note_number(&number, word) || number > MOST_LEVEL)
		return false;
	*level = (unsigned)number;
	return true;
}

bool
tj_tile_parse(tj_tile *out, tj_str path)
{
	tj_tile tile = { .width = TJ_TILE_WIDTH };
	uint64_t width;

	if (!level_parse(&tile.level, &path) || !index_parse(&tile.index, &path))
		return false;
	if (path.n > 0) {
		if (!take(&path, TJ_S(".p/")) || !tj_note_number(&width, path) || width == 0 ||
		    width >= TJ_TILE_WIDTH)
			return false;
		tile.width = (unsigned)width;
	}
	*out = tile;
	return true;
}

unsigned
tj_tile_width(unsigned level, uint64_t index, uint64_t size)
{
	const unsigned height = level == TJ_TILE_ENTRIES ? 0 : TJ_TILE_HEIGHT * level;
	const uint64_t hashes = height > 63 ? 0 : size >> height;

	if (index < hashes / TJ_TILE_WIDTH)
		return TJ_TILE_WIDTH;
	return index == hashes / TJ_TILE_WIDTH ? (unsigned)(hashes % TJ_TILE_WIDTH) : 0;
}

enum tj_rc
tj_tile_read(tj_digest *hashes, tj_tile tile, tj_str bytes, struct tj_err *err)
{
	char path[TJ_TILE_PATH];

	if (bytes.n != tile.width * (size_t)TJ_DIGEST_BYTES)
		return tj_fail(err, TJ_E_DATA, "%s has %zu bytes, not %zu",
		    tj_tile_path(path, tile), bytes.n, tile.width * (size_t)TJ_DIGEST_BYTES);
	memcpy(hashes, bytes.p, bytes.n);
	return TJ_OK;
}

void
tj_bundle_put(struct tj_buf *buf, tj_str entry)
{
	tj_buf_putc(buf, (char)(uint8_t)(entry.n >> 8));
	tj_buf_putc(buf, (char)(uint8_t)entry.n);
	tj_buf_put(buf, entry);
}

enum tj_rc
tj_bundle_next(tj_str *entry, tj_str *rest, struct tj_err *err)
{
	size_t n;

	if (rest->n < 2)
		return tj_fail(err, TJ_E_DATA, "the entry bundle has too few entries");
	n = (size_t)(uint8_t)rest->p[0] << 8 | (uint8_t)rest->p[1];
	if (n > rest->n - 2)
		return tj_fail(err, TJ_E_DATA, "the entry bundle ends within an entry");
	*entry = tj_str_cut(*rest, 2, n);
	*rest = tj_str_cut(*rest, 2 + n, rest->n);
	return TJ_OK;
}
