#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/file.h"
#include "connectors/log.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

enum { BUFFER = 1 << 20 };

void
tj_log_init(struct tj_log *log, const char *folder)
{
	*log = (struct tj_log){ .folder = folder, .segment_bytes = TJ_LOG_SEGMENT_BYTES,
	    .out = { .fd = -1 } };
	(void)pthread_rwlock_init(&log->lock, NULL);
}

void
tj_log_fini(struct tj_log *log)
{
	for (size_t i = 0; i < log->count; i++)
		(void)close(log->files[i].fd);
	tj_mem_free(log->files);
	if (log->out.fd >= 0)
		(void)close(log->out.fd);
	(void)pthread_rwlock_destroy(&log->lock);
}

const char *
tj_log_name(char name[TJ_LOG_NAME], uint32_t number, uint32_t generation)
{
	(void)snprintf(name, TJ_LOG_NAME, "log.%06u.%u", number, generation);
	return name;
}

bool
tj_log_name_parse(struct tj_segment *out, const char *name)
{
	struct tj_segment segment = { 0 };
	char again[TJ_LOG_NAME];

	if (sscanf(name, "log.%9u.%9u", &segment.number, &segment.generation) != 2 ||
	    strcmp(tj_log_name(again, segment.number, segment.generation), name) != 0)
		return false;
	*out = segment;
	return true;
}

static enum tj_rc
fail_errno(const struct tj_log *log, const char *name, int code, struct tj_err *err)
{
	switch (code) {
	case ENOSPC: case EFBIG: case EDQUOT:
		return tj_fail(err, TJ_E_IO, "%s: no space left, make some and run again; the "
		    "registry is as it was before", log->folder);
	case EACCES: case EPERM: case EROFS:
		return tj_fail(err, TJ_E_PERM, "%s: the registry may not be written: %s: %s",
		    log->folder, name, strerror(code));
	case ENOENT:
		return tj_fail(err, TJ_E_NOTFOUND, "%s is gone", name);
	case ENOMEM:
		return tj_fail_nomem(err);
	default:
		return tj_fail(err, TJ_E_IO, "%s/%s: %s", log->folder, name, strerror(code));
	}
}

static int
open_file(const struct tj_log *log, const char *name, int flags)
{
	char path[TJ_MAX_PATH_BYTES + TJ_LOG_NAME + 1];

	(void)snprintf(path, sizeof(path), "%s/%s", log->folder, name);
	return open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0644);
}

/* Reading. */

static struct tj_log_file *
find_file(const struct tj_log *log, uint32_t number)
{
	for (size_t i = log->count; i-- > 0;)
		if (log->files[i].number == number)
			return &log->files[i];
	return NULL;
}

static enum tj_rc
new_slot(struct tj_log_file **out, struct tj_log *log, struct tj_err *err)
{
	const size_t room = log->room == 0 ? 8 : 2 * log->room;
	struct tj_log_file *files = log->files;

	if (log->count == log->room) {
		if ((files = tj_mem_realloc(log->files, room * sizeof(*files))) == NULL)
			return tj_fail_nomem(err);
		log->files = files;
		log->room = room;
	}
	*out = &files[log->count];
	return TJ_OK;
}

/* Another generation of its number, if one is open, is closed. */
static enum tj_rc
keep_open(struct tj_log *log, const struct tj_place *place, struct tj_err *err)
{
	struct tj_log_file *file = find_file(log, place->number);
	char name[TJ_LOG_NAME];
	int fd;

	if (file != NULL && file->generation == place->generation)
		return TJ_OK;		/* another thread was quicker */
	fd = open_file(log, tj_log_name(name, place->number, place->generation), O_RDONLY);
	if (fd < 0)
		return fail_errno(log, name, errno, err);
	if (file != NULL) {
		(void)close(file->fd);
	} else if (new_slot(&file, log, err) != TJ_OK) {
		(void)close(fd);
		return TJ_E_NOMEM;
	} else {
		log->count++;
	}
	*file = (struct tj_log_file){ place->number, place->generation, fd };
	return TJ_OK;
}

static enum tj_rc
read_at(void *bytes, const struct tj_log *log, int fd, const struct tj_place *place,
    struct tj_err *err)
{
	char name[TJ_LOG_NAME];
	size_t done = 0;
	ssize_t n;

