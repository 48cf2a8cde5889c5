#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/file.h"
#include "model/base/limits.h"

#define PART_BYTES	((size_t)8 << 20)	/* that one thread reads in one go */

/* What errno says about a path, in our terms. */
static enum tj_rc
fail_errno(struct tj_err *err, int code, const char *path, const char *what)
{
	enum tj_rc rc = TJ_E_IO;

	if (code == ENOENT || code == ENOTDIR || code == ENXIO || code == ELOOP ||
	    code == ENAMETOOLONG)
		rc = TJ_E_NOINPUT;
	else if (code == EACCES || code == EPERM || code == EROFS)
		rc = TJ_E_PERM;
	else if (code == ENOMEM)
		rc = TJ_E_NOMEM;
	return tj_fail(err, rc, "%s: %s: %s", path, what, strerror(code));
}

static enum tj_rc
check_regular(const struct stat *st, const char *path, size_t max_bytes,
    struct tj_err *err)
{
	if (S_ISDIR(st->st_mode))
		return tj_fail(err, TJ_E_NOINPUT, "%s: is a folder, not a file", path);
	if (!S_ISREG(st->st_mode))
		return tj_fail(err, TJ_E_NOINPUT,
		    "%s: is a pipe, socket or device, not a file", path);
	if ((uintmax_t)st->st_size > max_bytes)
		return tj_fail(err, TJ_E_LIMIT, "%s: %jd bytes, more than the %zu allowed",
		    path, (intmax_t)st->st_size, max_bytes);
	return TJ_OK;
}

