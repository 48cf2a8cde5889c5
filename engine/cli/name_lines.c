#include <unistd.h>

#include "connectors/file.h"
#include "engine/cli/name_lines.h"
#include "model/base/buf.h"
#include "model/base/limits.h"

enum tj_rc
tj_name_lines_read(struct tj_names *names, const char *path, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str text, line;

	tj_names_init(names, arena);
	if (access(path, F_OK) != 0)
		return TJ_OK;
	TRY(tj_file_read(&text, path, TJ_MAX_TABLE_BYTES, arena, err));
	while (tj_str_next(&line, &text, '\n')) {
		if (line.n == 0 && text.p == NULL)
			break;		/* behind the last line's end */
		if (line.n == 0 || tj_names_find(names, line) != TJ_NONE) {
			(void)tj_fail(err, TJ_E_DATA, "expected a name that is not there yet; this "
			    "file must not be edited: restore it from a copy");
			return tj_err_at(err, path, (uint32_t)names->list.n + 1, 0, NULL);
		}
		if (tj_names_add(names, line) == TJ_NONE)
			return tj_fail_nomem(err);
	}
	return TJ_OK;
}

enum tj_rc
tj_name_lines_write(const struct tj_names *names, const char *path, struct tj_arena *arena,
    struct tj_err *err)
{
	const tj_str folder = tj_str_dup((tj_str){ path, (size_t)(strrchr(path, '/') - path) },
	    arena);
	struct tj_buf buf;
	enum tj_rc rc;

	if (folder.p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_file_make_folder(folder.p, 0755, err));
	tj_buf_init(&buf, TJ_MAX_TABLE_BYTES);
	for (size_t i = 0; i < names->list.n; i++) {
		tj_buf_put(&buf, names->list.v[i]);
		tj_buf_putc(&buf, '\n');
	}
	rc = buf.failed ? tj_fail_nomem(err) : tj_file_write(path, tj_buf_view(&buf), 0644, err);
	tj_buf_fini(&buf);
	return rc;
}