	while (done < place->bytes) {
		n = pread(fd, (char *)bytes + done, place->bytes - done,
		    (off_t)(place->offset + done));
		if (n < 0 && errno != EINTR)
			return tj_fail(err, TJ_E_IO, "%s/%s: %s", log->folder,
			    tj_log_name(name, place->number, place->generation),
			    strerror(errno));
		if (n == 0)
			return tj_fail(err, TJ_E_CORRUPT, "%s ends at byte %zu, in the middle of "
			    "an entry", tj_log_name(name, place->number, place->generation),
			    place->offset + done);
		done += n > 0 ? (size_t)n : 0;
	}
	return TJ_OK;
}

enum tj_rc
tj_log_read(tj_str *bytes, struct tj_log *log, const struct tj_place *place,
    struct tj_arena *arena, struct tj_err *err)
{
	char *room = TJ_NEWN(arena, char, place->bytes + 1u);
	const struct tj_log_file *file;
	enum tj_rc rc = TJ_OK;

	if (room == NULL)
		return tj_fail_nomem(err);
	(void)pthread_rwlock_rdlock(&log->lock);
	while ((file = find_file(log, place->number)) == NULL ||
	    file->generation != place->generation) {
		(void)pthread_rwlock_unlock(&log->lock);
		(void)pthread_rwlock_wrlock(&log->lock);
		rc = keep_open(log, place, err);
		(void)pthread_rwlock_unlock(&log->lock);
		TRY(rc);
		(void)pthread_rwlock_rdlock(&log->lock);
	}
	rc = read_at(room, log, file->fd, place, err);
	(void)pthread_rwlock_unlock(&log->lock);
	if (rc == TJ_OK)
		*bytes = (tj_str){ room, place->bytes };
	return rc;
}

static enum tj_rc
check_length(const struct tj_segment *segment, int fd, const char *name, struct tj_err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return tj_fail(err, TJ_E_CORRUPT, "%s is not a file", name);
	if ((uint64_t)st.st_size < segment->bytes)
		return tj_fail(err, TJ_E_CORRUPT, "%s has %ju bytes; there were %ju", name,
		    (uintmax_t)st.st_size, (uintmax_t)segment->bytes);
	return TJ_OK;
}

enum tj_rc
tj_log_check(const struct tj_log *log, const struct tj_segment *segment, struct tj_err *err)
{
	char name[TJ_LOG_NAME];
	enum tj_rc rc;
	int fd;

	(void)tj_log_name(name, segment->number, segment->generation);
	if ((fd = open_file(log, name, O_RDONLY)) < 0)
		return fail_errno(log, name, errno, err);
	rc = check_length(segment, fd, name, err);
	(void)close(fd);
	return rc;
}

/* Writing. */

/* What compaction left of the generation before, if it was killed: gone before this one
 * grows, so that of several generations the first always holds all (repair). */
static enum tj_rc
remove_older(const struct tj_log *log, const struct tj_segment *segment, struct tj_err *err)
{
	char path[TJ_MAX_PATH_BYTES + TJ_LOG_NAME + 1], name[TJ_LOG_NAME];

	if (segment->generation == 0)
		return TJ_OK;
	(void)snprintf(path, sizeof(path), "%s/%s", log->folder,
	    tj_log_name(name, segment->number, segment->generation - 1));
	if (unlink(path) == 0)
		return tj_file_sync_folder(log->folder, err);
	return errno == ENOENT ? TJ_OK : fail_errno(log, name, errno, err);
}

static enum tj_rc
open_out(struct tj_log_writer *writer, struct tj_err *err)
{
	struct tj_log_file *out = &writer->log->out;
	const struct tj_segment *segment = writer->segment;
	char name[TJ_LOG_NAME];
	enum tj_rc rc;

	(void)tj_log_name(name, segment->number, segment->generation);
	if (out->fd >= 0 && (out->number != segment->number ||
	    out->generation != segment->generation)) {
		(void)close(out->fd);
		out->fd = -1;
	}
	writer->is_new = segment->bytes == 0;
	if (out->fd < 0 && !writer->is_new)
		TRY(remove_older(writer->log, segment, err));
	if (out->fd < 0)
		out->fd = open_file(writer->log, name, O_RDWR | (writer->is_new ? O_CREAT : 0));
	if (out->fd < 0)
		return fail_errno(writer->log, name, errno, err);
	out->number = segment->number;
	out->generation = segment->generation;
	rc = check_length(segment, out->fd, name, err);
	if (rc == TJ_OK && ftruncate(out->fd, (off_t)segment->bytes) != 0)
		rc = fail_errno(writer->log, name, errno, err);
	return rc;
}

