#include <unistd.h>

#include "connectors/file.h"
#include "engine/cli/load.h"
#include "engine/cli/progress.h"
#include "engine/cli/times.h"
#include "exchange/book_csv.h"
#include "exchange/builtin.h"
#include "exchange/crypto.h"
#include "exchange/profile.h"
#include "exchange/template.h"
#include "model/base/limits.h"

/* What every step of loading needs. */
struct loader {
	struct tj_loaded		*loaded;
	const struct tj_workspace	*ws;	/* NULL: only a native book */
	struct tj_ledger		*ledger;
	struct tj_crew			*crew;
	struct tj_findings		*findings;
	struct tj_arena			*arena;
	struct tj_err			*err;
};

static bool
is_path(tj_str name)
{
	return tj_str_find(name, '/') < name.n;
}

enum tj_rc
tj_load_profile(struct tj_profile *profile, tj_digest *digest, tj_str name,
    struct tj_arena *arena, struct tj_err *err)
{
	const tj_str path = tj_str_dup(name, arena);
	tj_str text;

	if (path.p == NULL)
		return tj_fail_nomem(err);
	if (!is_path(name)) {
		TRY(tj_profile_builtin(profile, &text, name, arena, err));
	} else {
		TRY(tj_file_read(&text, path.p, TJ_MAX_DOC_BYTES, arena, err));
		TRY(tj_profile_read(profile, name, text, arena, err));
	}
	return tj_sha256(digest, text, err);
}

/* The parent of a company's template: one of ours, else one beside it. */
static enum tj_rc
parent_load(void *ctx, tj_str *bytes, tj_str id, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_workspace *ws = ctx;
	const struct tj_builtin *builtin = tj_builtin_find("templates", id);
	tj_str path;

	if (builtin != NULL) {
		*bytes = tj_builtin_text(builtin);
		return TJ_OK;
	}
	if (is_path(id))
		return tj_fail(err, TJ_E_DATA, "a template's id has no slash: \"%.*s\"",
		    TJ_FMT(id));
	path = tj_str_fmt(arena, "%.*s/templates/%.*s.xml", TJ_FMT(ws->dir), TJ_FMT(id));
	if (path.p == NULL)
		return tj_fail_nomem(err);
	return tj_file_read(bytes, path.p, TJ_MAX_DOC_BYTES, arena, err);
}

enum tj_rc
tj_load_template(const struct tj_template **template, const struct tj_workspace *ws,
    tj_str name, struct tj_arena *arena, struct tj_err *err)
{
	/* The loader's context is void * for every kind of loader; this one only reads. */
	union { const struct tj_workspace *in; void *out; } ctx = { .in = ws };
	const struct tj_template_loader loader = { parent_load, ctx.out };
	tj_str bytes, file = name;

	if (is_path(name)) {
		file = tj_str_of(tj_workspace_path(ws, name, arena));
		if (file.p == NULL)
			return tj_fail_nomem(err);
		TRY(tj_file_read(&bytes, file.p, TJ_MAX_DOC_BYTES, arena, err));
	} else if (tj_builtin_find("templates", name) != NULL) {
		bytes = tj_builtin_text(tj_builtin_find("templates", name));
	} else {
		return tj_fail(err, TJ_E_CONFIG,
		    "no template \"%.*s\"; `tanji template list` shows those there are",
		    TJ_FMT(name));
	}
	return tj_template_read(template, file, bytes, &loader, arena, err);
}

/* Errors of a file are findings by now: go on, so that all are known. */
static enum tj_rc
go_on(struct loader *l, enum tj_rc rc)
{
	if (rc == TJ_E_DATA && l->findings->counts[TJ_ERROR] > 0) {
		tj_err_clear(l->err);
		return TJ_OK;
	}
	return rc;
}

