#include "connectors/tlog_check.h"

struct checking {
	struct tj_tlog_reader	*reader;
	struct tj_sha256	*sha;
	struct tj_merkle_range	 range;		/* of the entries alone */
	tj_digest		 made[TJ_TILE_WIDTH];	/* leaf hashes of one bundle */
	enum tj_rc	       (*visit)(void *ctx, uint64_t index, tj_str entry,
	    struct tj_err *);				/* NULL: nobody looks */
	void			*ctx;
};

static enum tj_rc
wrong(struct tj_err *err, const char *what, unsigned level, uint64_t index)
{
	return tj_fail(err, TJ_E_CORRUPT, "%s %u/%llu is not what the tiles below or the entries "
	    "give; restore it from a copy", what, level, (unsigned long long)index);
}

/* A bundle's entries, hashed; more may stand behind them where the bundle is of a later tree. */
static enum tj_rc
bundle_hash(struct checking *c, uint64_t index, unsigned *width, struct tj_err *err)
{
	const unsigned wanted = tj_tile_width(0, index, tj_tlog_reader_size(c->reader));
	tj_str rest, entry;

	TRY(tj_tlog_bundle(&rest, width, c->reader, index, err));
	for (unsigned i = 0; i < *width; i++) {
		if (tj_bundle_next(&entry, &rest, err) != TJ_OK)
			return tj_fail(err, TJ_E_CORRUPT, "entry bundle %llu ends at entry %u",
			    (unsigned long long)index, i);
		if (c->visit != NULL)
			TRY(c->visit(c->ctx, index * TJ_TILE_WIDTH + i, entry, err));
		TRY(tj_merkle_leaf(&c->made[i], c->sha, entry, err));
		TRY(tj_merkle_add(&c->range, c->sha, &c->made[i], err));
	}
	return rest.n > 0 && wanted == TJ_TILE_WIDTH ? tj_fail(err, TJ_E_CORRUPT,
	    "entry bundle %llu has bytes behind its entries", (unsigned long long)index) : TJ_OK;
}

/* A full tile's root stands in the tile above, and where it fills that one, so does its. */
static enum tj_rc
above_check(struct checking *c, uint64_t index, struct tj_err *err)
{
	const tj_digest *hashes = c->made;
	tj_digest root;
	unsigned width;

	for (unsigned level = 1; level < TJ_TILE_LEVELS; level++) {
		TRY(tj_merkle_whole(&root, c->sha, hashes, TJ_TILE_WIDTH, err));
		TRY(tj_tlog_tile(&hashes, &width, c->reader, level, index / TJ_TILE_WIDTH, err));
		if (!tj_digest_eq(&hashes[index % TJ_TILE_WIDTH], &root))
			return wrong(err, "tile", level, index / TJ_TILE_WIDTH);
		if (index % TJ_TILE_WIDTH != TJ_TILE_WIDTH - 1)
			return TJ_OK;
		index /= TJ_TILE_WIDTH;
	}
	return TJ_OK;
}

static enum tj_rc
bundle_check(struct checking *c, uint64_t index, struct tj_err *err)
{
	const tj_digest *hashes;
	unsigned width, entries;

	TRY(bundle_hash(c, index, &entries, err));
	TRY(tj_tlog_tile(&hashes, &width, c->reader, 0, index, err));
	for (unsigned i = 0; i < width; i++)
		if (!tj_digest_eq(&hashes[i], &c->made[i]))
			return wrong(err, "entry", 0, index * TJ_TILE_WIDTH + i);
	return width < TJ_TILE_WIDTH ? TJ_OK : above_check(c, index, err);
}

static enum tj_rc
check(struct checking *c, const tj_digest *root, struct tj_err *err)
{
	const uint64_t size = tj_tlog_reader_size(c->reader);
	tj_digest made;

	for (uint64_t i = 0; i * TJ_TILE_WIDTH < size; i++)
		TRY(bundle_check(c, i, err));
	TRY(tj_merkle_root(&made, &c->range, c->sha, err));
	if (!tj_digest_eq(&made, root))
		return tj_fail(err, TJ_E_CORRUPT, "the entries do not give the checkpoint's root");
	TRY(tj_tlog_root(&made, c->reader, err));
	return tj_digest_eq(&made, root) ? TJ_OK :
	    tj_fail(err, TJ_E_CORRUPT, "the tiles do not give the checkpoint's root");
}

enum tj_rc
tj_tlog_check(struct tj_tlog_reader *reader, const tj_digest *root, struct tj_err *err)
{
	return tj_tlog_check_each(reader, root, NULL, NULL, err);
}

enum tj_rc
tj_tlog_check_each(struct tj_tlog_reader *reader, const tj_digest *root,
    enum tj_rc (*visit)(void *ctx, uint64_t index, tj_str entry, struct tj_err *), void *ctx,
    struct tj_err *err)
{
	struct checking c = { .reader = reader, .sha = tj_tlog_sha256(reader), .visit = visit,
	    .ctx = ctx };

	return check(&c, root, err);
}