static enum tj_rc
check_private(const struct stat *st, const char *path, struct tj_err *err)
{
	if (st->st_uid != geteuid())
		return tj_fail(err, TJ_E_PERM,
		    "%s: belongs to user %lu, but a secret must be the user's own (%lu)",
		    path, (unsigned long)st->st_uid, (unsigned long)geteuid());
	if ((st->st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return tj_fail(err, TJ_E_PERM,
		    "%s: others may use this secret (mode %04o); do: chmod 600 %s",
		    path, (unsigned)st->st_mode & 07777u, path);
	return TJ_OK;
}

struct reading {
	char		*bytes;
	size_t		 size;
	int		 fd;
	atomic_int	 code;		/* errno of what failed */
	atomic_bool	 ended;		/* before `size` */
};

static void
read_part(void *ctx, size_t part, unsigned worker)
{
	struct reading *r = ctx;
	size_t at = part * PART_BYTES;
	const size_t end = r->size - at < PART_BYTES ? r->size : at + PART_BYTES;

	(void)worker;
	while (at < end) {
		const ssize_t n = pread(r->fd, r->bytes + at, end - at, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			r->code = errno;
		else if (n == 0)
			r->ended = true;
		if (n <= 0)
			return;
		at += (size_t)n;
	}
}

/* Exactly `size` bytes and then the end. */
static enum tj_rc
read_all(char *bytes, size_t size, int fd, const char *path, struct tj_crew *crew,
    struct tj_err *err)
{
	struct reading r = { .bytes = bytes, .size = size, .fd = fd };
	char beyond;

	tj_crew_run(crew, read_part, &r, (size + PART_BYTES - 1) / PART_BYTES);
	if (r.code != 0)
		return fail_errno(err, r.code, path, "cannot read");
	if (r.ended || pread(fd, &beyond, 1, (off_t)size) != 0)
		return tj_fail(err, TJ_E_IO, "%s: changed while it was read", path);
	return TJ_OK;
}

static enum tj_rc
read_open(tj_str *out, int fd, bool private, const char *path, size_t max_bytes,
    struct tj_crew *crew, struct tj_arena *arena, struct tj_err *err)
{
	struct stat st;
	char *bytes;

	if (fstat(fd, &st) != 0)
		return fail_errno(err, errno, path, "cannot look at it");
	TRY(check_regular(&st, path, max_bytes, err));
	if (private)
		TRY(check_private(&st, path, err));
	if ((bytes = TJ_NEWN(arena, char, (size_t)st.st_size + 1)) == NULL)
		return tj_fail_nomem(err);
	TRY(read_all(bytes, (size_t)st.st_size, fd, path, crew, err));
	*out = (tj_str){ bytes, (size_t)st.st_size };
	return TJ_OK;
}

static enum tj_rc
read_path(tj_str *out, bool private, const char *path, size_t max_bytes,
    struct tj_crew *crew, struct tj_arena *arena, struct tj_err *err)
{
	/* O_NONBLOCK: opening a FIFO that nobody writes to must not wait. */
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	enum tj_rc rc;

	if (fd < 0)
		return fail_errno(err, errno, path, "cannot open");
	rc = read_open(out, fd, private, path, max_bytes, crew, arena, err);
	(void)close(fd);
	return rc;
}

enum tj_rc
tj_file_read(tj_str *bytes, const char *path, size_t max_bytes,
    struct tj_arena *arena, struct tj_err *err)
{
	return read_path(bytes, false, path, max_bytes, NULL, arena, err);
}

enum tj_rc
tj_file_read_by(tj_str *bytes, const char *path, size_t max_bytes, struct tj_crew *crew,
    struct tj_arena *arena, struct tj_err *err)
{
	return read_path(bytes, false, path, max_bytes, crew, arena, err);
}

enum tj_rc
tj_file_read_private(tj_str *bytes, const char *path, size_t max_bytes,
    struct tj_arena *arena, struct tj_err *err)
{
	return read_path(bytes, true, path, max_bytes, NULL, arena, err);
}

static bool
holds(int fd, tj_str bytes)
{
	char part[8192];
	ssize_t n;

	while ((n = read(fd, part, sizeof(part))) > 0) {
		if ((size_t)n > bytes.n || memcmp(part, bytes.p, (size_t)n) != 0)
			return false;
		bytes = tj_str_cut(bytes, (size_t)n, bytes.n);
	}
	return n == 0 && bytes.n == 0;
}

/* Is it a file with these bytes and no more rights than `mode`? */
static bool
is_same(const char *path, tj_str bytes, mode_t mode)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	bool same;

	if (fd < 0)
		return false;
	same = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mode & 07777u & ~mode) == 0 && holds(fd, bytes);
	(void)close(fd);
	return same;
}

/* The folder that a path lies in. */
static enum tj_rc
folder_of(char folder[TJ_MAX_PATH_BYTES], const char *path, struct tj_err *err)
{
	const char *slash = strrchr(path, '/');
	int n;

	if (slash == NULL)
		n = snprintf(folder, TJ_MAX_PATH_BYTES, ".");
	else if (slash == path)
		n = snprintf(folder, TJ_MAX_PATH_BYTES, "/");
	else
		n = snprintf(folder, TJ_MAX_PATH_BYTES, "%.*s", (int)(slash - path), path);
	if (n < 0 || n >= TJ_MAX_PATH_BYTES)
		return tj_fail(err, TJ_E_NOINPUT, "path of %zu bytes is too long",
		    strlen(path));
	return TJ_OK;
}

static enum tj_rc
sync_open_folder(const char *folder, int (*sync)(int), struct tj_err *err)
{
	const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int code = 0;

	if (fd < 0)
		return fail_errno(err, errno, folder, "cannot open");
	if (sync(fd) != 0 && errno != EINVAL)	/* EINVAL: file systems that need none */
		code = errno;
	(void)close(fd);
	return code == 0 ? TJ_OK : fail_errno(err, code, folder, "cannot make it durable");
}

enum tj_rc
tj_file_sync_folder(const char *folder, struct tj_err *err)
{
	return sync_open_folder(folder, fsync, err);
}

enum tj_rc
tj_file_sync_all(const char *folder, struct tj_err *err)
{
	return sync_open_folder(folder, syncfs, err);
}

/* Everything, onto the disk where it must be; or the errno of what failed. */
static int
write_all(int fd, tj_str bytes, mode_t mode, bool durable)
{
	ssize_t n;

	/* mkostemp makes it 0600, so nothing is open to others while it fills. */
	for (size_t done = 0; done < bytes.n; done += (size_t)n) {
		n = write(fd, bytes.p + done, bytes.n - done);
		if (n < 0 && errno != EINTR)
			return errno;
		if (n < 0)
			n = 0;
	}
	if (fchmod(fd, mode) != 0 || (durable && fsync(fd) != 0))
		return errno;
	return 0;
}

/* Temporary file beside `path`, filled and renamed onto it. */
static enum tj_rc
replace(const char *path, const char *folder, tj_str bytes, mode_t mode, bool durable,
    struct tj_err *err)
{
	char made[TJ_MAX_PATH_BYTES + 16];
	int fd, code;

	(void)snprintf(made, sizeof(made), "%s/.tanji-XXXXXX", folder);
	if ((fd = mkostemp(made, O_CLOEXEC)) < 0)
		return fail_errno(err, errno, folder, "cannot write here");
	code = write_all(fd, bytes, mode, durable);
	if (close(fd) != 0 && code == 0)
		code = errno;
	if (code == 0 && rename(made, path) != 0)
		code = errno;
	if (code == 0)
		return TJ_OK;
	(void)unlink(made);
	return fail_errno(err, code, path, "cannot write");
}

/* The umask can only be asked for by setting it, which threads must not do at once. */
static mode_t
narrowed(mode_t mode)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	mode_t mask;

	(void)pthread_mutex_lock(&mutex);
	mask = umask(077);
	(void)umask(mask);
	(void)pthread_mutex_unlock(&mutex);
	return mode & ~mask;
}