enum tj_rc
tj_log_begin(struct tj_log_writer *writer, struct tj_log *log, struct tj_segment *segment,
    struct tj_err *err)
{
	*writer = (struct tj_log_writer){ .log = log, .segment = segment };
	if ((writer->buffer = tj_mem_calloc(1, BUFFER)) == NULL)
		return tj_fail_nomem(err);
	return open_out(writer, err);
}

static enum tj_rc
write_out(struct tj_log_writer *writer, const uint8_t *bytes, size_t n, struct tj_err *err)
{
	char name[TJ_LOG_NAME];
	ssize_t done;

	while (n > 0) {
		done = pwrite(writer->log->out.fd, bytes, n, (off_t)writer->segment->bytes);
		if (done < 0 && errno != EINTR)
			return fail_errno(writer->log, tj_log_name(name, writer->segment->number,
			    writer->segment->generation), errno, err);
		if (done > 0) {
			writer->segment->bytes += (size_t)done;
			bytes += done;
			n -= (size_t)done;
		}
	}
	return TJ_OK;
}

static enum tj_rc
flush(struct tj_log_writer *writer, struct tj_err *err)
{
	const size_t n = writer->buffered;

	writer->buffered = 0;
	return write_out(writer, writer->buffer, n, err);
}

static enum tj_rc
append_large(struct tj_log_writer *writer, const struct tj_entry *entry, struct tj_err *err)
{
	const size_t n = tj_entry_bytes(entry);
	uint8_t *bytes = tj_mem_calloc(1, n);
	enum tj_rc rc;

	if (bytes == NULL)
		return tj_fail_nomem(err);
	tj_entry_write(bytes, entry);
	rc = write_out(writer, bytes, n, err);
	tj_mem_free(bytes);
	return rc;
}

enum tj_rc
tj_log_append(struct tj_place *place, struct tj_log_writer *writer,
    const struct tj_entry *entry, struct tj_err *err)
{
	const size_t n = tj_entry_bytes(entry);

	if (writer->buffered + n > BUFFER)
		TRY(flush(writer, err));
	*place = (struct tj_place){ writer->segment->number, writer->segment->generation,
	    (uint32_t)(writer->segment->bytes + writer->buffered), (uint32_t)n };
	writer->segment->next_sequence = entry->sequence + 1;
	if (n > BUFFER)
		return append_large(writer, entry, err);
	tj_entry_write(writer->buffer + writer->buffered, entry);
	writer->buffered += n;
	return TJ_OK;
}

enum tj_rc
tj_log_finish(struct tj_log_writer *writer, struct tj_err *err)
{
	TRY(flush(writer, err));
	if (fdatasync(writer->log->out.fd) != 0)
		return fail_errno(writer->log, "log", errno, err);
	return writer->is_new ? tj_file_sync_folder(writer->log->folder, err) : TJ_OK;
}

void
tj_log_end(struct tj_log_writer *writer)
{
	tj_mem_free(writer->buffer);
	writer->buffer = NULL;
}

enum tj_rc
tj_log_remove(struct tj_log *log, const struct tj_segment *segment, struct tj_err *err)
{
	char path[TJ_MAX_PATH_BYTES + TJ_LOG_NAME + 1], name[TJ_LOG_NAME];

	(void)snprintf(path, sizeof(path), "%s/%s", log->folder,
	    tj_log_name(name, segment->number, segment->generation));
	if (unlink(path) != 0 && errno != ENOENT)
		return fail_errno(log, name, errno, err);
	return tj_file_sync_folder(log->folder, err);
}

void
tj_log_rewind(struct tj_log *log, const struct tj_segment *segment)
{
	if (log->out.fd >= 0 && log->out.number == segment->number &&
	    log->out.generation == segment->generation)
		(void)!ftruncate(log->out.fd, (off_t)segment->bytes);
}
