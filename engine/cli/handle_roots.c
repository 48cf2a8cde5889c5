#include "connectors/file.h"
#include "engine/cli/handle_roots.h"
#include "exchange/handle_data.h"
#include "model/base/limits.h"

/* A handle may have "=" in it, the name of a file less likely. */
enum tj_rc
tj_root_parse(struct tj_root_conf *out, tj_str text, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_root_conf root;
	size_t equals = text.n;
	enum tj_rc rc = TJ_E_DATA;

	while (equals > 0 && text.p[equals - 1] != '=')
		equals--;
	root.path = tj_str_trim(tj_str_cut(text, equals, text.n));
	if (equals > 0 && root.path.n > 0)
		rc = tj_reference_parse(&root.who, tj_str_trim(tj_str_cut(text, 0, equals - 1)),
		    arena, err);
	if (rc == TJ_E_DATA)
		return tj_fail(err, rc, "expected INDEX:HANDLE=FILE like "
		    "300:88.111.1/0.0=root.pem, found \"%.*s\"", TJ_FMT(text));
	TRY(rc);
	*out = root;
	return TJ_OK;
}

enum tj_rc
tj_public_key_load(tj_rsa_numbers *out, const char *path, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_rsa *key = NULL;
	enum tj_rc rc;
	tj_str pem;

	TRY(tj_file_read(&pem, path, TJ_MAX_KEY_BYTES, arena, err));
	rc = tj_rsa_read_pem(&key, pem, true, err);
	if (rc == TJ_OK)
		rc = tj_rsa_numbers_of(out, key, arena, err);
	tj_rsa_free(key);
	return rc == TJ_OK ? TJ_OK : tj_err_at(err, path, 0, 0, NULL);
}

enum tj_rc
tj_root_load(struct tj_handle_root *out, const struct tj_root_conf *conf,
    struct tj_arena *arena, struct tj_err *err)
{
	const tj_str path = tj_str_dup(conf->path, arena);
	struct tj_handle_root root = { .who = conf->who };

	if (path.p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_public_key_load(&root.key, path.p, arena, err));
	*out = root;
	return TJ_OK;
}

tj_str
tj_handle_verdict_text(const struct tj_handle_verdict *verdict, enum tj_lang lang,
    struct tj_arena *arena)
{
	static const char *const unsigned_text[] = { "not signed", "未签名" };

	switch (verdict->state) {
	case TJ_HANDLE_SIGNED:
		return tj_str_fmt(arena, lang == TJ_ZH ? "由 %.*s 签名" : "signed by %.*s",
		    TJ_FMT(verdict->signer));
	case TJ_HANDLE_CERTIFIED:
		return tj_str_fmt(arena, lang == TJ_ZH ?
		    "由 %.*s 签名，证书链至 %.*s（证书 %zu 份）" :
		    "signed by %.*s, certified by %.*s over %zu certificates",
		    TJ_FMT(verdict->signer), TJ_FMT(verdict->root), verdict->certificates);
	case TJ_HANDLE_UNSIGNED:
	default:
		return tj_str_of(unsigned_text[lang]);
	}
}
