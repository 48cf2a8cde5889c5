#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "connectors/file.h"
#include "connectors/lmdb_env.h"
#include "connectors/lmdb_val.h"

#define FIRST_MAP_BYTES	((size_t)64 << 20)
#define TRIES		8		/* against writers who are just committing */
#define PAUSE_MS	20		/* between two looks at the writer's lock */

static struct tj_lmdb	*opened;
static pthread_mutex_t	 opened_mutex = PTHREAD_MUTEX_INITIALIZER;

static void
pause_ms(long ms)
{
	(void)nanosleep(&(struct timespec){ .tv_nsec = ms * 1000000 }, NULL);
}

enum tj_rc
tj_lmdb_damaged(const struct tj_lmdb *db, const char *what, struct tj_err *err)
{
	return tj_fail(err, TJ_E_CORRUPT, "%s: the registry is damaged (%s); restore this "
	    "folder from a copy, or move it away and run again", db->folder, what);
}

/* Corruption found by others, said in our words; anything else as it is. */
enum tj_rc
tj_lmdb_explain(const struct tj_lmdb *db, enum tj_rc rc, struct tj_err *err)
{
	char what[TJ_ERR_TEXT / 2];

	if (rc != TJ_E_CORRUPT || err == NULL)
		return rc;
	(void)snprintf(what, sizeof(what), "%.*s", (int)sizeof(what) - 1, err->text);
	return tj_lmdb_damaged(db, what, err);
}

/* What LMDB or the system answered, in our terms. */
enum tj_rc
tj_lmdb_fail(const struct tj_lmdb *db, int code, struct tj_err *err)
{
	switch (code) {
	case MDB_CORRUPTED: case MDB_PAGE_NOTFOUND: case MDB_INVALID:
	case MDB_VERSION_MISMATCH: case MDB_INCOMPATIBLE: case MDB_NOTFOUND:
		return tj_lmdb_damaged(db, mdb_strerror(code), err);
	case EACCES: case EPERM: case EROFS:
		return tj_fail(err, TJ_E_PERM, "%s: the registry may not be written: %s",
		    db->folder, strerror(code));
	case ENOSPC: case EFBIG: case EDQUOT: case MDB_MAP_FULL:
		return tj_fail(err, TJ_E_IO,
		    "%s: no space left, make some and run again; the registry is as it was "
		    "before", db->folder);
	case EIO:	/* LMDB says so too when only a part of a page could be written */
		return tj_fail(err, TJ_E_IO, "%s: writing failed, no space left or a broken "
		    "disk; the registry is as it was before", db->folder);
	case MDB_READERS_FULL:
		return tj_fail(err, TJ_E_LOCKED, "%s: too many readers; try again", db->folder);
	case ENOMEM:
		return tj_fail_nomem(err);
	default:
		return tj_fail(err, TJ_E_IO, "%s: %s", db->folder, mdb_strerror(code));
	}
}

/* A map of another size, once nobody looks at it. */
static int
set_map(struct tj_lmdb *db, size_t bytes)
{
	int code;

	(void)pthread_rwlock_wrlock(&db->map);
	code = mdb_env_set_mapsize(db->env, bytes);
	(void)pthread_rwlock_unlock(&db->map);
	return code;
}

static int
begin(MDB_txn **txn, struct tj_lmdb *db, unsigned flags)
{
	int code;

	(void)pthread_rwlock_rdlock(&db->map);
	if ((code = mdb_txn_begin(db->env, NULL, flags, txn)) != 0)
		(void)pthread_rwlock_unlock(&db->map);
	return code;
}

/* Another process may have let the map grow. */
int
tj_lmdb_begin(MDB_txn **txn, struct tj_lmdb *db, unsigned flags)
{
	int code = begin(txn, db, flags);

	if (code == MDB_MAP_RESIZED && (code = set_map(db, 0)) == 0)
		code = begin(txn, db, flags);
	return code;
}

void
tj_lmdb_abort(struct tj_lmdb *db, MDB_txn *txn)
{
	mdb_txn_abort(txn);
	(void)pthread_rwlock_unlock(&db->map);
}

int
tj_lmdb_commit(struct tj_lmdb *db, MDB_txn *txn)
{
	const int code = mdb_txn_commit(txn);	/* frees it in any case */

	(void)pthread_rwlock_unlock(&db->map);
	return code;
}

/* Looking.  A transaction that was reset keeps its place among the readers, but no page. */

