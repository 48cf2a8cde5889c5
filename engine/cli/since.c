#include "connectors/file.h"
#include "engine/cli/progress.h"
#include "engine/cli/since.h"
#include "engine/cli/times.h"
#include "engine/kept.h"
#include "model/base/limits.h"

static const char *
kept_path(const struct tj_since *since)
{
	return tj_str_fmt(since->arena, "%s/" TJ_KEPT_FILE,
	    since->computed->ws.registry).p;
}

/* What has no basis has no footprint either: it is not passed by, and then refused. */
static void
bases_fill(struct tj_since *since, const struct tj_bases *bases)
{
	for (size_t i = 0; i < since->count; i++)
		if (tj_basis_of(&since->bases[i], bases, since->products[i], NULL) != TJ_OK)
			since->bases[i] = (tj_mark){ 0, 0 };
}

enum tj_rc
tj_since_begin(struct tj_since *out, const struct tj_computed *c,
    const struct tj_numbers *products, struct tj_arena *arena, struct tj_err *err)
{
	const size_t n = products->list.n;
	struct tj_since since = { .computed = c, .count = n, .arena = arena,
	    .products = TJ_NEWN(arena, uint32_t, n), .bases = TJ_NEWN(arena, tj_mark, n),
	    .facts = TJ_NEWN(arena, tj_mark, n) };
	struct tj_bases bases;

	if (since.products == NULL || since.bases == NULL || since.facts == NULL)
		return tj_fail_nomem(err);
	tj_times_begin("basis");
	TRY(tj_bases_make(&bases, &c->assessment.solution, &c->declarer, arena, err));
	memcpy(since.products, products->list.v, n * sizeof(*since.products));
	bases_fill(&since, &bases);
	*out = since;
	return TJ_OK;
}

static void
not_kept(struct tj_findings *findings, const char *path, const char *why)
{
	const tj_place place = { .file = tj_str_of(path) };

	tj_findings_add(findings, TJ_RULE_NOT_KEPT, place, TJ_S(""), "%s", why);
}

/* *kept has no facts where there are none to be relied on. */
static enum tj_rc
kept_read(struct tj_kept *kept, struct tj_since *since, struct tj_findings *findings,
    struct tj_err *err)
{
	const char *path = kept_path(since);
	struct tj_err why = { .rc = TJ_OK };
	tj_str bytes;
	enum tj_rc rc;

	*kept = (struct tj_kept){ .count = 0 };
	if (path == NULL)
		return tj_fail_nomem(err);
	rc = tj_file_read(&bytes, path, TJ_MAX_TABLE_BYTES, since->arena, &why);
	if (rc == TJ_OK)
		rc = tj_kept_read(kept, bytes, &why);
	if (rc == TJ_E_NOMEM)
		return tj_fail_nomem(err);
	if (rc != TJ_OK)
		not_kept(findings, path, rc == TJ_E_NOINPUT ? "there is none" : why.text);
	return TJ_OK;
}

/* Is its declaration of today the newest one that is there? */
static enum tj_rc
is_declared(bool *answer, tj_mark *fact, const struct tj_since *since, size_t i,
    const struct tj_kept *kept, struct tj_store *store, struct tj_arena *scratch)
{
	const struct tj_product *product =
	    &since->computed->loaded.book.products.v[since->products[i]];
	struct tj_stored newest;
	tj_ident ident;
	enum tj_rc rc;

	*answer = false;
	TRY(tj_ident_parse(&ident, product->id.n > 0 ? product->id : product->key, scratch,
	    NULL));
	rc = store->newest(store, &newest, ident.canonical, scratch, NULL);
	if (rc != TJ_OK)
		return rc;
	*fact = tj_kept_fact(since->bases[i], newest.id);
	*answer = tj_kept_has(kept, *fact);
	return TJ_OK;
}

/* Whatever fails here is told by those who declare it. */
static void
pass_by(struct tj_since *since, const struct tj_kept *kept, struct tj_store *store,
    struct tj_arena *scratch)
{
	size_t left = 0;

	for (size_t i = 0; i < since->count; i++) {
		tj_mark fact;
		bool declared;

		if (i % 1024 == 0)
			tj_progress("looking for changes", i, since->count);
		tj_arena_reset(scratch);
		if (is_declared(&declared, &fact, since, i, kept, store, scratch) == TJ_OK &&
		    declared) {
			since->facts[since->fact_count++] = fact;
			continue;
		}
		since->products[left] = since->products[i];
		since->bases[left++] = since->bases[i];
	}
	tj_progress_end();
	since->passed_by = since->count - left;
	since->count = left;
}

enum tj_rc
tj_since_pass_by(struct tj_since *since, struct tj_store *store,
    struct tj_findings *findings, struct tj_err *err)
{
	struct tj_arena *scratch;
	struct tj_kept kept;

	tj_times_begin("changes");
	TRY(kept_read(&kept, since, findings, err));
	if (kept.count == 0 || store == NULL)
		return TJ_OK;
	if ((scratch = tj_arena_new(TJ_MAX_ARENA_BYTES)) == NULL)
		return tj_fail_nomem(err);
	pass_by(since, &kept, store, scratch);
	tj_arena_free(scratch);
	return TJ_OK;
}

void
tj_since_note(struct tj_since *since, const struct tj_publication *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		since->facts[since->fact_count++] =
		    tj_kept_fact(since->bases[since->noted++], p[i].stored.id);
}

enum tj_rc
tj_since_keep(struct tj_since *since, struct tj_err *err)
{
	const char *path = kept_path(since);
	tj_str bytes;

	if (path == NULL)
		return tj_fail_nomem(err);
	TRY(tj_kept_write(&bytes, since->facts, since->fact_count, since->arena, err));
	return tj_file_put(path, bytes, 0644, err);
}
