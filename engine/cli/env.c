#include <unistd.h>

#include "connectors/file.h"
#include "connectors/resolver_local.h"
#include "engine/cli/env.h"
#include "exchange/crypto.h"
#include "exchange/signer_es256.h"
#include "model/base/limits.h"

static enum tj_rc
issuer_add(struct tj_trust *trust, tj_str issuer, const char *did_path,
    const tj_str *authorities, size_t n, struct tj_arena *arena, struct tj_err *err)
{
	tj_str did;

	TRY(tj_file_read(&did, did_path, TJ_MAX_DOC_BYTES, arena, err));
	if (tj_trust_add(trust, issuer, did, authorities, n, err) == TJ_OK)
		return TJ_OK;
	return tj_err_at(err, did_path, err->line, err->column, NULL);
}

/* The company itself, once its did.json is there. */
static enum tj_rc
own_add(struct tj_trust *trust, const struct tj_workspace *ws, struct tj_arena *arena,
    struct tj_err *err)
{
	static const tj_str anything = { "*", 1 };
	const tj_str own = tj_str_fmt(arena, "%s/did.json", ws->keys);

	if (own.p == NULL)
		return tj_fail_nomem(err);
	if (access(own.p, F_OK) != 0)
		return TJ_OK;
	return issuer_add(trust, ws->issuer, own.p, &anything, 1, arena, err);
}

enum tj_rc
tj_env_trust(struct tj_trust *trust, const struct tj_workspace *ws,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_trust_init(trust, arena);
	TRY(own_add(trust, ws, arena, err));
	for (size_t i = 0; i < ws->trust.n; i++) {
		const struct tj_trust_conf *t = &ws->trust.v[i];

		if (!tj_str_eq(t->issuer, ws->issuer))
			TRY(issuer_add(trust, t->issuer, t->did_path, t->authorities,
			    t->authority_count, arena, err));
	}
	return TJ_OK;
}

enum tj_rc
tj_env_resolver(struct tj_resolver **resolver, const struct tj_workspace *ws,
    const struct tj_trust *trust, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_local_registry *registries;

	*resolver = NULL;
	if (ws->upstream.n == 0)
		return TJ_OK;
	registries = TJ_NEWN(arena, struct tj_local_registry, ws->upstream.n);
	if (registries == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < ws->upstream.n; i++)
		registries[i] = (struct tj_local_registry){
		    ws->upstream.v[i].authority, ws->upstream.v[i].folder };
	return tj_resolver_local_open(resolver, registries, ws->upstream.n, trust, err);
}

static enum tj_rc
probe(struct tj_signer *signer, const struct tj_key *key, struct tj_err *err)
{
	uint8_t signature[TJ_SIGNATURE_BYTES];

	TRY(signer->sign(signer, signature, signer->kid, err));
	return tj_key_verify(key, signature, signer->kid, err);
}

/* What is signed with another key than did.json shows is believed by nobody. */
static enum tj_rc
signer_check(struct tj_signer *signer, const struct tj_workspace *ws,
    const struct tj_trust *published, struct tj_err *err)
{
	const struct tj_issuer *self = tj_trust_find(published, ws->issuer);
	const struct tj_key *key = self == NULL ? NULL : tj_issuer_key(self, ws->kid);
	enum tj_rc rc = TJ_OK;

	if (self == NULL)
		return TJ_OK;		/* nothing is published yet */
	if (key != NULL)
		rc = probe(signer, key, err);
	if (key == NULL || rc == TJ_E_REFUSED)
		return tj_fail(err, TJ_E_CONFLICT, "%s is not the key %.*s of %s/did.json; "
		    "put the right one back, or publish this one: `tanji keys publish %.*s`",
		    ws->key_path, TJ_FMT(ws->kid), ws->keys, TJ_FMT(ws->dir));
	return rc;
}

static enum tj_rc
signer_check_published(struct tj_signer *signer, const struct tj_workspace *ws,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_trust published;
	enum tj_rc rc;

	tj_trust_init(&published, arena);
	rc = own_add(&published, ws, arena, err);
	if (rc == TJ_OK)
		rc = signer_check(signer, ws, &published, err);
	tj_trust_fini(&published);
	return rc;
}

static enum tj_rc
signer_open(struct tj_signer **signer, const struct tj_workspace *ws,
    struct tj_arena *arena, struct tj_err *err)
{
	enum tj_rc rc;
	tj_str pem;

	rc = tj_file_read_private(&pem, ws->key_path, TJ_MAX_DOC_BYTES, arena, err);
	if (rc == TJ_E_NOINPUT && access(ws->key_path, F_OK) != 0)
		return tj_fail(err, rc, "no key at %s; `tanji keys new %.*s` makes one",
		    ws->key_path, TJ_FMT(ws->dir));
	if (rc != TJ_OK)
		return rc;
	rc = tj_signer_es256_open(signer, pem, ws->kid, err);
	explicit_bzero((void *)(uintptr_t)pem.p, pem.n);
	return rc == TJ_OK ? rc : tj_err_at(err, ws->key_path, 0, 0, NULL);
}

enum tj_rc
tj_env_signer(struct tj_signer **signer, const struct tj_workspace *ws,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_signer *opened = NULL;
	enum tj_rc rc;

	TRY(signer_open(&opened, ws, arena, err));
	if ((rc = signer_check_published(opened, ws, arena, err)) != TJ_OK) {
		opened->close(opened);
		return rc;
	}
	*signer = opened;
	return TJ_OK;
}
