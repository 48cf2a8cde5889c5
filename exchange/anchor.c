#include "exchange/anchor.h"
#include "exchange/crypto.h"
#include "exchange/json.h"
#include "model/base/limits.h"

enum tj_rc
tj_anchor_write(tj_str *json, const struct tj_anchor *anchor, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_json_writer out;

	tj_json_begin(&out, TJ_MAX_KEYS_BYTES);
	tj_json_open(&out, NULL, '{');
	tj_json_put(&out, "chain", anchor->chain);
	tj_json_put(&out, "transaction", anchor->transaction);
	tj_json_put(&out, "checkpoint", anchor->checkpoint);
	tj_json_close(&out, '}');
	return tj_json_end(json, &out, arena, err);
}

static enum tj_rc
get_name(tj_str *name, const struct tj_json *root, const char *member, struct tj_err *err)
{
	TRY(tj_json_get_text(name, root, member, err));
	if (name->n == 0 || tj_str_control(*name) < name->n)
		return tj_fail(err, TJ_E_DATA, "%s is empty or holds a control character", member);
	return TJ_OK;
}

enum tj_rc
tj_anchor_read(struct tj_anchor *out, tj_str json, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_anchor anchor = { .chain = TJ_S("") };
	const struct tj_json *root;

	if (json.n > TJ_MAX_KEYS_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "an anchor of more than %zu bytes",
		    TJ_MAX_KEYS_BYTES);
	TRY(tj_json_read(&root, json, arena, err));
	TRY(get_name(&anchor.chain, root, "chain", err));
	TRY(get_name(&anchor.transaction, root, "transaction", err));
	TRY(tj_json_get_text(&anchor.checkpoint, root, "checkpoint", err));
	*out = anchor;
	return TJ_OK;
}

enum tj_rc
tj_anchor_value(tj_str *value, tj_str checkpoint, struct tj_arena *arena, struct tj_err *err)
{
	char hex[TJ_DIGEST_HEX];
	tj_digest digest = { 0 };
	tj_str made;

	TRY(tj_sha256(&digest, checkpoint, err));
	made = tj_str_fmt(arena, "sha256:%s", tj_digest_hex(hex, &digest));
	if (made.p == NULL)
		return tj_fail_nomem(err);
	*value = made;
	return TJ_OK;
}
