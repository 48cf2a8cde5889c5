#ifndef TJ_EXCHANGE_TLOG_TILE_H
#define TJ_EXCHANGE_TLOG_TILE_H

#include "model/base/buf.h"
#include "model/base/digest.h"
#include "model/base/limits.h"

/*
 * A log's tree as tiles (C2SP tlog-tiles): up to 256 neighbouring hashes in one resource.
 * Those of level 0 are the leaves', each of level n is that of a full tile of level n - 1.
 * An entry bundle holds the entries of a tile of level 0, each behind its length in two
 * bytes, big-endian.
 *
 *	tile/LEVEL/INDEX[.p/WIDTH]	tile/entries/INDEX[.p/WIDTH]
 *
 * with INDEX 1234067 as x001/x234/067, and .p/WIDTH where less than 256 are there.
 */
#define TJ_TILE_WIDTH		256u
#define TJ_TILE_HEIGHT		8u
#define TJ_TILE_LEVELS		6u		/* 256^6 leaves are beyond TJ_MAX_LOG_LEAVES */
#define TJ_TILE_ENTRIES		255u		/* as a level: the entries */
#define TJ_TILE_BYTES		((size_t)TJ_TILE_WIDTH * TJ_DIGEST_BYTES)
#define TJ_BUNDLE_BYTES		((size_t)TJ_TILE_WIDTH * (2 + TJ_MAX_LOG_ENTRY))	/* at most */
#define TJ_TILE_PATH		64		/* bytes that a path takes at most, with its NUL */

typedef struct {
	uint64_t	index;
	unsigned	level;		/* or TJ_TILE_ENTRIES */
	unsigned	width;		/* 1 to 256 */
} tj_tile;

/* "tile/0/x001/234.p/17"; returns path. */
const char *tj_tile_path(char path[TJ_TILE_PATH], tj_tile);
/* Exactly what tj_tile_path() writes, levels up to 63; false otherwise. */
bool	 tj_tile_parse(tj_tile *, tj_str path);
/* How wide the tile is in a tree of this size; 0: it is not there. */
unsigned tj_tile_width(unsigned level, uint64_t index, uint64_t size);

/* DATA: not the bytes of such a tile.  hashes[tile.width]. */
enum tj_rc tj_tile_read(tj_digest *hashes, tj_tile, tj_str bytes, struct tj_err *) TJ_MUST_USE;

void	 tj_bundle_put(struct tj_buf *, tj_str entry);
/* The next entry of *rest.  DATA: it is cut off, or nothing is left. */
enum tj_rc tj_bundle_next(tj_str *entry, tj_str *rest, struct tj_err *) TJ_MUST_USE;

#endif