enum tj_rc
tj_file_write(const char *path, tj_str bytes, mode_t mode, struct tj_err *err)
{
	char folder[TJ_MAX_PATH_BYTES];

	TRY(folder_of(folder, path, err));
	if (is_same(path, bytes, mode))
		return TJ_OK;
	TRY(replace(path, folder, bytes, narrowed(mode), true, err));
	return tj_file_sync_folder(folder, err);
}

enum tj_rc
tj_file_put(const char *path, tj_str bytes, mode_t mode, struct tj_err *err)
{
	char folder[TJ_MAX_PATH_BYTES];

	TRY(folder_of(folder, path, err));
	return is_same(path, bytes, mode) ? TJ_OK :
	    replace(path, folder, bytes, narrowed(mode), false, err);
}

static enum tj_rc
make_one(const char *path, mode_t mode, struct tj_err *err)
{
	char above[TJ_MAX_PATH_BYTES];
	struct stat st;
	int code;

	TRY(folder_of(above, path, err));
	if (mkdir(path, mode) == 0)
		return tj_file_sync_folder(above, err);
	code = errno;
	if (stat(path, &st) == 0)
		return S_ISDIR(st.st_mode) ? TJ_OK :
		    tj_fail(err, TJ_E_IO, "%s: is there and is not a folder", path);
	return fail_errno(err, code, path, "cannot make this folder");
}

enum tj_rc
tj_file_make_folder(const char *path, mode_t mode, struct tj_err *err)
{
	char part[TJ_MAX_PATH_BYTES];
	const size_t n = strlen(path);

	if (n >= sizeof(part))
		return tj_fail(err, TJ_E_NOINPUT, "path of %zu bytes is too long", n);
	for (size_t i = 1; i < n; i++) {
		if (path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		TRY(make_one(part, mode, err));
	}
	return make_one(path, mode, err);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum tj_rc
list_open(struct tj_paths *out, DIR *dir, const char *folder, const char *pattern,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_paths found = { 0 };
	const struct dirent *entry;
	tj_str path;

	while ((errno = 0, entry = readdir(dir)) != NULL) {
		if (fnmatch(pattern, entry->d_name, FNM_PERIOD) != 0)
			continue;
		path = tj_str_fmt(arena, "%s/%s", folder, entry->d_name);
		if (path.p == NULL || !TJ_PUSH(arena, &found.list, path.p))
			return tj_fail_nomem(err);
	}
	if (errno != 0)
		return fail_errno(err, errno, folder, "cannot list");
	if (found.list.n > 0)
		qsort(found.list.v, found.list.n, sizeof(*found.list.v), by_name);
	*out = found;
	return TJ_OK;
}

enum tj_rc
tj_file_list(struct tj_paths *out, const char *folder, const char *pattern,
    struct tj_arena *arena, struct tj_err *err)
{
	DIR *dir = opendir(folder);
	enum tj_rc rc;

	if (dir == NULL)
		return fail_errno(err, errno, folder, "cannot open this folder");
	rc = list_open(out, dir, folder, pattern, arena, err);
	(void)closedir(dir);
	return rc;
}
