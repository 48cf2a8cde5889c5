#include <stdio.h>
#include <unistd.h>

#include "connectors/file.h"
#include "connectors/lock.h"
#include "connectors/tlog.h"
#include "connectors/tlog_edge.h"
#include "connectors/tlog_write.h"
#include "model/base/mem.h"

struct tj_tlog {
	struct tj_tlog_writer	 writer;	/* what was appended */
	uint64_t		 committed, shown;	/* size of the head, of the public one */
	struct tj_arena		*arena;
	tj_str			 origin;
	const char		*dir, *public_dir, *head, *checkpoint;
	int			 lock_fd;
	bool			 is_broken;	/* a commit has failed halfway */
};

static enum tj_rc
path_make(const char **out, struct tj_tlog *log, const char *name, struct tj_err *err)
{
	const tj_str path = tj_str_fmt(log->arena, "%s/%s", log->dir, name);

	if (path.p == NULL)
		return tj_fail_nomem(err);
	if (path.n >= TJ_MAX_PATH_BYTES - TJ_TILE_PATH)
		return tj_fail(err, TJ_E_NOINPUT, "path of %zu bytes is too long", path.n);
	*out = path.p;
	return TJ_OK;
}

static enum tj_rc
paths_make(struct tj_tlog *log, const char *dir, tj_str origin, struct tj_err *err)
{
	if ((log->dir = tj_str_dup(tj_str_of(dir), log->arena).p) == NULL)
		return tj_fail_nomem(err);
	log->origin = tj_str_dup(origin, log->arena);
	if (log->origin.p == NULL)
		return tj_fail_nomem(err);
	TRY(path_make(&log->public_dir, log, "public", err));
	TRY(path_make(&log->head, log, "head", err));
	return path_make(&log->checkpoint, log, "public/checkpoint", err);
}

static enum tj_rc
lock(struct tj_tlog *log, struct tj_err *err)
{
	const char *path;

	TRY(path_make(&path, log, "lock", err));
	return tj_lock_take(&log->lock_fd, path, err);
}

void
tj_tlog_close(struct tj_tlog *log)
{
	if (log == NULL)
		return;
	tj_tlog_writer_fini(&log->writer);
	if (log->lock_fd >= 0)
		(void)close(log->lock_fd);
	tj_arena_free(log->arena);
	tj_mem_free(log);
}

static enum tj_rc
log_new(struct tj_tlog **out, const char *dir, tj_str origin, struct tj_err *err)
{
	struct tj_tlog *log = tj_mem_calloc(1, sizeof(*log));
	enum tj_rc rc;

	if (log == NULL)
		return tj_fail_nomem(err);
	log->lock_fd = -1;
	log->arena = tj_arena_new(TJ_MAX_ARENA_BYTES);
	rc = log->arena == NULL ? tj_fail_nomem(err) : paths_make(log, dir, origin, err);
	if (rc == TJ_OK)
		rc = tj_tlog_writer_init(&log->writer, log->public_dir, err);
	if (rc != TJ_OK)
		tj_tlog_close(log);
	else
		*out = log;
	return rc;
}

/* Signs what was appended, and makes it what the log stands by. */
static enum tj_rc
head_write(tj_str *out, struct tj_tlog *log, const struct tj_tlog_signer *signer,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_checkpoint head = { .origin = log->origin, .size = log->writer.edge.size };
	tj_str text, lines, note;

	TRY(tj_tlog_edge_root(&head.root, &log->writer.edge, log->writer.sha, err));
	TRY(tj_checkpoint_text(&text, &head, arena, err));
	TRY(signer->sign(signer->ctx, &lines, text, arena, err));
	note = tj_str_fmt(arena, "%.*s\n%.*s", TJ_FMT(text), TJ_FMT(lines));
	if (note.p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_file_write(log->head, note, 0644, err));
	*out = note;
	return TJ_OK;
}

static enum tj_rc
head_make(tj_str *head, struct tj_tlog *log, const struct tj_tlog_signer *signer,
    struct tj_arena *arena, struct tj_err *err)
{
	log->is_broken = true;
	TRY(tj_tlog_writer_finish(&log->writer, log->committed, err));
	TRY(tj_file_sync_all(log->public_dir, err));
	TRY(head_write(head, log, signer, arena, err));
	log->is_broken = false;
	log->committed = log->writer.edge.size;
	return TJ_OK;
}

/* Lets it be seen: by the witnesses first, where there are some. */
static enum tj_rc
head_show(struct tj_tlog *log, tj_str head, const struct tj_tlog_signer *signer,
    struct tj_arena *arena, struct tj_err *err)
{
	if (signer->cosign != NULL)
		TRY(signer->cosign(signer->ctx, &head, arena, err));
	TRY(tj_file_write(log->checkpoint, head, 0644, err));
	tj_tlog_writer_tidy(&log->writer, log->shown);
	log->shown = log->committed;
	return TJ_OK;
}

