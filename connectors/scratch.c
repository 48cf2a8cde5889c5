#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/scratch.h"

enum tj_rc
tj_scratch_make(struct tj_scratch *scratch, const char *path, struct tj_err *err)
{
	size_t n = strlen(path);

	scratch->path[0] = '\0';
	while (n > 1 && path[n - 1] == '/')
		n--;
	if (n >= TJ_MAX_PATH_BYTES)
		return tj_fail(err, TJ_E_NOINPUT, "path of %zu bytes is too long", n);
	(void)snprintf(scratch->path, sizeof(scratch->path), "%.*s.tanji-XXXXXX", (int)n, path);
	if (mkdtemp(scratch->path) != NULL && chmod(scratch->path, 0755) == 0)
		return TJ_OK;
	scratch->path[0] = '\0';
	return tj_fail(err, errno == EACCES || errno == EROFS ? TJ_E_PERM :
	    errno == ENOENT || errno == ENOTDIR ? TJ_E_NOINPUT : TJ_E_IO,
	    "%s: no folder can be made beside it: %s", path, strerror(errno));
}

void
tj_scratch_remove(struct tj_scratch *scratch)
{
	char path[sizeof(scratch->path) + 256];
	const struct dirent *entry;
	DIR *folder;

	if (scratch->path[0] == '\0' || (folder = opendir(scratch->path)) == NULL)
		return;
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", scratch->path, entry->d_name);
		(void)unlink(path);
	}
	(void)closedir(folder);
	(void)rmdir(scratch->path);
	scratch->path[0] = '\0';
}
