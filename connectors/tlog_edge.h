#ifndef TJ_CONNECTORS_TLOG_EDGE_H
#define TJ_CONNECTORS_TLOG_EDGE_H

#include "connectors/tlog_read.h"

/*
 * The right edge of a log's tree: of each level the tile that is not full yet.  All that
 * is needed to go on and to know the root.  How wide each is, the size tells.
 */
struct tj_tlog_edge {
	uint64_t	size;
	tj_digest	hashes[TJ_TILE_LEVELS][TJ_TILE_WIDTH];
};

/* A full tile, to be written. */
struct tj_tlog_full {
	enum tj_rc (*put)(void *ctx, tj_tile, const tj_digest *hashes, struct tj_err *);
	void	*ctx;
};

/* From the reader's tiles.  CORRUPT. */
enum tj_rc tj_tlog_edge_read(struct tj_tlog_edge *, struct tj_tlog_reader *,
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_tlog_edge_root(tj_digest *, const struct tj_tlog_edge *, struct tj_sha256 *,
	    struct tj_err *) TJ_MUST_USE;
/*
 * A tile of level 0 is full, and this is its root; the size, up to where it begins, becomes
 * that behind it.  Tiles above that are full with it are put.
 */
enum tj_rc tj_tlog_edge_push(struct tj_tlog_edge *, const tj_digest *root, struct tj_sha256 *,
	    const struct tj_tlog_full *, struct tj_err *) TJ_MUST_USE;

#endif