static enum tj_rc
commit(struct tj_tlog *log, const struct tj_tlog_signer *signer, bool is_new, struct tj_err *err)
{
	struct tj_arena *arena = tj_arena_new(TJ_MAX_DOC_BYTES);
	tj_str head = TJ_S("");
	enum tj_rc rc;

	if (arena == NULL)
		return tj_fail_nomem(err);
	rc = is_new ? head_make(&head, log, signer, arena, err) :
	    tj_file_read(&head, log->head, TJ_MAX_NOTE_BYTES, arena, err);
	if (rc == TJ_OK)
		rc = head_show(log, head, signer, arena, err);
	tj_arena_free(arena);
	return rc;
}

enum tj_rc
tj_tlog_commit(struct tj_tlog *log, const struct tj_tlog_signer *signer, struct tj_err *err)
{
	const bool is_new = log->writer.edge.size > log->committed;

	if (log->is_broken)
		return tj_fail(err, TJ_E_INTERNAL, "a log whose commit has failed is used");
	return is_new || log->shown < log->committed ? commit(log, signer, is_new, err) : TJ_OK;
}

static enum tj_rc
make(struct tj_tlog *log, const struct tj_tlog_signer *signer, struct tj_err *err)
{
	TRY(tj_file_make_folder(log->public_dir, 0755, err));
	TRY(lock(log, err));
	if (access(log->head, F_OK) == 0)
		return tj_fail(err, TJ_E_CONFLICT, "%s: there is a log already", log->dir);
	return commit(log, signer, true, err);
}

enum tj_rc
tj_tlog_make(const char *dir, tj_str origin, const struct tj_tlog_signer *signer,
    struct tj_err *err)
{
	struct tj_tlog *log;
	enum tj_rc rc;

	TRY(log_new(&log, dir, origin, err));
	rc = make(log, signer, err);
	tj_tlog_close(log);
	return rc;
}

/* What the log stands by.  A key's signature tells that it is this log's. */
static enum tj_rc
head_read(struct tj_checkpoint *head, tj_str *bytes, struct tj_tlog *log, const tj_vkey *vkey,
    struct tj_err *err)
{
	struct tj_note_seen seen = { 0 };
	struct tj_note note;
	enum tj_rc rc;

	rc = tj_file_read(bytes, log->head, TJ_MAX_NOTE_BYTES, log->arena, err);
	if (rc == TJ_E_NOINPUT && access(log->head, F_OK) != 0)
		return tj_fail(err, rc, "no log at %s; `tanji log init` makes one", log->dir);
	if (rc != TJ_OK)
		return rc;
	rc = tj_checkpoint_read(head, &note, *bytes, log->arena, err);
	if (rc == TJ_OK)
		rc = tj_note_verify(&seen, &note, vkey, log->arena, err);
	if (rc == TJ_E_NOMEM)
		return rc;
	if (rc != TJ_OK)
		return tj_fail(err, TJ_E_CORRUPT, "%s is damaged; restore it from a copy: the "
		    "newest checkpoint that anybody has seen", log->head);
	return seen.is_signed && tj_str_eq(head->origin, log->origin) ? TJ_OK :
	    tj_fail(err, TJ_E_CONFLICT, "%s is of %.*s and not signed by the key %.*s+%08x",
	    log->head, TJ_FMT(head->origin), TJ_FMT(vkey->name), (unsigned)vkey->id);
}

/* The head was written, and the process ended before it was published: finish it now, unless
 * somebody is to be asked first. */
static enum tj_rc
checkpoint_settle(struct tj_tlog *log, const struct tj_checkpoint *head, tj_str head_bytes,
    bool is_held, struct tj_err *err)
{
	struct tj_checkpoint seen = { .size = 0 };
	struct tj_note note;
	tj_str bytes;
	enum tj_rc rc;

	rc = tj_file_read(&bytes, log->checkpoint, TJ_MAX_NOTE_BYTES, log->arena, err);
	if (rc == TJ_OK)
		rc = tj_checkpoint_read(&seen, &note, bytes, log->arena, err);
	if (rc == TJ_E_NOMEM || rc == TJ_E_PERM)
		return rc;
	if (rc == TJ_OK && (seen.size > head->size || (seen.size == head->size &&
	    !tj_digest_eq(&seen.root, &head->root))))
		return tj_fail(err, TJ_E_CORRUPT, "%s is newer than %s, which an old copy has "
		    "replaced: put the newest one back, or what was logged since is denied",
		    log->checkpoint, log->head);
	log->shown = rc == TJ_OK ? seen.size : 0;
	if (rc == TJ_OK && (seen.size == head->size || is_held))
		return TJ_OK;
	tj_err_clear(err);
	if (is_held && head->size > 0)
		return TJ_OK;
	log->shown = head->size;
	return tj_file_write(log->checkpoint, head_bytes, 0644, err);
}

