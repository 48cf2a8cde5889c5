#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#include "connectors/file.h"
#include "connectors/tlog_write.h"
#include "model/base/mem.h"

#define MOST_BUNDLE	((size_t)TJ_TILE_WIDTH * (2 + TJ_MAX_LOG_ENTRY))

void
tj_tlog_writer_fini(struct tj_tlog_writer *writer)
{
	tj_buf_fini(&writer->tail);
	tj_sha256_free(writer->sha);
}

enum tj_rc
tj_tlog_writer_init(struct tj_tlog_writer *writer, const char *folder, struct tj_err *err)
{
	TRY(tj_sha256_new(&writer->sha, err));
	writer->folder = folder;
	tj_buf_init(&writer->tail, MOST_BUNDLE);
	return TJ_OK;
}

static enum tj_rc
entries_load(struct tj_buf *tail, struct tj_tlog_writer *writer, struct tj_tlog_reader *reader,
    struct tj_err *err)
{
	const uint64_t size = tj_tlog_reader_size(reader);
	tj_str bytes, rest, entry;
	unsigned width;
	tj_digest leaf;

	if (size % TJ_TILE_WIDTH == 0)
		return TJ_OK;
	TRY(tj_tlog_bundle(&bytes, &width, reader, size / TJ_TILE_WIDTH, err));
	rest = bytes;
	for (unsigned i = 0; i < width; i++) {
		if (tj_bundle_next(&entry, &rest, err) != TJ_OK)
			return tj_fail(err, TJ_E_CORRUPT, "%s: the last bundle has not %u entries; "
			    "restore this folder from a copy", writer->folder, width);
		TRY(tj_merkle_leaf(&leaf, writer->sha, entry, err));
		if (!tj_digest_eq(&leaf, &writer->edge.hashes[0][i]))
			return tj_fail(err, TJ_E_CORRUPT, "%s: entry %llu is not what its tile "
			    "says; restore this folder from a copy", writer->folder,
			    (unsigned long long)(size - width + i));
	}
	tj_buf_put(tail, tj_str_cut(bytes, 0, bytes.n - rest.n));
	return tail->failed ? tj_fail_nomem(err) : TJ_OK;
}

enum tj_rc
tj_tlog_writer_load(struct tj_tlog_writer *writer, struct tj_tlog_reader *reader,
    struct tj_err *err)
{
	TRY(tj_tlog_edge_read(&writer->edge, reader, err));
	return entries_load(&writer->tail, writer, reader, err);
}

/* Makes the folders on the way where they are not there yet. */
static enum tj_rc
file_put(const char *folder, tj_tile tile, tj_str bytes, struct tj_err *err)
{
	char path[TJ_MAX_PATH_BYTES], name[TJ_TILE_PATH];
	struct tj_err why = { 0 };
	enum tj_rc rc;
	char *slash;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, tj_tile_path(name, tile));
	rc = tj_file_put(path, bytes, 0644, &why);
	if (rc == TJ_E_NOINPUT) {
		slash = strrchr(path, '/');
		*slash = '\0';
		TRY(tj_file_make_folder(path, 0755, err));
		*slash = '/';
		rc = tj_file_put(path, bytes, 0644, &why);
	}
	return rc == TJ_OK ? TJ_OK : tj_fail(err, rc, "%s", why.text);
}

static tj_str
tile_bytes(const tj_digest *hashes, unsigned width)
{
	return (tj_str){ (const char *)hashes->b, width * (size_t)TJ_DIGEST_BYTES };
}

static enum tj_rc
full_put(void *ctx, tj_tile tile, const tj_digest *hashes, struct tj_err *err)
{
	return file_put(ctx, tile, tile_bytes(hashes, tile.width), err);
}

/* One call of append: bundles are its parts. */
struct part {
	tj_digest	root;		/* of a full one */
	enum tj_rc	rc;
};

struct append {
	const struct tj_tlog_writer	*writer;
	struct tj_tlog_edge		*edge;		/* what will be: the last tile is put here */
	struct tj_buf			*tail;		/* and the last entries here */
	const tj_str			*entries;
	size_t				 n, held;	/* held: entries of the first part that are there */
	struct part			*parts;
	struct tj_sha256		**shas;		/* one a worker */
	struct tj_err			*errs;		/* one a worker; first_error() picks */
	size_t				*failed;	/* the part whose error that is */
};

