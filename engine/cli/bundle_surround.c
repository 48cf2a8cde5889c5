#include <unistd.h>

#include "connectors/file.h"
#include "engine/cli/bundle_make.h"
#include "exchange/format_vc.h"
#include "exchange/status.h"
#include "model/base/limits.h"

#define DAYS	30	/* that a bundle is valid, where nothing is said */

static enum tj_rc
list_add(struct tj_bundling *b, const char *path)
{
	struct tj_cli *cli = b->cli;
	struct tj_status_list list;
	tj_str jws;

	TRY(tj_file_read(&jws, path, TJ_MAX_JWS_BYTES, cli->arena, &cli->err));
	for (size_t i = 0; i < b->bundle.status.n; i++)
		if (tj_str_eq(b->bundle.status.v[i], jws))
			return TJ_OK;
	if (tj_status_list_open(&list, jws, &b->trust, cli->at, cli->arena, &cli->err) != TJ_OK)
		return tj_err_at(&cli->err, path, 0, 0, NULL);
	/* A bundle lives no longer than what is in it. */
	if (list.valid_until != TJ_TIME_NONE && list.valid_until < b->bundle.expires)
		b->bundle.expires = list.valid_until;
	return TJ_PUSH(cli->arena, &b->bundle.status, jws) ? TJ_OK : tj_fail_nomem(&cli->err);
}

/* The company's own lists lie in the folder that is published under [status] url. */
static enum tj_rc
own_lists_add(struct tj_bundling *b, const struct tj_declaration *decl)
{
	const tj_str url = b->ws.status_url;

	for (size_t i = 0; url.n > 0 && i < decl->status.list.n; i++) {
		const tj_str list = decl->status.list.v[i].list;
		const tj_str rest = tj_str_cut(list, url.n, list.n);
		const tj_str path = tj_str_fmt(b->cli->arena, "%s%.*s", b->ws.status,
		    TJ_FMT(rest));
		uint32_t generation, number;
		tj_str prefix;

		if (path.p == NULL)
			return tj_fail_nomem(&b->cli->err);
		/* Names of ours alone become paths. */
		if (tj_str_starts(list, url) &&
		    tj_status_list_split(&prefix, &generation, &number, list) &&
		    access(path.p, F_OK) == 0)
			TRY(list_add(b, path.p));
	}
	return TJ_OK;
}

static enum tj_rc
issuer_add(struct tj_bundling *b, tj_str id)
{
	const struct tj_issuer *known = tj_trust_find(&b->trust, id);
	struct tj_trust_issuer issuer;

	for (size_t i = 0; i < b->bundle.issuers.list.n; i++)
		if (tj_str_eq(b->bundle.issuers.list.v[i].did.id, id))
			return TJ_OK;
	if (known == NULL)
		return TJ_OK;	/* by certificate, which it carries, or not at all */
	TRY(tj_trust_issuer_of(&issuer, known, b->cli->arena, &b->cli->err));
	return TJ_PUSH(b->cli->arena, &b->bundle.issuers.list, issuer) ? TJ_OK :
	    tj_fail_nomem(&b->cli->err);
}

static enum tj_rc
declaration_surround(struct tj_bundling *b, tj_str bytes)
{
	struct tj_cli *cli = b->cli;
	struct tj_declaration decl;
	struct tj_jws jws;

	TRY(tj_jws_parse(&jws, bytes, cli->arena, &cli->err));
	TRY(tj_vc_read(&decl, NULL, jws.payload, cli->arena, &cli->err));
	TRY(issuer_add(b, decl.issuer));
	return own_lists_add(b, &decl);
}

enum tj_rc
tj_bundle_surround(struct tj_bundling *b)
{
	const char *policy = tj_args_value(b->args, "policy"), *path;
	struct tj_cli *cli = b->cli;

	b->bundle.issuer = b->ws.issuer;
	b->bundle.made = b->cli->at;
	TRY(tj_args_until(&b->bundle.expires, b->args, b->cli->at, DAYS, &b->cli->err));
	TRY(issuer_add(b, b->ws.issuer));
	for (size_t i = 0; i < b->bundle.declarations.n; i++)
		TRY(declaration_surround(b, b->bundle.declarations.v[i].jws));
	for (size_t i = 0; (path = tj_args_nth(b->args, "status", i)) != NULL; i++)
		TRY(list_add(b, path));
	return policy == NULL ? TJ_OK : tj_file_read(&b->bundle.policy, policy,
	    TJ_MAX_POLICY_BYTES, cli->arena, &cli->err);
}
