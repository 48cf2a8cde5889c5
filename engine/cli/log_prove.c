#include <stdio.h>

#include "connectors/file.h"
#include "connectors/tlog_index.h"
#include "engine/cli/log.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "exchange/tlog_proof.h"

/* Opening the log looks at its edge alone: a tile within it may be damaged. */
static enum tj_rc
proof_check(const struct tj_tlog_proof *proof, struct tj_log_view *view, struct tj_err *err)
{
	const struct tj_merkle_nodes nodes = tj_tlog_nodes(view->reader);
	tj_digest leaf;
	enum tj_rc rc;

	TRY(nodes.get(nodes.ctx, &leaf, 0, proof->index, err));
	rc = tj_merkle_check_leaf(&proof->path, tj_tlog_sha256(view->reader), &leaf,
	    proof->index, view->checkpoint.size, &view->checkpoint.root, err);
	return rc != TJ_E_REFUSED ? rc : tj_fail(err, TJ_E_CORRUPT, "the tiles do not prove leaf "
	    "%llu; `tanji log fsck` tells which is damaged", (unsigned long long)proof->index);
}

static enum tj_rc
proof_make(tj_str *text, struct tj_log_view *view, uint64_t index, tj_str extra,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_merkle_nodes nodes = tj_tlog_nodes(view->reader);
	struct tj_tlog_proof proof = { .extra = extra, .index = index, .bytes = view->bytes };

	TRY(tj_merkle_prove_leaf(&proof.path, &nodes, tj_tlog_sha256(view->reader), index,
	    view->checkpoint.size, err));
	TRY(proof_check(&proof, view, err));
	return tj_tlog_proof_text(text, &proof, arena, err);
}

enum tj_rc
tj_log_prove(tj_str *proof, struct tj_log_view *view, uint64_t place, const tj_leaf *leaf,
    struct tj_arena *arena, struct tj_err *err)
{
	char text[TJ_LEAF_MOST];
	const tj_str entry = tj_leaf_text(text, leaf);

	return proof_make(proof, view, place, leaf->tag.is_set ? entry : (tj_str){ NULL, 0 },
	    arena, err);
}

static enum tj_rc
prove_file(struct tj_log_view *view, const struct tj_tlog_index *index,
    const struct tj_log_leaves *leaves, const char *path, struct tj_cli *cli)
{
	char entry[TJ_LEAF_MOST];
	const tj_str out = tj_str_fmt(cli->arena, "%s.tlog-proof", path);
	tj_str bytes, proof;
	tj_digest hash;
	uint64_t place;
	tj_leaf leaf;

	if (out.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_file_read(&bytes, path, TJ_MAX_DOC_BYTES, cli->arena, &cli->err));
	TRY(tj_log_leaf(&leaf, leaves, bytes, cli->arena, &cli->err));
	TRY(tj_merkle_leaf(&hash, tj_tlog_sha256(view->reader), tj_leaf_text(entry, &leaf),
	    &cli->err));
	if ((place = tj_tlog_index_find(index, &hash)) == TJ_LEAF_NONE)
		return tj_fail(&cli->err, TJ_E_NOTFOUND, "%s is not in this log as it is now (as "
		    "--kind %s%s); `tanji log append` puts it there", path,
		    tj_leaf_key(leaves->kind), leaf.tag.is_set ? ", with a tag" :
		    ", without a tag");
	TRY(tj_log_prove(&proof, view, place, &leaf, cli->arena, &cli->err));
	TRY(tj_file_put(out.p, proof, 0644, &cli->err));
	(void)printf("%llu %s\n", (unsigned long long)place, out.p);
	return TJ_OK;
}

static enum tj_rc
prove_files(struct tj_log_view *view, struct tj_cli *cli, const struct tj_args *args)
{
	struct tj_tlog_index index;
	struct tj_log_leaves leaves;
	enum tj_rc rc = TJ_OK;

	TRY(tj_log_leaves_read(&leaves, cli, args));
	TRY(tj_tlog_index_read(&index, view->reader, &cli->err));
	for (size_t i = 2; i < args->operand_count && rc == TJ_OK; i++)
		rc = prove_file(view, &index, &leaves, args->operands[i], cli);
	tj_tlog_index_fini(&index);
	return rc;
}

static enum tj_rc
prove_index(struct tj_log_view *view, struct tj_cli *cli, const char *text)
{
	uint64_t index;
	tj_str proof;

	if (!tj_note_number(&index, tj_str_of(text)))
		return tj_fail(&cli->err, TJ_E_USAGE, "--index is a number from 0, not %s", text);
	TRY(proof_make(&proof, view, index, (tj_str){ NULL, 0 }, cli->arena, &cli->err));
	(void)fwrite(proof.p, 1, proof.n, stdout);
	return TJ_OK;
}

enum tj_rc
tj_cmd_log_prove(struct tj_cli *cli, const struct tj_args *args, const char *dir)
{
	const char *index = tj_args_value(args, "index");
	struct tj_log_view view;
	enum tj_rc rc;

	if (tj_args_has(args, "dir") && index == NULL && args->operand_count < 3)
		return tj_cmd_log_prove_all(cli, args, dir);
	if ((index == NULL) == (args->operand_count < 3))
		return tj_fail(&cli->err, TJ_E_USAGE, "prove which files? or one --index, or "
		    "with --dir all declarations of a company");
	TRY(tj_log_view_open(&view, cli, dir));
	rc = index != NULL ? prove_index(&view, cli, index) : prove_files(&view, cli, args);
	tj_log_view_close(&view);
	return rc;
}
