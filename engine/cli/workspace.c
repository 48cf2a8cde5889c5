#include "connectors/file.h"
#include "engine/cli/workspace.h"
#include "exchange/builtin.h"
#include "exchange/conf.h"
#include "model/base/limits.h"

static const struct tj_conf_key known_keys[] = {
	{ "company", "issuer", TJ_CONF_REQUIRED },
	{ "company", "name", TJ_CONF_REQUIRED },
	{ "company", "profile", TJ_CONF_REQUIRED },
	{ "company", "period", TJ_CONF_REQUIRED },
	{ "company", "region", TJ_CONF_OPTIONAL },
	{ "company", "key", TJ_CONF_OPTIONAL },
	{ "company", "kid", TJ_CONF_OPTIONAL },
	{ "output", "registry", TJ_CONF_OPTIONAL },
	{ "output", "declarations", TJ_CONF_OPTIONAL },
	{ "output", "keys", TJ_CONF_OPTIONAL },
	{ "read", "*", TJ_CONF_REPEATS },
	{ "factors", "set", TJ_CONF_REPEATS },
	{ "factors", "file", TJ_CONF_REPEATS },
	{ "process", "name", TJ_CONF_OPTIONAL },
	{ "process", "site", TJ_CONF_OPTIONAL },
	{ "process", "stage", TJ_CONF_OPTIONAL },
	{ "process", "allocation", TJ_CONF_OPTIONAL },
	{ "process", "carbon_balance", TJ_CONF_OPTIONAL },
	{ "declare", "material", TJ_CONF_REPEATS },
	{ "declare", "id", TJ_CONF_OPTIONAL },
	{ "upstream", "*", TJ_CONF_REPEATS },
	{ "trust", "*", TJ_CONF_REPEATS },
	{ NULL, NULL, TJ_CONF_OPTIONAL }
};

/* What every step of reading needs. */
struct reader {
	struct tj_workspace	*ws;
	const struct tj_conf	*conf;
	struct tj_arena		*arena;
	struct tj_err		*err;
};

const char *
tj_workspace_path(const struct tj_workspace *ws, tj_str path, struct tj_arena *arena)
{
	if (path.n > 0 && path.p[0] == '/')
		return tj_str_dup(path, arena).p;
	return tj_str_fmt(arena, "%.*s/%.*s", TJ_FMT(ws->dir), TJ_FMT(path)).p;
}

static tj_str
value_or(const struct tj_conf *conf, const char *section, const char *key, tj_str other)
{
	const struct tj_conf_entry *entry = tj_conf_get(conf, section, key);

	return entry == NULL ? other : entry->value;
}

/* "2026-09-01..2026-09-30" */
static enum tj_rc
period_read(struct reader *r)
{
	const struct tj_conf_entry *entry = tj_conf_get(r->conf, "company", "period");
	const tj_str text = entry->value;

	if (text.n != 22 || memcmp(text.p + 10, "..", 2) != 0 ||
	    !tj_date_parse(&r->ws->start, tj_str_cut(text, 0, 10), TJ_DATE_FULL) ||
	    !tj_date_parse(&r->ws->end, tj_str_cut(text, 12, 10), TJ_DATE_FULL) ||
	    r->ws->start > r->ws->end)
		return tj_conf_fail(r->conf, entry, r->err,
		    "expected two days like 2026-09-01..2026-09-30, found \"%.*s\"",
		    TJ_FMT(text));
	return TJ_OK;
}

