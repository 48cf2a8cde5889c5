#include <unistd.h>

#include "connectors/file.h"
#include "engine/cli/stamp.h"
#include "model/base/limits.h"

enum tj_rc
tj_stamp_check_reply(struct tj_timestamp *stamp, struct tj_cli *cli,
    const struct tj_stamp_files *files, tj_str bytes, tj_str query, tj_str reply,
    const char *from)
{
	struct tj_stamp_check check = { .bytes = bytes, .query = query,
	    .policy = files->policy };

	TRY(tj_file_read(&check.roots, files->roots, TJ_MAX_DOC_BYTES, cli->arena, &cli->err));
	if (files->crls != NULL)
		TRY(tj_file_read(&check.crls, files->crls, TJ_MAX_DOC_BYTES, cli->arena,
		    &cli->err));
	if (tj_timestamp_check(stamp, reply, &check, cli->arena, &cli->err) == TJ_OK)
		return TJ_OK;
	return tj_err_at(&cli->err, from, 0, 0, NULL);
}

enum tj_rc
tj_stamp_check(struct tj_timestamp *stamp, struct tj_cli *cli, const char *file, tj_str bytes,
    const char *roots, const char *crls, tj_str policy)
{
	const struct tj_stamp_files files = { roots, crls, policy };
	const tj_str path = tj_str_fmt(cli->arena, "%s.tsr", file);
	const tj_str query_path = tj_str_fmt(cli->arena, "%s.tsq", file);
	tj_str reply, query = TJ_S("");

	if (path.p == NULL || query_path.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_file_read(&reply, path.p, TJ_MAX_STAMP_BYTES, cli->arena, &cli->err));
	if (access(query_path.p, F_OK) == 0)
		TRY(tj_file_read(&query, query_path.p, TJ_MAX_STAMP_BYTES, cli->arena,
		    &cli->err));
	return tj_stamp_check_reply(stamp, cli, &files, bytes, query, reply, path.p);
}
