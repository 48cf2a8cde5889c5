#include <unistd.h>

#include "connectors/declared_file.h"
#include "connectors/file.h"
#include "engine/cli/bundle_make.h"
#include "exchange/label_verify.h"
#include "exchange/sha256.h"
#include "model/base/limits.h"

/* A file beside a declaration's, if it is there. */
static enum tj_rc
beside(tj_str *bytes, struct tj_cli *cli, const char *file, const char *ending, size_t most)
{
	const tj_str path = tj_str_fmt(cli->arena, "%s%s", file, ending);

	if (path.p == NULL)
		return tj_fail_nomem(&cli->err);
	return access(path.p, F_OK) != 0 ? TJ_OK :
	    tj_file_read(bytes, path.p, most, cli->arena, &cli->err);
}

static enum tj_rc
add(struct tj_bundling *b, tj_str jws, const char *file)
{
	struct tj_bundled bundled = { .jws = jws };
	struct tj_cli *cli = b->cli;

	TRY(beside(&bundled.proof, cli, file, ".tlog-proof", TJ_MAX_TLOG_PROOF));
	TRY(beside(&bundled.stamp, cli, file, ".tsr", TJ_MAX_STAMP_BYTES));
	TRY(beside(&bundled.query, cli, file, ".tsq", TJ_MAX_STAMP_BYTES));
	return TJ_PUSH(cli->arena, &b->bundle.declarations, bundled) ? TJ_OK :
	    tj_fail_nomem(&cli->err);
}

/* One of the registry, whose file lies where `tanji run` puts it, if files are wanted. */
static enum tj_rc
add_stored(struct tj_bundling *b, const struct tj_stored *stored)
{
	struct tj_cli *cli = b->cli;
	const tj_str name = tj_declared_name(stored->product, cli->arena);
	const tj_str path = tj_str_fmt(cli->arena, "%s/%.*s.jws", b->ws.declarations,
	    TJ_FMT(name));

	if (name.p == NULL || path.p == NULL)
		return tj_fail_nomem(&cli->err);
	return add(b, stored->jws, path.p);
}

/* The one that a label names, among all that were declared of its product. */
struct wanted {
	const struct tj_label	*label;
	struct tj_arena		*arena;
	struct tj_stored	 found;		/* jws empty: not yet */
};

static enum tj_rc
visit(void *ctx, const struct tj_stored *stored, struct tj_err *err)
{
	struct wanted *wanted = ctx;
	tj_digest digest = { { 0 } };

	TRY(tj_sha256(&digest, stored->jws, err));
	if (memcmp(digest.b, wanted->label->declaration, TJ_LABEL_DECLARATION) != 0)
		return TJ_OK;
	wanted->found = (struct tj_stored){ .product = tj_str_dup(stored->product, wanted->arena),
	    .jws = tj_str_dup(stored->jws, wanted->arena) };
	return wanted->found.jws.p == NULL || wanted->found.product.p == NULL ?
	    tj_fail_nomem(err) : TJ_OK;
}

static enum tj_rc
find_labelled(struct tj_stored *stored, struct tj_bundling *b, struct tj_store *store,
    tj_str text)
{
	struct tj_cli *cli = b->cli;
	struct tj_label_code code;
	struct wanted wanted = { .label = &code.label, .arena = cli->arena };
	tj_str bytes, link;

	TRY(tj_label_unlink(&bytes, &link, text, cli->arena, &cli->err));
	TRY(tj_label_read(&code, bytes, cli->arena, &cli->err));
	TRY(store->each(store, code.label.product, visit, &wanted, &cli->err));
	if (wanted.found.jws.n == 0)
		return tj_fail(&cli->err, TJ_E_NOTFOUND, "the declaration that this label of %.*s "
		    "names is not in the registry", TJ_FMT(code.label.product));
	*stored = wanted.found;
	b->bundle.label = text;
	return TJ_OK;
}

static enum tj_rc
find_newest(struct tj_stored *stored, struct tj_bundling *b, struct tj_store *store,
    tj_str name)
{
	struct tj_cli *cli = b->cli;
	tj_ident ident;

	TRY(tj_ident_parse(&ident, name, cli->arena, &cli->err));
	return store->newest(store, stored, ident.canonical, cli->arena, &cli->err);
}

enum tj_rc
tj_bundle_subject(struct tj_bundling *b, const char *name)
{
	struct tj_cli *cli = b->cli;
	const tj_str text = tj_str_of(name);
	const bool is_label = tj_label_is_text(text);
	struct tj_stored stored;
	struct tj_store *store;
	enum tj_rc rc;
	tj_str jws;

	if (!is_label && access(name, F_OK) == 0) {
		TRY(tj_file_read(&jws, name, TJ_MAX_JWS_BYTES, cli->arena, &cli->err));
		return add(b, jws, name);
	}
	TRY(tj_store_lmdb_open(&store, b->ws.registry, TJ_STORE_READ, &cli->err));
	rc = is_label ? find_labelled(&stored, b, store, text) :
	    find_newest(&stored, b, store, text);
	store->close(store);
	return rc == TJ_OK ? add_stored(b, &stored) : rc;
}
