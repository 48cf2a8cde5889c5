#include <math.h>

#include "engine/factors.h"

/* One run of resolving: the first failure is kept, and the rest is looked at too. */
struct run {
	struct tj_offer				*offers;
	const struct tj_graph			*graph;
	const struct tj_resolve_options		*options;
	struct tj_findings			*findings;
	struct tj_factor_index			 index;
	struct tj_err				*err;
	enum tj_rc				 failed;
};

/* The public identifier of what is needed; false: it has none to ask for. */
static enum tj_rc
ident_of(bool *has, tj_ident *ident, const struct run *run, const struct tj_need *need,
    struct tj_arena *arena)
{
	const struct tj_product *product;
	enum tj_rc rc;

	*has = false;
	if (need->product == TJ_NONE || need->waste)
		return TJ_OK;
	product = &run->graph->book->products.v[need->product];
	if (product->id.n == 0) {	/* a key is free to look like anything */
		rc = tj_ident_parse(ident, product->key, arena, NULL);
		*has = rc == TJ_OK;
		return rc == TJ_E_NOMEM ? tj_fail_nomem(run->err) : TJ_OK;
	}
	rc = tj_ident_parse(ident, product->id, arena, run->err);
	*has = rc == TJ_OK;
	if (rc != TJ_OK)
		tj_graph_err_at(run->err, run->graph, product->src);
	return rc;
}

/* The declaration's categories and quality, per unit of the need. */
static void
take_declaration(struct tj_offer *offer, const struct tj_declaration *declaration,
    double units, enum tj_dqr_scale scale)
{
	double dqr[3], rated;

	for (int stage = 0; stage < TJ_STAGES; stage++)
		for (int category = 0; category < TJ_CATEGORIES; category++) {
			const double part = units *
			    tj_dec_double(declaration->parts_kgco2e[stage][category]);

			offer->kgco2e[category] += part;
			offer->quality.absolute += fabs(part);
		}
	offer->quality.primary = offer->quality.absolute *
	    tj_dec_double(declaration->primary_data_share) / 100;
	if (declaration->dqr_scale == TJ_DQR_NONE || declaration->dqr_scale != scale)
		return;
	rated = offer->quality.absolute * tj_dec_double(declaration->dqr_coverage) / 100;
	for (int i = 0; i < 3; i++)
		dqr[i] = rated * tj_dec_double(declaration->dqr[i]);
	offer->quality.rated = rated;
	offer->quality.technology = dqr[0];
	offer->quality.time = dqr[1];
	offer->quality.geography = dqr[2];
}

/* By the units' dimension, by our product's mass, or by the mass the supplier declares. */
static enum tj_rc
declared_units(double *units, const struct run *run, const struct tj_need *need,
    const struct tj_declaration *declaration, struct tj_err *err)
{
	const double each_kg = tj_dec_double(declaration->mass_kg_per_unit);
	double kg;

	if (tj_need_units(units, run->graph, need, declaration->unit, NULL) == TJ_OK)
		return TJ_OK;
	if (each_kg > 0 && tj_need_units(&kg, run->graph, need, tj_unit_base(TJ_DIM_MASS),
	    NULL) == TJ_OK) {
		*units = kg / each_kg;
		return TJ_OK;
	}
	return tj_need_units(units, run->graph, need, declaration->unit, err);
}

static void
tell(const struct run *run, enum tj_rule rule, const struct tj_need *need, tj_str source,
    tj_str reason)
{
	tj_findings_add(run->findings, rule, tj_graph_place(run->graph, need->src),
	    need->key, "%.*s%s%.*s", TJ_FMT(source), source.n > 0 ? ": " : "",
	    TJ_FMT(reason));
}

static void
take_resolution(struct run *run, uint32_t number, const struct tj_resolution *resolution)
{
	const struct tj_need *need = &run->graph->needs[number];
	struct tj_offer offer = { .kind = TJ_OFFER_DECLARATION };
	struct tj_err why = { 0 };

	if (resolution->status == TJ_NOT_ACCEPTED)
		tell(run, TJ_RULE_UNUSED_DECLARATION, need, resolution->source,
		    resolution->reason);
	if (resolution->status == TJ_NO_ANSWER)
		tell(run, TJ_RULE_NO_ANSWER, need, resolution->source, resolution->reason);
	if (resolution->status == TJ_UNKNOWN && resolution->source.n > 0)
		tell(run, TJ_RULE_UNDECLARED, need, resolution->source, resolution->reason);
	if (resolution->status != TJ_RESOLVED)
		return;
	offer.declaration = resolution->declaration;
	offer.digest = resolution->digest;
	offer.source = resolution->source;
	if (declared_units(&offer.factor_units, run, need, offer.declaration, &why) != TJ_OK) {
		tell(run, TJ_RULE_UNUSED_DECLARATION, need, resolution->source,
		    tj_str_of(why.text));
		return;
	}
	take_declaration(&offer, offer.declaration, offer.factor_units,
	    run->graph->profile->dqr_scale);
	run->offers[number] = offer;
}

