#include "engine/cli/workspace.h"
#include "exchange/builtin.h"
#include "exchange/conf.h"
#include "exchange/label.h"
#include "model/base/limits.h"

#define GROUP		32768	/* declarations put at once, where nothing is said */
#define STATUS_DAYS	30	/* that a status list is valid, where nothing is said */

static const struct tj_conf_key known_keys[] = {
	{ "company", "issuer", TJ_CONF_REQUIRED },
	{ "company", "name", TJ_CONF_REQUIRED },
	{ "company", "profile", TJ_CONF_REQUIRED },
	{ "company", "period", TJ_CONF_REQUIRED },
	{ "company", "region", TJ_CONF_OPTIONAL },
	{ "company", "key", TJ_CONF_OPTIONAL },
	{ "company", "kid", TJ_CONF_OPTIONAL },
	{ "company", "certificate", TJ_CONF_OPTIONAL },
	{ "output", "registry", TJ_CONF_OPTIONAL },
	{ "output", "declarations", TJ_CONF_OPTIONAL },
	{ "output", "keys", TJ_CONF_OPTIONAL },
	{ "output", "files", TJ_CONF_OPTIONAL },
	{ "output", "group", TJ_CONF_OPTIONAL },
	{ "gm", "key", TJ_CONF_OPTIONAL },
	{ "log", "policy", TJ_CONF_NAMED },
	{ "log", "vkey", TJ_CONF_REPEATS | TJ_CONF_NAMED },
	{ "log", "dir", TJ_CONF_OPTIONAL },
	{ "log", "tag_key", TJ_CONF_OPTIONAL },
	{ "log", "allow", TJ_CONF_REPEATS },
	{ "log", "ca", TJ_CONF_OPTIONAL },
	{ "status", "url", TJ_CONF_OPTIONAL },
	{ "status", "folder", TJ_CONF_OPTIONAL },
	{ "status", "days", TJ_CONF_OPTIONAL },
	{ "read", "*", TJ_CONF_REPEATS },
	{ "factors", "set", TJ_CONF_REPEATS },
	{ "factors", "file", TJ_CONF_REPEATS },
	{ "process", "name", TJ_CONF_NAMED },
	{ "process", "site", TJ_CONF_NAMED },
	{ "process", "stage", TJ_CONF_NAMED },
	{ "process", "allocation", TJ_CONF_NAMED },
	{ "process", "carbon_balance", TJ_CONF_NAMED },
	{ "declare", "material", TJ_CONF_REPEATS | TJ_CONF_NAMED },
	{ "declare", "id", TJ_CONF_NAMED },
	{ "declare", "sign", TJ_CONF_OPTIONAL },
	{ "label", "site", TJ_CONF_OPTIONAL },
	{ "upstream", "*", TJ_CONF_REPEATS },
	{ "proofs", "*", TJ_CONF_OPTIONAL },
	{ "trust", "*", TJ_CONF_REPEATS },
	{ "resolve", "root", TJ_CONF_OPTIONAL },
	{ "resolve", "allow", TJ_CONF_REPEATS },
	{ "resolve", "ca", TJ_CONF_OPTIONAL },
	{ "resolve", "trust_root", TJ_CONF_REPEATS },
	{ "resolve", "cache", TJ_CONF_OPTIONAL },
	{ "resolve", "deadline", TJ_CONF_OPTIONAL },
	{ "resolve", "keep", TJ_CONF_OPTIONAL },
	{ "publish", "node", TJ_CONF_EACH },
	{ "publish", "as", TJ_CONF_EACH },
	{ "publish", "secret", TJ_CONF_EACH },
	{ "publish", "allow", TJ_CONF_REPEATS },
	{ "publish", "ca", TJ_CONF_OPTIONAL },
	{ "publish", "queue", TJ_CONF_OPTIONAL },
	{ NULL, NULL, TJ_CONF_OPTIONAL }
};

