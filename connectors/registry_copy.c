#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/file.h"
#include "connectors/registry_parts.h"
#include "connectors/scratch.h"
#include "model/base/limits.h"

static int
open_in(const char *folder, const struct tj_segment *segment, int flags)
{
	char path[TJ_MAX_PATH_BYTES + TJ_LOG_NAME + 32], name[TJ_LOG_NAME];

	(void)snprintf(path, sizeof(path), "%s/%s", folder,
	    tj_log_name(name, segment->number, segment->generation));
	return open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0644);
}

static enum tj_rc
fail_copy(const char *folder, int code, struct tj_err *err)
{
	return tj_fail(err, code == ENOENT ? TJ_E_NOTFOUND : TJ_E_IO, "%s: %s", folder,
	    code == ENOSPC || code == EFBIG || code == EDQUOT ? "no space left for the copy" :
	    strerror(code));
}

static enum tj_rc
copy_bytes(const char *folder, int to, int from, uint64_t n, struct tj_err *err)
{
	char buffer[1 << 16];
	ssize_t got, put;

	for (uint64_t done = 0; done < n; done += (uint64_t)got) {
		got = read(from, buffer, n - done < sizeof(buffer) ? (size_t)(n - done) :
		    sizeof(buffer));
		if (got < 0)
			return fail_copy(folder, errno, err);
		if (got == 0)
			return tj_fail(err, TJ_E_CORRUPT, "a file of the log has lost its end");
		for (ssize_t at = 0; at < got; at += put)
			if ((put = write(to, buffer + at, (size_t)(got - at))) < 0)
				return fail_copy(folder, errno, err);
	}
	return fsync(to) == 0 ? TJ_OK : fail_copy(folder, errno, err);
}

static enum tj_rc
copy_segment(const char *to, const char *from, const struct tj_segment *segment,
    struct tj_err *err)
{
	int in, out;
	enum tj_rc rc;

	if ((in = open_in(from, segment, O_RDONLY)) < 0)
		return fail_copy(from, errno, err);
	if ((out = open_in(to, segment, O_WRONLY | O_CREAT | O_EXCL)) < 0) {
		rc = fail_copy(to, errno, err);
	} else {
		rc = copy_bytes(to, out, in, segment->bytes, err);
		(void)close(out);
	}
	(void)close(in);
	return rc;
}

static enum tj_rc
copy_log(struct tj_building *b, const char *to, struct tj_registry *from,
    struct tj_arena *arena, struct tj_err *err)
{
	TRY(tj_tables_segments(&b->segments, &from->tables, arena, err));
	for (size_t i = 0; i < b->segments.list.n; i++)
		TRY(copy_segment(to, from->tables.db.folder, &b->segments.list.v[i], err));
	return TJ_OK;
}

/* The copied log, read again as it lies there, gives the copy's index. */
static enum tj_rc
copy_into(struct tj_building *b, const char *folder, struct tj_registry *from,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_tables tables;
	struct tj_log log;
	enum tj_rc rc;

	TRY(copy_log(b, folder, from, arena, err));
	tj_log_init(&log, folder);
	if ((rc = tj_tables_open(&tables, folder, TJ_STORE_WRITE, err)) == TJ_OK) {
		b->into = &tables;
		b->log = &log;
		b->to_the_end = true;
		rc = tj_registry_build(b, err);
	}
	tj_tables_close(&tables);
	tj_log_fini(&log);
	return rc;
}

static enum tj_rc
put_in_place(struct tj_scratch *scratch, const char *to, struct tj_err *err)
{
	char above[TJ_MAX_PATH_BYTES + 16];
	char *slash;

	TRY(tj_file_sync_folder(scratch->path, err));
	if (rename(scratch->path, to) != 0)
		return errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR ?
		    tj_fail(err, TJ_E_CONFLICT, "%s is there already", to) :
		    tj_fail(err, TJ_E_IO, "%s: %s", to, strerror(errno));
	(void)snprintf(above, sizeof(above), "%s", scratch->path);
	scratch->path[0] = '\0';
	slash = strrchr(above, '/');
	if (slash != NULL)
		slash[slash == above] = '\0';
	return tj_file_sync_folder(slash == NULL ? "." : above, err);
}

/* NOTFOUND: compacted meanwhile. */
static enum tj_rc
copy_once(struct tj_building *b, const char *to, struct tj_registry *from, struct tj_err *err)
{
	struct tj_arena *arena = tj_arena_new(TJ_MAX_DOC_BYTES);
	struct tj_scratch scratch;
	enum tj_rc rc;

	if (arena == NULL)
		return tj_fail_nomem(err);
	if ((rc = tj_scratch_make(&scratch, to, err)) == TJ_OK) {
		rc = copy_into(b, scratch.path, from, arena, err);
		if (rc == TJ_OK)
			rc = put_in_place(&scratch, to, err);
		tj_scratch_remove(&scratch);
	}
	tj_arena_free(arena);
	return rc;
}

enum tj_rc
tj_registry_copy(struct tj_registry_report *report, const char *to, struct tj_registry *from,
    struct tj_err *err)
{
	struct tj_building building;
	enum tj_rc rc = TJ_E_NOTFOUND;
	struct stat st;

	if (lstat(to, &st) == 0)
		return tj_fail(err, TJ_E_CONFLICT, "%s is there already; name a folder that is not",
		    to);
	for (int tries = 0; rc == TJ_E_NOTFOUND && tries < TJ_REGISTRY_TRIES; tries++) {
		building = (struct tj_building){ 0 };
		rc = copy_once(&building, to, from, err);
	}
	if (rc == TJ_E_NOTFOUND)
		rc = TJ_E_CORRUPT;
	TRY(tj_lmdb_explain(&from->tables.db, rc, err));
	*report = building.report;
	return TJ_OK;
}