/* Hashes and entries of a part behind those that are there. */
static enum tj_rc
part_fill(tj_digest *hashes, struct tj_buf *bundle, const struct append *a, size_t part,
    struct tj_sha256 *sha, unsigned *width, struct tj_err *err)
{
	const size_t begin = part == 0 ? 0 : part * TJ_TILE_WIDTH - a->held;
	const size_t there = part == 0 ? a->held : 0;
	const size_t left = a->n - begin, room = TJ_TILE_WIDTH - there;
	const size_t count = left < room ? left : room;

	memcpy(hashes, a->writer->edge.hashes[0], there * sizeof(hashes[0]));
	if (there > 0)
		tj_buf_put(bundle, tj_buf_view(&a->writer->tail));
	for (size_t i = 0; i < count; i++) {
		TRY(tj_merkle_leaf(&hashes[there + i], sha, a->entries[begin + i], err));
		tj_bundle_put(bundle, a->entries[begin + i]);
	}
	*width = (unsigned)(there + count);
	return bundle->failed ? tj_fail_nomem(err) : TJ_OK;
}

static enum tj_rc
part_write(struct append *a, size_t part, struct tj_buf *bundle, struct tj_sha256 *sha,
    struct tj_err *err)
{
	const uint64_t index = a->writer->edge.size / TJ_TILE_WIDTH + part;
	tj_digest hashes[TJ_TILE_WIDTH];
	unsigned width;

	TRY(part_fill(hashes, bundle, a, part, sha, &width, err));
	if (width < TJ_TILE_WIDTH) {		/* the last one */
		memcpy(a->edge->hashes[0], hashes, width * sizeof(hashes[0]));
		tj_buf_put(a->tail, tj_buf_view(bundle));
		return a->tail->failed ? tj_fail_nomem(err) : TJ_OK;
	}
	TRY(tj_merkle_whole(&a->parts[part].root, sha, hashes, TJ_TILE_WIDTH, err));
	TRY(file_put(a->writer->folder, (tj_tile){ index, 0, width }, tile_bytes(hashes, width),
	    err));
	return file_put(a->writer->folder, (tj_tile){ index, TJ_TILE_ENTRIES, width },
	    tj_buf_view(bundle), err);
}

static void
part_do(void *ctx, size_t part, unsigned worker)
{
	struct append *a = ctx;
	struct tj_err err = { 0 };
	struct tj_buf bundle;

	tj_buf_init(&bundle, MOST_BUNDLE);
	a->parts[part].rc = part_write(a, part, &bundle, a->shas[worker], &err);
	tj_buf_fini(&bundle);
	if (a->parts[part].rc != TJ_OK && part < a->failed[worker]) {
		a->failed[worker] = part;
		a->errs[worker] = err;
	}
}

/* The error of the first part that failed, whoever did it. */
static enum tj_rc
first_error(const struct append *a, size_t parts, unsigned workers, struct tj_err *err)
{
	size_t first = 0;

	while (first < parts && a->parts[first].rc == TJ_OK)
		first++;
	for (unsigned i = 0; i < workers && first < parts; i++)
		if (a->failed[i] == first)
			return tj_fail(err, a->parts[first].rc, "%s", a->errs[i].text);
	return TJ_OK;
}

static enum tj_rc
levels_write(struct append *a, struct tj_err *err)
{
	const size_t full = (a->held + a->n) / TJ_TILE_WIDTH;
	char folder[TJ_MAX_PATH_BYTES];
	const struct tj_tlog_full put = { full_put, folder };

	(void)snprintf(folder, sizeof(folder), "%s", a->writer->folder);
	for (size_t i = 0; i < full; i++)
		TRY(tj_tlog_edge_push(a->edge, &a->parts[i].root, a->writer->sha, &put, err));
	a->edge->size = a->writer->edge.size + a->n;
	return TJ_OK;
}

static enum tj_rc
workers_make(struct append *a, unsigned workers, struct tj_arena *arena, struct tj_err *err)
{
	a->shas = TJ_NEWN(arena, struct tj_sha256 *, workers);
	a->errs = TJ_NEWN(arena, struct tj_err, workers);
	a->failed = TJ_NEWN(arena, size_t, workers);
	if (a->shas == NULL || a->errs == NULL || a->failed == NULL)
		return tj_fail_nomem(err);
	for (unsigned i = 0; i < workers; i++) {
		a->failed[i] = SIZE_MAX;
		TRY(tj_sha256_new(&a->shas[i], err));
	}
	return TJ_OK;
}

