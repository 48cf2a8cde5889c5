#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/file.h"
#include "connectors/registry_parts.h"
#include "connectors/scratch.h"
#include "model/base/limits.h"

static int
by_number(const void *left, const void *right)
{
	const struct tj_segment *a = left, *b = right;

	if (a->number != b->number)
		return (a->number > b->number) - (a->number < b->number);
	return (a->generation > b->generation) - (a->generation < b->generation);
}

/* Of several generations the first: it is whole, whatever compaction was killed at. */
static void
keep_first(struct tj_segments *segments)
{
	size_t n = 0;

	qsort(segments->list.v, segments->list.n, sizeof(*segments->list.v), by_number);
	for (size_t i = 0; i < segments->list.n; i++)
		if (n == 0 || segments->list.v[n - 1].number != segments->list.v[i].number)
			segments->list.v[n++] = segments->list.v[i];
	segments->list.n = n;
}

/* The log's files as they lie there. */
static enum tj_rc
find_files(struct tj_segments *out, const char *folder, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_segments segments = { 0 };
	struct tj_paths paths;
	struct stat st;

	TRY(tj_file_list(&paths, folder, "log.*", arena, err));
	for (size_t i = 0; i < paths.list.n; i++) {
		struct tj_segment segment;

		if (!tj_log_name_parse(&segment, strrchr(paths.list.v[i], '/') + 1) ||
		    lstat(paths.list.v[i], &st) != 0 || !S_ISREG(st.st_mode))
			continue;
		segment.bytes = st.st_size > UINT32_MAX ? UINT32_MAX : (uint64_t)st.st_size;
		if (!TJ_PUSH(arena, &segments.list, segment))
			return tj_fail_nomem(err);
	}
	if (segments.list.n == 0)
		return tj_fail(err, TJ_E_NOINPUT, "%s: no log of a registry here", folder);
	keep_first(&segments);
	*out = segments;
	return TJ_OK;
}

/* What the index says of the log, if it can be read: no tail is cut off then. */
static enum tj_rc
find_segments(struct tj_building *b, const char *folder, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_registry *registry;
	enum tj_rc rc = tj_registry_open(&registry, folder, TJ_STORE_READ, err);

	if (rc == TJ_OK) {
		rc = tj_tables_segments(&b->segments, &registry->tables, arena, err);
		tj_registry_close(registry);
		b->to_the_end = rc == TJ_OK;
	}
	if (rc == TJ_E_CORRUPT || rc == TJ_E_NOINPUT || rc == TJ_E_CONFIG)
		return find_files(&b->segments, folder, arena, err);
	return rc;
}

static enum tj_rc
build_in(struct tj_building *b, const char *folder, struct tj_err *err)
{
	struct tj_tables tables;
	enum tj_rc rc;

	if ((rc = tj_tables_open(&tables, folder, TJ_STORE_WRITE, err)) == TJ_OK) {
		b->into = &tables;
		rc = tj_registry_build(b, err);
	}
	tj_tables_close(&tables);
	return rc;
}

static enum tj_rc
replace_index(const char *folder, const char *scratch, struct tj_err *err)
{
	char from[TJ_MAX_PATH_BYTES + 32], to[TJ_MAX_PATH_BYTES + 32];

	(void)snprintf(from, sizeof(from), "%s/data.mdb", scratch);
	(void)snprintf(to, sizeof(to), "%s/data.mdb", folder);
	if (rename(from, to) != 0)
		return tj_fail(err, TJ_E_IO, "%s: %s", to, strerror(errno));
	return tj_file_sync_folder(folder, err);
}

static enum tj_rc
rebuild(struct tj_building *b, uint64_t *cut, const char *folder, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_scratch scratch;
	char inside[TJ_MAX_PATH_BYTES + 8];
	uint64_t before = 0, after = 0;
	enum tj_rc rc;

	TRY(find_segments(b, folder, arena, err));
	for (size_t i = 0; i < b->segments.list.n; i++)
		before += b->segments.list.v[i].bytes;
	(void)snprintf(inside, sizeof(inside), "%s/index", folder);
	TRY(tj_scratch_make(&scratch, inside, err));
	rc = build_in(b, scratch.path, err);
	if (rc == TJ_OK)
		rc = replace_index(folder, scratch.path, err);
	tj_scratch_remove(&scratch);
	for (size_t i = 0; i < b->segments.list.n; i++)
		after += b->segments.list.v[i].bytes;
	*cut = before - after;
	return rc;
}

/* Nobody writes meanwhile; whoever had it open before is told so when it next does. */
static enum tj_rc
take_lock(int *fd, const char *folder, struct tj_err *err)
{
	char path[TJ_MAX_PATH_BYTES + 16];

	(void)snprintf(path, sizeof(path), "%s/write.lock", folder);
	if ((*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644)) < 0)
		return tj_fail(err, errno == EACCES || errno == EROFS ? TJ_E_PERM :
		    errno == ENOENT || errno == ENOTDIR ? TJ_E_NOINPUT : TJ_E_IO, "%s: %s", path,
		    strerror(errno));
	if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return TJ_OK;
	(void)close(*fd);
	return tj_fail(err, TJ_E_LOCKED, "%s: another process is writing to this registry; end "
	    "it first", folder);
}

enum tj_rc
tj_registry_repair(struct tj_registry_report *report, uint64_t *cut, const char *folder,
    struct tj_err *err)
{
	struct tj_arena *arena;
	struct tj_building b;
	struct tj_log log;
	enum tj_rc rc;
	int fd;

	if (strlen(folder) >= TJ_MAX_PATH_BYTES)
		return tj_fail(err, TJ_E_NOINPUT, "path of %zu bytes is too long", strlen(folder));
	TRY(take_lock(&fd, folder, err));
	tj_log_init(&log, folder);
	b = (struct tj_building){ .log = &log };
	if ((arena = tj_arena_new(TJ_MAX_DOC_BYTES)) == NULL)
		rc = tj_fail_nomem(err);
	else
		rc = rebuild(&b, cut, folder, arena, err);
	tj_arena_free(arena);
	tj_log_fini(&log);
	(void)close(fd);
	if (rc == TJ_OK)
		*report = b.report;
	return rc;
}