/* What every step of reading needs. */
struct reader {
	struct tj_workspace	*ws;
	struct tj_conf_folder	 folder;
	const struct tj_conf	*conf;		/* of the folder */
	struct tj_arena		*arena;
	struct tj_err		*err;
};

const char *
tj_workspace_path(const struct tj_workspace *ws, tj_str path, struct tj_arena *arena)
{
	return tj_path_in(ws->dir, path, arena);
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

/* [status] url: where the lists will be found by whoever reads a declaration. */
static enum tj_rc
status_read(struct reader *r)
{
	const struct tj_conf_entry *url = tj_conf_get(r->conf, "status", "url");
	struct tj_workspace *ws = r->ws;
	uint64_t days = STATUS_DAYS;

	TRY(tj_conf_number(&days, &r->folder, "status", "days", 1, TJ_MAX_STATUS_DAYS));
	ws->status_days = (unsigned)days;
	ws->status = tj_workspace_path(ws, value_or(r->conf, "status", "folder",
	    TJ_S("out/status")), r->arena);
	if (ws->status == NULL)
		return tj_fail_nomem(r->err);
	ws->status_url = url == NULL ? TJ_S("") : url->value;
	if (url != NULL && (!tj_str_starts(ws->status_url, TJ_S("https://")) ||
	    ws->status_url.n > TJ_MAX_IDENT_BYTES / 2 ||
	    ws->status_url.p[ws->status_url.n - 1] == '/'))
		return tj_conf_fail(r->conf, url, r->err, "expected a URL like "
		    "https://steel.example/status, found \"%.*s\"", TJ_FMT(ws->status_url));
	return TJ_OK;
}

static enum tj_rc
output_read(struct reader *r)
{
	uint64_t group = GROUP;

	r->ws->files = true;
	TRY(tj_conf_yes(&r->ws->files, &r->folder, "output", "files"));
	TRY(tj_conf_number(&group, &r->folder, "output", "group", 1, TJ_MAX_GROUP));
	r->ws->group = group;
	return TJ_OK;
}

/* "https://id.steel.example": where the codes on products lead. */
static enum tj_rc
label_read(struct reader *r)
{
	const struct tj_conf_entry *site = tj_conf_get(r->conf, "label", "site");

	if (site == NULL)
		return TJ_OK;
	r->ws->label_site = site->value;
	if (!tj_label_site_ok(site->value))
		return tj_conf_fail(r->conf, site, r->err,
		    "expected https://HOST without a path, found \"%.*s\"",
		    TJ_FMT(site->value));
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
	TRY(tj_conf_path(&ws->certificate, &r->folder, "company", "certificate"));
	if (ws->kid.p == NULL || ws->registry == NULL || ws->declarations == NULL ||
	    ws->keys == NULL || ws->key_path == NULL)
		return tj_fail_nomem(r->err);
	TRY(output_read(r));
	TRY(label_read(r));
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
trust_entry_read(struct tj_trust_conf *trust, struct reader *r, const struct tj_conf_entry *e)
{
	tj_str rest = e->value, word;
	TJ_VEC(tj_str) authorities = { 0 };

	while (tj_str_next(&word, &rest, ' ')) {
		if (word.n == 0)
			continue;
		if (trust->did_path == NULL)
			trust->did_path = tj_workspace_path(r->ws, word, r->arena);
		else if (!TJ_PUSH(r->arena, &authorities, word))
			return tj_fail_nomem(r->err);
	}
	if (authorities.n == 0)
		return tj_conf_fail(r->conf, e, r->err, "expected a %s and the identifiers it may "
		    "speak for, found \"%.*s\"", tj_str_eq(e->key, TJ_S("ca")) ?
		    "file of certificates" : "did.json", TJ_FMT(e->value));
	trust->authorities = authorities.v;
	trust->authority_count = authorities.n;
	return trust->did_path == NULL ? tj_fail_nomem(r->err) : TJ_OK;
}

/* "ca = CERTIFICATES AUTHORITY…", of which there is one; `crl` stands apart. */
static enum tj_rc
anchors_read(const struct tj_trust_conf *ca, struct reader *r, const struct tj_conf_entry *e)
{
	const struct tj_conf_entry *crl = tj_conf_get(r->conf, "trust", "crl");
	struct tj_anchors_conf *anchors = &r->ws->anchors;

	if (anchors->roots != NULL)
		return tj_conf_fail(r->conf, e, r->err, "ca stands there twice: put all "
		    "certificates into one file");
	anchors->roots = ca->did_path;
	anchors->authorities = ca->authorities;
	anchors->authority_count = ca->authority_count;
	anchors->unlisted = crl != NULL && tj_str_eq(crl->value, TJ_S("none"));
	return anchors->unlisted ? TJ_OK : tj_conf_path(&anchors->crl, &r->folder, "trust", "crl");
}

/* Keys under [trust] that name nobody. */
static bool
is_setting(tj_str key)
{
	static const char *const settings[] = { "crl", "list", "signer", "threshold" };

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (tj_str_eq(key, tj_str_of(settings[i])))
			return true;
	return false;
}

/* The trust list, and whose word it is. */
static enum tj_rc
list_read(struct reader *r)
{
	struct tj_list_conf *list = &r->ws->list;
	const struct tj_conf_entry *e = NULL;
	uint64_t threshold = 0;	/* all of them */

	TRY(tj_conf_path(&list->path, &r->folder, "trust", "list"));
	TRY(tj_conf_number(&threshold, &r->folder, "trust", "threshold", 1,
	    TJ_MAX_NOTE_SIGNATURES));
	list->threshold = threshold;
	while ((e = tj_conf_each(r->conf, e, "trust", "signer")) != NULL)
		if (!TJ_PUSH(r->arena, &list->signers, e->value))
			return tj_fail_nomem(r->err);
	e = tj_conf_get(r->conf, "trust", "list");
	if (e != NULL && list->signers.n == 0)
		return tj_conf_fail(r->conf, e, r->err, "whose list? `signer = KEY` once for each "
		    "whose word counts");
	return TJ_OK;
}

static enum tj_rc
trust_read(struct reader *r)
{
	const struct tj_conf_entry *e = NULL;

	TRY(list_read(r));
	while ((e = tj_conf_each(r->conf, e, "trust", NULL)) != NULL) {
		struct tj_trust_conf trust = { .issuer = e->key };

		if (e->key.n == 0 || is_setting(e->key))
			continue;
		TRY(trust_entry_read(&trust, r, e));
		if (tj_str_eq(e->key, TJ_S("ca")))
			TRY(anchors_read(&trust, r, e));
		else if (!TJ_PUSH(r->arena, &r->ws->trust, trust))
			return tj_fail_nomem(r->err);
	}
	return TJ_OK;
}

enum tj_rc
tj_workspace_read(struct tj_workspace *ws, const char *dir, struct tj_arena *arena,
    struct tj_err *err)
{
	const tj_str make = tj_str_fmt(arena, "init %s", dir);
	struct tj_workspace read = { .name = TJ_S("") };
	struct reader r = { .ws = &read, .arena = arena, .err = err };

	if (make.p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_conf_folder_read(&r.folder, dir, TJ_CONF_FILE, make.p, known_keys, arena, err));
	r.conf = &r.folder.conf;
	read.dir = r.folder.dir;
	TRY(company_read(&r));
	TRY(status_read(&r));
	TRY(tj_conf_path(&read.gm_key, &r.folder, "gm", "key"));
	TRY(reads_read(&r));
	TRY(factors_read(&r));
	TRY(processes_read(&r));
	TRY(declared_read(&r));
	TRY(upstream_read(&r));
	TRY(trust_read(&r));
	TRY(tj_workspace_read_network(&read, &r.folder));
	TRY(tj_workspace_read_log(&read, &r.folder));
	*ws = read;
	return TJ_OK;
}
