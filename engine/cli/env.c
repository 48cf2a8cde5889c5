#include <stdio.h>
#include <unistd.h>

#include "connectors/file.h"
#include "connectors/resolver_chain.h"
#include "connectors/resolver_local.h"
#include "connectors/system_clock.h"
#include "engine/cli/env.h"
#include "engine/cli/key_files.h"
#include "engine/cli/note_key.h"
#include "exchange/crypto.h"
#include "exchange/signer_es256.h"
#include "exchange/trust_list.h"
#include "model/base/limits.h"

/* The key history, where it lies beside did.json. */
static enum tj_rc
history_add(struct tj_trust *trust, tj_str issuer, const char *did_path,
    struct tj_arena *arena, struct tj_err *err)
{
	const char *slash = strrchr(did_path, '/');
	const tj_str path = tj_str_fmt(arena, "%.*s" TJ_KEY_HISTORY_FILE,
	    slash == NULL ? 0 : (int)(slash + 1 - did_path), did_path);
	tj_str jws;

	if (path.p == NULL)
		return tj_fail_nomem(err);
	if (access(path.p, F_OK) != 0)
		return TJ_OK;
	TRY(tj_file_read(&jws, path.p, TJ_MAX_DOC_BYTES, arena, err));
	if (tj_trust_add_history(trust, issuer, jws, err) == TJ_OK)
		return TJ_OK;
	return tj_err_at(err, path.p, err->line, err->column, NULL);
}