static enum tj_rc
company_read(struct reader *r)
{
	struct tj_workspace *ws = r->ws;
	const struct tj_conf *conf = r->conf;
	const struct tj_conf_entry *issuer = tj_conf_get(conf, "company", "issuer");
	const struct tj_conf_entry *profile = tj_conf_get(conf, "company", "profile");
	tj_str kid;

	ws->issuer = issuer->value;
	if (!tj_str_starts(ws->issuer, TJ_S("did:web:")))
		return tj_conf_fail(conf, issuer, r->err,
		    "expected did:web:…, found \"%.*s\"", TJ_FMT(ws->issuer));
	ws->name = tj_conf_get(conf, "company", "name")->value;
	ws->profile = profile->value;
	if (tj_str_find(ws->profile, '/') == ws->profile.n &&
	    tj_builtin_find("profiles", ws->profile) == NULL)
		return tj_conf_fail(conf, profile, r->err, "no profile \"%.*s\" comes with "
		    "the program, such as iso14067; one of your own is a path with a slash",
		    TJ_FMT(ws->profile));
	ws->region = value_or(conf, "company", "region", TJ_S(""));
	kid = value_or(conf, "company", "kid", TJ_S("k1"));
	ws->kid = tj_str_fmt(r->arena, "%.*s#%.*s", TJ_FMT(ws->issuer), TJ_FMT(kid));
	ws->registry = tj_workspace_path(ws, value_or(conf, "output", "registry",
	    TJ_S("out/registry")), r->arena);
	ws->declarations = tj_workspace_path(ws, value_or(conf, "output", "declarations",
	    TJ_S("out/declarations")), r->arena);
	ws->keys = tj_workspace_path(ws, value_or(conf, "output", "keys",
	    TJ_S("out/keys")), r->arena);
	ws->key_path = tj_workspace_path(ws, value_or(conf, "company", "key",
	    TJ_S("out/keys/k1.pem")), r->arena);
	if (ws->kid.p == NULL || ws->registry == NULL || ws->declarations == NULL ||
	    ws->keys == NULL || ws->key_path == NULL)
		return tj_fail_nomem(r->err);
	return period_read(r);
}

static enum tj_rc
reads_read(struct reader *r)
{
	const struct tj_conf_entry *e = NULL;

	while ((e = tj_conf_each(r->conf, e, "read", NULL)) != NULL) {
		struct tj_read read = { .template = e->key };

		if (e->key.n == 0)
			continue;
		read.path = tj_workspace_path(r->ws, e->value, r->arena);
		if (read.path == NULL || !TJ_PUSH(r->arena, &r->ws->reads, read))
			return tj_fail_nomem(r->err);
	}
	return TJ_OK;
}

static enum tj_rc
factors_read(struct reader *r)
{
	const struct tj_conf_entry *e = NULL;

	while ((e = tj_conf_each(r->conf, e, "factors", "set")) != NULL) {
		if (tj_builtin_find("factors", e->value) == NULL)
			return tj_conf_fail(r->conf, e, r->err,
			    "no factor set \"%.*s\" comes with the program; `file = …` "
			    "names one of your own", TJ_FMT(e->value));
		if (!TJ_PUSH(r->arena, &r->ws->factor_sets, e->value))
			return tj_fail_nomem(r->err);
	}
	while ((e = tj_conf_each(r->conf, e, "factors", "file")) != NULL) {
		const char *path = tj_workspace_path(r->ws, e->value, r->arena);

		if (path == NULL || !TJ_PUSH(r->arena, &r->ws->factor_files, path))
			return tj_fail_nomem(r->err);
	}
	return TJ_OK;
}

static enum tj_rc
process_key_read(struct reader *r, struct tj_process *process,
    const struct tj_conf_entry *e)
{
	if (tj_str_eq(e->key, TJ_S("name")))
		process->name = e->value;
	else if (tj_str_eq(e->key, TJ_S("site")))
		process->site = e->value;
	else if (tj_str_eq(e->key, TJ_S("stage"))) {
		if (!tj_stage_parse(&process->stage, e->value))
			return tj_conf_fail(r->conf, e, r->err, "no stage \"%.*s\"",
			    TJ_FMT(e->value));
	} else if (tj_str_eq(e->key, TJ_S("allocation"))) {
		if (!tj_share_parse(&process->allocation, e->value))
			return tj_conf_fail(r->conf, e, r->err,
			    "expected mass, energy or economic, found \"%.*s\"",
			    TJ_FMT(e->value));
	} else if (tj_str_eq(e->key, TJ_S("carbon_balance"))) {
		process->carbon_balance = tj_str_eq(e->value, TJ_S("yes"));
		if (!process->carbon_balance && !tj_str_eq(e->value, TJ_S("no")))
			return tj_conf_fail(r->conf, e, r->err,
			    "expected yes or no, found \"%.*s\"", TJ_FMT(e->value));
	}
	return TJ_OK;
}

static enum tj_rc
processes_read(struct reader *r)
{
	const struct tj_conf_entry *e = NULL;

	while ((e = tj_conf_each(r->conf, e, "process", NULL)) != NULL) {
		size_t i = 0;

		while (i < r->ws->processes.n &&
		    !tj_str_eq(r->ws->processes.v[i].work_centre, e->name))
			i++;
		if (i == r->ws->processes.n && !TJ_PUSH(r->arena, &r->ws->processes,
		    (struct tj_process){ .work_centre = e->name,
		    .stage = TJ_STAGE_MANUFACTURING }))
			return tj_fail_nomem(r->err);
		TRY(process_key_read(r, &r->ws->processes.v[i], e));
	}
	return TJ_OK;
}

