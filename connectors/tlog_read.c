#include "connectors/folder.h"
#include "connectors/tlog_read.h"
#include "model/base/mem.h"

/* A tile, and the whole subtrees within it once one was asked for: those of height k + 1 stand
 * behind those of height k. */
struct kept {
	bool		is_there, has_inner;
	uint64_t	index;
	unsigned	width;
	tj_digest	hashes[TJ_TILE_WIDTH];
	tj_digest	inner[TJ_TILE_WIDTH - 1];
};

struct tj_tlog_reader {
	uint64_t		 size;
	struct tj_sha256	*sha;
	struct tj_arena		*scratch;	/* one file's bytes */
	struct kept		 kept[TJ_TILE_LEVELS][2];
	struct tj_folder	*folder;
	bool			 owns_folder;
};

void
tj_tlog_reader_close(struct tj_tlog_reader *reader)
{
	if (reader == NULL)
		return;
	if (reader->owns_folder)
		reader->folder->close(reader->folder);
	tj_sha256_free(reader->sha);
	tj_arena_free(reader->scratch);
	tj_mem_free(reader);
}

enum tj_rc
tj_tlog_reader_over(struct tj_tlog_reader **out, struct tj_folder *folder, uint64_t size,
    struct tj_err *err)
{
	struct tj_tlog_reader *reader;
	enum tj_rc rc;

	if (size > TJ_MAX_LOG_LEAVES)
		return tj_fail(err, TJ_E_LIMIT, "%.200s: too large a log", folder->place);
	if ((reader = tj_mem_calloc(1, sizeof(*reader))) == NULL)
		return tj_fail_nomem(err);
	reader->size = size;
	reader->folder = folder;
	reader->scratch = tj_arena_new(2 * TJ_BUNDLE_BYTES);
	rc = reader->scratch == NULL ? tj_fail_nomem(err) : tj_sha256_new(&reader->sha, err);
	if (rc != TJ_OK) {
		tj_tlog_reader_close(reader);
		return rc;
	}
	*out = reader;
	return TJ_OK;
}

enum tj_rc
tj_tlog_reader_open(struct tj_tlog_reader **out, const char *path, uint64_t size,
    struct tj_err *err)
{
	struct tj_folder *folder;
	enum tj_rc rc;

	if (strlen(path) >= TJ_MAX_PATH_BYTES - TJ_TILE_PATH)
		return tj_fail(err, TJ_E_LIMIT, "%.200s: too long a path", path);
	TRY(tj_folder_dir_open(&folder, path, err));
	rc = tj_tlog_reader_over(out, folder, size, err);
	if (rc != TJ_OK)
		folder->close(folder);
	else
		(*out)->owns_folder = true;
	return rc;
}

uint64_t
tj_tlog_reader_size(const struct tj_tlog_reader *reader)
{
	return reader->size;
}

struct tj_sha256 *
tj_tlog_sha256(struct tj_tlog_reader *reader)
{
	return reader->sha;
}

static enum tj_rc
damaged(const struct tj_tlog_reader *reader, const struct tj_err *why, struct tj_err *err)
{
	return tj_fail(err, TJ_E_CORRUPT, "the log is damaged (%.300s); restore %.100s from a copy",
	    why->text, reader->folder->place);
}

static enum tj_rc
file_read(tj_str *bytes, struct tj_tlog_reader *reader, tj_tile tile, struct tj_err *err)
{
	char name[TJ_TILE_PATH];

	tj_arena_reset(reader->scratch);
	return reader->folder->read(reader->folder, bytes, tj_tile_path(name, tile),
	    tile.level == TJ_TILE_ENTRIES ? TJ_BUNDLE_BYTES : TJ_TILE_BYTES, reader->scratch,
	    err);
}

/* A tile as wide as the tree has it; more may stand behind it, where the full one is read. */
static enum tj_rc
tile_read(tj_str *bytes, unsigned *width, struct tj_tlog_reader *reader, unsigned level,
    uint64_t index, struct tj_err *err)
{
	tj_tile tile = { index, level, tj_tile_width(level, index, reader->size) };
	const unsigned wanted = tile.width;
	struct tj_err why = { 0 };
	enum tj_rc rc;

	if (wanted == 0)
		return tj_fail(err, TJ_E_CORRUPT, "no tile %u/%llu in a tree of %llu", level,
		    (unsigned long long)index, (unsigned long long)reader->size);
	rc = file_read(bytes, reader, tile, &why);
	if (rc == TJ_E_NOINPUT && wanted < TJ_TILE_WIDTH) {
		tile.width = TJ_TILE_WIDTH;
		if (file_read(bytes, reader, tile, NULL) == TJ_OK)
			rc = TJ_OK;
	}
	if (rc == TJ_OK && level != TJ_TILE_ENTRIES &&
	    bytes->n != tile.width * (size_t)TJ_DIGEST_BYTES)
		rc = tj_fail(&why, TJ_E_CORRUPT, "tile %u/%llu has %zu bytes", level,
		    (unsigned long long)index, bytes->n);
	if (rc == TJ_E_NOMEM || rc == TJ_E_PERM || rc == TJ_E_LOCKED)
		return tj_fail(err, rc, "%s", why.text);
	if (rc != TJ_OK)
		return damaged(reader, &why, err);
	*width = wanted;
	return TJ_OK;
}