static enum tj_rc
issuer_add(struct tj_trust *trust, tj_str issuer, const char *did_path,
    const tj_str *authorities, size_t n, struct tj_arena *arena, struct tj_err *err)
{
	tj_str did;

	TRY(tj_file_read(&did, did_path, TJ_MAX_DOC_BYTES, arena, err));
	if (tj_trust_add(trust, issuer, did, authorities, n, err) != TJ_OK)
		return tj_err_at(err, did_path, err->line, err->column, NULL);
	return history_add(trust, issuer, did_path, arena, err);
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
tj_env_anchors(struct tj_trust *trust, const struct tj_anchors_conf *conf,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_anchors *anchors = NULL;
	tj_str roots, crls = TJ_S("");

	TRY(tj_file_read(&roots, conf->roots, TJ_MAX_DOC_BYTES, arena, err));
	if (conf->crl != NULL)
		TRY(tj_file_read(&crls, conf->crl, TJ_MAX_DOC_BYTES, arena, err));
	if (tj_anchors_open(&anchors, roots, crls, conf->unlisted, err) != TJ_OK)
		return tj_err_at(err, conf->roots, 0, 0, NULL);
	return tj_trust_add_anchors(trust, anchors, conf->authorities, conf->authority_count, err);
}

enum tj_rc
tj_env_trust_list(struct tj_trust_list *list, const struct tj_workspace *ws, tj_time at,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_list_conf *conf = &ws->list;
	struct tj_trust_signers signers;
	tj_str note;

	if (access(conf->path, F_OK) != 0)
		return tj_fail(err, TJ_E_NOINPUT, "no trust list at %s; `tanji trust use LIST "
		    "%.*s` puts one there", conf->path, TJ_FMT(ws->dir));
	TRY(tj_trust_signers_make(&signers, conf->signers.v, conf->signers.n, conf->threshold,
	    arena, err));
	TRY(tj_file_read(&note, conf->path, TJ_MAX_NOTE_BYTES, arena, err));
	return tj_trust_list_open(list, note, &signers, at, arena, err) == TJ_OK ? TJ_OK :
	    tj_err_at(err, conf->path, 0, 0, NULL);
}

static enum tj_rc
list_add(struct tj_trust *trust, const struct tj_workspace *ws, tj_time at,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_trust_list list;

	TRY(tj_env_trust_list(&list, ws, at, arena, err));
	return tj_trust_add_list(trust, &list, err);
}

static enum tj_rc
logs_add(struct tj_trust *trust, const struct tj_logs_conf *conf, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_policy *policy = TJ_NEW(arena, struct tj_policy);

	if (policy == NULL)
		return tj_fail_nomem(err);
	if (conf->policy != NULL)
		TRY(tj_note_policy_read(policy, conf->policy, arena, err));
	for (size_t i = 0; i < conf->vkeys.n; i++)
		TRY(tj_policy_add_log(policy, &conf->vkeys.v[i], TJ_S(""), arena, err));
	return tj_trust_add_logs(trust, conf->issuer, policy, err);
}

enum tj_rc
tj_env_trust(struct tj_trust *trust, const struct tj_workspace *ws, tj_time at,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_trust_init(trust, arena);
	TRY(own_add(trust, ws, arena, err));
	if (ws->anchors.roots != NULL)
		TRY(tj_env_anchors(trust, &ws->anchors, arena, err));
	for (size_t i = 0; i < ws->trust.n; i++) {
		const struct tj_trust_conf *t = &ws->trust.v[i];

		if (!tj_str_eq(t->issuer, ws->issuer))
			TRY(issuer_add(trust, t->issuer, t->did_path, t->authorities,
			    t->authority_count, arena, err));
	}
	for (size_t i = 0; i < ws->logs.n; i++)
		TRY(logs_add(trust, &ws->logs.v[i], arena, err));
	/* Last: whom the reader has named, is believed as named, and by the logs he has named. */
	return ws->list.path == NULL ? TJ_OK : list_add(trust, ws, at, arena, err);
}

static enum tj_rc
local_open(struct tj_resolver **resolver, const struct tj_workspace *ws,
    const struct tj_trust *trust, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_local_registry *registries =
	    TJ_NEWN(arena, struct tj_local_registry, ws->upstream.n);

	if (registries == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < ws->upstream.n; i++)
		registries[i] = (struct tj_local_registry){
		    ws->upstream.v[i].authority, ws->upstream.v[i].folder,
		    ws->upstream.v[i].proofs };
	return tj_resolver_local_open(resolver, registries, ws->upstream.n, trust, err);
}

static void
tell(void *ctx, const char *text)
{
	(void)ctx;
	(void)fprintf(stderr, "tanji: %s\n", text);
}

static enum tj_rc
roots_load(struct tj_node_options *options, const struct tj_resolve_conf *conf,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_handle_root *roots = TJ_NEWN(arena, struct tj_handle_root, conf->roots.n + 1);

	if (roots == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < conf->roots.n; i++)
		TRY(tj_root_load(&roots[i], &conf->roots.v[i], arena, err));
	options->roots = roots;
	options->root_count = conf->roots.n;
	return TJ_OK;
}

static enum tj_rc
network_open(struct tj_resolver **resolver, const struct tj_workspace *ws,
    const struct tj_asking *asking, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_resolve_conf *conf = &ws->resolve;
	struct tj_guard *guard = TJ_NEW(arena, struct tj_guard);
	struct tj_node_options options = { .root = conf->root, .guard = guard,
	    .ca = conf->ca, .cache = conf->cache, .fresh = asking->fresh,
	    .deadline_s = conf->deadline_s, .keep_s = conf->keep_s,
	    .clock = tj_clock_system(), .trust = asking->trust, .crew = asking->crew,
	    .trace = asking->trace, .tell = tell, .ctx = asking->ctx };

	if (guard == NULL)
		return tj_fail_nomem(err);
	guard->allowed = conf->allowed.v;
	guard->allowed_count = conf->allowed.n;
	TRY(roots_load(&options, conf, arena, err));
	return tj_resolver_node_open(resolver, &options, err);
}

enum tj_rc
tj_env_resolver(struct tj_resolver **out, const struct tj_workspace *ws,
    const struct tj_asking *asking, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_resolver *local = NULL, *network = NULL;
	enum tj_rc rc;

	if (ws->resolve.root.n > 0)
		TRY(network_open(&network, ws, asking, arena, err));
	rc = ws->upstream.n == 0 ? TJ_OK :
	    local_open(&local, ws, asking->trust, arena, err);
	if (rc == TJ_OK && local != NULL && network != NULL)
		return tj_resolver_chain_open(out, local, network, err);
	if (rc == TJ_OK)
		*out = local != NULL ? local : network;
	else if (network != NULL)
		network->close(network);
	return rc;
}

static enum tj_rc
probe(struct tj_signer *signer, const struct tj_key *key, struct tj_err *err)
{
	uint8_t signature[TJ_SIGNATURE_BYTES];
	tj_digest digest;

	TRY(tj_sha256(&digest, signer->kid, err));
	TRY(signer->sign(signer, signature, &digest, err));
	return tj_key_verify(key, signature, signer->kid, err);
}

/* What is signed with another key than did.json shows is believed by nobody. */
static enum tj_rc
signer_check(struct tj_signer *signer, const struct tj_workspace *ws,
    const struct tj_trust *published, struct tj_err *err)
{
	const struct tj_issuer *self = tj_trust_find(published, ws->issuer);
	const struct tj_trusted_key *key = self == NULL ? NULL : tj_issuer_key(self, ws->kid);
	enum tj_rc rc = TJ_OK;

	if (self == NULL)
		return TJ_OK;		/* nothing is published yet */
	if (key != NULL)
		rc = probe(signer, key->key, err);
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

/* What goes with all that it signs from now on; lives as long as the arena. */
static enum tj_rc
certificate_add(struct tj_signer *signer, const struct tj_workspace *ws, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_key *key = NULL;
	tj_point point = { { 0 }, { 0 } };
	enum tj_rc rc;
	tj_str pem;

	TRY(tj_file_read(&pem, ws->certificate, TJ_MAX_DOC_BYTES, arena, err));
	TRY(tj_key_file_read(&key, ws, arena, err));
	rc = tj_key_point(&point, key, err);
	tj_key_free(key);
	if (rc == TJ_OK)
		rc = tj_x5c_read(&signer->x5c, &signer->x5c_count, pem, &point, ws->issuer, arena,
		    err);
	return rc == TJ_OK ? rc : tj_err_at(err, ws->certificate, 0, 0, NULL);
}

enum tj_rc
tj_env_signer(struct tj_signer **signer, const struct tj_workspace *ws,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_signer *opened = NULL;
	enum tj_rc rc;

	TRY(signer_open(&opened, ws, arena, err));
	rc = signer_check_published(opened, ws, arena, err);
	if (rc == TJ_OK && ws->certificate != NULL)
		rc = certificate_add(opened, ws, arena, err);
	if (rc != TJ_OK) {
		opened->close(opened);
		return rc;
	}
	*signer = opened;
	return TJ_OK;
}

enum tj_rc
tj_env_gm(struct tj_sm2 **key, const struct tj_workspace *ws, struct tj_arena *arena,
    struct tj_err *err)
{
	enum tj_rc rc;
	tj_str pem;

	*key = NULL;
	if (ws->gm_key == NULL)
		return TJ_OK;
	rc = tj_file_read_private(&pem, ws->gm_key, TJ_MAX_DOC_BYTES, arena, err);
	if (rc == TJ_E_NOINPUT && access(ws->gm_key, F_OK) != 0)
		return tj_fail(err, rc, "no SM2 key at %s; `tanji keys gm %.*s` makes one",
		    ws->gm_key, TJ_FMT(ws->dir));
	if (rc != TJ_OK)
		return rc;
	rc = tj_sm2_read_pem(key, pem, false, err);
	explicit_bzero((void *)(uintptr_t)pem.p, pem.n);
	return rc == TJ_OK ? rc : tj_err_at(err, ws->gm_key, 0, 0, NULL);
}

enum tj_rc
tj_env_sm2_public(struct tj_sm2 **key, const char *path, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str pem;

	TRY(tj_file_read(&pem, path, TJ_MAX_KEY_BYTES, arena, err));
	return tj_sm2_read_pem(key, pem, true, err) == TJ_OK ? TJ_OK :
	    tj_err_at(err, path, 0, 0, NULL);
}

enum tj_rc
tj_env_own_key(const struct tj_key **key, const struct tj_trust *trust,
    const struct tj_workspace *ws, struct tj_err *err)
{
	const struct tj_issuer *self = tj_trust_find(trust, ws->issuer);
	const struct tj_trusted_key *own = self == NULL ? NULL : tj_issuer_key(self, ws->kid);

	if (own == NULL)
		return tj_fail(err, TJ_E_NOTFOUND, "%.*s is not in %s/did.json; `tanji keys "
		    "publish %.*s` writes it", TJ_FMT(ws->kid), ws->keys, TJ_FMT(ws->dir));
	*key = own->key;
	return TJ_OK;
}
