#include "connectors/file.h"
#include "engine/cli/log.h"
#include "exchange/crypto.h"
#include "exchange/format_vc.h"
#include "exchange/jws.h"

enum tj_leaf_kind
tj_log_kind(enum tj_leaf_kind kind, tj_str bytes)
{
	return kind == TJ_LEAF_decl && tj_jws_is_batch(bytes) ? TJ_LEAF_batch : kind;
}

enum tj_rc
tj_log_leaves_with(struct tj_log_leaves *out, struct tj_cli *cli, enum tj_leaf_kind kind,
    const char *path)
{
	struct tj_log_leaves leaves = { .kind = kind };

	if (path != NULL)
		TRY(tj_file_read_private(&leaves.tag_key, path, TJ_MAX_KEY_BYTES, cli->arena,
		    &cli->err));
	if (path != NULL && leaves.tag_key.n < TJ_DIGEST_BYTES)
		return tj_fail(&cli->err, TJ_E_CONFIG, "%s: a tag key has 32 bytes at least; do: "
		    "openssl rand -out %s 32", path, path);
	*out = leaves;
	return TJ_OK;
}

enum tj_rc
tj_log_leaves_read(struct tj_log_leaves *out, struct tj_cli *cli, const struct tj_args *args)
{
	const char *name = tj_args_value(args, "kind");
	const char *path = tj_args_value(args, "tag-key");
	enum tj_leaf_kind kind = TJ_LEAF_decl;

	if (name != NULL && (!tj_leaf_find(&kind, tj_str_of(name)) || kind == TJ_LEAF_batch))
		return tj_fail(&cli->err, TJ_E_USAGE,
		    "--kind is decl, status, keys, grant or label, not %s", name);
	if (path != NULL && kind != TJ_LEAF_decl)
		return tj_fail(&cli->err, TJ_E_USAGE, "only declarations have subject tags");
	return tj_log_leaves_with(out, cli, kind, path);
}

enum tj_rc
tj_log_leaf_of(tj_leaf *out, const struct tj_log_leaves *leaves, tj_str bytes,
    const struct tj_declaration *decl, struct tj_arena *arena, struct tj_err *err)
{
	tj_leaf leaf = { .kind = tj_log_kind(leaves->kind, bytes) };

	TRY(tj_sha256(&leaf.file, bytes, err));
	if (leaves->tag_key.p != NULL)
		TRY(tj_leaf_tag(&leaf.tag, leaves->tag_key, decl->product, decl->period_start,
		    decl->period_end, arena, err));
	*out = leaf;
	return TJ_OK;
}

enum tj_rc
tj_log_leaf(tj_leaf *out, const struct tj_log_leaves *leaves, tj_str bytes,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_declaration decl = { .product = TJ_S("") };
	struct tj_jws jws;

	if (leaves->tag_key.p != NULL) {
		TRY(tj_jws_parse(&jws, bytes, arena, err));
		TRY(tj_vc_read(&decl, NULL, jws.payload, arena, err));
	}
	return tj_log_leaf_of(out, leaves, bytes, &decl, arena, err);
}