static enum tj_rc
edge_load(struct tj_tlog *log, const struct tj_checkpoint *head, struct tj_err *err)
{
	struct tj_tlog_reader *reader;
	enum tj_rc rc;
	tj_digest root;

	TRY(tj_tlog_reader_open(&reader, log->public_dir, head->size, err));
	rc = tj_tlog_writer_load(&log->writer, reader, err);
	if (rc == TJ_OK)
		rc = tj_tlog_edge_root(&root, &log->writer.edge, log->writer.sha, err);
	tj_tlog_reader_close(reader);
	if (rc != TJ_OK)
		return rc;
	log->committed = head->size;
	return tj_digest_eq(&root, &head->root) ? TJ_OK : tj_fail(err, TJ_E_CORRUPT,
	    "%s: the tiles do not give the root of %s; restore this folder from a copy",
	    log->dir, log->head);
}

static enum tj_rc
open_log(struct tj_tlog *log, const tj_vkey *vkey, bool is_held, struct tj_err *err)
{
	struct tj_checkpoint head;
	tj_str bytes;

	if (access(log->head, F_OK) != 0)
		return tj_fail(err, TJ_E_NOINPUT, "no log at %s; `tanji log init` makes one",
		    log->dir);
	TRY(lock(log, err));
	TRY(head_read(&head, &bytes, log, vkey, err));
	TRY(edge_load(log, &head, err));
	return checkpoint_settle(log, &head, bytes, is_held, err);
}

static enum tj_rc
open_new(struct tj_tlog **out, const char *dir, const tj_vkey *vkey, bool is_held,
    struct tj_err *err)
{
	struct tj_tlog *log;
	enum tj_rc rc;

	TRY(log_new(&log, dir, vkey->name, err));
	rc = open_log(log, vkey, is_held, err);
	if (rc != TJ_OK)
		tj_tlog_close(log);
	else
		*out = log;
	return rc;
}

enum tj_rc
tj_tlog_open(struct tj_tlog **out, const char *dir, const tj_vkey *vkey, struct tj_err *err)
{
	return open_new(out, dir, vkey, false, err);
}

enum tj_rc
tj_tlog_open_held(struct tj_tlog **out, const char *dir, const tj_vkey *vkey,
    struct tj_err *err)
{
	return open_new(out, dir, vkey, true, err);
}

uint64_t
tj_tlog_size(const struct tj_tlog *log)
{
	return log->writer.edge.size;
}

enum tj_rc
tj_tlog_append(struct tj_tlog *log, const tj_str *entries, size_t n, struct tj_crew *crew,
    struct tj_err *err)
{
	if (n > TJ_MAX_LOG_LEAVES - log->writer.edge.size)
		return tj_fail(err, TJ_E_LIMIT, "a log takes %llu leaves at most",
		    (unsigned long long)TJ_MAX_LOG_LEAVES);
	return n == 0 ? TJ_OK : tj_tlog_writer_append(&log->writer, entries, n, crew, err);
}

enum tj_rc
tj_tlog_publish(struct tj_tlog *log, tj_str checkpoint, struct tj_err *err)
{
	struct tj_note ours, theirs;
	tj_str bytes;

	TRY(tj_file_read(&bytes, log->head, TJ_MAX_NOTE_BYTES, log->arena, err));
	TRY(tj_note_parse(&ours, bytes, log->arena, err));
	TRY(tj_note_parse(&theirs, checkpoint, log->arena, err));
	if (!tj_str_eq(ours.text, theirs.text))
		return tj_fail(err, TJ_E_CONFLICT,
		    "this is not the head of %s any more; ask the witnesses again", log->dir);
	return tj_file_write(log->checkpoint, checkpoint, 0644, err);
}

enum tj_rc
tj_tlog_checkpoint(tj_str *bytes, const char *dir, struct tj_arena *arena, struct tj_err *err)
{
	const tj_str path = tj_str_fmt(arena, "%s/public/checkpoint", dir);

	if (path.p == NULL)
		return tj_fail_nomem(err);
	if (access(path.p, F_OK) != 0)
		return tj_fail(err, TJ_E_NOINPUT, "no log at %s; `tanji log init` makes one", dir);
	return tj_file_read(bytes, path.p, TJ_MAX_NOTE_BYTES, arena, err);
}

enum tj_rc
tj_tlog_read(struct tj_tlog_reader **reader, const char *dir, uint64_t size, struct tj_err *err)
{
	char folder[TJ_MAX_PATH_BYTES];

	if (snprintf(folder, sizeof(folder), "%s/public", dir) >= (int)sizeof(folder))
		return tj_fail(err, TJ_E_NOINPUT, "path of %zu bytes is too long", strlen(dir));
	return tj_tlog_reader_open(reader, folder, size, err);
}
