#include "engine/cli/workspace.h"

#define DEADLINE_S	60u	/* of a run's questions, where nothing is said */
#define MAX_DEADLINE_S	86400u
#define KEEP_S		3600u	/* answers are kept so long; Handle clients do the same */
#define MAX_KEEP_S	2592000u

static enum tj_rc
usual_path(const char **out, const struct tj_conf_folder *f, const char *section,
    const char *key, const char *usual)
{
	if ((*out = tj_path_in(f->dir, tj_str_of(usual), f->arena)) == NULL)
		return tj_fail_nomem(f->err);
	return tj_conf_path(out, f, section, key);
}

static enum tj_rc
roots_read(struct tj_workspace *ws, const struct tj_conf_folder *f)
{
	const struct tj_conf_entry *e = NULL;
	struct tj_root_conf root;
	struct tj_err why = { 0 };

	while ((e = tj_conf_each(&f->conf, e, "resolve", "trust_root")) != NULL) {
		const enum tj_rc rc = tj_root_parse(&root, e->value, f->arena, &why);

		if (rc == TJ_E_DATA)
			return tj_conf_fail(&f->conf, e, f->err, "%s", why.text);
		if (rc == TJ_OK)
			root.path = tj_str_of(tj_path_in(f->dir, root.path, f->arena));
		if (rc != TJ_OK || root.path.p == NULL ||
		    !TJ_PUSH(f->arena, &ws->resolve.roots, root))
			return tj_fail_nomem(f->err);
	}
	return TJ_OK;
}

static enum tj_rc
resolve_read(struct tj_workspace *ws, const struct tj_conf_folder *f)
{
	struct tj_resolve_conf *resolve = &ws->resolve;
	uint64_t deadline_s = DEADLINE_S, keep_s = KEEP_S;

	TRY(tj_conf_url(&resolve->root, f, "resolve", "root", false));
	TRY(tj_conf_ranges(&resolve->allowed, f, "resolve", "allow"));
	TRY(tj_conf_path(&resolve->ca, f, "resolve", "ca"));
	TRY(roots_read(ws, f));
	TRY(usual_path(&resolve->cache, f, "resolve", "cache", "out/cache"));
	TRY(tj_conf_number(&deadline_s, f, "resolve", "deadline", 1, MAX_DEADLINE_S));
	TRY(tj_conf_number(&keep_s, f, "resolve", "keep", 1, MAX_KEEP_S));
	resolve->deadline_s = (uint32_t)deadline_s;
	resolve->keep_s = (uint32_t)keep_s;
	return TJ_OK;
}

/* The name of the administrator: "300:88.111.1/ADMIN". */
static enum tj_rc
as_read(struct tj_workspace *ws, const struct tj_conf_folder *f)
{
	const struct tj_conf_entry *entry = tj_conf_get(&f->conf, "publish", "as");
	const tj_str as = entry->value;
	const size_t colon = tj_str_find(as, ':');
	size_t digits = 0;

	while (digits < colon && tj_is_digit(as.p[digits]))
		digits++;
	if (digits == 0 || digits != colon || digits > 9 ||
	    tj_str_find(tj_str_cut(as, colon, as.n), '/') >= as.n - colon - 1)
		return tj_conf_fail(&f->conf, entry, f->err, "expected an administrator like "
		    "300:88.111.1/ADMIN, found \"%.*s\"", TJ_FMT(as));
	ws->publish.as = tj_str_dup(as, f->arena).p;
	return ws->publish.as == NULL ? tj_fail_nomem(f->err) : TJ_OK;
}

static enum tj_rc
publish_read(struct tj_workspace *ws, const struct tj_conf_folder *f)
{
	struct tj_publish_conf *publish = &ws->publish;

	if (tj_conf_get(&f->conf, "publish", "node") == NULL)
		return TJ_OK;
	TRY(tj_conf_url(&publish->node, f, "publish", "node", true));
	TRY(as_read(ws, f));
	TRY(tj_conf_ranges(&publish->allowed, f, "publish", "allow"));
	TRY(tj_conf_path(&publish->secret, f, "publish", "secret"));
	TRY(tj_conf_path(&publish->ca, f, "publish", "ca"));
	return usual_path(&publish->queue, f, "publish", "queue", "out/queue");
}

enum tj_rc
tj_workspace_read_network(struct tj_workspace *ws, const struct tj_conf_folder *f)
{
	TRY(resolve_read(ws, f));
	return publish_read(ws, f);
}
