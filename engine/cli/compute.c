#include <stdio.h>

#include "engine/cli/compute.h"
#include "engine/cli/env.h"
#include "engine/cli/out.h"
#include "engine/cli/progress.h"
#include "model/base/limits.h"

/* The declarer's factor sets: as read, and as declared (a path without its folders). */
static enum tj_rc
declarer_make(struct tj_computed *c, struct tj_arena *arena, struct tj_err *err)
{
	const size_t n = c->loaded.factor_sets.n;
	struct tj_used_set *sets = TJ_NEWN(arena, struct tj_used_set, n);

	if (sets == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < n; i++) {
		const struct tj_factor_set *set = &c->loaded.factor_sets.v[i];
		size_t name = set->name.n;

		while (name > 0 && set->name.p[name - 1] != '/')
			name--;
		sets[i] = (struct tj_used_set){ set->name,
		    { tj_str_cut(set->name, name, set->name.n), set->digest } };
	}
	c->declarer = (struct tj_declarer){
		.issuer = c->ws.issuer, .issuer_name = c->ws.name,
		.start = c->ws.start, .end = c->ws.end,
		.profile_digest = c->loaded.profile_digest,
		.sets = sets, .set_count = n,
	};
	return TJ_OK;
}

static enum tj_rc
assess(struct tj_computed *c, struct tj_cli *cli, const struct tj_trust *trust)
{
	struct tj_resolve_options options = { .at = cli->at, .region = c->ws.region,
	    .refuse_placeholders = true };
	enum tj_rc rc;

	TRY(tj_env_resolver(&options.resolver, &c->ws, trust, cli->arena, &cli->err));
	rc = tj_assess(&c->assessment, &c->loaded.book, &c->loaded.profile, &options,
	    &c->findings, cli->arena, &cli->err);
	if (options.resolver != NULL)
		options.resolver->close(options.resolver);
	return rc;
}

static enum tj_rc
compute(struct tj_computed *c, struct tj_cli *cli)
{
	struct tj_trust trust;
	enum tj_rc rc;

	TRY(tj_load(&c->loaded, &c->ws, &c->findings, cli->arena, &cli->err));
	rc = tj_env_trust(&trust, &c->ws, cli->arena, &cli->err);
	if (rc == TJ_OK)
		rc = assess(c, cli, &trust);
	tj_trust_fini(&trust);
	if (rc != TJ_OK)
		return rc;
	TRY(tj_findings_check(&c->findings, &cli->err));
	return declarer_make(c, cli->arena, &cli->err);
}

enum tj_rc
tj_compute(struct tj_computed *c, struct tj_cli *cli, const char *dir)
{
	enum tj_rc rc;

	tj_findings_init(&c->findings, cli->arena);
	TRY(tj_workspace_read(&c->ws, dir, cli->arena, &cli->err));
	rc = compute(c, cli);
	tj_progress_end();
	tj_out_findings(stderr, &c->findings, cli->lang, cli->quiet);
	return rc;
}

static bool
is_declared(const struct tj_computed *c, const struct tj_product *product)
{
	const struct tj_book *book = &c->loaded.book;
	const tj_str material = product->model == TJ_NONE ? product->key :
	    book->products.v[product->model].key;

	for (size_t i = 0; i < c->ws.declared.n; i++)
		if (tj_str_eq(material, c->ws.declared.v[i]))
			return true;
	return false;
}

/* Every material under [declare] is one that the book knows. */
static enum tj_rc
materials_check(const struct tj_computed *c, struct tj_err *err)
{
	if (c->ws.declared.n == 0)
		return tj_fail(err, TJ_E_CONFIG, "name the materials to declare: "
		    "`material = …` under [declare] in %.*s/" TJ_CONF_FILE,
		    TJ_FMT(c->ws.dir));
	for (size_t i = 0; i < c->ws.declared.n; i++)
		if (tj_names_find(&c->loaded.book.product_names, c->ws.declared.v[i]) ==
		    TJ_NONE)
			return tj_fail(err, TJ_E_CONFIG, "material %.*s under [declare] in "
			    "%.*s/" TJ_CONF_FILE " is in none of the files; leading zeros "
			    "count", TJ_FMT(c->ws.declared.v[i]), TJ_FMT(c->ws.dir));
	return TJ_OK;
}

/* An identifier that others can ask for, and no other batch has. */
static enum tj_rc
declared_check(struct tj_names *seen, const struct tj_product *product,
    struct tj_arena *arena, struct tj_err *err)
{
	const size_t before = seen->list.n;
	tj_ident ident;

