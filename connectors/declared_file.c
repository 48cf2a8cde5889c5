#include "connectors/declared_file.h"
#include "connectors/file.h"
#include "model/base/buf.h"
#include "model/base/limits.h"

#define NAME_BYTES	200	/* a file name holds 255; the ending and a temporary's need some */

/*
 * "hdl:88.101.1/C_1" becomes "hdl=88.101.1_C%5F1": letters, digits, dot and minus
 * stand, slash is _, colon is =, all else is %XX.  Names that would be too long
 * keep their end, where batches differ, behind a hash of the whole.
 */
tj_str
tj_declared_name(tj_str canonical, struct tj_arena *arena)
{
	struct tj_buf buf;
	tj_str name = { NULL, 0 };

	tj_buf_init(&buf, 3 * canonical.n + 32);
	for (size_t i = 0; i < canonical.n; i++) {
		const unsigned char c = (unsigned char)canonical.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '.' || c == '-')
			tj_buf_putc(&buf, (char)c);
		else if (c == '/' || c == ':')
			tj_buf_putc(&buf, c == '/' ? '_' : '=');
		else
			tj_buf_fmt(&buf, "%%%02X", c);
	}
	if (!buf.failed && buf.n <= NAME_BYTES)
		name = tj_str_dup(tj_buf_view(&buf), arena);
	else if (!buf.failed)
		name = tj_str_fmt(arena, "%016llx%.*s",
		    (unsigned long long)tj_str_hash(canonical), NAME_BYTES - 16,
		    buf.p + buf.n - (NAME_BYTES - 16));
	tj_buf_fini(&buf);
	return name;
}

enum tj_rc
tj_declared_proof(tj_str *text, const char *folder, tj_str canonical, struct tj_arena *arena,
    struct tj_err *err)
{
	const tj_str name = tj_declared_name(canonical, arena);
	const tj_str path = tj_str_fmt(arena, "%s/%.*s.jws.tlog-proof", folder, TJ_FMT(name));

	if (name.p == NULL || path.p == NULL)
		return tj_fail_nomem(err);
	return tj_file_read(text, path.p, TJ_MAX_TLOG_PROOF, arena, err);
}
