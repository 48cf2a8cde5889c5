#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "connectors/lock.h"

#define PAUSE_MS	20

static enum tj_rc
lock_open(int fd, const char *path, struct tj_err *err)
{
	for (int waited_ms = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; waited_ms += PAUSE_MS) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return tj_fail(err, TJ_E_IO, "%s: cannot lock: %s", path, strerror(errno));
		if (waited_ms >= TJ_LOCK_WAIT_MS)
			return tj_fail(err, TJ_E_LOCKED,
			    "%s: another process is writing here; try again when it is done", path);
		(void)nanosleep(&(struct timespec){ .tv_nsec = PAUSE_MS * 1000000L }, NULL);
	}
	return TJ_OK;
}

enum tj_rc
tj_lock_take(int *fd, const char *path, struct tj_err *err)
{
	const int made = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	enum tj_rc rc;

	if (made < 0)
		return tj_fail(err, errno == EACCES || errno == EROFS || errno == EPERM ?
		    TJ_E_PERM : TJ_E_IO, "%s: cannot write here: %s", path, strerror(errno));
	if ((rc = lock_open(made, path, err)) != TJ_OK) {
		(void)close(made);
		return rc;
	}
	*fd = made;
	return TJ_OK;
}