/* The last tile of each level is kept apart: every proof needs it beside its own. */
static struct kept *
kept_of(struct tj_tlog_reader *reader, unsigned level, uint64_t index)
{
	const uint64_t last = reader->size >> (TJ_TILE_HEIGHT * (level + 1));

	return &reader->kept[level][index == last];
}

enum tj_rc
tj_tlog_tile(const tj_digest **hashes, unsigned *width, struct tj_tlog_reader *reader,
    unsigned level, uint64_t index, struct tj_err *err)
{
	struct kept *kept = level < TJ_TILE_LEVELS ? kept_of(reader, level, index) : NULL;
	tj_str bytes;

	if (kept == NULL)
		return tj_fail(err, TJ_E_CORRUPT, "no tiles of level %u", level);
	if (!kept->is_there || kept->index != index) {
		TRY(tile_read(&bytes, &kept->width, reader, level, index, err));
		memcpy(kept->hashes, bytes.p, kept->width * sizeof(kept->hashes[0]));
		kept->index = index;
		kept->is_there = true;
		kept->has_inner = false;
	}
	*hashes = kept->hashes;
	*width = kept->width;
	return TJ_OK;
}

enum tj_rc
tj_tlog_bundle(tj_str *bytes, unsigned *width, struct tj_tlog_reader *reader, uint64_t index,
    struct tj_err *err)
{
	return tile_read(bytes, width, reader, TJ_TILE_ENTRIES, index, err);
}

static enum tj_rc
inner_make(struct kept *kept, struct tj_sha256 *sha, struct tj_err *err)
{
	const tj_digest *below = kept->hashes;
	tj_digest *made = kept->inner;

	if (kept->has_inner)
		return TJ_OK;
	for (unsigned height = 1; height < TJ_TILE_HEIGHT; height++) {
		for (unsigned i = 0; i < kept->width >> height; i++)
			TRY(tj_merkle_node(&made[i], sha, &below[2 * i], &below[2 * i + 1], err));
		below = made;
		made += TJ_TILE_WIDTH >> height;
	}
	kept->has_inner = true;
	return TJ_OK;
}

static enum tj_rc
node_get(void *ctx, tj_digest *out, unsigned level, uint64_t index, struct tj_err *err)
{
	struct tj_tlog_reader *reader = ctx;
	const unsigned height = level % TJ_TILE_HEIGHT;
	const uint64_t within = index % (TJ_TILE_WIDTH >> height);
	const tj_digest *hashes;
	const uint64_t tile = index / (TJ_TILE_WIDTH >> height);
	struct kept *kept;
	unsigned width;

	TRY(tj_tlog_tile(&hashes, &width, reader, level / TJ_TILE_HEIGHT, tile, err));
	if (within >= width >> height)
		return tj_fail(err, TJ_E_CORRUPT, "no node %u/%llu in a tree of %llu", level,
		    (unsigned long long)index, (unsigned long long)reader->size);
	kept = kept_of(reader, level / TJ_TILE_HEIGHT, tile);
	TRY(inner_make(kept, reader->sha, err));
	*out = height == 0 ? hashes[within] :
	    kept->inner[TJ_TILE_WIDTH - (TJ_TILE_WIDTH >> (height - 1)) + within];
	return TJ_OK;
}

struct tj_merkle_nodes
tj_tlog_nodes(struct tj_tlog_reader *reader)
{
	return (struct tj_merkle_nodes){ node_get, reader };
}

enum tj_rc
tj_tlog_root(tj_digest *root, struct tj_tlog_reader *reader, struct tj_err *err)
{
	const struct tj_merkle_nodes nodes = tj_tlog_nodes(reader);

	return tj_merkle_part(root, &nodes, reader->sha, 0, reader->size, err);
}
