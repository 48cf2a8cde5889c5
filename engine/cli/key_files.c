#include <stdio.h>
#include <unistd.h>

#include "connectors/file.h"
#include "engine/cli/key_files.h"
#include "exchange/signer_es256.h"
#include "model/base/limits.h"

enum tj_rc
tj_key_file_read(struct tj_key **key, const struct tj_workspace *ws, struct tj_arena *arena,
    struct tj_err *err)
{
	enum tj_rc rc;
	tj_str pem;

	TRY(tj_file_read_private(&pem, ws->key_path, TJ_MAX_DOC_BYTES, arena, err));
	rc = tj_key_read_pem(key, pem, err);
	explicit_bzero((void *)(uintptr_t)pem.p, pem.n);
	return rc == TJ_OK ? rc : tj_err_at(err, ws->key_path, 0, 0, NULL);
}

enum tj_rc
tj_key_file_write(const char *path, tj_str pem, struct tj_arena *arena, struct tj_err *err)
{
	/* A slash is always there: see tj_workspace_path(). */
	const tj_str folder = tj_str_dup((tj_str){ path, (size_t)(strrchr(path, '/') - path) },
	    arena);
	enum tj_rc rc = folder.p == NULL ? tj_fail_nomem(err) :
	    tj_file_make_folder(folder.p, 0755, err);

	if (rc == TJ_OK)
		rc = tj_file_write(path, pem, 0600, err);
	explicit_bzero((void *)(uintptr_t)pem.p, pem.n);
	return rc;
}

enum tj_rc
tj_key_files_jwk(struct tj_jwk *jwk, const struct tj_key *key, const struct tj_workspace *ws,
    struct tj_err *err)
{
	struct tj_jwk made = { .kid = ws->kid };

	TRY(tj_key_point(&made.point, key, err));
	*jwk = made;
	return TJ_OK;
}

static const char *
path_of(const struct tj_workspace *ws, const char *name, struct tj_arena *arena)
{
	return tj_str_fmt(arena, "%s/%s", ws->keys, name).p;
}

/* Keys that were published before there were histories. */
static enum tj_rc
history_of_did(struct tj_key_history *history, const struct tj_workspace *ws,
    struct tj_arena *arena, struct tj_err *err)
{
	const char *path = path_of(ws, "did.json", arena);
	struct tj_did did = { 0 };
	tj_str json;

	if (path == NULL)
		return tj_fail_nomem(err);
	if (access(path, F_OK) != 0)
		return TJ_OK;
	TRY(tj_file_read(&json, path, TJ_MAX_DOC_BYTES, arena, err));
	if (tj_did_read(&did, json, arena, err) != TJ_OK)
		return tj_err_at(err, path, err->line, err->column, NULL);
	for (size_t i = 0; i < did.keys.n; i++)
		if (!TJ_PUSH(arena, &history->keys, (struct tj_key_record){
		    .jwk = did.keys.v[i], .valid_from = TJ_TIME_NONE,
		    .valid_until = TJ_TIME_NONE, .revoked_at = TJ_TIME_NONE }))
			return tj_fail_nomem(err);
	return TJ_OK;
}

enum tj_rc
tj_key_files_history(struct tj_key_history *out, const struct tj_workspace *ws,
    struct tj_arena *arena, struct tj_err *err)
{
	const char *path = path_of(ws, TJ_KEY_HISTORY_FILE, arena);
	struct tj_key_history history = { .issuer = ws->issuer };
	struct tj_jws jws;
	tj_str bytes;

	if (path == NULL)
		return tj_fail_nomem(err);
	if (access(path, F_OK) != 0) {
		TRY(history_of_did(&history, ws, arena, err));
		*out = history;
		return TJ_OK;
	}
	TRY(tj_file_read(&bytes, path, TJ_MAX_DOC_BYTES, arena, err));
	if (tj_key_history_parse(&history, &jws, bytes, arena, err) != TJ_OK)
		return tj_err_at(err, path, err->line, err->column, NULL);
	if (!tj_str_eq(history.issuer, ws->issuer))
		return tj_fail(err, TJ_E_CONFLICT, "%s is of %.*s, and " TJ_CONF_FILE " says %.*s",
		    path, TJ_FMT(history.issuer), TJ_FMT(ws->issuer));
	*out = history;
	return TJ_OK;
}

static enum tj_rc
history_sign(tj_str *jws, const struct tj_key_history *history, const struct tj_key *key,
    const struct tj_workspace *ws, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_signer *signer;
	tj_str payload = TJ_S(""), pem;
	enum tj_rc rc;

	TRY(tj_key_history_write(&payload, history, arena, err));
	TRY(tj_key_write_pem(&pem, key, arena, err));
	rc = tj_signer_es256_open(&signer, pem, ws->kid, err);
	explicit_bzero((void *)(uintptr_t)pem.p, pem.n);
	if (rc != TJ_OK)
		return rc;
	rc = tj_jws_build_as(jws, NULL, payload, TJ_S(TJ_KEY_HISTORY_TYP), signer, arena, err);
	signer->close(signer);
	return rc;
}

static enum tj_rc
file_write(const struct tj_workspace *ws, const char *name, tj_str bytes,
    struct tj_arena *arena, struct tj_err *err)
{
	const char *path = path_of(ws, name, arena);

	if (path == NULL)
		return tj_fail_nomem(err);
	TRY(tj_file_write(path, bytes, 0644, err));
	(void)fprintf(stderr, "%s\n", path);
	return TJ_OK;
}

/* The history comes first: a did.json whose key it does not know yet is of no harm. */
enum tj_rc
tj_key_files_publish(const struct tj_key_history *history, struct tj_key *key,
    const struct tj_workspace *ws, struct tj_arena *arena, struct tj_err *err)
{
	const tj_str name = tj_str_fmt(arena, "%s.jwk", strchr(ws->kid.p, '#') + 1);
	struct tj_did did = { .id = ws->issuer };
	tj_str json[4] = { { 0 } };
	struct tj_jwk jwk = { 0 };

	TRY(tj_key_files_jwk(&jwk, key, ws, err));
	if (name.p == NULL || !TJ_PUSH(arena, &did.keys, jwk))
		return tj_fail_nomem(err);
	TRY(history_sign(&json[0], history, key, ws, arena, err));
	TRY(tj_did_write(&json[1], &did, arena, err));
	TRY(tj_jwks_write(&json[2], &did, arena, err));
	TRY(tj_jwk_write(&json[3], &jwk, arena, err));
	TRY(tj_file_make_folder(ws->keys, 0755, err));
	TRY(file_write(ws, TJ_KEY_HISTORY_FILE, json[0], arena, err));
	TRY(file_write(ws, "did.json", json[1], arena, err));
	TRY(file_write(ws, "jwks.json", json[2], arena, err));
	return file_write(ws, name.p, json[3], arena, err);
}
