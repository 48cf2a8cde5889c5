#include <stdio.h>

#include "connectors/file.h"
#include "connectors/store.h"
#include "engine/cli/log_fill.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "engine/cli/workspace.h"
#include "model/base/limits.h"

/* What sha256sum writes: 64 digits, blanks, a name that is not looked at. */
static enum tj_rc
hashes_add(struct tj_log_fill *fill, const char *path)
{
	tj_leaf leaf = { .kind = fill->leaves.kind };
	struct tj_cli *cli = fill->cli;
	tj_str rest, line;
	uint32_t number = 0;

	TRY(tj_note_input(&rest, cli, path, TJ_MAX_TABLE_BYTES));
	while (tj_note_line(&line, &rest)) {
		number++;
		if (!tj_digest_parse(&leaf.file, tj_str_cut(line, 0, TJ_DIGEST_HEX - 1)) ||
		    (line.n >= TJ_DIGEST_HEX && line.p[TJ_DIGEST_HEX - 1] != ' ')) {
			(void)tj_fail(&cli->err, TJ_E_DATA,
			    "a line begins with a SHA-256, as sha256sum writes it");
			return tj_err_at(&cli->err, path, number, 0, NULL);
		}
		TRY(tj_log_fill_leaf(fill, &leaf));
	}
	return rest.n == 0 ? TJ_OK : tj_fail(&cli->err, TJ_E_DATA,
	    "%s: the last line does not end with a newline: is this all of it?", path);
}

static enum tj_rc
registry_add(struct tj_log_fill *fill, const char *dir)
{
	struct tj_cli *cli = fill->cli;
	struct tj_workspace ws;
	struct tj_store *store;
	enum tj_rc rc;

	TRY(tj_workspace_read(&ws, dir, cli->arena, &cli->err));
	TRY(tj_store_lmdb_open(&store, ws.registry, TJ_STORE_READ, &cli->err));
	rc = tj_log_fill_store(fill, store);
	store->close(store);
	return rc;
}

static enum tj_rc
files_add(struct tj_log_fill *fill, const struct tj_args *args)
{
	tj_str bytes;

	for (size_t i = 2; i < args->operand_count; i++) {
		TRY(tj_file_read(&bytes, args->operands[i], TJ_MAX_DOC_BYTES, fill->chunk,
		    &fill->cli->err));
		if (tj_log_kind(fill->leaves.kind, bytes) == TJ_LEAF_batch)
			return tj_fail(&fill->cli->err, TJ_E_REFUSED, "%s is signed in a batch: "
			    "whose leaf it is made, declares it; --dir appends a company's own",
			    args->operands[i]);
		TRY(tj_log_fill_bytes(fill, bytes, args->operands[i]));
	}
	return TJ_OK;
}

static enum tj_rc
tell(const struct tj_log_fill *fill)
{
	struct tj_cli *cli = fill->cli;
	const uint64_t size = tj_tlog_size(fill->log);
	struct tj_json_writer json;

	if (cli->json) {
		tj_json_begin(&json, TJ_MAX_DOC_BYTES);
		tj_json_open(&json, NULL, '{');
		tj_json_put_count(&json, "appended", fill->added);
		tj_json_put_count(&json, "known", fill->known);
		tj_json_put_count(&json, "size", (size_t)size);
		tj_json_close(&json, '}');
		return tj_report_json(cli, &json);
	}
	for (size_t i = 0; i < fill->told.n; i++)
		(void)printf("%llu %s\n", (unsigned long long)fill->told.v[i].index,
		    fill->told.v[i].path);
	(void)fprintf(stderr, TJ_SAY(cli, "%zu appended, %zu were there, size %llu\n",
	    "新增 %zu 条，已有 %zu 条，共 %llu 条\n"), fill->added, fill->known,
	    (unsigned long long)size);
	return TJ_OK;
}

static enum tj_rc
append_all(struct tj_log_fill *fill, const struct tj_args *args)
{
	const char *works = tj_args_value(args, "dir");
	const char *hashes = tj_args_value(args, "hashes");

	if (works != NULL)
		TRY(registry_add(fill, works));
	if (hashes != NULL)
		TRY(hashes_add(fill, hashes));
	TRY(files_add(fill, args));
	TRY(tj_log_fill_commit(fill));
	return tell(fill);
}

enum tj_rc
tj_cmd_log_append(struct tj_cli *cli, const struct tj_args *args, const char *dir)
{
	struct tj_log_leaves leaves;
	struct tj_log_fill fill;
	enum tj_rc rc;

	if (args->operand_count < 3 && !tj_args_has(args, "dir") && !tj_args_has(args, "hashes"))
		return tj_fail(&cli->err, TJ_E_USAGE,
		    "append which files? or with --dir all declarations of a company");
	TRY(tj_log_leaves_read(&leaves, cli, args));
	if (leaves.tag_key.p != NULL && tj_args_has(args, "hashes"))
		return tj_fail(&cli->err, TJ_E_USAGE,
		    "a subject tag is made from a declaration, which a hash does not show");
	rc = tj_log_fill_open(&fill, cli, dir, &leaves, NULL);
	if (rc == TJ_OK)
		rc = append_all(&fill, args);
	tj_log_fill_close(&fill);
	return rc;
}