int
tj_lmdb_look(MDB_txn **out, struct tj_lmdb *db)
{
	MDB_txn *txn = NULL;

	for (size_t i = 0; i < TJ_LMDB_KEPT && txn == NULL; i++)
		if (atomic_load(&db->kept[i]) != NULL)
			txn = atomic_exchange(&db->kept[i], NULL);
	if (txn == NULL)
		return tj_lmdb_begin(out, db, MDB_RDONLY);
	(void)pthread_rwlock_rdlock(&db->map);
	if (mdb_txn_renew(txn) == 0) {
		*out = txn;
		return 0;
	}
	tj_lmdb_abort(db, txn);		/* the map has grown */
	return tj_lmdb_begin(out, db, MDB_RDONLY);
}

void
tj_lmdb_leave(struct tj_lmdb *db, MDB_txn *txn)
{
	mdb_txn_reset(txn);
	for (size_t i = 0; i < TJ_LMDB_KEPT && txn != NULL; i++) {
		MDB_txn *none = NULL;

		if (atomic_compare_exchange_strong(&db->kept[i], &none, txn))
			txn = NULL;
	}
	if (txn != NULL)
		mdb_txn_abort(txn);
	(void)pthread_rwlock_unlock(&db->map);
}

static enum tj_rc
walk(struct tj_lmdb *db, MDB_cursor *cursor, tj_str start, tj_lmdb_visit *visit, void *ctx,
    struct tj_err *err)
{
	MDB_val key = tj_val(start.p, start.n), value;
	int code;

	code = mdb_cursor_get(cursor, &key, &value, start.n == 0 ? MDB_FIRST : MDB_SET_RANGE);
	while (code == 0 && tj_str_starts(tj_val_view(&key), start)) {
		TRY(visit(ctx, mdb_cursor_txn(cursor), tj_val_view(&key), tj_val_view(&value),
		    err));
		code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	}
	return code == 0 || code == MDB_NOTFOUND ? TJ_OK : tj_lmdb_fail(db, code, err);
}

enum tj_rc
tj_lmdb_walk(struct tj_lmdb *db, MDB_txn *txn, unsigned table, tj_str start,
    tj_lmdb_visit *visit, void *ctx, struct tj_err *err)
{
	MDB_txn *own = NULL;
	MDB_cursor *cursor;
	enum tj_rc rc;
	int code;

	if (txn == NULL && (code = tj_lmdb_look(&own, db)) != 0)
		return tj_lmdb_fail(db, code, err);
	if ((code = mdb_cursor_open(txn == NULL ? own : txn, table, &cursor)) != 0) {
		rc = tj_lmdb_fail(db, code, err);
	} else {
		rc = walk(db, cursor, start, visit, ctx, err);
		mdb_cursor_close(cursor);
	}
	if (own != NULL)
		tj_lmdb_leave(db, own);
	return rc;
}

/* A repair puts another data.mdb in its place: what is written to the old one is lost. */
static enum tj_rc
check_same(const struct tj_lmdb *db, struct tj_err *err)
{
	char path[TJ_MAX_PATH_BYTES + 16];
	struct stat open_one, named;
	int code, fd;

	if ((code = mdb_env_get_fd(db->env, &fd)) != 0)
		return tj_lmdb_fail(db, code, err);
	(void)snprintf(path, sizeof(path), "%s/data.mdb", db->folder);
	if (fstat(fd, &open_one) == 0 && stat(path, &named) == 0 &&
	    open_one.st_dev == named.st_dev && open_one.st_ino == named.st_ino)
		return TJ_OK;
	return tj_fail(err, TJ_E_IO, "%s: has been repaired or moved since it was opened; start "
	    "the program anew", db->folder);
}