/* Everybody is asked at once: a resolver may have to go far. */
static enum tj_rc
ask(struct run *run, struct tj_arena *arena)
{
	const uint32_t n = run->graph->need_count;
	tj_ident *idents = TJ_NEWN(arena, tj_ident, n);
	uint32_t *needs = TJ_NEWN(arena, uint32_t, n);
	struct tj_resolution *resolutions = TJ_NEWN(arena, struct tj_resolution, n);
	size_t count = 0;
	bool has;

	if (idents == NULL || needs == NULL || resolutions == NULL)
		return tj_fail_nomem(run->err);
	for (uint32_t i = 0; i < n; i++) {
		TRY(ident_of(&has, &idents[count], run, &run->graph->needs[i], arena));
		needs[count] = i;
		count += has;
	}
	if (count == 0)
		return TJ_OK;
	TRY(run->options->resolver->resolve(run->options->resolver, resolutions, idents,
	    count, run->options->at, arena, run->err));
	for (size_t i = 0; i < count; i++)
		take_resolution(run, needs[i], &resolutions[i]);
	return TJ_OK;
}

static void
keep_first(struct run *run, enum tj_rc rc, const struct tj_err *why)
{
	if (rc == TJ_OK || run->failed != TJ_OK)
		return;
	run->failed = rc;
	if (run->err != NULL)
		*run->err = *why;
}

static void
nothing_found(struct run *run, uint32_t number)
{
	const struct tj_need *need = &run->graph->needs[number];
	const tj_place place = tj_graph_place(run->graph, need->src);
	struct tj_err why = { 0 };

	run->offers[number] = (struct tj_offer){ .kind = TJ_OFFER_ZERO };
	if (need->waste) {
		tj_findings_add(run->findings, TJ_RULE_NO_TREATMENT, place, need->key,
		    "counted as zero");
		return;
	}
	if (run->options->missing_zero) {
		tj_findings_add(run->findings, TJ_RULE_CUT_OFF, place, need->key,
		    "counted as zero");
		return;
	}
	tj_findings_add(run->findings, TJ_RULE_NO_FACTOR, place, need->key,
	    "nobody supplies it");
	(void)tj_fail(&why, TJ_E_MISSING, "%.*s: neither an activity, nor a declaration, "
	    "nor a factor supplies it", TJ_FMT(need->key));
	tj_graph_err_at(&why, run->graph, need->src);
	keep_first(run, TJ_E_MISSING, &why);
}

static void
find_factor(struct run *run, uint32_t number)
{
	struct tj_err why = { 0 };
	bool found = true;
	const enum tj_rc rc = tj_factor_offer(&found, &run->offers[number], &run->index,
	    &run->graph->needs[number], run->options, run->findings, &why);

	keep_first(run, rc, &why);
	if (!found)
		nothing_found(run, number);
}

enum tj_rc
tj_resolve(struct tj_offer **offers, const struct tj_graph *graph,
    const struct tj_resolve_options *options, struct tj_findings *findings,
    struct tj_arena *arena, struct tj_err *err)
{
	struct run run = { .graph = graph, .options = options, .findings = findings,
	    .err = err };

	run.offers = TJ_NEWN(arena, struct tj_offer, graph->need_count);
	if (run.offers == NULL)
		return tj_fail_nomem(err);
	TRY(tj_factor_index_make(&run.index, graph, arena, err));
	if (options->resolver != NULL)
		TRY(ask(&run, arena));
	for (uint32_t i = 0; i < graph->need_count; i++)
		if (run.offers[i].declaration == NULL)
			find_factor(&run, i);
	if (findings->out_of_memory)
		return tj_fail_nomem(err);
	if (run.failed != TJ_OK)
		return run.failed;
	*offers = run.offers;
	return TJ_OK;
}
