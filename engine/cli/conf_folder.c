#include "connectors/file.h"
#include "connectors/guard.h"
#include "connectors/url.h"
#include "engine/cli/conf_folder.h"
#include "model/base/limits.h"

enum tj_rc
tj_conf_folder_read(struct tj_conf_folder *out, const char *dir, const char *name,
    const char *make, const struct tj_conf_key *known, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_conf_folder folder = { .dir = tj_str_dup(tj_str_of(dir), arena),
	    .arena = arena, .err = err };
	const tj_str path = tj_str_fmt(arena, "%s/%s", dir, name);
	enum tj_rc rc;
	tj_str text;

	if (folder.dir.p == NULL || path.p == NULL)
		return tj_fail_nomem(err);
	rc = tj_file_read(&text, path.p, TJ_MAX_DOC_BYTES, arena, err);
	if (rc == TJ_E_NOINPUT)
		return tj_fail(err, rc, "no %s here; `tanji %s` writes one", path.p, make);
	if (rc != TJ_OK)
		return rc;
	TRY(tj_conf_read(&folder.conf, path, text, arena, err));
	TRY(tj_conf_check(&folder.conf, known, arena, err));
	*out = folder;
	return TJ_OK;
}

const char *
tj_path_in(tj_str dir, tj_str path, struct tj_arena *arena)
{
	if (path.n > 0 && path.p[0] == '/')
		return tj_str_dup(path, arena).p;
	return tj_str_fmt(arena, "%.*s/%.*s", TJ_FMT(dir), TJ_FMT(path)).p;
}

enum tj_rc
tj_conf_path(const char **out, const struct tj_conf_folder *f, const char *section,
    const char *key)
{
	const struct tj_conf_entry *e = tj_conf_get(&f->conf, section, key);
	const char *path;

	if (e == NULL)
		return TJ_OK;
	if (e->value.n == 0)
		return tj_conf_fail(&f->conf, e, f->err, "expected a path, found nothing");
	if ((path = tj_path_in(f->dir, e->value, f->arena)) == NULL)
		return tj_fail_nomem(f->err);
	*out = path;
	return TJ_OK;
}

enum tj_rc
tj_conf_number(uint64_t *out, const struct tj_conf_folder *f, const char *section,
    const char *key, uint64_t least, uint64_t most)
{
	const struct tj_conf_entry *e = tj_conf_get(&f->conf, section, key);
	uint64_t n = 0;

	if (e == NULL)
		return TJ_OK;
	for (size_t i = 0; i < e->value.n && n <= most; i++)
		n = tj_is_digit(e->value.p[i]) ?
		    10 * n + (uint64_t)(e->value.p[i] - '0') : most + 1;
	if (e->value.n == 0 || n < least || n > most)
		return tj_conf_fail(&f->conf, e, f->err,
		    "expected a number from %llu to %llu, found \"%.*s\"",
		    (unsigned long long)least, (unsigned long long)most, TJ_FMT(e->value));
	*out = n;
	return TJ_OK;
}

enum tj_rc
tj_conf_yes(bool *out, const struct tj_conf_folder *f, const char *section, const char *key)
{
	const struct tj_conf_entry *e = tj_conf_get(&f->conf, section, key);

	if (e == NULL)
		return TJ_OK;
	if (!tj_str_eq(e->value, TJ_S("yes")) && !tj_str_eq(e->value, TJ_S("no")))
		return tj_conf_fail(&f->conf, e, f->err, "expected yes or no, found \"%.*s\"",
		    TJ_FMT(e->value));
	*out = tj_str_eq(e->value, TJ_S("yes"));
	return TJ_OK;
}

enum tj_rc
tj_conf_url(tj_str *out, const struct tj_conf_folder *f, const char *section, const char *key,
    bool is_secret)
{
	const struct tj_conf_entry *e = tj_conf_get(&f->conf, section, key);
	struct tj_err why = { 0 };
	tj_str url;

	if (e == NULL)
		return TJ_OK;
	if (tj_url_base(&url, e->value, &why) != TJ_OK)
		return tj_conf_fail(&f->conf, e, f->err, "%s", why.text);
	if (is_secret && !tj_url_is_secure(url))
		return tj_conf_fail(&f->conf, e, f->err, "expected https://…, since a secret is "
		    "sent; found \"%.*s\"", TJ_FMT(url));
	*out = url;
	return TJ_OK;
}

enum tj_rc
tj_conf_ranges(void *vec, const struct tj_conf_folder *f, const char *section, const char *key)
{
	TJ_VEC(tj_range) *ranges = vec;
	const struct tj_conf_entry *e = NULL;
	struct tj_err why = { 0 };
	tj_range range;

	while ((e = tj_conf_each(&f->conf, e, section, key)) != NULL) {
		if (tj_range_parse(&range, e->value, &why) != TJ_OK)
			return tj_conf_fail(&f->conf, e, f->err, "%s", why.text);
		if (!TJ_PUSH(f->arena, ranges, range))
			return tj_fail_nomem(f->err);
	}
	return TJ_OK;
}