static enum tj_rc
append_with(struct append *a, struct tj_crew *crew, struct tj_arena *arena, struct tj_err *err)
{
	const size_t parts = (a->held + a->n + TJ_TILE_WIDTH - 1) / TJ_TILE_WIDTH;
	const unsigned workers = tj_crew_size(crew);

	a->edge = TJ_NEW(arena, struct tj_tlog_edge);
	a->parts = TJ_NEWN(arena, struct part, parts);
	if (a->edge == NULL || a->parts == NULL)
		return tj_fail_nomem(err);
	*a->edge = a->writer->edge;
	TRY(workers_make(a, workers, arena, err));
	tj_crew_run(crew, part_do, a, parts);
	TRY(first_error(a, parts, workers, err));
	return levels_write(a, err);
}

static enum tj_rc
check_entries(const tj_str *entries, size_t n, struct tj_err *err)
{
	for (size_t i = 0; i < n; i++)
		if (entries[i].n == 0 || entries[i].n > TJ_MAX_LOG_ENTRY)
			return tj_fail(err, TJ_E_LIMIT,
			    "an entry of %zu bytes; a log takes 1 to %d", entries[i].n,
			    TJ_MAX_LOG_ENTRY);
	return TJ_OK;
}

enum tj_rc
tj_tlog_writer_append(struct tj_tlog_writer *writer, const tj_str *entries, size_t n,
    struct tj_crew *crew, struct tj_err *err)
{
	struct tj_buf tail;
	struct append a = { .writer = writer, .tail = &tail, .entries = entries, .n = n,
	    .held = writer->edge.size % TJ_TILE_WIDTH };
	struct tj_arena *arena;
	enum tj_rc rc;

	TRY(check_entries(entries, n, err));
	if ((arena = tj_arena_new(TJ_MAX_ARENA_BYTES)) == NULL)
		return tj_fail_nomem(err);
	tj_buf_init(&tail, MOST_BUNDLE);
	rc = append_with(&a, crew, arena, err);
	for (unsigned i = 0; a.shas != NULL && i < tj_crew_size(crew); i++)
		tj_sha256_free(a.shas[i]);
	if (rc == TJ_OK) {
		const struct tj_buf old = writer->tail;

		writer->edge = *a.edge;
		writer->tail = tail;
		tail = old;
	}
	tj_buf_fini(&tail);
	tj_arena_free(arena);
	return rc;
}

static bool
has_changed(unsigned level, uint64_t before, uint64_t size)
{
	return before >> (TJ_TILE_HEIGHT * level) != size >> (TJ_TILE_HEIGHT * level);
}

enum tj_rc
tj_tlog_writer_finish(const struct tj_tlog_writer *writer, uint64_t before, struct tj_err *err)
{
	const uint64_t size = writer->edge.size;

	for (unsigned level = 0; level < TJ_TILE_LEVELS; level++) {
		const uint64_t index = size >> (TJ_TILE_HEIGHT * (level + 1));
		const tj_tile tile = { index, level, tj_tile_width(level, index, size) };

		if (tile.width == 0 || !has_changed(level, before, size))
			continue;
		TRY(file_put(writer->folder, tile, tile_bytes(writer->edge.hashes[level],
		    tile.width), err));
		if (level == 0)
			TRY(file_put(writer->folder,
			    (tj_tile){ index, TJ_TILE_ENTRIES, tile.width },
			    tj_buf_view(&writer->tail), err));
	}
	return TJ_OK;
}

/* The folder of a tile's partial ones; what cannot be removed does no harm. */
static void
partial_remove(const char *folder, unsigned level, uint64_t index)
{
	char path[TJ_MAX_PATH_BYTES], name[TJ_TILE_PATH];
	const struct dirent *entry;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "%s/%s.p", folder,
	    tj_tile_path(name, (tj_tile){ index, level, TJ_TILE_WIDTH }));
	if ((dir = opendir(path)) == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	(void)closedir(dir);
	(void)rmdir(path);
}

void
tj_tlog_writer_tidy(const struct tj_tlog_writer *writer, uint64_t before)
{
	for (unsigned level = 0; level < TJ_TILE_LEVELS; level++) {
		const uint64_t index = before >> (TJ_TILE_HEIGHT * (level + 1));

		if (tj_tile_width(level, index, before) == 0 ||
		    tj_tile_width(level, index, writer->edge.size) < TJ_TILE_WIDTH)
			continue;
		partial_remove(writer->folder, level, index);
		if (level == 0)
			partial_remove(writer->folder, TJ_TILE_ENTRIES, index);
	}
}
