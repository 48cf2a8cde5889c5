#include <stdio.h>
#include <unistd.h>

#include "connectors/file.h"
#include "engine/cli/note_key.h"
#include "engine/cli/out.h"
#include "exchange/note_named.h"
#include "exchange/tlog_policy.h"
#include "model/base/buf.h"

static enum tj_rc
path_make(const char **out, struct tj_cli *cli, const char *dir, const char *name)
{
	*out = tj_str_fmt(cli->arena, "%s/%s", dir, name).p;
	return *out == NULL ? tj_fail_nomem(&cli->err) : TJ_OK;
}

static enum tj_rc
private_write(struct tj_cli *cli, tj_str pem, const char *path)
{
	enum tj_rc rc;

	rc = tj_file_write(path, pem, 0600, &cli->err);
	explicit_bzero((void *)(uintptr_t)pem.p, pem.n);
	if (rc == TJ_OK)
		(void)fprintf(stderr, "%s (0600: %s)\n", path,
		    TJ_SAY(cli, "keep it secret, keep a copy", "请保密并备份"));
	return rc;
}

static enum tj_rc
both_write(struct tj_note_key *made, struct tj_cli *cli, const char *dir, tj_str name,
    enum tj_vkey_type type)
{
	const char *key_path, *vkey_path, *folder;
	tj_str text, pem;

	TRY(path_make(&key_path, cli, dir, "key.pem"));
	TRY(path_make(&folder, cli, dir, "public"));
	TRY(path_make(&vkey_path, cli, dir, "public/vkey"));
	TRY(tj_vkey_of(&made->vkey, name, type, made->key, cli->arena, &cli->err));
	TRY(tj_vkey_text(&text, &made->vkey, cli->arena, &cli->err));
	if (access(key_path, F_OK) == 0)
		return tj_fail(&cli->err, TJ_E_CONFLICT, "%s is there already", key_path);
	TRY(tj_file_make_folder(folder, 0755, &cli->err));
	text = tj_str_fmt(cli->arena, "%.*s\n", TJ_FMT(text));
	if (text.p == NULL)
		return tj_fail_nomem(&cli->err);
	/* The secret last: where it is, all is there. */
	TRY(tj_file_write(vkey_path, text, 0644, &cli->err));
	TRY(tj_ed25519_write_pem(&pem, made->key, cli->arena, &cli->err));
	TRY(private_write(cli, pem, key_path));
	(void)fwrite(text.p, 1, text.n, stdout);
	return TJ_OK;
}

enum tj_rc
tj_note_key_make(struct tj_note_key *out, struct tj_cli *cli, const char *dir, tj_str name,
    enum tj_vkey_type type)
{
	struct tj_note_key made = { .key = NULL };
	enum tj_rc rc;

	TRY(tj_ed25519_generate(&made.key, &cli->err));
	rc = both_write(&made, cli, dir, name, type);
	if (rc != TJ_OK)
		tj_note_key_fini(&made);
	else
		*out = made;
	return rc;
}

enum tj_rc
tj_note_key_make_gm(struct tj_note_key *pair, struct tj_cli *cli, const char *dir)
{
	const char *key_path, *public_path;
	tj_str pem = TJ_S("");

	TRY(path_make(&key_path, cli, dir, "sm2.pem"));
	TRY(path_make(&public_path, cli, dir, "public/sm2.pub.pem"));
	TRY(tj_sm2_generate(&pair->sm2, &cli->err));
	TRY(tj_sm2_write_pem(&pem, pair->sm2, true, cli->arena, &cli->err));
	TRY(tj_file_write(public_path, pem, 0644, &cli->err));
	(void)fprintf(stderr, "%s\n", public_path);
	TRY(tj_sm2_write_pem(&pem, pair->sm2, false, cli->arena, &cli->err));
	return private_write(cli, pem, key_path);
}

enum tj_rc
tj_note_key_public(tj_vkey *vkey, struct tj_cli *cli, const char *dir)
{
	const char *path;
	enum tj_rc rc;
	tj_str text;

	TRY(path_make(&path, cli, dir, "public/vkey"));
	if (access(path, F_OK) != 0)
		return tj_fail(&cli->err, TJ_E_NOINPUT, "%s: no log or witness has been made "
		    "here; `tanji log init` or `tanji witness init` does", dir);
	TRY(tj_file_read(&text, path, TJ_MAX_KEY_BYTES, cli->arena, &cli->err));
	rc = tj_vkey_parse(vkey, tj_str_trim(text), cli->arena, &cli->err);
	return rc == TJ_OK ? rc : tj_err_at(&cli->err, path, 0, 0, NULL);
}

