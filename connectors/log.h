#ifndef TJ_CONNECTORS_LOG_H
#define TJ_CONNECTORS_LOG_H

#include <pthread.h>

#include "connectors/entry.h"

/*
 * The log of a registry: entries one behind the other in files of a folder,
 *
 *	log.NUMBER.GENERATION	"log.000003.0"
 *
 * Numbers are the order of time.  A file only grows, until the next number begins;
 * compaction writes a file anew under the next generation.  Which generation holds and
 * how much of it, the index says: what stands behind that was never acknowledged, is not
 * read, and is cut off by the next who writes.
 */
struct tj_segment {
	uint32_t	number, generation;
	uint64_t	bytes, next_sequence;
};

struct tj_place {
	uint32_t	number, generation, offset, bytes;
};

struct tj_log_file {
	uint32_t	number, generation;
	int		fd;
};

struct tj_log {
	const char		*folder;	/* the caller's */
	pthread_rwlock_t	 lock;		/* of the open files: shared while one is read */
	struct tj_log_file	*files;		/* [count] of [room] */
	size_t			 count, room;
	size_t			 segment_bytes;	/* TJ_LOG_SEGMENT_BYTES, in tests less */
	struct tj_log_file	 out;		/* .fd -1: none; the writer's alone */
};

#define TJ_LOG_NAME	32	/* "log.4294967295.4294967295" and a NUL */

void	 tj_log_init(struct tj_log *, const char *folder);
void	 tj_log_fini(struct tj_log *);
const char *tj_log_name(char name[TJ_LOG_NAME], uint32_t number, uint32_t generation);
/* false: no file of a log is called so. */
bool	 tj_log_name_parse(struct tj_segment *, const char *name);

/* The entry's bytes, in the arena.  NOTFOUND: the file is gone, as after a compaction: ask
 * the index again.  CORRUPT: its end is missing.  Any number of threads. */
enum tj_rc tj_log_read(tj_str *bytes, struct tj_log *, const struct tj_place *,
    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* Is the file there, and as long as it must be?  NOTFOUND, CORRUPT. */
enum tj_rc tj_log_check(const struct tj_log *, const struct tj_segment *,
    struct tj_err *) TJ_MUST_USE;

typedef enum tj_rc tj_log_visit(void *ctx, const struct tj_place *, const struct tj_entry *,
    struct tj_err *);

/* Every entry of the segment, in order; what is shown lives during the call.  NOTFOUND: the
 * file is gone.  CORRUPT with file and byte.  O(bytes), 9 MB of memory. */
enum tj_rc tj_log_walk(const struct tj_log *, const struct tj_segment *, tj_log_visit *,
    void *ctx, struct tj_err *) TJ_MUST_USE;
/* The same up to the first that is not whole, whose place is *whole; ->bytes is how far
 * to look.  *more: whole ones stand behind it. */
enum tj_rc tj_log_scan(uint64_t *whole, bool *more, const struct tj_log *,
    const struct tj_segment *, tj_log_visit *, void *ctx, struct tj_err *) TJ_MUST_USE;

/*
 * Writing: append, append, …, finish; then it is on the disk, and the segment says how
 * much of it.  Cuts off first what stands behind the segment's end.  rewind: after a
 * failure, what was appended is cut off again, as far as the disk allows.
 */
struct tj_log_writer {
	struct tj_log	*log;
	struct tj_segment *segment;	/* grows */
	uint8_t		*buffer;
	size_t		 buffered;
	bool		 is_new;
};

enum tj_rc tj_log_begin(struct tj_log_writer *, struct tj_log *, struct tj_segment *,
    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_log_append(struct tj_place *, struct tj_log_writer *, const struct tj_entry *,
    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_log_finish(struct tj_log_writer *, struct tj_err *) TJ_MUST_USE;
void	 tj_log_end(struct tj_log_writer *);	/* also after a begin that failed */
/* Its file is gone, for good. */
enum tj_rc tj_log_remove(struct tj_log *, const struct tj_segment *, struct tj_err *) TJ_MUST_USE;
void	 tj_log_rewind(struct tj_log *, const struct tj_segment *);

#endif