static enum tj_rc
file_finding(struct loader *l, const char *path, enum tj_rc rc)
{
	if (rc != TJ_E_NOINPUT && rc != TJ_E_LIMIT && rc != TJ_E_PERM)
		return rc;
	tj_findings_add_err(l->findings, TJ_RULE_BAD_FILE,
	    (tj_place){ .file = tj_str_of(path) }, l->err);
	return TJ_E_DATA;
}

static enum tj_rc
export_read(struct loader *l, const struct tj_template *template, const char *path)
{
	enum tj_rc rc;
	tj_str bytes;

	rc = file_finding(l, path, tj_file_read_by(&bytes, path, TJ_MAX_TABLE_BYTES,
	    l->crew, l->arena, l->err));
	if (rc == TJ_OK)
		rc = tj_template_apply(l->ledger, template, tj_str_of(path), bytes,
		    l->crew, l->findings, l->arena, l->err);
	return go_on(l, rc);
}

static enum tj_rc
table_read(struct loader *l, enum tj_table table, const char *path, tj_str *bytes)
{
	enum tj_rc rc;

	rc = file_finding(l, path, tj_file_read_by(bytes, path, TJ_MAX_TABLE_BYTES,
	    l->crew, l->arena, l->err));
	if (rc == TJ_OK)
		rc = tj_book_read_table(&l->loaded->book, table, tj_str_of(path), *bytes,
		    l->crew, l->findings, l->arena, l->err);
	return go_on(l, rc);
}

/* The files that a path names, whose last part may be a pattern: there must be one.
 * A folder's own name is taken as it is, whatever letters it has. */
static enum tj_rc
paths_find(struct tj_paths *paths, const char *path, struct loader *l)
{
	const char *name = strrchr(path, '/') + 1;	/* see tj_workspace_path() */
	const size_t before = (size_t)(name - path);
	const tj_str folder = tj_str_dup((tj_str){ path, before > 1 ? before - 1 : before },
	    l->arena);

	if (folder.p == NULL)
		return tj_fail_nomem(l->err);
	if (strpbrk(name, "*?[") == NULL)
		return TJ_PUSH(l->arena, &paths->list, path) ? TJ_OK :
		    tj_fail_nomem(l->err);
	TRY(tj_file_list(paths, folder.p, name, l->arena, l->err));
	if (paths->list.n == 0)
		return tj_fail(l->err, TJ_E_NOINPUT, "no file matches %s", path);
	return TJ_OK;
}

static enum tj_rc
book_read(struct loader *l, const char *dir)
{
	size_t found = 0;

	for (size_t table = 0; table < TJ_TABLES; table++) {
		const tj_str path = tj_str_fmt(l->arena, "%s/%s.csv", dir,
		    tj_table_name((enum tj_table)table));
		tj_str bytes;

		if (path.p == NULL)
			return tj_fail_nomem(l->err);
		if (access(path.p, F_OK) != 0)
			continue;
		found++;
		TRY(table_read(l, (enum tj_table)table, path.p, &bytes));
	}
	if (found == 0)
		return tj_fail(l->err, TJ_E_NOINPUT,
		    "no products.csv, activities.csv … in %s", dir);
	return TJ_OK;
}

static enum tj_rc
exports_read(struct loader *l)
{
	if (l->ws->reads.n == 0)
		return tj_fail(l->err, TJ_E_CONFIG, "nothing to read: name your exports under "
		    "[read] in %.*s/" TJ_CONF_FILE "; `tanji template list` shows what is "
		    "understood", TJ_FMT(l->ws->dir));
	for (size_t i = 0; i < l->ws->reads.n; i++) {
		const struct tj_read *read = &l->ws->reads.v[i];
		const struct tj_template *template;
		struct tj_paths paths = { 0 };

		tj_progress("reading", i, l->ws->reads.n);
		if (tj_str_eq(read->template, TJ_S("book"))) {
			TRY(book_read(l, read->path));
			continue;
		}
		TRY(tj_load_template(&template, l->ws, read->template, l->arena, l->err));
		TRY(paths_find(&paths, read->path, l));
		for (size_t k = 0; k < paths.list.n; k++)
			TRY(export_read(l, template, paths.list.v[k]));
	}
	tj_progress_end();
	return TJ_OK;
}

