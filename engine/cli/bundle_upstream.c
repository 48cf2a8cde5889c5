#include "connectors/declared_file.h"
#include "connectors/file.h"
#include "engine/cli/bundle_make.h"
#include "exchange/format_vc.h"
#include "exchange/jws.h"
#include "model/base/limits.h"

/* The declaration with this signing input, in one supplier's registry; its proof, if one of a
 * batch needs it. */
static enum tj_rc
find_in(struct tj_bundled *found, struct tj_bundling *b, const struct tj_upstream_conf *from,
    const struct tj_upstream *up)
{
	struct tj_cli *cli = b->cli;
	struct tj_stored stored;
	struct tj_store *store;
	enum tj_rc rc;

	TRY(tj_store_lmdb_open(&store, from->folder, TJ_STORE_READ, &cli->err));
	rc = store->by_id(store, &stored, up->id, cli->arena, &cli->err);
	store->close(store);
	if (rc != TJ_OK || !tj_digest_eq(&stored.digest, &up->digest))
		return rc;
	found->jws = stored.jws;
	return from->proofs == NULL || !tj_jws_is_batch(stored.jws) ? TJ_OK :
	    tj_declared_proof(&found->proof, from->proofs, stored.product, cli->arena, &cli->err);
}

/* Left out where nobody here has it. */
static enum tj_rc
find_one(struct tj_bundled *found, struct tj_bundling *b, const struct tj_upstream *up)
{
	for (size_t i = 0; i < b->ws.upstream.n && found->jws.n == 0; i++) {
		const enum tj_rc rc = find_in(found, b, &b->ws.upstream.v[i], up);

		if (rc == TJ_E_NOMEM)
			return rc;
	}
	tj_err_clear(&b->cli->err);
	return TJ_OK;
}

static bool
is_there(const struct tj_bundle *bundle, tj_str jws)
{
	for (size_t i = 0; i < bundle->declarations.n; i++)
		if (tj_str_eq(bundle->declarations.v[i].jws, jws))
			return true;
	return false;
}

static enum tj_rc
add(struct tj_bundling *b, const struct tj_bundled *it)
{
	if (it->jws.n == 0 || is_there(&b->bundle, it->jws))
		return TJ_OK;
	if (b->bundle.declarations.n == TJ_MAX_BUNDLED)
		return tj_fail(&b->cli->err, TJ_E_LIMIT, "it rests on more than %u declarations; "
		    "--alone leaves them out", TJ_MAX_BUNDLED);
	return TJ_PUSH(b->cli->arena, &b->bundle.declarations, *it) ? TJ_OK :
	    tj_fail_nomem(&b->cli->err);
}

static enum tj_rc
add_upstream(struct tj_bundling *b, tj_str bytes)
{
	struct tj_cli *cli = b->cli;
	struct tj_declaration decl;
	struct tj_jws jws;

	TRY(tj_jws_parse(&jws, bytes, cli->arena, &cli->err));
	TRY(tj_vc_read(&decl, NULL, jws.payload, cli->arena, &cli->err));
	for (size_t i = 0; i < decl.upstream.n; i++) {
		struct tj_bundled found = { .jws = TJ_S("") };

		TRY(find_one(&found, b, &decl.upstream.v[i]));
		TRY(add(b, &found));
	}
	return TJ_OK;
}

enum tj_rc
tj_bundle_upstream(struct tj_bundling *b)
{
	const struct tj_args *args = b->args;

	if (tj_args_has(args, "alone"))
		return TJ_OK;
	for (size_t i = 1; i < args->operand_count; i++) {
		struct tj_bundled given = { .jws = TJ_S("") };

		TRY(tj_file_read(&given.jws, args->operands[i], TJ_MAX_JWS_BYTES, b->cli->arena,
		    &b->cli->err));
		TRY(add(b, &given));
	}
	/* Grows while it is walked: what was found may rest on more. */
	for (size_t i = 0; i < b->bundle.declarations.n; i++)
		TRY(add_upstream(b, b->bundle.declarations.v[i].jws));
	return TJ_OK;
}
