#include "connectors/file.h"
#include "engine/cli/note_key.h"
#include "engine/cli/witness_logs.h"

static const char logs_begin[] =
    "# The logs that this witness follows: log VKEY [URL], one a line.\nquorum none\n";

static enum tj_rc
path_make(const char **path, struct tj_cli *cli, const char *dir)
{
	*path = tj_str_fmt(cli->arena, "%s/logs", dir).p;
	return *path == NULL ? tj_fail_nomem(&cli->err) : TJ_OK;
}

enum tj_rc
tj_witness_logs_begin(struct tj_cli *cli, const char *dir)
{
	const char *path;

	TRY(path_make(&path, cli, dir));
	return tj_file_write(path, tj_str_of(logs_begin), 0644, &cli->err);
}

enum tj_rc
tj_witness_logs_read(struct tj_policy *logs, struct tj_cli *cli, const char *dir)
{
	const char *path;

	TRY(path_make(&path, cli, dir));
	return tj_note_policy_read(logs, path, cli->arena, &cli->err);
}

enum tj_rc
tj_witness_logs_add(struct tj_cli *cli, const char *dir, const char *vkey_text)
{
	struct tj_policy policy;
	tj_str text, more;
	const char *path;
	tj_vkey vkey;

	TRY(path_make(&path, cli, dir));
	TRY(tj_note_policy_read(&policy, path, cli->arena, &cli->err));
	TRY(tj_vkey_parse(&vkey, tj_str_of(vkey_text), cli->arena, &cli->err));
	TRY(tj_policy_add_log(&policy, &vkey, TJ_S(""), cli->arena, &cli->err));
	TRY(tj_file_read(&text, path, TJ_MAX_POLICY_BYTES, cli->arena, &cli->err));
	more = tj_str_fmt(cli->arena, "%.*slog %s\n", TJ_FMT(text), vkey_text);
	if (more.p == NULL)
		return tj_fail_nomem(&cli->err);
	return tj_file_write(path, more, 0644, &cli->err);
}