static enum tj_rc
factor_set_note(struct loader *l, tj_str name, tj_str bytes)
{
	struct tj_factor_set set = { .name = name };

	TRY(tj_sha256(&set.digest, bytes, l->err));
	return TJ_PUSH(l->arena, &l->loaded->factor_sets, set) ? TJ_OK :
	    tj_fail_nomem(l->err);
}

static enum tj_rc
factors_read(struct loader *l)
{
	for (size_t i = 0; i < l->ws->factor_sets.n; i++) {
		const tj_str name = l->ws->factor_sets.v[i];
		const struct tj_builtin *builtin = tj_builtin_find("factors", name);

		TRY(go_on(l, tj_book_read_table(&l->loaded->book, TJ_TABLE_factors, name,
		    tj_builtin_text(builtin), NULL, l->findings, l->arena, l->err)));
		TRY(factor_set_note(l, name, tj_builtin_text(builtin)));
	}
	for (size_t i = 0; i < l->ws->factor_files.n; i++) {
		const char *path = l->ws->factor_files.v[i], *slash = strrchr(path, '/');
		tj_str bytes = { NULL, 0 };

		TRY(table_read(l, TJ_TABLE_factors, path, &bytes));
		if (bytes.p != NULL)
			TRY(factor_set_note(l, tj_str_of(slash + 1), bytes));
	}
	return TJ_OK;
}

static enum tj_rc
assemble(struct loader *l)
{
	const struct tj_assembly assembly = {
		.start = l->ws->start, .end = l->ws->end,
		.processes = l->ws->processes.v, .process_count = l->ws->processes.n,
		.patterns = l->ws->patterns.v, .pattern_count = l->ws->patterns.n,
	};

	tj_times_begin("assemble");
	return tj_assemble(&l->loaded->book, l->ledger, &assembly, l->findings, l->err);
}

/* The ledger's rows are of no use once the book is put together: they go before all that
 * is made of the book. */
static enum tj_rc
ledger_load(struct loader *l)
{
	struct tj_ledger ledger = { .arena = tj_arena_new(TJ_MAX_ARENA_BYTES),
	    .files = &l->loaded->book.files };
	enum tj_rc rc;

	if (ledger.arena == NULL)
		return tj_fail_nomem(l->err);
	l->ledger = &ledger;
	rc = exports_read(l);
	if (rc == TJ_OK)
		rc = tj_findings_check(l->findings, l->err);
	if (rc == TJ_OK)
		rc = assemble(l);
	l->ledger = NULL;
	tj_arena_free(ledger.arena);
	return rc;
}

enum tj_rc
tj_load(struct tj_loaded *loaded, const struct tj_workspace *ws,
    struct tj_crew *crew, struct tj_findings *findings, struct tj_arena *arena,
    struct tj_err *err)
{
	struct loader l = { loaded, ws, NULL, crew, findings, arena, err };
	tj_str profile = ws->profile;

	*loaded = (struct tj_loaded){ .factor_sets = { 0 } };
	tj_book_init(&loaded->book, arena);
	if (is_path(ws->profile))
		profile = tj_str_of(tj_workspace_path(ws, ws->profile, arena));
	if (profile.p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_load_profile(&loaded->profile, &loaded->profile_digest, profile, arena, err));
	tj_times_begin("read");
	TRY(factors_read(&l));
	TRY(ledger_load(&l));
	return tj_findings_check(findings, err);
}

enum tj_rc
tj_load_book(struct tj_book *book, const char *dir, struct tj_crew *crew,
    struct tj_findings *findings, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_loaded loaded = { .factor_sets = { 0 } };
	struct loader l = { &loaded, NULL, NULL, crew, findings, arena, err };

	tj_book_init(&loaded.book, arena);
	TRY(book_read(&l, dir));
	TRY(tj_findings_check(findings, err));
	*book = loaded.book;
	return TJ_OK;
}
