#include "connectors/tlog_edge.h"

enum tj_rc
tj_tlog_edge_read(struct tj_tlog_edge *edge, struct tj_tlog_reader *reader, struct tj_err *err)
{
	const uint64_t size = tj_tlog_reader_size(reader);

	for (unsigned level = 0; level < TJ_TILE_LEVELS; level++) {
		const uint64_t index = size >> (TJ_TILE_HEIGHT * (level + 1));
		const tj_digest *hashes;
		unsigned width;

		if (tj_tile_width(level, index, size) == 0)
			continue;
		TRY(tj_tlog_tile(&hashes, &width, reader, level, index, err));
		memcpy(edge->hashes[level], hashes, width * sizeof(hashes[0]));
	}
	edge->size = size;
	return TJ_OK;
}

struct edge_nodes {
	const struct tj_tlog_edge	*edge;
	struct tj_sha256		*sha;
};

/* Only nodes of the edge are asked for by the root of the whole. */
static enum tj_rc
edge_get(void *ctx, tj_digest *out, unsigned level, uint64_t index, struct tj_err *err)
{
	const struct edge_nodes *nodes = ctx;
	const unsigned within = level % TJ_TILE_HEIGHT;

	return tj_merkle_whole(out, nodes->sha, nodes->edge->hashes[level / TJ_TILE_HEIGHT] +
	    (index << within) % TJ_TILE_WIDTH, (size_t)1 << within, err);
}

enum tj_rc
tj_tlog_edge_root(tj_digest *root, const struct tj_tlog_edge *edge, struct tj_sha256 *sha,
    struct tj_err *err)
{
	struct edge_nodes own = { edge, sha };
	const struct tj_merkle_nodes nodes = { edge_get, &own };

	return tj_merkle_part(root, &nodes, sha, 0, edge->size, err);
}

enum tj_rc
tj_tlog_edge_push(struct tj_tlog_edge *edge, const tj_digest *root, struct tj_sha256 *sha,
    const struct tj_tlog_full *full, struct tj_err *err)
{
	uint64_t place = edge->size / TJ_TILE_WIDTH;	/* among the hashes of the level above */
	tj_digest made = *root;

	for (unsigned level = 1; level < TJ_TILE_LEVELS; level++) {
		edge->hashes[level][place % TJ_TILE_WIDTH] = made;
		if (place % TJ_TILE_WIDTH != TJ_TILE_WIDTH - 1)
			break;
		place /= TJ_TILE_WIDTH;
		TRY(full->put(full->ctx, (tj_tile){ place, level, TJ_TILE_WIDTH },
		    edge->hashes[level], err));
		TRY(tj_merkle_whole(&made, sha, edge->hashes[level], TJ_TILE_WIDTH, err));
	}
	edge->size = edge->size - edge->size % TJ_TILE_WIDTH + TJ_TILE_WIDTH;
	return TJ_OK;
}
