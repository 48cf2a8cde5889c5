#ifndef TJ_CONNECTORS_FILE_H
#define TJ_CONNECTORS_FILE_H

#include <sys/types.h>

#include "model/base/crew.h"
#include "model/base/str.h"

/*
 * Whole files, in and out.  Paths are NUL-terminated and taken as they are.
 * Failures: NOINPUT (not there, or not a file: folders, FIFOs and devices are
 * refused without waiting for them), PERM, LIMIT (over the ceiling), IO; the
 * text names the path and what the system said.
 */

/* The bytes of a regular file, NUL behind them, in the arena.  O(size). */
enum tj_rc tj_file_read(tj_str *bytes, const char *path, size_t max_bytes,
    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* The same by several threads: memory that is used for the first time takes longer than
 * copying what the system has of a file. */
enum tj_rc tj_file_read_by(tj_str *bytes, const char *path, size_t max_bytes,
    struct tj_crew *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/*
 * The same for a secret: PERM unless it is ours and nobody else may read or
 * write it.  The text says `chmod 600 PATH`.  Looked at after it was opened, so
 * what was checked is what is read.
 */
enum tj_rc tj_file_read_private(tj_str *bytes, const char *path, size_t max_bytes,
    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/*
 * Replace or make a file: it is there in full or not at all, even after a
 * power cut (temporary file beside it, fsync, rename, fsync of the folder).
 * A file that holds these bytes already is not touched.  `mode`: 0644, and
 * 0600 for secrets (exactly; the umask may only narrow it).
 */
enum tj_rc tj_file_write(const char *path, tj_str bytes, mode_t mode,
    struct tj_err *) TJ_MUST_USE;

/* The same without a sync: after a power cut it may be as before, empty, or new. */
enum tj_rc tj_file_put(const char *path, tj_str bytes, mode_t mode,
    struct tj_err *) TJ_MUST_USE;

/* What was made, renamed or removed in a folder is so after a power cut. */
enum tj_rc tj_file_sync_folder(const char *folder, struct tj_err *) TJ_MUST_USE;

/* All that was written to the file system that a folder lies on, at once: for many files
 * written by tj_file_put(), one wait instead of one for each.  IO where a part of it was lost. */
enum tj_rc tj_file_sync_all(const char *folder, struct tj_err *) TJ_MUST_USE;

/* A folder and the ones above it; those that are there stay as they are. */
enum tj_rc tj_file_make_folder(const char *path, mode_t mode, struct tj_err *) TJ_MUST_USE;

/* "folder/name", NUL-terminated, in the arena. */
struct tj_paths {
	TJ_VEC(const char *) list;
};

/*
 * The entries of a folder whose names match a shell pattern (* ? [a-z]), by
 * name in byte order.  Hidden ones match only a pattern that begins with a dot.
 */
enum tj_rc tj_file_list(struct tj_paths *out, const char *folder, const char *pattern,
    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
