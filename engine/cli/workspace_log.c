#include "engine/cli/workspace.h"

static enum tj_rc
sign_read(struct tj_workspace *ws, const struct tj_conf_folder *f)
{
	const struct tj_conf_entry *sign = tj_conf_get(&f->conf, "declare", "sign");

	ws->batch = sign != NULL && tj_str_eq(sign->value, TJ_S("batch"));
	if (sign != NULL && !ws->batch && !tj_str_eq(sign->value, TJ_S("each")))
		return tj_conf_fail(&f->conf, sign, f->err,
		    "expected each or batch, found \"%.*s\"", TJ_FMT(sign->value));
	if (ws->batch && ws->log.dir == NULL)
		return tj_conf_fail(&f->conf, sign, f->err, "what signs a batch is the "
		    "checkpoint of a log: say which, `dir = …` under [log]");
	return TJ_OK;
}

static enum tj_rc
logs_key_read(struct tj_logs_conf *logs, const struct tj_conf_folder *f,
    const struct tj_conf_entry *e)
{
	struct tj_err why = { 0 };
	tj_vkey vkey;
	enum tj_rc rc;

	if (tj_str_eq(e->key, TJ_S("policy"))) {
		logs->policy = tj_path_in(f->dir, e->value, f->arena);
		return logs->policy == NULL ? tj_fail_nomem(f->err) : TJ_OK;
	}
	rc = tj_vkey_parse(&vkey, e->value, f->arena, &why);
	if (rc == TJ_E_NOMEM || rc == TJ_E_INTERNAL)
		return tj_fail(f->err, rc, "%s", why.text);
	if (rc != TJ_OK)
		return tj_conf_fail(&f->conf, e, f->err, "%s", why.text);
	return TJ_PUSH(f->arena, &logs->vkeys, vkey) ? TJ_OK : tj_fail_nomem(f->err);
}

/* Those of others have a name; the policy of one's own says who witnesses it. */
static enum tj_rc
logs_read(struct tj_workspace *ws, const struct tj_conf_folder *f)
{
	const struct tj_conf_entry *e = NULL;

	while ((e = tj_conf_each(&f->conf, e, "log", NULL)) != NULL) {
		size_t i = 0;

		if (e->name.n == 0 && tj_str_eq(e->key, TJ_S("vkey")))
			return tj_conf_fail(&f->conf, e, f->err, "whose log? expected it under "
			    "[log ISSUER], such as [log did:web:supplier.example]");
		if (e->name.n == 0)
			continue;
		while (i < ws->logs.n && !tj_str_eq(ws->logs.v[i].issuer, e->name))
			i++;
		if (i == ws->logs.n && !TJ_PUSH(f->arena, &ws->logs,
		    (struct tj_logs_conf){ .issuer = e->name }))
			return tj_fail_nomem(f->err);
		TRY(logs_key_read(&ws->logs.v[i], f, e));
	}
	return TJ_OK;
}

/* Where a supplier's proofs lie, whose registry is a folder here. */
static enum tj_rc
proofs_read(struct tj_workspace *ws, const struct tj_conf_folder *f)
{
	const struct tj_conf_entry *e = NULL;

	while ((e = tj_conf_each(&f->conf, e, "proofs", NULL)) != NULL) {
		const char *folder = tj_path_in(f->dir, e->value, f->arena);
		size_t known = 0;

		if (folder == NULL)
			return tj_fail_nomem(f->err);
		for (size_t i = 0; i < ws->upstream.n; i++) {
			if (!tj_str_eq(ws->upstream.v[i].authority, e->key))
				continue;
			ws->upstream.v[i].proofs = folder;
			known++;
		}
		if (known == 0)
			return tj_conf_fail(&f->conf, e, f->err, "no registry of %.*s stands under "
			    "[upstream]; nodes hand out proofs themselves", TJ_FMT(e->key));
	}
	return TJ_OK;
}

static enum tj_rc
own_log_read(struct tj_workspace *ws, const struct tj_conf_folder *f)
{
	const struct tj_conf_entry *tag = tj_conf_get(&f->conf, "log", "tag_key");
	const struct tj_conf_entry *policy = tj_conf_get(&f->conf, "log", "policy");

	TRY(tj_conf_path(&ws->log.dir, f, "log", "dir"));
	TRY(tj_conf_path(&ws->log.tag_key, f, "log", "tag_key"));
	TRY(tj_conf_path(&ws->log.policy, f, "log", "policy"));
	TRY(tj_conf_path(&ws->log.ca, f, "log", "ca"));
	TRY(tj_conf_ranges(&ws->log.allowed, f, "log", "allow"));
	if (ws->log.dir == NULL && tag != NULL)
		return tj_conf_fail(&f->conf, tag, f->err,
		    "tags are of a log: say which, `dir = …` under [log]");
	if (ws->log.dir == NULL && policy != NULL)
		return tj_conf_fail(&f->conf, policy, f->err, "witnesses are of a log: `dir = …` "
		    "under [log] says which; a supplier's stands under [log ISSUER]");
	return TJ_OK;
}

enum tj_rc
tj_workspace_read_log(struct tj_workspace *ws, const struct tj_conf_folder *f)
{
	TRY(own_log_read(ws, f));
	TRY(logs_read(ws, f));
	TRY(proofs_read(ws, f));
	return sign_read(ws, f);
}
