#include "connectors/file.h"
#include "engine/cli/secret.h"
#include "model/base/limits.h"

void
tj_secret_wipe(tj_str secret)
{
	if (secret.n > 0)
		explicit_bzero((void *)(uintptr_t)secret.p, secret.n);
}

enum tj_rc
tj_secret_read(tj_str *out, const char *path, struct tj_arena *arena, struct tj_err *err)
{
	tj_str text, secret;

	TRY(tj_file_read_private(&text, path, TJ_MAX_SECRET_BYTES, arena, err));
	secret = text;
	while (secret.n > 0 && (secret.p[secret.n - 1] == '\n' || secret.p[secret.n - 1] == '\r'))
		secret.n--;
	if (secret.n == 0 || tj_str_control(secret) < secret.n) {
		tj_secret_wipe(text);
		return tj_fail(err, TJ_E_DATA, "%s: expected a secret key in one line", path);
	}
	secret = tj_str_dup(secret, arena);
	tj_secret_wipe(text);
	if (secret.p == NULL)
		return tj_fail_nomem(err);
	*out = secret;
	return TJ_OK;
}
