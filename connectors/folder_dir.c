#include "connectors/file.h"
#include "connectors/folder.h"
#include "model/base/mem.h"

struct dir {
	struct tj_folder folder;
	char		 path[];
};

static enum tj_rc
dir_read(struct tj_folder *folder, tj_str *bytes, const char *name, size_t max_bytes,
    struct tj_arena *arena, struct tj_err *err)
{
	const tj_str path = tj_str_fmt(arena, "%s/%s", folder->place, name);

	return path.p == NULL ? tj_fail_nomem(err) :
	    tj_file_read(bytes, path.p, max_bytes, arena, err);
}

static void
dir_close(struct tj_folder *folder)
{
	tj_mem_free(folder);
}

enum tj_rc
tj_folder_dir_open(struct tj_folder **out, const char *path, struct tj_err *err)
{
	const size_t n = strlen(path);
	struct dir *dir = tj_mem_calloc(1, sizeof(*dir) + n + 1);

	if (dir == NULL)
		return tj_fail_nomem(err);
	memcpy(dir->path, path, n);
	dir->folder = (struct tj_folder){ dir->path, dir_read, dir_close };
	*out = &dir->folder;
	return TJ_OK;
}
