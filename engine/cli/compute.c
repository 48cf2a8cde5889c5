#include <stdio.h>

#include "engine/cli/compute.h"
#include "engine/cli/env.h"
#include "engine/cli/out.h"
#include "engine/cli/progress.h"
#include "engine/cli/times.h"

/* The declarer's factor sets, named without their folders; and which file is which. */
static enum tj_rc
factor_sets(struct tj_declarer *declarer, const struct tj_loaded *loaded,
    struct tj_arena *arena, struct tj_err *err)
{
	const size_t n = loaded->factor_sets.n, files = loaded->book.files.list.n;
	struct tj_factor_set *sets = TJ_NEWN(arena, struct tj_factor_set, n);
	uint32_t *set_of_file = TJ_NEWN(arena, uint32_t, files), file;

	if (sets == NULL || set_of_file == NULL)
		return tj_fail_nomem(err);
	memset(set_of_file, 0xff, files * sizeof(*set_of_file));	/* TJ_NONE */
	for (size_t i = 0; i < n; i++) {
		const tj_str path = loaded->factor_sets.v[i].name;
		size_t name = path.n;

		while (name > 0 && path.p[name - 1] != '/')
			name--;
		sets[i] = (struct tj_factor_set){ tj_str_cut(path, name, path.n),
		    loaded->factor_sets.v[i].digest };
		if ((file = tj_names_find(&loaded->book.files, path)) != TJ_NONE)
			set_of_file[file] = (uint32_t)i;
	}
	declarer->sets = sets;
	declarer->set_of_file = set_of_file;
	declarer->set_count = n;
	return TJ_OK;
}

static enum tj_rc
declarer_make(struct tj_computed *c, struct tj_arena *arena, struct tj_err *err)
{
	c->declarer = (struct tj_declarer){
		.issuer = c->ws.issuer, .issuer_name = c->ws.name,
		.status_url = c->ws.status_url,
		.start = c->ws.start, .end = c->ws.end,
		.profile_digest = c->loaded.profile_digest,
	};
	return factor_sets(&c->declarer, &c->loaded, arena, err);
}

static enum tj_rc
assess(struct tj_computed *c, struct tj_cli *cli, const struct tj_trust *trust)
{
	struct tj_resolve_options options = { .at = cli->at, .region = c->ws.region,
	    .refuse_placeholders = true };
	const struct tj_asking asking = { .trust = trust, .crew = cli->crew };
	enum tj_rc rc;

	TRY(tj_env_resolver(&options.resolver, &c->ws, &asking, cli->arena, &cli->err));
	tj_times_begin("compute");
	rc = tj_assess(&c->assessment, &c->loaded.book, &c->loaded.profile, &options,
	    cli->crew, &c->findings, cli->arena, &cli->err);
	if (options.resolver != NULL)
		options.resolver->close(options.resolver);
	return rc;
}

static enum tj_rc
compute(struct tj_computed *c, struct tj_cli *cli)
{
	struct tj_trust trust;
	enum tj_rc rc;

	TRY(tj_load(&c->loaded, &c->ws, cli->crew, &c->findings, cli->arena, &cli->err));
	rc = tj_env_trust(&trust, &c->ws, cli->at, cli->arena, &cli->err);
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
	tj_times_end();
	tj_progress_end();
	tj_out_findings(stderr, &c->findings, cli->lang, cli->quiet);
	return rc;
}

/* Every material under [declare] is one that the book knows: `is_declared` by product. */
static enum tj_rc
materials_find(bool *is_declared, const struct tj_computed *c, struct tj_err *err)
{
	if (c->ws.declared.n == 0)
		return tj_fail(err, TJ_E_CONFIG, "name the materials to declare: "
		    "`material = …` under [declare] in %.*s/" TJ_CONF_FILE,
		    TJ_FMT(c->ws.dir));
	for (size_t i = 0; i < c->ws.declared.n; i++) {
		const uint32_t material = tj_names_find(&c->loaded.book.product_names,
		    c->ws.declared.v[i]);

		if (material == TJ_NONE)
			return tj_fail(err, TJ_E_CONFIG, "material %.*s under [declare] in "
			    "%.*s/" TJ_CONF_FILE " is in none of the files; leading zeros "
			    "count", TJ_FMT(c->ws.declared.v[i]), TJ_FMT(c->ws.dir));
		is_declared[material] = true;
	}
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
	bool *is_declared = TJ_NEWN(arena, bool, book->products.n);
	struct tj_numbers found = { 0 };
	struct tj_names seen;

	if (is_declared == NULL)
		return tj_fail_nomem(err);
	tj_names_init(&seen, arena);
	TRY(materials_find(is_declared, c, err));
	for (uint32_t i = 0; i < book->products.n; i++) {
		const struct tj_product *product = &book->products.v[i];
		const uint32_t material = product->model == TJ_NONE ? i : product->model;

		if (product->granularity == TJ_MODEL || !is_declared[material] ||
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

enum tj_rc
tj_compute_declaration(struct tj_declaration *decl, const struct tj_computed *c,
    uint32_t product, struct tj_supply *supply, struct tj_arena *arena, struct tj_err *err)
{
	TRY(tj_supply_find(supply, &(struct tj_demand){ product, 1 }, 1, err));
	return tj_declare(decl, &c->assessment.solution, product, supply, &c->declarer, arena,
	    err);
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