static enum tj_rc
wait_for_lock(struct tj_lmdb *db, struct tj_err *err)
{
	int waited_ms = 0;

	if (db->lock_fd < 0)
		return tj_fail(err, TJ_E_PERM, "%s: opened for reading only", db->folder);
	while (flock(db->lock_fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return tj_lmdb_fail(db, errno, err);
		if (waited_ms >= TJ_STORE_WAIT_MS)
			return tj_fail(err, TJ_E_LOCKED, "%s: another process is writing to "
			    "this registry; try again when it is done", db->folder);
		pause_ms(PAUSE_MS);
		waited_ms += PAUSE_MS;
	}
	return TJ_OK;
}

enum tj_rc
tj_lmdb_lock(struct tj_lmdb *db, struct tj_err *err)
{
	enum tj_rc rc;

	TRY(wait_for_lock(db, err));
	if ((rc = check_same(db, err)) != TJ_OK)
		tj_lmdb_unlock(db);
	return rc;
}

void
tj_lmdb_unlock(struct tj_lmdb *db)
{
	(void)flock(db->lock_fd, LOCK_UN);
}

int
tj_lmdb_make_room(struct tj_lmdb *db, size_t bytes)
{
	MDB_envinfo info;
	MDB_stat stat;
	size_t need, map_bytes;
	int code;

	if ((code = mdb_env_info(db->env, &info)) != 0 ||
	    (code = mdb_env_stat(db->env, &stat)) != 0)
		return code;
	need = (info.me_last_pgno + 1) * stat.ms_psize + bytes;
	map_bytes = info.me_mapsize;
	while (map_bytes < need && map_bytes <= TJ_MAX_REGISTRY_BYTES / 2)
		map_bytes *= 2;
	if (map_bytes < need)
		return MDB_MAP_FULL;
	return map_bytes == info.me_mapsize ? 0 : set_map(db, map_bytes);
}

/* Opening. */

static int
open_in(const struct tj_lmdb *db, const char *name, int flags)
{
	char path[TJ_MAX_PATH_BYTES + 16];

	(void)snprintf(path, sizeof(path), "%s/%s", db->folder, name);
	return open(path, flags | O_CLOEXEC, 0644);
}

static bool
is_opened(const struct stat *st)
{
	for (const struct tj_lmdb *other = opened; other != NULL; other = other->next)
		if (other->device == st->st_dev && other->inode == st->st_ino)
			return true;
	return false;
}

/* LMDB's locks break when one process opens a database twice. */
static enum tj_rc
claim(struct tj_lmdb *db, struct tj_err *err)
{
	struct stat st;
	bool taken;

	if (stat(db->folder, &st) != 0)
		return errno == EACCES ? tj_lmdb_fail(db, errno, err) :
		    tj_fail(err, TJ_E_NOINPUT, "%s: no registry here: %s", db->folder,
		    strerror(errno));
	db->device = st.st_dev;
	db->inode = st.st_ino;
	(void)pthread_mutex_lock(&opened_mutex);
	if (!(taken = is_opened(&st))) {
		db->next = opened;
		opened = db;
	}
	(void)pthread_mutex_unlock(&opened_mutex);
	return !taken ? TJ_OK : tj_fail(err, TJ_E_LOCKED,
	    "%s: is open already in this process", db->folder);
}

/* Made by mdb_env_open() in one write, and by us completed with a lock file. */
static bool
was_complete(const struct tj_lmdb *db)
{
	const int fd = open_in(db, "write.lock", O_RDONLY);

	if (fd >= 0)
		(void)close(fd);
	return fd >= 0;
}

static enum tj_rc
check_heads(const struct tj_lmdb *db, int fd, struct tj_err *err)
{
	enum tj_rc rc;
	int tries = 0;

	/* Two commits between the reading of one head and the other look like damage. */
	while ((rc = tj_lmdb_check_heads(fd, err)) == TJ_E_CORRUPT && ++tries < TRIES)
		pause_ms(1);
	return tj_lmdb_explain(db, rc, err);
}

static enum tj_rc
check_file(const struct tj_lmdb *db, enum tj_store_mode mode, struct tj_err *err)
{
	const int fd = open_in(db, "data.mdb", O_RDONLY);
	struct stat st;
	enum tj_rc rc;

	if (fd < 0 && errno == ENOTDIR)
		return tj_fail(err, TJ_E_NOINPUT, "%s: is not a folder", db->folder);
	if (fd < 0 && errno != ENOENT)
		return tj_lmdb_fail(db, errno, err);
	if (fd < 0 || fstat(fd, &st) != 0)
		st.st_size = 0;
	if (st.st_size > 0)
		rc = check_heads(db, fd, err);
	else if (was_complete(db))
		rc = tj_lmdb_damaged(db, "data.mdb is gone or empty", err);
	else if (mode == TJ_STORE_READ)
		rc = tj_fail(err, TJ_E_NOINPUT, "%s: no registry here", db->folder);
	else
		rc = TJ_OK;
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

static int
open_env(struct tj_lmdb *db, unsigned tables, unsigned flags)
{
	int code;

	if ((code = mdb_env_create(&db->env)) != 0)
		return code;
	if ((code = mdb_env_set_maxdbs(db->env, tables)) == 0 &&
	    (code = mdb_env_set_mapsize(db->env, FIRST_MAP_BYTES)) == 0)
		code = mdb_env_open(db->env, db->folder, MDB_NOTLS | flags, 0644);
	if (code != 0) {
		mdb_env_close(db->env);
		db->env = NULL;
	}
	return code;
}

static enum tj_rc
open_for_reading(struct tj_lmdb *db, unsigned tables, struct tj_err *err)
{
	int code = open_env(db, tables, MDB_RDONLY);

	if (code == EACCES)	/* may not write lock.mdb: see store.h */
		code = open_env(db, tables, MDB_RDONLY | MDB_NOLOCK);
	return code == 0 ? TJ_OK : tj_lmdb_fail(db, code, err);
}

static enum tj_rc
open_for_writing(struct tj_lmdb *db, unsigned tables, struct tj_err *err)
{
	int code, dead;

	if ((code = open_env(db, tables, 0)) != 0)
		return tj_lmdb_fail(db, code, err);
	(void)mdb_reader_check(db->env, &dead);	/* killed readers hold pages back */
	/* Or a power cut could leave the file that says "complete" and an empty database. */
	if ((code = mdb_env_sync(db->env, 1)) != 0)
		return tj_lmdb_fail(db, code, err);
	db->lock_fd = open_in(db, "write.lock", O_RDWR | O_CREAT);
	if (db->lock_fd < 0)
		return tj_lmdb_fail(db, errno, err);
	return tj_file_sync_folder(db->folder, err);
}

static enum tj_rc
check_pages(struct tj_lmdb *db, tj_lmdb_is_sound *is_sound, struct tj_err *err)
{
	enum tj_rc rc = TJ_E_LOCKED;
	MDB_txn *txn;
	int code, fd;

	if ((code = mdb_env_get_fd(db->env, &fd)) != 0)
		return tj_lmdb_fail(db, code, err);
	for (int tries = 0; rc == TJ_E_LOCKED && tries < TRIES; tries++) {
		if ((code = tj_lmdb_look(&txn, db)) != 0)
			return tj_lmdb_fail(db, code, err);
		rc = tj_lmdb_check_pages(fd, mdb_txn_id(txn), is_sound, err);
		tj_lmdb_leave(db, txn);
	}
	if (rc == TJ_E_LOCKED)
		return tj_fail(err, rc, "%s: is written to without a pause; try again",
		    db->folder);
	return tj_lmdb_explain(db, rc, err);
}

static enum tj_rc
set_folder(struct tj_lmdb *db, const char *folder, struct tj_err *err)
{
	const size_t n = strlen(folder);

	db->lock_fd = -1;
	if (n >= sizeof(db->folder))
		return tj_fail(err, TJ_E_NOINPUT, "path of %zu bytes is too long", n);
	memcpy(db->folder, folder, n + 1);
	return TJ_OK;
}

enum tj_rc
tj_lmdb_open(struct tj_lmdb *db, const char *folder, enum tj_store_mode mode,
    unsigned tables, tj_lmdb_is_sound *is_sound, struct tj_err *err)
{
	*db = (struct tj_lmdb){ 0 };
	(void)pthread_rwlock_init(&db->map, NULL);
	TRY(set_folder(db, folder, err));
	if (mode == TJ_STORE_WRITE)
		TRY(tj_file_make_folder(folder, 0755, err));
	TRY(claim(db, err));
	TRY(check_file(db, mode, err));
	if (mode == TJ_STORE_WRITE)
		TRY(open_for_writing(db, tables, err));
	else
		TRY(open_for_reading(db, tables, err));
	return check_pages(db, is_sound, err);
}

void
tj_lmdb_close(struct tj_lmdb *db)
{
	for (size_t i = 0; i < TJ_LMDB_KEPT; i++)
		mdb_txn_abort(db->kept[i]);	/* takes NULL */
	if (db->env != NULL)
		mdb_env_close(db->env);
	if (db->lock_fd >= 0)
		(void)close(db->lock_fd);
	(void)pthread_mutex_lock(&opened_mutex);
	for (struct tj_lmdb **at = &opened; *at != NULL; at = &(*at)->next)
		if (*at == db) {
			*at = db->next;
			break;
		}
	(void)pthread_mutex_unlock(&opened_mutex);
	(void)pthread_rwlock_destroy(&db->map);
}