	if (product->id.n == 0)
		return TJ_OK;
	TRY(tj_ident_parse(&ident, product->id, arena, err));
	if (ident.scheme == TJ_IDENT_local)
		return tj_fail(err, TJ_E_CONFIG, "%.*s would be declared as \"%.*s\", which "
		    "nobody else can ask for; correct `id` under [declare], such as "
		    "88.999.1234/{batch}", TJ_FMT(product->key), TJ_FMT(product->id));
	if (tj_names_add(seen, ident.canonical) == TJ_NONE)
		return tj_fail_nomem(err);
	if (seen->list.n == before)
		return tj_fail(err, TJ_E_CONFIG, "%.*s and another batch would both be "
		    "declared as %.*s; correct `id` under [declare]: with {batch}, and with "
		    "{material} where batches of several share their numbers",
		    TJ_FMT(product->key), TJ_FMT(ident.canonical));
	return TJ_OK;
}

enum tj_rc
tj_compute_declared(struct tj_numbers *out, const struct tj_computed *c,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_book *book = &c->loaded.book;
	struct tj_numbers found = { 0 };
	struct tj_names seen;

	tj_names_init(&seen, arena);
	TRY(materials_check(c, err));
	for (uint32_t i = 0; i < book->products.n; i++) {
		const struct tj_product *product = &book->products.v[i];

		if (product->granularity == TJ_MODEL || !is_declared(c, product) ||
		    tj_graph_answer(&c->assessment.graph, i).node == TJ_NONE)
			continue;
		TRY(declared_check(&seen, product, arena, err));
		if (!TJ_PUSH(arena, &found.list, i))
			return tj_fail_nomem(err);
	}
	if (found.list.n == 0)
		return tj_fail(err, TJ_E_CONFIG, "no batch of the materials under [declare] "
		    "was made from %.*s", TJ_FMT(c->ws.dir));
	*out = found;
	return TJ_OK;
}

/* What it takes to supply one product is as long as the graph: not kept for every batch. */
enum tj_rc
tj_compute_declaration(struct tj_declaration *decl, const struct tj_computed *c,
    uint32_t product, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_solution *solution = &c->assessment.solution;
	const struct tj_demand demand = { product, 1 };
	struct tj_arena *scratch = tj_arena_new(TJ_MAX_ARENA_BYTES);
	struct tj_supply supply;
	enum tj_rc rc;

	rc = scratch == NULL ? tj_fail_nomem(err)
	    : tj_supply_find(&supply, solution, &demand, 1, scratch, err);
	if (rc == TJ_OK)
		rc = tj_declare(decl, solution, product, &supply, &c->declarer, arena, err);
	tj_arena_free(scratch);
	return rc;
}

/* Is this the number of the product's batch? */
static bool
is_batch_of(const struct tj_product *product, tj_str name)
{
	return product->granularity != TJ_MODEL && product->key.n > name.n &&
	    product->key.p[product->key.n - name.n - 1] == '#' &&
	    tj_str_eq(tj_str_cut(product->key, product->key.n - name.n, name.n), name);
}

static bool
is_called(const struct tj_product *product, tj_ident name, struct tj_arena *arena)
{
	tj_ident ident;

	return product->id.n > 0 &&
	    tj_ident_parse(&ident, product->id, arena, NULL) == TJ_OK &&
	    tj_ident_eq(ident, name);
}

enum tj_rc
tj_compute_find(uint32_t *product, const struct tj_computed *c, tj_str name,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_book *book = &c->loaded.book;
	uint32_t found = tj_names_find(&book->product_names, name), times = 0;
	tj_ident ident;

	TRY(tj_ident_parse(&ident, name, arena, err));
	for (uint32_t i = 0; found == TJ_NONE && i < book->products.n; i++)
		if (is_called(&book->products.v[i], ident, arena))
			found = i;
	for (uint32_t i = 0; found == TJ_NONE && i < book->products.n; i++)
		times += is_batch_of(&book->products.v[i], name);
	for (uint32_t i = 0; times == 1 && i < book->products.n; i++)
		if (is_batch_of(&book->products.v[i], name))
			found = i;
	if (found == TJ_NONE)
		return tj_fail(err, TJ_E_NOTFOUND, times > 1 ?
		    "%.*s is a batch of several materials; write MATERIAL#BATCH" :
		    "no product %.*s here", TJ_FMT(name));
	*product = found;
	return TJ_OK;
}