static enum tj_rc
check_pair(const struct tj_note_key *pair, struct tj_cli *cli, const char *dir)
{
	uint8_t octets[TJ_ED25519_PUBLIC];

	tj_ed25519_public(octets, pair->key);
	if (!tj_str_eq(pair->vkey.key, (tj_str){ (const char *)octets, sizeof(octets) }))
		return tj_fail(&cli->err, TJ_E_CONFIG, "%s/key.pem is not the key of "
		    "%s/public/vkey; put the right one back", dir, dir);
	return TJ_OK;
}

static enum tj_rc
private_read(tj_str *pem, const char **path, struct tj_cli *cli, const char *dir,
    const char *name)
{
	TRY(path_make(path, cli, dir, name));
	return tj_file_read_private(pem, *path, TJ_MAX_KEY_BYTES, cli->arena, &cli->err);
}

static enum tj_rc
ed25519_read(struct tj_note_key *pair, struct tj_cli *cli, const char *dir)
{
	const char *path;
	enum tj_rc rc;
	tj_str pem;

	TRY(private_read(&pem, &path, cli, dir, "key.pem"));
	rc = tj_ed25519_read_pem(&pair->key, pem, &cli->err);
	explicit_bzero((void *)(uintptr_t)pem.p, pem.n);
	return rc == TJ_OK ? check_pair(pair, cli, dir) : tj_err_at(&cli->err, path, 0, 0, NULL);
}

/* None is there: none is used. */
static enum tj_rc
sm2_read(struct tj_note_key *pair, struct tj_cli *cli, const char *dir)
{
	const char *path;
	enum tj_rc rc;
	tj_str pem;

	TRY(path_make(&path, cli, dir, "sm2.pem"));
	if (access(path, F_OK) != 0)
		return TJ_OK;
	TRY(private_read(&pem, &path, cli, dir, "sm2.pem"));
	rc = tj_sm2_read_pem(&pair->sm2, pem, false, &cli->err);
	explicit_bzero((void *)(uintptr_t)pem.p, pem.n);
	return rc == TJ_OK ? rc : tj_err_at(&cli->err, path, 0, 0, NULL);
}

enum tj_rc
tj_note_key_read(struct tj_note_key *out, struct tj_cli *cli, const char *dir)
{
	struct tj_note_key pair = { .key = NULL };
	enum tj_rc rc;

	TRY(tj_note_key_public(&pair.vkey, cli, dir));
	rc = ed25519_read(&pair, cli, dir);
	if (rc == TJ_OK)
		rc = sm2_read(&pair, cli, dir);
	if (rc != TJ_OK)
		tj_note_key_fini(&pair);
	else
		*out = pair;
	return rc;
}

enum tj_rc
tj_note_key_sign(void *ctx, tj_str *lines, tj_str text, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_note_key *key = ctx;
	tj_str first, second, both;

	TRY(tj_note_sign(&first, text, &key->vkey, key->key, 0, arena, err));
	if (key->sm2 == NULL) {
		*lines = first;
		return TJ_OK;
	}
	TRY(tj_note_sm2_sign(&second, text, key->vkey.name, key->sm2, arena, err));
	both = tj_str_fmt(arena, "%.*s%.*s", TJ_FMT(first), TJ_FMT(second));
	if (both.p == NULL)
		return tj_fail_nomem(err);
	*lines = both;
	return TJ_OK;
}

void
tj_note_key_fini(struct tj_note_key *pair)
{
	tj_ed25519_free(pair->key);
	tj_sm2_free(pair->sm2);
	pair->key = NULL;
	pair->sm2 = NULL;
}

enum tj_rc
tj_note_policy_read(struct tj_policy *policy, const char *path, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str text;

	TRY(tj_file_read(&text, path, TJ_MAX_POLICY_BYTES, arena, err));
	if (tj_policy_parse(policy, text, arena, err) == TJ_OK)
		return TJ_OK;
	return tj_err_at(err, path, err->line, 0, NULL);
}

enum tj_rc
tj_note_input(tj_str *bytes, struct tj_cli *cli, const char *path, size_t most)
{
	struct tj_buf buf;
	enum tj_rc rc;
	char *room;
	size_t n;

	if (strcmp(path, "-") != 0)
		return tj_file_read(bytes, path, most, cli->arena, &cli->err);
	tj_buf_init(&buf, most);
	while ((room = tj_buf_room(&buf, 4096)) != NULL &&
	    (n = fread(room, 1, 4096, stdin)) > 0)
		tj_buf_add(&buf, n);
	rc = ferror(stdin) ? tj_fail(&cli->err, TJ_E_IO, "standard input cannot be read") :
	    tj_buf_done(bytes, &buf, cli->arena, &cli->err);
	tj_buf_fini(&buf);
	return rc;
}