/* [declare] names materials and the pattern of all; [declare MATERIAL] has its own. */
static enum tj_rc
declared_read(struct reader *r)
{
	const struct tj_conf_entry *e = NULL;
	struct tj_id_pattern of_all = { 0 };

	while ((e = tj_conf_each(r->conf, e, "declare", NULL)) != NULL) {
		const struct tj_id_pattern pattern = { e->name, e->value };

		if (tj_str_eq(e->key, TJ_S("material"))) {
			if (!TJ_PUSH(r->arena, &r->ws->declared, e->value))
				return tj_fail_nomem(r->err);
		} else if (tj_str_eq(e->key, TJ_S("id")) && e->name.n == 0) {
			of_all = pattern;
		} else if (tj_str_eq(e->key, TJ_S("id"))) {
			if (!TJ_PUSH(r->arena, &r->ws->patterns, pattern))
				return tj_fail_nomem(r->err);
		}
	}
	if (of_all.pattern.n > 0 && !TJ_PUSH(r->arena, &r->ws->patterns, of_all))
		return tj_fail_nomem(r->err);
	return TJ_OK;
}

static enum tj_rc
upstream_read(struct reader *r)
{
	const struct tj_conf_entry *e = NULL;

	while ((e = tj_conf_each(r->conf, e, "upstream", NULL)) != NULL) {
		struct tj_upstream_conf upstream = { .authority = e->key };

		if (e->key.n == 0)
			continue;
		upstream.folder = tj_workspace_path(r->ws, e->value, r->arena);
		if (upstream.folder == NULL ||
		    !TJ_PUSH(r->arena, &r->ws->upstream, upstream))
			return tj_fail_nomem(r->err);
	}
	return TJ_OK;
}

/* "did.json AUTHORITY…" */
static enum tj_rc
trust_entry_read(struct reader *r, const struct tj_conf_entry *e)
{
	struct tj_trust_conf trust = { .issuer = e->key };
	tj_str rest = e->value, word;
	TJ_VEC(tj_str) authorities = { 0 };

	while (tj_str_next(&word, &rest, ' ')) {
		if (word.n == 0)
			continue;
		if (trust.did_path == NULL)
			trust.did_path = tj_workspace_path(r->ws, word, r->arena);
		else if (!TJ_PUSH(r->arena, &authorities, word))
			return tj_fail_nomem(r->err);
	}
	if (authorities.n == 0)
		return tj_conf_fail(r->conf, e, r->err, "expected a did.json and the "
		    "identifiers it may speak for, found \"%.*s\"", TJ_FMT(e->value));
	trust.authorities = authorities.v;
	trust.authority_count = authorities.n;
	if (trust.did_path == NULL || !TJ_PUSH(r->arena, &r->ws->trust, trust))
		return tj_fail_nomem(r->err);
	return TJ_OK;
}

static enum tj_rc
trust_read(struct reader *r)
{
	const struct tj_conf_entry *e = NULL;

	while ((e = tj_conf_each(r->conf, e, "trust", NULL)) != NULL)
		if (e->key.n > 0)
			TRY(trust_entry_read(r, e));
	return TJ_OK;
}

enum tj_rc
tj_workspace_read(struct tj_workspace *ws, const char *dir, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_workspace read = { .dir = tj_str_dup(tj_str_of(dir), arena) };
	const tj_str path = tj_str_fmt(arena, "%s/" TJ_CONF_FILE, dir);
	struct tj_conf conf = { 0 };
	struct reader r = { &read, &conf, arena, err };
	enum tj_rc rc;
	tj_str text;

	if (read.dir.p == NULL || path.p == NULL)
		return tj_fail_nomem(err);
	rc = tj_file_read(&text, path.p, TJ_MAX_DOC_BYTES, arena, err);
	if (rc == TJ_E_NOINPUT)
		return tj_fail(err, rc, "no %s here; `tanji init %s` writes one", path.p, dir);
	if (rc != TJ_OK)
		return rc;
	TRY(tj_conf_read(&conf, path, text, arena, err));
	TRY(tj_conf_check(&conf, known_keys, arena, err));
	TRY(company_read(&r));
	TRY(reads_read(&r));
	TRY(factors_read(&r));
	TRY(processes_read(&r));
	TRY(declared_read(&r));
	TRY(upstream_read(&r));
	TRY(trust_read(&r));
	*ws = read;
	return TJ_OK;
}
